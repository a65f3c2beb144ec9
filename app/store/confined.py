"""What stays on this machine, and what lies beneath it elsewhere.

The person refused, or what was to leave was ended before it did.
"""

from collections.abc import Iterable

from app.domain.fold import SubjectState
from app.domain.identifiers import EventId, SpaceId, SubjectId
from app.store.bodies import unpack_body
from app.store.writer import Tx

_CONFINED = """
    SELECT event, body FROM events
    WHERE subject = ? AND space = ? AND confined = 1 AND body IS NOT NULL
"""


def is_confined(tx: Tx, subject: SubjectId) -> bool:
    """Does this subject stay on this machine?"""
    created = "SELECT 1 FROM events WHERE event = ? AND confined = 1"
    return tx.one(created, (subject,)) is not None


def confine(tx: Tx, subject: SubjectId) -> None:
    """Keep on this machine what it wrote about a subject and no bundle holds yet."""
    tx.execute(
        "UPDATE events SET confined = 1 WHERE subject = ? AND own = 1 AND bundle IS NULL",
        (subject,),
    )


def release_confined(tx: Tx, subjects: Iterable[SubjectId]) -> None:
    """Let events that stayed on this machine leave: the person has agreed since."""
    for subject in subjects:
        tx.execute("UPDATE events SET confined = 0 WHERE subject = ?", (subject,))


def replaced_by_new(tx: Tx, space: SpaceId, state: SubjectState, field: str) -> tuple[EventId, ...]:
    """Return the events that a new write of a field names as replaced.

    What is confined here is on no other machine, where what it replaced still stands: whoever
    writes now had seen both.
    """
    heads = state.heads(field)
    rows = tx.execute(_CONFINED, (state.subject, space)).fetchall() if heads else ()
    hidden = {EventId(row[0]): unpack_body(row[1])[0] for row in rows}
    found, left = list(heads), list(heads)
    while left:
        writes = hidden.get(left.pop(), ())
        beneath = (name for one in writes if one.field == field for name in one.replaces)
        new = [name for name in beneath if name not in found]
        found += new
        left += new
    return tuple(found)
