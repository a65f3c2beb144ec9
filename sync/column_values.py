"""The values of one field as a column: each form a shorter way to write values that look alike.

The forms are fixed in `sync/PROTOCOL.md`, section 2. Whoever writes may choose any form that gives
the values back exactly; whoever reads takes them all.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from itertools import chain, islice
from typing import Any, TypeAlias, cast

from app.domain.events import Value
from app.domain.identifiers import COUNTER_MAX, Incarnation, event_id
from sync.canonical import Canonical, CanonicalError, Flaw
from sync.column_streams import StreamReader, StreamWriter, require
from sync.sealed_values import value_from_canonical, value_to_canonical

PLAIN, TABLE, NAMES, DAYS, MOMENTS, LISTS, TEXTS, INTEGERS, DIGITS = range(9)
MAX_DEPTH = 8
"""Lists of lists of lists: deeper ones are written plain."""

_EPOCH_DAY = dt.date(1970, 1, 1).toordinal()
_NAME_BYTES = 16
_MAX_DIGITS = 18
_MINUTE_S = 60
_DAY_MINUTES = 1_440
_VALUES_PER_TABLE_ENTRY = 2
_VALUES_PER_PATTERN = 16
_AS_ZEROS = str.maketrans("123456789", "0" * 9)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
_DIGIT = re.compile(r"[0-9]")

Head: TypeAlias = Any
"""What was read of a column and has still to be checked."""


class NameTable:
    """Numbers the incarnations named in a bundle; 0 is the bundle's own."""

    def __init__(self, own: Incarnation) -> None:
        self._numbers = {own: 0}

    @property
    def others(self) -> list[Incarnation]:
        """The incarnations numbered from 1, in their order."""
        return list(self._numbers)[1:]

    def number(self, incarnation: Incarnation) -> int:
        """Return the number of an incarnation, a new one if it has none."""
        return self._numbers.setdefault(incarnation, len(self._numbers))


class ValueWriter:
    """Writes columns of values; every column says of which event each value is."""

    def __init__(self, streams: StreamWriter, names: NameTable) -> None:
        self._streams = streams
        self._names = names
        self._writers: Mapping[type, Callable[[Any, Any, int], Canonical]] = {
            int: lambda values, _at, _depth: [INTEGERS, streams.numbers(values)],
            bool: lambda values, _at, _depth: self._table(values),
            str: lambda values, at, _depth: self._texts(values, at),
            bytes: lambda values, at, _depth: self._names_of(values, at) or self._table(values),
            tuple: self._lists,
        }

    def write(
        self, values: Sequence[Value], at: Sequence[tuple[int, int]], depth: int = 0
    ) -> Canonical:
        """Write a column and return its head.

        Args:
            values: one at least.
            at: for each value, the counter and the time of its event.
            depth: in how many lists the values lie already.
        """
        sorts = {type(value) for value in values}
        sort = sorts.pop() if len(sorts) == 1 else None
        is_too_deep = sort is tuple and depth >= MAX_DEPTH
        writer = self._writers.get(sort) if sort is not None and not is_too_deep else None
        head = writer(values, at, depth) if writer is not None else None
        return head or [PLAIN, [value_to_canonical(value) for value in values]]

    def _lists(
        self, values: Sequence[tuple[Value, ...]], at: Sequence[tuple[int, int]], depth: int
    ) -> Canonical:
        lengths = [len(value) for value in values]
        head = self._streams.numbers(lengths)
        self._streams.room.take_items(sum(lengths))
        items = list(chain.from_iterable(values))
        if not items:
            return [LISTS, head, None]
        of = [place for place, length in zip(at, lengths, strict=True) for _ in range(length)]
        return [LISTS, head, self.write(items, of, depth + 1)]

    def _names_of(self, values: Sequence[bytes], at: Sequence[tuple[int, int]]) -> Canonical:
        for value in values:
            if len(value) != _NAME_BYTES or not 0 < _counter(value) < COUNTER_MAX:
                return None
        numbers = [self._names.number(Incarnation(value[:8])) for value in values]
        counters = [
            _counter(value) if number else counter - _counter(value)
            for value, number, (counter, _) in zip(values, numbers, at, strict=True)
        ]
        return [NAMES, self._streams.numbers(numbers), self._streams.numbers(counters)]

    def _texts(self, values: Sequence[str], at: Sequence[tuple[int, int]]) -> Canonical:
        return (
            self._table(values)
            or self._moments(values, at)
            or self._days(values)
            or self._digits(values)
            or [TEXTS, self._streams.texts(values)]
        )

    def _table(self, values: Sequence[str | bytes | bool]) -> Canonical:
        """Write each value once, and then its places; None when too few come back."""
        counted = Counter(values)
        if 1 < len(counted) > len(values) // _VALUES_PER_TABLE_ENTRY:
            return None
        table = [value for value, _ in counted.most_common()]
        self._streams.room.take_signs(sum(_size(value) * counted[value] for value in table))
        return [TABLE, table, self._places(values, table)]

    def _places(self, values: Sequence[object], table: Sequence[object]) -> Canonical:
        place_of = {value: place for place, value in enumerate(table)}
        return self._streams.numbers([place_of[value] for value in values])

    def _days(self, values: Sequence[str]) -> Canonical:
        days = []
        for value in values:
            day = _day(value)
            if day is None:
                return None
            days.append(day.toordinal() - _EPOCH_DAY)
        return [DAYS, self._streams.numbers(days)]

    def _moments(self, values: Sequence[str], at: Sequence[tuple[int, int]]) -> Canonical:
        seconds, offsets = [], []
        for value, (_, at_s) in zip(values, at, strict=True):
            moment = _moment(value)
            if moment is None:
                return None
            offset = cast("dt.timedelta", moment.utcoffset())  # the form has one
            seconds.append(int(moment.timestamp()) - at_s)
            offsets.append(int(offset.total_seconds()) // _MINUTE_S)
        return [MOMENTS, self._streams.numbers(seconds), self._streams.numbers(offsets)]

    def _digits(self, values: Sequence[str]) -> Canonical:
        """Write texts of few patterns (a telephone, a postal code) as pattern and number."""
        most, patterns, found = 1 + len(values) // _VALUES_PER_PATTERN, [], set()
        for value in values:
            patterns.append(value.translate(_AS_ZEROS))
            found.add(patterns[-1])
            if len(found) > most:
                return None
        counted = Counter(patterns)
        if not all(0 < pattern.count("0") <= _MAX_DIGITS for pattern in counted):
            return None
        table = [pattern for pattern, _ in counted.most_common()]
        self._streams.room.take_signs(sum(map(len, values)))
        places = self._places(patterns, table)
        digits = [int("".join(_DIGIT.findall(value))) for value in values]
        return [DIGITS, table, places, self._streams.numbers(digits)]


class ValueReader:
    """Reads columns of values in the order in which they were written."""

    def __init__(self, streams: StreamReader, incarnations: Sequence[Incarnation]) -> None:
        self._streams = streams
        self._incarnations = incarnations
        self._forms: Mapping[int, tuple[int, Callable[..., Sequence[Value]]]] = {
            PLAIN: (2, self._plain),
            TABLE: (3, self._table),
            NAMES: (3, self._names),
            DAYS: (2, self._days),
            MOMENTS: (3, self._moments),
            LISTS: (3, self._lists),
            TEXTS: (2, self._texts),
            INTEGERS: (2, self._integers),
            DIGITS: (4, self._digits),
        }

    def read(self, head: Head, at: Sequence[tuple[int, int]], depth: int = 0) -> Sequence[Value]:
        """Read a column: one value for each counter and time of an event in `at`.

        Raises:
            CanonicalError: `malformed` or `too_large`.
        """
        require(isinstance(head, tuple) and len(head) > 0 and depth <= MAX_DEPTH)
        require(type(head[0]) is int and head[0] in self._forms)
        parts, reader = self._forms[head[0]]
        require(len(head) == parts)
        if reader == self._lists:
            return self._lists(head, at, depth)
        return reader(head, at)

    def _plain(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        require(isinstance(head[1], tuple) and len(head[1]) == len(at))
        return [value_from_canonical(value) for value in head[1]]

    def _table(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        table = head[1]
        require(isinstance(table, tuple))
        require(all(isinstance(value, str | bytes | bool) for value in table))
        places = self._streams.bounded(head[2], len(at), below=len(table))
        sizes = [_size(value) for value in table]
        self._streams.room.take_signs(sum(sizes[place] for place in places))
        return [table[place] for place in places]

    def _names(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        numbers = self._streams.bounded(head[1], len(at), below=len(self._incarnations))
        given = self._streams.numbers(head[2], len(at))
        counters = [
            one if number else counter - one
            for one, number, (counter, _) in zip(given, numbers, at, strict=True)
        ]
        require(all(0 < counter < COUNTER_MAX for counter in counters))
        names = zip(numbers, counters, strict=True)
        return [bytes(event_id(self._incarnations[number], one)) for number, one in names]

    def _days(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        last = dt.date.max.toordinal()
        ordinals = [day + _EPOCH_DAY for day in self._streams.numbers(head[1], len(at))]
        require(all(0 < ordinal <= last for ordinal in ordinals))
        return [dt.date.fromordinal(ordinal).isoformat() for ordinal in ordinals]

    def _moments(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        seconds = self._streams.numbers(head[1], len(at))
        offsets = self._streams.numbers(head[2], len(at))
        require(all(abs(offset) < _DAY_MINUTES for offset in offsets))
        moments = zip(seconds, offsets, at, strict=True)
        try:
            return [_moment_text(one + at_s, offset) for one, offset, (_, at_s) in moments]
        except (OverflowError, ValueError, OSError) as error:  # a year that no calendar has
            raise CanonicalError(Flaw.MALFORMED) from error

    def _lists(self, head: Head, at: Sequence[tuple[int, int]], depth: int) -> Sequence[Value]:
        lengths = self._streams.numbers(head[1], len(at))
        require(all(length >= 0 for length in lengths))
        total = sum(lengths)
        self._streams.room.take_items(total)
        if total == 0:
            require(head[2] is None)
            return [()] * len(at)
        of = [place for place, length in zip(at, lengths, strict=True) for _ in range(length)]
        items = iter(self.read(head[2], of, depth + 1))
        return [tuple(islice(items, length)) for length in lengths]

    def _texts(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        return self._streams.texts(head[1], len(at))

    def _integers(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        return self._streams.numbers(head[1], len(at))

    def _digits(self, head: Head, at: Sequence[tuple[int, int]]) -> Sequence[Value]:
        patterns = head[1]
        require(isinstance(patterns, tuple))
        require(all(isinstance(pattern, str) for pattern in patterns))
        require(all(0 < pattern.count("0") <= _MAX_DIGITS for pattern in patterns))
        places = self._streams.bounded(head[2], len(at), below=len(patterns))
        numbers = self._streams.bounded(head[3], len(at), below=10**_MAX_DIGITS)
        self._streams.room.take_signs(sum(len(patterns[place]) for place in places))
        pairs = zip(places, numbers, strict=True)
        return [_filled(patterns[place], number) for place, number in pairs]


def _counter(name: bytes) -> int:
    return int.from_bytes(name[8:], "big")


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes) else 1


def _day(text: str) -> dt.date | None:
    """Return the day that a text is, None when it is not written as one of the calendar."""
    if _DAY.fullmatch(text) is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def _moment(text: str) -> dt.datetime | None:
    """Return the moment that a text is, None when it would not be written again alike."""
    if _MOMENT.fullmatch(text) is None:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
        seconds = int(moment.timestamp())
        minutes = int(cast("dt.timedelta", moment.utcoffset()).total_seconds()) // _MINUTE_S
        return moment if _moment_text(seconds, minutes) == text else None
    except (OverflowError, ValueError, OSError):
        return None


def _moment_text(seconds: int, offset_min: int) -> str:
    zone = dt.timezone(dt.timedelta(minutes=offset_min))
    return (_EPOCH + dt.timedelta(seconds=seconds)).astimezone(zone).isoformat()


_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def _filled(pattern: str, number: int) -> str:
    """Put the digits of a number, with zeros before them, in the places of a pattern."""
    count = pattern.count("0")
    digits = str(number).rjust(count, "0")
    require(len(digits) == count)
    if count == len(pattern):
        return digits
    given = iter(digits)
    return "".join(next(given) if sign == "0" else sign for sign in pattern)
