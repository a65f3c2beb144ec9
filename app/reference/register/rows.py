"""The lines of a register as its plan reads them: which are receptions, which are set aside."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.folding import fold
from app.reference.importing.cells import Line
from app.reference.register.book import RegisterBook, RegisterSheet
from app.reference.register.cells import Cell, one_line
from app.reference.register.errors import NoDateColumnError, NoTitlesError
from app.reference.register.guessing import chosen_sheets
from app.reference.register.headings import Heading, find_heading
from app.reference.register.plan import PlannedColumn, RegisterPlan
from app.reference.register.words import RegisterWords

MARK_BYTES: Final = 6
"""What tells two lines apart: one false likeness in a million registers. Never sixteen bytes in a
row, which would be taken for the name of a record."""

IDENTITY: Final = frozenset(
    {
        *("full_name", "family_name", "given_name", "birth_name", "birth_on"),
        *("telephone", "email", "address", "agreement"),
    }
)
"""The fields that say who somebody is: kept only with an agreement, never in a mark."""

_DATE: Final = "date"
_MONTHS: Final = frozenset(
    {
        *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout", "septembre"),
        *("octobre", "novembre", "decembre", "janv", "fevr", "fev", "avr", "juil", "sept", "oct"),
        *("nov", "dec"),
    }
)
_PERIODS: Final = _MONTHS | {"mois", "semaine", "annee", "trimestre"}
_AROUND: Final = frozenset({"s", "suite", "de", "du", "d", "le"})
_LONGEST_PERIOD: Final = 40
_MOST_WORDS: Final = 4


class Aside(StrEnum):
    """Why a line is no reception and nothing to complain of."""

    BEFORE_TITLES = "before_titles"
    TITLES_AGAIN = "titles_again"
    SUMS_UP = "sums_up"
    SEPARATES = "separates"
    NOTHING_KEPT = "nothing_kept"
    SHEET_WITHOUT_TITLES = "sheet_without_titles"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One line: the cells of each field, with the columns they come from.

    `mark` tells it apart from other lines by what it says, but who somebody is; the same for the
    same line of another file. `above` is the cell of the date of the last line that had one.
    """

    sheet: str
    line: int
    cells: Mapping[str, tuple[tuple[PlannedColumn, Cell], ...]]
    mark: bytes
    above: Cell = None

    def first(self, field: str) -> Cell:
        """Return the first cell of a field that holds something."""
        return next((cell for _, cell in self.cells.get(field, ()) if one_line(cell)), None)

    def texts(self, field: str) -> tuple[str, ...]:
        """Return what the cells of a field say, those that hold something."""
        return tuple(filter(None, (one_line(cell) for _, cell in self.cells.get(field, ()))))

    @property
    def says_something(self) -> bool:
        """Does the line hold anything beside its day?"""
        return any(self.texts(field) for field in self.cells if field not in {_DATE, "hour"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRows:
    """The receptions to be read, and how many lines were set aside, by why."""

    rows: tuple[RegisterRow, ...]
    aside: Mapping[Aside, int]


def read_rows(book: RegisterBook, plan: RegisterPlan, words: RegisterWords) -> RegisterRows:
    """Return the lines of a register as its plan reads them.

    Raises:
        NoSuchSheetError: a sheet of the plan is not there.
        NoDateColumnError: the plan has no column of dates.
        NoTitlesError: no sheet has the titles of the plan.
    """
    if not plan.columns_of(_DATE):
        raise NoDateColumnError
    aside: Counter[Aside] = Counter()
    rows: list[RegisterRow] = []
    wanted = [column.title for column in plan.columns]
    for sheet in chosen_sheets(book, plan.sheets):
        heading = find_heading(sheet.lines, words, wanted=wanted)
        places = {} if heading is None else _places(heading, plan)
        if heading is None or not any(one.field == _DATE for one in places):
            aside[Aside.SHEET_WITHOUT_TITLES] += len(sheet.lines)
            continue
        rows += _SheetReader(sheet, heading, places, words).rows(aside)
    if not rows and not aside.keys() - {Aside.SHEET_WITHOUT_TITLES}:
        raise NoTitlesError(book.name)
    return RegisterRows(rows=tuple(rows), aside=dict(aside))


def _places(heading: Heading, plan: RegisterPlan) -> dict[PlannedColumn, int]:
    found = {column: heading.place_of(column.title) for column in plan.columns}
    return {column: place for column, place in found.items() if place is not None}


class _SheetReader:
    """Reads the lines of one sheet under its titles."""

    def __init__(
        self,
        sheet: RegisterSheet,
        heading: Heading,
        places: Mapping[PlannedColumn, int],
        words: RegisterWords,
    ) -> None:
        self._sheet = sheet
        self._heading = heading
        self._places = places
        self._words = words
        self._hidden = {place for one, place in places.items() if one.field in IDENTITY}
        self._kept = [place for one, place in places.items() if one.field]
        self._days = [place for one, place in places.items() if one.field == _DATE]
        self._titles = {fold(one.title) for one in heading.columns}

    def rows(self, aside: Counter[Aside]) -> Iterator[RegisterRow]:
        """Give the lines that are receptions; count the others."""
        above: Cell = None
        for line in self._sheet.lines:
            texts = [one_line(cell) for cell in line.cells]
            if (why := self._aside(line.number, texts)) is not None:
                aside[why] += 1
                continue
            row = self._row(line, texts, above)
            if one_line(row.first(_DATE)):
                above = row.first(_DATE)
            yield row

    def _row(self, line: Line, texts: Sequence[str], above: Cell) -> RegisterRow:
        cells: dict[str, list[tuple[PlannedColumn, Cell]]] = {}
        for column, place in self._places.items():
            if column.field and place < len(line.cells):
                cells.setdefault(column.field, []).append((column, line.cells[place]))
        return RegisterRow(
            sheet=self._sheet.name,
            line=line.number,
            cells={field: tuple(held) for field, held in cells.items()},
            mark=self._mark(texts),
            above=above,
        )

    def _mark(self, texts: Sequence[str]) -> bytes:
        """Return what a line says, in few bytes and whatever the order of its columns."""
        said = (text for place, text in enumerate(texts) if text and place not in self._hidden)
        written = "\n".join(sorted(filter(None, map(fold, said))))
        return hashlib.sha256(written.encode()).digest()[:MARK_BYTES]

    def _aside(self, number: int, cells: Sequence[str]) -> Aside | None:
        if number <= self._heading.last:
            return Aside.BEFORE_TITLES
        texts = [text for text in cells if text]
        if len(texts) > 1 and all(fold(text) in self._titles for text in texts):
            return Aside.TITLES_AGAIN
        day = [cells[place] for place in self._days if place < len(cells)]
        if texts and self._sums_up(texts[0], day):
            return Aside.SUMS_UP
        if _separates(texts):
            return Aside.SEPARATES
        return (
            None if any(cells[at] for at in self._kept if at < len(cells)) else Aside.NOTHING_KEPT
        )

    def _sums_up(self, first: str, day: Sequence[str]) -> bool:
        """Does a line begin by « Total » rather than by a day?"""
        if any(text and not self._words.sums_up(text) for text in day):
            return False
        return self._words.sums_up(first) or any(map(self._words.sums_up, day))


def _separates(texts: Sequence[str]) -> bool:
    """Is a line nothing but the name of a month or of a week: « JANVIER 2024 », « Semaine 12 »?"""
    if len(texts) != 1 or len(texts[0]) > _LONGEST_PERIOD:
        return False
    words = fold(texts[0]).split()
    names = {word for word in words if not word.isdecimal()}
    return bool(names & _PERIODS) and names <= _PERIODS | _AROUND and len(words) <= _MOST_WORDS
