"""Two columns where there is room for them, one under the other where there is not."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.widgets.fitted import Fitted, turn

_ROOM_FOR_TWO = 860
_GAP = 18


class TwoColumns(Fitted):
    """A wide column and a narrower one at its right, which goes under it (or over it)."""

    def __init__(self, *, side_first: bool = False, parent: QWidget | None = None) -> None:
        """Make the columns.

        Args:
            side_first: where there is room for one column only, the narrower one comes first.
            parent: the owner of the widget.
        """
        super().__init__(parent)
        self._side_first = side_first
        self._main, self._side = QVBoxLayout(), QVBoxLayout()
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(_GAP)
        # The two side by side must not keep the widget from becoming narrow again.
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        for column, stretch in ((self._main, 3), (self._side, 2)):
            column.setSpacing(_GAP)
            column.addStretch(1)
            self._box.addLayout(column, stretch)

    def add_main(self, widget: QWidget) -> None:
        """Put a widget at the end of the wide column."""
        self._main.insertWidget(self._main.count() - 1, widget)

    def add_side(self, widget: QWidget) -> None:
        """Put a widget at the end of the narrower column."""
        self._side.insertWidget(self._side.count() - 1, widget)

    def is_wide(self) -> bool:
        """Say whether the columns stand side by side."""
        return self._box.direction() == QBoxLayout.Direction.LeftToRight

    def minimumSizeHint(self) -> QSize:
        """Ask for the room of one column."""
        columns = (self._main.minimumSize(), self._side.minimumSize())
        return QSize(max(size.width() for size in columns), super().minimumSizeHint().height())

    def fit(self) -> None:
        """Put the columns side by side or one under the other."""
        turn(self._box, is_wide=self.has_room(_ROOM_FOR_TWO), side_first=self._side_first)
