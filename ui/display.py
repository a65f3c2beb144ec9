"""Is there a screen to show windows on? Asked before Qt, which ends the process without one."""

import os
import sys

_SAID_BY = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def has_display() -> bool:
    """Can windows be shown, or was Qt told where to draw them?"""
    if sys.platform in {"win32", "darwin"}:
        return True
    return any(os.environ.get(name) for name in _SAID_BY)


def draw_offscreen_without_display() -> None:
    """Have Qt draw in memory when there is no screen; called before the application is made."""
    if not has_display():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
