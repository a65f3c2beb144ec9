"""What papers are made of: read together, so that a slip says one moment's truth."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import UnknownStructureError
from app.domain.events import Value
from app.domain.identifiers import SubjectId, spoken_code
from app.domain.outside import OutsideStructure, outside_of
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import what_leaves
from app.domain.referral import WITHDRAWN, may_get_file
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.service_places import Place, place_of
from app.store.bodies import unpack_map
from app.usecases.desk import Desk
from app.usecases.directory.shelf import desk_directory
from app.usecases.encounters import open_meeting
from app.usecases.persons import EncounterLine, PersonFile, open_person
from app.usecases.reception_fields import PERSON_FIELDS
from app.usecases.referrals import IN, OUT, ReferralLine, open_referral
from app.usecases.rights import RequestLine, requests

_REFERRAL = "SELECT to_reference, encounter, demand, person FROM referrals WHERE referral = ?"
_SENDER = """
    SELECT s.directory FROM shared_referrals r JOIN structures s ON s.structure = r.from_structure
    WHERE r.shared = ?
"""
_AGREED = """
    SELECT given = 1 AND withdrawn_on = '', at_s FROM agreements
    WHERE kind = 'transmit' AND recipient = ?1 AND (encounter = ?2 OR person = ?3)
    ORDER BY at_s DESC, agreement DESC LIMIT 1
"""
_WRITTEN = """
    SELECT (SELECT details FROM demands WHERE demand = ?1),
           (SELECT details FROM encounters WHERE encounter = ?2),
           (SELECT details FROM persons WHERE person = ?3)
"""
_COPIED = (
    "received_at",
    "visitor",
    "expressed",
    "analysed",
    "purpose",
    "status",
    "level_reached",
    "age_band",
    "commune",
    "mode_wished",
)
_COPIED_LISTS = ("motives", "needs", "barriers", "languages")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRead:
    """A referral with what its slip says beside it.

    `content` is what the recipient gets to know: the very copy that was shared, or for one on paper
    what would have been. It is empty when the person does not agree (any more) to this recipient.
    `recipient` and `sender` are what the directory says of them, when it does; `service` is the one
    of the recipient's where the person is expected, while the directory knows it.
    """

    line: ReferralLine
    content: Mapping[str, Value]
    is_agreed: bool
    agreed_at_s: int | None
    recipient: StructureEntry | None
    sender: StructureEntry | None
    service: ServiceEntry | None = None

    @property
    def place(self) -> Place | None:
        """Where the person is expected, when the directory lists the recipient."""
        return place_of(self.recipient, self.service) if self.recipient is not None else None

    @property
    def outside(self) -> OutsideStructure | None:
        """How the recipient is reached when no directory lists it."""
        return outside_of(self.line.details)

    @property
    def may_be_file(self) -> bool:
        """Can it go as an encrypted file, agreements apart? The program does not carry it, then."""
        line = self.line
        return line.direction == OUT and line.shared is None and may_get_file(line.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPapers:
    """A person's file, the slip of each referral, the latest first, and what the person asked."""

    file: PersonFile
    slips: tuple[SlipRead, ...]
    requests: tuple[RequestLine, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRead:
    """What a person takes home: the last meeting, the slips still open; `code` names the sheet."""

    met: EncounterLine | None
    slips: tuple[SlipRead, ...]
    code: str


def read_slip(desk: Desk, referral: SubjectId) -> SlipRead:
    """Return a referral as its slip says it.

    Raises:
        UnknownRecordError: no referral here has that identifier.
    """
    return _slip(desk, open_referral(desk, referral))


def read_person_papers(desk: Desk, person: SubjectId) -> PersonPapers:
    """Return all that the papers of a person are made of.

    Raises:
        UnknownRecordError: nobody here has that identifier, or the file was erased.
    """
    file = open_person(desk, person)
    slips = tuple(_slip(desk, line) for line in file.referrals)
    return PersonPapers(file=file, slips=slips, requests=tuple(requests(desk, person=person)))


def read_sheet_of_person(desk: Desk, person: SubjectId) -> SheetRead:
    """Return the last meeting of a person and the slips of all their referrals.

    Raises:
        UnknownRecordError: nobody here has that identifier, or the file was erased.
    """
    papers = read_person_papers(desk, person)
    met = papers.file.encounters[0] if papers.file.encounters else None
    return SheetRead(met=met, slips=papers.slips, code=papers.file.person.short_id)


def read_sheet_of_encounter(desk: Desk, encounter: SubjectId) -> SheetRead:
    """Return one meeting and the slips made then: the person need not be named.

    Raises:
        UnknownRecordError: no meeting here has that identifier.
    """
    meeting = open_meeting(desk, encounter)
    slips = tuple(_slip(desk, line) for line in meeting.referrals)
    return SheetRead(met=meeting.line, slips=slips, code=spoken_code(encounter))


def structure_entry(desk: Desk, reference: str) -> StructureEntry | None:
    """Return what the directory says of a structure, None when it does not know it."""
    try:
        return desk_directory(desk).by_reference(reference)
    except UnknownStructureError:
        return None


def _slip(desk: Desk, line: ReferralLine) -> SlipRead:
    own = structure_entry(desk, desk.own_structure().reference)
    if line.direction == IN:
        return SlipRead(
            line=line,
            content=line.details,
            is_agreed=line.status != WITHDRAWN,
            agreed_at_s=None,
            recipient=own,
            sender=_sender(desk, line),
            service=_service(desk, line, own),
        )
    with desk.workspace.read() as connection:
        row = connection.execute(_REFERRAL, (line.referral,)).fetchone()
        reference, encounter, demand, person = row
        agreed = connection.execute(_AGREED, (reference, encounter, person)).fetchone()
        written = connection.execute(_WRITTEN, (demand, encounter, person)).fetchone()
    # A referral brought by a colleague's machine may come before its agreement.
    given, at_s = agreed or (line.details.get("agreed") is True or line.shared is not None, None)
    is_agreed = bool(given) and line.status != WITHDRAWN
    whole = line.details if line.shared is not None else _on_paper(line, written)
    recipient = structure_entry(desk, reference)
    return SlipRead(
        line=line,
        content=whole if is_agreed else {},
        is_agreed=is_agreed,
        agreed_at_s=at_s if is_agreed else None,
        recipient=recipient,
        sender=own,
        service=_service(desk, line, recipient),
    )


def _service(
    desk: Desk, line: ReferralLine, recipient: StructureEntry | None
) -> ServiceEntry | None:
    """Return the service chosen, None once it is over or unknown.

    Who receives a referral got only its name, which one service alone must bear.
    """
    today = desk.now().astimezone().date()
    offered = recipient.services if recipient is not None else ()
    if line.direction == IN:
        found = [one for one in offered if one.name == line.to_service_name]
    else:
        found = [one for one in offered if one.reference == line.to_service]
    return found[0] if len(found) == 1 and not found[0].has_ended_on(today) else None


def _sender(desk: Desk, line: ReferralLine) -> StructureEntry | None:
    with desk.workspace.read() as connection:
        row = connection.execute(_SENDER, (line.shared,)).fetchone()
    return structure_entry(desk, row[0]) if row is not None else None


def _on_paper(line: ReferralLine, written: tuple[Any, ...]) -> Mapping[str, Value]:
    """Return what paper hands over: by the same rule as what leaves by the program."""
    asked, met, known = (unpack_map(part) if part else {} for part in written)
    told = {**asked, **met}
    fields: dict[str, Any] = {name: _text(told.get(name)) for name in _COPIED}
    fields |= {name: _texts(told.get(name)) for name in _COPIED_LISTS}
    fields["executive"] = said if isinstance(said := told.get("executive"), bool) else None
    wanted = WantedReferral(
        to="",
        handover=_text(line.details.get("handover")),
        deadline_on=_text(line.details.get("deadline_on")),
        deadline_reason=_text(line.details.get("deadline_reason")),
        message=_text(line.details.get("message")),
    )
    who: dict[str, Any] = {name: _text(known.get(name)) for name in PERSON_FIELDS}
    person = PersonDetails(**who)
    return what_leaves(Reception(**fields), person, wanted, service_name=line.to_service_name)


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(_text(item) for item in value) if isinstance(value, tuple) else ()
