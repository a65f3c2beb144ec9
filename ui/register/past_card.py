"""The imports that stand, each with its way back, in two steps."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.register.page import ImportShown
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import separator, words
from ui.widgets.section_card import SectionCard
from ui.widgets.two_steps import TwoSteps


class PastCard(SectionCard):
    """The list, the latest first.

    Signals:
        undone(object): undo the import of that name; it was confirmed.
        grew(): what undoing takes away is said: there is more to see.
    """

    undone = Signal(object)
    grew = Signal()

    def __init__(self, take_focus: Callable[[], None]) -> None:
        """Make the list; `take_focus` goes elsewhere when what had the focus is gone."""
        super().__init__()
        self._take_focus = take_focus
        self.set_title(self.tr("Registres déjà importés"))
        self.setObjectName("register_past")
        self._shown: tuple[ImportShown, ...] | None = None
        self._list = QVBoxLayout()
        self._list.setSpacing(14)
        self.add_layout(self._list)
        self.show_imports(())

    def show_imports(self, shown: Sequence[ImportShown]) -> None:
        """Show the imports."""
        if tuple(shown) == self._shown:
            return
        self._shown = tuple(shown)
        with focus_kept_in(self, self._take_focus):
            self._fill(self._shown)

    def _fill(self, shown: Sequence[ImportShown]) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, one in enumerate(shown, start=1):
            if place > 1:
                self._add(separator())
            self._add(self._line(one, place))
        if not shown:
            self._add(words(self.tr("Aucun registre importé pour l’instant."), "soft"))

    def _add(self, widget: QWidget) -> None:
        self._list.addWidget(widget)
        widget.setVisible(True)

    def _line(self, one: ImportShown, place: int) -> QWidget:
        line = QWidget()
        steps = TwoSteps(
            f"register_undo_{place}",
            asks=self.tr("Défaire…"),
            does=self.tr("Défaire cet import"),
            keeps=self.tr("Garder cet import"),
            icon="undo-2",
        )
        steps.set_sentences(one.undo)
        steps.name_asking(self.tr("Défaire {title}…").format(title=one.title))
        steps.confirmed.connect(lambda: self.undone.emit(one.name))
        steps.grew.connect(self.grew)
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(words(one.title, "strong"))
        column.addWidget(words(one.about, "soft"))
        column.addWidget(steps)
        return line
