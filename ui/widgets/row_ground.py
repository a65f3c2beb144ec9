"""What lies under the words of a painted row: highlight, pointer, a line; and its mark at left."""

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui.theme import colour, scaled
from ui.widgets.icons import icon_pixmap
from ui.widgets.page_values import Badge

_ICON = 22
_BAR = 4

Inks = tuple[QColor, QColor]
"""The inks of a row: for what weighs, for the rest."""


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, *, edge_px: int) -> Inks:
    """Paint what lies under a row and return the inks for its words."""
    if option.state & QStyle.StateFlag.State_Selected:
        painter.fillRect(option.rect, colour("accent_soft"))
        # A bar as well: the highlight is not told by colour alone.
        bar = QRect(option.rect)
        bar.setWidth(scaled(_BAR))
        painter.fillRect(bar, colour("accent"))
        return colour("on_accent_soft"), colour("on_accent_soft")
    if option.state & QStyle.StateFlag.State_MouseOver:
        painter.fillRect(option.rect, colour("sunken"))
    under = option.rect.adjusted(scaled(edge_px), option.rect.height() - 1, -scaled(edge_px), 0)
    painter.fillRect(under, colour("line"))
    return colour("text"), colour("soft")


def paint_mark(painter: QPainter, row: QRect, mark: Badge, *, edge_px: int) -> QRect:
    """Paint the icon of a state at the left of a row and return the room left for words."""
    area = row.adjusted(scaled(edge_px), 0, -scaled(edge_px), 0)
    side = scaled(_ICON)
    picture = icon_pixmap(mark.icon or "circle", mark.colour, _ICON)
    painter.drawPixmap(area.left(), area.center().y() - side // 2, picture)
    area.setLeft(area.left() + side + scaled(edge_px))
    return area
