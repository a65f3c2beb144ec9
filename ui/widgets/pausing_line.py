"""A line of text that tells when typing stops, for drafts."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from ui.widgets.pause_timer import PauseTimer


class PausingLine(QLineEdit):
    """A line of text.

    Signals:
        paused(str): the text, 400 ms after the user stopped typing or when the field is left.
    """

    paused = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._timer = PauseTimer(self, lambda: self.paused.emit(self.text()))
        self.textEdited.connect(self._typed)

    def _typed(self) -> None:
        self._timer.start()

    def flush(self) -> None:
        """Send `paused` now if it is awaited, before closing or sending."""
        self._timer.flush()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field is a pause."""
        super().focusOutEvent(event)
        self.flush()
