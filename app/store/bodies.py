"""How field values lie in the file: CBOR, with a tag for values sealed to a compartment."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, cast

import cbor2

from app.domain.events import Append, Event, SealedValue, Value, Write
from app.domain.identifiers import EventId

SEALED_TAG = 40500
_CONTENT = b"deux-portes/event/1\0"


def pack(value: object) -> bytes:
    """Encode plain values (tuples, maps, text, bytes, integers, sealed values) canonically."""
    return cbor2.dumps(value, canonical=True, default=_encode)


def unpack(data: bytes) -> Value:
    """Decode what `pack` wrote: lists come back as tuples, tag 40500 as sealed values."""
    return _value(cbor2.loads(data))


def unpack_map(data: bytes) -> Mapping[str, Value]:
    """Decode a map that `pack` wrote."""
    return cast("Mapping[str, Value]", unpack(data))


def pack_body(event: Event) -> bytes:
    """Encode what an event wrote and appended: the same bytes here and where it travelled.

    Its writes go in the order of their fields and its appends in that of their lists, which is
    how a bundle gives them back: whether two contents are the same is told by their bytes.
    """
    writes, appends = event.writes, event.appends
    # Texts are nearly all that a backlog holds: to write their heads here takes half the time that
    # the library takes for an event, whose every list it looks at.
    parts = [_PAIR, _head(_LIST, len(writes))]
    for field, value, replaces in sorted(writes, key=itemgetter(0)):
        parts += (
            _name_of_three(field),
            _text(value) if type(value) is str else pack(value),
            pack(replaces) if replaces else _EMPTY,
        )
    parts.append(_head(_LIST, len(appends)))
    for name, value in sorted(appends, key=itemgetter(0)):
        parts += (_PAIR, _text(name), pack(value))
    return b"".join(parts)


def pack_map(values: Mapping[str, Value]) -> bytes:
    """Encode a map exactly as `pack` does, faster."""
    if all(map(_is_plain, values.values())):
        return cbor2.dumps({name: values[name] for name in _in_order(tuple(values))})
    return pack(values)


_TEXT, _LIST = 0x60, 0x80
_PAIR, _TRIPLE, _EMPTY = b"\x82", b"\x83", b"\x80"
_SMALL, _BYTE = 24, 256


def _head(major: int, count: int) -> bytes:
    if count < _SMALL:
        return bytes((major | count,))
    for width, extra in ((1, 24), (2, 25), (4, 26)):
        if count < _BYTE**width:
            return bytes((major | extra,)) + count.to_bytes(width, "big")
    return bytes((major | 27,)) + count.to_bytes(8, "big")


_TEXT_HEADS = tuple(_head(_TEXT, count) for count in range(_BYTE))


def _text(text: str) -> bytes:
    data = text.encode()
    count = len(data)
    return (_TEXT_HEADS[count] if count < _BYTE else _head(_TEXT, count)) + data


@lru_cache(maxsize=1_024)
def _name_of_three(field: str) -> bytes:
    return _TRIPLE + _text(field)


@lru_cache(maxsize=1_024)
def _in_order(names: tuple[str, ...]) -> tuple[str, ...]:
    """Sort names as deterministic CBOR sorts keys: the shorter first."""
    return tuple(sorted(names, key=lambda name: (len(name.encode()), name.encode())))


def _is_plain(value: Value) -> bool:
    """Does a value hold nothing that must be sorted or tagged?"""
    kind = type(value)
    if kind in _AS_THEY_ARE:
        return True
    return kind is tuple and all(type(item) in _AS_THEY_ARE for item in cast("tuple[Any]", value))


def content_digest(row: Sequence[Any]) -> bytes:
    """Return the digest by which desks compare events without showing them.

    Args:
        row: identifier, subject, kind, version, Lamport counter, time, doubt, author, body.
    """
    event, subject, kind, version, lamport, at_s, doubtful, author, body = row
    parts = [event, subject, kind, version, lamport, at_s, bool(doubtful), author, body]
    return hashlib.sha256(_CONTENT + pack(parts)).digest()


def unpack_body(data: bytes) -> tuple[tuple[Write, ...], tuple[Append, ...]]:
    """Decode what `pack_body` wrote."""
    writes, appends = cbor2.loads(data)
    as_it_is = _AS_THEY_ARE
    return (
        tuple(
            [
                Write(
                    field,
                    value if type(value) in as_it_is else _value(value),
                    tuple(map(EventId, replaces)) if replaces else (),
                )
                for field, value, replaces in writes
            ]
        ),
        tuple([Append(name, _value(value)) for name, value in appends]),
    )


def _encode(encoder: cbor2.CBOREncoder, value: object) -> None:
    """Write what CBOR has no form of its own for."""
    if isinstance(value, SealedValue):
        parts = [value.compartment, value.key_id, value.nonce, value.ciphertext]
        encoder.encode(cbor2.CBORTag(SEALED_TAG, parts))
    elif isinstance(value, Mapping):
        encoder.encode(dict(value))
    else:
        message = f"no form in the file for {type(value).__name__}"
        raise TypeError(message)


def _value(raw: Any) -> Value:
    if type(raw) in _AS_THEY_ARE:  # nearly all of them
        return cast("Value", raw)
    if isinstance(raw, cbor2.CBORTag) and raw.tag == SEALED_TAG:
        compartment, key_id, nonce, ciphertext = raw.value
        return SealedValue(
            compartment=compartment, key_id=key_id, nonce=nonce, ciphertext=ciphertext
        )
    if isinstance(raw, list | tuple):
        return tuple([_value(item) for item in raw])
    if isinstance(raw, Mapping):
        return {key: _value(item) for key, item in raw.items()}
    return cast("Value", raw)


_AS_THEY_ARE = frozenset({str, bytes, int, bool, type(None)})
