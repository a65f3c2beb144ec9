"""An entry of the directory corrected in place; each screen chooses what it lets correct."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.reference.communes import Commune
from ui.widgets.buttons import quiet_button
from ui.widgets.choices import Choice, ChoiceChips, ChoiceRow
from ui.widgets.date_field import DateField
from ui.widgets.date_text import DateSpan
from ui.widgets.entry_correction import Typed, commune_words
from ui.widgets.labelled_field import LabelledField
from ui.widgets.opening_form import OpeningForm
from ui.widgets.pausing_line import PausingLine
from ui.widgets.suggest_field import SuggestField
from ui.widgets.suggestion_list import Suggestion
from ui.widgets.tab_chain import put_after
from ui.widgets.text_watch import TextWatch

_HOURS = "hours_read"
_GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Edit:
    """How a text of `Typed`, or the codes chosen, are read and filled."""

    read: Callable[[], Any]
    show: Callable[[Any], None]


class EntryForm(OpeningForm):
    """Sent unchanged, the entry is vouched for. Parts are named `PREFIX_telephone` and so on.

    Signals:
        wanted(): the button that opens was pressed; who uses the form opens it, once it is filled.
        sent(object, object): what was there and what is typed, both `Typed`.
        hours_typed(str): hours are being typed.
        commune_typed(str): a commune is looked for; answer with `show_communes`.
    """

    wanted = Signal()
    sent = Signal(object, object)
    hours_typed = Signal(str)
    commune_typed = Signal(str)

    def __init__(self, prefix: str, *, opens: str, vouches: str, corrects: str) -> None:
        """Make a form without fields.

        Args:
            prefix: begins the names of its parts.
            opens: the button that opens it.
            vouches: the button that sends it, unchanged.
            corrects: the button that sends it, once something was changed.
        """
        super().__init__(prefix, opens=opens, sends=vouches, icon="pencil")
        self._prefix = prefix
        self._vouches, self._corrects = vouches, corrects
        self._given = self._before = Typed()
        self._edits: dict[str, _Edit] = {}
        self._gone: ChoiceChips | None = None
        self._fields: dict[str, LabelledField] = {}
        self._commune: SuggestField | None = None
        self._last: QWidget = self._open
        self._earlier: dict[str, QWidget] = {}
        self._column = self.fields
        self.submitted.connect(self._submit)

    def add_line(self, name: str, label: str, *, hint: str = "", heard: str = "") -> None:
        """Let a text be corrected; `heard` names it for who hears it among others alike."""
        self._add_line(name, QLineEdit(), label, hint=hint, heard=heard)

    def add_hours(self, label: str, *, hint: str = "", heard: str = "") -> None:
        """Let the hours be corrected; how they are understood is said under them."""
        line = PausingLine(heard)
        line.paused.connect(self.hours_typed)
        hint = hint or self.tr("comme «\u00a0lundi au vendredi 9h-12h\u00a0»")
        self._add_line("hours", line, label, hint=hint, heard=heard)

    def add_end(self, label: str, *, hint: str, heard: str, span: DateSpan) -> None:
        """Let one say since when the structure is not there any more."""
        field = DateField(heard, span=span)
        self._edits["ended_on"] = _Edit(
            read=lambda: _iso(field.value()),
            show=lambda text: field.set_value(dt.date.fromisoformat(text) if text else None),
        )
        field.date_changed.connect(self._show_wish)
        self._add("ended_on", label, field, hint)

    def add_commune(self, label: str, *, hint: str = "", heard: str = "") -> None:
        """Let the commune be corrected, chosen among those of the region."""
        field = self._commune = SuggestField(heard, takes_first=True)
        self._edits["commune"] = _Edit(read=field.text, show=field.set_text)
        field.query_changed.connect(self.commune_typed)
        field.line.textChanged.connect(self._show_wish)
        TextWatch(self._add("commune", label, field, hint), field.line)

    def add_row(self, name: str, label: str, choices: Sequence[Choice]) -> None:
        """Let one of several things be chosen."""
        row = ChoiceRow(bare(label), choices)
        row.chosen.connect(self._show_wish)
        self._edits[name] = _Edit(read=lambda: row.value() or "", show=row.set_value)
        self._add(name, label, row, "")

    def add_chips(
        self, name: str, label: str, choices: Sequence[Choice] = (), *, hint: str = ""
    ) -> None:
        """Let several things be chosen; `offer` gives others, as for a row."""
        chips = ChoiceChips(bare(label), choices)
        chips.changed.connect(self._show_wish)
        self._edits[name] = _Edit(read=chips.values, show=chips.set_values)
        self._add(name, label, chips, hint)

    def offer(self, name: str, choices: Sequence[Choice]) -> None:
        """Offer other things to choose from, before the form is filled."""
        group = self._fields[name].field
        if isinstance(group, ChoiceChips | ChoiceRow) and group.choices() != tuple(choices):
            group.set_choices(choices)
            put_after(self._earlier[name], self._fields[name])

    def beside(self, *names: str) -> None:
        """Put the fields just added on one line."""
        row = QHBoxLayout()
        row.setSpacing(18)
        for name in names:
            self._column.removeWidget(self._fields[name])
            row.addWidget(self._fields[name], 1)
        self._column.addLayout(row)

    def fold(self, label: str) -> None:
        """Put what is added from now on behind a button that shows it."""
        button = quiet_button(label)
        button.setObjectName(f"{self._prefix}_fold")
        button.setCheckable(True)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(14)
        inside.hide()
        button.toggled.connect(inside.setVisible)
        self.fields.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.fields.addWidget(inside)
        self._last = button

    def show_communes(self, found: Sequence[Commune], query: str) -> None:
        """Propose communes under the field."""
        if self._commune is not None:
            rows = [
                Suggestion(
                    label=commune_words(one.name, one.postal_codes[0]), value=one, icon="map-pin"
                )
                for one in found
            ]
            self._commune.show_suggestions(rows, query=query)

    def add_gone(self, words: str) -> None:
        """Let one say, with one key, that the structure is not there any more."""
        chips = ChoiceChips(words, [Choice(code=_GONE, label=words)])
        chips.setObjectName(f"{self._prefix}_gone")
        chips.changed.connect(self._show_wish)
        self._column.addWidget(chips)
        self._gone = chips

    def name_gone(self, words: str) -> None:
        """Say otherwise what is not there any more."""
        if self._gone is not None:
            self._gone.set_choices([Choice(code=_GONE, label=words)])
            self._gone.setAccessibleName(words)

    def show_typed(self, typed: Typed) -> None:
        """Fill the fields with what is known; what somebody is typing stays."""
        if not (self.is_open() and typed == self._given):
            self.fill(typed)

    def fill(self, typed: Typed) -> None:
        """Fill the fields with what is known, whatever was typed."""
        self._given = typed
        for name, edit in self._edits.items():
            edit.show(getattr(typed, name))
        if self._gone is not None:
            self._gone.set_values((_GONE,) if typed.is_gone else ())
        self._before = self._typed()
        self._show_wish()
        self.forgive()

    def forgive(self) -> None:
        """Say nothing against any field."""
        self.show_problem("")
        for field in self._fields.values():
            field.set_error("")
            field.set_note(_HOURS, "")

    def show_hours(self, typed: str, said: str) -> None:
        """See `CorrectionScreen.show_hours`; nothing is said once they were typed over."""
        field = self._fields["hours"]
        if typed == self._edits["hours"].read():
            field.set_note(_HOURS, "" if said == field.error() else said)

    def show_refusal(self, field: str, sentence: str) -> None:
        """See `CorrectionScreen.show_refusal`."""
        if field in self._fields:
            self._fields[field].set_error(sentence)
            self._fields[field].field.setFocus()
            return
        self.show_problem(sentence)

    def wish_open(self) -> None:
        """Wish to open: the entry may have to be read first."""
        self.wanted.emit()

    def _submit(self) -> None:
        self.forgive()
        for name, field in self._fields.items():
            if isinstance(field.field, DateField) and not field.field.is_readable():
                self.show_refusal(name, field.field.problem())
                return
        self.sent.emit(self._before, self._typed())

    def _typed(self) -> Typed:
        typed = replace(self._given, **{name: edit.read() for name, edit in self._edits.items()})
        return typed if self._gone is None else replace(typed, is_gone=bool(self._gone.values()))

    def _show_wish(self) -> None:
        """Say on the button what sending would do now."""
        is_same = self._typed() == self._before
        self.name_sending(self._vouches if is_same else self._corrects)

    def _add_line(self, name: str, line: QLineEdit, label: str, *, hint: str, heard: str) -> None:
        line.setAccessibleName(heard)

        def show(text: str) -> None:
            line.setText(text)
            line.setCursorPosition(0)

        self._edits[name] = _Edit(read=line.text, show=show)
        line.textChanged.connect(self._show_wish)
        TextWatch(self._add(name, label, line, hint), line)

    def _add(self, name: str, label: str, part: QWidget, hint: str) -> LabelledField:
        part.setObjectName(f"{self._prefix}_{name}")
        field = self._fields[name] = LabelledField(label, part, hint=hint)
        self._column.addWidget(field)
        self._earlier[name], self._last = self._last, field
        self.first = self.first or part
        return field


def bare(label: str) -> str:
    """Return a label without its mnemonic."""
    return label.replace("&", "")


def _iso(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
