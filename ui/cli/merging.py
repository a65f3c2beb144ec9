"""Files that may be of one person: listing them, merging, separating, setting apart."""

import click

from app.domain.identifiers import id_text, parse_subject
from ui.cli.french import FrenchCommand
from ui.cli.session import open_desk, session
from ui.cli.values import WORDS
from ui.texts import typeset
from ui.widgets.duplicate_words import reasons_words

_NOTHING = "Aucune fiche ne semble en double."


@click.command(cls=FrenchCommand)
def duplicates() -> None:
    """Lister les fiches qui sont peut-être de la même personne, et pourquoi."""
    from app.usecases.merging import look_for_duplicates, proposals
    from ui.cli.lines import aligned

    given = session()
    with open_desk(given) as desk:
        look_for_duplicates(desk)
        found = proposals(desk)
    content = [
        {
            "one": id_text(pair.one.person),
            "other": id_text(pair.other.person),
            "names": [pair.one.display_name, pair.other.display_name],
            "reasons": [reason.value for reason in pair.reasons],
        }
        for pair in found
    ]
    rows = aligned(
        (
            f"{pair.one.display_name} ({pair.one.short_id})",
            f"{pair.other.display_name} ({pair.other.short_id})",
            reasons_words(pair.reasons),
        )
        for pair in found
    )
    given.show({"duplicates": content}, rows or [_NOTHING])


@click.command(cls=FrenchCommand)
@click.argument("kept", metavar="GARDÉE", type=WORDS)
@click.argument("other", metavar="AUTRE", type=WORDS)
def merge(kept: str, other: str) -> None:
    """Réunir deux fiches : GARDÉE vaut pour les deux. « person separate » revient en arrière."""
    from app.usecases.merging import merge_persons

    given = session()
    with open_desk(given) as desk:
        merge_persons(desk, parse_subject(kept), parse_subject(other))
    given.show({"kept": kept, "merged": other}, [typeset("Fiches réunies. Rien n’est perdu.")])


@click.command(cls=FrenchCommand)
@click.argument("identifier", metavar="FICHE", type=WORDS)
def separate(identifier: str) -> None:
    """Séparer une fiche de celle où elle avait été réunie."""
    from app.usecases.merging import separate_person

    given = session()
    with open_desk(given) as desk:
        separate_person(desk, parse_subject(identifier))
    given.show({"separated": identifier}, ["Fiches séparées."])


@click.command(cls=FrenchCommand, name="set-apart")
@click.argument("one", metavar="FICHE", type=WORDS)
@click.argument("other", metavar="AUTRE", type=WORDS)
def set_apart(one: str, other: str) -> None:
    """Noter que deux fiches sont de deux personnes : elles ne seront plus proposées."""
    from app.usecases import merging

    given = session()
    with open_desk(given) as desk:
        merging.set_apart(desk, parse_subject(one), parse_subject(other))
    given.show({"one": one, "other": other}, ["C’est noté."])
