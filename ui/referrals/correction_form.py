"""What was handed over, corrected in place: each field as it is, and what sending will change."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.referrals.sender_words import CHOICE, DAY, LINES, CorrectableField, CorrectionShown
from ui.widgets.choices import Choice, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.emptying import empty
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.labels import words
from ui.widgets.opening_form import OpeningForm
from ui.widgets.pausing_line import PausingLine


class CorrectionForm(OpeningForm):
    """Every field that may be corrected, and under them what changes. Parts: `correct_*`.

    Signals:
        edited(object): the fields as they are typed, by name, for a preview.
        sent(object): the fields to correct, by name.
        closed(): nothing is being corrected any more.
    """

    edited = Signal(object)
    sent = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(
            "correct",
            opens=self.tr("Corriger ce qui est transmis…"),
            sends=self.tr("Envoyer la correction"),
            icon="pencil",
            closes=self.tr("Ne rien changer"),
        )
        self._offered: tuple[CorrectableField, ...] = ()
        self._today = dt.date.min
        self._read: dict[str, Callable[[], str]] = {}
        self._flush: list[Callable[[], None]] = []
        self._inputs = QVBoxLayout()
        self._inputs.setSpacing(14)
        self._headline = words("", "strong")
        self._changes = words("")
        self._headline.setObjectName("correct_headline")
        self._changes.setObjectName("correct_changes")
        self.fields.addLayout(self._inputs)
        self.fields.addWidget(self._headline)
        self.fields.addWidget(self._changes)
        self.opened.connect(self._tell)
        self.submitted.connect(self._send_now)

    def offer(
        self, fields: Sequence[CorrectableField], today: dt.date, *, starts_again: bool
    ) -> None:
        """Offer these fields; what is being typed stays, unless it is for another referral."""
        if starts_again and self.is_open():
            self.close_form()
        if tuple(fields) == self._offered or (self.is_open() and not starts_again):
            return
        self._offered = tuple(fields)
        self._today = today
        self._read.clear()
        self._flush.clear()
        empty(self._inputs)
        for field in fields:
            labelled = self._labelled(field)
            self._inputs.addWidget(labelled)
            labelled.setVisible(True)
        first = self._inputs.itemAt(0)
        widget = first.widget() if first is not None else None
        self.first = widget.field if isinstance(widget, LabelledField) else None
        self.show_correction(CorrectionShown(headline=""))

    def close_form(self) -> None:
        """Hide the fields; what was typed waits there."""
        super().close_form()
        self.show_correction(CorrectionShown(headline=""))
        self.closed.emit()

    def values(self) -> Mapping[str, str]:
        """Return the fields as they are typed, by name."""
        return {name: read() for name, read in self._read.items()}

    def show_correction(self, shown: CorrectionShown) -> None:
        """Show what sending would change."""
        self._headline.setText(shown.headline)
        self._headline.setVisible(bool(shown.headline))
        self._changes.setText("\n".join(shown.lines))
        self._changes.setVisible(bool(shown.lines))

    def _tell(self) -> None:
        if self.is_open():
            self.edited.emit(self.values())

    def _send_now(self) -> None:
        for flush in self._flush:
            flush()
        self.sent.emit(self.values())

    def _labelled(self, field: CorrectableField) -> LabelledField:
        made = {CHOICE: self._choice, DAY: self._day, LINES: self._lines}
        widget = made.get(field.kind, self._line)(field)
        widget.setObjectName(f"correct_{field.field}")
        hint = self.tr("vider pour ne plus le transmettre") if field.kind != CHOICE else ""
        return LabelledField(field.label, widget, hint=hint if field.value else "")

    def _line(self, field: CorrectableField) -> QWidget:
        line = PausingLine(field.label)
        line.setText(field.value)
        line.paused.connect(self._tell)
        self._read[field.field] = line.text
        self._flush.append(line.flush)
        return line

    def _lines(self, field: CorrectableField) -> QWidget:
        text = GrowingText(field.label, lines=2, most_lines=8)
        text.set_text(field.value)
        text.paused.connect(self._tell)
        self._read[field.field] = text.text
        self._flush.append(text.flush)
        return text

    def _choice(self, field: CorrectableField) -> QWidget:
        none = Choice(code="", label=self.tr("Rien"))
        choices = [Choice(code=code, label=label) for code, label in field.choices]
        row = ChoiceRow(field.label, [*choices, none])
        row.set_value(field.value)
        row.chosen.connect(self._tell)
        self._read[field.field] = lambda: row.value() or ""
        return row

    def _day(self, field: CorrectableField) -> QWidget:
        is_birth = field.field == "birth_on"
        span = DateSpan.of_births(self._today) if is_birth else DateSpan.around(self._today)
        day = DateField(field.label, span=span)
        day.set_value(dt.date.fromisoformat(field.value) if field.value else None)
        day.date_changed.connect(self._tell)
        self._read[field.field] = lambda: _iso(day)
        return day


def _iso(field: DateField) -> str:
    """Return the day understood, else what is typed: it is refused, and never lost."""
    day = field.value()
    return day.isoformat() if day is not None else field.text().strip()
