"""The rows of referrals: two lines each, painted; what is shown is also what is read aloud."""

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
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.referrals.page import ReferralRow
from ui.theme import colour, scaled
from ui.widgets.icons import icon_pixmap

ROW_ROLE = Qt.ItemDataRole.UserRole

_Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 68
_EDGE = 16
_ICON = 22
_RIGHT_SHARE = 0.42


class ReferralRows(QAbstractListModel):
    """A snapshot of referrals; `ROW_ROLE` gives the row itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ReferralRow, ...] = ()

    def set_rows(self, rows: Sequence[ReferralRow]) -> None:
        """Show another snapshot."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def rows(self) -> tuple[ReferralRow, ...]:
        """Return the snapshot."""
        return self._rows

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
            return f"{row.name} · {row.partner}"
        return None


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
        ink = _paint_ground(painter, option)
        area = option.rect.adjusted(scaled(_EDGE), 0, -scaled(_EDGE), 0)
        mark = icon_pixmap(row.badge.icon or "circle", row.badge.colour, _ICON)
        top = area.center().y() - scaled(_ICON) // 2
        painter.drawPixmap(area.left(), top, mark)
        area.setLeft(area.left() + scaled(_ICON) + scaled(_EDGE))
        right = QRect(area)
        right.setLeft(area.right() - int(area.width() * _RIGHT_SHARE))
        area.setRight(right.left() - scaled(_EDGE))
        _two_lines(painter, area, (row.name, row.partner), ink)
        _two_lines(painter, right, (f"{row.badge.text} {row.since}", row.next_step), ink)
        painter.restore()


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem) -> tuple[QColor, QColor]:
    """Paint what lies under a row and return the inks for its two lines."""
    is_current = bool(option.state & QStyle.StateFlag.State_Selected)
    if is_current:
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


def _two_lines(
    painter: QPainter, area: QRect, lines: tuple[str, str], inks: tuple[QColor, QColor]
) -> None:
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
