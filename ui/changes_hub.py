"""Spreads what a committed write touched to the screens that show it, across threads."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from app.changes import Changes


class ChangesHub(QObject):
    """One place to tell and to hear that something changed.

    Signals:
        changed(object): `Changes`, always on the thread that made the hub.
    """

    changed = Signal(object)
    _told = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        # Queued even on one thread: a screen reloads after the code that wrote has finished, and a
        # plain callable never runs on the thread of the exchange.
        self._told.connect(self._spread, Qt.ConnectionType.QueuedConnection)

    def publish(self, changes: "Changes") -> None:
        """Tell the screens, from any thread; changes without topics are not spread."""
        if changes.topics:
            self._told.emit(changes)

    @Slot(object)
    def _spread(self, changes: "Changes") -> None:
        self.changed.emit(changes)
