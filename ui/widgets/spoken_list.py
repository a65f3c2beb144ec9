"""A list of painted rows: what is shown of one is also what is read aloud."""

from collections.abc import Hashable, Sequence
from typing import Generic, Protocol, TypeVar

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListView

ROW_ROLE = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex


class SpokenRow(Protocol):
    """A row: what names it, its words for who hears it, and those of its tool tip."""

    @property
    def key(self) -> Hashable:
        """What tells it from the others, in every snapshot."""
        ...

    @property
    def spoken(self) -> str:
        """The whole row in one breath."""
        ...

    @property
    def tip(self) -> str:
        """What may be cut where there is little room."""
        ...


R = TypeVar("R", bound=SpokenRow)


class SpokenRows(QAbstractListModel, Generic[R]):
    """A snapshot of rows; `ROW_ROLE` gives the row itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[R, ...] = ()

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show another snapshot."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rows(self) -> tuple[R, ...]:
        """Return the snapshot."""
        return self._rows

    def place_of(self, key: Hashable) -> int:
        """Return where a row is in the list, -1 when it is not shown."""
        return next((place for place, row in enumerate(self._rows) if row.key == key), -1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return the row, or its words for the eye and the ear."""
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return row.spoken
        return row.tip if role == Qt.ItemDataRole.ToolTipRole else None


class SpokenList(QListView, Generic[R]):
    """Rows that Enter opens, and a click or a double click; a delegate paints them.

    Signals:
        opened(object): the row to open.
        selected(object): the row highlighted now, or None.
    """

    opened = Signal(object)
    selected = Signal(object)

    def __init__(self, name: str, *, opens_on_click: bool) -> None:
        super().__init__()
        self._rows: SpokenRows[R] = SpokenRows(self)
        self.setAccessibleName(name)
        self.setModel(self._rows)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        (self.clicked if opens_on_click else self.doubleClicked).connect(self._open)
        self.selectionModel().currentChanged.connect(self._select)

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show another snapshot; the row highlighted stays so, else the first one is."""
        kept = self.selected_row()
        self._rows.set_rows(rows)
        place = self._rows.place_of(kept.key) if kept is not None else 0
        if rows:
            self.setCurrentIndex(self._rows.index(max(place, 0)))
        else:
            self.selected.emit(None)

    def rows(self) -> tuple[R, ...]:
        """Return the snapshot."""
        return self._rows.rows()

    def selected_row(self) -> R | None:
        """Return the row highlighted, if any."""
        place = self.currentIndex().row()
        return self.rows()[place] if place >= 0 else None

    def select_key(self, key: Hashable) -> None:
        """Highlight a row, if it is shown."""
        place = self._rows.place_of(key)
        if place >= 0:
            self.setCurrentIndex(self._rows.index(place))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers():
            self._open()
            event.accept()
            return
        super().keyPressEvent(event)

    def _open(self) -> None:
        row = self.selected_row()
        if row is not None:
            self.opened.emit(row)

    def _select(self) -> None:
        self.selected.emit(self.selected_row())
