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

from sync.canonical import Flaw, canonical
from sync.keys import AuthorityKey
from sync.pack_marks import MAX_PACK_BYTES
from sync.signed_packs import DOMAIN, MAGIC, PackError, kind_and_moment, signed_fields

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

DIRECTORY: Final = "directory"
"""The kind of a pack that holds a directory of structures, as data·inclusion JSON."""

MAX_CONTENT_BYTES: Final = 256_000_000

_LEVEL: Final = 19
_READING: Final[Mapping[int, int]] = {zstd.DecompressionParameter.window_log_max: 27}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """What a pack holds, and when the Region made it (seconds since 1970)."""

    kind: str
    made_s: int
    content: bytes


def make_pack(content: bytes, *, kind: str, made_s: int, key: AuthorityKey) -> bytes:
    """Sign dated reference data.

    Raises:
        PackError: `too_large`.
    """
    if len(content) > MAX_CONTENT_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    frame = zstd.compress(content, level=_LEVEL)
    payload = canonical({"authority": key.id, "kind": kind, "made": made_s, "content": frame})
    pack = MAGIC + canonical([payload, key.private_key.sign(DOMAIN + payload)])
    if len(pack) > MAX_PACK_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    return pack


def read_pack(data: bytes, authority_key: bytes) -> Pack:
    """Check who signed a pack, then open it, giving up before a small one becomes a large object.

    Raises:
        PackError: it is no pack of that authority.
    """
    fields = signed_fields(data, authority_key)
    kind, made_s = kind_and_moment(fields)
    frame = fields["content"]
    if not isinstance(frame, bytes):
        raise PackError(Flaw.MALFORMED)
    return Pack(kind=kind, made_s=made_s, content=_decompressed(frame))


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
