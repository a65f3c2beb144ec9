"""Reads the JSON that machines send, and refuses what is not exactly what the protocol says."""

import json
from collections.abc import Mapping
from typing import Any

from sync.pack_marks import MAX_PACK_BYTES
from sync.relay.pulls import Resumed, Wanted
from sync.relay.refusals import RefusalError
from sync.wire import INCARNATION_BYTES, MAX_BUNDLE_BYTES, MAX_SEQUENCE, NAME_BYTES, SPACE_BYTES

_DIGITS = 15


def read_names(body: bytes, most: int) -> list[bytes]:
    """Read `{"names": [hex]}`: each name once, in their order.

    Raises:
        RefusalError: `malformed`, or `too_large` when there are too many.
    """
    return _names(_read(body, {"names"})["names"], most)


def read_fetch(body: bytes, most: int) -> tuple[bytes, list[bytes], Resumed | None]:
    """Read which pieces are asked for: of a space, by names, and what is resumed.

    Raises:
        RefusalError: `malformed`, or `too_large` when there are too many names.
    """
    asked = _read(body, {"space", "names", "resume"})
    resume = asked["resume"]
    resumed = None if resume is None else _resumed(resume)
    return octets(asked["space"], SPACE_BYTES), _names(asked["names"], most), resumed


def read_pull(body: bytes, most: int) -> tuple[list[Wanted], Resumed | None]:
    """Read what a pull asks for.

    Raises:
        RefusalError: `malformed`, or `too_large` when there are too many spaces.
    """
    asked = _read(body, {"spaces", "resume"})
    spaces, resume = asked["spaces"], asked["resume"]
    if not isinstance(spaces, list):
        raise RefusalError(code="malformed")
    if len(spaces) > most:
        raise RefusalError(code="too_large")
    wanted = {one.space: one for one in map(_wanted, spaces)}
    return list(wanted.values()), None if resume is None else _resumed(resume)


def read_pack(asked: Mapping[str, str]) -> tuple[bytes, int]:
    """Read which pack is asked for, and from which byte on.

    Raises:
        RefusalError: `malformed`.
    """
    offset = asked.get("offset", "")
    if not (offset.isascii() and offset.isdecimal() and len(offset) <= _DIGITS):
        raise RefusalError(code="malformed")
    return octets(asked.get("name", ""), NAME_BYTES), _whole(int(offset), MAX_PACK_BYTES)


def octets(value: Any, length: int) -> bytes:
    """Read this many bytes written in lower-case hex.

    Raises:
        RefusalError: `malformed`.
    """
    try:
        octets = bytes.fromhex(value)
    except (TypeError, ValueError) as error:
        raise RefusalError(code="malformed") from error
    if len(octets) != length or octets.hex() != value:
        raise RefusalError(code="malformed")
    return octets


def _names(names: Any, most: int) -> list[bytes]:
    if not isinstance(names, list):
        raise RefusalError(code="malformed")
    if len(names) > most:
        raise RefusalError(code="too_large")
    return list(dict.fromkeys(octets(name, NAME_BYTES) for name in names))


def _wanted(value: Any) -> Wanted:
    asked = _with_keys(value, {"space", "above"})
    above = asked["above"]
    if not isinstance(above, dict):
        raise RefusalError(code="malformed")
    vector = {
        octets(incarnation, INCARNATION_BYTES): _whole(sequence, MAX_SEQUENCE)
        for incarnation, sequence in above.items()
    }
    return Wanted(space=octets(asked["space"], SPACE_BYTES), above=vector)


def _resumed(value: Any) -> Resumed:
    asked = _with_keys(value, {"name", "offset"})
    return Resumed(
        name=octets(asked["name"], NAME_BYTES),
        offset=_whole(asked["offset"], MAX_BUNDLE_BYTES),
    )


def _read(body: bytes, keys: set[str]) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusalError(code="malformed") from error
    return _with_keys(value, keys)


def _with_keys(value: Any, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != keys:
        raise RefusalError(code="malformed")
    return value


def _whole(value: Any, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise RefusalError(code="malformed")
    return value
