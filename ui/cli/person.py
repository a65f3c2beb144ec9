"""Finding people, reading a file, erasing it when its person asks."""

from typing import TYPE_CHECKING

import click

from app.domain.errors import UnreadableIdentifierError
from app.domain.identifiers import SubjectId, id_text, parse_subject
from ui.cli.french import FrenchCommand, FrenchGroup
from ui.cli.paper import paper_options, write_paper
from ui.cli.refusals import DONE, USAGE
from ui.cli.session import confirm, open_desk, session
from ui.cli.values import WORDS, Number
from ui.texts import typeset

if TYPE_CHECKING:
    from pathlib import Path

    from app.usecases.desk import Desk

_NOBODY = (
    "Personne ne correspond. Essayez le nom ou le prénom seul, une date de naissance, un téléphone,"
    " ou le code de la fiche."
)


_MODULES = {
    "request": "ui.cli.rights",
    "requests": "ui.cli.rights",
    "answer-request": "ui.cli.rights",
    "withdraw": "ui.cli.rights",
    "duplicates": "ui.cli.merging",
    "merge": "ui.cli.merging",
    "separate": "ui.cli.merging",
    "set-apart": "ui.cli.merging",
}


@click.group(cls=FrenchGroup, modules=_MODULES)
def person() -> None:
    """Chercher une personne, lire sa fiche, l’effacer."""


@person.command(cls=FrenchCommand)
@click.option(
    "--limit",
    type=Number(1, 200),
    default=20,
    metavar="NOMBRE",
    help="Combien de personnes au plus (20 par défaut).",
)
@click.argument("text", metavar="TEXTE...", type=WORDS, nargs=-1, required=True)
def search(text: tuple[str, ...], limit: int) -> None:
    """Chercher par nom, date de naissance, téléphone ou code, fautes pardonnées."""
    from app.usecases.persons import find_persons
    from ui.cli.lines import person_rows
    from ui.cli.shapes import person_shape

    given = session()
    with open_desk(given) as desk:
        found = find_persons(desk, " ".join(text), limit=limit)
        communes = desk.reference.communes
        content = {
            "results": [person_shape(one, communes) for one in found.persons],
            "took_ms": found.took_ms,
        }
        given.show(content, person_rows(found.persons, desk.reference) or [_NOBODY])


@person.command(cls=FrenchCommand)
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def show(identifier: str) -> None:
    """Afficher la fiche d’une personne, nommée par son identifiant ou par son code."""
    from app.usecases.persons import open_person
    from ui.cli.lines import file_lines
    from ui.cli.shapes import file_shape

    given = session()
    with open_desk(given) as desk:
        file = open_person(desk, person_named(desk, identifier))
        content = file_shape(file, desk.reference.communes)
        given.show(content, file_lines(file, desk))


@person.command(cls=FrenchCommand)
@click.option("--yes", is_flag=True, help="Ne pas demander de confirmation.")
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def erase(identifier: str, *, yes: bool) -> int:
    """Effacer pour toujours une personne, ses demandes, ses accueils et ses mises en relation.

    L’effacement part aux autres postes au prochain échange. La structure qui a reçu une mise en
    relation garde sa propre fiche, qu’il lui revient d’effacer.
    """
    from app.usecases.persons import erase_person, open_person

    given = session()
    with open_desk(given) as desk:
        subject = person_named(desk, identifier)
        name = open_person(desk, subject).person.display_name
        if not yes and not confirm(f"Effacer pour toujours la fiche de {name} ?"):
            click.echo("Rien n’a été effacé.", err=True)
            return USAGE
        erase_person(desk, subject)
    said = "La fiche est effacée ici, et le sera sur les autres postes au prochain échange."
    given.show({"erased": id_text(subject)}, [typeset(said)])
    return DONE


@person.command(cls=FrenchCommand)
@paper_options
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def sheet(identifier: str, out: "Path", *, large: bool) -> None:
    """Écrire en PDF la feuille que la personne emporte."""
    from ui.papers.making import OWN_SHEET

    _write(identifier, OWN_SHEET, out, large=large)


@person.command(cls=FrenchCommand)
@paper_options
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def agreements(identifier: str, out: "Path", *, large: bool) -> None:
    """Écrire en PDF les accords d’une personne, avec de quoi signer."""
    from ui.papers.making import AGREEMENTS

    _write(identifier, AGREEMENTS, out, large=large)


@person.command(cls=FrenchCommand)
@paper_options
@click.argument("identifier", metavar="IDENTIFIANT", type=WORDS)
def everything(identifier: str, out: "Path", *, large: bool) -> None:
    """Écrire en PDF tout ce qui est gardé sur une personne (droit d’accès)."""
    from ui.papers.making import EVERYTHING

    _write(identifier, EVERYTHING, out, large=large)


def person_named(desk: "Desk", text: str) -> SubjectId:
    """Return the person that an identifier names, or a spoken code that only one person bears.

    Raises:
        UnreadableIdentifierError: neither.
    """
    from app.usecases.persons import find_persons

    try:
        return parse_subject(text)
    except UnreadableIdentifierError:
        code = text.strip().upper()
        bearers = [one for one in find_persons(desk, code).persons if one.short_id == code]
        if len(bearers) != 1:
            raise
        return bearers[0].person


def _write(identifier: str, paper: str, out: "Path", *, large: bool) -> None:
    from ui.papers.making import Subject

    given = session()
    with open_desk(given) as desk:
        subject = Subject(person=person_named(desk, identifier))
        write_paper(given, desk, (paper, subject), out, large=large)
