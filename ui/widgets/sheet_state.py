"""States of a widget that the style sheet shows."""

from PySide6.QtWidgets import QWidget


def set_state(widget: QWidget, name: str, value: str | bool) -> None:  # noqa: FBT001 -- a Qt property
    """Set a dynamic property and have the sheet look at the widget again, if it changed."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
