"""Reading one meeting whole: what was said, of whom if named, and the hand-overs made of it."""

from dataclasses import dataclass

from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SubjectId, id_text
from app.usecases.desk import Desk
from app.usecases.persons import EncounterLine, PersonFile, encounter_line, open_person
from app.usecases.referrals import ReferralLine, referrals_of_encounter

_MEETING = """
    SELECT e.encounter, e.demand, e.received_at, e.author, d.details, e.details,
           (SELECT max(confined) FROM events v WHERE v.subject = e.encounter),
           coalesce(e.person, d.person)
    FROM encounters e LEFT JOIN demands d ON d.demand = e.demand WHERE e.encounter = ?
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One meeting. `file` is the person's, None when nobody is named or the file was erased."""

    line: EncounterLine
    file: PersonFile | None
    referrals: tuple[ReferralLine, ...]


def latest_meeting(desk: Desk, person: SubjectId) -> SubjectId | None:
    """Return the latest meeting of a person, None when there was none.

    Raises:
        UnknownRecordError: nobody here has that identifier.
    """
    meetings = open_person(desk, person).encounters
    return meetings[0].encounter if meetings else None


def open_meeting(desk: Desk, encounter: SubjectId) -> Meeting:
    """Return a meeting.

    Raises:
        UnknownRecordError: no meeting here has that identifier.
    """
    with desk.workspace.read() as connection:
        row = connection.execute(_MEETING, (encounter,)).fetchone()
        known = (
            row
            and connection.execute("SELECT 1 FROM persons WHERE person = ?", (row[-1],)).fetchone()
        )
    if row is None:
        raise UnknownRecordError(id_text(encounter))
    *line, person = row
    return Meeting(
        line=encounter_line(desk, tuple(line)),
        file=open_person(desk, SubjectId(person)) if known else None,
        referrals=tuple(referrals_of_encounter(desk, encounter)),
    )
