"""The two streams under the columns of a bundle: every number in one, every text in the other.

A column of numbers is a *head* in the structure and its bytes in the stream: a head that is an
integer is the value of all of them, `[least, width]` announces so many bytes for each, above
`least`, first all the first bytes, then all the second ones. What compresses alike lies together.
"""

from collections.abc import Sequence
from typing import Any

from sync.canonical import (
    INTEGER_MAX,
    INTEGER_MIN,
    MAX_ITEMS,
    Canonical,
    CanonicalError,
    Flaw,
    read_within,
)

MAX_WIDTH = 8
MAX_UNFOLDED = 16 * 1_048_576
"""Code points and bytes that the events of a bundle may hold, counting what tables repeat."""

_HEAD_PARTS = 2
_BYTE_BITS = 8


def require(holds: bool) -> None:  # noqa: FBT001 - reads as a sentence at every call
    """Refuse a column that does not agree with the others.

    Raises:
        CanonicalError: `malformed`.
    """
    if not holds:
        raise CanonicalError(Flaw.MALFORMED)


class Room:
    """What the events of a bundle may still take: numbers, and signs once tables are unfolded.

    A few bytes may stand for a great many values; whoever writes and whoever reads count alike, so
    that nothing is written that would not be read. The groups of a chunk share one.
    """

    def __init__(self) -> None:
        self._items = self._parts = MAX_ITEMS
        self._signs = MAX_UNFOLDED

    def read(self, data: bytes, max_bytes: int) -> Canonical:
        """Read a value, and count its items.

        Raises:
            CanonicalError: `malformed` or `too_large`.
        """
        value, self._parts = read_within(data, max_bytes, self._parts)
        return value

    def take_items(self, count: int) -> None:
        """Count numbers of a column.

        Raises:
            CanonicalError: `too_large`.
        """
        self._items -= count
        if self._items < 0:
            raise CanonicalError(Flaw.TOO_LARGE)

    def take_signs(self, count: int) -> None:
        """Count code points of texts and bytes of byte strings, as often as events hold them.

        Raises:
            CanonicalError: `too_large`.
        """
        self._signs -= count
        if self._signs < 0:
            raise CanonicalError(Flaw.TOO_LARGE)


class StreamWriter:
    """Collects the streams while the structure is made."""

    def __init__(self) -> None:
        self.room = Room()
        self._numbers = bytearray()
        self._texts: list[str] = []

    @property
    def streams(self) -> tuple[bytes, str]:
        """The numbers and the texts written so far."""
        return bytes(self._numbers), "".join(self._texts)

    def numbers(self, values: Sequence[int]) -> Canonical:
        """Write a column of numbers; return its head."""
        self.room.take_items(len(values))
        if not values:
            return 0
        least, greatest = min(values), max(values)
        if least < INTEGER_MIN or greatest > INTEGER_MAX:
            raise CanonicalError(Flaw.TOO_LARGE)
        if least == greatest:
            return least
        width = ((greatest - least).bit_length() + _BYTE_BITS - 1) // _BYTE_BITS
        rows = b"".join([(value - least).to_bytes(width, "big") for value in values])
        for place in range(width):
            self._numbers += rows[place::width]
        return [least, width]

    def texts(self, texts: Sequence[str]) -> Canonical:
        """Write a column of texts; return the head of their lengths in code points."""
        head = self.numbers([len(text) for text in texts])
        self.room.take_signs(sum(map(len, texts)))
        self._texts += texts
        return head


class StreamReader:
    """Gives back the columns in the order in which they were written."""

    def __init__(self, numbers: object, texts: object, room: Room) -> None:
        if not isinstance(numbers, bytes) or not isinstance(texts, str):
            raise CanonicalError(Flaw.MALFORMED)
        self.room = room
        self._numbers, self._number_place = numbers, 0
        self._texts, self._text_place = texts, 0

    def numbers(self, head: Any, count: int) -> Sequence[int]:
        """Read a column of `count` numbers.

        Raises:
            CanonicalError: `malformed` or `too_large`.
        """
        self.room.take_items(count)
        if type(head) is int:
            return (head,) * count
        require(isinstance(head, tuple) and len(head) == _HEAD_PARTS)
        least, width = head
        require(type(least) is int and type(width) is int and 1 <= width <= MAX_WIDTH)
        start, end = self._number_place, self._number_place + count * width
        require(end <= len(self._numbers))
        self._number_place = end
        planes = [self._numbers[at : at + count] for at in range(start, end, count or 1)]
        return _above(least, planes)

    def bounded(self, head: Any, count: int, *, below: int) -> Sequence[int]:
        """Read a column of numbers from 0 to `below`, excluded."""
        numbers = self.numbers(head, count)
        require(not numbers or (min(numbers) >= 0 and max(numbers) < below))
        return numbers

    def texts(self, head: Any, count: int) -> list[str]:
        """Read a column of `count` texts."""
        lengths = self.bounded(head, count, below=len(self._texts) + 1)
        place, texts = self._text_place, []
        require(place + sum(lengths) <= len(self._texts))
        for length in lengths:
            texts.append(self._texts[place : place + length])
            place += length
        self.room.take_signs(place - self._text_place)
        self._text_place = place
        return texts

    def check_end(self) -> None:
        """Refuse streams of which something is left unread."""
        require(self._number_place == len(self._numbers) and self._text_place == len(self._texts))


def _above(least: int, planes: Sequence[bytes]) -> Sequence[int]:
    """Put numbers together again from their first bytes, second bytes and so on."""
    first, *others = planes or [b""]
    numbers: list[int] = list(first)
    for plane in others:
        numbers = [number << _BYTE_BITS | low for number, low in zip(numbers, plane, strict=True)]
    if numbers and least + max(numbers) > INTEGER_MAX:
        raise CanonicalError(Flaw.MALFORMED)
    return [least + number for number in numbers] if least else numbers
