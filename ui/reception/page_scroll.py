"""The column that scrolls, and follows the focus with some air around it."""

import shiboken6
from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

from ui.theme import scaled

_AIR_PX = 48
_SETTLED_AFTER_MS = 120
_SEEN_WITH = "seen_with"


def see_with(widget: QWidget, other: QWidget) -> None:
    """Have another widget, which answers a little later, be in sight with one that takes focus."""
    widget.setProperty(_SEEN_WITH, other)


class PageScroll(QScrollArea):
    """Scrolls its page; whatever takes the focus is brought into sight."""

    def __init__(self, page: QWidget) -> None:
        super().__init__()
        self.page = page
        self._wanted: QWidget | None = None
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.timeout.connect(self._forget)
        self.setWidget(page)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.verticalScrollBar().rangeChanged.connect(self._bring)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def bring_into_sight(self, widget: QWidget) -> None:
        """Scroll just enough to show a widget, its label and some air.

        A part of the page that was just opened finds its place a little later: until the page has
        settled, the widget is followed.
        """
        self._wanted = widget
        other = widget.property(_SEEN_WITH)
        if isinstance(other, QWidget) and shiboken6.isValid(other):
            other.installEventFilter(self)  # once: Qt keeps each filter but once
        self._settling.start(_SETTLED_AFTER_MS)
        self._bring()
        QTimer.singleShot(0, self, self._bring)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what answers later, whenever it does, while its question has the focus."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Resize):
            focused = QApplication.focusWidget()
            if focused is not None and focused.property(_SEEN_WITH) is watched:
                self.bring_into_sight(focused)
        return super().eventFilter(watched, event)

    def _bring(self) -> None:
        widget = self._wanted
        if widget is None or not shiboken6.isValid(widget) or not self.page.isAncestorOf(widget):
            return
        top, bottom = self._reach(widget)
        other = widget.property(_SEEN_WITH)
        if isinstance(other, QWidget) and shiboken6.isValid(other) and other.isVisible():
            bottom = max(bottom, self._reach(other)[1])
        air = scaled(_AIR_PX)
        bar = self.verticalScrollBar()
        seen = self.viewport().height()
        if bottom + air <= seen:
            bar.setValue(0)
        elif top - air < bar.value():
            bar.setValue(top - air)
        elif bottom + air > bar.value() + seen:
            bar.setValue(min(bottom + air - seen, top - air))

    def _reach(self, widget: QWidget) -> tuple[int, int]:
        top = widget.mapTo(self.page, QPoint(0, 0)).y()
        return top, top + widget.height()

    def _forget(self) -> None:
        self._bring()
        self._wanted = None

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.isVisible() and self.page.isAncestorOf(now):
            self.bring_into_sight(now)
