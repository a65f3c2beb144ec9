"""Format 2 of the columns, read: whatever strangers wrote, within bounds, or a refusal."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate, islice, pairwise
from typing import Any, TypeAlias

from app.domain.events import Append, Event, Value, Write
from app.domain.identifiers import EventId, Incarnation, SpaceId, SubjectId, event_id
from sync.canonical import MAX_ITEMS, CanonicalError, Flaw
from sync.column_bounds import (
    INCARNATION_BYTES,
    MAX_COUNTER,
    MAX_EVENTS,
    MAX_LAMPORT,
    MAX_TIME_S,
    MAX_VERSION,
    Key,
)
from sync.column_streams import Room, StreamReader, require
from sync.column_values import ValueReader

FORMAT = 2

_PAIR = 2
_KIND_PARTS = 4
_SHAPE_PARTS = 3
_FIELD_PARTS = frozenset({1, 4})

Column: TypeAlias = Any
"""Something read from a bundle whose form has still to be checked."""


def decode_columns(
    space: SpaceId, incarnation: Incarnation, columns: Column, room: Room
) -> tuple[Event, ...]:
    """Read the events of a bundle from its columns.

    Raises:
        CanonicalError: `too_large` or `malformed`.
    """
    require(tuple(columns) == tuple(Key))
    return _Reading(space, incarnation, columns, room).events()


class _Reading:
    """The columns of one bundle while they are turned back into events."""

    def __init__(
        self, space: SpaceId, incarnation: Incarnation, columns: Column, room: Room
    ) -> None:
        self._space = space
        self._columns = columns
        self._count = columns[Key.COUNT]
        require(_is_uint(self._count, MAX_ITEMS))
        if self._count > MAX_EVENTS:
            raise CanonicalError(Flaw.TOO_LARGE)
        others = _listed(columns[Key.INCARNATIONS])
        require(all(_is_octets(other, INCARNATION_BYTES) for other in others))
        self._incarnations = (incarnation, *map(Incarnation, others))
        require(len(set(self._incarnations)) == len(self._incarnations))
        self._streams = StreamReader(columns[Key.NUMBERS], columns[Key.TEXTS], room)
        self._values = ValueReader(self._streams, self._incarnations)

    def events(self) -> tuple[Event, ...]:
        """Return the events, every column being as long as it should."""
        counters = self._differences(Key.COUNTERS)
        require(all(0 < counter <= MAX_COUNTER for counter in counters))
        require(all(earlier < later for earlier, later in pairwise(counters)))
        lamports, times = self._differences(Key.LAMPORTS), self._differences(Key.TIMES)
        require(all(0 <= lamport <= MAX_LAMPORT for lamport in lamports))
        require(all(abs(at_s) <= MAX_TIME_S for at_s in times))
        doubtful, subjects, authors = self._doubtful(), self._subjects(counters), self._authors()
        kinds, shapes = self._kinds(), self._shapes()
        written, appended = self._written(kinds, shapes, list(zip(counters, times, strict=True)))
        self._streams.check_end()
        own, space = self._incarnations[0], self._space
        return tuple(
            Event(
                id=event_id(own, counters[place]),
                space=space,
                subject=subjects[place],
                kind=kinds[shape[0]][0],
                version=kinds[shape[0]][1],
                lamport=lamports[place],
                at_s=times[place],
                author=authors[place],
                clock_doubtful=place in doubtful,
                writes=tuple(written[place]),
                appends=tuple(appended[place]),
            )
            for place, shape in enumerate(shapes)
        )

    def _differences(self, key: int) -> list[int]:
        column = self._columns[key]
        if self._count == 0:
            require(column is None)
            return []
        require(isinstance(column, tuple) and len(column) == _PAIR)
        require(type(column[0]) is int)
        return list(
            accumulate(self._streams.numbers(column[1], self._count - 1), initial=column[0])
        )

    def _doubtful(self) -> frozenset[int]:
        listed = _listed(self._columns[Key.DOUBTFUL])
        require(all(_is_uint(place, self._count) for place in listed))
        doubtful = frozenset(listed)
        require(len(doubtful) == len(listed))
        return doubtful

    def _subjects(self, counters: Sequence[int]) -> list[SubjectId]:
        known = len(self._incarnations)
        numbers = self._streams.bounded(
            self._columns[Key.SUBJECT_NUMBERS], self._count, below=known
        )
        given = self._streams.bounded(
            self._columns[Key.SUBJECT_COUNTERS], self._count, below=MAX_COUNTER + 1
        )
        subjects = []
        for counter, number, one in zip(counters, numbers, given, strict=True):
            of_subject = one if number else counter - one
            require(of_subject > 0)
            subjects.append(SubjectId(event_id(self._incarnations[number], of_subject)))
        return subjects

    def _authors(self) -> list[str]:
        table = _listed(self._columns[Key.AUTHORS])
        require(all(isinstance(author, str) for author in table))
        places = self._streams.bounded(self._columns[Key.AUTHOR_OF], self._count, below=len(table))
        authors = [table[place] for place in places]
        self._streams.room.take_signs(sum(map(len, authors)))
        return authors

    def _kinds(self) -> list[Column]:
        kinds = [_listed(entry) for entry in _listed(self._columns[Key.KINDS])]
        for entry in kinds:
            require(len(entry) == _KIND_PARTS)
            require(isinstance(entry[0], str) and _is_uint(entry[1], MAX_VERSION + 1))
            _check_names(entry[2])
            _check_names(entry[3])
        return kinds

    def _shapes(self) -> list[Column]:
        """Return the shape of each event."""
        kinds = self._columns[Key.KINDS]
        shapes = [_checked_shape(entry, kinds) for entry in _listed(self._columns[Key.SHAPES])]
        places = self._streams.bounded(self._columns[Key.SHAPE_OF], self._count, below=len(shapes))
        signs = sum(len(kinds[shapes[place][0]][0]) for place in places)
        self._streams.room.take_signs(signs)
        return [shapes[place] for place in places]

    def _written(
        self, kinds: Sequence[Column], shapes: Sequence[Column], at: Sequence[tuple[int, int]]
    ) -> tuple[list[list[Write]], list[list[Append]]]:
        """Return what each event writes and appends, reading the columns of each kind in turn."""
        of_field: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        of_list: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
        for event, (kind, fields, lists) in enumerate(shapes):
            for place in fields:
                of_field[kind, place].append(event)
            for place in lists:
                of_list[kind, place].append(event)
        written: list[list[Write]] = [[] for _ in shapes]
        appended: list[list[Append]] = [[] for _ in shapes]
        columns = iter(_listed(self._columns[Key.COLUMNS]))
        for kind, (_, _, fields, lists) in enumerate(kinds):
            for place, name in enumerate(fields):
                self._field(name, next(columns, None), of_field[kind, place], at, written)
            for place, name in enumerate(lists):
                events = of_list[kind, place]
                values = self._column(name, next(columns, None), events, at)
                for event, value in zip(events, values, strict=True):
                    appended[event].append(Append(name, value))
        require(next(columns, None) is None)
        return written, appended

    def _column(
        self, name: str, head: Column, events: Sequence[int], at: Sequence[tuple[int, int]]
    ) -> Sequence[Value]:
        require(len(events) > 0)
        self._streams.room.take_signs(len(name) * len(events))
        return self._values.read(head, [at[event] for event in events])

    def _field(
        self,
        name: str,
        column: Column,
        events: Sequence[int],
        at: Sequence[tuple[int, int]],
        written: list[list[Write]],
    ) -> None:
        require(isinstance(column, tuple) and len(column) in _FIELD_PARTS)
        values = self._column(name, column[0], events, at)
        if len(column) == 1:
            for event, value in zip(events, values, strict=True):
                written[event].append(Write(name, value))
            return
        replaced = self._replaced(column[1:], [at[event][0] for event in events])
        for event, value, replaces in zip(events, values, replaced, strict=True):
            written[event].append(Write(name, value, replaces))

    def _replaced(self, column: Column, counters: Sequence[int]) -> list[tuple[EventId, ...]]:
        """Return, for each write of a field, the events it replaces."""
        counts = self._streams.bounded(column[0], len(counters), below=MAX_ITEMS)
        total = sum(counts)
        known = len(self._incarnations)
        numbers = self._streams.bounded(column[1], total, below=known)
        given = self._streams.numbers(column[2], total)
        of = [
            counter for counter, count in zip(counters, counts, strict=True) for _ in range(count)
        ]
        names = []
        for counter, number, one in zip(of, numbers, given, strict=True):
            replaced = one if number else counter - one
            require(0 < replaced <= MAX_COUNTER)
            names.append(event_id(self._incarnations[number], replaced))
        listed = iter(names)
        return [tuple(islice(listed, count)) for count in counts]


def _listed(column: Column) -> tuple[Column, ...]:
    require(isinstance(column, tuple))
    return tuple(column)


def _check_names(column: Column) -> None:
    """Check that a column holds names in their order, each once."""
    require(isinstance(column, tuple) and all(isinstance(name, str) for name in column))
    require(all(earlier < later for earlier, later in pairwise(column)))


def _checked_shape(entry: Column, kinds: Sequence[Column]) -> Column:
    """Return a shape: which kind, and the places of its fields (each once) and of its lists."""
    require(isinstance(entry, tuple) and len(entry) == _SHAPE_PARTS)
    kind, fields, lists = entry
    require(_is_uint(kind, len(kinds)) and isinstance(fields, bytes) and isinstance(lists, bytes))
    require(all(earlier < later for earlier, later in pairwise(fields)))
    require(all(earlier <= later for earlier, later in pairwise(lists)))
    require(not fields or fields[-1] < len(kinds[kind][2]))
    require(not lists or lists[-1] < len(kinds[kind][3]))
    return entry


def _is_uint(value: Column, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _is_octets(value: Column, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length
