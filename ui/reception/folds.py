"""Parts of the page that stay closed until they are wanted, and say what they hold."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.widgets.buttons import WordButton, link_button, quiet_button
from ui.widgets.eliding_button import ElidingButton
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard
from ui.widgets.tab_chain import put_after

if TYPE_CHECKING:
    from collections.abc import Callable


class Fold(QWidget):
    """A line that opens what is under it: « Plus : diplôme, venue ».

    `opening` is called once, the first time it opens, to make what is inside.

    Signals:
        edited(): the user opened or closed it.
    """

    edited = Signal()

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._said = ""
        self.opening: Callable[[], None] | None = None
        self.button = _FoldButton(title)
        self._inside = QWidget()
        self.body = QVBoxLayout(self._inside)
        self.body.setContentsMargins(0, 10, 0, 0)
        self.body.setSpacing(18)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._inside)
        self.button.clicked.connect(self._toggle)
        self.set_open(is_open=False)

    def is_open(self) -> bool:
        """Say whether what is under the line is shown."""
        return not self._inside.isHidden()

    def set_open(self, *, is_open: bool) -> None:
        """Open or close, without a signal."""
        if is_open and self.opening is not None:
            opening, self.opening = self.opening, None
            opening()
            put_after(self.button, self._inside)
        self._inside.setVisible(is_open)
        self.button.show_state(is_open=is_open)
        self._show_title()

    def set_title(self, title: str) -> None:
        """Show another title."""
        self._title = title
        self._show_title()

    def set_said(self, said: str) -> None:
        """Say on the line what is held inside, for when it is closed."""
        self._said = said
        self._show_title()

    def add(self, part: QWidget | QLayout) -> None:
        """Put something under what is already inside."""
        if isinstance(part, QWidget):
            self.body.addWidget(part)
        else:
            self.body.addLayout(part)

    def _toggle(self) -> None:
        self.set_open(is_open=not self.is_open())
        self.edited.emit()

    def _show_title(self) -> None:
        says = bool(self._said) and not self.is_open()
        self.button.setText(f"{self._title} ({self._said})" if says else self._title)


class _FoldButton(WordButton, ElidingButton):
    """The line of a fold; readers hear whether it is open."""

    def __init__(self, title: str) -> None:
        super().__init__(title, "link", "chevron-right")

    def show_state(self, *, is_open: bool) -> None:
        """Point down when open."""
        self._icon_name = "chevron-down" if is_open else "chevron-right"
        self.setAccessibleDescription(self.tr("ouvert") if is_open else self.tr("fermé"))
        self._redraw()


class OptionalCard(SectionCard):
    """A part of the page that most receptions do not need: one line until it is wanted.

    `opening` is called once, the first time it opens, to make what is in the column `inside`, and
    to say what takes the focus `first`.

    Signals:
        edited(): the user opened or closed it.
    """

    edited = Signal()

    def __init__(self, icon: str) -> None:
        self._close = link_button("")
        super().__init__("", trailing=self._close)
        self.wish = quiet_button("", icon)
        self._sentence = words("", "soft")
        self.first: QWidget = self.wish
        self.opening: Callable[[], None] | None = None
        self._line = QWidget()
        self._inside = QWidget()
        self.inside = QVBoxLayout(self._inside)
        self.inside.setContentsMargins(0, 0, 0, 0)
        self.inside.setSpacing(18)
        self._lay_out()
        self.wish.clicked.connect(lambda: self._turn(is_open=True))
        self._close.clicked.connect(lambda: self._turn(is_open=False))
        self.set_open(is_open=False)

    def set_words(self, *, title: str, sentence: str, wish: str, close: str) -> None:
        """Say what the part is, what its absence means, and the wishes to open and close it."""
        self.set_title(title)
        self._sentence.setText(sentence)
        self.wish.setText(wish)
        self._close.setText(close)

    def is_made(self) -> bool:
        """Say whether what is inside was made already."""
        return self.opening is None

    def is_open(self) -> bool:
        """Say whether the part is wanted."""
        return not self._inside.isHidden()

    def set_open(self, *, is_open: bool) -> None:
        """Open or close, without a signal; what is inside stays as it was."""
        if is_open and self.opening is not None:
            opening, self.opening = self.opening, None
            opening()
            put_after(self._close, self._inside)
        self._inside.setVisible(is_open)
        self._line.setVisible(not is_open)
        self._close.setVisible(is_open)

    def _turn(self, *, is_open: bool) -> None:
        self.set_open(is_open=is_open)
        goal = self.first if is_open else self.wish
        goal.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._sentence, 1)
        row.addWidget(self.wish)
        self.add(self._line)
        self.add(self._inside)


def open_around(widget: QWidget, *, within: QWidget) -> None:
    """Open every part of a page that hides a widget, as a click on it would."""
    around: QWidget | None = widget
    while around is not None and around is not within:
        if isinstance(around, Fold | OptionalCard) and not around.is_open():
            around.set_open(is_open=True)
            around.edited.emit()
        around = around.parentWidget()
