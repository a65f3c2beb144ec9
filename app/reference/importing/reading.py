"""Reads a published file of structures, whatever its format, into rows of the directory.

    lookups = lookups_of(resource_path("networks"), communes=…, networks=…, today=…)
    parsed = read_structures(path, lookups, Options(departments=frozenset({"36"})))

A file is taken whole or refused whole: errors are raised before anything is returned. What is wrong
with one record is in `parsed.rejected` and `parsed.noted`, with its line.
"""

from pathlib import Path
from typing import Final

from app.reference.importing.archives import is_archive, opened_directory
from app.reference.importing.files import source_of
from app.reference.importing.json_reading import read_lists
from app.reference.importing.json_records import opened_json, starts_like_json
from app.reference.importing.lookups import Lookups
from app.reference.importing.parsed import Options, Parsed
from app.reference.importing.sheets import is_workbook
from app.reference.importing.table_reading import read_tables
from app.reference.importing.taking import Taking

_EVERYTHING: Final = Options()


def read_structures(
    content: Path | bytes, lookups: Lookups, options: Options = _EVERYTHING
) -> Parsed:
    """Read a published file.

    Args:
        content: a file, or what it holds.
        lookups: communes, networks, codes and the day it is.
        options: what is asked beside: departments, a date, structures held already.

    Raises:
        ImportingError: the file is refused whole; see `errors`.
    """
    source = source_of(content, options.name, options.limits)
    if is_archive(source):
        with opened_directory(source) as (text, member):
            return read_lists(text, Taking(lookups, options, file=source.name, dated=member))
    taking = Taking(lookups, options, file=source.name, dated=source.name)
    if not is_workbook(source) and starts_like_json(source.head()):
        with opened_json(source) as text:
            return read_lists(text, taking)
    return read_tables(source, taking)
