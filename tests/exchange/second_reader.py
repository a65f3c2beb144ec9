"""A second reader of bundles, written from `sync/PROTOCOL.md` alone and sharing nothing with ours.

It opens a bundle and gives its events in the JSON form of the vectors. That it reads the vectors
shows that the text says enough for somebody else to write one. It believes what it reads.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import cbor2
from backports import zstd
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DICTIONARIES = Path(__file__).parents[2] / "resources" / "dictionary"


def open_bundle(data: bytes, *, sign_key: bytes, epoch_key: bytes) -> tuple[dict[int, Any], bytes]:
    """Section 3: the header of a bundle and its columns, decompressed."""
    assert data[:4] == b"DPB\x01"
    start = 6 + int.from_bytes(data[4:6], "big")
    header = cbor2.loads(data[6:start])
    assert len(data) == start + header[9] + 16 + 64
    signed, signature = data[:-64], data[-64:]
    message = b"deux-portes/bundle-signature/1\0" + signed
    Ed25519PublicKey.from_public_bytes(sign_key).verify(signature, message)
    epoch = hashlib.sha256(b"deux-portes/epoch/1\0" + header[2] + epoch_key).digest()[:16]
    assert epoch == header[6]
    info = b"deux-portes/bundle/1\0" + header[2] + header[3] + header[4].to_bytes(8, "big")
    derived = HKDF(algorithm=SHA256(), length=44, salt=header[8], info=info).derive(epoch_key)
    cipher = ChaCha20Poly1305(derived[:32])
    plain = cipher.decrypt(derived[32:], signed[start:], data[:start])
    length = int.from_bytes(plain[:4], "big")
    assert len(plain) == header[9] == padme(4 + length)
    assert not any(plain[4 + length :])
    return header, zstd.decompress(plain[4 : 4 + length], zstd_dict=dictionary(header[7]))


def dictionary(number: int) -> zstd.ZstdDict | None:
    if number == 0:
        return None
    return zstd.ZstdDict((DICTIONARIES / f"{number}.zdict").read_bytes())


def padme(length: int) -> int:
    if length < 2:
        return length
    exponent = length.bit_length() - 1
    kept = exponent.bit_length()
    unit = 2 ** (exponent - kept)
    return -(-length // unit) * unit


def read_events(data: bytes, *, incarnation: bytes, space: bytes) -> list[dict[str, Any]]:
    """Section 2, format 2: the events of a bundle."""
    columns = cbor2.loads(data)
    assert columns[1] == 2
    return SecondReader(columns, incarnation, space).events()


class SecondReader:
    """The streams of one bundle, and how far they were read."""

    def __init__(self, columns: dict[int, Any], incarnation: bytes, space: bytes) -> None:
        self.columns, self.space = columns, space
        self.incarnations = [incarnation, *columns[7]]
        self.numbers, self.texts = columns[16], columns[17]

    def events(self) -> list[dict[str, Any]]:
        count = self.columns[2]
        self.counters, lamports, times = (self.d(self.columns[key], count) for key in (3, 4, 5))
        self.times = times
        every = range(count)
        subjects = self.names(self.columns[8], self.columns[9], self.counters)
        authors = [self.columns[10][place] for place in self.n(self.columns[11], count)]
        kinds, shapes = self.columns[12], self.columns[13]
        shape_of = [shapes[place] for place in self.n(self.columns[14], count)]
        events = [
            {
                "id": self.text((0, self.counters[at])),
                "space": self.space.hex(),
                "subject": self.text(subjects[at]),
                "kind": kinds[shape_of[at][0]][0],
                "version": kinds[shape_of[at][0]][1],
                "lamport": lamports[at],
                "at": times[at],
                "author": authors[at],
                "clock_doubtful": at in self.columns[6],
                "writes": [],
                "appends": [],
            }
            for at in every
        ]
        self.fill(events, shape_of)
        assert (self.numbers, self.texts) == (b"", "")
        return events

    def fill(self, events: list[dict[str, Any]], shape_of: list[Any]) -> None:
        every = range(len(events))
        columns = iter(self.columns[15])
        for kind, (_, _, fields, lists) in enumerate(self.columns[12]):
            for place, field in enumerate(fields):
                of = [at for at in every if shape_of[at][0] == kind and place in shape_of[at][1]]
                self.field(field, next(columns), [(at, events[at]) for at in of])
            for place, name in enumerate(lists):
                of = [
                    at
                    for at in every
                    if shape_of[at][0] == kind
                    for p in shape_of[at][2]
                    if p == place
                ]
                for at, value in zip(of, self.v(next(columns), of), strict=True):
                    events[at]["appends"].append({"list": name, "value": value})

    def field(self, field: str, column: list[Any], of: list[tuple[int, dict[str, Any]]]) -> None:
        values = self.v(column[0], [at for at, _ in of])
        replaces: list[list[str]] = [[] for _ in of]
        if len(column) == 4:
            counts = self.n(column[1], len(of))
            own = [
                self.counters[at] for (at, _), n in zip(of, counts, strict=True) for _ in range(n)
            ]
            names = map(self.text, self.names(column[2], column[3], own))
            replaces = [[next(names) for _ in range(count)] for count in counts]
        for (_, event), value, replaced in zip(of, values, replaces, strict=True):
            event["writes"].append({"field": field, "value": value, "replaces": replaced})

    def v(self, head: list[Any], of: list[int]) -> list[Any]:  # noqa: C901, PLR0911 - a form each
        """The values of a column, in the JSON form of the vectors; `of` are their events."""
        form, count = head[0], len(of)
        if form == 0:
            return [plain(value) for value in head[1]]
        if form == 1:
            return [plain(head[1][place]) for place in self.n(head[2], count)]
        if form == 2:
            named = self.names(head[1], head[2], [self.counters[at] for at in of])
            return [{"bytes": self.octets(name).hex()} for name in named]
        if form == 3:
            first = dt.date(1970, 1, 1)
            return [str(first + dt.timedelta(days=day)) for day in self.n(head[1], count)]
        if form == 4:
            after, offsets = self.n(head[1], count), self.n(head[2], count)
            return [
                moment(self.times[at] + seconds, minutes)
                for at, seconds, minutes in zip(of, after, offsets, strict=True)
            ]
        if form == 5:
            lengths = self.n(head[1], count)
            inner = [at for at, length in zip(of, lengths, strict=True) for _ in range(length)]
            items = iter(self.v(head[2], inner) if inner else [])
            return [[next(items) for _ in range(length)] for length in lengths]
        if form == 6:
            return [self.take_text(length) for length in self.n(head[1], count)]
        if form == 7:
            return self.n(head[1], count)
        places, numbers = self.n(head[2], count), self.n(head[3], count)
        return [filled(head[1][place], one) for place, one in zip(places, numbers, strict=True)]

    def n(self, head: Any, count: int) -> list[int]:
        if isinstance(head, int):
            return [head] * count
        least, width = head
        taken, self.numbers = self.numbers[: width * count], self.numbers[width * count :]
        return [
            least + int.from_bytes(taken[place::count][:width], "big") for place in range(count)
        ]

    def d(self, head: Any, count: int) -> list[int]:
        if head is None:
            return []
        numbers = [head[0]]
        for difference in self.n(head[1], count - 1):
            numbers.append(numbers[-1] + difference)
        return numbers

    def names(self, numbers: Any, given: Any, own: list[int]) -> list[tuple[int, int]]:
        pairs = zip(self.n(numbers, len(own)), self.n(given, len(own)), own, strict=True)
        return [(number, one if number else counter - one) for number, one, counter in pairs]

    def octets(self, name: tuple[int, int]) -> bytes:
        return self.incarnations[name[0]] + name[1].to_bytes(8, "big")

    def text(self, name: tuple[int, int]) -> str:
        return f"{self.incarnations[name[0]].hex()}-{name[1]}"

    def take_text(self, length: int) -> str:
        taken, self.texts = self.texts[:length], self.texts[length:]
        return taken


def moment(seconds: int, offset_min: int) -> str:
    local = dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds, minutes=offset_min)  # noqa: DTZ001
    hours, minutes = divmod(abs(offset_min), 60)
    return f"{local.isoformat()}{'-' if offset_min < 0 else '+'}{hours:02}:{minutes:02}"


def filled(pattern: str, number: int) -> str:
    digits: Iterator[str] = iter(f"{number:0{pattern.count('0')}}")
    return "".join(next(digits) if sign == "0" else sign for sign in pattern)


def plain(value: Any) -> Any:
    """A CBOR value in the JSON form of the vectors."""
    if isinstance(value, cbor2.CBORTag):
        compartment, *parts = value.value
        return {"sealed": [compartment, *(part.hex() for part in parts)]}
    if isinstance(value, bytes):
        return {"bytes": value.hex()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {"map": {key: plain(item) for key, item in value.items()}}
    return value
