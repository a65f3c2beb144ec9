"""Deterministic CBOR (RFC 8949, section 4.2.1): one way to write a value, the only one read.

Two programs that hold the same value must write the same bytes, because names and signatures are
taken over bytes. The reader therefore refuses whatever the writer would not have written: long
forms, unsorted or repeated keys, indefinite lengths, floats, foreign tags, trailing bytes. It also
takes what strangers send: no length is believed before the bytes are there, and depth and number
of items are bounded, so that a small message never becomes a large object.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from operator import itemgetter
from typing import Any, TypeAlias

MAX_DEPTH = 64
MAX_ITEMS = 1_048_576
INTEGER_MIN = -(2**63)
INTEGER_MAX = 2**63 - 1

_UINT, _NEGATIVE, _BYTES, _TEXT, _LIST, _MAP, _TAG, _SIMPLE = range(8)
_WIDTHS = {24: 1, 25: 2, 26: 4, 27: 8}
_KEY_TYPES = frozenset({_UINT, _BYTES, _TEXT})
_SMALL = 24
_SIMPLES = {20: False, 21: True, 22: None}


class Flaw(StrEnum):
    """What can be wrong with bytes, seals, signatures, keys and files of the exchange."""

    MALFORMED = "malformed"
    TOO_LARGE = "too_large"
    UNKNOWN_SUITE = "unknown_suite"
    BAD_SIGNATURE = "bad_signature"
    CANNOT_OPEN = "cannot_open"
    WRONG_KEY = "wrong_key"
    WRONG_IDENTIFIER = "wrong_identifier"


class FormatError(Exception):
    """Root of every refusal of bytes or keys by the exchange; `code` says which."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw.value)
        self.code: str = flaw.value


class CanonicalError(FormatError):
    """The value cannot be written, or the bytes are not what the writer would have written.

    Codes: `malformed`, `too_large`.
    """


@dataclass(frozen=True, slots=True)
class Tagged:
    """A value under a CBOR tag. Which tags mean something is for the reader's caller to say."""

    tag: int
    value: "Canonical"


Canonical: TypeAlias = (
    bool
    | int
    | str
    | bytes
    | Tagged
    | Sequence["Canonical"]
    | Mapping[str, "Canonical"]
    | Mapping[bytes, "Canonical"]
    | Mapping[int, "Canonical"]
    | None
)
"""What can be written: of sequences, tuples and lists. They are read back as tuples and dicts."""


def canonical(value: Canonical) -> bytes:
    """Write a value.

    Raises:
        CanonicalError: the value holds what has no form here, or is too deep or too large.
    """
    writer = _Writer()
    writer.write(value, MAX_DEPTH)
    return bytes(writer.out)


def read_canonical(data: bytes, max_bytes: int) -> Canonical:
    """Read one value that fills `data` exactly.

    Args:
        data: what somebody sent.
        max_bytes: longer data is refused unread.

    Raises:
        CanonicalError: `too_large`, or `malformed`.
    """
    value, _ = read_within(data, max_bytes, MAX_ITEMS)
    return value


def read_within(data: bytes, max_bytes: int, most_items: int) -> tuple[Canonical, int]:
    """Read one value of so many items at most; return it, and how many items are left.

    For what several values share: see `read_canonical`.
    """
    if len(data) > max_bytes or most_items < 1:
        raise CanonicalError(Flaw.TOO_LARGE)
    reader = _Reader(data, most_items)
    value = reader.read(MAX_DEPTH)
    if reader.position != len(data):
        raise CanonicalError(Flaw.MALFORMED)
    return value, reader.items_left


def _head(major: int, argument: int) -> bytes:
    first = major << 5
    if argument < _SMALL:
        return bytes([first | argument])
    for extra, width in _WIDTHS.items():
        if argument < 1 << (8 * width):
            return bytes([first | extra]) + argument.to_bytes(width, "big")
    raise CanonicalError(Flaw.TOO_LARGE)


class _Writer:
    """Collects the bytes of one value, counting items as the reader will."""

    def __init__(self) -> None:
        self.out = bytearray()
        self._items = 0

    def write(self, value: Canonical, depth: int) -> None:
        self._count()
        if depth == 0:
            raise CanonicalError(Flaw.TOO_LARGE)
        if value is None:
            self.out.append(0xF6)
        elif isinstance(value, bool):
            self.out.append(0xF5 if value else 0xF4)
        elif isinstance(value, int):
            self.out += _integer(value)
        elif isinstance(value, bytes | str):
            self.out += _string(value)
        else:
            self._write_container(value, depth - 1)

    def _write_container(self, value: Canonical, depth: int) -> None:
        if isinstance(value, tuple | list):
            self.out += _head(_LIST, len(value))
            for item in value:
                self.write(item, depth)
        elif isinstance(value, Mapping):
            self._write_map(value, depth)
        elif isinstance(value, Tagged):
            self.out += _head(_TAG, value.tag)
            self.write(value.value, depth)
        else:
            raise CanonicalError(Flaw.MALFORMED)

    def _write_map(self, value: Mapping[Any, Canonical], depth: int) -> None:
        entries = sorted(((_key(key), item) for key, item in value.items()), key=itemgetter(0))
        self.out += _head(_MAP, len(entries))
        for key, item in entries:
            self._count()
            self.out += key
            self.write(item, depth)

    def _count(self) -> None:
        self._items += 1
        if self._items > MAX_ITEMS:
            raise CanonicalError(Flaw.TOO_LARGE)


def _key(key: object) -> bytes:
    if isinstance(key, bytes | str):
        return _string(key)
    if isinstance(key, int) and not isinstance(key, bool) and key >= 0:
        return _integer(key)
    raise CanonicalError(Flaw.MALFORMED)


def _integer(value: int) -> bytes:
    if not INTEGER_MIN <= value <= INTEGER_MAX:
        raise CanonicalError(Flaw.TOO_LARGE)
    return _head(_UINT, value) if value >= 0 else _head(_NEGATIVE, -1 - value)


def _string(value: bytes | str) -> bytes:
    if isinstance(value, bytes):
        return _head(_BYTES, len(value)) + value
    try:
        encoded = value.encode()
    except UnicodeEncodeError as error:
        raise CanonicalError(Flaw.MALFORMED) from error
    return _head(_TEXT, len(encoded)) + encoded


class _Reader:
    """Walks over the bytes once; `position` is where the next item starts."""

    def __init__(self, data: bytes, most_items: int) -> None:
        self.position = 0
        self.items_left = most_items - 1
        self._data = data

    def read(self, depth: int) -> Canonical:
        if depth == 0:
            raise CanonicalError(Flaw.TOO_LARGE)
        major, argument = self._head()
        if major == _UINT:
            return argument
        if major == _NEGATIVE:
            return -1 - argument
        if major in (_BYTES, _TEXT):
            return self._string(major, argument)
        if major == _SIMPLE:
            return self._simple(argument)
        return self._container(major, argument, depth - 1)

    def _container(self, major: int, argument: int, depth: int) -> Canonical:
        if major == _LIST:
            return self._list(argument, depth)
        if major == _MAP:
            return self._map(argument, depth)
        self._believe(1)
        return Tagged(argument, self.read(depth))

    def _head(self) -> tuple[int, int]:
        first = self._take(1)[0]
        major, argument = first >> 5, first & 31
        if argument < _SMALL:
            return major, argument
        width = _WIDTHS.get(argument)
        if width is None or major == _SIMPLE:
            raise CanonicalError(Flaw.MALFORMED)
        value = int.from_bytes(self._take(width), "big")
        shortest = _SMALL if width == 1 else 1 << (4 * width)
        if value < shortest or value > INTEGER_MAX:
            raise CanonicalError(Flaw.MALFORMED)
        return major, value

    def _take(self, length: int) -> bytes:
        start = self.position
        end = start + length
        if end > len(self._data):
            raise CanonicalError(Flaw.MALFORMED)
        self.position = end
        return self._data[start:end]

    def _string(self, major: int, length: int) -> bytes | str:
        data = self._take(length)
        if major == _BYTES:
            return data
        try:
            return data.decode()
        except UnicodeDecodeError as error:
            raise CanonicalError(Flaw.MALFORMED) from error

    def _simple(self, argument: int) -> Canonical:
        try:
            return _SIMPLES[argument]
        except KeyError as error:
            raise CanonicalError(Flaw.MALFORMED) from error

    def _list(self, length: int, depth: int) -> tuple[Canonical, ...]:
        self._believe(length)
        if length and depth == 0:
            raise CanonicalError(Flaw.TOO_LARGE)
        data = self._data
        items: list[Canonical] = []
        for _ in range(length):
            position = self.position
            # Columns are mostly small integers, which are read here without a call.
            if position < len(data) and data[position] < _SMALL:
                self.position = position + 1
                items.append(data[position])
            else:
                items.append(self.read(depth))
        return tuple(items)

    def _map(self, length: int, depth: int) -> Canonical:
        self._believe(2 * length)
        entries: dict[Any, Canonical] = {}
        previous = b""
        for _ in range(length):
            start = self.position
            major, argument = self._head()
            if major not in _KEY_TYPES:
                raise CanonicalError(Flaw.MALFORMED)
            key = argument if major == _UINT else self._string(major, argument)
            encoded = self._data[start : self.position]
            if encoded <= previous:
                raise CanonicalError(Flaw.MALFORMED)
            previous = encoded
            entries[key] = self.read(depth)
        return entries

    def _believe(self, items: int) -> None:
        """Accept a declared number of items: each needs a byte at least, and all are counted."""
        self.items_left -= items
        if items > len(self._data) - self.position:
            raise CanonicalError(Flaw.MALFORMED)
        if self.items_left < 0:
            raise CanonicalError(Flaw.TOO_LARGE)
