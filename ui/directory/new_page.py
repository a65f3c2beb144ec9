"""The part of the directory where a structure is added."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.reference.communes import Commune
from ui.directory.adding import Addable
from ui.directory.structure_form import StructureForm
from ui.widgets.announcements import announce
from ui.widgets.buttons import link_button
from ui.widgets.labels import words
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard

_AROUND_PX = 60
"""The label of a field is over it, why it is refused beside the label."""


class NewPage(ScrollPage):
    """The screen of `AddingPresenter`.

    Signals:
        entered(): it is to be shown.
        back_wanted(): go back to the list.
        undoable(str, object, str): what was just done, what takes it back, and its name.
        said(str): what was just done.

    Attributes:
        form: what is typed.
    """

    entered = Signal()
    back_wanted = Signal()
    undoable = Signal(str, object, str)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(most_px=900, parent=parent)
        self._back = link_button(self.tr("Tout l’annuaire"), "arrow-left")
        self._back.setObjectName("structure_back")
        self.form = StructureForm()
        self._lay_out()
        self._back.clicked.connect(self.back_wanted)
        self.form.left.connect(self.back_wanted)

    def enter(self, offered: Addable) -> None:
        """See `AddingScreen.enter`."""
        self.entered.emit()
        self.to_top()
        self.form.show_offered(offered.service, offered.networks)
        announce(self.form, self.tr("Ajouter une structure"))

    def show_hours(self, typed: str, said: str) -> None:
        """See `CorrectionScreen.show_hours`."""
        self.form.show_hours(typed, said)

    def show_refusal(self, field: str, sentence: str) -> None:
        """See `CorrectionScreen.show_refusal`."""
        self.form.show_refusal(field, sentence)
        focused = self.form.focusWidget()
        if field and focused is not None:
            self.ensureWidgetVisible(focused, 0, _AROUND_PX)

    def show_places(self, found: Sequence[Commune], query: str) -> None:
        """See `AddingScreen.show_places`."""
        self.form.show_communes(found, query)

    def empty(self) -> None:
        """See `AddingScreen.empty`."""
        self.form.empty()

    def say(self, text: str, undo: object = None, label: str = "") -> None:
        """See `AddingScreen.say`."""
        if undo is None:
            self.said.emit(text)
        else:
            self.undoable.emit(text, undo, label)

    def _lay_out(self) -> None:
        card = SectionCard(self.tr("Ajouter une structure"))
        sentence = self.tr(
            "Pour celle qu’aucun fichier publié ne donne. Elle paraît sur tous les postes de votre"
            " structure, et se corrige ensuite comme les autres. Le nom et la commune suffisent."
        )
        card.add(words(sentence, "soft"))
        card.add(self.form)
        self.body.addWidget(self._back)
        self.body.addWidget(card)
