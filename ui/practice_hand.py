"""A hand at the keyboard of the real windows: types, presses, waits, takes pictures."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QEvent, QEventLoop, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from ui.desk_window import DeskWindow
from ui.desktop import Desktop

W = TypeVar("W", bound=QWidget)

PATIENCE_S = 30.0
_GLANCE_MS = 20
_SETTLE_MS = 350
SIZE = (1366, 768)


class NothingHappenedError(Exception):
    """What was waited for did not come."""


class Hand:
    """Drives one desktop as its user does; pictures are numbered in the order they are taken."""

    def __init__(self, desktop: Desktop, album: "Album") -> None:
        self._desktop = desktop
        self._album = album

    @property
    def window(self) -> QWidget:
        """The window now shown."""
        window = self._desktop.window
        if window is None:
            message = "no window"
            raise NothingHappenedError(message)
        return window

    @property
    def desk(self) -> DeskWindow:
        """The open desk."""
        desk = self._desktop.desk
        if desk is None:
            message = "no desk"
            raise NothingHappenedError(message)
        return desk

    def open(self) -> None:
        """Show the first window."""
        self._desktop.start()
        self.window.resize(*SIZE)
        self.take_focus()

    def unlock(self, passphrase: str) -> None:
        """Type the passphrase and open the desk."""
        agents: Any = self.part(QWidget, "agents")
        wait_until(lambda: bool(agents.value()), "agents")
        self.part(QWidget, "secret").setFocus()
        self.write(passphrase)
        self.press(Qt.Key.Key_Return)
        wait_until(lambda: self._desktop.desk is not None, "the desk to open")
        self.take_focus()

    def go(self, screen: str) -> Any:
        """Go to a screen of the desk."""
        return self.desk.window.show_screen(screen)

    def take_focus(self) -> None:
        """Bring this desktop's window to the front: two desks are open at once."""
        self.window.activateWindow()
        self.window.raise_()
        wait_until(lambda: QApplication.activeWindow() is self.window, "the window to be active")

    def write(self, text: str) -> None:
        """Type where the focus is, whatever the alphabet."""
        target = QApplication.focusWidget() or self.window
        for letter in text:
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter)
                QApplication.sendEvent(target, event)

    def press(self, *keys: Qt.Key, ctrl: bool = False) -> None:
        """Press keys where the focus is."""
        modifier = Qt.KeyboardModifier.ControlModifier if ctrl else Qt.KeyboardModifier.NoModifier
        for key in keys:
            QTest.keyClick(QApplication.focusWidget() or self.window, key, modifier)

    def part(self, kind: type[W], name: str) -> W:
        """Return a part of the window by its name."""
        found = self.window.findChild(kind, name)
        if found is None:
            raise NothingHappenedError(name)
        return found

    def picture(self, name: str) -> str:
        """Take a picture of the window once it is still; return the name of its file."""
        pause(_SETTLE_MS)
        return self._album.keep(self.window, name)


class Album:
    """A folder of numbered pictures."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken = 0
        folder.mkdir(parents=True, exist_ok=True)
        for former in folder.glob("[0-9][0-9]-*.png"):
            former.unlink()

    def keep(self, window: QWidget, name: str) -> str:
        """Write the picture of a window."""
        self._taken += 1
        file = self._folder / f"{self._taken:02d}-{name}.png"
        if not window.grab().save(str(file)):
            raise NothingHappenedError(file.name)
        return file.name


def wait_until(true: Callable[[], bool], what: str, *, patience_s: float = PATIENCE_S) -> None:
    """Let the windows live until something is true.

    Raises:
        NothingHappenedError: it did not come in time.
    """
    end = time.monotonic() + patience_s
    while not true():
        if time.monotonic() > end:
            raise NothingHappenedError(what)
        pause(_GLANCE_MS)


def pause(milliseconds: int) -> None:
    """Let the windows live for a moment; the other threads run meanwhile."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
