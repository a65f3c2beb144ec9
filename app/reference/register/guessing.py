"""Guesses what the columns of a register hold: by their titles first, then by their cells.

A guess says how sure it is and why, so that somebody can look where it matters. What is not
understood is left out until they say otherwise: it may be a name.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.domain.folding import fold
from app.domain.reception_rules import SENSITIVE_CODES
from app.reference.register.book import RegisterBook, RegisterSheet
from app.reference.register.cells import Cell, one_line
from app.reference.register.errors import NoSuchSheetError, NoTitlesError
from app.reference.register.headings import ColumnTitle, Heading, find_heading
from app.reference.register.looks import Looks, distinct, sample, typed_days
from app.reference.register.plan import Codes, PlannedColumn, RegisterPlan
from app.reference.register.values import COMMUNE, SEVERAL, WITH_VALUES, How, ValueReader
from app.reference.register.words import RegisterWords, Titled

SURE, LIKELY, CLOSE, TICKED, SEEN = 90, 75, 65, 85, 60
"""How sure a guess is, of a hundred: by its whole title, a part of it, a slip, crosses, cells."""
LEAST: Final = 50
"""A guess below is not made."""

MOST_VALUES: Final = 200
"""Different words of a column that a plan lists; rarer ones are read as they come."""

_BY_LOOKS: Final = ("email", "telephone", "date", COMMUNE, "sex", "status", "motives", "mode")
"""What cells alone say, when no title does, the surest first."""
_BY_TICKS: Final = (
    *("sex", "age", "motives", "status", "mode", "outcome", "how_they_came", "barriers"),
    "level_reached",
)
_SENTENCES_OF: Final[Mapping[str, str]] = {
    "motives": "expressed",
    "outcome": "notes",
    "status": "notes",
    "how_they_came": "notes",
    "barriers": "notes",
}
"""Where a column goes whose title announces words of a list and whose cells are sentences."""
_CLEAR_LOOK, _FEWEST = 0.8, 3
_DATE: Final = "date"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    title: ColumnTitle
    looks: Looks


class Guesser:
    """Guesses the plan of a register."""

    def __init__(self, values: ValueReader, words: RegisterWords, today: dt.date) -> None:
        self._values = values
        self._words = words
        self._today = today

    def plan(self, book: RegisterBook, sheets: Sequence[str] = ()) -> RegisterPlan:
        """Return how a register should be read; the sheet that has most lines decides.

        Raises:
            NoSuchSheetError: a sheet asked for is not there.
            NoTitlesError: no sheet has titles.
        """
        chosen = chosen_sheets(book, sheets)
        found = [
            (heading, sheet)
            for sheet in chosen
            if (heading := find_heading(sheet.lines, self._words)) is not None
        ]
        if not found:
            raise NoTitlesError(book.name)
        heading, first = max(found, key=lambda pair: len(pair[1].lines))
        columns = self._columns(heading, [first, *(one for one in chosen if one is not first)])
        planned = self._planned(columns)
        return RegisterPlan(
            columns=planned,
            values=self._values_of(planned, columns),
            sheets=tuple(sheets),
            year=_year_said(first, heading, book),
        )

    def _columns(self, heading: Heading, sheets: Sequence[RegisterSheet]) -> list[_Column]:
        found = []
        for title in heading.columns:
            cells = cells_under(sheets[0], heading, title.place)
            for sheet in sheets[1:]:
                other = find_heading(sheet.lines, self._words)
                place = None if other is None else other.place_of(title.title)
                if other is not None and place is not None:
                    cells += cells_under(sheet, other, place)
            looks = Looks(sample(cells), self._today, self._values, self._words)
            found.append(_Column(title=title, looks=looks))
        return found

    def _planned(self, columns: Sequence[_Column]) -> tuple[PlannedColumn, ...]:
        guesses = [self._guess(column) for column in columns]
        guesses = _without_rivals(guesses, self._words.shared)
        guesses = self._seen(guesses, columns)
        return tuple(self._dated(_names_together(guesses, columns)))

    def _dated(self, guesses: Sequence[PlannedColumn]) -> list[PlannedColumn]:
        """Fall back on a column named for a date when no better one is: its lines say the rest."""
        if any(guess.field == _DATE for guess in guesses):
            return list(guesses)
        named = [
            place
            for place, guess in enumerate(guesses)
            if guess.reason == "cells_disagree"
            and any(one.field == _DATE for one in self._words.titles(guess.title))
        ]
        found = list(guesses)
        for place in named[:1]:
            reason = "title_doubtful"
            found[place] = replace(found[place], field=_DATE, confidence=LEAST, reason=reason)
        return found

    def _guess(self, column: _Column) -> PlannedColumn:
        """Return what the title says, weighed by the cells; left out when it says nothing."""
        title = column.title.title
        meant = self._words.titles(title)
        if meant and meant[0].is_whole and meant[0].left_out:
            return PlannedColumn(title=title, confidence=SURE, reason=meant[0].left_out)
        if ticked := self._ticked(column):
            return ticked
        base, reason = LIKELY, "title_part"
        if meant and meant[0].is_whole:
            base, reason = SURE, "title"
        elif not meant and (close := self._words.close_title(title)) is not None:
            meant, base, reason = (close,), CLOSE, "title_close"
        if not meant:
            return PlannedColumn(title=title, reason="not_understood")
        if meant[0].left_out:
            return PlannedColumn(title=title, confidence=base, reason=meant[0].left_out)
        found = [_weighed(title, one, column.looks, base, reason) for one in meant if one.field]
        # Of several things that a title may mean, the cells tell; else the longest words do.
        return max(found, key=lambda guess: guess.confidence)

    def _ticked(self, column: _Column) -> PlannedColumn | None:
        """Return what a cross means in a column named for one thing: « Formation », « 18-25 »."""
        if not column.looks.are_ticks():
            return None
        title = column.title
        above = self._words.title(title.above)
        fields = [above.field] if above and above.field in WITH_VALUES else []
        for named in dict.fromkeys([*fields, *_BY_TICKS]):
            understood = self._values.read(named, title.title)
            is_sure = understood.how in {How.SAME, How.KNOWN} or named in fields
            if is_sure and len(understood.codes) == 1:
                (code,) = understood.codes
                if code in SENSITIVE_CODES:
                    return PlannedColumn(title=title.title, confidence=TICKED, reason="sensitive")
                return PlannedColumn(
                    title=title.title, field=named, code=code, confidence=TICKED, reason="ticks"
                )
        return None

    def _seen(
        self, guesses: Sequence[PlannedColumn], columns: Sequence[_Column]
    ) -> list[PlannedColumn]:
        """Complete guesses by what cells alone say, for fields that no title announced."""
        taken = {guess.field for guess in guesses if guess.field}
        found = list(guesses)
        for place, (guess, column) in enumerate(zip(guesses, columns, strict=True)):
            if guess.reason != "not_understood" or column.looks.are_ticks():
                continue
            for named in _BY_LOOKS:
                if named not in taken and _is_seen(named, column.looks):
                    found[place] = replace(guess, field=named, confidence=SEEN, reason="cells")
                    taken.add(named)
                    break
        return found

    def _values_of(
        self, planned: Iterable[PlannedColumn], columns: Sequence[_Column]
    ) -> Mapping[str, Mapping[str, Codes]]:
        """Return what the words of each column of words mean, so that somebody may correct them."""
        found: dict[str, dict[str, Codes]] = {}
        for guess, column in zip(planned, columns, strict=True):
            if guess.field not in WITH_VALUES or guess.code or guess.field == "age":
                continue
            texts = [one_line(cell) for cell in column.looks.cells]
            told = [text for text in texts if fold(text) and not self._words.says_nothing(text)]
            for text, _ in distinct(told, MOST_VALUES):
                said = found.setdefault(guess.field, {})
                said.setdefault(text, self._values.read(guess.field, text).codes)
        return found


def chosen_sheets(book: RegisterBook, names: Sequence[str]) -> tuple[RegisterSheet, ...]:
    """Return the sheets of those names, all of them without a name.

    Raises:
        NoSuchSheetError: one is not there.
    """
    by_name = {fold(sheet.name): sheet for sheet in book.sheets}
    for name in names:
        if fold(name) not in by_name:
            raise NoSuchSheetError(name, [sheet.name for sheet in book.sheets])
    wanted = {fold(name) for name in names}
    return tuple(sheet for sheet in book.sheets if not names or fold(sheet.name) in wanted)


def cells_under(sheet: RegisterSheet, heading: Heading, place: int) -> list[Cell]:
    """Return the cells of a column, below its title."""
    return [
        line.cells[place]
        for line in sheet.lines
        if line.number > heading.last and place < len(line.cells)
    ]


def _weighed(title: str, titled: Titled, looks: Looks, base: int, reason: str) -> PlannedColumn:
    """Return the guess of a title, surer or less so by how many cells agree with it."""
    share = looks.share(titled.field)
    if share is None or len(looks.cells) < _FEWEST:
        return PlannedColumn(title=title, field=titled.field, confidence=base, reason=reason)
    other = _SENTENCES_OF.get(titled.field)
    strict = looks.share(titled.field, is_strict=True) or 0
    if other and strict < _CLEAR_LOOK and looks.are_sentences():
        return PlannedColumn(title=title, field=other, confidence=CLOSE, reason="sentences")
    is_clear = share >= _CLEAR_LOOK
    sure = base + round(9 * share) if is_clear else round(base * (0.45 + 0.55 * share))
    # Words of a list that nobody knows yet are for somebody to say: dates that are none are not.
    least = LEAST if titled.field in WITH_VALUES and titled.field != COMMUNE else 0
    sure = max(sure, min(base, least))
    if sure < LEAST:
        return PlannedColumn(title=title, confidence=sure, reason="cells_disagree")
    return PlannedColumn(
        title=title,
        field=titled.field,
        confidence=sure,
        reason=reason if is_clear else f"{reason}_doubtful",
    )


def _without_rivals(
    guesses: Sequence[PlannedColumn], shared: frozenset[str]
) -> list[PlannedColumn]:
    """Leave one column to each field that only one may hold: the surest, then the first."""
    best: dict[str, int] = {}
    for place, guess in enumerate(guesses):
        if guess.field and not guess.code and guess.field not in shared:
            held = best.get(guess.field)
            if held is None or guess.confidence > guesses[held].confidence:
                best[guess.field] = place
    return [
        replace(guess, field="", reason="another_column")
        if guess.field in best and not guess.code and best[guess.field] != place
        else guess
        for place, guess in enumerate(guesses)
    ]


def _names_together(
    guesses: Sequence[PlannedColumn], columns: Sequence[_Column]
) -> list[PlannedColumn]:
    """Tell a column of names alone from one of names and given names, by what its cells hold."""
    fields = {guess.field for guess in guesses}
    found = []
    for guess, column in zip(guesses, columns, strict=True):
        has_two = column.looks.have_two_words()
        if guess.field == "family_name" and has_two and not fields & {"given_name", "full_name"}:
            found.append(replace(guess, field="full_name"))
        elif guess.field == "full_name" and not has_two and "given_name" in fields:
            found.append(replace(guess, field="" if "family_name" in fields else "family_name"))
        else:
            found.append(guess)
    return found


def _is_seen(named: str, looks: Looks) -> bool:
    if named == "date" and not typed_days(looks.cells):
        return False
    if len(looks.cells) < _FEWEST or (named in SEVERAL and looks.are_sentences()):
        return False
    return (looks.share(named, is_strict=True) or 0) >= _CLEAR_LOOK


def _year_said(sheet: RegisterSheet, heading: Heading, book: RegisterBook) -> int | None:
    """Return the only year that the name of the sheet, the lines above it or the file name."""
    above = [
        one_line(cell) for line in sheet.lines if line.number < heading.last for cell in line.cells
    ]
    for said in (sheet.name, " ".join(above), book.name):
        years = {word for word in fold(said).split() if word.isdecimal() and _is_year(word)}
        if len(years) == 1:
            return int(years.pop())
    return None


def _is_year(word: str) -> bool:
    return len(word) == len("2024") and word.isascii() and word.startswith("20")
