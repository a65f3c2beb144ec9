"""The marks of choices: ring or box, filled when chosen, or the digit that chooses."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QIcon,
    QPainter,
    QPen,
    QPixmap,
    QPixmapCache,
    QPolygonF,
)

from ui.theme import colour, look, scaled

_SIDE = 18
MARK_WIDTH = _SIDE + 6  # the gap before the words
_CHOSEN = -1


def mark_icon(*, is_single: bool, digit: int | None = None) -> QIcon:
    """Make the mark of a choice, off and on.

    Args:
        is_single: a ring for one of several, a box for any number.
        digit: shown in place of the empty mark, while the keys can choose.
    """
    made = QIcon()
    made.addPixmap(_kept(is_single, digit), QIcon.Mode.Normal, QIcon.State.Off)
    made.addPixmap(_kept(is_single, _CHOSEN), QIcon.Mode.Normal, QIcon.State.On)
    return made


def _kept(is_single: bool, face: int | None) -> QPixmap:  # noqa: FBT001 -- as in mark_icon
    """Draw a mark once for each theme and size: a page shows a hundred of them."""
    key = f"mark/{is_single}/{face}/{look()}/{_ratio()}"
    pixmap = QPixmap()
    if QPixmapCache.find(key, pixmap):
        return pixmap
    if face == _CHOSEN:
        pixmap = _chosen_mark(is_single=is_single)
    else:
        pixmap = _mark(is_single=is_single, digit=face)
    QPixmapCache.insert(key, pixmap)
    return pixmap


def _mark(*, is_single: bool, digit: int | None) -> QPixmap:
    pixmap, painter = _canvas()
    if digit is not None:
        font = painter.font()
        font.setPixelSize(15)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(colour("accent"))
        painter.drawText(QRectF(0, 0, _SIDE, _SIDE), Qt.AlignmentFlag.AlignCenter, str(digit))
    else:
        painter.setPen(QPen(colour("field_line"), 1.6))
        _outline(painter, is_single=is_single)
    painter.end()
    return pixmap


def _chosen_mark(*, is_single: bool) -> QPixmap:
    pixmap, painter = _canvas()
    painter.setPen(QPen(colour("accent"), 1.6))
    painter.setBrush(colour("accent"))
    _outline(painter, is_single=is_single)
    tick = QPen(colour("on_accent"), 2.2)
    tick.setCapStyle(Qt.PenCapStyle.RoundCap)
    tick.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(tick)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(5, 9.4), QPointF(7.9, 12.2), QPointF(13, 6.4)]))
    painter.end()
    return pixmap


def _outline(painter: QPainter, *, is_single: bool) -> None:
    box = QRectF(1.5, 1.5, _SIDE - 3, _SIDE - 3)
    if is_single:
        painter.drawEllipse(box)
    else:
        painter.drawRoundedRect(box, 4, 4)


def _canvas() -> tuple[QPixmap, QPainter]:
    ratio = _ratio()
    zoom = scaled(100) / 100
    side = round(_SIDE * zoom * ratio)
    pixmap = QPixmap(round(MARK_WIDTH * zoom * ratio), side)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.scale(zoom, zoom)
    return pixmap, painter


def _ratio() -> float:
    application = QGuiApplication.instance()
    return application.devicePixelRatio() if isinstance(application, QGuiApplication) else 1.0
