"""Sending a referral once more: to the same structure because it is lost, or to another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.changes import Changes
from app.domain.errors import (
    AnswerNotAllowedError,
    AppError,
    ReferralNeedsAgreementError,
)
from app.domain.events import Value
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import SENSITIVE_CODES
from app.domain.referral import HERE, KNOWN_AS, REPLACED, may_reorient, may_resend
from app.domain.referral_corrections import RELAY_FIELDS
from app.domain.referral_errors import NobodyToAskAgainError
from app.store.bodies import unpack_map
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.recipients import Recipient, find_recipient
from app.usecases.referral_changes import has_left_here
from app.usecases.referral_lines import OUT, ReferralLine
from app.usecases.referral_steps import hand_over, note_step
from app.usecases.referrals import open_referral

_BY_TELEPHONE: Final = "telephone"
_STANDING = """
    SELECT 1 FROM agreements a JOIN referrals r ON r.to_reference = a.recipient
    WHERE r.referral = ? AND a.kind = 'transmit' AND a.given = 1 AND a.withdrawn_on = ''
      AND (a.encounter = r.encounter OR a.person = r.person)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resent:
    """A copy that was made of a referral, to the same structure."""

    referral: SubjectId
    changes: Changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Reorienting:
    """What the next referral of a demand begins with.

    Attributes:
        line: the referral that led nowhere.
        person: who is to be asked again.
        reception: everything already said. It names no recipient but the one proposed by whoever
            refused, and bears no agreement: the person is asked anew.
        proposed: the structure that whoever refused proposes, if somebody knows it here.
    """

    line: ReferralLine
    person: SubjectId
    reception: Reception
    proposed: Recipient | None


def may_be_resent(desk: Desk, line: ReferralLine) -> bool:
    """Can a copy be sent to the same structure? Not of what has not left, nor was continued."""
    if line.direction != OUT or not may_resend(line.status) or line.continued_by:
        return False
    return line.shared is None or has_left_here(desk, line)


def resend_referral(desk: Desk, referral: SubjectId) -> Resent:
    """Send the same to the same structure once more: the first is marked as replaced.

    The agreement given for that structure holds, unless it was taken back. Both bear the link, so
    that the code of either finds the two.

    Raises:
        UnknownRecordError: no such referral here, or not yet what the other structure received.
        AnswerNotAllowedError: it was received here, has not left, was answered or continued.
        ReferralNeedsAgreementError: the agreement was taken back: ask the person again.
    """
    own, line = desk.own_structure(), open_referral(desk, referral)
    if not may_be_resent(desk, line):
        raise AnswerNotAllowedError(status=REPLACED, present=line.status)

    def work(tx: Tx) -> Resent:
        if tx.one(_STANDING, (line.referral,)) is None:
            raise ReferralNeedsAgreementError
        pen = desk.pen(tx)
        row = tx.one("SELECT details FROM referrals WHERE referral = ?", (line.referral,))
        fields = _without(unpack_map(row[0]) if row else {}, "follows")
        fields |= {name: line.details.get(name) for name in RELAY_FIELDS}
        fields |= {"resends": line.referral, "shared": None}
        if line.shared is not None:
            content = _without(line.details, KNOWN_AS) | {"resends": line.shared}
            fields["shared"] = hand_over(pen, own, line, content)
        copy = pen.create(own.space, "referral", fields)
        note_step(tx, pen, line, {"status": REPLACED, "route": HERE})
        return Resent(referral=copy, changes=fold_subjects(tx, pen.touched))

    return desk.workspace.writer.write(work)


def reorienting(desk: Desk, referral: SubjectId) -> Reorienting:
    """Return what another structure would be asked, from a referral that leads nowhere.

    What the person said is taken up, but for what is sensitive, which is agreed to each time; how
    the relay was to be passed to the other structure is left out.

    Raises:
        UnknownRecordError: no such referral here.
        AnswerNotAllowedError: it was received here, goes on, or was continued already.
        NobodyToAskAgainError: nobody is named here who could agree.
    """
    line = open_referral(desk, referral)
    if line.direction != OUT or not may_reorient(line.status) or line.continued_by:
        raise AnswerNotAllowedError(status=REPLACED, present=line.status)
    if line.person is None:
        raise NobodyToAskAgainError
    proposed = _proposed(desk, line)
    with desk.workspace.read() as connection:
        said = _said(connection, line)
    reception = Reception(
        **said,
        mode=_BY_TELEPHONE,
        demand=line.demand,
        person=PersonDetails(known=line.person),
        referral=WantedReferral(
            to=proposed.reference if proposed else "",
            deadline_on=_text(line.details.get("deadline_on")),
            deadline_reason=_text(line.details.get("deadline_reason")),
            message=_text(line.details.get("message")),
            for_barrier=_text(line.kept_here.get("for_barrier")),
        ),
    )
    return Reorienting(line=line, person=line.person, reception=reception, proposed=proposed)


def _proposed(desk: Desk, line: ReferralLine) -> Recipient | None:
    proposals = [step.proposed for step in line.history if step.proposed is not None]
    if not proposals:
        return None
    try:
        return find_recipient(desk, proposals[-1].reference)
    except AppError:
        return None  # it is in their directory, and not in ours: the history says its name


_OF_DEMAND: Final = ("expressed", "analysed", "purpose")
_OF_MEETING: Final = (
    *("status", "level_reached", "diploma_obtained", "sex", "age_band", "commune"),
    *("can_travel", "mode_wished", "go_day", "go_half"),
)
_LISTS: Final = ("motives", "needs", "barriers")


def _said(connection: Any, line: ReferralLine) -> dict[str, Any]:
    row = connection.execute(
        "SELECT d.details, e.details FROM referrals r"
        " LEFT JOIN demands d ON d.demand = r.demand"
        " LEFT JOIN encounters e ON e.encounter = r.encounter WHERE r.referral = ?",
        (line.referral,),
    ).fetchone()
    demand, meeting = (unpack_map(packed) if packed else {} for packed in row)
    said: dict[str, Any] = {name: _text(demand.get(name)) for name in _OF_DEMAND}
    said |= {name: _text(meeting.get(name)) for name in _OF_MEETING}
    for name in _LISTS:
        codes = demand.get(name)
        said[name] = tuple(
            code
            for code in (codes if isinstance(codes, tuple) else ())
            if isinstance(code, str) and code not in SENSITIVE_CODES
        )
    languages, executive = meeting.get("languages"), meeting.get("executive")
    said["languages"] = languages if isinstance(languages, tuple) else ()
    said["executive"] = executive if isinstance(executive, bool) else None
    if said["status"] in SENSITIVE_CODES:
        said["status"] = ""
    return said


def _without(content: Mapping[str, Value], *names: str) -> dict[str, Value]:
    return {name: value for name, value in content.items() if name not in names}


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""
