"""Free text that takes the room it needs."""

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from ui.widgets.pause_timer import PauseTimer

_WIDEST_FRAME_PX = 64


class GrowingText(QPlainTextEdit):
    """A text of some lines that grows with what is typed, then scrolls. Tab leaves it.

    Signals:
        paused(str): the text, 400 ms after the user stopped typing or when the field is left.
    """

    paused = Signal(str)

    def __init__(
        self, name: str, *, lines: int = 2, most_lines: int = 12, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._fewest = lines
        self._most = most_lines
        self._is_set_by_program = False
        self._timer = PauseTimer(self, lambda: self.paused.emit(self.text()))
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # The machine must not judge the words of the person received.
        self.setInputMethodHints(Qt.InputMethodHint.ImhNoPredictiveText)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._text_changed)
        self._fit()

    def text(self) -> str:
        """Return what is written."""
        return self.toPlainText()

    def set_text(self, text: str) -> None:
        """Write without a signal; the cursor stays where it is when the text is the same."""
        if text == self.text():
            return
        self._is_set_by_program = True
        self.setPlainText(text)
        self._is_set_by_program = False

    def flush(self) -> None:
        """Send `paused` now if it is awaited, before closing or sending."""
        self._timer.flush()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field is a pause."""
        super().focusOutEvent(event)
        self.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again: another width wraps otherwise."""
        super().resizeEvent(event)
        self._fit()

    def _text_changed(self) -> None:
        self._fit()
        if not self._is_set_by_program:
            self._timer.start()

    def _fit(self) -> None:
        line = QFontMetrics(self.font()).lineSpacing()
        written = math.ceil(self._written_px())
        self.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAsNeeded
            if written > self._most * line
            else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        )
        room = 2 * int(self.document().documentMargin()) + self._frame_px()
        height = max(self._fewest * line, min(written, self._most * line)) + room
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def _written_px(self) -> float:
        """Add the heights of the paragraphs, wrapped lines counted."""
        block, height = self.document().firstBlock(), 0.0
        while block.isValid():
            height += self.blockBoundingRect(block).height()
            block = block.next()
        return height

    def _frame_px(self) -> int:
        """Return border and padding of the sheet; before the first layout Qt does not know them."""
        frame = self.height() - self.viewport().height()
        return frame if 0 <= frame <= _WIDEST_FRAME_PX else 0
