"""The screen of referrals: the list, and one of them in its place."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ui.referrals.detail_page import DetailPage
from ui.referrals.list_page import ListPage
from ui.referrals.page import ReferralPage, ReferralRow
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.keys_within import grant_within
from ui.widgets.list_and_page import ListAndPage

if TYPE_CHECKING:
    from app.domain.identifiers import SubjectId
    from app.domain.sensitive_words import SensitiveWords
    from app.usecases.recipients import Recipient
    from ui.referrals.presenter import Filters, ReferralPresenter
    from ui.referrals.sender_presenter import SenderPresenter
    from ui.referrals.sender_words import CorrectionShown


class ReferralsView(ListAndPage["ReferralPresenter", "SubjectId"]):
    """The list of a group, and the page where one answers.

    Signals:
        print_wanted(object, object): show the papers of a referral, and of the person whose it is
            when their file is here (else None).
        file_wanted(object, object): as `print_wanted`, for its encrypted file.
        message_wanted(object): copy the text of an SMS that says where a referral leads.
        correction_wanted(str): correct the structure it goes to, in the directory.
        reorient_wanted(object): ask another structure, from the referral of that `SubjectId`.
        undoable(str, object): what was just done, and the callable that takes it back.
    """

    print_wanted = Signal(object, object)
    file_wanted = Signal(object, object)
    message_wanted = Signal(object)
    correction_wanted = Signal(str)
    reorient_wanted = Signal(object)
    undoable = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        listed, page = ListPage(), DetailPage()
        super().__init__(listed, page, focus_list=listed.take_focus, parent=parent)
        self._list = listed
        self._page = page
        self._person: SubjectId | None = None
        self._to_cancel: SubjectId | None = None
        self._connect()

    def attach(self, presenter: "ReferralPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        super().attach(presenter)
        self._list.direction_chosen.connect(presenter.choose_direction)
        self._list.group_chosen.connect(presenter.choose_group)
        self._list.opened.connect(presenter.open)
        self._page.back_wanted.connect(presenter.close)
        self._page.answer.submitted.connect(presenter.answer)
        self._page.answer.structure_typed.connect(presenter.propose)
        self._page.link_opened.connect(presenter.open)
        self._list.sought.connect(presenter.seek)
        self._list.cancel_wanted.connect(self._open_to_cancel)
        self._attach_sender(presenter.sender)

    def remind_about(self, words: "SensitiveWords") -> None:
        """Remind whoever writes an answer that the person may read these words."""
        self._page.answer.remind_about(words)

    def show_filter(self, group: str, direction: str) -> None:
        """List a group, by its name in the counts of the day (`to_answer`, `awaiting`…)."""
        if self._presenter is not None:
            self._presenter.show_filter(group, direction)

    def open_referral(self, referral: "SubjectId") -> None:
        """Open a referral, as another screen wishes."""
        if self._presenter is not None:
            self._presenter.open(referral)

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("Entrée"), does=self.tr("ouvrir la mise en relation")),
            KeyHint(keys=self.tr("1 à 9"), does=self.tr("choisir une réponse ou une raison")),
            KeyHint(keys=self.tr("Ctrl+Entrée"), does=self.tr("enregistrer la réponse")),
            KeyHint(keys=self.tr("Suppr"), does=self.tr("annuler celle de la liste")),
            KeyHint(keys=self.tr("Ctrl+U"), does=self.tr("corriger ce qui est transmis")),
            KeyHint(keys=self.tr("Ctrl+R"), does=self.tr("demander à une autre structure")),
            KeyHint(keys=self.tr("Ctrl+F"), does=self.tr("chercher un code ou un nom")),
            KeyHint(keys=self.tr("Ctrl+P"), does=self.tr("imprimer la fiche de liaison")),
            KeyHint(keys=self.tr("Ctrl+E"), does=self.tr("fichier chiffré, sans le programme")),
            KeyHint(keys=self.tr("Ctrl+M"), does=self.tr("copier le SMS")),
            KeyHint(keys=self.tr("F7"), does=self.tr("corriger l’annuaire")),
            KeyHint(keys=self.tr("Échap"), does=self.tr("revenir à la liste")),
        )

    def show_rows(self, rows: Sequence[ReferralRow], filters: "Filters") -> None:
        """See `ReferralScreen.show_rows`."""
        self._notice.hide_notice()
        self._list.show_rows(rows, filters)

    def show_page(self, page: ReferralPage) -> None:
        """See `ReferralScreen.show_page`."""
        is_same = self._is_open(page.referral)
        self._person = page.person
        self._page.show_page(page, starts_again=not is_same)
        if is_same:
            return
        self._notice.hide_notice()
        self._open(page.referral)
        self._page.enter()
        if page.referral == self._to_cancel:
            self._page.sending.wish_cancelling()
        self._to_cancel = None

    def show_answer_problem(self, sentence: str) -> None:
        """See `ReferralScreen.show_answer_problem`."""
        self._page.answer.show_problem(sentence)

    def show_structures(self, query: str, structures: "Sequence[Recipient]") -> None:
        """See `ReferralScreen.show_structures`."""
        self._page.answer.show_structures(query, structures)

    def show_correction(self, shown: "CorrectionShown") -> None:
        """See `SenderScreen.show_correction`."""
        self._page.show_correction(shown)

    def show_change_problem(self, sentence: str) -> None:
        """See `SenderScreen.show_change_problem`."""
        self._page.sending.show_problem(sentence)

    def close_changes(self) -> None:
        """See `SenderScreen.close_changes`."""
        self._page.sending.close_changes()

    def say_undoable(self, text: str, undo: "Callable[[], None]") -> None:
        """See `SenderScreen.say_undoable`."""
        self.undoable.emit(text, undo)

    def _open_to_cancel(self, referral: "SubjectId") -> None:
        """Open a referral where it is cancelled, in its second step."""
        self._to_cancel = referral
        self.open_referral(referral)

    def _attach_sender(self, presenter: "SenderPresenter") -> None:
        """Tell the presenter which referral each wish is about: the one on the page."""
        panel = self._page.sending

        def about(wish: "Callable[..., None]") -> "Callable[..., None]":
            return lambda *said: None if self._opened is None else wish(self._opened, *said)

        panel.cancelled.connect(about(presenter.cancel))
        panel.resumed.connect(about(presenter.resume))
        panel.resent.connect(about(presenter.resend))
        panel.correction_typed.connect(about(presenter.preview))
        panel.corrected.connect(about(presenter.correct))
        panel.reorient_wanted.connect(about(self.reorient_wanted.emit))

    def _wish_papers(self) -> None:
        if self._opened is not None:
            self.print_wanted.emit(self._opened, self._person)

    def _wish_file(self) -> None:
        if self._opened is not None and self._page.may_be_locked():
            self.file_wanted.emit(self._opened, self._person)

    def _wish_message(self) -> None:
        if self._opened is not None:
            self.message_wanted.emit(self._opened)

    def _connect(self) -> None:
        self._page.print_wanted.connect(self._wish_papers)
        self._page.file_wanted.connect(self._wish_file)
        self._page.message_wanted.connect(self._wish_message)
        self._page.correction_wanted.connect(self.correction_wanted)
        self._page.copied.connect(
            lambda text: self.said.emit(self.tr("Copié\u202f: {text}").format(text=text))
        )
        for keys, wish in (
            (QKeySequence(Qt.Key.Key_Escape), self._page.back_wanted.emit),
            (QKeySequence("Ctrl+Return"), self._page.answer.submit),
            (QKeySequence("Ctrl+Enter"), self._page.answer.submit),
            (QKeySequence("Ctrl+P"), self._wish_papers),
            (QKeySequence("Ctrl+E"), self._wish_file),
            (QKeySequence("Ctrl+M"), self._wish_message),
            (QKeySequence("F7"), self._page.wish_correction),
            (QKeySequence("Ctrl+U"), self._page.sending.wish_correction),
            (QKeySequence("Ctrl+R"), self._page.sending.wish_reorienting),
        ):
            self._on_page(keys, wish)
        grant_within(self._list, QKeySequence("Ctrl+F"), self._list.seek)
