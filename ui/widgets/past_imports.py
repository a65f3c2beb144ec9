"""Imports made before, each with its way back, in two steps."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.widgets.emptying import empty
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import separator, words
from ui.widgets.page_values import PastImport
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps


class PastImports(SectionCard):
    """The list, the latest first; those undone stay, without a button.

    The steps of the first are named `PREFIX_1`, and so on.

    Signals:
        undone(object): undo the import of that key; it was confirmed.
        grew(): what undoing takes away is said: there is more to see.
    """

    undone = Signal(object)
    grew = Signal()

    def __init__(
        self, title: str, *, none: str, prefix: str, take_focus: Callable[[], None]
    ) -> None:
        """Make the list.

        Args:
            title: what was imported.
            none: the sentence said while there is no import.
            prefix: begins the names of its parts.
            take_focus: goes elsewhere when what had the focus is gone.
        """
        super().__init__()
        self._none = none
        self._prefix = prefix
        self._take_focus = take_focus
        self._shown: tuple[PastImport, ...] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self.set_title(title)
        self.add_layout(self._list)
        self.show_imports(())

    def show_imports(self, shown: Sequence[PastImport]) -> None:
        """Show the imports."""
        if tuple(shown) == self._shown:
            return
        self._shown = tuple(shown)
        with focus_kept_in(self, self._take_focus):
            self._fill(self._shown)

    def _fill(self, shown: Sequence[PastImport]) -> None:
        empty(self._list)
        for place, one in enumerate(shown, start=1):
            if place > 1:
                self._add(separator())
            self._add(self._line(one, place))
        if not shown:
            self._add(words(self._none, "soft"))

    def _add(self, widget: QWidget) -> None:
        self._list.addWidget(widget)
        widget.setVisible(True)

    def _line(self, one: PastImport, place: int) -> QWidget:
        line = QWidget()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(words(one.title, "strong"))
        column.addWidget(words(one.about, "soft"))
        if one.undo:
            column.addWidget(self._way_back(one, place))
        return line

    def _way_back(self, one: PastImport, place: int) -> TwoSteps:
        steps = TwoSteps(
            f"{self._prefix}_{place}",
            asks=self.tr("Défaire…"),
            does=self.tr("Défaire cet import"),
            keeps=self.tr("Garder cet import"),
            icon="undo-2",
        )
        steps.set_sentences(one.undo)
        steps.name_asking(self.tr("Défaire {title}…").format(title=one.title))
        steps.confirmed.connect(lambda: self.undone.emit(one.key))
        steps.grew.connect(self.grew)
        return steps
