"""Paints a suggestion: icon, words, and a softer detail on the same line."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import colour, scaled
from ui.widgets.icons import icon_pixmap

DETAIL_ROLE = int(Qt.ItemDataRole.UserRole)
ICON_ROLE = DETAIL_ROLE + 1


class SuggestionPainter(QStyledItemDelegate):
    """Rows of `SuggestionList`."""

    def sizeHint(
        self,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002 -- Qt's signature
    ) -> QSize:
        """Give each row the same comfortable height."""
        return QSize(scaled(200), option.fontMetrics.height() + scaled(18))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one row."""
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        is_under_pointer = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_current or is_under_pointer:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour("accent_soft" if is_current else "sunken"))
            painter.drawRoundedRect(option.rect, 6, 6)
        if is_current:
            # A bar as well: the highlight is not told by colour alone.
            bar = QRect(option.rect.left() + 2, option.rect.top() + 8, 3, option.rect.height() - 16)
            painter.fillRect(bar, colour("accent"))
        self._paint_words(painter, option, index, is_current=is_current)
        painter.restore()

    def _paint_words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        *,
        is_current: bool,
    ) -> None:
        area = option.rect.adjusted(scaled(12), 0, -scaled(12), 0)
        icon = str(index.data(ICON_ROLE) or "")
        if icon:
            side = scaled(18)
            top = area.center().y() - side // 2
            painter.drawPixmap(area.left(), top, icon_pixmap(icon, "soft", 18))
            area.setLeft(area.left() + side + scaled(10))
        ink = colour("on_accent_soft" if is_current else "text")
        area.setLeft(area.left() + _write(painter, area, str(index.data()), ink) + scaled(12))
        detail = str(index.data(DETAIL_ROLE) or "")
        _write(painter, area, detail, colour("on_accent_soft" if is_current else "soft"))


def _write(painter: QPainter, area: QRect, text: str, ink: QColor) -> int:
    metrics = painter.fontMetrics()
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(area.width(), 0))
    painter.setPen(ink)
    painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
    return metrics.horizontalAdvance(shown)
