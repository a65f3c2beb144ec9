"""Reads tables: workbooks (xlsx, xlsm, xls, ods) and text (csv), as lines of cells.

It is the only module that imports `python-calamine`. Whoever reads a table, of structures or the
old register of an office, starts here:

    for line in read_table(path):           # text or workbook, whichever the content is
        line.number, line.cells             # 1, ("Date", "Nom", "Code postal")

    read_workbook(path)                     # every sheet, each with its name
    read_sheet(path, "Accueils")            # one of them
    read_csv(path)                          # text: its encoding and separator are found

All of these can be gone through several times, hold nothing of the content until then for text, and
number lines as the person sees them. Nothing is guessed about what columns mean: `columns` does.
"""

import io
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.reference.importing.cells import Cell, Line, Lines
from app.reference.importing.csv_text import CsvText, csv_text, read_csv
from app.reference.importing.errors import (
    BrokenFileError,
    EmptyFileError,
    LockedWorkbookError,
    SheetsMissingError,
    UnknownSheetError,
)
from app.reference.importing.files import DEFAULT_LIMITS, Limits, Source, source_of
from app.reference.importing.sheet_areas import check_unfolding

if TYPE_CHECKING:
    from types import ModuleType

    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = [
    "Cell",
    "CsvText",
    "Line",
    "Lines",
    "Sheet",
    "is_workbook",
    "read_csv",
    "read_sheet",
    "read_table",
    "read_workbook",
    "tables_of",
]

_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = bytes.fromhex("d0cf11e0a1b11ae1")
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
"""Names, within the frame of an old Excel file, a new one that a password opens."""
_PANIC: Final = "PanicException"
_EXACT_WHOLE: Final = 2**53
"""Beyond, a workbook no longer holds each whole number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook; iterating yields its lines that hold something.

    Whole numbers are `int`, days `date`, moments `datetime`, empty cells and errors of a formula
    None. A code kept as a number has lost its zeroes: whoever reads it gives them back.
    """

    name: str
    _sheet: "CalamineSheet"

    def __iter__(self) -> Iterator[Line]:
        """Yield the lines, numbered as the workbook shows them."""
        for number, row in enumerate(self._sheet.iter_rows(), start=1):
            line = Line(number, tuple(_cell(value) for value in row))
            if not line.is_blank:
                yield line


def read_workbook(
    content: Path | bytes, *, name: str = "", limits: Limits = DEFAULT_LIMITS
) -> tuple[Sheet, ...]:
    """Read every sheet of a workbook, in its own order.

    Args:
        content: a file, or what it holds.
        name: how messages call it; without it, the name of the file.
        limits: sizes beyond which the file is refused.

    Raises:
        ImportingError: the workbook is absent, too large, broken, locked, or a sheet of it sprawls
            so far that it cannot be held; see `errors`.
    """
    return _sheets(source_of(content, name, limits))


def read_sheet(
    content: Path | bytes,
    sheet: str | None = None,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> Sheet:
    """Read one sheet: the one named, or the first that holds something.

    Raises:
        UnknownSheetError: the workbook has no sheet of that name; names those it has.
        EmptyFileError: no name was given and every sheet is blank.
        ImportingError: as `read_workbook`.
    """
    sheets = read_workbook(content, name=name, limits=limits)
    if sheet is None:
        found = next((each for each in sheets if any(True for _ in each)), None)
        if found is None:
            raise EmptyFileError(source_of(content, name, limits).name)
        return found
    found = next((each for each in sheets if each.name.strip() == sheet.strip()), None)
    if found is None:
        raise UnknownSheetError(sheet, [each.name for each in sheets])
    return found


def read_table(
    content: Path | bytes, *, name: str = "", limits: Limits = DEFAULT_LIMITS
) -> Sheet | CsvText:
    """Read a table, whichever the content is: text, or the first sheet that holds something.

    Raises:
        ImportingError: as `read_csv` and `read_sheet`.
    """
    source = source_of(content, name, limits)
    if is_workbook(source):
        return read_sheet(content, name=name, limits=limits)
    return csv_text(source)


def tables_of(source: Source) -> tuple[tuple[str, Lines], ...]:
    """Return every table of a source with its name; that of a text is « »."""
    if is_workbook(source):
        return tuple((sheet.name, sheet) for sheet in _sheets(source))
    return (("", csv_text(source)),)


def is_workbook(source: Source) -> bool:
    """Tell by its first bytes whether a source is a workbook, or any zipped file."""
    return source.head(8).startswith((_ZIP, _OLD_EXCEL))


def _sheets(source: Source) -> tuple[Sheet, ...]:
    if not is_workbook(source):
        raise BrokenFileError(source.name)
    check_unfolding(source)
    library = _library()
    with source.opened() as stream:
        whole = stream.read()
    if whole.startswith(_OLD_EXCEL) and _LOCKED in whole:
        raise LockedWorkbookError(source.name)
    with _refusals(library, source.name):
        workbook: CalamineWorkbook = library.CalamineWorkbook.from_filelike(io.BytesIO(whole))
        return tuple(
            Sheet(name=name, _sheet=workbook.get_sheet_by_name(name))
            for name in workbook.sheet_names
            if _is_table(workbook, name)
        )


@contextmanager
def _refusals(library: "ModuleType", file: str) -> Iterator[None]:
    """Turn what the library raises into errors of ours."""
    try:
        yield
    except library.PasswordError as error:
        raise LockedWorkbookError(file) from error
    except (library.CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise BrokenFileError(file) from error
    except BaseException as error:
        # A damaged xls makes the library panic, which is no `Exception` and has no importable name.
        if type(error).__name__ == _PANIC:
            raise BrokenFileError(file) from error
        raise


def _is_table(workbook: "CalamineWorkbook", name: str) -> bool:
    """Leave out sheets that hold a chart or a program."""
    kinds = {each.name: each.typ for each in workbook.sheets_metadata}
    return name not in kinds or str(kinds[name]).endswith("WorkSheet")


def _library() -> "ModuleType":
    """Import the library that reads workbooks, which few starts of the program need.

    Raises:
        SheetsMissingError: it is not installed, or its binary does not load here.
    """
    try:
        import python_calamine
    except ImportError as error:
        raise SheetsMissingError from error
    return python_calamine


def _cell(value: Any) -> Cell:
    """Return a value of the library as a cell; its types are those of `Cell`, « » for nothing."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT_WHOLE:
        return int(value)
    cell: Cell = value
    return cell
