"""Format 1 of the columns, written as version 0.1 did: what a desk of that time still sends."""

from collections.abc import Hashable, Iterable, Sequence
from itertools import pairwise
from typing import TypeVar

from app.domain.events import Event
from app.domain.identifiers import Incarnation, counter_of, incarnation_of
from sync.canonical import Canonical, CanonicalError, Flaw, canonical
from sync.column_bounds import MAX_COLUMNS_BYTES, MAX_COUNTER, ColumnsError, check_events
from sync.column_streams import require
from sync.sealed_values import value_to_canonical

_COUNTERS, _LAMPORTS, _TIMES, _DOUBTFUL, _INCARNATIONS = 2, 3, 4, 5, 6
_SUBJECT_NUMBERS, _SUBJECT_COUNTERS = 7, 8
_KINDS, _KIND_OF, _AUTHORS, _AUTHOR_OF, _WRITES, _APPENDS = 9, 10, 11, 12, 13, 14

T = TypeVar("T", bound=Hashable)


def encode_first_events(incarnation: Incarnation, events: Sequence[Event]) -> bytes:
    """Write the events of one incarnation and one space, in increasing order of their counters.

    Raises:
        ColumnsError: `too_large` (then seal fewer), or `malformed`: another incarnation, two
            spaces, a wrong order, a field written twice by one event, a number out of bounds.
    """
    check_events(incarnation, events)
    numbers: dict[Incarnation, int] = {incarnation: 0}
    kinds: dict[tuple[str, int], int] = {}
    authors: dict[str, int] = {}
    try:
        columns: dict[int, Canonical] = {
            1: 1,
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


def _differences(numbers: Iterable[int]) -> list[int]:
    listed = list(numbers)
    return listed[:1] + [later - earlier for earlier, later in pairwise(listed)]


def _number(item: T, numbers: dict[T, int]) -> int:
    """Return the place of an item in a table, which gains it when it is new."""
    return numbers.setdefault(item, len(numbers))


def _subject_counter(event: Event) -> int:
    counter = counter_of(event.subject)
    if incarnation_of(event.subject) != incarnation_of(event.id):
        require(0 < counter <= MAX_COUNTER)
        return counter
    require(0 < counter <= counter_of(event.id))
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
                require(0 < counter_of(replaced) <= MAX_COUNTER)
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
