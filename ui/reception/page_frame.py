"""Where the parts of the page stand: a column, what will leave beside or under it, the foot."""

from collections.abc import Sequence

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.reception.page_scroll import PageScroll
from ui.theme import scaled

_PANEL_BESIDE_FROM_PX = 1060
_PANEL_PX = 352


class PageFrame(QWidget):
    """Lays out the parts in their order; the panel stands beside them when there is room.

    Attributes:
        column: what scrolls the parts.
    """

    def __init__(self, parts: Sequence[QWidget], *, panel: QWidget, bar: QWidget) -> None:
        super().__init__()
        self._panel = panel
        beside, page = QWidget(), QWidget()
        for part in (beside, page):
            part.setObjectName("screen")
        self._beside, self._under = QVBoxLayout(beside), QVBoxLayout()
        self._beside.setContentsMargins(0, 6, 24, 20)
        self._beside.addStretch(1)
        self._fill(page, parts)
        self.column, self._side = PageScroll(page), PageScroll(beside)
        self._lay_out(bar)
        self._place_panel()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the panel beside the page when there is room, under it otherwise."""
        super().resizeEvent(event)
        self._place_panel()

    def _place_panel(self) -> None:
        is_beside = self.width() >= scaled(_PANEL_BESIDE_FROM_PX)
        self._side.setVisible(is_beside)
        self._side.setFixedWidth(scaled(_PANEL_PX))
        goal = self._beside if is_beside else self._under
        if goal.indexOf(self._panel) < 0:
            goal.insertWidget(0, self._panel)

    def _fill(self, page: QWidget, parts: Sequence[QWidget]) -> None:
        column = QVBoxLayout(page)
        column.setContentsMargins(28, 6, 20, 20)
        column.setSpacing(14)
        for part in parts:
            column.addWidget(part)
        column.addLayout(self._under)
        column.addStretch(1)

    def _lay_out(self, bar: QWidget) -> None:
        both = QHBoxLayout()
        both.setSpacing(0)
        both.addWidget(self.column, 1)
        both.addWidget(self._side)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(both, 1)
        whole.addWidget(bar)
