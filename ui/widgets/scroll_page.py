"""A page that scrolls inside its screen, with the margins of the desk."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from ui.theme import scaled

MARGINS = (28, 8, 28, 24)


class ScrollPage(QScrollArea):
    """A column of contents no wider than reading allows; its children take the focus.

    Attributes:
        body: where the contents go, one under the other.
    """

    def __init__(self, *, most_px: int = 1180, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inside = QWidget()
        self._inside.setObjectName("screen")
        self.body = QVBoxLayout()
        self.body.setSpacing(scaled(18))
        self._most_px = most_px
        self._column = QWidget()
        self._column.setMaximumWidth(scaled(most_px))
        self._column.setLayout(self.body)
        self.body.setContentsMargins(0, 0, 0, 0)
        outer = QVBoxLayout(self._inside)
        outer.setContentsMargins(*MARGINS)
        outer.addWidget(self._column)
        outer.addStretch(1)
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._column.setMaximumWidth(scaled(self._most_px))

    def to_top(self) -> None:
        """Show the beginning of the page."""
        self.verticalScrollBar().setValue(0)
