"""A QR code drawn on the screen, to be photographed: dark on white whatever the theme."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.theme import scaled

_SIDE_PX = 320
_LEAST_POINTS = 3
"""Smaller squares are lost on a photograph of a screen."""


class QrPicture(QWidget):
    """A square as large as whole points allow; readers of the screen hear what it is."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[tuple[bool, ...], ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_squares(self, rows: Sequence[Sequence[bool]]) -> None:
        """Draw another code, its white border included."""
        self._rows = tuple(tuple(row) for row in rows)
        self.updateGeometry()
        self.update()

    def squares(self) -> tuple[tuple[bool, ...], ...]:
        """Return the code drawn."""
        return self._rows

    def sizeHint(self) -> QSize:
        """Take the room of the code."""
        side = len(self._rows) * self._points()
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        """Take the room of the code: cut, it would not be read."""
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw each square on whole points, so that its edges stay sharp."""
        del event
        points = self._points()
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        for y, row in enumerate(self._rows):
            for x, is_dark in enumerate(row):
                if is_dark:
                    square = QRect(x * points, y * points, points, points)
                    painter.fillRect(square, Qt.GlobalColor.black)
        painter.end()

    def _points(self) -> int:
        return max(_LEAST_POINTS, scaled(_SIDE_PX) // max(len(self._rows), 1))
