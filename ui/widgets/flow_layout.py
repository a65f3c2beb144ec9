"""A layout that wraps like the words of a text."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

_Line = list[tuple[QLayoutItem, QSize]]
_UNBOUNDED = 16_777_215


class FlowLayout(QLayout):
    """Puts widgets one after the other and goes to the next line when the line is full."""

    def __init__(self, parent: QWidget | None = None, *, gap: int = 8) -> None:
        super().__init__()
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)
        # Only now: Qt counts the items as soon as the layout has a parent.
        if parent is not None:
            parent.setLayout(self)

    def addItem(self, item: QLayoutItem) -> None:
        """Take an item; Qt calls this."""
        self._items.append(item)

    def count(self) -> int:
        """Return how many items there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return an item, or None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Give an item up, or None past the end."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Ask for no more room than needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """Say that narrower means higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines at a width."""
        return self._place(QRect(0, 0, width, 0), moves=False)

    def setGeometry(self, rect: QRect) -> None:
        """Place the items."""
        super().setGeometry(rect)
        self._place(rect, moves=True)

    def sizeHint(self) -> QSize:
        """Return the least size: the width is what the page gives."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the widest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        margins = self.contentsMargins()
        return size + QSize(
            margins.left() + margins.right(),
            margins.top() + margins.bottom(),
        )

    def _place(self, rect: QRect, *, moves: bool) -> int:
        """Walk along the lines; return the height they need."""
        area = rect.marginsRemoved(self.contentsMargins())
        y = area.y()
        for line in self._lines(max(area.width(), 1)):
            height = max(size.height() for _, size in line)
            if moves:
                _place_line(line, area.x(), QRect(0, y, 0, height), self._gap)
            y += height + self._gap
        return max(y - self._gap, area.y()) - rect.y() + self.contentsMargins().bottom()

    def _lines(self, width: int) -> list[_Line]:
        lines: list[_Line] = []
        used = 0
        for item in self._items:
            if _is_put_away(item):
                continue
            size = item.sizeHint().boundedTo(QSize(width, _UNBOUNDED))
            if not lines or used + self._gap + size.width() > width:
                lines.append([(item, size)])
                used = size.width()
            else:
                lines[-1].append((item, size))
                used += self._gap + size.width()
        return lines


def _is_put_away(item: QLayoutItem) -> bool:
    """Say whether somebody hid the item; one that was never shown yet still takes its room."""
    widget = item.widget()
    if widget is None:
        return item.isEmpty()
    return widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide)


def _place_line(line: _Line, x: int, band: QRect, gap: int) -> None:
    """Put the items of a line one after the other, each in the middle of its height."""
    for item, size in line:
        middle = band.y() + (band.height() - size.height()) // 2
        item.setGeometry(QRect(QPoint(x, middle), size))
        x += size.width() + gap


def wrapped(*parts: QWidget, gap: int = 12) -> QWidget:
    """Put parts one after the other; they go to the next line where there is no room."""
    line = QWidget()
    flow = FlowLayout(line, gap=gap)
    for part in parts:
        flow.addWidget(part)
    return line
