"""Keeps the Tab key in the order of the page, also for what is made later."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def put_after(before: QWidget, part: QWidget) -> None:
    """Have Tab reach what is inside `part` right after what is inside `before`.

    Qt puts what is made later at the very end of the window.
    """
    previous = [before, *_stops(before)][-1]
    for stop in _stops(part):
        QWidget.setTabOrder(previous, stop)
        previous = stop


def _stops(part: QWidget) -> list[QWidget]:
    """Return what can take the focus under a widget, in the order it was laid out."""
    return [
        widget
        for widget in part.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.focusProxy() is None
    ]
