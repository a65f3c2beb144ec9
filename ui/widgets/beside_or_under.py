"""Words with a button beside them, which goes under them where there is no room."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QBoxLayout, QLayout, QWidget

from ui.widgets.fitted import Fitted, turn

_ROOM_FOR_BOTH = 620


class BesideOrUnder(Fitted):
    """What is read at the left; what is pressed at its right, or under it."""

    def __init__(self, read: QLayout, pressed: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(18)
        # Both side by side must not keep the widget from becoming narrow again.
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._box.addLayout(read, 1)
        self._box.addWidget(pressed, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._read, self._pressed = read, pressed

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of the wider of the two."""
        width = max(self._read.minimumSize().width(), self._pressed.minimumSizeHint().width())
        return QSize(width, super().minimumSizeHint().height())

    def fit(self) -> None:
        """Put one beside or under the other."""
        turn(self._box, is_wide=self.has_room(_ROOM_FOR_BOTH))
