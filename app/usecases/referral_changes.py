"""What is done with a referral once it is made: cancelled, taken up again, corrected, read."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.changes import Changes
from app.domain.errors import (
    AnswerNotAllowedError,
    PersonNameMissingError,
    ReferralNeedsContactError,
)
from app.domain.events import Append, Value
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.domain.referral import (
    CANCELLED,
    CORRECTED,
    CORRECTION_READ,
    HERE,
    KNOWN_AS,
    RESUMED,
    FieldChange,
    may_correct,
    may_follow,
)
from app.domain.referral_corrections import VOCABULARY_OF_RELAY, changes_wanted
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.masking import masked_value
from app.usecases.reception_words import check_birth, check_text
from app.usecases.referral_lines import OUT, ReferralLine
from app.usecases.referral_steps import hand_over, has_left, note_step, space_of
from app.usecases.referrals import open_referral

CANCELLATION_REASON = "cancellation_reason"
"""The vocabulary of why a referral is cancelled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionPreview:
    """What a correction would do.

    Attributes:
        to_name: who reads it.
        changes: what changes, field by field.
        leaves: everything that the recipient then holds.
        waits: nothing of it has left this machine: what was typed first never will.
        is_on_paper: nothing leaves by the program; the sheet is printed again.
    """

    to_name: str
    changes: tuple[FieldChange, ...]
    leaves: Mapping[str, Value]
    waits: bool
    is_on_paper: bool


def cancel_referral(
    desk: Desk, referral: SubjectId, *, reason: str = "", message: str = ""
) -> Changes:
    """Cancel a referral that was sent; one that has not left this machine never leaves.

    Raises:
        UnknownRecordError: no such referral here, or not yet what the other structure received.
        AnswerNotAllowedError: it was received here, or is over already.
        UnknownVocabularyCodeError: nobody knows that reason.
    """
    line = _own_line(desk, referral, CANCELLED)
    if reason:
        desk.reference.vocabularies.check(CANCELLATION_REASON, reason)
    said = (("reason", reason), ("message", masked_value(message.strip())))
    return _note(desk, line, {"status": CANCELLED} | {name: text for name, text in said if text})


def resume_referral(desk: Desk, referral: SubjectId) -> Changes:
    """Take a cancellation back: the referral stands where it stood, and both doors read so.

    Raises:
        UnknownRecordError: no such referral here.
        AnswerNotAllowedError: it is not cancelled, or was received here.
    """
    return _note(desk, _own_line(desk, referral, RESUMED), {"status": RESUMED})


def preview_correction(
    desk: Desk, referral: SubjectId, wanted: Mapping[str, str]
) -> CorrectionPreview:
    """Return what a correction would change and what the recipient would then hold.

    It raises what `correct_referral` does.
    """
    return _planned(desk, referral, wanted)[1]


def correct_referral(desk: Desk, referral: SubjectId, wanted: Mapping[str, str]) -> Changes:
    """Correct what was handed over, field by field; an empty text takes a field out.

    What has left gets a new version, that the recipient reads beside the former. What has not left
    is taken out of those that wait and goes corrected, under the code it had: of what was typed
    first nothing leaves. Numbers that may not be kept are masked.

    Raises:
        UnknownRecordError: no such referral here, or not yet what the other structure received.
        AnswerNotAllowedError: it was received here, or is over.
        NotCoveredByAgreementError: it would hand over something of the person that did not leave.
        NothingToCorrectError: everything says that already.
        PersonNameMissingError, ReferralNeedsContactError: nobody could be received with the rest.
        UnreadableInputError, BirthOutOfReachError, UnknownVocabularyCodeError: what is typed.
    """
    own = desk.own_structure()
    line, preview = _planned(desk, referral, wanted)
    told: dict[str, Value] = {
        change.field: {"was": change.was or "", "became": change.became or ""}
        for change in preview.changes
    }
    value: dict[str, Value] = {"status": CORRECTED, "route": HERE, "changes": told}

    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        if line.shared is not None and not has_left(tx.db.conn, line.shared):
            copy = hand_over(pen, own, line, {**preview.leaves, KNOWN_AS: line.short_id})
            pen.erase(space_of(tx, line.shared), line.shared)
            pen.change(own.space.id, line.referral, "referral", {"shared": copy})
            item = Append(list_name="answers", value=value)
            pen.change(own.space.id, line.referral, "referral_answer", {}, appends=(item,))
        else:
            note_step(tx, pen, line, value)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def note_corrections_read(desk: Desk, referral: SubjectId) -> Changes:
    """Note that somebody here opened what the sender corrected; nothing when all was read.

    Raises:
        UnknownRecordError: no such referral here.
    """
    line = open_referral(desk, referral)
    if not line.unread:
        return Changes()
    return _note(desk, line, {"status": CORRECTION_READ, "read": line.unread})


def has_left_here(desk: Desk, line: ReferralLine) -> bool:
    """Did what both doors read leave this machine, or come to it? Nothing does on paper."""
    if line.shared is None:
        return False
    with desk.workspace.read() as connection:
        return has_left(connection, line.shared)


def _own_line(desk: Desk, referral: SubjectId, status: str) -> ReferralLine:
    line = open_referral(desk, referral)
    is_ready = may_correct(line.status) if status == CORRECTED else may_follow(line.status, status)
    if line.direction != OUT or not is_ready:
        raise AnswerNotAllowedError(status=status, present=line.status)
    return line


def _note(desk: Desk, line: ReferralLine, value: Mapping[str, Value]) -> Changes:
    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        note_step(tx, pen, line, {"route": HERE, **value})
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def _planned(
    desk: Desk, referral: SubjectId, wanted: Mapping[str, str]
) -> tuple[ReferralLine, CorrectionPreview]:
    line = _own_line(desk, referral, CORRECTED)
    typed = {field: str(masked_value(text)) for field, text in wanted.items()}
    _check_words(desk, typed)
    changes = changes_wanted(line.details, typed)
    leaves = dict(line.details)
    for change in changes:
        leaves.pop(change.field, None)
        if change.became is not None:
            leaves[change.field] = change.became
    waits = False
    if line.shared is not None:
        _check_still_reached(leaves)
        waits = not has_left_here(desk, line)
    return line, CorrectionPreview(
        to_name=line.to_name,
        changes=changes,
        leaves=leaves,
        waits=waits,
        is_on_paper=line.shared is None,
    )


def _check_words(desk: Desk, wanted: Mapping[str, str]) -> None:
    for field, text in wanted.items():
        check_text(field, text)
        if text and field in VOCABULARY_OF_RELAY:
            desk.reference.vocabularies.check(VOCABULARY_OF_RELAY[field], text)
    if wanted.get("birth_on"):
        check_birth(desk, wanted["birth_on"])


def _check_still_reached(content: Mapping[str, Value]) -> None:
    def left(field: str) -> str:
        text = content.get(field)
        return text if isinstance(text, str) else ""

    person = PersonDetails(
        given_name=left("given_name"),
        family_name=left("family_name"),
        telephone=left("telephone"),
        email=left("email"),
        address=left("address"),
    )
    if not person.has_name:
        raise PersonNameMissingError
    if not person.has_contact:
        raise ReferralNeedsContactError
