"""Finding people, reading their file, erasing it when they ask."""

import contextlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import CompartmentClosedError, UnknownRecordError
from app.domain.events import SealedValue, Value
from app.domain.fold import StandingValue
from app.domain.identifiers import SubjectId, id_text
from app.store.bodies import unpack_map
from app.store.log import read_state
from app.store.search import PersonFound, search_persons
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


_PERSON = """
    SELECT short_id, display_name, birth_on, commune, telephone, details, disputed
    FROM persons WHERE person = ?
"""
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
    SELECT kind, recipient, given, at_s FROM agreements
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
    """One agreement, given or refused, dated."""

    kind: str
    recipient: str
    given: bool
    at_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFile:
    """Everything shown of a person: identity, meetings, agreements, referrals."""

    person: PersonFound
    details: Mapping[str, Value]
    disputed: tuple[str, ...]
    encounters: tuple[EncounterLine, ...]
    agreements: tuple[AgreementLine, ...]
    referrals: tuple[ReferralLine, ...]


def find_persons(desk: Desk, text: str, *, limit: int = 20) -> SearchResult:
    """Search persons by name, date of birth, telephone or spoken code, forgiving mistakes."""
    started = time.perf_counter()
    with desk.workspace.read() as connection:
        found = search_persons(connection, text, limit=limit)
    took_ms = (time.perf_counter() - started) * 1000
    return SearchResult(persons=tuple(found), took_ms=round(took_ms, 2))


def open_person(desk: Desk, person: SubjectId) -> PersonFile:
    """Return a person's file.

    Raises:
        UnknownRecordError: nobody here has that identifier, or the file was erased.
    """
    with desk.workspace.read() as connection:
        row = connection.execute(_PERSON, (person,)).fetchone()
        if row is None:
            raise UnknownRecordError(id_text(person))
        met = connection.execute(_MET, (person,)).fetchall()
        agreed = connection.execute(_AGREED, (person,)).fetchall()
    *found, details, disputed = row
    short_id, display_name, birth_on, commune, telephone = found
    return PersonFile(
        person=PersonFound(
            person=person,
            short_id=short_id,
            display_name=display_name,
            birth_on=birth_on,
            commune=commune,
            telephone=telephone,
        ),
        details=unpack_map(details),
        disputed=tuple(disputed.split()),
        encounters=tuple(encounter_line(desk, line) for line in met),
        agreements=tuple(
            AgreementLine(kind=kind, recipient=recipient, given=bool(given), at_s=at_s)
            for kind, recipient, given, at_s in agreed
        ),
        referrals=tuple(referrals_of_person(desk, person)),
    )


def disputes_of_person(desk: Desk, person: SubjectId) -> Mapping[str, tuple[StandingValue, ...]]:
    """Return each field of a person on which people disagree, with its values, the shown one last.

    Empty when everybody agrees, or when nobody here has that identifier.
    """
    space = desk.own_structure().space.id
    with desk.workspace.read() as connection:
        state = read_state(connection, space, person)
    return {name: state.fields[name] for name in state.disputed}


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


def _readable_notes(desk: Desk, subject: SubjectId, details: Mapping[str, Value]) -> dict[str, str]:
    notes = {}
    for field, value in details.items():
        if isinstance(value, SealedValue):
            with contextlib.suppress(CompartmentClosedError):
                notes[field] = desk.workspace.compartments.open(value, subject=subject, field=field)
    return notes
