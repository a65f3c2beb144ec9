"""Reads the tables of a text or of a workbook, each recognised by its header."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.reference.importing.columns import Record, Table, table_of
from app.reference.importing.commune_places import holds_places
from app.reference.importing.errors import UnknownFormatError
from app.reference.importing.files import Source
from app.reference.importing.findings import Counted, Kind, Place, Rejected, RejectReason
from app.reference.importing.parsed import Parsed
from app.reference.importing.recognising import TableShape, recognised_table
from app.reference.importing.sheets import tables_of
from app.reference.importing.taking import Taking

if TYPE_CHECKING:
    from app.reference.importing.cells import Lines


def read_tables(source: Source, taking: Taking) -> Parsed:
    """Read every table whose header is whole, structures before services.

    Raises:
        MissingColumnError: no table is whole; names what the nearest lacks.
        DuplicateColumnError: a table has a column twice.
        UnknownFormatError: no header is one of those known here.
    """
    candidates: list[tuple[int, str, Lines, TableShape]] = []
    tables = tables_of(source)
    for name, lines in tables:
        recognised = recognised_table(lines)
        if recognised is not None:
            shape, missing = recognised
            candidates.append((missing, name, lines, shape))
    if not candidates:
        # Structures have places too: a table says where communes are only when it is nothing else.
        places = next((each for _, each in tables if holds_places(each)), None)
        if places is None:
            raise UnknownFormatError(source.name)
        return taking.parsed_places(places)
    whole = [each for each in candidates if not each[0]]
    chosen = whole or [min(candidates, key=lambda each: each[0])]
    chosen.sort(key=lambda each: each[3].recognised.kind is Kind.SERVICE)
    for _, name, lines, shape in chosen:
        table = table_of(lines, shape.wanted, shape.required, file=source.name)
        _read_table(table, name, shape, taking)
    return taking.parsed()


def _read_table(table: Table, name: str, shape: TableShape, taking: Taking) -> None:
    recognised = shape.recognised
    taking.expect(recognised)
    records = _sound(table, name, shape, taking)
    if recognised.kind is Kind.COVERAGE:
        taking.take_coverage(records, name)
        return
    for record in records:
        place = Place(number=record.line, counted=Counted.LINE, table=name)
        taking.take(recognised, record.values, place)
        taking.gathering.give_up_waiting()  # Structures came before.


def _sound(table: Table, name: str, shape: TableShape, taking: Taking) -> Iterator[Record]:
    """Yield the records whose cells are where the header says; refuse the others."""
    for record in table:
        taking.gathering.count()
        reason = None
        if record.is_torn:
            reason = RejectReason.TORN_LINE
        elif record.is_shifted:
            reason = RejectReason.SHIFTED_LINE
        if reason is None:
            yield record
        else:
            place = Place(number=record.line, counted=Counted.LINE, table=name)
            taking.gathering.reject(
                Rejected(place=place, kind=shape.recognised.kind, reason=reason)
            )
