"""What was agreed to follow a meeting: calling back, an appointment, a paper to find."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from app.changes import Changes
from app.domain.errors import UnknownRecordError
from app.domain.events import Value
from app.domain.identifiers import SubjectId, id_text
from app.store.bodies import unpack_map
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk

APPOINTMENT = "rendez_vous"

_OPEN = """
    SELECT e.encounter, e.next_step, e.next_on, e.details, e.received_at, p.person,
           coalesce(p.display_name, ''), d.details
    FROM encounters e LEFT JOIN demands d ON d.demand = e.demand
    LEFT JOIN persons p ON p.person = coalesce(e.person, d.person)
    WHERE e.next_step <> '' ORDER BY e.next_on, e.received_at, e.encounter
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """What follows a meeting. `next_on` is a day, None when none was said."""

    encounter: SubjectId
    person: SubjectId | None
    display_name: str
    step: str
    next_on: dt.date | None
    reason: str
    expressed: str
    received_at: str

    def is_due(self, today: dt.date) -> bool:
        """Is it for today, late, or for no day at all?"""
        return self.next_on is None or self.next_on <= today


def follow_ups(desk: Desk) -> list[FollowUp]:
    """Return what is still to be done, what was said for no day first, then by day."""
    with desk.workspace.read() as connection:
        rows = connection.execute(_OPEN).fetchall()
    return [_follow_up(row) for row in rows]


def settle_follow_up(desk: Desk, encounter: SubjectId) -> Changes:
    """Note that what followed a meeting is done. Repeating it keeps the last day.

    Raises:
        UnknownRecordError: no meeting here has that identifier.
    """
    return _write(desk, encounter, desk.now().astimezone().date().isoformat())


def reopen_follow_up(desk: Desk, encounter: SubjectId) -> Changes:
    """Take back that it was done: a slip of the finger.

    Raises:
        UnknownRecordError: no meeting here has that identifier.
    """
    return _write(desk, encounter, None)


def _write(desk: Desk, encounter: SubjectId, done_on: Value) -> Changes:
    own = desk.own_structure().space.id

    def work(tx: Tx) -> Changes:
        if tx.one("SELECT 1 FROM encounters WHERE encounter = ?", (encounter,)) is None:
            raise UnknownRecordError(id_text(encounter))
        pen = desk.pen(tx)
        pen.change(own, encounter, "encounter", {"next_done_on": done_on})
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def _follow_up(row: tuple[Any, ...]) -> FollowUp:
    encounter, step, next_on, details, received_at, person, name, demand = row
    return FollowUp(
        encounter=SubjectId(encounter),
        person=SubjectId(person) if person else None,
        display_name=name,
        step=step,
        next_on=dt.date.fromisoformat(next_on) if next_on else None,
        reason=str(unpack_map(details).get("next_reason") or ""),
        expressed=str(unpack_map(demand).get("expressed") or "") if demand else "",
        received_at=received_at,
    )
