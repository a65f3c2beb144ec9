"""The window of an open desk, as tests show it and put it away."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QWidget

from app.usecases.desk import Desk
from ui.desk_window import DeskWindow
from ui.theme import Appearance
from ui.widgets.dialogs import Dialogs

LAPTOP = (1366, 768)


@dataclass(slots=True)
class Opened:
    """A desk already unlocked, as the hand sees the desktop."""

    window: QWidget
    desk: DeskWindow


@contextmanager
def desk_window(
    desk: Desk,
    settings: QSettings,
    appearance: Appearance,
    *,
    dialogs: Dialogs | None = None,
    size: tuple[int, int] | None = None,
) -> Iterator[DeskWindow]:
    """Show the window of a desk, as large as it likes or of that size; put it away in the end."""
    opened = DeskWindow(desk, settings=settings, appearance=appearance, dialogs=dialogs)
    if size is not None:
        opened.window.resize(*size)
    opened.window.show()
    try:
        yield opened
    finally:
        opened.close()
        opened.window.close()
        opened.window.deleteLater()
        opened.deleteLater()


def take_keyboard(opened: DeskWindow, qtbot) -> None:
    """Wait until the keyboard is the window's own."""
    opened.window.activateWindow()
    qtbot.waitUntil(opened.window.isActiveWindow)
