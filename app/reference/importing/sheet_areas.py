"""How far the sheets of a workbook reach, known before the library is asked to hold them.

A sheet is held as one rectangle, from its first cell to its last: a single cell in the far corner,
which people leave without knowing, takes gigabytes and would end the program. A file of a few
kilobytes can unfold into as much on purpose. Both are refused here, by reading the packed parts.
"""

import re
import zipfile
import zlib
from collections.abc import Callable
from typing import Final

from app.reference.importing.errors import (
    BrokenFileError,
    LockedWorkbookError,
    SprawlingSheetError,
    SwollenFileError,
    UnknownFormatError,
)
from app.reference.importing.files import CHUNK_BYTES, MEBIBYTE, Source

_ENCRYPTED: Final = 0x1
_LETTERS: Final = 26
_BINARY_WORKBOOK: Final = "xl/workbook.bin"
"""What xlsb holds: its cells cannot be counted beforehand, and it is hardly used."""
_XLSX_CELL: Final = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_ODS_PIECE: Final = re.compile(
    rb"<table:table[ >]|<table:table-row[^>]*>|<table:(?:covered-)?table-cell[^>]*>"
)
_ODS_ROWS: Final = re.compile(rb'number-rows-repeated="(\d{1,9})"')
_ODS_COLUMNS: Final = re.compile(rb'number-columns-repeated="(\d{1,9})"')
_XLS_DIMENSIONS: Final = re.compile(
    rb"\x00\x02\x0e\x00(?P<first>.{4})(?P<last>.{4})(?P<left>.{2})(?P<right>.{2})\x00\x00",
    re.DOTALL,
)
"""The record by which a sheet of an old xls says how far it reaches (MS-XLS 2.4.90)."""
_XLS_BOUNDS: Final = ("first", "last", "left", "right")
_XLS_ROWS: Final = 65_536
_XLS_COLUMNS: Final = 256
_LONGEST_PIECE: Final = 4_096
"""What is looked for is shorter; it may be cut between two chunks."""


class _Spread:
    """The rectangles of the sheets met so far; rows and columns count from one."""

    def __init__(self, source: Source) -> None:
        self._file = source.name
        self._left = source.limits.sheet_cells
        self._rows: list[int] = []
        self._columns: list[int] = []

    def start_sheet(self) -> None:
        """Count what comes next as another sheet."""
        if self._rows:
            self._left -= self._area()
        self._rows, self._columns = [], []

    def reach(self, rows: set[int], columns: set[int]) -> None:
        """Widen the rectangle of the present sheet.

        Raises:
            SprawlingSheetError: all of them together are too large; names the last cell.
        """
        if not rows:
            return
        self._rows = _bounds({*rows, *self._rows})
        self._columns = _bounds({*columns, *self._columns})
        if self._area() > self._left:
            cell = f"{_letters(self._columns[1])}{self._rows[1]}"
            raise SprawlingSheetError(self._file, cell=cell)

    def _area(self) -> int:
        return (self._rows[1] - self._rows[0] + 1) * (self._columns[1] - self._columns[0] + 1)


def check_unfolding(source: Source) -> None:
    """Refuse a workbook that would unfold too far; a sound xls is bounded by its format.

    Raises:
        SwollenFileError: its parts, unpacked, are larger than the limit.
        SprawlingSheetError: its sheets spread over more cells than the limit.
        LockedWorkbookError: its parts are encrypted.
        UnknownFormatError: it is a binary workbook (xlsb).
        BrokenFileError: it is no archive, or a part of it is damaged.
    """
    with source.opened() as stream:
        if not zipfile.is_zipfile(stream):
            _check_old(source)
            return
        try:
            with zipfile.ZipFile(stream) as archive:
                _check_parts(archive, source)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            # The last is what zipfile raises for a compression method that it does not know.
            raise BrokenFileError(source.name) from error


def _check_old(source: Source) -> None:
    """Refuse a broken archive, and an xls that claims more rows than its format has."""
    with source.opened() as stream:
        content = stream.read()
    if content.startswith(b"PK"):
        raise BrokenFileError(source.name)
    for found in _XLS_DIMENSIONS.finditer(content):
        first, last, left, right = (int.from_bytes(found[name], "little") for name in _XLS_BOUNDS)
        if first > last or last > _XLS_ROWS or left > right or right > _XLS_COLUMNS:
            raise BrokenFileError(source.name)


def _check_parts(archive: zipfile.ZipFile, source: Source) -> None:
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise LockedWorkbookError(source.name)
    if any(part.filename == _BINARY_WORKBOOK for part in parts):
        raise UnknownFormatError(source.name)
    if sum(part.file_size for part in parts) > source.limits.unfolded_bytes:
        raise SwollenFileError(source.name, limit_mb=source.limits.unfolded_bytes // MEBIBYTE)
    spread = _Spread(source)
    for part in parts:
        look = _looker(part.filename, spread)
        with archive.open(part) as stream:
            for chunk in iter(lambda: stream.read(CHUNK_BYTES), b""):
                look(chunk)


def _looker(part: str, spread: _Spread) -> Callable[[bytes], None]:
    """Return what examines the chunks of a part: reading it whole checks its size and its sum."""
    if part.startswith("xl/worksheets/") and part.endswith(".xml"):
        return _XlsxLooker(spread)
    if part == "content.xml":
        return _OdsLooker(spread)
    return lambda _chunk: None


class _XlsxLooker:
    """Follows the references of the cells of a sheet (« r="AB12" »)."""

    def __init__(self, spread: _Spread) -> None:
        self._spread = spread
        self._rest = b""
        spread.start_sheet()

    def __call__(self, chunk: bytes) -> None:
        """Look at a chunk.

        Raises:
            SprawlingSheetError: the sheet spreads too far.
        """
        text = self._rest + chunk
        found = _XLSX_CELL.findall(text)
        columns = {letters for letters, _ in found}
        rows = {number for _, number in found}
        self._spread.reach(set(map(int, rows)), set(map(_column, columns)))
        self._rest = text[-_LONGEST_PIECE:]


class _OdsLooker:
    """Follows the rows and cells of the sheets of an OpenDocument workbook, which repeats them."""

    def __init__(self, spread: _Spread) -> None:
        self._spread = spread
        self._rest = b""
        self._next_row = self._row = self._column = 1
        spread.start_sheet()

    def __call__(self, chunk: bytes) -> None:
        """Look at a chunk.

        Raises:
            SprawlingSheetError: the sheet spreads too far.
        """
        text = self._rest + chunk
        end = 0
        for found in _ODS_PIECE.finditer(text):
            end = found.end()
            self._take(found[0])
        self._rest = text[max(end, len(text) - _LONGEST_PIECE) :]

    def _take(self, piece: bytes) -> None:
        if piece.startswith(b"<table:table-row"):
            self._row, self._column = self._next_row, 1
            self._next_row += _repeated(_ODS_ROWS, piece)
        elif piece.startswith((b"<table:table ", b"<table:table>")):
            self._next_row = 1
            self._spread.start_sheet()
        else:
            self._take_cell(piece)

    def _take_cell(self, piece: bytes) -> None:
        next_column = self._column + _repeated(_ODS_COLUMNS, piece)
        if b"value-type=" in piece:
            self._spread.reach({self._row, self._next_row - 1}, {self._column, next_column - 1})
        self._column = next_column


def _bounds(values: set[int]) -> list[int]:
    return [min(values), max(values)]


def _repeated(pattern: re.Pattern[bytes], piece: bytes) -> int:
    found = pattern.search(piece)
    return max(1, int(found[1])) if found else 1


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * _LETTERS + letter - ord("A") + 1
    return number


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, _LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters
