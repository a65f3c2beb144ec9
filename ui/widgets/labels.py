"""Words on a screen: headings, plain, soft and small text, and icons that only decorate."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QLabel, QWidget

from ui.widgets.icons import icon_pixmap


def heading(text: str, level: int = 2) -> QLabel:
    """Make a heading; 1 for the screen, 2 for a part, 3 for a block."""
    label = QLabel(text)
    label.setProperty("kind", f"heading{level}")
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def words(text: str = "", kind: str = "body") -> QLabel:
    """Make a text that wraps.

    Args:
        text: plain text, never read as HTML.
        kind: `body`, `soft`, `strong`, `small`, `figure`, `error` or `missing`, as in the sheet.
    """
    label = QLabel(text)
    label.setProperty("kind", kind)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def separator() -> QFrame:
    """Make a thin line, for the rare place where space alone does not part two things."""
    line = QFrame()
    line.setProperty("kind", "line")
    return line


class IconLabel(QLabel):
    """An icon beside words that say the same; screen readers pass over it."""

    def __init__(
        self, icon: str, colour: str = "text", size: int = 20, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._drawing = (icon, colour, size)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        self._redraw()

    def set_icon(self, icon: str, colour: str = "text") -> None:
        """Show another icon."""
        self._drawing = (icon, colour, self._drawing[2])
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw the icon when theme or size change."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._redraw()

    def _redraw(self) -> None:
        self.setPixmap(icon_pixmap(*self._drawing))
