"""Long vocabularies in two short steps: the heading, then its words. A digit for each."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.reference.vocabulary import Vocabulary
from ui.reception.words_of_choices import choices_in, families_of
from ui.theme import scaled
from ui.widgets.choices import Choice, ChoiceChips, ChoiceRow
from ui.widgets.labels import words
from ui.widgets.tab_chain import put_after

_INSET_PX = 24


class FamilyRow(QWidget):
    """One word of a vocabulary, by its heading. A heading alone is an answer when it is a word too.

    Signals:
        edited(): the user chose something.
    """

    edited = Signal()

    def __init__(self, name: str, vocabulary: Vocabulary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._vocabulary = vocabulary
        self._families = ChoiceRow(name, families_of(vocabulary), not_said=True)
        self._details = ChoiceRow(self.tr("{name}, précision").format(name=name), [])
        _stack(self, name, self._families, _set_in(self._details))
        self._families.chosen.connect(self._choose_family)
        self._details.chosen.connect(self.edited)
        self._show_family()

    def value(self) -> dict[str, str]:
        """Return the heading and the word chosen, each "" while it is not."""
        family = self._families.value() or ""
        return {"family": family, "code": self._details.value() or self._code_alone(family)}

    def set_value(self, value: Mapping[str, str]) -> None:
        """Show a heading and a word, without a signal; a word alone comes under its heading."""
        family = value["family"] or self._family_of(value["code"])
        self._families.set_value(family or None)
        self._show_family()
        self._details.set_value(value["code"] or None)

    def _choose_family(self, _code: str) -> None:
        self._details.set_value(None)
        self._show_family()
        self.edited.emit()

    def _show_family(self) -> None:
        choices = choices_in(self._vocabulary, self._families.value() or "")
        self._details.set_choices(choices)
        put_after(self._families, self._details)
        self._details.setVisible(bool(choices))

    def _family_of(self, code: str) -> str:
        found = (one.family or one.code for one in self._vocabulary.entries if one.code == code)
        return next(found, "")

    def _code_alone(self, family: str) -> str:
        return family if family in self._vocabulary.codes() else ""


class FamilyChips(QWidget):
    """Several words of a vocabulary, in the order they were chosen.

    `main_name` names the row that says which is the main one, always the first; without it the
    order means nothing.

    Signals:
        edited(): the user chose something.
    """

    edited = Signal()

    def __init__(
        self,
        name: str,
        vocabulary: Vocabulary,
        *,
        main_name: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._vocabulary = vocabulary
        self._has_main = bool(main_name)
        self._codes: list[str] = []
        self._families = ChoiceRow(name, families_of(vocabulary))
        self._chips = ChoiceChips(self.tr("{name}, à cocher").format(name=name), [])
        self._main = ChoiceRow(main_name or name, [])
        self._summary = words("", "small")
        _stack(self, name, self._families, _set_in(self._chips), self._summary, self._main)
        self._families.chosen.connect(self._choose_family)
        self._chips.changed.connect(self._tick)
        self._main.chosen.connect(self._put_first)
        self._show_family()
        self._show_chosen()

    def value(self) -> dict[str, Any]:
        """Return the heading shown and the words chosen, the main one first."""
        return {"family": self._families.value() or "", "codes": list(self._codes)}

    def set_value(self, value: Mapping[str, Any]) -> None:
        """Show a heading and words, without a signal."""
        self._codes = list(value["codes"])
        self._families.set_value(value["family"] or None)
        self._show_family()
        self._show_chosen()

    def _choose_family(self, _code: str) -> None:
        self._show_family()
        self.edited.emit()

    def _tick(self) -> None:
        offered = {choice.code for choice in self._chips.choices()}
        ticked = self._chips.values()
        kept = [code for code in self._codes if code in ticked or code not in offered]
        self._codes = kept + [code for code in ticked if code not in kept]
        self._show_chosen()
        self.edited.emit()

    def _put_first(self, code: str) -> None:
        if code in self._codes:
            self._codes = [code, *(other for other in self._codes if other != code)]
            self.edited.emit()

    def _show_family(self) -> None:
        choices = choices_in(self._vocabulary, self._families.value() or "")
        self._chips.set_choices(choices)
        put_after(self._families, self._chips)
        self._chips.set_values(self._codes)
        self._chips.setVisible(bool(choices))

    def _show_chosen(self) -> None:
        asks_main = self._has_main and len(self._codes) > 1
        labels = [self._vocabulary.label(code) for code in self._codes]
        if asks_main:
            self._summary.setText(self.tr("Le motif principal\u202f:"))
            self._main.set_choices(
                [Choice(code=code, label=label) for code, label in _in_words(self._codes, labels)]
            )
            self._main.set_value(self._codes[0])
            put_after(self._chips, self._main)
        else:
            self._summary.setText(", ".join(labels))
        self._main.setVisible(asks_main)
        self._summary.setVisible(bool(labels) and (asks_main or self._is_elsewhere()))

    def _is_elsewhere(self) -> bool:
        """Say whether something chosen is under another heading than the one shown."""
        shown = {choice.code for choice in self._chips.choices()}
        return any(code not in shown for code in self._codes)


def _in_words(codes: list[str], labels: list[str]) -> list[tuple[str, str]]:
    """Order by words, so that choosing the main one moves nothing under the pointer."""
    return sorted(zip(codes, labels, strict=True), key=lambda pair: pair[1])


def _set_in(part: QWidget) -> QWidget:
    """Set a second step in a little, so that it reads as the answer under its heading."""
    part.layout().setContentsMargins(scaled(_INSET_PX), 0, 0, 0)  # type: ignore[union-attr] # it has one
    return part


def _stack(owner: QWidget, name: str, *parts: QWidget) -> None:
    owner.setAccessibleName(name)
    owner.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    owner.setFocusProxy(parts[0])
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
