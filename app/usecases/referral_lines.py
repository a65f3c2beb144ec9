"""Referrals read from their rows: where each stands, what was handed over, what it continues."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from app.domain.events import Value
from app.domain.identifiers import (
    EventId,
    StructureId,
    SubjectId,
    incarnation_of,
    read_spoken_code,
    spoken_code,
)
from app.domain.referral import (
    BY_PAPER,
    BY_RELAY,
    CORRECTED,
    CORRECTION_READ,
    HERE,
    KNOWN_AS,
    REFUSED,
    SENT,
    SERVICE,
    SERVICE_NAME,
    TO_SEND,
    WITHDRAWN,
    FieldChange,
    Proposed,
    Step,
    status_of,
)
from app.domain.referral_corrections import CORRECTABLE, corrected
from app.store.bodies import unpack_map
from app.usecases.desk import OWN_NAME, OWN_STRUCTURE

OUT: Final = "out"
IN: Final = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """A referral as lists and files show it. `details` is what the recipient received.

    Attributes:
        short_id: names the referral aloud: both doors have the same one when it went by the
            program.
        overdue: what it has waited for too long (`app.domain.follow_up`), in lists only.
        details: what was handed over, as it stands corrected.
        to_reference: names in the directory the structure that one sent here goes to, or is "".
        to_service_name: the name of the service that was chosen, which both doors read.
        kept_here: its details that never leave.
        demand: what it is made for, when it was sent here.
        follows: the one that led nowhere, and that this one goes on from with somebody else.
        resends: the one thought lost, of which this one is the copy.
        continued_by: those that follow it, or that are its copies.
        disputed: fields that the sender's machines corrected without knowing of each other.
        unread: corrections that nobody of the recipient has read yet.
    """

    referral: SubjectId
    shared: SubjectId | None
    direction: str
    status: str
    from_name: str
    to_name: str
    display_name: str
    short_id: str
    person: SubjectId | None
    route: str
    created_at_s: int
    author: str
    history: tuple[Step, ...]
    details: Mapping[str, Value]
    overdue: str = ""
    to_reference: str = ""
    to_service_name: str = ""
    kept_here: Mapping[str, Value] = field(default_factory=dict)
    demand: SubjectId | None = None
    follows: SubjectId | None = None
    resends: SubjectId | None = None
    continued_by: tuple[SubjectId, ...] = ()
    disputed: tuple[str, ...] = ()
    unread: tuple[EventId, ...] = ()

    @property
    def is_to_reorient(self) -> bool:
        """Was it refused, and is nobody else asked yet?"""
        return self.direction == OUT and self.status == REFUSED and not self.continued_by

    @property
    def to_service(self) -> str:
        """What names in the directory the service chosen, for one sent here; "" without any."""
        return _text(self.kept_here.get(SERVICE))

    @property
    def codes(self) -> frozenset[str]:
        """The short codes that may have been said or printed for it."""
        names = (self.referral, self.shared or self.referral)
        return frozenset({self.short_id, *map(spoken_code, names)})


OUT_ROWS = """
    SELECT r.referral, r.shared, r.route, r.to_name, r.created_at_s, r.author, p.person, r.details,
           coalesce(p.display_name, ''), s.details, r.to_reference, r.demand
    FROM referrals r LEFT JOIN demands d ON d.demand = r.demand
    LEFT JOIN persons p ON p.person = coalesce(r.person, d.person)
    LEFT JOIN shared_referrals s ON s.shared = r.shared
"""
IN_ROWS = """
    SELECT shared, from_name, to_name, display_name, created_at_s, author, details
    FROM shared_referrals
"""
_KEPT_HERE: Final = ("for_barrier", "other_choice", "instead_of", SERVICE)
_ANSWERS = """
    SELECT event, subject, status, at_s, author, route, doubtful, details
    FROM referral_answers WHERE subject IN (?, ?) ORDER BY lamport, event, position
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A step with what ties it: its event, its subject, and the corrections it says were read."""

    step: Step
    event: EventId
    subject: SubjectId
    read: tuple[EventId, ...] = ()


def out_line(connection: Any, own_name: str, row: tuple[Any, ...]) -> ReferralLine:
    """Read a row of `OUT_ROWS`: a referral made by this structure."""
    referral, shared, route, to_name, created_at_s, author, person, details, *others = row
    name, copy, to_reference, demand = others
    kept = unpack_map(details)
    begun = Step(
        status=TO_SEND,
        at_s=created_at_s,
        by=author,
        structure=own_name,
        route=HERE,
        clock_doubtful=_was_doubted(connection, referral),
    )
    first = _first_steps(connection, shared, begun, agreed=kept.get("agreed") is True)
    said = _answers(connection, referral, shared)
    content, disputed = _as_corrected(unpack_map(copy) if copy else kept, said, shared or referral)
    history = (*first, *(one.step for one in said))
    return ReferralLine(
        referral=SubjectId(referral),
        shared=SubjectId(shared) if shared else None,
        direction=OUT,
        status=status_of(history),
        from_name=own_name,
        to_name=to_name,
        display_name=name,
        short_id=_code(content, shared or referral),
        person=SubjectId(person) if person else None,
        route=route,
        created_at_s=created_at_s,
        author=author,
        history=history,
        details=content,
        to_reference=to_reference,
        to_service_name=_text(kept.get(SERVICE_NAME)),
        kept_here={name: kept[name] for name in _KEPT_HERE if kept.get(name)},
        demand=SubjectId(demand) if demand else None,
        follows=_link(kept, "follows"),
        resends=_link(kept, "resends"),
        disputed=disputed,
    )


def in_line(connection: Any, row: tuple[Any, ...]) -> ReferralLine:
    """Read a row of `IN_ROWS`: a referral that another structure made."""
    shared, claimed, to_name, display_name, created_at_s, author, details = row
    from_name = _structure_name(connection, shared) or claimed
    sent = Step(
        status=SENT,
        at_s=created_at_s,
        by=author,
        structure=from_name,
        route=BY_RELAY,
        clock_doubtful=_was_doubted(connection, shared),
    )
    said = _answers(connection, shared, None)
    content, disputed = _as_corrected(unpack_map(details), said, shared)
    if any(one.step.changes for one in said):
        names = (content.get("given_name"), content.get("family_name"))
        display_name = " ".join(name for name in names if isinstance(name, str))
    history = (sent, *(one.step for one in said))
    return ReferralLine(
        referral=SubjectId(shared),
        shared=SubjectId(shared),
        direction=IN,
        status=status_of(history),
        from_name=from_name,
        to_name=to_name,
        display_name=display_name,
        short_id=_code(content, shared),
        person=None,
        route=BY_RELAY,
        created_at_s=created_at_s,
        author=author,
        history=history,
        details=content,
        to_service_name=_text(content.get(SERVICE_NAME)),
        resends=_link(content, "resends"),
        disputed=disputed,
        unread=_unread(said),
    )


def linked(lines: Sequence[ReferralLine]) -> list[ReferralLine]:
    """Return the same lines, each with those that continue it."""
    continuing: defaultdict[SubjectId, list[SubjectId]] = defaultdict(list)
    for line in lines:
        for former in (line.follows, line.resends):
            if former is not None:
                continuing[former].append(line.referral)
    if not continuing:
        return list(lines)
    return [
        replace(line, continued_by=tuple(continuing[line.referral]))
        if line.referral in continuing
        else line
        for line in lines
    ]


def _as_corrected(
    handed: Mapping[str, Value], said: Iterable[_Said], subject: bytes
) -> tuple[Mapping[str, Value], tuple[str, ...]]:
    return corrected(handed, (one.step for one in said if one.subject == subject))


def _unread(said: Sequence[_Said]) -> tuple[EventId, ...]:
    read = {event for one in said for event in one.read}
    made = (one.event for one in said if one.step.status == CORRECTED)
    return tuple(event for event in made if event not in read)


def _code(content: Mapping[str, Value], name: bytes) -> str:
    known_as = content.get(KNOWN_AS)
    printed = read_spoken_code(known_as) if isinstance(known_as, str) else ""
    return printed or spoken_code(name)


def _link(content: Mapping[str, Value], field_name: str) -> SubjectId | None:
    name = content.get(field_name)
    return SubjectId(name) if isinstance(name, bytes) else None


def _first_steps(
    connection: Any, shared: bytes | None, begun: Step, *, agreed: bool
) -> Iterable[Step]:
    """Return how a referral left: on paper at once, or first here and then at the relay."""
    if shared is None:
        return [replace(begun, status=SENT if agreed else WITHDRAWN, route=BY_PAPER)]
    steps = [begun]
    row = connection.execute(
        "SELECT b.received_at_s FROM events e JOIN bundles b ON b.name = e.bundle"
        " WHERE e.event = ?",
        (shared,),
    ).fetchone()
    if row is not None and row[0] is not None:
        # By the relay's clock.
        sent = replace(begun, status=SENT, at_s=row[0], route=BY_RELAY, clock_doubtful=False)
        steps.append(sent)
    return steps


def _was_doubted(connection: Any, subject: bytes) -> bool:
    """Was the clock of the machine that made a subject known to be wrong at that moment?"""
    row = connection.execute("SELECT doubtful FROM events WHERE event = ?", (subject,)).fetchone()
    return bool(row and row[0])


def _answers(connection: Any, referral: bytes, shared: bytes | None) -> list[_Said]:
    """Return the steps written about a referral and its copy; a correction by its sender alone."""
    rows = connection.execute(_ANSWERS, (referral, shared or referral)).fetchall()
    said = []
    for event, subject, status, at_s, author, route, doubtful, packed in rows:
        told = unpack_map(packed)
        if status == CORRECTED and _signer(connection, event) != _signer(connection, subject):
            continue  # the recipient answers what was handed over, and cannot rewrite it
        step = Step(
            status=status,
            at_s=at_s,
            by=author,
            structure=_structure_name(connection, event),
            route=route,
            clock_doubtful=bool(doubtful),
            reason=_text(told.get("reason")),
            message=_text(told.get("message")),
            changes=_changes(told.get("changes")) if status == CORRECTED else (),
            proposed=_proposed(told.get("proposed")),
        )
        read = _names(told.get("read")) if status == CORRECTION_READ else ()
        said.append(_Said(step=step, event=EventId(event), subject=SubjectId(subject), read=read))
    return said


def _changes(value: Value) -> tuple[FieldChange, ...]:
    changes = value if isinstance(value, Mapping) else {}
    return tuple(
        FieldChange(field=name, was=_known(change.get("was")), became=_known(change.get("became")))
        for name in CORRECTABLE
        if isinstance(change := changes.get(name), Mapping)
    )


def _known(value: Value) -> Value:
    return value if isinstance(value, str) and value else None


def _proposed(value: Value) -> Proposed | None:
    if not isinstance(value, Mapping):
        return None
    reference, name = _text(value.get("reference")), _text(value.get("name"))
    return Proposed(reference=reference, name=name or reference) if reference else None


def _names(value: Value) -> tuple[EventId, ...]:
    names = value if isinstance(value, tuple) else ()
    return tuple(EventId(one) for one in names if isinstance(one, bytes))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _signer(connection: Any, event: bytes) -> StructureId | None:
    """Return the structure whose machine signed an event, None when nobody knows."""
    incarnation = incarnation_of(SubjectId(event))
    row = connection.execute(
        "SELECT structure FROM incarnations WHERE incarnation = ?", (incarnation,)
    ).fetchone()
    if row is not None:
        return StructureId(row[0])
    own = _own_memo(connection, OWN_STRUCTURE, incarnation)
    return StructureId(bytes.fromhex(own)) if own else None


def _structure_name(connection: Any, event: bytes) -> str:
    """Return who answered, by the machine that signed, never by what the answer claims."""
    incarnation = incarnation_of(SubjectId(event))
    row = connection.execute(
        "SELECT s.name FROM incarnations i JOIN structures s ON s.structure = i.structure"
        " WHERE i.incarnation = ?",
        (incarnation,),
    ).fetchone()
    return str(row[0]) if row is not None else _own_memo(connection, OWN_NAME, incarnation)


def _own_memo(connection: Any, memo: str, incarnation: bytes) -> str:
    """Return what this desk notes of its own structure, when it wrote under that incarnation."""
    own = connection.execute(
        "SELECT text FROM memos WHERE name = ? AND ? IN"
        " (SELECT incarnation FROM identity UNION SELECT incarnation FROM lives)",
        (memo, incarnation),
    ).fetchone()
    return str(own[0]) if own else ""
