"""How far each record has got on its way to others, read for a whole page at once."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.identifiers import SubjectId
from app.usecases.desk import OWN_STRUCTURE, Desk

PENDING: Final = "pending"
ON_STICK: Final = "on_stick"
SENT: Final = "sent"
ACKNOWLEDGED: Final = "acknowledged"
RECEIVED: Final = "received"
PULLED: Final = "pulled"
CONFINED: Final = "confined"

_WAY: Final = (PENDING, ON_STICK, SENT, ACKNOWLEDGED)
_AT_ONCE: Final = 500
_EVENTS: Final = """
    SELECT e.subject, e.own, e.confined AND e.body IS NOT NULL, b.sent, b.on_stick,
        b.receipt IS NOT NULL OR b.covered = 1, b.lacking, b.received_at_s,
        b.space, b.incarnation, b.sequence
    FROM events e LEFT JOIN bundles b ON b.name = e.bundle
    WHERE (e.bundle IS NOT NULL OR e.body IS NOT NULL) AND e.subject IN ({})
"""
_HOLDERS: Final = """
    SELECT p.space, p.incarnation, p.sequence, coalesce(s.name, '')
    FROM peers_saw p LEFT JOIN structures s ON s.structure = p.structure
    WHERE lower(hex(p.structure)) <> (SELECT text FROM memos WHERE name = ?) AND p.space IN ({})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordState:
    """How far a record has got.

    Attributes:
        state: `confined` when it stays here, `pulled` when it came from another machine; else the
            least of what was written here of it: `pending`, `on_stick`, `sent`, `acknowledged` by
            the relay, `received` when other structures have shown that they hold all of it.
        at_s: when the relay signed for it, None unless it did for all.
        holders: the names of the structures that have all of it.
    """

    state: str
    at_s: int | None = None
    holders: tuple[str, ...] = ()


@dataclass(slots=True)
class _Place:
    """Where one bundle stands, or an event without any."""

    step: int
    at_s: int | None = None
    bundle: tuple[bytes, bytes, int] | None = None


@dataclass(slots=True)
class _Record:
    """What was written of one record."""

    places: list[_Place] = field(default_factory=list)
    is_confined: bool = False


def record_states(desk: Desk, subjects: Sequence[SubjectId]) -> Mapping[SubjectId, RecordState]:
    """Return how far each of these records has got; one nobody knows is left out.

    Two queries for a page, however many records it shows.
    """
    found: dict[SubjectId, RecordState] = {}
    for start in range(0, len(subjects), _AT_ONCE):
        found |= _some(desk, subjects[start : start + _AT_ONCE])
    return found


def _some(desk: Desk, subjects: Sequence[SubjectId]) -> dict[SubjectId, RecordState]:
    with desk.workspace.read() as connection:
        rows = connection.execute(_EVENTS.format(_marks(subjects)), subjects).fetchall()
        spaces = {row[8] for row in rows if row[1] and row[8] is not None}
        seen = connection.execute(
            _HOLDERS.format(_marks(spaces)), (OWN_STRUCTURE, *spaces)
        ).fetchall()
    return {subject: _state(record, seen) for subject, record in _records(rows).items()}


def _records(rows: Iterable[tuple[Any, ...]]) -> dict[SubjectId, _Record]:
    records: dict[SubjectId, _Record] = {}
    for subject, own, confined, *bundle in rows:
        record = records.setdefault(SubjectId(subject), _Record())
        record.is_confined |= bool(confined)
        if own:
            record.places.append(_place(*bundle))
    return records


def _place(  # noqa: PLR0913, PLR0917  (the columns of a bundle, as they come)
    sent: int | None,
    on_stick: int | None,
    is_signed: int | None,
    lacking: int | None,
    at_s: int | None,
    space: bytes | None,
    incarnation: bytes | None,
    sequence: int | None,
) -> _Place:
    if space is None or incarnation is None or sequence is None:
        return _Place(step=_WAY.index(PENDING))
    state = PENDING
    if on_stick:
        state = ON_STICK
    if sent or lacking:
        state = SENT
    if is_signed and not lacking:
        state = ACKNOWLEDGED
    return _Place(step=_WAY.index(state), at_s=at_s, bundle=(space, incarnation, sequence))


def _state(record: _Record, seen: Sequence[tuple[bytes, bytes, int, str]]) -> RecordState:
    if record.is_confined:
        return RecordState(state=CONFINED)
    if not record.places:
        return RecordState(state=PULLED)
    least = _WAY[min(place.step for place in record.places)]
    times = [place.at_s for place in record.places]
    signed = [at_s for at_s in times if at_s is not None]
    at_s = max(signed) if least == ACKNOWLEDGED and len(signed) == len(times) else None
    holders = _holders_of_all(record.places, seen)
    state = RECEIVED if holders else least
    return RecordState(state=state, at_s=at_s, holders=tuple(sorted(holders - {""})))


def _holders_of_all(
    places: Sequence[_Place], seen: Sequence[tuple[bytes, bytes, int, str]]
) -> set[str]:
    holding = [
        {
            name
            for space, incarnation, sequence, name in seen
            if place.bundle is not None
            and (space, incarnation) == place.bundle[:2]
            and sequence >= place.bundle[2]
        }
        for place in places
    ]
    return set.intersection(*holding)


def _marks(values: Iterable[object]) -> str:
    return ", ".join("?" for _ in values)
