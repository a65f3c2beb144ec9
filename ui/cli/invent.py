"""Filling a practice workspace with invented people."""

import time
from typing import TYPE_CHECKING

import click

from ui.cli.french import FrenchCommand
from ui.cli.session import open_desk, session
from ui.cli.values import Number
from ui.texts import count, typeset

if TYPE_CHECKING:
    from app.usecases.inventing import Invented

_MOST = 5_000_000
_ANNOUNCED_EVERY_S = 2.0


class _Progress:
    """Says on the error stream how far it is, every few seconds."""

    def __init__(self) -> None:
        self._said_at = time.monotonic()

    def say(self, done: "Invented") -> None:
        """Tell of what is durable, unless something was said a moment ago."""
        if time.monotonic() - self._said_at < _ANNOUNCED_EVERY_S:
            return
        self._said_at = time.monotonic()
        click.echo(typeset(f"Enregistré : {_said(done.persons, done.receptions)}."), err=True)


@click.command(cls=FrenchCommand)
@click.option(
    "--persons",
    type=Number(0, _MOST),
    default=1_000,
    metavar="NOMBRE",
    help="Combien de personnes (1000 par défaut).",
)
@click.option(
    "--receptions",
    type=Number(0, _MOST),
    default=1_000,
    metavar="NOMBRE",
    help="Combien d’accueils (1000 par défaut).",
)
@click.option(
    "--seed",
    type=Number(0, 2**31 - 1),
    default=1,
    metavar="NOMBRE",
    help="Graine du tirage : la même donne les mêmes personnes (1 par défaut).",
)
def invent(persons: int, receptions: int, seed: int) -> None:
    """Remplir un espace d’exercice de personnes et d’accueils inventés.

    Un espace de travail qui n’a pas été créé pour l’exercice (« init --practice ») est refusé. Les
    téléphones sont de ceux que l’Arcep réserve aux œuvres de fiction. Ctrl+C arrête : ce qui a été
    annoncé est enregistré, et le fichier est sain.
    """
    from app.reference.invented_people import InventedPeople
    from app.usecases.inventing import Wanted
    from app.usecases.inventing import invent as invent_people
    from resources import resource_path

    given = session()
    started = time.monotonic()
    with open_desk(given) as desk:
        people = InventedPeople(
            resource_path("invented", "names.json"),
            desk.reference.communes,
            seed=seed,
            on=desk.now().astimezone().date(),
        )
        wanted = Wanted(persons=persons, receptions=receptions, seed=seed)
        done = invent_people(desk, people, wanted, _Progress().say)
    took_s = round(time.monotonic() - started, 1)
    content = {
        "persons": done.persons,
        "receptions": done.receptions,
        "seed": seed,
        "took_s": took_s,
    }
    given.show(content, [f"{_said(done.persons, done.receptions)}."])


def _said(persons: int, receptions: int) -> str:
    told = count(persons, "personne inventée", "personnes inventées")
    return f"{told}, {count(receptions, 'accueil inventé', 'accueils inventés')}"
