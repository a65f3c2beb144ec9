"""A page that scrolls inside its screen, with the margins of the desk."""

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.theme import scaled

_NESTED = 4
"""How deep layouts lie in layouts: each asks the one around it in its turn."""
_AROUND_PX = 12

MARGINS = (28, 8, 28, 24)


def scrolling(part: QWidget) -> QScrollArea:
    """Let a part take the room there is, and scroll when it cannot do with it."""
    area = QScrollArea()
    area.setWidget(part)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return area


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
        # Beside a stretch, the column is asked for its height at its own width, not the page's.
        across = QHBoxLayout()
        across.addWidget(self._column, 1)
        across.addStretch(0)
        outer = QVBoxLayout(self._inside)
        outer.setContentsMargins(*MARGINS)
        outer.addLayout(across)
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

    def show_whole(self, part: QWidget) -> None:
        """Scroll to a part that has just grown, or to its top; it is laid out first."""
        for _ in range(_NESTED):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        if part.height() > self.viewport().height():
            bar = self.verticalScrollBar()
            top = part.mapTo(self.viewport(), QPoint()).y() + bar.value()
            bar.setValue(top - _AROUND_PX)
        else:
            self.ensureWidgetVisible(part, 0, _AROUND_PX)

    def to_top(self) -> None:
        """Show the beginning of the page."""
        self.verticalScrollBar().setValue(0)
