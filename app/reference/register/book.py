"""A register as it was given: its sheets in memory, and the digest that names the file."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.personal_numbers import masked_file_name
from app.reference.importing.cells import Line
from app.reference.importing.files import MEBIBYTE, Limits, source_of
from app.reference.importing.sheets import tables_of
from app.reference.register.cells import one_line
from app.reference.register.errors import TooManyLinesError

LIMITS: Final = Limits(
    file_bytes=50 * MEBIBYTE, unfolded_bytes=512 * MEBIBYTE, sheet_cells=4_000_000
)
MOST_LINES: Final = 50_000
"""Lines of one import: thirty years of a busy counter. Beyond, a register is imported by parts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSheet:
    """One sheet and its lines that hold something; the table of a CSV file has no name."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterBook:
    """A register: `name` is that of its file, numbers masked; `digest` is that of its bytes."""

    name: str
    digest: bytes
    sheets: tuple[RegisterSheet, ...]


def open_book(file: Path) -> RegisterBook:
    """Read a register whole: xlsx, xls, ods or csv.

    Raises:
        ImportingError: the file is absent, too large, broken, locked, or no table.
        TooManyLinesError: it holds more lines than one import takes.
    """
    # A name that the system gave in bytes that are no text is not one that can be kept.
    source = source_of(file, one_line(masked_file_name(file.name)), LIMITS)
    digest = hashlib.sha256()
    for chunk in source.chunks():
        digest.update(chunk)
    sheets, left = [], MOST_LINES
    for name, lines in tables_of(source):
        held = []
        for line in lines:
            if not left:
                raise TooManyLinesError(MOST_LINES)
            left -= 1
            held.append(line)
        if held:
            sheets.append(RegisterSheet(name=name.strip(), lines=tuple(held)))
    return RegisterBook(name=source.name, digest=digest.digest(), sheets=tuple(sheets))
