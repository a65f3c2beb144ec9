"""Which file a list becomes, by the ending of its name; without one, a workbook."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from app.domain.folding import fold
from app.exporting.csv_file import csv_of
from app.exporting.errors import ExportExistsError
from app.exporting.table import ShownTable
from app.exporting.workbook import workbook_of
from app.store.durable_file import write_durably

USUAL_ENDING: Final = ".xlsx"
_WRITERS: Final[Mapping[str, Callable[[ShownTable], bytes]]] = {
    USUAL_ENDING: workbook_of,
    ".csv": csv_of,
}


def write_table(table: ShownTable, file: Path) -> Path:
    """Write a list where somebody chose, whole or not at all, for its owner alone.

    A name without a known ending gets one; a file of that longer name is not written over, since
    nobody was asked about it.

    Returns:
        The file written.

    Raises:
        ExportingError: the library is not there, or a file is.
        DiskFullError, DiskRefusedError: nothing was written.
    """
    ending = file.suffix.lower()
    if ending in _WRITERS:
        write_durably(file, _WRITERS[ending](table))
        return file
    whole = file.with_name(f"{file.name}{USUAL_ENDING}")
    if whole.exists() or whole.is_symlink():
        raise ExportExistsError(whole.name)
    write_durably(whole, _WRITERS[USUAL_ENDING](table))
    return whole


def proposed_name(table: ShownTable) -> str:
    """Return the name to propose for the file of a list."""
    return f"{'-'.join(fold(table.name).split()) or 'liste'}{USUAL_ENDING}"
