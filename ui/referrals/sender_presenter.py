"""What the sender decides of a referral on its page: cancel, correct, send again. No Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes
from app.domain.errors import AppError
from app.domain.identifiers import SubjectId
from app.usecases.referral_changes import CorrectionPreview
from app.usecases.referrals import ReferralLine
from app.usecases.resending import Resent
from ui.referrals.sender_words import CorrectionShown, correction_shown
from ui.texts import sentence_for
from ui.widgets.referral_words import Label

if TYPE_CHECKING:
    from ui.running import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderActions:
    """What the page of a referral has done elsewhere. All but `publish` are called by the runner.

    Attributes:
        cancel: cancels one, with a reason and words if any (`cancel_referral`).
        resume: takes that back (`resume_referral`).
        preview: what a correction would do (`preview_correction`).
        correct: corrects one (`correct_referral`).
        resend: sends one again to the same structure (`resend_referral`).
        read: notes that corrections were read (`note_corrections_read`).
        has_left: says whether anything of it left this machine (`has_left_here`).
        publish: tells the other screens what changed (`ChangesHub.publish`).
        label: words of a code of a vocabulary.
        commune_name: the name of an INSEE code.
    """

    cancel: Callable[[SubjectId, str, str], Changes]
    resume: Callable[[SubjectId], Changes]
    preview: Callable[[SubjectId, Mapping[str, str]], CorrectionPreview]
    correct: Callable[[SubjectId, Mapping[str, str]], Changes]
    resend: Callable[[SubjectId], Resent]
    read: Callable[[SubjectId], Changes]
    has_left: Callable[[ReferralLine], bool]
    publish: Callable[[Changes], None]
    label: Label
    commune_name: Callable[[str], str]


class SenderScreen(Protocol):
    """What the page can show of it."""

    def show_correction(self, shown: CorrectionShown) -> None:
        """Show what a correction would do, before it is sent."""
        ...

    def show_change_problem(self, sentence: str) -> None:
        """Say, where it was wished, why it is not done; nothing takes that away."""
        ...

    def close_changes(self) -> None:
        """Put away what was filled: it is done."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...

    def say_undoable(self, text: str, undo: Callable[[], None]) -> None:
        """Say what was just done, with a way back."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What surrounds it: `refresh` reads the page again, `open` shows another referral."""

    refresh: Callable[[], None]
    open: Callable[[SubjectId], None]


class SenderPresenter:
    """Decides for the sender's part of the page. It must be held, by the other presenter."""

    def __init__(
        self, view: SenderScreen, actions: SenderActions, runner: "Runner", around: Around
    ) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._around = around
        self._newest = 0

    def cancel(self, referral: SubjectId, reason: str, message: str) -> None:
        """Cancel a referral, with a way back."""

        def done(changes: Changes) -> None:
            self._view.close_changes()
            self._moved(changes)
            self._view.say_undoable("Mise en relation annulée", lambda: self.resume(referral))

        self._run(lambda: self._actions.cancel(referral, reason, message), done)

    def resume(self, referral: SubjectId) -> None:
        """Take a cancellation back."""

        def done(changes: Changes) -> None:
            self._moved(changes)
            self._view.say("Mise en relation rétablie")

        self._run(lambda: self._actions.resume(referral), done)

    def preview(self, referral: SubjectId, wanted: Mapping[str, str]) -> None:
        """Show what a correction would do; only the newest answer is heard."""
        self._newest += 1
        asked, actions = self._newest, self._actions

        def shown(preview: CorrectionPreview) -> None:
            if asked == self._newest:
                self._view.show_change_problem("")
                words = correction_shown(preview, actions.label, actions.commune_name)
                self._view.show_correction(words)

        def refused(error: Exception) -> None:
            if asked == self._newest:
                self._view.show_correction(CorrectionShown(headline=sentence_for(error)))
            _report(error)

        self._runner.run(lambda: actions.preview(referral, wanted), shown, refused)

    def correct(self, referral: SubjectId, wanted: Mapping[str, str]) -> None:
        """Correct what was handed over."""
        self._newest += 1

        def done(changes: Changes) -> None:
            self._view.close_changes()
            self._moved(changes)
            self._view.say("Correction enregistrée ici · à envoyer")

        self._run(lambda: self._actions.correct(referral, wanted), done)

    def resend(self, referral: SubjectId) -> None:
        """Send it again to the same structure, and show the copy."""

        def done(resent: Resent) -> None:
            self._around.open(resent.referral)
            self._actions.publish(resent.changes)
            self._view.say("Renvoyée\u202f: voici la copie, sous son nouveau code")

        self._run(lambda: self._actions.resend(referral), done)

    def note_read(self, referral: SubjectId) -> None:
        """Note that somebody read what the sender corrected."""
        self._runner.run(lambda: self._actions.read(referral), self._moved, self._not_read)

    def _not_read(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        _report(error)

    def _moved(self, changes: Changes) -> None:
        self._around.refresh()
        self._actions.publish(changes)

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        self._runner.run(work, done, self._failed)

    def _failed(self, error: Exception) -> None:
        self._view.show_change_problem(sentence_for(error))
        _report(error)


def _report(error: Exception) -> None:
    if not isinstance(error, AppError):
        raise error  # our fault: the program's own report of faults must hear of it
