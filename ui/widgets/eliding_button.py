"""A button whose words end with « … » where there is no room, instead of pushing the page wider."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

_FEWEST_SIGNS = 12
_AROUND_PX = 24


class ElidingButton(QPushButton):
    """The whole of the words stays in `text()`, for readers of the screen and for the tool tip."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        """Ask for a few signs only."""
        usual = super().minimumSizeHint()
        signs = self.fontMetrics().averageCharWidth() * _FEWEST_SIGNS
        return QSize(min(usual.width(), signs + self._beside_px()), usual.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 -- Qt's signature
        """Draw the button with the words that fit."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        if self.sizeHint().width() > self.width():
            room = self.width() - self._beside_px()
            option.text = self.fontMetrics().elidedText(
                self.text(), Qt.TextElideMode.ElideRight, room, Qt.TextFlag.TextShowMnemonic.value
            )
        painter = QStylePainter(self)
        painter.drawControl(QStyle.ControlElement.CE_PushButton, option)

    def _beside_px(self) -> int:
        """Return what the icon and the edges take."""
        icon_px = 0 if self.icon().isNull() else self.iconSize().width()
        return icon_px + _AROUND_PX
