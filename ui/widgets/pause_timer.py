"""Notices that typing stopped."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

PAUSE_MS = 400


class PauseTimer(QTimer):
    """Calls once when nothing was typed for `PAUSE_MS`, or at once when asked to."""

    def __init__(self, parent: QObject, paused: Callable[[], None]) -> None:
        super().__init__(parent)
        self.setSingleShot(True)
        self.setInterval(PAUSE_MS)
        self._paused = paused
        self.timeout.connect(self._paused)

    def flush(self) -> None:
        """Call now if a pause was awaited."""
        if self.isActive():
            self.stop()
            self._paused()
