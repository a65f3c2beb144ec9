"""A field whose words must be chosen from a list: what was typed is kept until it is."""

from collections.abc import Sequence
from dataclasses import asdict

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.reception.actions import Chosen, Proposal
from ui.widgets.choices import Choice, ChoiceChips
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion


def suggestions(proposals: Sequence[Proposal]) -> list[Suggestion]:
    """Return proposals as the rows of a list."""
    return [
        Suggestion(label=each.label, value=each.value, detail=each.detail, icon=each.icon)
        for each in proposals
    ]


class ChosenField(SuggestField):
    """A line that holds one thing chosen, or words not chosen yet.

    Signals:
        edited(): the words, or the thing chosen, changed by the user.
    """

    edited = Signal()

    def __init__(self, name: str, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder=placeholder, takes_first=True, parent=parent)
        self._chosen = Chosen(code="", text="")
        self.query_changed.connect(self._retyped)
        self.chosen.connect(self._take_chosen)

    def value(self) -> dict[str, str]:
        """Return what is chosen as its parts, with the words as they stand."""
        return {**asdict(self._chosen), "text": self.text()}

    def set_value(self, value: dict[str, str]) -> None:
        """Show what was chosen or typed, without a signal."""
        self._chosen = Chosen(**value)
        self.set_text(value["text"])

    def take(self, value: Chosen) -> None:
        """Take one thing as if it had been chosen from the list."""
        self.chosen.emit(value)

    def _retyped(self, text: str) -> None:
        if text != self._chosen.text:
            self._chosen = Chosen(code="", text="")
        self.edited.emit()

    def _take_chosen(self, value: object) -> None:
        if isinstance(value, Chosen):
            self._chosen = value
            self.set_text(value.text)
            self.edited.emit()


class ManyChosenField(QWidget):
    """A line that adds to a row of chips; unticking a chip takes it away.

    Enter adds what was typed as it is: somebody may have met who is in no directory.

    Signals:
        edited(): something was typed, added or taken away by the user.
    """

    edited = Signal()

    def __init__(self, name: str, *, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = SuggestField(name, placeholder=placeholder)
        self._items: list[tuple[str, str]] = []
        self._chips = ChoiceChips(self.tr("{name}, à garder").format(name=name), [])
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.field)
        column.addWidget(self._chips)
        self.field.query_changed.connect(self.edited)
        self.field.submitted.connect(lambda text: self._add("", text))
        self.field.chosen.connect(self._add_chosen)
        self._chips.changed.connect(self._keep_ticked)
        self._show_items()

    def value(self) -> dict[str, object]:
        """Return the words not added yet, and the pairs of a reference and a name."""
        return {"text": self.field.text(), "items": [list(item) for item in self._items]}

    def set_value(self, value: dict[str, object]) -> None:
        """Show what was added and typed, without a signal."""
        items = value["items"]
        self._items = [(item[0], item[1]) for item in items] if isinstance(items, list) else []
        self.field.set_text(str(value["text"]))
        self._show_items()

    def _add_chosen(self, value: object) -> None:
        if isinstance(value, Chosen):
            self._add(value.code, value.text)

    def _add(self, reference: str, name: str) -> None:
        item = (reference, " ".join(name.split()))
        if item[1] and item not in self._items:
            self._items.append(item)
        self.field.set_text("")
        self._show_items()
        self.edited.emit()

    def _keep_ticked(self) -> None:
        ticked = {int(code) for code in self._chips.values()}
        self._items = [item for place, item in enumerate(self._items) if place in ticked]
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_items()
        self.edited.emit()

    def _show_items(self) -> None:
        choices = [
            Choice(code=str(place), label=name) for place, (_, name) in enumerate(self._items)
        ]
        self._chips.set_choices(choices)
        self._chips.set_values(str(place) for place in range(len(choices)))
        self._chips.setVisible(bool(choices))
