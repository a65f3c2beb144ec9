"""Choices laid out to be seen: a row to choose one, chips to choose several. No drop-down.

Tab enters a group once, arrows walk, digits choose, a letter walks to the next label it starts.
While the group has the focus, empty marks show the digit that chooses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QApplication, QGroupBox, QPushButton, QWidget

from ui.theme import look, scaled
from ui.widgets.choice_marks import MARK_WIDTH, mark_icon
from ui.widgets.digit_keys import digit_of
from ui.widgets.flow_layout import FlowLayout


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One thing that can be chosen: the code that is kept, the words that are shown."""

    code: str
    label: str
    hint: str = ""


NOT_SAID = Choice(code="non_communique", label="Non communiqué")

_DIGITS = range(10)
_STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
}


class _ChoiceGroup(QGroupBox):
    """What a row and chips share: the marks, the keys, one stop of the Tab key."""

    _is_single = False

    def __init__(
        self,
        name: str,
        choices: Sequence[Choice],
        *,
        not_said: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._offers_not_said = not_said
        self._chips: list[_Chip] = []
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._flow = FlowLayout(self)
        self.set_choices(choices)

    def choices(self) -> tuple[Choice, ...]:
        """Return what can be chosen, in order."""
        return tuple(chip.choice for chip in self._chips)

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Offer other choices; those chosen before stay chosen when they are still there."""
        kept = {chip.choice.code for chip in self._chips if chip.isChecked()}
        self.setFocusProxy(None)  # type: ignore[arg-type] # Qt takes null for "none"
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        offered = list(choices)
        if self._offers_not_said and all(c.code != NOT_SAID.code for c in offered):
            offered.append(NOT_SAID)
        self._chips = [self._make_chip(choice, place) for place, choice in enumerate(offered)]
        self._check(kept)
        self._point_tab_to(self._first_checked() or (self._chips[0] if self._chips else None))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear the keys and the focus of the chips."""
        if isinstance(watched, _Chip) and watched in self._chips:
            if isinstance(event, QFocusEvent):
                self._focus_moved(watched, entered=event.gotFocus())
            elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._key_pressed(watched, event)
        return super().eventFilter(watched, event)

    def _make_chip(self, choice: Choice, place: int) -> "_Chip":
        digit = 0 if choice.code == NOT_SAID.code else place + 1
        chip = _Chip(choice, digit if digit in _DIGITS else None, is_single=self._is_single)
        chip.setParent(self)
        chip.setAccessibleDescription(self.accessibleName())
        chip.installEventFilter(self)
        chip.clicked.connect(lambda: self._clicked(chip))
        self._flow.addWidget(chip)
        chip.setVisible(True)
        return chip

    def _key_pressed(self, chip: "_Chip", event: QKeyEvent) -> bool:
        step = _STEPS.get(Qt.Key(event.key()), 0)
        digit = digit_of(event)
        if step and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._walk(chip, step)
        elif digit is not None:
            self._press_digit(digit)
        elif not self._walk_to_letter(chip, event):
            return False
        event.accept()
        return True

    def _walk(self, chip: "_Chip", step: int) -> None:
        place = (self._chips.index(chip) + step) % len(self._chips)
        self._land_on(self._chips[place])

    def _press_digit(self, digit: int) -> None:
        for chip in self._chips:
            if chip.digit == digit:
                chip.setFocus(Qt.FocusReason.ShortcutFocusReason)
                chip.click()

    def _walk_to_letter(self, chip: "_Chip", event: QKeyEvent) -> bool:
        letter = event.text().casefold()
        held = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if held or len(letter) != 1 or not letter.isalpha():
            return False
        after = self._chips.index(chip) + 1
        for other in self._chips[after:] + self._chips[:after]:
            if other.choice.label.casefold().startswith(letter):
                self._land_on(other)
                return True
        return False

    def _land_on(self, chip: "_Chip") -> None:
        chip.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus_moved(self, chip: "_Chip", *, entered: bool) -> None:
        if entered:
            self._point_tab_to(chip)
        for each in self._chips:
            each.show_digit(entered)

    def _point_tab_to(self, chosen: "_Chip | None") -> None:
        for chip in self._chips:
            is_it = chip is chosen
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_it else Qt.FocusPolicy.ClickFocus)
        if chosen is not None:
            self.setFocusProxy(chosen)

    def _first_checked(self) -> "_Chip | None":
        return next((chip for chip in self._chips if chip.isChecked()), None)

    def _check(self, codes: Iterable[str]) -> None:
        wanted = set(codes)
        for chip in self._chips:
            chip.set_checked(chip.choice.code in wanted)

    def _clicked(self, chip: "_Chip") -> None:
        raise NotImplementedError


class ChoiceRow(_ChoiceGroup):
    """One of several things.

    Signals:
        chosen(str): the code the user chose; arrows choose as they walk, as in any radio group.
    """

    chosen = Signal(str)
    _is_single = True

    def value(self) -> str | None:
        """Return the code chosen, or None while nothing is."""
        chip = self._first_checked()
        return chip.choice.code if chip else None

    def set_value(self, code: str | None) -> None:
        """Choose without a signal; None or an unknown code leaves nothing chosen."""
        self._check(() if code is None else (code,))
        self._point_tab_to(self._first_checked() or (self._chips[0] if self._chips else None))

    def offer(self, choices: Sequence[Choice], chosen: str) -> None:
        """Choose among choices, offered again only if their words changed; the focus stays."""
        focused = QApplication.focusWidget()
        is_lost = False
        if tuple(choices) != self.choices():
            is_lost = focused is not None and self.isAncestorOf(focused)
            self.set_choices(choices)
        self.set_value(chosen)
        if is_lost:
            self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _land_on(self, chip: "_Chip") -> None:
        super()._land_on(chip)
        chip.click()

    def _clicked(self, chip: "_Chip") -> None:
        self._check((chip.choice.code,))
        self.chosen.emit(chip.choice.code)


class ChoiceChips(_ChoiceGroup):
    """Any number of things. « Non communiqué » stands alone.

    Signals:
        changed(): the user ticked or unticked something.
    """

    changed = Signal()

    def values(self) -> tuple[str, ...]:
        """Return the codes ticked, in the order they are shown."""
        return tuple(chip.choice.code for chip in self._chips if chip.isChecked())

    def set_values(self, codes: Iterable[str]) -> None:
        """Tick these and no other, without a signal; unknown codes are passed over."""
        self._check(codes)

    def _clicked(self, chip: "_Chip") -> None:
        if chip.isChecked():
            is_not_said = chip.choice.code == NOT_SAID.code
            for other in self._chips:
                if (other.choice.code == NOT_SAID.code) != is_not_said:
                    other.set_checked(False)
        self.changed.emit()


class _Chip(QPushButton):
    """One choice; its mark is a ring or a box, filled when chosen, a digit when keys can choose."""

    def __init__(self, choice: Choice, digit: int | None, *, is_single: bool) -> None:
        super().__init__(choice.label.replace("&", "&&"))
        self.choice = choice
        self.digit = digit
        self._is_single = is_single
        self._shows_digit = False
        self._drawn: tuple[str, bool] | None = None
        self.setObjectName(f"choice_{choice.code}")
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.setAutoDefault(False)
        # Only so that readers say "radio button"; the group does the excluding, see set_checked.
        self.setAutoExclusive(is_single)
        self.setAccessibleName(choice.label)
        self.setToolTip(choice.hint)
        self._redraw()

    def set_checked(self, checked: bool) -> None:  # noqa: FBT001 -- as setChecked
        """Check or uncheck; an exclusive button alone would refuse to be unchecked."""
        self.setAutoExclusive(False)
        self.setChecked(checked)
        self.setAutoExclusive(self._is_single)

    def show_digit(self, shown: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Show in the empty mark the digit that chooses."""
        if shown != self._shows_digit:
            self._shows_digit = shown
            self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the mark when theme or size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._redraw()

    def _redraw(self) -> None:
        drawn = (look(), self._shows_digit)
        if drawn == self._drawn:
            return  # Qt tells of a new style each time a part of the page finds its place
        self._drawn = drawn
        self.setIconSize(QSize(scaled(MARK_WIDTH), scaled(MARK_WIDTH)))
        self.setIcon(self._mark())

    def _mark(self) -> QIcon:
        return mark_icon(is_single=self._is_single, digit=self.digit if self._shows_digit else None)
