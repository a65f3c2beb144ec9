"""How field values lie in the file: CBOR, with a tag for values sealed to a compartment."""

import hashlib
from collections.abc import Mapping, Sequence
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
    writes = [[write.field, write.value, list(write.replaces)] for write in event.writes]
    appends = [[append.list_name, append.value] for append in event.appends]
    return pack([sorted(writes, key=itemgetter(0)), sorted(appends, key=itemgetter(0))])


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
    return (
        tuple(
            [
                Write(field=field, value=_value(value), replaces=tuple(map(EventId, replaces)))
                for field, value, replaces in writes
            ]
        ),
        tuple([Append(list_name=name, value=_value(value)) for name, value in appends]),
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
