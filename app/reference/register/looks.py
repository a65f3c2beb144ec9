"""What the cells of a column look like: how many of them say what a field holds."""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.reference.register.ages import ages_of, ages_of_birth_year
from app.reference.register.cells import Cell, is_number, one_line
from app.reference.register.communes import postal_code_of
from app.reference.register.moments import day_of, hour_of, minutes_of
from app.reference.register.values import WITH_VALUES, How, ValueReader
from app.reference.register.words import RegisterWords

SAMPLE: Final = 400
"""Cells of a column that are looked at, spread over the whole sheet."""

_FIRST_YEAR: Final = 2000
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_TELEPHONE: Final = re.compile(r"(?:(?:\+|00)33\s?(?:\(0\))?|0)?\s?[1-9](?:[\s.\-/]?\d{2}){4}")
_SOMEHOW: Final = frozenset(How) - {How.NOT}
_STRICTLY: Final = _SOMEHOW - {How.WORDS}
_LONG: Final = 30
"""Signs from which a cell is a sentence and no word of a list."""


@dataclass(frozen=True, slots=True)
class Looks:
    """The cells of one column that hold something, and how they look."""

    cells: Sequence[Cell]
    today: dt.date
    values: ValueReader
    words: RegisterWords
    _shares: dict[str, float] = field(default_factory=dict)

    def share(self, named: str, *, is_strict: bool = False) -> float | None:
        """Return which part of the cells says what a field holds, None when a field has no look.

        Strictly, a cell of words must be one of the list, and not only contain it.
        """
        key = f"{named}!" if is_strict else named
        if key not in self._shares:
            test = self._test(named, is_strict=is_strict)
            if test is None or not self.cells:
                return None
            counted = Counter(map(_hashable, self.cells))
            told = [(cell, times) for cell, times in counted.items() if not self._is_nothing(cell)]
            whole = sum(times for _, times in told)
            good = sum(times for cell, times in told if test(cell))
            self._shares[key] = good / whole if whole else 0.0
        return self._shares[key]

    def are_ticks(self) -> bool:
        """Are the cells crosses, and nothing else?"""
        texts = [one_line(cell) for cell in self.cells]
        marks = [text for text in texts if self.words.is_tick(text) or self.words.is_no_tick(text)]
        return (
            bool(texts)
            and any(map(self.words.is_tick, texts))
            and len(marks) >= _NEARLY_ALL * len(texts)
        )

    def are_sentences(self) -> bool:
        """Are the cells sentences rather than words of a list?"""
        texts = [one_line(cell) for cell in self.cells if isinstance(cell, str)]
        long = sum(len(text) > _LONG for text in texts)
        return bool(texts) and long > len(texts) / 2

    def have_two_words(self) -> bool:
        """Do most cells hold several words, as a name and a given name do?"""
        several = sum(len(one_line(cell).split()) > 1 for cell in self.cells)
        return bool(self.cells) and several > len(self.cells) / 2

    def _is_nothing(self, cell: Cell) -> bool:
        return self.words.says_nothing(one_line(cell))

    def _test(self, named: str, *, is_strict: bool) -> Callable[[Cell], bool] | None:
        if named in WITH_VALUES:
            enough = _STRICTLY if is_strict else _SOMEHOW
            return lambda cell: self._is_understood(named, cell, enough)
        tests: dict[str, Callable[[Cell], bool]] = {
            "date": self._is_day,
            "birth_on": self._is_birth,
            "hour": lambda cell: hour_of(cell) is not None,
            "duration": lambda cell: minutes_of(cell) is not None,
            "telephone": lambda cell: is_telephone(one_line(cell)),
            "email": lambda cell: _EMAIL.search(one_line(cell)) is not None,
            "postal_code": lambda cell: bool(postal_code_of(one_line(cell))),
            "agreement": self._is_answer,
        }
        return tests.get(named)

    def _is_understood(self, named: str, cell: Cell, enough: frozenset[How]) -> bool:
        text = one_line(cell)
        if named == "age" and (ages_of(text) or ages_of_birth_year(text, self.today)):
            return True
        return self.values.read(named, text).how in enough

    def _is_day(self, cell: Cell) -> bool:
        day = day_of(cell, latest=self.today, year=self.today.year)
        return day is not None and day.year >= _FIRST_YEAR and day <= self.today

    def _is_birth(self, cell: Cell) -> bool:
        day = day_of(cell, latest=self.today)
        return day is not None and day <= self.today

    def _is_answer(self, cell: Cell) -> bool:
        text = one_line(cell)
        return self.words.says_yes(text) or self.words.is_no_tick(text)


_NEARLY_ALL: Final = 0.9


def is_telephone(text: str) -> bool:
    """Is a text a French telephone number, or one that a spreadsheet took its zero from?"""
    return _TELEPHONE.fullmatch(text) is not None


def sample(cells: Sequence[Cell]) -> list[Cell]:
    """Return at most `SAMPLE` cells that hold something, spread over all of them."""
    full = [cell for cell in cells if one_line(cell)]
    step = max(1, len(full) // SAMPLE)
    return full[::step][:SAMPLE]


def distinct(texts: Iterable[str], most: int) -> list[tuple[str, int]]:
    """Return the texts that come most often, with how often."""
    return Counter(texts).most_common(most)


def typed_days(cells: Sequence[Cell]) -> bool:
    """Did the spreadsheet itself hold days, or somebody write them? A number alone may be any."""
    return bool(cells) and not any(is_number(cell) for cell in cells)


def _hashable(cell: Cell) -> Cell:
    # 1, 1.0 and True are one key of a dictionary: their texts are what counts.
    return one_line(cell) if isinstance(cell, bool) else cell
