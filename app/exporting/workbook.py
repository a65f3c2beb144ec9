"""An xlsx workbook of one sheet. It is the only module that imports XlsxWriter.

Every text is written as a text: none becomes a formula, a link or a number. It is made in memory:
what people said is never in a temporary file.
"""

import io
import re
from typing import Any, Final

from app.exporting.errors import WorkbooksMissingError
from app.exporting.table import ShownTable, figure_in, writable

_LONGEST_CELL: Final = 32_767
"""Signs that a cell of Excel holds; the library would drop a longer text whole."""
_LONGEST_NAME: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_NARROWEST, _WIDEST = 8, 60


def workbook_of(table: ShownTable) -> bytes:
    """Return a list as a workbook: its titles in bold stay in sight, and filter.

    Raises:
        WorkbooksMissingError: the library is not there.
    """
    content = io.BytesIO()
    workbook = _library().Workbook(content, _OPTIONS)
    sheet = workbook.add_worksheet(_sheet_name(table.name))
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, _cell(column.title), bold)
        sheet.set_column(place, place, _width(table, place))
    for number, row in enumerate(table.rows, start=1):
        for place, text in enumerate(row):
            figure = figure_in(text) if table.columns[place].has_figures else None
            if figure is None:
                sheet.write_string(number, place, _cell(text), wrapped)
            else:
                sheet.write_number(number, place, figure)
    sheet.freeze_panes(1, 0)
    if table.columns:
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    workbook.close()
    return content.getvalue()


def _cell(text: str) -> str:
    kept = writable(text)
    return kept if len(kept) <= _LONGEST_CELL else f"{kept[: _LONGEST_CELL - 1]}…"


def _width(table: ShownTable, place: int) -> int:
    longest = max(
        (len(row[place].partition("\n")[0]) for row in table.rows),
        default=0,
    )
    return max(_NARROWEST, min(max(longest, len(table.columns[place].title)) + 2, _WIDEST))


def _sheet_name(name: str) -> str:
    """Return a name that Excel takes for a sheet."""
    kept = " ".join(_FORBIDDEN.sub(" ", writable(name)).split()).strip("'")[:_LONGEST_NAME]
    return kept if kept and kept.lower() != "history" else "Liste"


def _library() -> Any:
    """Import the library that writes workbooks, which few starts of the program need."""
    try:
        import xlsxwriter
    except ImportError as error:
        raise WorkbooksMissingError from error
    return xlsxwriter
