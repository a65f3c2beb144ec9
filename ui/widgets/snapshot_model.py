"""A Qt model over rows that do not change: screens give it a new snapshot when they do."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

T = TypeVar("T")

RAW_ROLE = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[T]):
    """A column: its title, what it shows of a row, and what it is sorted by.

    `text` is for the eye only. Without `sort_key` the text is what is sorted by. `stretches` gives
    it the room left, `right` aligns figures, `hint` explains the column to those who ask.
    """

    title: str
    text: Callable[[T], str]
    sort_key: Callable[[T], Any] | None = None
    stretches: bool = False
    right: bool = False
    hint: str = ""


class SnapshotModel(QAbstractTableModel, Generic[T]):
    """Rows of one type seen through columns; `RAW_ROLE` gives the value to sort by."""

    RAW_ROLE = RAW_ROLE

    def __init__(
        self,
        columns: Sequence[Column[T]],
        *,
        key: Callable[[T], Hashable] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._key = key
        self._rows: tuple[T, ...] = ()

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show another snapshot.

        Rows whose keys are the same, in the same order, are only repainted: selection and scroll
        stay where they are.
        """
        fresh = tuple(rows)
        if self._are_the_same(fresh):
            self._rows = fresh
            last = self.index(len(fresh) - 1, len(self._columns) - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def rows(self) -> tuple[T, ...]:
        """Return the snapshot."""
        return self._rows

    def row_at(self, place: int) -> T:
        """Return a row by its place in the snapshot."""
        return self._rows[place]

    def key_at(self, place: int) -> Hashable:
        """Return the key of a row, or its place when rows have no key."""
        return self._key(self._rows[place]) if self._key else place

    def rowCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:
        """Return how many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return what a cell shows, or its raw value."""
        if not index.isValid():
            return None
        column, row = self._columns[index.column()], self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(row)
        if role == RAW_ROLE:
            return column.sort_key(row) if column.sort_key else column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column.right)
        return None

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> Any:
        """Return the title of a column and what explains it."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self._columns):
            return None
        column = self._columns[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return column.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return column.hint or None
        return _alignment(column.right) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def _are_the_same(self, fresh: tuple[T, ...]) -> bool:
        if self._key is None or not fresh or len(fresh) != len(self._rows):
            return False
        key = self._key
        return all(key(old) == key(new) for old, new in zip(self._rows, fresh, strict=True))


def _alignment(right: bool) -> Qt.AlignmentFlag:  # noqa: FBT001 -- a column's own field
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
