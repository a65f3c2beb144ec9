"""The signature of a pack of the Region: whose it is and which one, without opening what it holds.

The relay reads no more than this, and needs no decompressor. See `sync.information_packs`.
"""

from collections.abc import Mapping
from typing import Final

from sync.canonical import (
    Canonical,
    CanonicalError,
    Flaw,
    FormatError,
    read_canonical,
)
from sync.pack_marks import MAX_MOMENT_S, MAX_PACK_BYTES, PackMark, is_kind, pack_name
from sync.statements import StatementError, authority_id, verify_signature

MAGIC: Final = b"DPPACK1\n"
DOMAIN: Final = b"deux-portes/pack/1\0"

_FIELDS: Final = frozenset({"authority", "kind", "made", "content"})


class PackError(FormatError):
    """The file is no pack, was changed on the way, or is another Region's.

    Codes: `malformed`, `too_large`, `bad_signature`, `wrong_identifier`.
    """


def is_pack(head: bytes) -> bool:
    """Do these first bytes of a file say that it is a pack?"""
    return head.startswith(MAGIC)


def signed_mark(data: bytes, authority_key: bytes) -> PackMark:
    """Check who signed a pack and say which one it is, without opening what it holds.

    Raises:
        PackError: it is no pack of that authority.
    """
    kind, made_s = kind_and_moment(signed_fields(data, authority_key))
    return PackMark(kind=kind, made_s=made_s, name=pack_name(data), size=len(data))


def is_of_another_region(data: bytes, authority_key: bytes) -> bool:
    """Does a pack that was refused say that another authority made it? Nothing is checked."""
    try:
        fields = read_canonical(_parts(data)[0], MAX_PACK_BYTES)
    except FormatError:
        return False
    named = fields.get("authority") if isinstance(fields, dict) else None
    return isinstance(named, bytes) and named != authority_id(authority_key)


def signed_fields(data: bytes, authority_key: bytes) -> Mapping[str, Canonical]:
    """Return the four fields of a payload, once their signature and authority were checked.

    Raises:
        PackError: it is no pack of that authority.
    """
    if len(data) > MAX_PACK_BYTES:
        raise PackError(Flaw.TOO_LARGE)
    payload, signature = _parts(data)
    try:
        verify_signature(authority_key, signature, DOMAIN + payload)
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


def kind_and_moment(fields: Mapping[str, Canonical]) -> tuple[str, int]:
    """Return the kind of a pack and when it was made.

    Raises:
        PackError: `malformed`.
    """
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
