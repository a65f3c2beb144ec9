"""What the sender can still do with a referral: ask somebody else, correct, send again, cancel."""

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from ui.referrals.correction_form import CorrectionForm
from ui.referrals.sender_words import CorrectionShown, SenderOffers
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.opening_form import OpeningForm
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps


class SenderPanel(SectionCard):
    """Only what can be done now is shown.

    Signals:
        reorient_wanted(): ask another structure.
        resumed(), resent(): take a cancellation back; send it again to the same structure.
        cancelled(str, str): cancel it, for that reason and with these words, if any.
        correction_typed(object), corrected(object): fields by name, as typed and to be sent.
        grew(object): a form opened, which is to be seen.
    """

    reorient_wanted = Signal()
    resumed = Signal()
    resent = Signal()
    cancelled = Signal(str, str)
    correction_typed = Signal(object)
    corrected = Signal(object)
    grew = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Votre envoi"), parent=parent)
        self._offers = SenderOffers()
        self._reorient = main_button(self.tr("Demander à une autre structure (Ctrl+R)"), "route")
        self._resume = quiet_button(self.tr("Rétablir"), "undo-2")
        self.correction = CorrectionForm()
        self._resend = TwoSteps(
            "resend",
            asks=self.tr("Renvoyer…"),
            does=self.tr("Renvoyer"),
            keeps=self.tr("Ne pas renvoyer"),
            icon="send",
        )
        self._cancel = OpeningForm(
            "cancel",
            opens=self.tr("Annuler cette mise en relation…"),
            sends=self.tr("Annuler la mise en relation"),
            icon="x",
            closes=self.tr("La garder"),
        )
        self._cancels = words("", "strong")
        self._reasons = ChoiceRow(self.tr("Raison de l’annulation"), ())
        self._words = GrowingText(self.tr("Mot joint à l’annulation"), lines=1, most_lines=4)
        self._problem = words("", "error")
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_offers(self, offers: SenderOffers, *, starts_again: bool) -> None:
        """Show what can be done now; `starts_again` empties what was begun for another one."""
        self.setVisible(not offers.is_empty)
        if starts_again:
            self.close_changes()
        self._offers = offers
        self._reorient.setVisible(offers.may_reorient)
        self._resume.setVisible(offers.may_resume)
        self.correction.offer(offers.fields, offers.today, starts_again=starts_again)
        self.correction.setVisible(bool(offers.fields))
        self._resend.setVisible(bool(offers.resends))
        self._resend.set_sentences([offers.resends] if offers.resends else [])
        self._cancel.setVisible(bool(offers.cancels))
        self._cancels.setText(offers.cancels)
        choices = [Choice(code=code, label=label) for code, label in offers.reasons]
        if [choice.code for choice in self._reasons.choices()] != [c.code for c in choices]:
            self._reasons.set_choices(choices)

    def show_correction(self, shown: CorrectionShown) -> None:
        """Show what a correction would do."""
        self.correction.show_correction(shown)

    def show_problem(self, sentence: str) -> None:
        """Say why what was wished is not done, where it was wished; nothing takes that away."""
        self.correction.show_problem(sentence if self.correction.is_open() else "")
        self._cancel.show_problem(sentence if self._cancel.is_open() else "")
        is_elsewhere = not (self.correction.is_open() or self._cancel.is_open())
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence) and is_elsewhere)
        if sentence and is_elsewhere:
            announce(self, sentence)

    def close_changes(self) -> None:
        """Put away what was filled."""
        for form in (self.correction, self._cancel):
            if form.is_open():
                form.close_form()
        self._resend.reset()
        self._reasons.set_value(None)
        self._words.set_text("")
        self._problem.hide()

    def wish_correction(self) -> None:
        """Open the fields, by a key."""
        if self._offers.fields:
            self.correction.wish_open()

    def wish_cancelling(self) -> None:
        """Open what cancels it, by a key of the list: nothing is done before the second step."""
        if self._offers.cancels:
            self._cancel.wish_open()

    def wish_reorienting(self) -> None:
        """Ask another structure, by a key."""
        if self._offers.may_reorient:
            self.reorient_wanted.emit()

    def _send_cancellation(self) -> None:
        self.cancelled.emit(self._reasons.value() or "", self._words.text())

    def _send_correction(self, values: Mapping[str, str]) -> None:
        self.corrected.emit(values)

    def _name_parts(self) -> None:
        self.setObjectName("sender_panel")
        self._reorient.setObjectName("reorient")
        self._resume.setObjectName("resume")
        self._reasons.setObjectName("cancel_reasons")
        self._words.setObjectName("cancel_words")
        self._problem.setObjectName("sender_problem")
        self._problem.hide()
        self._cancel.first = self._reasons

    def _lay_out(self) -> None:
        self._cancel.fields.addWidget(self._cancels)
        self._cancel.fields.addWidget(
            LabelledField(self.tr("Pourquoi"), self._reasons, hint=self.tr("si vous voulez"))
        )
        self._cancel.fields.addWidget(
            LabelledField(self.tr("Un mot"), self._words, hint=self.tr("si utile"))
        )
        left = Qt.AlignmentFlag.AlignLeft
        self.body.setSpacing(10)
        for button in (self._reorient, self._resume):
            self.body.addWidget(button, 0, left)
        for part in (self.correction, self._resend, self._cancel, self._problem):
            self.add(part)

    def _connect(self) -> None:
        self._reorient.clicked.connect(self.reorient_wanted)
        self._resume.clicked.connect(self.resumed)
        self._resend.confirmed.connect(self.resent)
        self._cancel.submitted.connect(self._send_cancellation)
        for form in (self.correction, self._cancel):
            form.opened.connect(partial(self.grew.emit, form))
        self.correction.edited.connect(self.correction_typed)
        self.correction.sent.connect(self._send_correction)
