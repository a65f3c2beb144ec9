"""The peer of the bytes of an exchange: receptions as JSON lines, in one zstd -19 stream.

As a program that keeps JSON would send them at best: every record in one stream, random identifiers
(UUIDv4, one for the record and one for the person), a dictionary trained on other records.
"""

import dataclasses
import datetime as dt
import json
import random
import sys
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from app.domain.reception import Reception

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DICTIONARY_SIZES = (16_384, 65_536, 112_640)
_LEVEL, _WINDOW_LOG = 19, 23


def json_line(reception: Reception, at: dt.datetime, author: str, draw: random.Random) -> bytes:
    """Write a reception as a line: what was filled in, nothing else."""
    ids = {name: str(uuid.UUID(int=draw.getrandbits(128), version=4)) for name in ("id", "person")}
    about = {"id": ids["id"], "at": at.isoformat(), "author": author}
    record = about | _filled(reception)
    if reception.person is not None:
        record["person"] = {"id": ids["person"]} | _filled(reception.person)
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode()


def trained(lines: Sequence[bytes]) -> list["zstd.ZstdDict"]:
    """Train dictionaries of several sizes on other records."""
    return [zstd.train_dict(lines, size) for size in DICTIONARY_SIZES]


def stream_bytes(lines: Iterable[bytes], dictionaries: Sequence["zstd.ZstdDict"]) -> int:
    """Return the bytes of the stream with the dictionary that serves it best."""
    text = b"\n".join(lines)
    parameter = zstd.CompressionParameter
    options = {parameter.compression_level: _LEVEL, parameter.window_log: _WINDOW_LOG}
    return min(
        len(zstd.compress(text, options=options, zstd_dict=one.as_digested_dict))
        for one in dictionaries
    )


def _filled(value: Any) -> dict[str, Any]:
    fields = {one.name: getattr(value, one.name) for one in dataclasses.fields(value)}
    return {
        name: _plain(value)
        for name, value in fields.items()
        if value not in (None, "", (), False) and not dataclasses.is_dataclass(value)
    }


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
