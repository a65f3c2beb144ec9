"""Keeps the focus near when the control that has it goes away."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtWidgets import QApplication, QWidget


@contextmanager
def focus_kept_in(part: QWidget, take_focus: Callable[[], None]) -> Iterator[None]:
    """Hide and show controls of `part`; if one of them had the focus, `take_focus` follows.

    Left to itself, Qt gives the focus of what it hides to the next control, and a page scrolls to
    that one, away from what somebody was looking at.
    """
    focused = QApplication.focusWidget()
    had_focus = focused is not None and (focused is part or part.isAncestorOf(focused))
    if focused is not None and had_focus:
        focused.clearFocus()
    yield
    if had_focus:
        take_focus()
