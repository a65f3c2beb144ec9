"""Structures proposed one under the other, each with its reasons; one key takes one."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.partner_words import PartnerShown
from ui.theme import scaled
from ui.widgets.buttons import icon_button
from ui.widgets.choice_marks import MARK_WIDTH, mark_icon
from ui.widgets.digit_keys import digit_of
from ui.widgets.eliding_button import ElidingButton
from ui.widgets.labels import words

MOST = 3
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}


class PartnerRows(QWidget):
    """The first choice and its fallbacks: one stop of Tab, arrows walk, Enter or a digit takes.

    Rows are made once and their words change, so that nothing moves that did not have to.

    Signals:
        taken(object): the `Chosen` of a row.
        correction_wanted(str): the entry of a row, which is wrong.
    """

    taken = Signal(object)
    correction_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[PartnerShown, ...] = ()
        self._rows = [_Row(place + 1) for place in range(MOST)]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._otherwise = words(self.tr("Sinon"), "small")
        self._otherwise.hide()
        for place, row in enumerate(self._rows):
            column.addWidget(row)
            if place == 0:
                column.addWidget(self._otherwise)
            row.chip.installEventFilter(self)
            row.chip.clicked.connect(partial(self.take, place))
            row.correct.clicked.connect(partial(self._wish_correction, place))
            row.hide()
        self._point_tab_to(self._rows[0])

    def show_rows(self, rows: Sequence[PartnerShown], chosen: str, service: str) -> None:
        """Show what is proposed; what is in the field is as for `mark`."""
        self._shown = tuple(rows[:MOST])
        for place, row in enumerate(self._rows):
            is_used = place < len(self._shown)
            if is_used:
                row.show_partner(self._shown[place])
            elif row.chip.hasFocus():
                self._land_on(self._rows[0])
            row.setVisible(is_used)
        self._otherwise.setVisible(len(self._shown) > 1)
        self.mark(chosen, service)

    def mark(self, chosen: str, service: str) -> None:
        """Show which row is in the field: that structure, and at that service if one was taken."""
        for row, shown in zip(self._rows, self._shown, strict=False):
            is_there = service in ("", shown.chosen.service)
            row.chip.setChecked(shown.chosen.code == chosen and is_there)

    def take(self, place: int) -> None:
        """Take a row; one that is not there is nothing."""
        if place < len(self._shown):
            self.taken.emit(self._shown[place].chosen)

    def focused(self) -> str:
        """Return the entry of the row that has the focus, "" for none."""
        for place, one in enumerate(self._shown):
            row = self._rows[place]
            if row.chip.hasFocus() or row.correct.hasFocus():
                return one.entry
        return ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the keys and the focus of the rows."""
        row = next((one for one in self._rows if one.chip is watched), None)
        if row is not None and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            is_entered = event.type() == QEvent.Type.FocusIn
            if is_entered:
                self._point_tab_to(row)
            for one in self._rows:
                one.chip.show_digit(shown=is_entered)
        if row is not None and isinstance(event, QKeyEvent) and event.type() == _PRESS:
            return self._key_pressed(row, event)
        return super().eventFilter(watched, event)

    def _key_pressed(self, row: "_Row", event: QKeyEvent) -> bool:
        step, digit = _STEPS.get(Qt.Key(event.key()), 0), digit_of(event)
        if step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._land_on(self._rows[(self._rows.index(row) + step) % max(1, len(self._shown))])
        elif digit is not None and 0 < digit <= len(self._shown):
            self._land_on(self._rows[digit - 1])
            self.take(digit - 1)
        else:
            return False
        event.accept()
        return True

    def _land_on(self, row: "_Row") -> None:
        row.chip.setFocus(Qt.FocusReason.TabFocusReason)

    def _point_tab_to(self, row: "_Row") -> None:
        for one in self._rows:
            is_it = one is row
            policy = Qt.FocusPolicy.StrongFocus if is_it else Qt.FocusPolicy.ClickFocus
            one.chip.setFocusPolicy(policy)
        self.setFocusProxy(row.chip)

    def _wish_correction(self, place: int) -> None:
        self.correction_wanted.emit(self._shown[place].entry)


_PRESS = QEvent.Type.KeyPress


class _Row(QWidget):
    """One structure: its name to press, and under it where it is and why."""

    def __init__(self, digit: int) -> None:
        super().__init__()
        self.chip = _PartnerChip(digit)
        self.chip.setObjectName(f"partner_{digit}")
        self.correct = icon_button("pencil", self.tr("Corriger la fiche"))
        self.correct.setObjectName(f"partner_{digit}_correct")
        # Tab goes on to the next question: F7 is the keyboard's way.
        self.correct.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._why, self._to_check = words("", "soft"), words("", "small")
        self._lay_out()

    def show_partner(self, shown: PartnerShown) -> None:
        """Show a structure."""
        name = shown.chosen.text
        self.chip.setText(name.replace("&", "&&"))
        self.chip.setToolTip(name)
        self.chip.setAccessibleName(name)
        self.chip.setAccessibleDescription(shown.said)
        said = self.tr("Corriger la fiche de {name} (F7)").format(name=name)
        self.correct.setAccessibleName(said)
        self.correct.setToolTip(said)
        self._why.setText(shown.why)
        self._to_check.setText(shown.to_check)
        self._to_check.setVisible(bool(shown.to_check))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.chip)
        head.addStretch(1)
        head.addWidget(self.correct)
        under = QVBoxLayout()
        under.setContentsMargins(scaled(MARK_WIDTH), 0, 0, 0)
        under.setSpacing(2)
        under.addWidget(self._why)
        under.addWidget(self._to_check)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addLayout(under)


class _PartnerChip(ElidingButton):
    """The name of a structure, as a choice; its mark is the digit that takes it, under the keys."""

    def __init__(self, digit: int) -> None:
        super().__init__("")
        self._digit = digit
        self._shows_digit = False
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setAutoDefault(True)
        self._redraw()

    def show_digit(self, *, shown: bool) -> None:
        """Show in the empty mark the digit that takes it."""
        self._shows_digit = shown
        self._redraw()

    def nextCheckState(self) -> None:
        """Stay as it is: what is in the field decides."""

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the mark when theme or size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._redraw()

    def _redraw(self) -> None:
        self.setIconSize(QSize(scaled(MARK_WIDTH), scaled(MARK_WIDTH)))
        self.setIcon(mark_icon(is_single=True, digit=self._digit if self._shows_digit else None))
