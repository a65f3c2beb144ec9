"""A date typed as it comes: read at once, shown back in words, the swapped one offered."""

import re
from collections.abc import Callable
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.announcements import announce
from ui.widgets.buttons import link_button
from ui.widgets.date_text import (
    DateProblem,
    DateSpan,
    DateTextError,
    ReadDate,
    long_date,
    read_date,
)
from ui.widgets.flow_layout import FlowLayout
from ui.widgets.labels import words
from ui.widgets.sheet_state import set_state

# A whole date whose short year may be the beginning of a long one.
_MAY_GO_ON = re.compile(r"^(\d{4}|\d{1,2}\D+\d{1,2}\D+|\d{1,2}\D+)(19|20)$")
_LONGEST = "30 septembre 1978"
_ROOM_PX = 40


class DateField(QWidget):
    """One line that takes 12031978, 12/3/78, 1978-03-12 or « 12 mars 1978 ».

    Signals:
        date_changed(object): the `date` understood while typing, or None while there is none.
    """

    date_changed = Signal(object)

    def __init__(self, name: str, *, span: DateSpan, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._span = span
        self._reading: ReadDate | None = None
        self.line = QLineEdit()
        self._understood = words("", "understood")
        self._swap = link_button("")
        self._name_parts(name)
        self._lay_out()
        self.line.textEdited.connect(self._read_typed)
        self.line.editingFinished.connect(self._leave)
        self._swap.clicked.connect(self._take_swapped)

    def value(self) -> date | None:
        """Return the date understood, or None."""
        return self._reading.day if self._reading else None

    def set_value(self, day: date | None) -> None:
        """Show a date without a signal."""
        self.line.setText(long_date(day) if day else "")
        self._show(ReadDate(day=day) if day else None)

    def set_span(self, span: DateSpan) -> None:
        """Take other days from now on; what is written stays."""
        self._span = span

    def text(self) -> str:
        """Return what is written, which may be no date."""
        return self.line.text()

    def set_text(self, text: str) -> None:
        """Write a text as if found in a draft, without a signal."""
        self.line.setText(text)
        self._read(text, is_final=True)

    def is_readable(self) -> bool:
        """Say whether the field is empty or holds a date."""
        return self._reading is not None or not self.line.text().strip()

    def problem(self) -> str:
        """Return in words why the text is no date, or nothing."""
        try:
            read_date(self.line.text(), self._span)
        except DateTextError as error:
            return self._explain(error.problem) if self.line.text().strip() else ""
        return ""

    def changeEvent(self, event: QEvent) -> None:
        """Fit the line when the text changes size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _read_typed(self, text: str) -> None:
        # « 25/03/19 » may go on as 1978: wait until the field is left.
        self._tell_change(lambda: self._read("" if _MAY_GO_ON.search(text) else text))

    def _leave(self) -> None:
        self._tell_change(lambda: self._read(self.line.text(), is_final=True))
        announce(self.line, self._understood.text())

    def _tell_change(self, change: Callable[[], None]) -> None:
        before = self.value()
        change()
        if self.value() != before:
            self.date_changed.emit(self.value())

    def _read(self, text: str, *, is_final: bool = False) -> None:
        try:
            self._show(read_date(text, self._span))
        except DateTextError as error:
            self._show(None)
            is_typing = error.problem in (DateProblem.INCOMPLETE, DateProblem.UNREADABLE)
            if text.strip() and (is_final or not is_typing):
                self._show_problem(self._explain(error.problem))

    def _show(self, reading: ReadDate | None) -> None:
        self._reading = reading
        self._set_understood(long_date(reading.day) if reading else "", "understood")
        swapped = reading.swapped if reading else None
        if swapped:
            self._swap.setText(self.tr("plutôt le {day}\u202f?").format(day=long_date(swapped)))
        self._swap.setVisible(swapped is not None)

    def _show_problem(self, text: str) -> None:
        self._set_understood(text, "error")

    def _set_understood(self, text: str, kind: str) -> None:
        self._understood.setText(text)
        self.line.setAccessibleDescription(text)
        set_state(self._understood, "kind", kind)

    def _take_swapped(self) -> None:
        if self._reading and self._reading.swapped:
            self.set_value(self._reading.swapped)
            self.line.setFocus()
            self.date_changed.emit(self.value())
            announce(self.line, self._understood.text())

    def _explain(self, problem: DateProblem) -> str:
        return {
            DateProblem.UNREADABLE: self.tr("Date non comprise. Exemple\u202f: 12/3/1978"),
            DateProblem.INCOMPLETE: self.tr("Il manque le jour, le mois ou l’année"),
            DateProblem.NO_SUCH_DAY: self.tr("Ce jour n’existe pas"),
            DateProblem.TOO_EARLY: self.tr("Cette date est trop ancienne"),
            DateProblem.TOO_LATE: self.tr("Cette date est trop loin dans l’avenir"),
        }[problem]

    def _name_parts(self, name: str) -> None:
        self.setAccessibleName(name)
        self.line.setObjectName("date_line")
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText(self.tr("jj/mm/aaaa"))
        self._understood.setObjectName("understood")
        self._understood.setWordWrap(False)
        self._swap.setObjectName("swap")
        self._swap.setVisible(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.line)

    def _lay_out(self) -> None:
        row = FlowLayout(self, gap=12)
        for part in (self.line, self._understood, self._swap):
            row.addWidget(part)
        self._fit()

    def _fit(self) -> None:
        longest = self.line.fontMetrics().horizontalAdvance(_LONGEST)
        self.line.setFixedWidth(longest + _ROOM_PX)
