"""Windows that a test closed and Qt has not destroyed yet: every new style dresses them again."""

from PySide6.QtCore import QCoreApplication, QEvent


def destroy_closed_windows() -> None:
    """Destroy what waits for the next turn of an event loop, which tests do not run."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
