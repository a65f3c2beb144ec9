"""A cell of a register, as a spreadsheet typed it and as somebody would have."""

import datetime as dt
import math
import re
from typing import Final, TypeGuard

from app.reference.importing.cells import Cell

__all__ = ["Cell", "is_number", "one_line", "text_of"]

_LONGEST_NUMBER: Final = 1e15
_GREATEST: Final = 10**30
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def text_of(cell: Cell) -> str:
    """Return a cell as somebody would have typed it; no sign that cannot be kept is left in it."""
    if isinstance(cell, str):
        lines = cell.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ")
        return _CONTROL.sub(" ", lines).strip()
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    return _number_text(cell) if isinstance(cell, int | float) else _moment_text(cell)


def one_line(cell: Cell) -> str:
    """Return a cell as one line, its words separated by single spaces."""
    return " ".join(text_of(cell).split())


def is_number(cell: Cell) -> TypeGuard[int | float]:
    """Did a spreadsheet hold a number there?"""
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        return False
    return abs(cell) < _LONGEST_NUMBER  # which no number that is none is


def _number_text(number: float) -> str:
    if isinstance(number, int):
        return str(number) if abs(number) < _GREATEST else ""
    if not math.isfinite(number):
        return ""
    is_whole = abs(number) < _LONGEST_NUMBER and number == int(number)
    return str(int(number)) if is_whole else f"{number:.10g}".replace(".", ",")


def _moment_text(cell: dt.date | dt.time | dt.timedelta) -> str:
    if isinstance(cell, dt.timedelta):
        return f"{round(cell.total_seconds() / 60)} min"
    if isinstance(cell, dt.time):
        return f"{cell.hour:02}:{cell.minute:02}"
    # Not `strftime`: systems write years before 1000 in several ways.
    day = f"{cell.day:02}/{cell.month:02}/{cell.year:04}"
    has_hour = isinstance(cell, dt.datetime) and cell.time() != dt.time()
    return f"{day} {cell:%H:%M}" if has_hour else day
