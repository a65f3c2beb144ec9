"""Keys that mean something inside one part of a window, whichever control of it has the focus."""

from collections.abc import Callable

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget


def grant_within(
    part: QWidget, keys: QKeySequence, wish: Callable[[], object] | SignalInstance
) -> None:
    """Grant a wish, or emit a signal, when the keys are pressed inside a part."""
    shortcut = QShortcut(keys, part)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(wish)
