"""Brings how far a long work is from the thread that does it to the screen, the latest alone."""

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot


class ProgressRelay(QObject):
    """Made on the GUI thread; told from any thread, as often as one likes.

    Signals:
        told(object): the latest, on the GUI thread, no oftener than it can show it.
    """

    told = Signal(object)
    _came = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._latest: Any = None
        self._is_posted = False
        self._came.connect(self._spread, Qt.ConnectionType.QueuedConnection)

    def tell(self, progress: Any) -> None:
        """Tell how far the work is; what was told before and not shown yet is dropped."""
        self._latest = progress
        if not self._is_posted:
            self._is_posted = True
            self._came.emit()

    @Slot()
    def _spread(self) -> None:
        # In this order, so that what is told meanwhile is either read here or posted again.
        self._is_posted = False
        self.told.emit(self._latest)
