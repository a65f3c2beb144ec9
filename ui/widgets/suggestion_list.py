"""The floating list under a line of text. It never takes the focus from the line."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QFrame, QListView, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.suggestion_painter import DETAIL_ROLE, ICON_ROLE, SuggestionPainter

_MOST_ROWS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """One row of the list: its words, a softer detail, an icon, and the value it stands for."""

    label: str
    value: object
    detail: str = ""
    icon: str = ""


class SuggestionList(QFrame):
    """Rows that float over the page, right under their line.

    It is a child of the window, not a window of its own: it moves with the page, and the focus
    stays in the line.

    Signals:
        taken(object): the `Suggestion` that was clicked.
    """

    taken = Signal(object)

    def __init__(self, line: QWidget) -> None:
        super().__init__(line)
        self._line = line
        self._model = _Rows(self)
        self._view = QListView()
        self._name_parts()
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.addWidget(self._view)
        self._view.clicked.connect(lambda index: self.taken.emit(self._model.rows[index.row()]))
        self.hide()

    def rows(self) -> tuple["Suggestion", ...]:
        """Return the rows held."""
        return tuple(self._model.rows)

    def show_rows(self, rows: Sequence["Suggestion"], *, highlights_first: bool) -> None:
        """Show rows, or close when there are none."""
        self._model.set_rows(rows)
        if not rows:
            self.hide()
            return
        first = self._model.index(0) if highlights_first else QModelIndex()
        self._view.setCurrentIndex(first)
        if not highlights_first:
            self._view.clearSelection()
        self._float()

    def walk(self, step: int) -> None:
        """Move the highlight; past an end it goes to the other."""
        count = self._model.rowCount()
        current = self._view.currentIndex().row()
        place = 0 if current < 0 and step > 0 else (current + step) % count
        self._view.setCurrentIndex(self._model.index(place))

    def current(self) -> "Suggestion | None":
        """Return the row highlighted."""
        index = self._view.currentIndex()
        return self._model.rows[index.row()] if index.isValid() else None

    def words_of_current(self) -> str:
        """Return what a reader says of the row highlighted."""
        current = self.current()
        return f"{current.label}, {current.detail}".strip(", ") if current else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when the window changes under the list."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.WindowDeactivate):
            self.hide()
        return super().eventFilter(watched, event)

    def _float(self) -> None:
        window = self._line.window()
        if self.parentWidget() is not window:
            self.setParent(window)
            window.installEventFilter(self)
        row_height = self._view.sizeHintForRow(0)
        height = row_height * min(self._model.rowCount(), _MOST_ROWS) + 12
        corner = self._line.mapTo(window, QPoint(0, self._line.height() + 4))
        width = max(self._line.width(), min(scaled(360), window.width() - corner.x() - 8))
        room = window.height() - corner.y() - 8
        self.setGeometry(corner.x(), corner.y(), width, max(min(height, room), row_height + 12))
        self.show()
        self.raise_()

    def _name_parts(self) -> None:
        self.setObjectName("suggestions")
        self.setProperty("kind", "floating")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setObjectName("suggestion_rows")
        self._view.setModel(self._model)
        self._view.setItemDelegate(SuggestionPainter(self._view))
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAccessibleName(self.tr("Propositions"))
        self._view.setFrameShape(QFrame.Shape.NoFrame)
        self._view.setUniformItemSizes(True)
        self._view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._view.setMouseTracking(True)


class _Rows(QAbstractListModel):
    """A snapshot of suggestions; their parts are told apart by roles."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Suggestion] = []

    def set_rows(self, rows: Sequence["Suggestion"]) -> None:
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = QModelIndex()) -> int:
        """Return how many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        """Return a part of a suggestion by its role."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{row.label}, {row.detail}".strip(", ")
        parts = {
            int(Qt.ItemDataRole.DisplayRole): row.label,
            DETAIL_ROLE: row.detail,
            ICON_ROLE: row.icon,
        }
        return parts.get(int(role))
