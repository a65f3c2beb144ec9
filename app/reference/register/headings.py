"""Where the titles of a sheet stand: under a heading, over two lines, beside merged cells."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.folding import fold
from app.reference.importing.cells import Line
from app.reference.register.cells import Cell, one_line
from app.reference.register.words import RegisterWords

_LOOKED_AT: Final = 30
"""Lines of a sheet among which the titles are looked for."""
_LONGEST_TITLE: Final = 80
_FEWEST: Final = 2
"""Cells that a line of titles holds."""
_SAMPLE: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnTitle:
    """A column of a sheet: where it stands, its title, and the title above several of them."""

    place: int
    title: str
    above: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """The titles of a sheet; `last` is the number of the last line that they take."""

    columns: tuple[ColumnTitle, ...]
    last: int

    def place_of(self, title: str) -> int | None:
        """Return where a column stands, its title forgiven capitals, accents and signs."""
        wanted = fold(title)
        return next((one.place for one in self.columns if fold(one.title) == wanted), None)


def find_heading(
    lines: Sequence[Line], words: RegisterWords, *, wanted: Sequence[str] = ()
) -> Heading | None:
    """Return the titles of a sheet, None when no line looks like titles.

    Args:
        lines: the sheet.
        words: what titles usually say.
        wanted: the titles of a plan: the line that has most of them is taken.
    """
    looked_at = lines[:_LOOKED_AT]
    aimed = {fold(title) for title in wanted}
    scores = [_score(line, words, aimed) for line in looked_at]
    if not scores or max(scores) < _FEWEST:
        return _plain_heading(lines)
    best = scores.index(max(scores))
    above = looked_at[best - 1] if best else None
    below = lines[best + 1] if best + 1 < len(lines) else None
    if below is not None and _is_second_line(looked_at[best], below):
        return _heading(lines, best + 1, upper=looked_at[best])
    return _heading(lines, best, upper=above)


def _score(line: Line, words: RegisterWords, aimed: set[str]) -> float:
    """Say how much a line looks like titles: the known ones count, figures and sentences weigh."""
    found = 0.0
    texts = 0
    for cell in line.cells:
        text = one_line(cell)
        if not text:
            continue
        if not isinstance(cell, str) or len(text) > _LONGEST_TITLE or _has_figures(text):
            found -= 1
            continue
        texts += 1
        known = words.title(text)
        found += 0 if known is None else (1 + known.is_whole)
        found += 3 * (fold(text) in aimed)
    return found if texts >= _FEWEST else 0


def _is_word(text: str) -> bool:
    return any(sign.isalpha() for sign in text) and not _has_figures(text)


def _has_figures(text: str) -> bool:
    return sum(sign.isdecimal() for sign in text) > len("-18")


def _is_second_line(upper: Line, lower: Line) -> bool:
    """Does a line go on with the titles: words under the empty cells of the first one?"""
    under = [
        (one_line(_cell(upper, place)), cell)
        for place, cell in enumerate(lower.cells)
        if one_line(cell)
    ]
    if len(under) < _FEWEST or any(_is_data(cell) for _, cell in under):
        return False
    beside = sum(not title for title, _ in under)
    is_under_one = sum(bool(title) for title, _ in under) <= beside
    has_gaps = beside >= 1 and any(one_line(cell) for cell in upper.cells)
    # Titles are not said twice on a line; what people ask is.
    said = Counter(fold(one_line(cell)) for _, cell in under)
    first = one_line(_cell(lower, _first_place(upper)))
    return has_gaps and is_under_one and max(said.values()) == 1 and not first


def _is_data(cell: Cell) -> bool:
    return isinstance(cell, dt.date | dt.time | dt.timedelta | int | float)


def _first_place(line: Line) -> int:
    return next((place for place, cell in enumerate(line.cells) if one_line(cell)), 0)


def _cell(line: Line | None, place: int) -> Cell:
    return line.cells[place] if line is not None and place < len(line.cells) else None


def _heading(lines: Sequence[Line], best: int, *, upper: Line | None) -> Heading:
    """Return the titles of a line, completed by what stands in the line above an empty cell."""
    line, filled = lines[best], _filled(upper)
    titles: dict[int, tuple[str, str]] = {}
    for place in range(_width(lines, best)):
        own, over = one_line(_cell(line, place)), one_line(_cell(upper, place))
        if own:
            titles[place] = (own, filled.get(place, ""))
        elif over and len(over) <= _LONGEST_TITLE and not _is_data(_cell(upper, place)):
            titles[place] = (over, "")
        elif _holds_something(lines, best, place):
            titles[place] = (f"Colonne {column_letters(place)}", "")
    return Heading(columns=_named_once(titles), last=line.number)


def _filled(line: Line | None) -> Mapping[int, str]:
    """Return the titles of a line, each until the next one: a merged cell holds only its first."""
    found, last = {}, ""
    for place in range(max(len(line.cells) if line is not None else 0, 1) * 2):
        last = one_line(_cell(line, place)) or last
        found[place] = last if len(last) <= _LONGEST_TITLE else ""
    return found


def _named_once(titles: Mapping[int, tuple[str, str]]) -> tuple[ColumnTitle, ...]:
    """Return columns whose titles are all different: a second « Nom » is « Nom (2) »."""
    seen: Counter[str] = Counter()
    columns = []
    for place, (title, above) in titles.items():
        seen[fold(title)] += 1
        times = seen[fold(title)]
        shown = title if times == 1 else f"{title} ({times})"
        columns.append(ColumnTitle(place=place, title=shown, above=above if above != title else ""))
    return tuple(columns)


def _width(lines: Sequence[Line], best: int) -> int:
    return max(len(line.cells) for line in lines[best : best + _SAMPLE])


def _holds_something(lines: Sequence[Line], best: int, place: int) -> bool:
    return any(one_line(_cell(line, place)) for line in lines[best + 1 : best + _SAMPLE])


def _plain_heading(lines: Sequence[Line]) -> Heading | None:
    """Return the first line of several texts that holds no figure: titles of another language."""
    for place, line in enumerate(lines[:_LOOKED_AT]):
        cells = [cell for cell in line.cells if one_line(cell)]
        if len(cells) >= _FEWEST and all(
            isinstance(cell, str) and _is_word(cell) and len(cell) <= _LONGEST_TITLE
            for cell in cells
        ):
            return _heading(lines, place, upper=None)
    return None


def column_letters(place: int) -> str:
    """Return the letters of a column, counted from nought: A, B… Z, AA."""
    letters = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
