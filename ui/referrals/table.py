"""The rows of referrals, painted in two lines each."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from ui.referrals.page import ReferralRow
from ui.theme import scaled
from ui.widgets.row_ground import Inks, paint_ground, paint_mark
from ui.widgets.spoken_list import ROW_ROLE

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 68
_EDGE = 16
_RIGHT_SHARE = 0.42


class ReferralPainter(QStyledItemDelegate):
    """Paints a row: who at the left, where it stands and what is next at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        """Give every row the height of two lines."""
        return QSize(scaled(360), scaled(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint one row."""
        row = index.data(ROW_ROLE)
        if not isinstance(row, ReferralRow):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        inks = paint_ground(painter, option, edge_px=_EDGE)
        area = paint_mark(painter, option.rect, row.badge, edge_px=_EDGE)
        right = QRect(area)
        right.setLeft(area.right() - int(area.width() * _RIGHT_SHARE))
        area.setRight(right.left() - scaled(_EDGE))
        _two_lines(painter, area, (row.name, row.partner), inks)
        _two_lines(painter, right, (f"{row.badge.text} {row.since}", row.next_step), inks)
        painter.restore()


def _two_lines(painter: QPainter, area: QRect, lines: tuple[str, str], inks: Inks) -> None:
    plain = painter.font()
    strong = QFont(plain)
    strong.setWeight(QFont.Weight.DemiBold)
    upper, lower = QRect(area), QRect(area)
    middle = area.center().y()
    upper.setBottom(middle + 1)
    lower.setTop(middle + 2)
    for text, ink, font, box, side in (
        (lines[0], inks[0], strong, upper, Qt.AlignmentFlag.AlignBottom),
        (lines[1], inks[1], plain, lower, Qt.AlignmentFlag.AlignTop),
    ):
        painter.setFont(font)
        painter.setPen(ink)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, side | Qt.AlignmentFlag.AlignLeft, shown)
    painter.setFont(plain)
