"""The office's old register: guessing its columns, importing it, undoing an import."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.domain.identifiers import id_text, parse_subject
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.refusals import DONE, USAGE
from ui.cli.session import confirm, open_desk, session
from ui.cli.values import INPUT_FILE, WORDS
from ui.register_words import undone_words
from ui.texts import day, moment, typeset

if TYPE_CHECKING:
    from app.reference.register.book import RegisterBook
    from app.reference.register.plan import RegisterPlan
    from app.usecases.desk import Desk

_NO_IMPORT = "Aucun import de registre."
_SHEET = click.option(
    "--sheet",
    "sheets",
    multiple=True,
    type=WORDS,
    metavar="NOM",
    help="Feuille à lire, plusieurs fois s’il le faut ; toutes par défaut.",
)


@click.group(cls=FrenchGroup)
def register() -> None:
    """Importer l’ancien registre de l’accueil (xlsx, xls, ods, csv), et défaire un import."""


@register.command(cls=FrenchCommand)
@_SHEET
@click.argument("file", metavar="FICHIER", type=INPUT_FILE)
def guess(file: Path, sheets: tuple[str, ...]) -> None:
    """Écrire le plan d’import que devine le programme, en JSON à corriger.

    Chaque colonne y a son champ, sa confiance sur cent et sa raison ; chaque mot de liste, ce qu’il
    veut dire. Un champ ou un mot à null n’est pas gardé.
    """
    from app.reference.register.book import open_book
    from app.usecases.register.previewing import guess_plan
    from ui.cli.register_shapes import plan_shape
    from ui.compose import load_reference

    given = session()
    found = guess_plan(load_reference(), _today(), open_book(file), sheets)
    indent = None if given.as_json else 2
    click.echo(json.dumps(plan_shape(found), ensure_ascii=False, indent=indent))


@register.command("import", cls=FrenchCommand)
@click.option(
    "--plan",
    "plan_file",
    type=INPUT_FILE,
    metavar="FICHIER",
    help="Plan d’import (JSON) ; deviné par défaut.",
)
@_SHEET
@click.option(
    "--with-names",
    is_flag=True,
    help="Garder les noms : les personnes y ont consenti, et leur accord est noté.",
)
@click.option("--dry-run", is_flag=True, help="Montrer ce qui serait enregistré, sans rien écrire.")
@click.argument("file", metavar="FICHIER", type=INPUT_FILE)
def import_file(
    file: Path,
    *,
    plan_file: Path | None,
    sheets: tuple[str, ...],
    with_names: bool,
    dry_run: bool,
) -> int:
    """Importer un registre, en entier ou pas du tout ; le répéter n’ajoute rien.

    Sans --with-names, aucun nom, aucune naissance, aucun contact n’est gardé. Les lignes refusées
    sont dites avec leur raison. « register undo » défait tout.
    """
    from app.reference.register.book import open_book
    from app.usecases.register.importing import import_register
    from app.usecases.register.previewing import preview_import
    from ui.cli.register_shapes import import_lines, import_shape

    given = session()
    with open_desk(given) as desk:
        book = open_book(file)
        plan = replace(_plan(desk, book, plan_file, sheets), with_names=with_names)
        preview = preview_import(desk, book, plan)
        done = None if dry_run else import_register(desk, preview)
        content = import_shape(preview, done)
        given.show(content, import_lines(preview, done, desk.reference))
    return DONE


@register.command(cls=FrenchCommand)
def imports() -> None:
    """Lister les imports de registres, le dernier d’abord."""
    from app.usecases.register.undoing import register_imports
    from ui.cli.lines import aligned
    from ui.cli.register_shapes import imports_shape

    given = session()
    with open_desk(given) as desk:
        found = register_imports(desk)
    rows = aligned(
        (
            moment(one.created_at_s),
            one.author,
            one.file,
            f"{one.receptions} sur {one.recorded}",
            f"{day(one.first_on)} – {day(one.last_on)}",
            "avec noms" if one.named else "sans noms",
            "importé deux fois" if one.is_double else "",
            id_text(one.register_import),
        )
        for one in found
    )
    given.show({"imports": imports_shape(found)}, rows or [_NO_IMPORT])


@register.command(cls=FrenchCommand)
@click.option("--yes", is_flag=True, help="Ne pas demander de confirmation.")
@click.argument("identifier", metavar="IMPORT", type=WORDS)
def undo(identifier: str, *, yes: bool) -> int:
    """Défaire un import : tout ce qu’il a enregistré est effacé, pour toujours, partout.

    Une personne revenue depuis garde sa fiche. Le même fichier peut ensuite être importé autrement.
    """
    from app.usecases.register.undoing import undo_import

    given = session()
    subject = parse_subject(identifier)
    with open_desk(given) as desk:
        if not yes and not confirm("Effacer tout ce que cet import a enregistré ?"):
            click.echo("Rien n’a été effacé.", err=True)
            return USAGE
        undone = undo_import(desk, subject)
    content = {
        "undone": id_text(subject),
        "receptions": undone.receptions,
        "persons": undone.persons,
        "kept": undone.kept,
        "had_left": undone.had_left,
    }
    given.show(content, undone_words(undone))
    return DONE


def _plan(
    desk: "Desk", book: "RegisterBook", file: Path | None, sheets: tuple[str, ...]
) -> "RegisterPlan":
    """Return the plan of a file, or the one guessed; the sheets named here win."""
    from app.reference.register.plan import plan_from_json
    from app.reference.register.words import register_words
    from app.usecases.register.previewing import guess_plan

    if file is None:
        return guess_plan(desk.reference, desk.now().astimezone().date(), book, sheets)
    plan = plan_from_json(_json(file), register_words().fields)
    return replace(plan, sheets=sheets) if sheets else plan


def _json(file: Path) -> Any:
    from app.domain.errors import UnreadableInputError
    from app.reference.register.errors import UnreadablePlanError
    from app.usecases.reception_json import parse_json

    try:
        return parse_json(file.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadablePlanError(problem="ce n’est pas du texte UTF-8") from error
    except UnreadableInputError as error:
        raise UnreadablePlanError(problem=typeset(str(error.facts["problem"]))) from error


def _today() -> Any:
    import datetime as dt

    return dt.datetime.now(dt.UTC).astimezone().date()
