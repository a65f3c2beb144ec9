"""Names and values side by side, for what is read and copied."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from ui.theme import scaled
from ui.widgets.emptying import empty
from ui.widgets.labels import words
from ui.widgets.page_values import Fact


class FactGrid(QWidget):
    """Facts in two columns. Values can be selected with the mouse."""

    def __init__(
        self, name: str = "", *, label_px: int = 170, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._label_px = label_px
        self._facts: tuple[Fact, ...] = ()
        self._names: list[QLabel] = []
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(scaled(20))
        self._grid.setVerticalSpacing(scaled(10))
        self._grid.setColumnStretch(1, 1)

    def set_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts, in the order given."""
        fresh = tuple(facts)
        if fresh == self._facts:
            return
        self._facts = fresh
        self._names.clear()
        empty(self._grid)
        for row, fact in enumerate(fresh):
            self._add(row, fact)

    def facts(self) -> tuple[Fact, ...]:
        """Return the facts shown."""
        return self._facts

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            for name in self._names:
                name.setFixedWidth(scaled(self._label_px))

    def _add(self, row: int, fact: Fact) -> None:
        name = words(fact.label, "soft")
        name.setFixedWidth(scaled(self._label_px))
        self._names.append(name)
        value = words(fact.value)
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        value.setAccessibleName(f"{fact.label}\u202f: {fact.value}")
        cell = QWidget()
        column = QVBoxLayout(cell)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(value)
        if fact.note:
            column.addWidget(words(fact.note, "missing"))
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(cell, row, 1, Qt.AlignmentFlag.AlignTop)
        # Shown at once: a layout would show them one turn of the event loop later.
        name.setVisible(True)
        cell.setVisible(True)
