"""The fields of the page: made, named, and read or written together as one body."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QWidget

from app.reference.sensitive_words import sensitive_words
from app.reference.vocabulary import Vocabularies
from ui.reception.chosen_field import ChosenField, ManyChosenField
from ui.reception.folds import Fold, OptionalCard
from ui.reception.page_body import EMPTY, YES, Body
from ui.reception.words_of_choices import choices_of
from ui.widgets.choices import Choice, ChoiceChips, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.growing_text import GrowingText
from ui.widgets.labelled_field import LabelledField
from ui.widgets.pause_timer import PauseTimer
from ui.widgets.pausing_line import PausingLine
from ui.widgets.text_watch import TextWatch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    read: Callable[[], Any]
    write: Callable[[Any], None]
    widget: QWidget
    labelled: LabelledField | None = None


class PageFields(QObject):
    """Every field by its name in the body. Sections make their fields here and lay them out.

    Signals:
        changed(): the user chose something, or stopped typing.
    """

    changed = Signal()

    def __init__(self, vocabularies: Vocabularies, parent: QObject) -> None:
        super().__init__(parent)
        self.vocabularies = vocabularies
        self._entries: dict[str, _Entry] = {}
        self._typing = PauseTimer(self, self.changed.emit)
        self._words = sensitive_words(vocabularies)

    def body(self) -> Body:
        """Return what every field holds."""
        return {name: entry.read() for name, entry in self._entries.items()}

    def set_body(self, body: Mapping[str, Any]) -> None:
        """Show a body, without a signal."""
        self._typing.stop()
        for name in self.names():
            # Writing that a part is open may make its fields: each is looked up in its turn.
            self._entries[name].write(body[name])

    def widget(self, name: str) -> QWidget:
        """Return the widget of a field, or the closed part it will be made in."""
        return self._entries[name].widget

    def labelled(self, name: str) -> LabelledField | None:
        """Return a field with its label, None when it has none of that kind."""
        return self._entries[name].labelled

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields."""
        return tuple(self._entries)

    def text(self, name: str, label: str, *, lines: int = 2, hint: str = "") -> LabelledField:
        """Make a field of free text."""
        field = GrowingText(_bare(label), lines=lines)
        field.paused.connect(self.changed)
        labelled = self._labelled(name, label, field, (field.text, field.set_text), hint)
        TextWatch(labelled, field, self._words)
        return labelled

    def line(self, name: str, label: str, *, hint: str = "") -> LabelledField:
        """Make a field of one line."""
        field = PausingLine(_bare(label))
        field.paused.connect(self.changed)
        labelled = self._labelled(name, label, field, (field.text, field.setText), hint)
        TextWatch(labelled, field)
        return labelled

    def row(
        self, name: str, label: str, choices: str | list[Choice], *, hint: str = ""
    ) -> LabelledField:
        """Make a choice of one; `choices` may name a vocabulary."""
        field = ChoiceRow(_bare(label), self._choices(choices))
        field.chosen.connect(self.changed)
        write = _write_row(field)
        return self._labelled(name, label, field, (lambda: field.value() or "", write), hint)

    def chips(
        self, name: str, label: str, choices: str | list[Choice], *, hint: str = ""
    ) -> LabelledField:
        """Make a choice of several; `choices` may name a vocabulary."""
        field = ChoiceChips(_bare(label), self._choices(choices))
        field.changed.connect(self.changed)
        read = lambda: list(field.values())  # noqa: E731 -- a pair of short readers
        return self._labelled(name, label, field, (read, field.set_values), hint)

    def check(self, name: str, label: str) -> ChoiceChips:
        """Make a box to tick, which is its own label."""
        field = ChoiceChips(label, [Choice(code=YES, label=label)])
        field.setObjectName(name)
        field.changed.connect(self.changed)

        def write(is_ticked: object) -> None:
            field.set_values((YES,) if is_ticked else ())

        read = lambda: bool(field.values())  # noqa: E731 -- a pair of short readers
        self._entries[name] = _Entry(read=read, write=write, widget=field)
        return field

    def date(self, name: str, label: str, field: DateField, *, hint: str = "") -> LabelledField:
        """Take a field of date; what is typed is kept, be it a date or not yet."""
        field.line.textEdited.connect(self.touch)
        field.date_changed.connect(self.changed)
        labelled = self._labelled(name, label, field, (field.text, field.set_text), hint)
        TextWatch(labelled, field.line)
        return labelled

    def chosen(self, name: str, label: str, *, placeholder: str, hint: str = "") -> LabelledField:
        """Make a field whose words are chosen from a list."""
        field = ChosenField(_bare(label), placeholder=placeholder)
        field.edited.connect(self.touch)
        field.chosen.connect(self._stop_typing)
        labelled = self._labelled(name, label, field, (field.value, field.set_value), hint)
        TextWatch(labelled, field.line)
        return labelled

    def many_chosen(self, name: str, label: str, *, placeholder: str) -> LabelledField:
        """Make a field that adds to a row of chips."""
        field = ManyChosenField(_bare(label), placeholder=placeholder)
        field.edited.connect(self.touch)
        labelled = self._labelled(name, label, field, (field.value, field.set_value), "")
        TextWatch(labelled, field.field.line)
        return labelled

    def fold(self, name: str, fold: Fold | OptionalCard) -> None:
        """Remember whether a part of the page is open."""
        fold.edited.connect(self.changed)

        def write(is_open: object) -> None:
            fold.set_open(is_open=bool(is_open))

        self._entries[name] = _Entry(read=fold.is_open, write=write, widget=fold)

    def made_on_opening(
        self, fold: Fold | OptionalCard, names: Sequence[str], make: Callable[[], None]
    ) -> None:
        """Have the fields inside a closed part made when it first opens.

        Until then what they hold is only kept, so that the page is quick to make.
        """
        kept = {name: EMPTY[name] for name in names}

        def open_first() -> None:
            make()
            for name in names:
                self._entries[name].write(kept[name])

        for name in names:
            self._entries[name] = _Entry(
                read=partial(kept.__getitem__, name),
                write=partial(kept.__setitem__, name),
                widget=fold,
            )
        fold.opening = open_first

    def own(
        self, name: str, field: QWidget, pair: tuple[Callable[[], Any], Callable[[Any], None]]
    ) -> None:
        """Take a part of the page that reads and writes itself, and signals `edited` to `touch`."""
        field.setObjectName(name)
        self._entries[name] = _Entry(read=pair[0], write=pair[1], widget=field)

    def labelled_own(self, name: str, label: str, field: Any, *, hint: str = "") -> LabelledField:
        """Take a field with `value`, `set_value` and a signal `edited`, and give it a label."""
        field.edited.connect(self.changed)
        return self._labelled(name, label, field, (field.value, field.set_value), hint)

    def touch(self) -> None:
        """Say that the user is typing in a field that does not tell when it pauses."""
        self._typing.start()

    def flush(self) -> None:
        """Say at once what waits for a pause in typing."""
        for entry in self._entries.values():
            if isinstance(entry.widget, GrowingText | PausingLine):
                entry.widget.flush()
        self._typing.flush()

    def _stop_typing(self) -> None:
        self._typing.flush()

    def _choices(self, choices: str | list[Choice]) -> list[Choice]:
        if isinstance(choices, list):
            return choices
        return choices_of(self.vocabularies.get(choices))

    def _labelled(
        self,
        name: str,
        label: str,
        field: QWidget,
        pair: tuple[Callable[[], Any], Callable[[Any], None]],
        hint: str,
    ) -> LabelledField:
        labelled = LabelledField(label, field, hint=hint)
        field.setObjectName(name)
        self._entries[name] = _Entry(read=pair[0], write=pair[1], widget=field, labelled=labelled)
        return labelled


def clear_choice(focused: QWidget | None) -> bool:
    """Leave nothing chosen in the row that has the focus; say whether there was such a row."""
    widget = focused
    while widget is not None and not isinstance(widget, ChoiceRow):
        widget = widget.parentWidget()
    if widget is None or widget.value() is None:
        return False
    widget.set_value(None)
    widget.setFocus(Qt.FocusReason.OtherFocusReason)
    widget.chosen.emit("")
    return True


def _write_row(field: ChoiceRow) -> Callable[[Any], None]:
    return lambda code: field.set_value(code or None)


def _bare(label: str) -> str:
    return label.replace("&", "")
