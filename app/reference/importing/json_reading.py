"""Reads lists of records of a JSON file, each recognised by its records."""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any, Final, TextIO

from app.reference.importing.errors import EmptyFileError
from app.reference.importing.findings import Counted, Place, Rejected, RejectReason
from app.reference.importing.json_records import JsonItem, json_items
from app.reference.importing.parsed import Parsed
from app.reference.importing.recognising import Recognised, recognised_list, recognised_record
from app.reference.importing.taking import Taking

_LOOKED_AT: Final = 1_000
"""Records among which one must say what a list holds."""


def read_lists(content: TextIO, taking: Taking) -> Parsed:
    """Read a list of records, or an object that holds some.

    Raises:
        BrokenFileError: the text stops in the middle, or is no JSON.
        EmptyFileError: it holds no record at all.
        UnknownFormatError: its records are of no format known here.
    """
    is_empty = True
    items = json_items(content, taking.file)
    for table, listed in itertools.groupby(items, key=lambda item: item.table):
        first = next(listed)
        if first.number:
            is_empty = False
            rest = itertools.chain([first], listed)  # noqa: B031 - once for each list
            _read_list(table, rest, taking)
        else:
            taking.take_fact(table, first.value)
    if is_empty:
        raise EmptyFileError(taking.file)
    return taking.parsed()


def _read_list(table: str, items: Iterator[JsonItem], taking: Taking) -> None:
    looked_at: list[JsonItem] = []
    recognised: Recognised | None = None
    for item in itertools.islice(items, _LOOKED_AT):
        looked_at.append(item)
        recognised = recognised_record(_unwrapped(item.value))
        if recognised is not None:
            break
    recognised = recognised or recognised_list(table)
    if recognised is None:
        return
    taking.expect(recognised)
    for item in itertools.chain(looked_at, items):
        _take(recognised, item, taking)
        if not table:  # Nothing comes after a list alone: no structure is waited for.
            taking.gathering.give_up_waiting()


def _take(recognised: Recognised, item: JsonItem, taking: Taking) -> None:
    taking.gathering.count()
    place = Place(number=item.number, counted=Counted.RECORD, table=item.table)
    record = _unwrapped(item.value)
    if isinstance(record, Mapping):
        taking.take(recognised, record, place)
        return
    reason = RejectReason.NULL_RECORD if record is None else RejectReason.NOT_A_RECORD
    taking.gathering.reject(Rejected(place=place, kind=recognised.kind, reason=reason))


def _unwrapped(value: Any) -> Any:
    """Return the record that a GeoJSON feature or an older API wraps, or the value itself."""
    if not isinstance(value, Mapping):
        return value
    for wrapper in ("properties", "fields"):
        if isinstance(value.get(wrapper), Mapping):
            return {**_position(value.get("geometry")), **value[wrapper]}
    return value


def _position(geometry: Any) -> dict[str, Any]:
    coordinates = geometry.get("coordinates") if isinstance(geometry, Mapping) else None
    if not isinstance(coordinates, list) or len(coordinates) < len(("longitude", "latitude")):
        return {}
    return {"longitude": coordinates[0], "latitude": coordinates[1]}
