"""The imports made here, each with its way back, in two steps."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.directory.import_presenter import ImportShown
from ui.widgets.labels import separator, words
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps


class PastImports(SectionCard):
    """The list; those undone stay, without a button.

    Signals:
        undone(int): undo the import of that number; it was confirmed.
    """

    undone = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.set_title(self.tr("Imports faits sur ce poste"))
        self.setObjectName("past_imports")
        self._shown: tuple[ImportShown, ...] = ()
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self.add_layout(self._list)
        self._show_nothing()

    def show_imports(self, shown: Sequence[ImportShown]) -> None:
        """Show the imports, the latest first."""
        if tuple(shown) == self._shown:
            return
        self._shown = tuple(shown)
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, one in enumerate(self._shown):
            if place:
                self._add(separator())
            self._add(self._line(one))
        if not shown:
            self._show_nothing()

    def _show_nothing(self) -> None:
        self._add(words(self.tr("Aucun import pour l’instant."), "soft"))

    def _add(self, widget: QWidget) -> None:
        self._list.addWidget(widget)
        widget.setVisible(True)

    def _line(self, one: ImportShown) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(words(one.title, "strong"))
        column.addWidget(words(one.about, "soft"))
        if one.undo:
            steps = TwoSteps(
                f"undo_{one.number}",
                asks=self.tr("Défaire…"),
                does=self.tr("Défaire cet import"),
                keeps=self.tr("Garder cet import"),
                icon="undo-2",
            )
            steps.set_sentences(one.undo)
            steps.name_asking(self.tr("Défaire {title}…").format(title=one.title))
            steps.confirmed.connect(lambda: self.undone.emit(one.number))
            column.addWidget(steps)
        return line
