"""The directory of structures: looking in it, importing a published file, correcting an entry."""

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.refusals import DONE, USAGE
from ui.cli.session import confirm, open_desk, session
from ui.cli.usage_words import WrongUsageError
from ui.cli.values import DAY, INPUT_FILE, WORDS, Number, OneOf
from ui.texts import count, day, moment, typeset

if TYPE_CHECKING:
    import datetime as dt

    from app.domain.events import Value
    from app.reference.directory import Directory
    from app.reference.importing.parsed import Format, Options
    from app.usecases.desk import Desk
    from app.usecases.directory.imports import Imported, ImportLine, Proposed

_FORMATS = ("data_inclusion", "administration", "france_travail", "missions_locales", "communes")
_STALE_MONTHS = 6
_AS_SAVED = typeset(
    "Rien ne date ce fichier : ses fiches portent le jour où il a été enregistré ici. Pour un"
    " autre : --published-on."
)


@click.group(cls=FrenchGroup)
def directory() -> None:
    """Consulter l’annuaire des structures, l’importer, le corriger."""


@directory.command("list", cls=FrenchCommand)
@click.option(
    "--limit",
    type=Number(1, 1000),
    default=100,
    metavar="NOMBRE",
    help="Combien de structures au plus (100 par défaut).",
)
@click.option("--here", is_flag=True, help="L’annuaire de ce poste : imports et corrections.")
@click.argument("text", metavar="[TEXTE]...", type=WORDS, nargs=-1)
def list_all(text: tuple[str, ...], limit: int, *, here: bool) -> None:
    """Lister les structures, toutes ou celles que TEXTE désigne.

    Sans --here, aucun poste n’est ouvert : ce sont les structures livrées avec le programme.
    """
    from ui.cli.lines import aligned
    from ui.cli.shapes import structure_shape

    given = session()
    structures = _directory(here=here)
    words = " ".join(text)
    found = structures.search(words, limit) if words else structures.all()[:limit]
    rows = aligned((one.display_name, one.commune_name, one.reference) for one in found)
    nothing = ["Aucune structure ne correspond. Essayez moins de mots, ou une commune."]
    given.show({"structures": [structure_shape(one) for one in found]}, rows or nothing)


@directory.command("import", cls=FrenchCommand)
@click.option(
    "--format",
    "expected",
    type=OneOf(_FORMATS),
    help="Le format attendu ; reconnu au contenu par défaut.",
)
@click.option(
    "--department",
    "departments",
    multiple=True,
    type=WORDS,
    metavar="CODE",
    help="Ne prendre que ce département (36), plusieurs fois s’il le faut.",
)
@click.option(
    "--published-on",
    type=DAY,
    metavar="DATE",
    help="Le jour du fichier, quand rien n’y est daté ; sans elle, celui où il a été enregistré.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    type=WORDS,
    metavar="TYPE",
    help="Prendre aussi ce type de guichet de l’administration (mairie).",
)
@click.argument("file", metavar="FICHIER", type=INPUT_FILE)
def import_file(
    file: Path,
    *,
    expected: str | None,
    departments: tuple[str, ...],
    published_on: "dt.date | None",
    kinds: tuple[str, ...],
) -> None:
    """Importer un fichier publié, en entier ou pas du tout ; le répéter ne change rien.

    data·inclusion (JSON, CSV, XLSX), annuaire de l’administration (DILA), agences France Travail
    (JSON), missions locales (CSV), annuaire signé par la Région ; codes postaux de La Poste (CSV)
    pour la place exacte des communes. Vos corrections restent. « directory undo » défait tout.
    """
    from app.reference.importing.parsed import Format, Options
    from app.usecases.directory.imports import keep_import

    given = session()
    options = Options(
        departments=frozenset(departments),
        published_on=published_on,
        more_pivots=frozenset(kinds),
    )
    wanted = Format(expected) if expected else None
    with open_desk(given) as desk:
        proposed, is_as_saved = _proposed(desk, file, options, wanted)
        done = keep_import(desk, proposed)
    shape = _import_shape(done) | {"dated_as_saved": is_as_saved}
    given.show(shape, [*_import_lines(done), *([_AS_SAVED] if is_as_saved else [])])


@directory.command(cls=FrenchCommand)
def imports() -> None:
    """Lister les imports de l’annuaire, le dernier d’abord."""
    from app.usecases.directory.imports import directory_imports
    from ui.cli.lines import aligned

    given = session()
    with open_desk(given) as desk:
        found = directory_imports(desk)
    rows = aligned(_import_row(one) for one in found)
    content = {"imports": [_line_shape(one) for one in found]}
    given.show(content, rows or ["Aucun import de l’annuaire."])


@directory.command(cls=FrenchCommand)
@click.option("--yes", is_flag=True, help="Ne pas demander confirmation.")
@click.argument("number", metavar="NUMÉRO", type=Number(1, 1_000_000))
def undo(number: int, *, yes: bool) -> int:
    """Défaire un import entier : ce qu’il avait remplacé revient, vos corrections restent."""
    from app.usecases.directory.imports import undo_directory_import

    given = session()
    with open_desk(given) as desk:
        if not (yes or confirm(f"Défaire l’import {number} de l’annuaire ?")):
            return USAGE
        gone, _changes = undo_directory_import(desk, number)
    said = typeset(f"Import {number} défait : {count(gone, 'entrée')} comme avant.")
    given.show({"undone": number, "entries": gone}, [said])
    return DONE


@directory.command(cls=FrenchCommand)
@click.argument("reference", metavar="STRUCTURE", type=WORDS)
@click.argument("fields", metavar="CHAMP=VALEUR...", type=WORDS, nargs=-1)
def correct(reference: str, fields: tuple[str, ...]) -> None:
    """Corriger une structure ou un service, pour tous les postes ; sans champ, la dire à jour.

    Une valeur vide efface le champ. Champs : telephone, courriel, adresse, horaires_accueil (à la
    manière d’OpenStreetMap), network, ended_on, replaced_by, waiting_days, languages… ; d’un
    service aussi motives, publics, zone_eligibilite, modes_accueil, place_kind, team.
    """
    from app.usecases.directory.corrections import correct as correct_entry

    wanted = dict(map(_field, fields))
    given = session()
    with open_desk(given) as desk:
        correct_entry(desk, reference, wanted)
    said = ", ".join(wanted) or "fiche vérifiée aujourd’hui"
    given.show({"corrected": reference, "fields": list(wanted)}, [typeset(f"Noté : {said}.")])


@directory.command(cls=FrenchCommand)
@click.option("--to", "structure", metavar="STRUCTURE", type=WORDS, help="À cette structure.")
@click.argument("fields", metavar="CHAMP=VALEUR...", type=WORDS, nargs=-1, required=True)
def add(fields: tuple[str, ...], *, structure: str | None) -> None:
    """Ajouter une structure que personne ne publie, ou avec --to un service d’une structure.

    Il faut un nom (nom) et une commune (code_insee). Pour une permanence : place_kind=permanence
    et horaires_accueil="Tu[1] 09:00-12:00" ; pour l’arrêt d’une tournée : place_kind=round.
    """
    from app.usecases.directory.additions import add_service, add_structure

    wanted = dict(map(_field, fields))
    given = session()
    with open_desk(given) as desk:
        if structure is None:
            reference, _changes = add_structure(desk, wanted)
        else:
            reference, _changes = add_service(desk, structure, wanted)
    given.show({"added": reference}, [typeset(f"Ajouté : {reference}.")])


@directory.command(cls=FrenchCommand)
@click.option("--back", is_flag=True, help="Le remettre.")
@click.argument("reference", metavar="AJOUT", type=WORDS)
def withdraw(reference: str, *, back: bool) -> None:
    """Retirer ce qui a été ajouté ici par erreur ; ce qui ferme se corrige plutôt par ended_on."""
    from app.usecases.directory.additions import withdraw as take_back

    given = session()
    with open_desk(given) as desk:
        take_back(desk, reference, back=back)
    said = "Remis" if back else "Retiré"
    given.show({"withdrawn": not back, "reference": reference}, [typeset(f"{said} : {reference}.")])


@directory.command(cls=FrenchCommand)
@click.option(
    "--months",
    type=Number(0, 240),
    default=_STALE_MONTHS,
    metavar="MOIS",
    help="Depuis combien de mois au moins (6 par défaut).",
)
def unchecked(months: int) -> None:
    """Lister les fiches à revérifier : celles dites fausses, puis la plus ancienne d’abord.

    Un service y est quand il est plus ancien que sa structure.
    """
    from app.usecases.directory.corrections import unchecked as unchecked_entries
    from ui.cli.lines import aligned

    given = session()
    with open_desk(given) as desk:
        found = unchecked_entries(desk, months=months)
    rows = aligned(
        (
            day(one.checked_on),
            one.structure.display_name,
            one.service.name if one.service else "",
            one.reference,
            typeset(f"écartée {one.doubted} fois : fiche fausse") if one.doubted else "",
        )
        for one in found
    )
    content = {
        "unchecked": [
            {
                "structure_id": one.structure.reference,
                "name": one.structure.display_name,
                "service_id": one.service.reference if one.service else None,
                "service_name": one.service.name if one.service else None,
                "checked_on": one.checked_on.isoformat(),
                "doubted": one.doubted,
            }
            for one in found
        ]
    }
    given.show(content, rows or ["Aucune fiche n’est à revérifier."])


def _directory(*, here: bool) -> "Directory":
    from app.usecases.directory.shelf import desk_directory
    from ui.compose import load_reference

    if not here:
        return load_reference().directory
    with open_desk(session()) as desk:
        return desk_directory(desk)


def _proposed(
    desk: "Desk", file: Path, options: "Options", expected: "Format | None"
) -> "tuple[Proposed, bool]":
    """Read a file; say whether the day it was saved stands in for that of its publication."""
    from app.reference.importing.errors import UndatedFileError
    from app.reference.importing.files import saved_on
    from ui.compose_packs import propose_file

    try:
        return propose_file(desk, file, options, expected=expected), False
    except UndatedFileError:
        day_saved = saved_on(file, desk.now().astimezone().date())
        if day_saved is None:
            raise
        dated = replace(options, published_on=day_saved)
        return propose_file(desk, file, dated, expected=expected), True


def _field(text: str) -> tuple[str, "Value"]:
    """Return a field and its value: JSON where it is (`true`, `["fr"]`), else words.

    Numbers of days alone are numbers: codes and telephones are words.
    """
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise WrongUsageError(typeset(f"Attendu : CHAMP=VALEUR, et non « {text} »."))
    try:
        read = json.loads(value)
    except ValueError:
        read = value
    if isinstance(read, list):
        return name.strip(), tuple(read)
    is_value = isinstance(read, bool) or (isinstance(read, int) and name.strip() == "waiting_days")
    return name.strip(), read if is_value else value


def _import_shape(done: "Imported") -> dict[str, Any]:
    from ui.importing_words import finding_line

    parsed = done.parsed
    dated_on = parsed.provenance.dated_on
    return {
        "import": done.number,
        "format": parsed.format.value,
        "read": parsed.read,
        "added": done.added,
        "updated": done.updated,
        "left_out": parsed.left_out,
        "dated_on": dated_on.isoformat() if dated_on else None,
        "rejected": [
            {"line": one.place.number, "reason": finding_line(one)} for one in parsed.rejected
        ],
        "noted": [{"line": one.place.number, "reason": finding_line(one)} for one in parsed.noted],
    }


def _import_lines(done: "Imported") -> list[str]:
    from ui.importing_words import finding_line, merging_line, reading_line

    parsed = done.parsed
    first = "Rien de nouveau dans ce fichier." if done.number is None else f"Import {done.number}."
    told = (first, reading_line(parsed), merging_line(done.merged))
    findings = [finding_line(one) for one in parsed.rejected]
    return [*told, *findings, *(finding_line(one) for one in parsed.noted)]


def _import_row(one: "ImportLine") -> tuple[str, ...]:
    from ui.importing_words import placed

    return (
        str(one.number),
        moment(one.at_s),
        one.author,
        one.file,
        placed(one.added) if one.format == "communes" else count(one.added, "ajoutée"),
        count(one.updated, "mise à jour", "mises à jour"),
        "" if one.undone_at_s is None else f"défait {moment(one.undone_at_s)}",
    )


def _line_shape(one: "ImportLine") -> dict[str, Any]:
    return {
        "import": one.number,
        "at_s": one.at_s,
        "author": one.author,
        "file": one.file,
        "format": one.format,
        "publisher": one.publisher,
        "licence": one.licence,
        "dated_on": one.dated_on or None,
        "added": one.added,
        "updated": one.updated,
        "rejected": one.rejected,
        "undone_at_s": one.undone_at_s,
    }
