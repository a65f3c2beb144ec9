"""Where the checkpoints of the exchange stand, and asking for one by hand.

A checkpoint gathers what remains of all that was sent, so that what was erased can be read nowhere
any more. The exchange makes and adopts them; here one only looks, and asks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.checkpoint_port import CHECKPOINT_ASKED, CHECKPOINT_STATES
from app.domain.spaces import SpaceKind, known_space
from app.store.writer import Tx
from app.usecases.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitedFor:
    """A machine that a checkpoint waits for: its code, and the name of its structure."""

    code: str
    structure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointState:
    """The last checkpoint of a space, as it was at the last exchange.

    `partner` is the other structure's name when the space is a pair's. `state` is `none`, `waiting`
    (for `waiting`), `loading`, `differs` or `adopted`; `number` and `at_s` are 0 when there is
    none. `is_asked` says that somebody asked for another, not made yet.
    """

    space: str
    kind: SpaceKind
    partner: str
    number: int
    at_s: int
    state: str
    waiting: tuple[WaitedFor, ...]
    is_asked: bool


def checkpoint_states(desk: Desk) -> list[CheckpointState]:
    """Return where the checkpoint of each space stands, our own first."""
    with desk.workspace.read() as connection:
        sql = "SELECT name, text FROM memos WHERE name IN (?, ?, 'own_structure')"
        memos = dict(connection.execute(sql, (CHECKPOINT_STATES, CHECKPOINT_ASKED)).fetchall())
        rows = connection.execute("SELECT structure, name FROM structures").fetchall()
    names = {structure.hex(): name for structure, name in rows}
    names.pop(memos.get("own_structure", ""), None)
    asked = memos.get(CHECKPOINT_ASKED, "").split()
    noted = json.loads(memos.get(CHECKPOINT_STATES) or "[]")
    found = [
        _state(one, names, is_asked=one["space"] in asked)
        for one in noted
        if known_space(one["kind"], ()) is not None  # else a newer program noted it
    ]
    return sorted(found, key=lambda one: (one.kind, one.partner))


def ask_checkpoints(desk: Desk) -> int:
    """Have the next exchange propose a checkpoint of every space; return how many spaces."""
    with desk.workspace.read() as connection:
        rows = connection.execute("SELECT space FROM spaces ORDER BY space").fetchall()

    def work(tx: Tx) -> None:
        text = " ".join(space.hex() for (space,) in rows)
        sql = "INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)"
        tx.execute(sql, (CHECKPOINT_ASKED, text))

    desk.workspace.writer.write(work)
    return len(rows)


def _state(
    noted: Mapping[str, Any], names: Mapping[str, str], *, is_asked: bool
) -> CheckpointState:
    others = [names[member] for member in noted["members"] if member in names]
    return CheckpointState(
        space=noted["space"],
        kind=SpaceKind(noted["kind"]),
        partner=others[0] if others else "",
        number=noted["number"],
        at_s=noted["at"],
        state=noted["state"],
        waiting=tuple(
            WaitedFor(code=one["code"], structure=names.get(one["structure"], ""))
            for one in noted["waiting"]
        ),
        is_asked=is_asked,
    )
