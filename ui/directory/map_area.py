"""A schematic map of the département, drawn from coordinates; the list beside it says the same."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.directory.page import DirectoryRow
from ui.directory.places import MapGround, Spot
from ui.theme import colour, scaled

KM_OF_A_DEGREE: Final = 111.2
"""Of latitude, everywhere; of longitude, times the cosine of the latitude."""

_SCALES_KM: Final = (2, 5, 10, 20, 50, 100)
_WIDEST_SCALE: Final = 0.27
_AROUND_PX: Final = 16
_LEGEND_PX: Final = 30
_MARK_PX: Final = 5
_NEAR_PX: Final = 16


class MapArea(QWidget):
    """Communes as light dots, structures as marks: full when open, hollow when not.

    It takes no focus: readers of the screen have the list.

    Signals:
        picked(str): the reference of the structure whose mark was pressed.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ground = MapGround()
        self._rows: tuple[DirectoryRow, ...] = ()
        self._selected: DirectoryRow | None = None
        self.setObjectName("directory_map")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._name()

    def show_ground(self, ground: MapGround) -> None:
        """Draw another département."""
        self._ground = ground
        self._name()
        self.update()

    def show_rows(self, rows: Sequence[DirectoryRow]) -> None:
        """Mark these structures; those whose place is unknown are not drawn."""
        self._rows = tuple(row for row in rows if row.spot is not None)
        self.update()

    def select(self, row: DirectoryRow | None) -> None:
        """Write the name of one of them."""
        self._selected = row
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for little: it takes the room that the list leaves."""
        return QSize(scaled(280), scaled(130))

    def minimumSizeHint(self) -> QSize:
        """Ask for what can still be read."""
        return QSize(scaled(180), scaled(120))

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Pick the mark that is nearest to the pointer."""
        frame = self._frame()
        if frame is None:
            return
        near = [
            (math.dist(frame.point(row.spot).toTuple(), event.position().toTuple()), row.reference)
            for row in self._rows
            if row.spot is not None
        ]
        if near and min(near)[0] <= scaled(_NEAR_PX):
            self.picked.emit(min(near)[1])

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, marks, the selected one above them, legend and scale."""
        frame = self._frame()
        if frame is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_communes(painter, frame)
        whole = QRectF(self.rect()).adjusted(0, 0, 0, -scaled(_LEGEND_PX))
        for row in self._rows:
            if row.spot is not None and _holds(whole, frame.point(row.spot)):
                self._paint_mark(painter, frame, row)
        self._paint_here(painter, frame)
        self._paint_selected(painter, frame, whole)
        self._paint_legend(painter)
        self._paint_scale(painter, frame)
        painter.end()

    def _frame(self) -> "_Frame | None":
        around = scaled(_AROUND_PX)
        room = QRectF(self.rect()).adjusted(around, around, -around, -around - scaled(_LEGEND_PX))
        return _Frame(self._ground.communes, room) if self._ground.communes else None

    def _paint_communes(self, painter: QPainter, frame: "_Frame") -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour("line"))
        for commune in self._ground.communes:
            painter.drawEllipse(frame.point(commune), scaled(3), scaled(3))

    def _paint_mark(
        self, painter: QPainter, frame: "_Frame", row: DirectoryRow, *, ink: str = "accent"
    ) -> None:
        if row.spot is not None:
            _dot(painter, frame.point(row.spot), scaled(_MARK_PX), ink, is_full=row.is_open)

    def _paint_here(self, painter: QPainter, frame: "_Frame") -> None:
        if self._ground.here is not None:
            _cross(painter, frame.point(self._ground.here))

    def _paint_selected(self, painter: QPainter, frame: "_Frame", whole: QRectF) -> None:
        row = self._selected
        if row is None or row.spot is None:
            return
        at = frame.point(row.spot)
        if not _holds(whole, at):
            self._paint_name(painter, QPointF(whole.center().x(), 0), f"{row.name} (hors carte)")
            return
        painter.setBrush(colour("surface"))
        painter.setPen(QPen(colour("focus"), scaled(3)))
        painter.drawEllipse(at, scaled(_MARK_PX + 5), scaled(_MARK_PX + 5))
        self._paint_mark(painter, frame, row, ink="focus")
        self._paint_name(painter, at, row.name)

    def _paint_name(self, painter: QPainter, at: QPointF, name: str) -> None:
        metrics = painter.fontMetrics()
        widest = self.width() - 2 * scaled(6)
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, widest - scaled(12))
        width = metrics.horizontalAdvance(shown) + scaled(12)
        height = metrics.height() + scaled(4)
        left = min(max(at.x() - width / 2, scaled(6)), self.width() - width - scaled(6))
        above = at.y() - scaled(_MARK_PX + 9) - height
        top = above if above > 0 else at.y() + scaled(_MARK_PX + 9)
        box = QRectF(left, top, width, height)
        painter.setPen(QPen(colour("focus"), 1))
        painter.setBrush(colour("surface"))
        painter.drawRoundedRect(box, scaled(4), scaled(4))
        painter.setPen(colour("text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)

    def _paint_legend(self, painter: QPainter) -> None:
        middle = self.height() - scaled(_LEGEND_PX) / 2
        left = float(scaled(6))
        for words, is_full in (
            (self.tr("ouvert"), True),
            (self.tr("fermé"), False),
            (self.tr("ici"), None),
        ):
            at = QPointF(left + scaled(6), middle)
            if is_full is None:
                _cross(painter, at)
            else:
                _dot(painter, at, scaled(_MARK_PX), "accent", is_full=is_full)
            left = self._write(painter, words, left + scaled(16), middle) + scaled(14)

    def _paint_scale(self, painter: QPainter, frame: "_Frame") -> None:
        fitting = [km for km in _SCALES_KM if km * frame.px_of_a_km <= self.width() * _WIDEST_SCALE]
        km = max(fitting, default=_SCALES_KM[0])
        words = self.tr("{km}\u00a0km").format(km=km)
        middle = self.height() - scaled(_LEGEND_PX) / 2
        right = self.width() - scaled(6)
        left = right - km * frame.px_of_a_km
        wide = painter.fontMetrics().horizontalAdvance(words)
        painter.setPen(QPen(colour("soft"), scaled(2)))
        under = middle + scaled(9)
        painter.drawLine(QPointF(left, under), QPointF(right, under))
        for end in (left, right):
            painter.drawLine(QPointF(end, under - scaled(4)), QPointF(end, under))
        self._write(painter, words, right - wide, middle - scaled(4))

    @staticmethod
    def _write(painter: QPainter, words: str, left: float, middle: float) -> float:
        """Write a few words around a height; return where they end."""
        metrics = painter.fontMetrics()
        painter.setPen(colour("soft"))
        base = middle + (metrics.ascent() - metrics.descent()) / 2
        painter.drawText(QPointF(left, base), words)
        return left + metrics.horizontalAdvance(words)

    def _name(self) -> None:
        of = self._ground.name
        where = self.tr(" de {name}").format(name=of) if of else ""
        said = self.tr("Carte schématique{where}\u202f: la liste à côté dit la même chose")
        self.setAccessibleName(said.format(where=_contracted(where)))


class _Frame:
    """Puts degrees on the widget: everything fits, north above, kilometres alike both ways."""

    def __init__(self, spots: Sequence[Spot], room: QRectF) -> None:
        latitudes = [spot.latitude for spot in spots]
        longitudes = [spot.longitude for spot in spots]
        self._north, self._west = max(latitudes), min(longitudes)
        self._narrow = math.cos(math.radians((self._north + min(latitudes)) / 2))
        tall_km = max((self._north - min(latitudes)) * KM_OF_A_DEGREE, 1.0)
        wide_km = max((max(longitudes) - self._west) * KM_OF_A_DEGREE * self._narrow, 1.0)
        self.px_of_a_km = max(min(room.width() / wide_km, room.height() / tall_km), 0.01)
        self._left = room.left() + (room.width() - wide_km * self.px_of_a_km) / 2
        self._top = room.top() + (room.height() - tall_km * self.px_of_a_km) / 2

    def point(self, spot: Spot) -> QPointF:
        """Return where a spot is drawn."""
        east_km = (spot.longitude - self._west) * KM_OF_A_DEGREE * self._narrow
        south_km = (self._north - spot.latitude) * KM_OF_A_DEGREE
        return QPointF(
            self._left + east_km * self.px_of_a_km, self._top + south_km * self.px_of_a_km
        )


def _holds(whole: QRectF, at: QPointF) -> bool:
    """Is there room for a whole mark?"""
    edge = scaled(_MARK_PX + 6)
    return whole.adjusted(edge, edge, -edge, -edge).contains(at)


def _dot(painter: QPainter, at: QPointF, radius: int, ink: str, *, is_full: bool) -> None:
    """Draw a mark, full or hollow: open is not told by colour alone."""
    painter.setPen(QPen(colour(ink), scaled(2)))
    painter.setBrush(colour(ink if is_full else "surface"))
    painter.drawEllipse(at, radius, radius)


def _cross(painter: QPainter, at: QPointF) -> None:
    painter.setPen(QPen(colour("text"), scaled(2)))
    arm = scaled(6)
    painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
    painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))


def _contracted(words: str) -> str:
    """Return « du Cher » for « de le Cher »."""
    return words.replace(" de le ", " du ", 1)
