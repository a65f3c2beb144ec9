"""A state in words that wrap, beside its icon."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.widgets.labels import IconLabel, words
from ui.widgets.page_values import Badge


class StateLine(QWidget):
    """An icon and the words that say the same; a comment of hours may be long."""

    def __init__(self, object_name: str) -> None:
        super().__init__()
        self._icon = IconLabel("circle", "soft", 18)
        self._words = words("", "strong")
        self._words.setObjectName(object_name)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._words, 1)

    def show_state(self, badge: Badge | None) -> None:
        """Show a state, or nothing; the room it takes stays."""
        self._words.setText(badge.text if badge else "")
        self._icon.setVisible(badge is not None)
        if badge is not None:
            self._icon.set_icon(badge.icon, badge.colour)

    def text(self) -> str:
        """Return the words shown."""
        return self._words.text()
