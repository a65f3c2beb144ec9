"""A state in words beside its icon."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from ui.widgets.labels import IconLabel, words
from ui.widgets.page_values import Badge


class BadgeLabel(QWidget):
    """An icon and the words that say the same; the words carry the meaning."""

    def __init__(self, badge: Badge | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconLabel("circle", "soft", 18)
        self._text: QLabel = words("", "strong")
        self._text.setWordWrap(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._text, 1, Qt.AlignmentFlag.AlignVCenter)
        self._write(badge)
        if badge is None:
            self.hide()

    def set_badge(self, badge: Badge | None) -> None:
        """Show another state, or nothing."""
        self._write(badge)
        self.setVisible(badge is not None)

    def _write(self, badge: Badge | None) -> None:
        # Nothing is shown here: what has no parent yet would be a window for an instant, and take
        # the keyboard from the real one.
        if badge is not None:
            self._icon.set_icon(badge.icon or "circle", badge.colour)
            self._text.setText(badge.text)

    def text(self) -> str:
        """Return the words shown."""
        return self._text.text()
