"""The lists of the screen: columns, words, first receptions, refused lines."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent

from ui.register.page import ColumnShown, RejectedShown, SampleShown, WordShown
from ui.widgets.row_list import RowList
from ui.widgets.snapshot_model import Column

T = TypeVar("T")

_LONGEST_TITLE = 34


class FittedList(RowList[T]):
    """A list as high as its rows, up to a number of them: the page scrolls, not a list in it."""

    def __init__(
        self,
        name: str,
        columns: Sequence[Column[T]],
        *,
        most: int,
        key: Callable[[T], Hashable] | None = None,
    ) -> None:
        super().__init__(name, columns, key=key)
        self._most = most
        self.horizontalScrollBar().rangeChanged.connect(self._fit)
        self._fit()

    def set_rows(self, rows: Sequence[T]) -> None:
        """See `RowList.set_rows`; the list takes the room of its rows."""
        super().set_rows(rows)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_most"):
            self._fit()

    def _fit(self) -> None:
        rows = max(1, min(self.rows_shown(), self._most))
        head = self.horizontalHeader().sizeHint().height()
        height = head + rows * self.verticalHeader().defaultSectionSize() + 2 * self.frameWidth()
        across = self.horizontalScrollBar()
        self.setFixedHeight(height + (across.sizeHint().height() if across.maximum() else 0))


def column_columns() -> Sequence[Column[ColumnShown]]:
    """Return the columns: the title, what its cells hold, what it is taken for, and why."""
    return (
        Column(title="Colonne", text=lambda row: short(row.title)),
        Column(title="Exemples", text=lambda row: row.examples, stretches=True),
        Column(title="Comprise comme", text=lambda row: short(row.label)),
        Column(title="Pourquoi", text=lambda row: row.reason, stretches=True),
    )


def word_columns() -> Sequence[Column[WordShown]]:
    """Return the columns: the word, in which field, what it means."""
    return (
        Column(title="Dans le registre", text=lambda row: row.text, stretches=True),
        Column(title="Champ", text=lambda row: short(row.field_label)),
        Column(title="Veut dire", text=lambda row: row.meaning, stretches=True),
    )


def sample_columns() -> Sequence[Column[SampleShown]]:
    """Return the columns: which line, which day, who, from where, for what."""
    return (
        Column(title="Ligne", text=lambda row: row.place),
        Column(title="Jour", text=lambda row: row.on),
        Column(title="Personne", text=lambda row: row.person or "sans nom"),
        Column(title="Commune", text=lambda row: row.commune),
        Column(title="Motifs", text=lambda row: row.motives, stretches=True),
        Column(title="Demande", text=lambda row: row.expressed, stretches=True),
    )


PERSON = 2
"""Where the column of people stands among those of receptions: without names it is hidden."""


def rejected_columns() -> Sequence[Column[RejectedShown]]:
    """Return the columns: which line, why."""
    return (
        Column(title="Registre", text=lambda row: row.place),
        Column(title="Pourquoi", text=lambda row: row.reason, stretches=True),
    )


def short(text: str) -> str:
    """Cut a title that would take all the room."""
    return text if len(text) <= _LONGEST_TITLE else f"{text[: _LONGEST_TITLE - 1].rstrip()}…"
