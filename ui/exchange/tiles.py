"""Counts that open their list: a figure, its words, what they mean."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.exchange.page import Tile
from ui.texts import number
from ui.theme import scaled
from ui.widgets.labels import IconLabel, words

_NARROWEST = 240
_MOST_COLUMNS = 4
_GAP = 14


class Tiles(QWidget):
    """Tiles in as many columns as there is room for.

    Signals:
        opened(str): the state whose list is wanted.
    """

    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._buttons: dict[str, TileButton] = {}
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_GAP)

    def show_tiles(self, tiles: Sequence[Tile]) -> None:
        """Show counts; a tile keeps its place and its focus when its figure moves."""
        for tile in tiles:
            if tile.state not in self._buttons:
                self._add(tile.state)
            self._buttons[tile.state].show_tile(tile)
        self._place(self.width())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the tiles in as many columns as there is room for."""
        super().resizeEvent(event)
        self._place(event.size().width())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._place(self.width())

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of one column."""
        return QSize(scaled(_NARROWEST), super().minimumSizeHint().height())

    def take_focus(self, state: str) -> None:
        """Go to a tile."""
        if state in self._buttons:
            self._buttons[state].setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, state: str) -> None:
        button = TileButton(state)
        button.clicked.connect(lambda: self.opened.emit(state))
        self._buttons[state] = button
        self._columns = 0

    def _place(self, width: int) -> None:
        columns = _columns_for(width, len(self._buttons))
        if columns == self._columns or not self._buttons:
            return
        for column in range(_MOST_COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        for place, button in enumerate(self._buttons.values()):
            self._grid.addWidget(button, place // columns, place % columns)
        self._columns = columns


def _columns_for(width: int, tiles: int) -> int:
    """Return how many columns there is room for, rather one less than a last row with a hole."""
    most = max(1, min(_MOST_COLUMNS, width // scaled(_NARROWEST)))
    return next((columns for columns in (most, most - 1) if columns and not tiles % columns), most)


class TileButton(QPushButton):
    """One count, pressed as any button."""

    def __init__(self, state: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = words("", "figure")
        self._title = words("", "strong")
        self._meaning = words("", "small")
        self._icon = IconLabel("circle", "soft", 22)
        self._column = QVBoxLayout(self)
        self.setObjectName(f"tile_{state}")
        self.setProperty("kind", "tile")
        self.setAutoDefault(True)
        self.setDefault(False)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._lay_out()

    def show_tile(self, tile: Tile) -> None:
        """Show a count."""
        self._figure.setText(number(tile.figure))
        self._title.setText(tile.title)
        self._meaning.setText(tile.meaning)
        self._icon.set_icon(tile.icon, "accent" if tile.figure else "soft")
        self.setAccessibleName(tile.spoken)

    def sizeHint(self) -> QSize:
        """Take the room of the words."""
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """Take the room of the words."""
        return self._column.minimumSize()

    def hasHeightForWidth(self) -> bool:
        """Grow when the meaning wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height the words need at a width."""
        return self._column.heightForWidth(width)

    def _lay_out(self) -> None:
        for label in (self._figure, self._title, self._meaning, self._icon):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        head = QHBoxLayout()
        head.addWidget(self._figure, 1)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        column = self._column
        column.setContentsMargins(18, 12, 16, 14)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self._title)
        column.addWidget(self._meaning)
        column.addStretch(1)
