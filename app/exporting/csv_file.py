"""CSV as French spreadsheets open it at a double click: semicolons, UTF-8 with its mark.

A cell that a spreadsheet would run as a formula gets an apostrophe before it: what somebody typed
in a name or a demand must never act on the machine of whoever opens the file.
"""

import csv
import io
import re
from typing import Final

from app.exporting.table import ShownTable, figure_in, writable

_RUNS: Final = re.compile(r"[\s\x00]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r]")
_NUMBER: Final = re.compile(r"-?\d+(?:[.,]\d+)?")


def csv_of(table: ShownTable) -> bytes:
    """Return a list as CSV."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(column.title) for column in table.columns])
    for row in table.rows:
        writer.writerow(
            [
                _cell(value, has_figures=column.has_figures)
                for column, value in zip(table.columns, row, strict=True)
            ]
        )
    return text.getvalue().encode("utf-8-sig")


def _cell(text: str, *, has_figures: bool) -> str:
    figure = figure_in(text) if has_figures else None
    return _harmless(text) if figure is None else str(figure)


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a negative number stays one."""
    kept = writable(text).replace("\x00", "")
    if _RUNS.match(kept) and not _NUMBER.fullmatch(kept):
        return f"'{kept}"
    return kept
