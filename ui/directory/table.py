"""The rows of the directory, painted in two lines each; and the table that a file may hold."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.exporting.table import ShownColumn, ShownTable
from ui.directory.page import DirectoryRow
from ui.theme import scaled
from ui.widgets.row_ground import Inks, paint_ground, paint_mark
from ui.widgets.spoken_list import ROW_ROLE

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 64
_HEIGHT_OF_THREE = 88
_ROOM_FOR_TWO_LINES = 520
_EDGE = 14


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
        inks = paint_ground(painter, option, edge_px=_EDGE)
        area = paint_mark(painter, option.rect, row.opening, edge_px=_EDGE)
        self._paint_lines(painter, area, row, inks)
        painter.restore()

    def _paint_lines(self, painter: QPainter, area: QRect, row: DirectoryRow, inks: Inks) -> None:
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
