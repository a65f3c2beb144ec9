"""What a table is made of, whether it came from text or from a workbook."""

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple, Protocol, TypeAlias

Cell: TypeAlias = str | int | float | bool | dt.date | dt.time | dt.timedelta | None
"""A `datetime` is a date too; a whole number of a workbook is an `int`; an empty cell is None."""


class Line(NamedTuple):
    """One record of a table; `number` is what the person sees at its left, counted from one."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        """Tell whether no cell holds anything."""
        return all(
            cell is None or (isinstance(cell, str) and not cell.strip()) for cell in self.cells
        )


class Lines(Protocol):
    """A table that can be gone through several times."""

    def __iter__(self) -> Iterator[Line]:
        """Yield its lines from the first."""
        ...
