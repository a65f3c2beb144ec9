"""A part of a page on its own surface."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from ui.widgets.labels import heading


class SectionCard(QFrame):
    """A surface with a title, room for one widget beside it, and a column of contents."""

    def __init__(
        self, title: str = "", *, trailing: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        self._title = heading(title, 2)
        self.body = QVBoxLayout()
        self.body.setSpacing(18)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 18, 24, 22)
        column.setSpacing(14)
        column.addLayout(self._head(trailing))
        column.addLayout(self.body)
        self.set_title(title)

    def set_title(self, title: str) -> None:
        """Show another title; without one no room is left for it."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.setAccessibleName(title)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put a widget under those already there."""
        self.body.addWidget(widget, stretch)

    def add_layout(self, layout: QLayout) -> None:
        """Put a layout under what is already there."""
        self.body.addLayout(layout)

    def _head(self, trailing: QWidget | None) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._title, 1)
        if trailing is not None:
            row.addWidget(trailing)
        return row
