"""Buttons: one main wish a screen, quiet ones beside it, links, and icons with a name."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from ui.theme import scaled
from ui.widgets.icons import ICON_PX, icon

_COLOURS = {"main": "on_accent", "link": "accent"}
_GAP_PX = 7


class WordButton(QPushButton):
    """A button that says what it does, with an icon that follows the theme."""

    def __init__(self, text: str, kind: str, icon_name: str = "") -> None:
        super().__init__(text)
        self._icon_name = icon_name
        self.setProperty("kind", kind)
        # Enter presses the button that has the focus, as everywhere else on the desk.
        self.setAutoDefault(True)
        self.setDefault(False)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the icon when theme or size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._redraw()

    def _redraw(self) -> None:
        if self._icon_name:
            colour = _COLOURS.get(self.property("kind"), "text")
            self.setIcon(icon(self._icon_name, colour, gap=_GAP_PX))
            self.setIconSize(QSize(scaled(ICON_PX + _GAP_PX), scaled(ICON_PX)))


def main_button(text: str, icon: str = "") -> QPushButton:
    """Make the button of what the screen is for."""
    return WordButton(text, "main", icon)


def quiet_button(text: str, icon: str = "") -> QPushButton:
    """Make a button for what may also be wished."""
    return WordButton(text, "quiet", icon)


def link_button(text: str, icon: str = "") -> QPushButton:
    """Make a button that reads like a link."""
    return WordButton(text, "link", icon)


class IconButton(QToolButton):
    """A button with an icon only: its name is read aloud and is its tool tip."""

    def __init__(self, icon_name: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "icon")
        # A tool button is left out of the Tab order by default.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_face(icon_name, name)

    def set_face(self, icon_name: str, name: str) -> None:
        """Change icon and name together."""
        self._icon_name = icon_name
        self.setAccessibleName(name)
        self.setToolTip(name)
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the icon when theme or size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._redraw()

    def _redraw(self) -> None:
        self.setIcon(icon(self._icon_name))
        self.setIconSize(QSize(scaled(ICON_PX), scaled(ICON_PX)))


def icon_button(icon: str, name: str) -> IconButton:
    """Make a button with an icon only."""
    return IconButton(icon, name)
