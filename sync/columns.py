"""Events as columns: the plaintext of a bundle.

Values of one sort lie side by side (counters with counters, towns with towns), so that zstd finds
what repeats. The layout is fixed in `sync/PROTOCOL.md`, section 2. Reading takes what strangers
may have written: it raises, and bounds time and memory before it believes a number.
"""

from collections.abc import Hashable, Iterable, Sequence
from itertools import accumulate, islice, pairwise
from operator import itemgetter
from typing import Any, TypeAlias, TypeVar

from app.domain.events import Append, Event, Write
from app.domain.identifiers import (
    COUNTER_MAX,
    EventId,
    Incarnation,
    SpaceId,
    SubjectId,
    counter_of,
    event_id,
    incarnation_of,
)
from sync.canonical import (
    MAX_ITEMS,
    Canonical,
    CanonicalError,
    Flaw,
    FormatError,
    canonical,
    read_canonical,
)
from sync.sealed_values import value_from_canonical, value_to_canonical

FORMAT = 1
MAX_EVENTS = 4_096
MAX_COLUMNS_BYTES = 16 * 1_048_576
MAX_LAMPORT = 2**53 - 1
MAX_TIME_S = 2**53 - 1
MAX_VERSION = 2**31 - 1
MAX_COUNTER = COUNTER_MAX - 1

_COUNTERS, _LAMPORTS, _TIMES, _DOUBTFUL, _INCARNATIONS = 2, 3, 4, 5, 6
_SUBJECT_NUMBERS, _SUBJECT_COUNTERS = 7, 8
_KINDS, _KIND_OF, _AUTHORS, _AUTHOR_OF, _WRITES, _APPENDS = 9, 10, 11, 12, 13, 14
_KEYS = tuple(range(1, 15))
_INCARNATION_BYTES = 8

T = TypeVar("T", bound=Hashable)

Column: TypeAlias = Any
"""Something read from a bundle whose form has still to be checked."""


class ColumnsError(FormatError):
    """The events cannot be written, or the bytes are not columns of events.

    Codes: `malformed`, `too_large`.
    """


def encode_events(incarnation: Incarnation, events: Sequence[Event]) -> bytes:
    """Write the events of one incarnation and one space, in increasing order of their counters.

    Raises:
        ColumnsError: `too_large` (then seal fewer), or `malformed`: another incarnation, two
            spaces, a wrong order, a field written twice by one event, a number out of bounds.
    """
    _check_events(incarnation, events)
    numbers: dict[Incarnation, int] = {incarnation: 0}
    kinds: dict[tuple[str, int], int] = {}
    authors: dict[str, int] = {}
    try:
        columns: dict[int, Canonical] = {
            1: FORMAT,
            _COUNTERS: _differences(counter_of(event.id) for event in events),
            _LAMPORTS: _differences(event.lamport for event in events),
            _TIMES: _differences(event.at_s for event in events),
            _DOUBTFUL: [index for index, event in enumerate(events) if event.clock_doubtful],
            _SUBJECT_NUMBERS: [_number(incarnation_of(event.subject), numbers) for event in events],
            _SUBJECT_COUNTERS: [_subject_counter(event) for event in events],
            _KIND_OF: [_number((event.kind, event.version), kinds) for event in events],
            _AUTHOR_OF: [_number(event.author, authors) for event in events],
            _WRITES: _write_columns(events, numbers),
            _APPENDS: _append_columns(events),
            _INCARNATIONS: list(numbers)[1:],
            _KINDS: list(kinds),
            _AUTHORS: list(authors),
        }
        data = canonical(columns)
    except CanonicalError as error:
        raise ColumnsError(Flaw(error.code)) from error
    if len(data) > MAX_COLUMNS_BYTES:
        raise ColumnsError(Flaw.TOO_LARGE)
    return data


def decode_events(space: SpaceId, incarnation: Incarnation, data: bytes) -> tuple[Event, ...]:
    """Read what `encode_events` wrote, for the space and incarnation of the bundle's header.

    Writes come back in the order of their fields, appends in that of their lists.

    Raises:
        ColumnsError: `too_large` or `malformed`.
    """
    try:
        columns = read_canonical(data, MAX_COLUMNS_BYTES)
        if not isinstance(columns, dict) or tuple(columns) != _KEYS:
            raise ColumnsError(Flaw.MALFORMED)
        _require(columns[1] == FORMAT)
        return _Reading(space, incarnation, columns).events()
    except CanonicalError as error:
        raise ColumnsError(Flaw(error.code)) from error


def _check_events(incarnation: Incarnation, events: Sequence[Event]) -> None:
    if len(events) > MAX_EVENTS:
        raise ColumnsError(Flaw.TOO_LARGE)
    _require(len({event.space for event in events}) <= 1)
    _require(all(earlier.id < later.id for earlier, later in pairwise(events)))
    for event in events:
        _require(incarnation_of(event.id) == incarnation)
        _require(0 < counter_of(event.id) <= MAX_COUNTER)
        _require(0 <= event.lamport <= MAX_LAMPORT and abs(event.at_s) <= MAX_TIME_S)
        _require(0 <= event.version <= MAX_VERSION)
        _require(len({write.field for write in event.writes}) == len(event.writes))


def _require(holds: bool) -> None:  # noqa: FBT001 - reads as a sentence at every call
    if not holds:
        raise ColumnsError(Flaw.MALFORMED)


def _differences(numbers: Iterable[int]) -> list[int]:
    listed = list(numbers)
    return listed[:1] + [later - earlier for earlier, later in pairwise(listed)]


def _number(item: T, numbers: dict[T, int]) -> int:
    """Return the place of an item in a table, which gains it when it is new."""
    return numbers.setdefault(item, len(numbers))


def _subject_counter(event: Event) -> int:
    counter = counter_of(event.subject)
    if incarnation_of(event.subject) != incarnation_of(event.id):
        _require(0 < counter <= MAX_COUNTER)
        return counter
    _require(0 < counter <= counter_of(event.id))
    return counter_of(event.id) - counter


def _write_columns(
    events: Sequence[Event],
    numbers: dict[Incarnation, int],
) -> dict[str, Canonical]:
    columns: dict[str, tuple[list[int], list[Canonical], list[int], list[int], list[int]]] = {}
    for index, event in enumerate(events):
        for write in event.writes:
            column = columns.setdefault(write.field, ([], [], [], [], []))
            indices, values, counts, replaced_numbers, replaced_counters = column
            indices.append(index)
            values.append(value_to_canonical(write.value))
            counts.append(len(write.replaces))
            for replaced in write.replaces:
                _require(0 < counter_of(replaced) <= MAX_COUNTER)
                replaced_numbers.append(_number(incarnation_of(replaced), numbers))
                replaced_counters.append(counter_of(replaced))
    return {field: (_differences(column[0]), *column[1:]) for field, column in columns.items()}


def _append_columns(events: Sequence[Event]) -> dict[str, Canonical]:
    columns: dict[str, tuple[list[int], list[Canonical]]] = {}
    for index, event in enumerate(events):
        for append in event.appends:
            indices, values = columns.setdefault(append.list_name, ([], []))
            indices.append(index)
            values.append(value_to_canonical(append.value))
    return {name: (_differences(column[0]), column[1]) for name, column in columns.items()}


class _Reading:
    """The columns of one bundle while they are turned back into events."""

    def __init__(self, space: SpaceId, incarnation: Incarnation, columns: Column) -> None:
        self._space = space
        self._columns = columns
        counters = _running(columns[_COUNTERS], MAX_EVENTS)
        _require(all(0 < counter <= MAX_COUNTER for counter in counters))
        _require(all(earlier < later for earlier, later in pairwise(counters)))
        self._counters = counters
        self._count = len(counters)
        others = _listed(columns[_INCARNATIONS])
        _require(all(_is_octets(other, _INCARNATION_BYTES) for other in others))
        self._incarnations = (incarnation, *map(Incarnation, others))
        _require(len(set(self._incarnations)) == len(self._incarnations))

    def events(self) -> tuple[Event, ...]:
        """Return the events, every column being as long as it should."""
        lamports = self._bounded(_LAMPORTS, low=0, high=MAX_LAMPORT)
        times = self._bounded(_TIMES, low=-MAX_TIME_S, high=MAX_TIME_S)
        doubtful = set(_integers(self._columns[_DOUBTFUL], below=self._count))
        _require(len(doubtful) == len(self._columns[_DOUBTFUL]))
        subjects, kinds, authors = self._subjects(), self._kinds(), self._authors()
        writes, appends = self._writes(), self._appends()
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

    def _bounded(self, key: int, *, low: int, high: int) -> list[int]:
        numbers = _running(self._columns[key], MAX_EVENTS)
        _require(len(numbers) == self._count)
        _require(all(low <= number <= high for number in numbers))
        return numbers

    def _per_event(self, key: int, below: int) -> tuple[int, ...]:
        numbers = _integers(self._columns[key], below)
        _require(len(numbers) == self._count)
        return numbers

    def _subjects(self) -> list[SubjectId]:
        numbers = self._per_event(_SUBJECT_NUMBERS, len(self._incarnations))
        offsets = self._per_event(_SUBJECT_COUNTERS, MAX_COUNTER + 1)
        subjects = []
        for counter, number, offset in zip(self._counters, numbers, offsets, strict=True):
            subject_counter = offset if number else counter - offset
            _require(subject_counter > 0)
            subjects.append(SubjectId(event_id(self._incarnations[number], subject_counter)))
        return subjects

    def _kinds(self) -> list[tuple[str, int]]:
        table = [_listed(entry) for entry in _listed(self._columns[_KINDS])]
        for entry in table:
            _require(len(entry) == 2)  # noqa: PLR2004 - kind and version
            _require(isinstance(entry[0], str) and _is_uint(entry[1], MAX_VERSION + 1))
        return [
            (table[place][0], table[place][1]) for place in self._per_event(_KIND_OF, len(table))
        ]

    def _authors(self) -> list[str]:
        table = _listed(self._columns[_AUTHORS])
        _require(all(isinstance(author, str) for author in table))
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
        _require(len(indices) == len(_listed(column[1])) > 0)
        _require(indices[0] >= 0 and indices[-1] < self._count)
        _require(all(later - earlier >= step for earlier, later in pairwise(indices)))
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
        _require(len(known) == len(listed) == sum(lengths))
        _require(len(lengths) == writes and 0 not in listed)
        pairs = zip(known, listed, strict=True)
        names = (event_id(self._incarnations[number], counter) for number, counter in pairs)
        return [tuple(islice(names, length)) for length in lengths]


def _listed(column: Column) -> tuple[Column, ...]:
    if not isinstance(column, tuple):
        raise ColumnsError(Flaw.MALFORMED)
    return column


def _integers(column: Column, below: int) -> tuple[int, ...]:
    """Check that a column holds integers from 0 to `below`, excluded."""
    numbers = _listed(column)
    _require(all(_is_uint(number, below) for number in numbers))
    return numbers


def _running(column: Column, most: int) -> list[int]:
    """Return the numbers of which a column gives the first, then the differences."""
    differences = _listed(column)
    if len(differences) > most:
        raise ColumnsError(Flaw.TOO_LARGE)
    _require(all(type(difference) is int for difference in differences))
    return list(accumulate(differences))


def _by_name(column: Column, parts: int) -> list[tuple[str, Column]]:
    """Return the columns of a map in the order of their names, each of so many parts."""
    _require(isinstance(column, dict))
    _require(all(isinstance(name, str) and len(_listed(column[name])) == parts for name in column))
    return sorted(column.items(), key=itemgetter(0))


def _is_uint(value: Column, below: int) -> bool:
    return type(value) is int and 0 <= value < below


def _is_octets(value: Column, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length
