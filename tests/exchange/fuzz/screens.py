"""What a desk shows, read as its screens do, in the words of the truth."""

from collections import Counter
from dataclasses import dataclass, field

from app.domain.referral import RECEIVED, SENT, TO_SEND
from app.store.bodies import unpack_map
from app.store.log import read_state
from app.usecases.persons import disputes_of_person, open_person
from app.usecases.referrals import ReferralLine
from tests.exchange.desks import Door
from tests.exchange.fuzz.marks import copy_of, marks_in

Agreement = tuple[str, str, bool]

_BODIES = "SELECT kind, body FROM events WHERE body NOT NULL"
_DEMANDS = "SELECT demand, person, details FROM demands"
_MEETINGS = "SELECT encounter, demand, received_at FROM encounters"
_AGREEMENTS = "SELECT encounter, kind, recipient, given FROM agreements"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownReferral:
    """A referral at one of its two doors; `answers` are (mark, status)."""

    person: str = ""
    is_shared: bool
    answers: tuple[tuple[str, str], ...]
    has_arrived: bool
    details: dict[str, object]


@dataclass(kw_only=True)
class Shown:
    """Everything that a desk shows, by mark; `twice` are the marks shown more than once."""

    persons: dict[str, tuple[str, ...]] = field(default_factory=dict)
    demands: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    meetings: dict[str, tuple[str, Counter[Agreement]]] = field(default_factory=dict)
    sent: dict[str, ShownReferral] = field(default_factory=dict)
    came: dict[str, ShownReferral] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)


def words_at(door: Door) -> frozenset[str]:
    """The marks in the log of a desk, wherever they stand: all that it knows of anybody."""
    return marks_in(b"\0".join(body for _, body in door.query(_BODIES)))


def marks_at(door: Door) -> frozenset[str]:
    """The marks of the records in the log of a desk."""
    found = [marks_of(kind, body) for kind, body in door.query(_BODIES)]
    return frozenset().union(*found)


def unsealed_marks(door: Door) -> frozenset[str]:
    """The marks of what waits in the log of a desk to be sealed, or stays there."""
    found = [marks_of(kind, body) for kind, body in door.query(f"{_BODIES} AND bundle IS NULL")]
    return frozenset().union(*found)


def left_marks(door: Door) -> frozenset[str]:
    """The marks of what former lives of a desk left unsealed, under names of theirs still."""
    sql = f"{_BODIES} AND bundle IS NULL AND substr(event, 1, 8) <> ?"
    found = [marks_of(kind, body) for kind, body in door.query(sql, door.port.incarnation())]
    return frozenset().union(*found)


def marks_of(kind: str, body: bytes) -> frozenset[str]:
    """The marks that an event is about; a copy made for another structure is a record by itself."""
    found = marks_in(body)
    return frozenset(map(copy_of, found)) if kind == "shared_referral" else found


def shown_at(door: Door) -> Shown:
    """Read everything that a desk shows."""
    shown = Shown()
    names = _persons(door, shown)
    demands = _demands(door, shown, names)
    _meetings(door, shown, demands)
    for line in door.referrals("out"):
        mark = str(line.details.get("message", ""))
        _put(shown, shown.sent, mark, _referral(line, names))
    for line in door.referrals("in"):
        mark = str(line.details.get("message", ""))
        _put(shown, shown.came, mark, _referral(line, {}))
    return shown


def standing(door: Door, subject: bytes, name: str) -> tuple[str, ...]:
    """The values of a field that stand in the log of a desk."""
    with door.desk.workspace.read() as connection:
        state = read_state(connection, door.desk.own_structure().space.id, subject)
    return tuple(sorted(str(one.value) for one in state.fields.get(name, ())))


def _persons(door: Door, shown: Shown) -> dict[bytes, str]:
    names = {}
    for subject, mark in door.query("SELECT person, family_name FROM persons"):
        names[subject] = mark
        file = open_person(door.desk, subject)
        disputes = disputes_of_person(door.desk, subject)
        values = tuple(sorted(str(one.value) for one in disputes.get("telephone", ())))
        told = values or tuple(filter(None, [str(file.details.get("telephone") or "")]))
        _put(shown, shown.persons, mark, told)
    return names


def _demands(door: Door, shown: Shown, names: dict[bytes, str]) -> dict[bytes, str]:
    marks = {}
    for subject, person, details in door.query(_DEMANDS):
        marks[subject] = mark = str(unpack_map(details).get("analysed"))
        told = (names.get(person, ""), standing(door, subject, "expressed"))
        _put(shown, shown.demands, mark, told)
    return marks


def _meetings(door: Door, shown: Shown, demands: dict[bytes, str]) -> None:
    agreed: dict[bytes, Counter[Agreement]] = {}
    for encounter, kind, recipient, given in door.query(_AGREEMENTS):
        agreed.setdefault(encounter, Counter())[kind, recipient, bool(given)] += 1
    for subject, demand, moment in door.query(_MEETINGS):
        told = (demands.get(demand, ""), agreed.get(subject, Counter()))
        _put(shown, shown.meetings, moment, told)


def _referral(line: ReferralLine, names: dict[bytes, str]) -> ShownReferral:
    steps = [step for step in line.history if step.status not in {SENT, TO_SEND, RECEIVED}]
    return ShownReferral(
        person=names.get(line.person or b"", ""),
        is_shared=line.shared is not None,
        answers=tuple(sorted((step.message, step.status) for step in steps if step.message)),
        has_arrived=any(step.status == RECEIVED for step in line.history),
        details=dict(line.details),
    )


def _put(shown: Shown, where: dict, mark: str, told: object) -> None:
    if mark in where:
        shown.twice.add(mark)
    where[mark] = told
