"""Tables kept as text: which encoding, which separator, and each record with its line.

`sheets` gives the same lines for workbooks; whoever reads tables takes both from there.
"""

import csv
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.reference.importing.cells import Line
from app.reference.importing.encodings import (
    MENDED_UTF_8,
    Encoding,
    detect_encoding,
    opened_text,
    repaired,
)
from app.reference.importing.errors import BrokenFileError, EmptyFileError
from app.reference.importing.files import DEFAULT_LIMITS, Limits, Source, source_of

SEPARATORS: Final = (";", ",", "\t", "|")
_BLANK: Final = "".join(SEPARATORS) + ' "\r\n\ufeff'
_SEPARATOR_NOTE: Final = "sep="
"""Excel's own first line, which names the separator and is no record."""
_MENDED: Final = MENDED_UTF_8.errors
_LOOKED_AT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvText:
    """A table of text, read again from its beginning each time somebody goes through it.

    Iterating yields one `Line` a record, its number that of the first line of text it takes;
    cells are text, « » never None; blank lines are left out.

    Raises:
        BrokenFileError: while iterating, at a quote that is never closed; names the line.
    """

    source: Source
    encoding: Encoding
    separator: str

    def __iter__(self) -> Iterator[Line]:
        """Yield the records that hold something."""
        with opened_text(self.source, self.encoding) as text:
            lines = map(repaired, text) if self.encoding.errors == _MENDED else text
            yield from _records(lines, self.separator, self.source.name)


def read_csv(content: Path | bytes, *, name: str = "", limits: Limits = DEFAULT_LIMITS) -> CsvText:
    """Find the encoding and the separator of a table of text.

    Args:
        content: a file, or what it holds.
        name: how messages call it; without it, the name of the file.
        limits: sizes beyond which the file is refused.

    Raises:
        ImportingError: the file is absent, empty, too large, or no text; see `errors`.
    """
    return csv_text(source_of(content, name, limits))


def csv_text(source: Source) -> CsvText:
    """Find the encoding and the separator of a source whose size is checked."""
    encoding = detect_encoding(source)
    with opened_text(source, encoding) as text:
        beginning = [line for line in itertools.islice(text, _LOOKED_AT) if line.strip(_BLANK)]
    if not beginning:
        raise EmptyFileError(source.name)
    return CsvText(source=source, encoding=encoding, separator=_separator(beginning))


def _separator(beginning: list[str]) -> str:
    """Return what splits the first line into most cells; a title of one cell defers to the next."""
    first = beginning[0].strip().lower()
    if first.startswith(_SEPARATOR_NOTE) and len(first) > len(_SEPARATOR_NOTE):
        return beginning[0].strip()[len(_SEPARATOR_NOTE)]
    for line in beginning:
        widths = {separator: _width(line, separator) for separator in SEPARATORS}
        best = max(SEPARATORS, key=lambda separator: widths[separator])
        if widths[best] > 1:
            return best
    return SEPARATORS[0]


def _width(line: str, separator: str) -> int:
    try:
        return max((len(cells) for cells in csv.reader([line], delimiter=separator)), default=0)
    except csv.Error:
        return 0


class _Followed:
    """Lines of text, which remembers those that the present record and the last one took."""

    def __init__(self, text: Iterator[str]) -> None:
        self._text = text
        self._present: list[str] = []
        self._last: list[str] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._text)
        self._present.append(line)
        return line

    def end_record(self) -> None:
        """Say that a record is complete."""
        self._present, self._last = [], self._present

    def left_a_quote_open(self) -> bool:
        """Tell whether the last record swallowed lines after a quote that nothing closes."""
        return len(self._last) > 1 and sum(line.count('"') for line in self._last) % 2 == 1


def _records(text: Iterator[str], separator: str, file: str) -> Iterator[Line]:
    followed = _Followed(text)
    reader = csv.reader(followed, delimiter=separator)
    number = start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not _is_separator_note(number, cells):
                yield Line(number, tuple(cells))
            start, number = number, reader.line_num + 1
            followed.end_record()
    except csv.Error as error:
        raise BrokenFileError(file, line=number) from error
    if followed.left_a_quote_open():
        raise BrokenFileError(file, line=start)


def _is_separator_note(number: int, cells: list[str]) -> bool:
    return number == 1 and cells[0].strip().lower().startswith(_SEPARATOR_NOTE)
