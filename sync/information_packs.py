r"""A pack of information: dated reference data that the Region signs, in one file to carry.

    b"DPPACK1\n" | canonical([payload, signature])

The payload is canonical: `authority` (its identifier), `kind`, `made` (seconds since 1970), and
`content`, one zstd frame. The authority's key signs `deux-portes/pack/1\0` and the payload. A pack
holds no person: it is readable by anybody, and cannot be changed by anybody but the Region.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sync.canonical import (
    Canonical,
    CanonicalError,
    Flaw,
    FormatError,
    canonical,
    read_canonical,
)
from sync.keys import AuthorityKey
from sync.pack_marks import MAX_MOMENT_S, MAX_PACK_BYTES, PackMark, is_kind, pack_name
from sync.statements import StatementError, authority_id, verify_signature

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC: Final = b"DPPACK1\n"
DIRECTORY: Final = "directory"
"""The kind of a pack that holds a directory of structures, as data·inclusion JSON."""

MAX_CONTENT_BYTES: Final = 256_000_000

_DOMAIN: Final = b"deux-portes/pack/1\0"
_LEVEL: Final = 19
_FIELDS: Final = frozenset({"authority", "kind", "made", "content"})
_READING: Final[Mapping[int, int]] = {zstd.DecompressionParameter.window_log_max: 27}


class PackError(FormatError):
    """The file is no pack, was changed on the way, or is another Region's.

    Codes: `malformed`, `too_large`, `bad_signature`, `wrong_identifier`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack holds, and when the Region made it (seconds since 1970)."""

    kind: str
    made_s: int
    content: bytes


def is_pack(head: bytes) -> bool:
    """Do these first bytes of a file say that it is a pack?"""
    return head.startswith(MAGIC)


def make_pack(content: bytes, *, kind: str, made_s: int, key: AuthorityKey) -> bytes:
    """Sign dated reference data.

    Raises:
        PackError: `too_large`.
    """
    if len(content) > MAX_CONTENT_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    frame = zstd.compress(content, level=_LEVEL)
    payload = canonical({"authority": key.id, "kind": kind, "made": made_s, "content": frame})
    pack = MAGIC + canonical([payload, key.private_key.sign(_DOMAIN + payload)])
    if len(pack) > MAX_PACK_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    return pack


def read_pack(data: bytes, authority_key: bytes) -> Pack:
    """Check who signed a pack, then open it, giving up before a small one becomes a large object.

    Raises:
        PackError: it is no pack of that authority.
    """
    fields = _signed_fields(data, authority_key)
    kind, made_s = _kind_and_moment(fields)
    frame = fields["content"]
    if not isinstance(frame, bytes):
        raise PackError(Flaw.MALFORMED)
    return Pack(kind=kind, made_s=made_s, content=_decompressed(frame))


def signed_mark(data: bytes, authority_key: bytes) -> PackMark:
    """Check who signed a pack and say which one it is, without opening what it holds.

    Raises:
        PackError: it is no pack of that authority.
    """
    kind, made_s = _kind_and_moment(_signed_fields(data, authority_key))
    return PackMark(kind=kind, made_s=made_s, name=pack_name(data), size=len(data))


def is_of_another_region(data: bytes, authority_key: bytes) -> bool:
    """Does a pack that was refused say that another authority made it? Nothing is checked."""
    try:
        fields = read_canonical(_parts(data)[0], MAX_PACK_BYTES)
    except FormatError:
        return False
    named = fields.get("authority") if isinstance(fields, dict) else None
    return isinstance(named, bytes) and named != authority_id(authority_key)


def _signed_fields(data: bytes, authority_key: bytes) -> Mapping[str, Canonical]:
    if len(data) > MAX_PACK_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    payload, signature = _parts(data)
    try:
        verify_signature(authority_key, signature, _DOMAIN + payload)
        fields = read_canonical(payload, MAX_PACK_BYTES)
    except StatementError as error:
        raise PackError(Flaw.BAD_SIGNATURE) from error
    except CanonicalError as error:
        raise PackError(Flaw.MALFORMED) from error
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise PackError(Flaw.MALFORMED)
    if fields["authority"] != authority_id(authority_key):
        raise PackError(Flaw.WRONG_IDENTIFIER)
    return fields


def _kind_and_moment(fields: Mapping[str, Canonical]) -> tuple[str, int]:
    kind, made_s = fields["kind"], fields["made"]
    if not isinstance(kind, str) or not is_kind(kind) or type(made_s) is not int:
        raise PackError(Flaw.MALFORMED)
    if not 0 <= made_s <= MAX_MOMENT_S:
        raise PackError(Flaw.MALFORMED)
    return kind, made_s


def _parts(data: bytes) -> tuple[bytes, bytes]:
    try:
        parts = read_canonical(data[len(MAGIC) :], MAX_PACK_BYTES) if is_pack(data) else None
    except CanonicalError as error:
        raise PackError(Flaw.MALFORMED) from error
    match parts:
        case (bytes() as payload, bytes() as signature):
            return payload, signature
    raise PackError(Flaw.MALFORMED)


def _decompressed(frame: bytes) -> bytes:
    decompressor = zstd.ZstdDecompressor(None, _READING)
    try:
        content = decompressor.decompress(frame, max_length=MAX_CONTENT_BYTES + 1)
    except zstd.ZstdError as error:
        raise PackError(Flaw.MALFORMED) from error
    if len(content) > MAX_CONTENT_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    if not decompressor.eof or decompressor.unused_data:
        raise PackError(Flaw.MALFORMED)
    return content
