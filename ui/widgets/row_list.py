"""A list of rows to walk, sort, filter and open."""

import unicodedata
from collections.abc import Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QHelpEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QToolTip, QWidget

from app.exporting.table import ShownColumn, ShownTable
from ui.theme import scaled
from ui.widgets.snapshot_model import RAW_ROLE, Column, SnapshotModel

__all__ = ["Column", "RowList", "SnapshotModel"]

T = TypeVar("T")

_ROW_PX = 42
_ROWS_AT_LEAST = 4
_ROWS_MEASURED = 40


class RowList(QTableView, Generic[T]):
    """A table read row by row. Enter or a double click opens, Tab leaves, typing is for the filter.

    Signals:
        opened(object): the row to open.
        selected(object): the row under the highlight, or None.
        ticked(object): Space on a row.
    """

    opened = Signal(object)
    selected = Signal(object)
    ticked = Signal(object)

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[T]],
        *,
        key: Callable[[T], Hashable] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._columns = tuple(columns)
        self._model: SnapshotModel[T] = SnapshotModel(columns, key=key, parent=self)
        self._proxy = _FoldedFilter(self)
        self._proxy.setSourceModel(self._model)
        self.setModel(self._proxy)
        self.setAccessibleName(name)
        self._set_manners()
        self._set_columns()
        self.activated.connect(self._open)
        self.selectionModel().currentRowChanged.connect(
            lambda: self.selected.emit(self.selected_row())
        )

    def set_rows(self, rows: Sequence[T]) -> None:
        """Show a snapshot; the row highlighted stays highlighted when its key is still there."""
        kept = self._selected_key()
        self._model.set_rows(rows)
        if kept is not None:
            self.select_key(kept)

    def set_filter(self, text: str) -> None:
        """Show only rows in which every word typed is found, accents and case forgiven."""
        self._proxy.set_words(text)

    def selected_row(self) -> T | None:
        """Return the row highlighted."""
        index = self._proxy.mapToSource(self.currentIndex())
        return self._model.row_at(index.row()) if index.isValid() else None

    def select_key(self, key: Hashable) -> bool:
        """Highlight a row by its key; say whether it is shown."""
        for place in range(self._model.rowCount()):
            if self._model.key_at(place) == key:
                index = self._proxy.mapFromSource(self._model.index(place, 0))
                if index.isValid():
                    self.setCurrentIndex(index)
                return index.isValid()
        return False

    def rows_shown(self) -> int:
        """Return how many rows pass the filter."""
        return self._proxy.rowCount()

    def shown_table(self) -> ShownTable:
        """Return what is seen: the columns and rows shown, in their order, as texts."""
        header = self.horizontalHeader()
        places = [
            place
            for place in map(header.logicalIndex, range(header.count()))
            if not header.isSectionHidden(place)
        ]
        return ShownTable(
            name=self.accessibleName(),
            columns=tuple(
                ShownColumn(
                    title=self._columns[place].title, has_figures=self._columns[place].right
                )
                for place in places
            ),
            rows=tuple(
                tuple(str(self._proxy.index(row, place).data() or "") for place in places)
                for row in range(self._proxy.rowCount())
            ),
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter, tick on Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._open(self.currentIndex())
            event.accept()
            return
        if event.key() == Qt.Key.Key_Space and (row := self.selected_row()) is not None:
            self.ticked.emit(row)
            event.accept()
            return
        super().keyPressEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Say whole what a cell has no room for."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._cut_text(self.indexAt(event.pos())), self)
            return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._set_sizes()

    def _cut_text(self, index: QModelIndex) -> str:
        """Return the words of a cell that shows only their beginning, nothing otherwise."""
        if not index.isValid():
            return ""
        is_cut = self.sizeHintForIndex(index).width() > self.columnWidth(index.column())
        return str(index.data()) if is_cut else ""

    def _open(self, index: QModelIndex) -> None:
        source = self._proxy.mapToSource(index)
        if source.isValid():
            self.opened.emit(self._model.row_at(source.row()))

    def _selected_key(self) -> Hashable | None:
        index = self._proxy.mapToSource(self.currentIndex())
        return self._model.key_at(index.row()) if index.isValid() else None

    def _set_manners(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self._set_sizes()

    def _set_sizes(self) -> None:
        if self.verticalHeader().defaultSectionSize() == scaled(_ROW_PX):
            return
        self.verticalHeader().setDefaultSectionSize(scaled(_ROW_PX))
        self.horizontalHeader().setMinimumSectionSize(scaled(96))
        self.setMinimumHeight(scaled(_ROW_PX) * _ROWS_AT_LEAST)

    def _set_columns(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        # Columns fit the rows in sight: reading thousands of rows at each change would be felt.
        header.setResizeContentsPrecision(_ROWS_MEASURED)
        for place, column in enumerate(self._columns):
            mode = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                place, mode.Stretch if column.stretches else mode.ResizeToContents
            )
        # Rows come in the order the screen gave until somebody presses a title.
        self.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self._proxy.sort(-1)


class _FoldedFilter(QSortFilterProxyModel):
    """Sorts by raw values and filters on what is shown, folded."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._words: tuple[str, ...] = ()
        self.setSortRole(RAW_ROLE)

    def set_words(self, text: str) -> None:
        self.beginFilterChange()
        self._words = tuple(_fold(text).split())
        self.endFilterChange()

    def filterAcceptsRow(
        self, source_row: int, source_parent: QModelIndex | QPersistentModelIndex
    ) -> bool:
        """Keep a row that shows every word."""
        if not self._words:
            return True
        model = self.sourceModel()
        cells = (
            str(model.index(source_row, column, source_parent).data() or "")
            for column in range(model.columnCount())
        )
        shown = _fold(" ".join(cells))
        return all(word in shown for word in self._words)

    def lessThan(
        self,
        source_left: QModelIndex | QPersistentModelIndex,
        source_right: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Compare the values behind what is shown."""
        left, right = source_left.data(RAW_ROLE), source_right.data(RAW_ROLE)
        return _sortable(left) < _sortable(right)


def _sortable(value: Any) -> tuple[bool, Any]:
    """Order what is missing last, and words as a dictionary does."""
    return (value is None, _fold(value) if isinstance(value, str) else value or 0)


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
