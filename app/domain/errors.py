"""Every refusal of the desk, each with a code that the faces turn into a sentence.

Classes carry facts, never sentences: `ui/texts.py` says what happened and what to do. What the
world does (a wrong passphrase, a full disk, a network away) is expected and shown calmly; anything
that is not an `AppError` is our fault, is logged without personal data and shown once.
"""

from collections.abc import Sequence
from typing import ClassVar


class AppError(Exception):
    """Root of every refusal. `facts` fill the sentence; they never hold personal data in logs."""

    code: ClassVar[str] = ""

    def __init__(self, **facts: str | int) -> None:
        super().__init__(self.code)
        self.facts = facts


class UnreadableIdentifierError(AppError):
    """The text given is not an identifier of ours."""

    code = "unreadable_identifier"

    def __init__(self, text: str) -> None:
        super().__init__(text=text[:60])


class UnknownRecordError(AppError):
    """No record here has that identifier."""

    code = "unknown_record"

    def __init__(self, identifier: str) -> None:
        super().__init__(identifier=identifier)


class UnknownCommuneError(AppError):
    """No commune of the table has that code or name."""

    code = "unknown_commune"

    def __init__(self, text: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(text=text[:60], suggestions=", ".join(suggestions))


class UnknownVocabularyCodeError(AppError):
    """A word of the trade is not in its vocabulary."""

    code = "unknown_vocabulary_code"

    def __init__(self, vocabulary: str, text: str, suggestions: Sequence[str] = ()) -> None:
        super().__init__(
            vocabulary=vocabulary,
            text=text[:60],
            suggestions=", ".join(suggestions),
        )


class DirectoryError(AppError):
    """The directory of structures cannot be read."""

    code = "unreadable_directory"


class UnknownStructureError(AppError):
    """No structure of the directory has that identifier."""

    code = "unknown_structure"

    def __init__(self, text: str) -> None:
        super().__init__(text=text[:80])


class UnreadableInputError(AppError):
    """What was given is not JSON, or not JSON of the expected shape."""

    code = "unreadable_input"

    def __init__(self, *, where: str, problem: str, line: int = 0) -> None:
        super().__init__(where=where, problem=problem, line=line)


class UnreadablePictureError(AppError):
    """No QR code of this program is found in the picture."""

    code = "unreadable_picture"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class ReceptionError(AppError):
    """A reception that the rules of the trade refuse as it stands."""


class MissingExpressedDemandError(ReceptionError):
    """Nobody wrote what the person asks."""

    code = "missing_expressed_demand"


class BirthOutOfReachError(ReceptionError):
    """Nobody who is received was born before 1900, nor will be born later."""

    code = "birth_out_of_reach"

    def __init__(self, text: str) -> None:
        super().__init__(text=text)


class MomentOutOfReachError(ReceptionError):
    """A reception is neither before 2000 nor after tomorrow, by the clock of this machine."""

    code = "moment_out_of_reach"

    def __init__(self, text: str) -> None:
        super().__init__(text=text)


class AgreementToRecordMissingError(ReceptionError):
    """A name was given without the person's agreement to keep it."""

    code = "agreement_to_record_missing"


class PersonNameMissingError(ReceptionError):
    """A person is to be recorded and nobody wrote a name."""

    code = "person_name_missing"


class ReferralNeedsNoticeError(ReceptionError):
    """A referral leaves only after the information notice was given."""

    code = "referral_needs_notice"


class ReferralNeedsPersonError(ReceptionError):
    """A referral through the program needs a name."""

    code = "referral_needs_person"


class ReferralNeedsContactError(ReceptionError):
    """A referral through the program needs a way to reach the person."""

    code = "referral_needs_contact"


class ReferralNeedsAgreementError(ReceptionError):
    """Nobody noted whether the person agrees that this recipient receives their record."""

    code = "referral_needs_agreement"


class MinorAgreementMissingError(ReceptionError):
    """Nobody noted who agreed for a minor, or somebody too young agreed alone."""

    code = "minor_agreement_missing"


class SensitiveNeedsAgreementError(ReceptionError):
    """Something sensitive by law is written without the person's own agreement to it."""

    code = "sensitive_needs_agreement"


class ReferralToOneselfError(ReceptionError):
    """A structure cannot refer somebody to itself."""

    code = "referral_to_oneself"


class SlipFileRefusedError(AppError):
    """A slip goes as an encrypted file while a recipient without the program still wants it."""

    code = "slip_file_refused"


class RequestAlreadyAnsweredError(AppError):
    """Somebody answered that request already, here or on another machine."""

    code = "request_already_answered"


class AgreementAlreadyWithdrawnError(AppError):
    """That agreement was taken back already."""

    code = "agreement_already_withdrawn"


class AnswerNeedsWordsError(AppError):
    """Who is refused something, even in part, is told why."""

    code = "answer_needs_words"


class NothingToMergeError(AppError):
    """Two files are one already, or a file was merged into no other."""

    code = "nothing_to_merge"


class UnknownTemplateError(AppError):
    """No text to copy has that name."""

    code = "unknown_template"

    def __init__(self, template: str) -> None:
        super().__init__(template=template)


class TemplateRefusedError(AppError):
    """A text to copy has no name, no words, too many, or fields that nothing fills."""

    code = "template_refused"

    def __init__(self, fields: Sequence[str] = ()) -> None:
        super().__init__(fields=", ".join(fields))


class UnknownImportError(AppError):
    """No import that stands has that number."""

    code = "unknown_import"

    def __init__(self, number: str) -> None:
        super().__init__(number=number)


class UnexpectedFormatError(AppError):
    """A published file is of another format than the one that was said."""

    code = "unexpected_format"

    def __init__(self, *, found: str, expected: str) -> None:
        super().__init__(found=found, expected=expected)


class CorrectionRefusedError(AppError):
    """A field of the directory cannot be corrected here, or the value has not its form."""

    code = "correction_refused"

    def __init__(self, *, field: str, value: str) -> None:
        super().__init__(field=field, value=value)


class AnswerNotAllowedError(AppError):
    """This structure cannot give that answer to that referral."""

    code = "answer_not_allowed"

    def __init__(self, *, status: str, present: str) -> None:
        super().__init__(status=status, present=present)


class RefusalReasonMissingError(AppError):
    """A refusal without a reason leaves the first door blind."""

    code = "refusal_reason_missing"


class CompartmentClosedError(AppError):
    """The agent who is here holds no key of that compartment."""

    code = "compartment_closed"

    def __init__(self, compartment: str) -> None:
        super().__init__(compartment=compartment)


class NotEnrolledError(AppError):
    """The structure of this workspace is not certified by the Region yet."""

    code = "not_enrolled"


class WorkspaceError(AppError):
    """What can be wrong with the encrypted file, and is nobody's fault at the screen."""


class WorkspaceMissingError(WorkspaceError):
    """There is no workspace in that folder."""

    code = "workspace_missing"

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder)


class WorkspaceExistsError(WorkspaceError):
    """There is a workspace in that folder already: it is never written over."""

    code = "workspace_exists"

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder)


class NotForPracticeError(WorkspaceError):
    """The workspace was not made for practice: no invented person enters it."""

    code = "not_for_practice"

    def __init__(self, folder: str) -> None:
        super().__init__(folder=folder)


class WorkspaceDamagedError(WorkspaceError):
    """The file is there and cannot be read: truncated, overwritten, or not encrypted by us."""

    code = "workspace_damaged"


class WorkspaceFromTheFutureError(WorkspaceError):
    """A newer version of the program wrote this file."""

    code = "workspace_from_the_future"


class WorkspaceBusyError(WorkspaceError):
    """Another window or command holds this workspace."""

    code = "workspace_busy"


class DiskFullError(WorkspaceError):
    """The disk has no room left; nothing that was saved is lost."""

    code = "disk_full"


class DiskRefusedError(WorkspaceError):
    """The disk refuses to be written or read (rights, read-only medium, failing disk)."""

    code = "disk_refused"


class WrongPassphraseError(AppError):
    """The passphrase opens no slot; `wait_s` says how long before another attempt."""

    code = "wrong_passphrase"

    def __init__(self, wait_s: int = 0) -> None:
        super().__init__(wait_s=wait_s)


class TooSoonError(AppError):
    """Another attempt comes too soon after wrong ones."""

    code = "too_soon"

    def __init__(self, wait_s: int) -> None:
        super().__init__(wait_s=wait_s)


class WeakPassphraseError(AppError):
    """The passphrase is too short to protect people's lives."""

    code = "weak_passphrase"


class MissingPassphraseError(AppError):
    """No passphrase was given, and nobody is there to be asked."""

    code = "missing_passphrase"


class UnknownAgentError(AppError):
    """No agent of this workspace has that name."""

    code = "unknown_agent"

    def __init__(self, name: str) -> None:
        super().__init__(name=name[:60])


class ForgedEventError(AppError):
    """A name known here, of an event or of a place in a chain of bundles, came with other content.

    What came is quarantined, never applied.
    """

    code = "event_forged"
