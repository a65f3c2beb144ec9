"""The two forms of the card « Ses droits »: what a person asks, what is answered."""

import datetime as dt
from collections.abc import Sequence

from PySide6.QtCore import Signal

from app.domain.identifiers import SubjectId
from app.domain.rights import NEEDS_WORDS
from ui.person.rights_page import NewRequest, Offer
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.opening_form import OpeningForm
from ui.widgets.text_watch import TextWatch

_OLDEST_REQUEST = dt.timedelta(days=10 * 366)
_FIRST_SPAN = DateSpan(earliest=dt.date(2016, 1, 1), latest=dt.date(2100, 1, 1))


class AskForm(OpeningForm):
    """What a person asks about what is kept of them.

    Signals:
        asked(object): a `NewRequest` as it stands; the presenter says what it lacks.
    """

    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "request",
            opens=self.tr("&Noter une demande"),
            sends=self.tr("Noter cette demande"),
            icon="pencil",
        )
        self._kind = ChoiceRow(self.tr("Ce que la personne demande"), ())
        self._day = DateField(self.tr("Jour de la demande"), span=_FIRST_SPAN)
        self._words = GrowingText(self.tr("Avec ses mots"), lines=2, most_lines=8)
        self._words_field = LabelledField(
            self.tr("&Avec ses mots"), self._words, hint=self.tr("si utile")
        )
        self._kind.setObjectName("request_kind")
        self._day.setObjectName("request_day")
        self._words.setObjectName("request_words")
        self.first = self._kind
        self.fields.addWidget(LabelledField(self.tr("Ce que la personne &demande"), self._kind))
        self.fields.addWidget(
            LabelledField(
                self.tr("&Jour de la demande"), self._day, hint=self.tr("vide\u202f: aujourd’hui")
            )
        )
        self.fields.addWidget(self._words_field)
        self._watch = TextWatch(self._words_field, self._words)
        self.submitted.connect(self._submit)

    def offer(self, kinds: Sequence[Offer], today: dt.date) -> None:
        """Offer what may be asked, and the days on which it may have been."""
        choices = _choices(kinds)
        if choices != list(self._kind.choices()):
            self._kind.set_choices(choices)
        self._day.set_span(DateSpan(earliest=today - _OLDEST_REQUEST, latest=today))

    def clear(self) -> None:
        """Forget what was typed and close."""
        self._kind.set_value(None)
        self._day.set_value(None)
        self._words.set_text("")
        self.close_form()

    def _submit(self) -> None:
        self.show_problem("")
        self.asked.emit(
            NewRequest(
                kind=self._kind.value() or "",
                asked_on=self._day.value(),
                day_problem="" if self._day.is_readable() else self._day.problem(),
                words=self._words.text(),
            )
        )


class AnswerForm(OpeningForm):
    """What is answered to one request.

    Signals:
        answered(object, str, str): the `SubjectId` of the request, a code, words as they stand.
    """

    answered = Signal(object, str, str)

    def __init__(self, request: SubjectId) -> None:
        super().__init__(
            "answer",
            opens=self.tr("Noter la réponse"),
            sends=self.tr("Noter cette réponse"),
            icon="check",
        )
        self._request = request
        self._answer = ChoiceRow(self.tr("Réponse"), ())
        self._words = GrowingText(self.tr("Ce qui lui est dit"), lines=2, most_lines=8)
        self._words_field = LabelledField(self.tr("&Ce qui lui est dit"), self._words)
        self._answer.setObjectName("answer_choice")
        self._words.setObjectName("answer_words")
        self.first = self._answer
        self.fields.addWidget(LabelledField(self.tr("&Réponse"), self._answer))
        self.fields.addWidget(self._words_field)
        self._watch = TextWatch(self._words_field, self._words)
        self._answer.chosen.connect(self._fit)
        self.submitted.connect(self._submit)

    def offer(self, answers: Sequence[Offer]) -> None:
        """Offer what may be answered."""
        self._hints = {offer.code: offer.hint for offer in answers}
        choices = _choices(answers)
        if choices != list(self._answer.choices()):
            self._answer.set_choices(choices)

    def _fit(self, code: str) -> None:
        self._words.setPlaceholderText(self._hints.get(code, "") if code in NEEDS_WORDS else "")
        self.show_problem("")

    def _submit(self) -> None:
        self.show_problem("")
        code = self._answer.value() or ""
        self.answered.emit(self._request, code, self._words.text())


def _choices(offers: Sequence[Offer]) -> list[Choice]:
    return [Choice(code=one.code, label=one.label, hint=one.hint) for one in offers]
