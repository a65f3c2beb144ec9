"""Format 1 of the columns, which version 0.1 wrote: read for ever, never written again."""

from itertools import accumulate, islice, pairwise
from operator import itemgetter
from typing import Any, TypeAlias

from app.domain.events import Append, Event, Write
from app.domain.identifiers import EventId, Incarnation, SpaceId, SubjectId, event_id
from sync.canonical import MAX_ITEMS, CanonicalError, Flaw
from sync.column_bounds import (
    INCARNATION_BYTES,
    MAX_COUNTER,
    MAX_EVENTS,
    MAX_LAMPORT,
    MAX_TIME_S,
    MAX_VERSION,
)
from sync.column_streams import Room, require
from sync.sealed_values import value_from_canonical

FIRST_FORMAT = 1

_COUNTERS, _LAMPORTS, _TIMES, _DOUBTFUL, _INCARNATIONS = 2, 3, 4, 5, 6
_SUBJECT_NUMBERS, _SUBJECT_COUNTERS = 7, 8
_KINDS, _KIND_OF, _AUTHORS, _AUTHOR_OF, _WRITES, _APPENDS = 9, 10, 11, 12, 13, 14
_KEYS = tuple(range(1, 15))

Column: TypeAlias = Any
"""Something read from a bundle whose form has still to be checked."""


def decode_first_columns(
    space: SpaceId, incarnation: Incarnation, columns: Column, room: Room
) -> tuple[Event, ...]:
    """Read the events of a bundle from its columns.

    Raises:
        CanonicalError: `too_large` or `malformed`.
    """
    require(tuple(columns) == _KEYS)
    return _Reading(space, incarnation, columns, room).events()


class _Reading:
    """The columns of one bundle while they are turned back into events."""

    def __init__(
        self, space: SpaceId, incarnation: Incarnation, columns: Column, room: Room
    ) -> None:
        self._space = space
        self._room = room
        self._columns = columns
        counters = _running(columns[_COUNTERS], MAX_EVENTS)
        require(all(0 < counter <= MAX_COUNTER for counter in counters))
        require(all(earlier < later for earlier, later in pairwise(counters)))
        self._counters = counters
        self._count = len(counters)
        others = _listed(columns[_INCARNATIONS])
        require(all(_is_octets(other, INCARNATION_BYTES) for other in others))
        self._incarnations = (incarnation, *map(Incarnation, others))
        require(len(set(self._incarnations)) == len(self._incarnations))

    def events(self) -> tuple[Event, ...]:
        """Return the events, every column being as long as it should."""
        lamports = self._bounded(_LAMPORTS, low=0, high=MAX_LAMPORT)
        times = self._bounded(_TIMES, low=-MAX_TIME_S, high=MAX_TIME_S)
        doubtful = set(_integers(self._columns[_DOUBTFUL], below=self._count))
        require(len(doubtful) == len(self._columns[_DOUBTFUL]))
        subjects, kinds, authors = self._subjects(), self._kinds(), self._authors()
        writes, appends = self._writes(), self._appends()
        self._check_room(kinds, authors, writes, appends)
        return tuple(
            Event(
                id=event_id(self._incarnations[0], counter),
                space=self._space,
                subject=subjects[index],
                kind=kinds[index][0],
                version=kinds[index][1],
                lamport=lamports[index],
                at_s=times[index],
                author=authors[index],
                clock_doubtful=index in doubtful,
                writes=tuple(writes[index]),
                appends=tuple(appends[index]),
            )
            for index, counter in enumerate(self._counters)
        )

    def _check_room(self, kinds: Column, authors: Column, writes: Column, appends: Column) -> None:
        """Refuse names that tables would repeat until they fill the memory."""
        room = self._room
        for (kind, _), author in zip(kinds, authors, strict=True):
            room.take_signs(len(kind) + len(author))
        for written, appended in zip(writes, appends, strict=True):
            room.take_signs(sum(len(write.field) for write in written))
            room.take_signs(sum(len(append.list_name) for append in appended))

    def _bounded(self, key: int, *, low: int, high: int) -> list[int]:
        numbers = _running(self._columns[key], MAX_EVENTS)
        require(len(numbers) == self._count)
        require(all(low <= number <= high for number in numbers))
        return numbers

    def _per_event(self, key: int, below: int) -> tuple[int, ...]:
        numbers = _integers(self._columns[key], below)
        require(len(numbers) == self._count)
        return numbers

    def _subjects(self) -> list[SubjectId]:
        numbers = self._per_event(_SUBJECT_NUMBERS, len(self._incarnations))
        offsets = self._per_event(_SUBJECT_COUNTERS, MAX_COUNTER + 1)
        subjects = []
        for counter, number, offset in zip(self._counters, numbers, offsets, strict=True):
            subject_counter = offset if number else counter - offset
            require(subject_counter > 0)
            subjects.append(SubjectId(event_id(self._incarnations[number], subject_counter)))
        return subjects

    def _kinds(self) -> list[tuple[str, int]]:
        table = [_listed(entry) for entry in _listed(self._columns[_KINDS])]
        for entry in table:
            require(len(entry) == 2)  # noqa: PLR2004 - kind and version
            require(isinstance(entry[0], str) and _is_uint(entry[1], MAX_VERSION + 1))
        return [
            (table[place][0], table[place][1]) for place in self._per_event(_KIND_OF, len(table))
        ]

    def _authors(self) -> list[str]:
        table = _listed(self._columns[_AUTHORS])
        require(all(isinstance(author, str) for author in table))
        return [table[place] for place in self._per_event(_AUTHOR_OF, len(table))]

    def _writes(self) -> list[list[Write]]:
        writes: list[list[Write]] = [[] for _ in range(self._count)]
        for field, column in _by_name(self._columns[_WRITES], parts=5):
            indices = self._indices(column, step=1)
            replaced = self._replaced(*column[2:], writes=len(indices))
            for index, value, replaces in zip(indices, column[1], replaced, strict=True):
                write = Write(field=field, value=value_from_canonical(value), replaces=replaces)
                writes[index].append(write)
        return writes

    def _appends(self) -> list[list[Append]]:
        appends: list[list[Append]] = [[] for _ in range(self._count)]
        for name, column in _by_name(self._columns[_APPENDS], parts=2):
            for index, value in zip(self._indices(column, step=0), column[1], strict=True):
                appends[index].append(Append(list_name=name, value=value_from_canonical(value)))
        return appends

    def _indices(self, column: Column, *, step: int) -> list[int]:
        """Return which events have a value in a column, at least `step` apart."""
        indices = _running(column[0], MAX_ITEMS)
        require(len(indices) == len(_listed(column[1])) > 0)
        require(indices[0] >= 0 and indices[-1] < self._count)
        require(all(later - earlier >= step for earlier, later in pairwise(indices)))
        return indices

    def _replaced(
        self,
        counts: Column,
        numbers: Column,
        counters: Column,
        *,
        writes: int,
    ) -> list[tuple[EventId, ...]]:
        """Return, for each write of a field, the events it replaces."""
        known = _integers(numbers, below=len(self._incarnations))
        listed = _integers(counters, below=MAX_COUNTER + 1)
        lengths = _integers(counts, below=MAX_ITEMS)
        require(len(known) == len(listed) == sum(lengths))
        require(len(lengths) == writes and 0 not in listed)
        pairs = zip(known, listed, strict=True)
        names = (event_id(self._incarnations[number], counter) for number, counter in pairs)
        return [tuple(islice(names, length)) for length in lengths]


def _listed(column: Column) -> tuple[Column, ...]:
    if not isinstance(column, tuple):
        raise CanonicalError(Flaw.MALFORMED)
    return column


def _integers(column: Column, below: int) -> tuple[int, ...]:
    """Check that a column holds integers from 0 to `below`, excluded."""
    numbers = _listed(column)
    require(all(_is_uint(number, below) for number in numbers))
    return numbers


def _running(column: Column, most: int) -> list[int]:
    """Return the numbers of which a column gives the first, then the differences."""
    differences = _listed(column)
    if len(differences) > most:
        raise CanonicalError(Flaw.TOO_LARGE)
    require(all(type(difference) is int for difference in differences))
    return list(accumulate(differences))


def _by_name(column: Column, parts: int) -> list[tuple[str, Column]]:
    """Return the columns of a map in the order of their names, each of so many parts."""
    require(isinstance(column, dict))
    require(all(isinstance(name, str) and len(_listed(column[name])) == parts for name in column))
    return sorted(column.items(), key=itemgetter(0))


def _is_uint(value: Column, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _is_octets(value: Column, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length
