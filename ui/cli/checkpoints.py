"""Where the checkpoints of the exchange stand, in words, and asking for one."""

from typing import TYPE_CHECKING, Any

import click

from ui.cli.french import FrenchCommand
from ui.cli.session import open_desk, session
from ui.texts import count, day, typeset, utc_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.usecases.checkpoints import CheckpointState

_STATES = {
    "none": "pas encore de point de reprise",
    "waiting": "attend",
    "loading": "en cours de réception",
    "differs": "ne correspond pas à ce que ce poste détient ; rien n’est effacé ici",
    "adopted": "terminé",
}


@click.command(cls=FrenchCommand)
@click.option("--now", "at_once", is_flag=True, help="Échanger tout de suite avec le relais.")
def checkpoint(*, at_once: bool) -> None:
    """Demander un point de reprise : ce qui a été effacé ne pourra plus être lu nulle part.

    Les autres postes le confirment à leur prochain échange. Il s’en fait aussi de lui-même, une
    fois par semaine au plus, après un effacement.
    """
    from app.usecases.checkpoints import ask_checkpoints, checkpoint_states
    from ui import compose_exchange

    given = session()
    with open_desk(given) as desk:
        spaces = ask_checkpoints(desk)
        if at_once:
            compose_exchange.run_exchange(desk)
        states = checkpoint_states(desk)
    asked = "Point de reprise demandé" if spaces else "Rien n’a encore été échangé"
    given.show({"checkpoints": shapes(states)}, [typeset(f"{asked}."), *lines(states)])


def shapes(states: "Sequence[CheckpointState]") -> list[dict[str, Any]]:
    """Return the state of each checkpoint."""
    return [
        {
            "space": one.space,
            "kind": one.kind.name.lower(),
            "partner": one.partner or None,
            "number": one.number,
            "at": utc_text(one.at_s) if one.at_s else None,
            "state": one.state,
            "asked": one.is_asked,
            "waiting": [
                {"machine": waited.code, "structure": waited.structure or None}
                for waited in one.waiting
            ],
            "sentence": sentence_of(one),
        }
        for one in states
    ]


def lines(states: "Sequence[CheckpointState]") -> list[str]:
    """Return the state of each checkpoint, one a line."""
    return [sentence_of(one) for one in states]


def sentence_of(one: "CheckpointState") -> str:
    """Say where the checkpoint of a space stands."""
    about = f"Échanges avec {one.partner}" if one.partner else "Fiches de la structure"
    words = _STATES.get(one.state, one.state)
    if one.state == "waiting":
        words = f"point de reprise n° {one.number} : attend {_waited(one)}"
    elif one.number:
        words = f"point de reprise n° {one.number}, du {day(utc_text(one.at_s))} : {words}"
    asked = " ; un autre est demandé" if one.is_asked else ""
    return typeset(f"{about} : {words}{asked}.")


def _waited(one: "CheckpointState") -> str:
    named = [
        f"{waited.code} ({waited.structure})" if waited.structure else waited.code
        for waited in one.waiting
    ]
    return f"{count(len(named), 'poste')} : {', '.join(named)}"
