"""Answering a referral: a few keys, a reason when it is a refusal, a word if there is one."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.domain.referral import BY_EMAIL, BY_PAPER, BY_TELEPHONE, REFUSED
from app.domain.sensitive_words import SensitiveWords
from app.usecases.recipients import Recipient
from app.usecases.referrals import Answer
from ui.referrals.page import AnswerOffers, Offer
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion
from ui.widgets.text_watch import TextWatch


class AnswerPanel(SectionCard):
    """What can be answered from here.

    Signals:
        submitted(object): an `Answer` as it stands; the presenter says what it lacks. Its route is
            empty when the answer is made here.
        structure_typed(str): words of the structure that would do instead; propose some.
    """

    submitted = Signal(object)
    structure_typed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._offers = AnswerOffers(own=(), reported=(), reasons=(), reader="")
        self._first = ChoiceRow(self.tr("Réponse"), ())
        self._reported = ChoiceRow(self.tr("La structure a répondu"), ())
        self._reasons = ChoiceRow(self.tr("Raison du refus"), ())
        self._message = GrowingText(self.tr("Message"), lines=2, most_lines=8)
        self._proposed = SuggestField(
            self.tr("Structure qui conviendrait"),
            placeholder=self.tr("Nom, commune ou réseau"),
            takes_first=True,
        )
        self._reference = ""
        self._proposed_field = LabelledField(
            self.tr("Qui conviendrait"), self._proposed, hint=self.tr("si vous le savez")
        )
        self._reported_field = LabelledField(self.tr("La structure a répondu"), self._reported)
        self._reasons_field = LabelledField(self.tr("Pourquoi ce refus"), self._reasons)
        self._message_field = LabelledField(
            self.tr("Message"), self._message, hint=self.tr("si utile")
        )
        self._watch = TextWatch(self._message_field, self._message)
        self._problem = words("", "error")
        self._send = main_button(self.tr("Enregistrer la réponse"), "check")
        self._nothing = words(self.tr("Il n’y a plus de réponse à donner."), "soft")
        self._name_parts()
        self._lay_out()
        self._connect()

    def remind_about(self, words: SensitiveWords) -> None:
        """Remind, when one of these words is written, that the person may read the message."""
        self._watch.set_words(words)

    def show_offers(self, offers: AnswerOffers, *, starts_again: bool) -> None:
        """Offer what can be answered now; `starts_again` empties what was begun."""
        self._name_for(is_sender=offers.is_for_sender)
        self._nothing.setVisible(offers.is_empty)
        for part in (self._first, self._message_field, self._send):
            part.setVisible(not offers.is_empty)
        if offers != self._offers or starts_again:
            self._offers = offers
            self._first.set_choices([*self._routes(), *_choices(offers.own)])
            self._reported.set_choices(_choices(offers.reported))
            self._reasons.set_choices(_choices(offers.reasons))
            self._begin_again()
        self._fit()

    def show_problem(self, sentence: str) -> None:
        """Say why the answer is not recorded, and go where it can be mended."""
        self._problem.setText(sentence)
        self._problem.setVisible(bool(sentence))
        if not sentence:
            return
        announce(self._send, sentence)
        self._lacking().setFocus(Qt.FocusReason.OtherFocusReason)

    def take_focus(self) -> None:
        """Let the digits answer at once."""
        if not self._offers.is_empty:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)

    def submit(self) -> None:
        """Send the answer as it stands."""
        if self._offers.is_empty:
            return
        self.show_problem("")
        self.submitted.emit(
            Answer(
                status=self._status(),
                reason=self._reasons.value() or "",
                message=self._message.text(),
                route=self._route(),
                proposed=self._reference if self._asks_structure() else "",
            )
        )

    def show_structures(self, query: str, structures: Sequence[Recipient]) -> None:
        """Propose structures under the field, if it still says what was asked."""
        rows = [
            Suggestion(label=one.name, value=one, detail=one.commune, icon="building-2")
            for one in structures
        ]
        self._proposed.show_suggestions(rows, query=query)

    def _routes(self) -> list[Choice]:
        if not self._offers.reported:
            return []
        return [
            Choice(code=BY_TELEPHONE, label=self.tr("Réponse reçue par téléphone")),
            Choice(code=BY_PAPER, label=self.tr("Réponse reçue sur papier")),
            Choice(code=BY_EMAIL, label=self.tr("Réponse reçue par courriel")),
        ]

    def _route(self) -> str:
        chosen = self._first.value() or ""
        return chosen if chosen in {BY_TELEPHONE, BY_PAPER, BY_EMAIL} else ""

    def _status(self) -> str:
        return (self._reported.value() if self._route() else self._first.value()) or ""

    def _lacking(self) -> QWidget:
        if not self._status():
            return self._reported if self._route() else self._first
        if self._status() == REFUSED and not self._reasons.value():
            return self._reasons
        return self._message

    def _begin_again(self) -> None:
        for row in (self._first, self._reported, self._reasons):
            row.set_value(None)
        self._message.set_text("")
        self._proposed.set_text("")
        self._reference = ""
        self.show_problem("")

    def _asks_structure(self) -> bool:
        reason = self._reasons.value()
        asks = {offer.code for offer in self._offers.reasons if offer.asks_structure}
        return self._status() == REFUSED and reason in asks

    def _retyped(self, text: str) -> None:
        self._reference = ""
        self.structure_typed.emit(text)

    def _take(self, structure: object) -> None:
        if isinstance(structure, Recipient):
            self._reference = structure.reference
            self._proposed.set_text(structure.name)

    def _fit(self) -> None:
        """Show the questions that the choices made so far call for."""
        self._reported_field.setVisible(bool(self._route()))
        is_refusal = self._status() == REFUSED
        self._reasons_field.setVisible(is_refusal)
        self._proposed_field.setVisible(self._asks_structure())
        hints = {offer.code: offer.hint for offer in self._offers.reasons}
        hint = hints.get(self._reasons.value() or "", "") if is_refusal else ""
        self._message.setPlaceholderText(hint or self._placeholder())

    def _placeholder(self) -> str:
        if self._offers.reported:
            return self.tr("Ce qui vous a été dit, en une phrase")
        return self.tr("Lu par {reader}").format(reader=self._offers.reader)

    def _name_for(self, *, is_sender: bool) -> None:
        """Say what is noted here: what became of one's own sending, or one's answer."""
        self.set_title(self.tr("Suivre") if is_sender else self.tr("Répondre"))
        does = self.tr("Enregistrer") if is_sender else self.tr("Enregistrer la réponse")
        self._send.setText(does)
        self._send.setToolTip(self.tr("{does} (Ctrl+Entrée)").format(does=does))

    def _name_parts(self) -> None:
        self._first.setObjectName("answers")
        self._reported.setObjectName("reported_answers")
        self._reasons.setObjectName("refusal_reasons")
        self._proposed.setObjectName("proposed_structure")
        self._message.setObjectName("answer_message")
        self._problem.setObjectName("answer_problem")
        self._problem.hide()
        self._send.setObjectName("answer_send")

    def _lay_out(self) -> None:
        for part in (
            self._nothing,
            self._first,
            self._reported_field,
            self._reasons_field,
            self._proposed_field,
            self._message_field,
            self._problem,
        ):
            self.add(part)
        self.body.addWidget(self._send, 0, Qt.AlignmentFlag.AlignLeft)

    def _connect(self) -> None:
        for row in (self._first, self._reported, self._reasons):
            row.chosen.connect(self._chosen)
        self._proposed.query_changed.connect(self._retyped)
        self._proposed.chosen.connect(self._take)
        self._send.clicked.connect(self.submit)

    def _chosen(self, _code: str) -> None:
        self._problem.hide()
        self._fit()


def _choices(offers: Sequence[Offer]) -> list[Choice]:
    return [Choice(code=offer.code, label=offer.label, hint=offer.hint) for offer in offers]
