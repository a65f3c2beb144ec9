"""The rows of the directory: two lines each, painted; what is shown is also what is read aloud."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.exporting.table import ShownColumn, ShownTable
from ui.directory.page import DirectoryRow
from ui.theme import colour, scaled
from ui.widgets.icons import icon_pixmap

ROW_ROLE = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 64
_HEIGHT_OF_THREE = 88
_ROOM_FOR_TWO_LINES = 520
_EDGE = 14
_ICON = 22


class DirectoryRows(QAbstractListModel):
    """A snapshot of the directory; `ROW_ROLE` gives the row itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[DirectoryRow, ...] = ()

    def set_rows(self, rows: Sequence[DirectoryRow]) -> None:
        """Show another snapshot."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rows(self) -> tuple[DirectoryRow, ...]:
        """Return the snapshot."""
        return self._rows

    def place_of(self, reference: str) -> int:
        """Return where a structure is in the list, -1 when it is not shown."""
        references = (place for place, row in enumerate(self._rows) if row.reference == reference)
        return next(references, -1)

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
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{row.name}\n{row.opening.text}\n{row.about}"
        return None


def shown_table(name: str, rows: Sequence[DirectoryRow]) -> ShownTable:
    """Return rows as a file may hold them: the public number alone."""
    titles = ("Structure", "Où", "Ouverture", "Distance", "Fiche", "Téléphone")
    return ShownTable(
        name=name,
        columns=tuple(ShownColumn(title=title) for title in titles),
        rows=tuple(
            (row.name, row.about, row.opening.text, row.distance, row.checked, row.public)
            for row in rows
        ),
    )


class DirectoryPainter(QStyledItemDelegate):
    """Paints a row: who and how far, then open or not, where, and when it was checked.

    Where there is little room the place has a line of its own.
    """

    def __init__(self, view: QWidget) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Give every row the height of its lines."""
        return QSize(scaled(280), scaled(_HEIGHT_OF_THREE if self._is_narrow() else _HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, DirectoryRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inks = _paint_ground(painter, option)
        area = option.rect.adjusted(scaled(_EDGE), 0, -scaled(_EDGE), 0)
        mark = icon_pixmap(row.opening.icon, row.opening.colour, _ICON)
        painter.drawPixmap(area.left(), area.center().y() - scaled(_ICON) // 2, mark)
        area.setLeft(area.left() + scaled(_ICON) + scaled(_EDGE))
        self._paint_lines(painter, area, row, inks)
        painter.restore()

    def _paint_lines(
        self, painter: QPainter, area: QRect, row: DirectoryRow, inks: tuple[QColor, QColor]
    ) -> None:
        first = (row.name, row.distance)
        lines = [(f"{row.opening.text} · {row.about}", row.checked)]
        if self._is_narrow():
            first = (row.name, "")
            lines = [(row.opening.text, row.distance), (row.about, row.checked)]
        plain = painter.font()
        strong = QFont(plain)
        strong.setWeight(QFont.Weight.DemiBold)
        high = painter.fontMetrics().lineSpacing()
        line = QRect(area)
        line.setTop(area.center().y() - high * (1 + len(lines)) // 2)
        line.setHeight(high)
        _line(painter, line, first, (strong, plain), inks[0])
        for ends in lines:
            line.translate(0, high)
            _line(painter, line, ends, (plain, plain), inks[1])

    def _is_narrow(self) -> bool:
        return self._view.width() < scaled(_ROOM_FOR_TWO_LINES)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> tuple[QColor, QColor]:
    """Paint what lies under a row and return the inks for its two lines."""
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, colour("accent_soft"))
        # A bar as well: the highlight is not told by colour alone.
        bar = QRect(option.rect)
        bar.setWidth(scaled(4))
        painter.fillRect(bar, colour("accent"))
        return colour("on_accent_soft"), colour("on_accent_soft")
    if option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, colour("sunken"))
    under = option.rect.adjusted(scaled(_EDGE), option.rect.height() - 1, -scaled(_EDGE), 0)
    painter.fillRect(under, colour("line"))
    return colour("text"), colour("soft")


def _line(
    painter: QPainter, box: QRect, ends: tuple[str, str], fonts: tuple[QFont, QFont], ink: QColor
) -> None:
    """Write a line whose right end is whole and whose left end is cut where it must be."""
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(ink)
    painter.setFont(fonts[1])
    painter.drawText(box, middle | Qt.AlignmentFlag.AlignRight, ends[1])
    taken = painter.fontMetrics().horizontalAdvance(ends[1])
    left = QRect(box)
    left.setRight(box.right() - taken - (scaled(_EDGE) if taken else 0))
    painter.setFont(fonts[0])
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(ends[0], Qt.TextElideMode.ElideRight, left.width())
    painter.drawText(left, middle | Qt.AlignmentFlag.AlignLeft, shown)
