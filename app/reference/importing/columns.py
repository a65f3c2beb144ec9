"""Tables read by the names of their columns, whatever their order, case, accents and extra ones."""

import itertools
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.folding import fold
from app.reference.importing.cells import Cell, Line, Lines
from app.reference.importing.errors import (
    DuplicateColumnError,
    EmptyFileError,
    MissingColumnError,
)

_HEADER_WITHIN: Final = 5
"""Titles and notes may come before the header, a few lines at most."""
_NO_ALIASES: Final[Mapping[str, str]] = MappingProxyType({})


class Record(NamedTuple):
    """One line of a table by the names of its columns; `is_shifted` when cells lie beyond them.

    `is_torn` says that the line has too few cells although it takes several lines of text: a quote
    that should not be there swallowed its neighbours.
    """

    line: int
    values: dict[str, Cell]
    is_shifted: bool
    is_torn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table whose header is known; iterating yields the records that come after it.

    `columns` gives, by name as the reader wants it, the place of each column wanted.
    """

    name: str
    header_line: int
    width: int
    columns: Mapping[str, int]
    _lines: Lines

    def __iter__(self) -> Iterator[Record]:
        """Yield the records in the order of the file."""
        lines = iter(self._lines)
        after = itertools.dropwhile(lambda line: line.number <= self.header_line, lines)
        return map(self._record, after)

    def _record(self, line: Line) -> Record:
        cells = line.cells
        return Record(
            line=line.number,
            values={
                name: cells[place] if place < len(cells) else None
                for name, place in self.columns.items()
            },
            is_shifted=any(cell not in (None, "") for cell in cells[self.width :]),
            is_torn=len(cells) < self.width and _takes_several_lines(cells),
        )


def normalised(name: Cell) -> str:
    """Return the name of a column as it is compared: folded, without signs nor line breaks.

    « Code_commune_INSEE » and « Code commune INSEE » are one; « source » and « Source » too.
    """
    return fold(str(name)) if name is not None else ""


def header_score(lines: Lines, wanted: Collection[str]) -> tuple[int, frozenset[str]]:
    """Return where a header best has the columns wanted, and which of them it has.

    Args:
        lines: the table; its first lines are looked at.
        wanted: names as `normalised` gives them.

    Returns:
        The number of the line, 0 for an empty table, and the names found on it.
    """
    best = (0, frozenset[str]())
    for line in itertools.islice(lines, _HEADER_WITHIN):
        found = frozenset(wanted) & {normalised(cell) for cell in line.cells}
        if not best[0] or len(found) > len(best[1]):
            best = (line.number, found)
    return best


def table_of(
    lines: Lines,
    wanted: Collection[str],
    required: Collection[str],
    *,
    file: str,
    aliases: Mapping[str, str] = _NO_ALIASES,
) -> Table:
    """Return a table read by its columns; those not wanted are left out, even if twice there.

    Args:
        lines: the table.
        wanted: the names that records will have, as the reader writes them.
        required: those of them without which nothing can be read.
        file: how messages call it.
        aliases: other names that publishers give a column, to the name wanted.

    Raises:
        EmptyFileError: there is no line at all.
        MissingColumnError: a required column is on none of the first lines; names it.
        DuplicateColumnError: a column wanted is there twice; names it.
    """
    names = {normalised(name): name for name in wanted}
    names |= {normalised(alias): name for alias, name in aliases.items()}
    number, _ = header_score(lines, names)
    if not number:
        raise EmptyFileError(file)
    header = next(line for line in lines if line.number == number)
    placed = [(names.get(normalised(cell)), place) for place, cell in enumerate(header.cells)]
    known = [(name, place) for name, place in placed if name is not None]
    _check(known, required, file)
    return Table(
        name=file,
        header_line=number,
        width=_width(header),
        columns=dict(known),
        _lines=lines,
    )


def _check(known: list[tuple[str, int]], required: Collection[str], file: str) -> None:
    counts = Counter(name for name, _ in known)
    missing = [name for name in required if name not in counts]
    if missing:
        raise MissingColumnError(file, missing)
    twice = [name for name, count in counts.items() if count > 1]
    if twice:
        raise DuplicateColumnError(file, twice)


def _width(header: Line) -> int:
    """Count the cells of a header up to its last that has a name."""
    return max(place for place, cell in enumerate(header.cells, start=1) if normalised(cell))


def _takes_several_lines(cells: tuple[Cell, ...]) -> bool:
    return any(isinstance(cell, str) and ("\n" in cell or "\r" in cell) for cell in cells)
