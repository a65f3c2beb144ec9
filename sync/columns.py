"""Events as columns: the plaintext of a bundle.

Values of one sort lie side by side (counters with counters, towns with towns), so that zstd finds
what repeats. The layouts are fixed in `sync/PROTOCOL.md`, section 2: format 2 is written, and
format 1 is read for ever. Reading takes what strangers may have written: it raises, and bounds
time and memory before it believes a number.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import TypeAlias, TypeVar

from app.domain.events import Append, Event, Write
from app.domain.identifiers import Incarnation, SpaceId, counter_of, incarnation_of
from sync.canonical import Canonical, CanonicalError, Flaw, canonical
from sync.column_bounds import (
    MAX_COLUMNS_BYTES,
    MAX_COUNTER,
    MAX_EVENTS,
    ColumnsError,
    Key,
    check_events,
)
from sync.column_reading import FORMAT, decode_columns
from sync.column_streams import Room, StreamWriter, require
from sync.column_values import NameTable, ValueWriter
from sync.first_columns import FIRST_FORMAT, decode_first_columns

__all__ = ["MAX_COLUMNS_BYTES", "MAX_EVENTS", "ColumnsError", "decode_events", "encode_events"]

MAX_PLACES = 256
"""Fields, or lists, of one kind in one bundle: their places are bytes."""

Kind: TypeAlias = tuple[str, int]
Shape: TypeAlias = tuple[int, bytes, bytes]

T = TypeVar("T", bound=Hashable)


def encode_events(incarnation: Incarnation, events: Sequence[Event]) -> bytes:
    """Write the events of one incarnation and one space, in increasing order of their counters.

    Raises:
        ColumnsError: `too_large` (then seal fewer), or `malformed`: another incarnation, two
            spaces, a wrong order, a field written twice by one event, a number out of bounds.
    """
    check_events(incarnation, events)
    try:
        data = canonical(_Writing(incarnation, events).columns())
    except CanonicalError as error:
        raise ColumnsError(Flaw(error.code)) from error
    if len(data) > MAX_COLUMNS_BYTES:
        raise ColumnsError(Flaw.TOO_LARGE)
    return data


def decode_events(
    space: SpaceId, incarnation: Incarnation, data: bytes, room: Room | None = None
) -> tuple[Event, ...]:
    """Read columns of any format, for the space and incarnation of the bundle's header.

    Writes come back in the order of their fields, appends in that of their lists. `room` is what
    several columns may hold together, when they share it.

    Raises:
        ColumnsError: `too_large`, `malformed`, or `cannot_open`: a later program wrote them.
    """
    room = room or Room()
    try:
        columns = room.read(data, MAX_COLUMNS_BYTES)
        found = columns.get(Key.FORMAT) if isinstance(columns, dict) else None
        if type(found) is not int or found < FIRST_FORMAT:
            raise ColumnsError(Flaw.MALFORMED)
        if (decode := _DECODERS.get(found)) is None:
            raise ColumnsError(Flaw.CANNOT_OPEN)
        return decode(space, incarnation, columns, room)
    except CanonicalError as error:
        raise ColumnsError(Flaw(error.code)) from error


_DECODERS = {FIRST_FORMAT: decode_first_columns, FORMAT: decode_columns}


class _Writing:
    """The events of one bundle while they are turned into columns."""

    def __init__(self, incarnation: Incarnation, events: Sequence[Event]) -> None:
        self._events = events
        self._names = NameTable(incarnation)
        self._streams = StreamWriter()
        self._values = ValueWriter(self._streams, self._names)
        self._kinds = _kinds_of(events)
        self._kind_places = {kind: place for place, kind in enumerate(self._kinds)}

    def columns(self) -> dict[int, Canonical]:
        """Return the structure; the streams are written in the order of its keys."""
        events, numbers = self._events, self._streams.numbers
        signs = self._streams.room.take_signs
        signs(sum(len(event.kind) + len(event.author) for event in events))
        subjects = [self._names.number(incarnation_of(event.subject)) for event in events]
        authors, author_of = _table(event.author for event in events)
        shapes, shape_of = _table(self._shapes())
        columns: dict[int, Canonical] = {
            Key.FORMAT: FORMAT,
            Key.COUNT: len(events),
            Key.COUNTERS: self._differences([counter_of(event.id) for event in events]),
            Key.LAMPORTS: self._differences([event.lamport for event in events]),
            Key.TIMES: self._differences([event.at_s for event in events]),
            Key.DOUBTFUL: [place for place, event in enumerate(events) if event.clock_doubtful],
            Key.SUBJECT_NUMBERS: numbers(subjects),
            Key.SUBJECT_COUNTERS: numbers([_subject_counter(event) for event in events]),
            Key.AUTHORS: authors,
            Key.AUTHOR_OF: numbers(author_of),
            Key.KINDS: [[*kind, fields, lists] for kind, (fields, lists) in self._kinds.items()],
            Key.SHAPES: shapes,
            Key.SHAPE_OF: numbers(shape_of),
            Key.COLUMNS: self._columns_of_kinds(),
        }
        columns[Key.INCARNATIONS] = self._names.others
        columns[Key.NUMBERS], columns[Key.TEXTS] = self._streams.streams
        return columns

    def _differences(self, numbers: list[int]) -> Canonical:
        """Write the first number and the differences, None when there is none."""
        if not numbers:
            return None
        return [
            numbers[0],
            self._streams.numbers([later - earlier for earlier, later in pairwise(numbers)]),
        ]

    def _shapes(self) -> Iterable[Shape]:
        """Give the shape of each event; few are new."""
        known: dict[tuple[object, ...], Shape] = {}
        for event in self._events:
            fields = tuple([write.field for write in event.writes])
            lists = tuple([append.list_name for append in event.appends])
            kind = (event.kind, event.version)
            shape = known.get((kind, fields, lists))
            if shape is None:
                of_fields, of_lists = self._kinds[kind]
                shape = (
                    self._kind_places[kind],
                    bytes(sorted(map(of_fields.index, fields))),
                    bytes(sorted(map(of_lists.index, lists))),
                )
                known[kind, fields, lists] = shape
            yield shape

    def _columns_of_kinds(self) -> list[Canonical]:
        """Write, for each kind, the columns of its fields and then those of its lists."""
        written: defaultdict[tuple[Kind, str], list[tuple[Event, Write]]] = defaultdict(list)
        appended: defaultdict[tuple[Kind, str], list[tuple[Event, Append]]] = defaultdict(list)
        for event in self._events:
            kind = (event.kind, event.version)
            for write in event.writes:
                written[kind, write.field].append((event, write))
            for append in event.appends:
                appended[kind, append.list_name].append((event, append))
        columns: list[Canonical] = []
        for kind, (fields, lists) in self._kinds.items():
            columns += [self._field(name, written[kind, name]) for name in fields]
            columns += [self._list(name, appended[kind, name]) for name in lists]
        return columns

    def _field(self, name: str, writes: Sequence[tuple[Event, Write]]) -> Canonical:
        self._streams.room.take_signs(len(name) * len(writes))
        at = [_place(event) for event, _ in writes]
        values = self._values.write([write.value for _, write in writes], at)
        replaced = [(event, name) for event, write in writes for name in write.replaces]
        if not replaced:
            return [values]
        require(all(0 < counter_of(name) <= MAX_COUNTER for _, name in replaced))
        numbers = [self._names.number(incarnation_of(name)) for _, name in replaced]
        counters = [
            counter_of(name) if number else counter_of(event.id) - counter_of(name)
            for (event, name), number in zip(replaced, numbers, strict=True)
        ]
        counts = [len(write.replaces) for _, write in writes]
        return [values, *map(self._streams.numbers, (counts, numbers, counters))]

    def _list(self, name: str, appends: Sequence[tuple[Event, Append]]) -> Canonical:
        self._streams.room.take_signs(len(name) * len(appends))
        at = [_place(event) for event, _ in appends]
        return self._values.write([append.value for _, append in appends], at)


def _kinds_of(events: Iterable[Event]) -> dict[Kind, tuple[list[str], list[str]]]:
    """Return the fields and the lists of each kind of event, in the order of their names."""
    kinds: dict[Kind, tuple[set[str], set[str]]] = {}
    for event in events:
        fields, lists = kinds.setdefault((event.kind, event.version), (set(), set()))
        fields.update(write.field for write in event.writes)
        lists.update(append.list_name for append in event.appends)
    for fields, lists in kinds.values():
        if len(fields) > MAX_PLACES or len(lists) > MAX_PLACES:
            raise CanonicalError(Flaw.TOO_LARGE)
    return {kind: (sorted(fields), sorted(lists)) for kind, (fields, lists) in kinds.items()}


def _table(items: Iterable[T]) -> tuple[list[T], list[int]]:
    """Return each item once, and for each its place among them."""
    table: dict[T, int] = {}
    places = [table.setdefault(item, len(table)) for item in items]
    return list(table), places


def _subject_counter(event: Event) -> int:
    counter = counter_of(event.subject)
    if incarnation_of(event.subject) != incarnation_of(event.id):
        require(0 < counter <= MAX_COUNTER)
        return counter
    require(0 < counter <= counter_of(event.id))
    return counter_of(event.id) - counter


def _place(event: Event) -> tuple[int, int]:
    return counter_of(event.id), event.at_s
