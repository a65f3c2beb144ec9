"""Finding people, reading their file, erasing it when they ask."""

import contextlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.errors import CompartmentClosedError, UnknownRecordError
from app.domain.events import SealedValue, Value
from app.domain.fold import StandingValue
from app.domain.identifiers import SubjectId, id_text
from app.store.bodies import unpack_map
from app.store.log import read_state
from app.store.merged import members_of, standing
from app.store.search import PERSON_COLUMNS, PersonFound, person_in, search_persons
from app.usecases.desk import Desk
from app.usecases.erasure import erase_person
from app.usecases.referrals import ReferralLine, referrals_of_person

__all__ = [
    "AgreementLine",
    "EncounterLine",
    "PersonFile",
    "SearchResult",
    "disputes_of_person",
    "erase_person",
    "find_persons",
    "open_person",
]


_PERSON = f"SELECT {PERSON_COLUMNS}, p.details, p.disputed FROM persons p WHERE p.person = ?"  # noqa: S608
_MET = """
    SELECT e.encounter, e.demand, e.received_at, e.author, d.details, e.details,
           (SELECT max(confined) FROM events v WHERE v.subject = e.encounter)
    FROM encounters e LEFT JOIN demands d ON d.demand = e.demand
    WHERE e.encounter IN (
      SELECT encounter FROM encounters WHERE person = ?1
      UNION SELECT met.encounter FROM demands asked JOIN encounters met ON met.demand = asked.demand
        WHERE asked.person = ?1)
    ORDER BY e.received_at DESC, e.encounter DESC
"""
_AGREED = """
    SELECT kind, recipient, given, at_s, agreement, withdrawn_on, agreed_by FROM agreements
    WHERE person = ? ORDER BY at_s, agreement
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """The persons found, best first, and how long it took in milliseconds."""

    persons: tuple[PersonFound, ...]
    took_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EncounterLine:
    """One meeting as a file lists it.

    `details` joins what was written of the demand and of the meeting. `notes` are the restricted
    notes that the agent may read; one they may not read is a sealed value left in `details`.
    """

    encounter: SubjectId
    demand: SubjectId
    received_at: str
    author: str
    expressed: str
    details: Mapping[str, Value]
    notes: Mapping[str, str]
    stays_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementLine:
    """One agreement, given or refused, dated.

    `recipient` is what it is about: a structure's reference, or the code of what is sensitive.
    `withdrawn_on` is the day it was taken back, "" while it stands. `agreed_by` is a code of the
    vocabulary of that name, "" when nobody asked.
    """

    kind: str
    recipient: str
    given: bool
    at_s: int
    agreement: SubjectId
    withdrawn_on: str
    agreed_by: str

    @property
    def stands(self) -> bool:
        """Was it given, and not taken back since?"""
        return self.given and not self.withdrawn_on


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedFile:
    """A file that another stands for: nothing of it was changed."""

    person: SubjectId
    display_name: str
    details: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """Everything shown of a person: identity, meetings, agreements, referrals.

    `merged` are the files that this one stands for, with what each says of the person.
    """

    person: PersonFound
    details: Mapping[str, Value]
    disputed: tuple[str, ...]
    encounters: tuple[EncounterLine, ...]
    agreements: tuple[AgreementLine, ...]
    referrals: tuple[ReferralLine, ...]
    merged: tuple[MergedFile, ...] = ()


def find_persons(desk: Desk, text: str, *, limit: int = 20) -> SearchResult:
    """Search persons by name, date of birth, telephone or spoken code, forgiving mistakes."""
    started = time.perf_counter()
    with desk.workspace.read() as connection:
        found = _each_once(connection, search_persons(connection, text, limit=limit))
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResult(persons=tuple(found), took_ms=round(took_ms, 2))


def open_person(desk: Desk, person: SubjectId) -> PersonFile:
    """Return a person's file: the one that stands for them, with all of those merged into it.

    Raises:
        UnknownRecordError: nobody here has that identifier, or the file was erased.
    """
    with desk.workspace.read() as connection:
        members = members_of(connection, person)
        person = members[0]
        rows = [connection.execute(_PERSON, (name,)).fetchone() for name in members]
        row = rows[0]
        if row is None:
            raise UnknownRecordError(id_text(person))
        met = _meetings_of(connection, members)
        agreed = _agreements_of(connection, members)
    *_, details, disputed = row
    return PersonFile(
        person=person_in(row),
        details=unpack_map(details),
        disputed=tuple(disputed.split()),
        encounters=tuple(encounter_line(desk, line) for line in met),
        agreements=tuple(map(_agreement_line, agreed)),
        referrals=_referrals_of(desk, members),
        merged=tuple(
            MergedFile(person=name, display_name=name_shown, details=unpack_map(packed))
            for name, _, name_shown, *_, packed, _ in filter(None, rows[1:])
        ),
    )


def disputes_of_person(desk: Desk, person: SubjectId) -> Mapping[str, tuple[StandingValue, ...]]:
    """Return each field of a person on which people disagree, with its values, the shown one last.

    Empty when everybody agrees, or when nobody here has that identifier.
    """
    space = desk.own_structure().space.id
    with desk.workspace.read() as connection:
        state = read_state(connection, space, person)
    return {name: state.fields[name] for name in state.disputed}


def _each_once(connection: Any, found: Sequence[PersonFound]) -> list[PersonFound]:
    """Return the files that stand for those found, each once."""
    names = standing(connection, [one.person for one in found])
    by_name = {one.person: one for one in found}
    shown = [by_name.get(name) or _found(connection, name) for name in names]
    return [one for one in shown if one is not None]


def _found(connection: Any, person: SubjectId) -> PersonFound | None:
    row = connection.execute(_PERSON, (person,)).fetchone()
    return None if row is None else person_in(row)


def _meetings_of(connection: Any, members: Sequence[SubjectId]) -> list[Any]:
    """Return the meetings of every file of a person, each once, the latest first."""
    rows = {row[0]: row for name in members for row in connection.execute(_MET, (name,)).fetchall()}
    return sorted(rows.values(), key=lambda row: (row[2], row[0]), reverse=True)


def _referrals_of(desk: Desk, members: Sequence[SubjectId]) -> tuple[ReferralLine, ...]:
    """Return the referrals of every file of a person, the latest first."""
    lines = (line for name in members for line in referrals_of_person(desk, name))
    return tuple(sorted(lines, key=lambda line: -line.created_at_s))


def _agreements_of(connection: Any, members: Sequence[SubjectId]) -> list[Any]:
    rows = [row for name in members for row in connection.execute(_AGREED, (name,)).fetchall()]
    return sorted(rows, key=lambda row: row[3]) if len(members) > 1 else rows


def encounter_line(desk: Desk, line: tuple[Any, ...]) -> EncounterLine:
    """Return a row of a meeting and its demand, with the notes that the agent here may read."""
    encounter, demand, received_at, author, asked, written, confined = line
    details = {**(unpack_map(asked) if asked else {}), **unpack_map(written)}
    notes = _readable_notes(desk, SubjectId(encounter), details)
    return EncounterLine(
        encounter=SubjectId(encounter),
        demand=SubjectId(demand),
        received_at=received_at,
        author=author,
        expressed=str(details.get("expressed") or ""),
        details={name: value for name, value in details.items() if name not in notes},
        notes=notes,
        stays_here=bool(confined),
    )


def _agreement_line(row: tuple[Any, ...]) -> AgreementLine:
    kind, recipient, given, at_s, agreement, withdrawn_on, agreed_by = row
    return AgreementLine(
        kind=kind,
        recipient=recipient,
        given=bool(given),
        at_s=at_s,
        agreement=SubjectId(agreement),
        withdrawn_on=withdrawn_on,
        agreed_by=agreed_by,
    )


def _readable_notes(desk: Desk, subject: SubjectId, details: Mapping[str, Value]) -> dict[str, str]:
    notes = {}
    for field, value in details.items():
        if isinstance(value, SealedValue):
            with contextlib.suppress(CompartmentClosedError):
                notes[field] = desk.workspace.compartments.open(value, subject=subject, field=field)
    return notes
