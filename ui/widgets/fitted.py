"""What arranges its parts by the room it has and the size of the text."""

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from ui.theme import scaled


class Fitted(QWidget):
    """Who inherits it says in `fit` how its parts are arranged."""

    def fit(self) -> None:
        """Arrange the parts again: the width changed, or the size of the text."""
        raise NotImplementedError  # Qt's classes take no ABCMeta: the first showing tells

    def has_room(self, least_px: int) -> bool:
        """Say whether it is as wide as that, at the size of the text."""
        return self.width() >= scaled(least_px)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the width."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.fit()


def turn(box: QBoxLayout, *, is_wide: bool, side_first: bool = False) -> None:
    """Put two parts side by side, or one under the other; `side_first`: the second above."""
    directions = QBoxLayout.Direction
    narrow = directions.BottomToTop if side_first else directions.TopToBottom
    box.setDirection(directions.LeftToRight if is_wide else narrow)
