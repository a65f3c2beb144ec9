"""Where cycles of objects are collected: on the GUI thread, and on no other.

Python collects on whichever thread happens to allocate. Windows and presenters form cycles, and a
window destroyed by the thread that writes or exchanges ends the process at once.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY_MS = 100
"""Often, so that an exchange that decodes a backlog never leaves much to look at in one go."""


class Collecting(QObject):
    """Stops the collector of Python and does its work from the event loop, as often as it would."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.timeout.connect(collect_what_is_due)
        self._timer.start(_EVERY_MS)


def collect_what_is_due() -> None:
    """Collect the oldest generation whose turn has come, on the calling thread."""
    due = [
        generation
        for generation, (count, most) in enumerate(
            zip(gc.get_count(), gc.get_threshold(), strict=True)
        )
        if most and count > most
    ]
    if due:
        gc.collect(due[-1])
