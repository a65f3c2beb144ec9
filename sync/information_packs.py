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

from sync.canonical import CanonicalError, Flaw, FormatError, canonical, read_canonical
from sync.keys import AuthorityKey
from sync.statements import StatementError, authority_id, verify_signature

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAGIC: Final = b"DPPACK1\n"
DIRECTORY: Final = "directory"
"""The kind of a pack that holds a directory of structures, as data·inclusion JSON."""

MAX_PACK_BYTES: Final = 64_000_000
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
    if len(data) > MAX_PACK_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    payload, signature = _parts(data)
    try:
        verify_signature(authority_key, signature, _DOMAIN + payload)
    except StatementError as error:
        raise PackError(Flaw.BAD_SIGNATURE) from error
    return _opened(payload, authority_key)


def _parts(data: bytes) -> tuple[bytes, bytes]:
    try:
        parts = read_canonical(data[len(MAGIC) :], MAX_PACK_BYTES) if is_pack(data) else None
    except CanonicalError as error:
        raise PackError(Flaw.MALFORMED) from error
    match parts:
        case (bytes() as payload, bytes() as signature):
            return payload, signature
    raise PackError(Flaw.MALFORMED)


def _opened(payload: bytes, authority_key: bytes) -> Pack:
    try:
        fields = read_canonical(payload, MAX_PACK_BYTES)
    except CanonicalError as error:
        raise PackError(Flaw.MALFORMED) from error
    if not isinstance(fields, dict) or fields.keys() != _FIELDS:
        raise PackError(Flaw.MALFORMED)
    match fields["kind"], fields["made"], fields["content"]:
        case (str() as kind, int() as made_s, bytes() as frame):
            if fields["authority"] != authority_id(authority_key):
                raise PackError(Flaw.WRONG_IDENTIFIER)
            return Pack(kind=kind, made_s=made_s, content=_decompressed(frame))
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
