"""What happened, one thing under the other, each with its date."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import colour, scaled
from ui.widgets.badge_label import BadgeLabel
from ui.widgets.emptying import empty
from ui.widgets.icons import icon_pixmap
from ui.widgets.labels import words
from ui.widgets.page_values import TimelineEntry

_DISC = 32


class Timeline(QWidget):
    """Entries along a line. It is read, not operated: nothing in it takes the focus."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[TimelineEntry, ...] = ()
        self.setAccessibleName(name)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def set_entries(self, entries: Sequence[TimelineEntry]) -> None:
        """Show other entries, in the order given."""
        fresh = tuple(entries)
        if fresh == self._entries:
            return
        self._entries = fresh
        empty(self._column)
        last = len(fresh) - 1
        for place, entry in enumerate(fresh):
            row = _Row(entry, is_last=place == last)
            self._column.addWidget(row)
            # Shown at once: a layout would show it one turn of the event loop later.
            row.setVisible(True)

    def entries(self) -> tuple[TimelineEntry, ...]:
        """Return the entries shown."""
        return self._entries


class _Row(QWidget):
    """One entry: its mark on the line, its words beside."""

    def __init__(self, entry: TimelineEntry, *, is_last: bool) -> None:
        super().__init__()
        self.setAccessibleName(f"{entry.when}, {entry.title}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(scaled(14))
        row.addWidget(_Rail(entry.icon, entry.colour, is_last=is_last))
        row.addLayout(_text_of(entry, is_last=is_last), 1)


def _text_of(entry: TimelineEntry, *, is_last: bool) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, scaled(4), 0, 0 if is_last else scaled(20))
    column.setSpacing(scaled(3))
    column.addWidget(words(entry.title, "strong"))
    under = " · ".join(part for part in (entry.when, entry.who) if part)
    column.addWidget(words(under, "small"))
    if entry.quote:
        column.addWidget(_readable(f"«\u00a0{entry.quote}\u00a0»"))
    for line in entry.lines:
        column.addWidget(_readable(line))
    for badge in entry.badges:
        column.addWidget(BadgeLabel(badge))
    column.addStretch(1)
    return column


def _readable(text: str) -> QLabel:
    label = words(text)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class _Rail(QWidget):
    """The line down the left and the disc of one entry."""

    def __init__(self, icon: str, tone: str, *, is_last: bool) -> None:
        super().__init__()
        self._icon = icon
        self._tone = tone
        self._is_last = is_last
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(scaled(_DISC) + 2, scaled(_DISC) + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = scaled(_DISC)
        disc = QRectF(1, 1, side, side)
        if not self._is_last:
            painter.setPen(QPen(colour("line"), 2))
            middle = disc.center().x()
            painter.drawLine(int(middle), side + 4, int(middle), self.height() - 2)
        painter.setPen(QPen(colour(self._tone), 1.6))
        painter.setBrush(colour("surface"))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        mark = icon_pixmap(self._icon, self._tone, 16)
        ink = scaled(16)
        painter.drawPixmap(int(1 + (side - ink) / 2), int(1 + (side - ink) / 2), mark)
        painter.end()
