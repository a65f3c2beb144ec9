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

from app.domain.events import Event, Value
from app.domain.identifiers import EventId, Incarnation, SpaceId, counter_of, incarnation_of
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
Place: TypeAlias = tuple[int, int]
"""Counter and time of the event in which a value stands."""

_Form: TypeAlias = tuple[Kind, tuple[str, ...], tuple[str, ...]]
_Column: TypeAlias = tuple[list[Value], list[Place], list[tuple[EventId, ...]]]

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
        self._counters = [counter_of(event.id) for event in events]
        self._at = [(own, event.at_s) for own, event in zip(self._counters, events, strict=True)]
        self._names = NameTable(incarnation)
        self._streams = StreamWriter()
        self._values = ValueWriter(self._streams, self._names)
        self._forms = [_form(event) for event in events]
        self._kinds = _kinds_of(dict.fromkeys(self._forms))

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
            Key.COUNTERS: self._differences(self._counters),
            Key.LAMPORTS: self._differences([event.lamport for event in events]),
            Key.TIMES: self._differences([event.at_s for event in events]),
            Key.DOUBTFUL: [place for place, event in enumerate(events) if event.clock_doubtful],
            Key.SUBJECT_NUMBERS: numbers(subjects),
            Key.SUBJECT_COUNTERS: numbers(self._subject_counters(subjects)),
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

    def _subject_counters(self, numbers: Sequence[int]) -> list[int]:
        """Return the counters of the subjects; of one of this incarnation, how far back it lies."""
        counters = []
        for event, own, number in zip(self._events, self._counters, numbers, strict=True):
            counter = counter_of(event.subject)
            require(0 < counter <= (MAX_COUNTER if number else own))
            counters.append(counter if number else own - counter)
        return counters

    def _shapes(self) -> Iterable[Shape]:
        """Give the shape of each event; few are new."""
        places = {kind: place for place, kind in enumerate(self._kinds)}
        known: dict[_Form, Shape] = {}
        for form in self._forms:
            shape = known.get(form)
            if shape is None:
                kind, fields, lists = form
                of_fields, of_lists = self._kinds[kind]
                known[form] = shape = (
                    places[kind],
                    bytes(sorted(map(of_fields.index, fields))),
                    bytes(sorted(map(of_lists.index, lists))),
                )
            yield shape

    def _columns_of_kinds(self) -> list[Canonical]:
        """Write, for each kind, the columns of its fields and then those of its lists."""
        written: defaultdict[Kind, defaultdict[str, _Column]] = defaultdict(_new_columns)
        appended: defaultdict[Kind, defaultdict[str, _Column]] = defaultdict(_new_columns)
        for event, (kind, _, _), at in zip(self._events, self._forms, self._at, strict=True):
            of_field = written[kind]
            for field, value, replaces in event.writes:
                values, ats, replaced = of_field[field]
                values.append(value)
                ats.append(at)
                replaced.append(replaces)
            for name, value in event.appends:
                values, ats, _ = appended[kind][name]
                values.append(value)
                ats.append(at)
        columns: list[Canonical] = []
        for kind, (fields, lists) in self._kinds.items():
            columns += [self._field(name, *written[kind][name]) for name in fields]
            columns += [self._list(name, *appended[kind][name]) for name in lists]
        return columns

    def _field(
        self, name: str, values: list[Value], at: list[Place], replaced: list[tuple[EventId, ...]]
    ) -> Canonical:
        head = self._list(name, values, at)
        if not any(replaced):
            return [head]
        named = [
            (counter, name)
            for (counter, _), names in zip(at, replaced, strict=True)
            for name in names
        ]
        require(all(0 < counter_of(name) <= MAX_COUNTER for _, name in named))
        numbers = [self._names.number(incarnation_of(name)) for _, name in named]
        counters = [
            counter_of(name) if number else counter - counter_of(name)
            for (counter, name), number in zip(named, numbers, strict=True)
        ]
        counts = [len(names) for names in replaced]
        return [head, *map(self._streams.numbers, (counts, numbers, counters))]

    def _list(
        self, name: str, values: list[Value], at: list[Place], _replaced: object = None
    ) -> Canonical:
        self._streams.room.take_signs(len(name) * len(values))
        return self._values.write(values, at)


def _new_columns() -> defaultdict[str, _Column]:
    return defaultdict(lambda: ([], [], []))


def _form(event: Event) -> _Form:
    """Return which fields and lists an event writes."""
    fields = tuple([write.field for write in event.writes])
    return (event.kind, event.version), fields, tuple([item.list_name for item in event.appends])


def _kinds_of(forms: Iterable[_Form]) -> dict[Kind, tuple[list[str], list[str]]]:
    """Return the fields and the lists of each kind of event, in the order of their names."""
    kinds: dict[Kind, tuple[set[str], set[str]]] = {}
    for kind, of_fields, of_lists in forms:
        fields, lists = kinds.setdefault(kind, (set(), set()))
        fields.update(of_fields)
        lists.update(of_lists)
    for fields, lists in kinds.values():
        if len(fields) > MAX_PLACES or len(lists) > MAX_PLACES:
            raise CanonicalError(Flaw.TOO_LARGE)
    return {kind: (sorted(fields), sorted(lists)) for kind, (fields, lists) in kinds.items()}


def _table(items: Iterable[T]) -> tuple[list[T], list[int]]:
    """Return each item once, and for each its place among them."""
    table: dict[T, int] = {}
    places = [table.setdefault(item, len(table)) for item in items]
    return list(table), places
