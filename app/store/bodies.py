"""How field values lie in the file: CBOR, with a tag for values sealed to a compartment."""

from collections.abc import Mapping
from typing import Any, cast

import cbor2

from app.domain.events import Append, Event, SealedValue, Value, Write
from app.domain.identifiers import EventId

SEALED_TAG = 40500


def pack(value: object) -> bytes:
    """Encode plain values (tuples, maps, text, bytes, integers, sealed values) canonically."""
    return cbor2.dumps(_plain(value), canonical=True)


def unpack(data: bytes) -> Value:
    """Decode what `pack` wrote: lists come back as tuples, tag 40500 as sealed values."""
    return _value(cbor2.loads(data))


def unpack_map(data: bytes) -> Mapping[str, Value]:
    """Decode a map that `pack` wrote."""
    return cast("Mapping[str, Value]", unpack(data))


def pack_body(event: Event) -> bytes:
    """Encode what an event wrote and appended."""
    writes = [[write.field, write.value, list(write.replaces)] for write in event.writes]
    appends = [[append.list_name, append.value] for append in event.appends]
    return pack([writes, appends])


def unpack_body(data: bytes) -> tuple[tuple[Write, ...], tuple[Append, ...]]:
    """Decode what `pack_body` wrote."""
    writes, appends = cbor2.loads(data)
    return (
        tuple(
            Write(field=field, value=_value(value), replaces=tuple(EventId(r) for r in replaces))
            for field, value, replaces in writes
        ),
        tuple(Append(list_name=name, value=_value(value)) for name, value in appends),
    )


def _plain(value: object) -> Any:
    if isinstance(value, SealedValue):
        return cbor2.CBORTag(
            SEALED_TAG, [value.compartment, value.key_id, value.nonce, value.ciphertext]
        )
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _value(raw: Any) -> Value:
    if isinstance(raw, cbor2.CBORTag) and raw.tag == SEALED_TAG:
        compartment, key_id, nonce, ciphertext = raw.value
        return SealedValue(
            compartment=compartment, key_id=key_id, nonce=nonce, ciphertext=ciphertext
        )
    if isinstance(raw, list | tuple):
        return tuple(_value(item) for item in raw)
    if isinstance(raw, Mapping):
        return {key: _value(item) for key, item in raw.items()}
    return cast("Value", raw)
