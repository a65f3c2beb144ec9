"""The bundle as bytes: names, header, chain and signature; nothing here opens one.

Format 1, written in `sync/PROTOCOL.md`. The relay and the desk read bundles through this module
alone, so that they agree on what is well formed. What is refused raises `WireError`.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.canonical import CanonicalError, Flaw, FormatError, canonical, read_canonical

MAGIC = b"DPB\x01"
SUITE = 1
MAX_BUNDLE_BYTES = 1_048_576
MAX_HEADER_BYTES = 65_535
MAX_SEQUENCE = 2**48 - 1
NAME_BYTES = 32
SPACE_BYTES = 16
INCARNATION_BYTES = 8
EPOCH_BYTES = 16
SALT_BYTES = 16
SIGNATURE_BYTES = 64
SEAL_BYTES = 16
"""What ChaCha20-Poly1305 adds to a plaintext."""

_SIGNED = b"deux-portes/bundle-signature/1\0"
_EPOCH = b"deux-portes/epoch/1\0"
_SPACE = b"deux-portes/space/1\0"
_LENGTH_BYTES = 2
_FIELDS = tuple(range(1, 11))


class WireError(FormatError):
    """A bundle or a frame is not what it should be.

    Codes: `malformed`, `too_large`, `unknown_suite`, `bad_signature`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What everybody may read of a bundle, and nobody may change.

    `previous` is the name of the author's previous bundle in that space (empty for the first) and
    `seen` says, per incarnation, up to which sequence the author holds every bundle of the space.
    """

    suite: int = SUITE
    space: bytes
    incarnation: bytes
    sequence: int
    previous: bytes
    epoch: bytes
    dictionary: int = 0
    salt: bytes
    padded_length: int
    seen: Mapping[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedBundle:
    """A well-formed bundle, whose signature nobody has checked yet.

    `signed_part` is every byte before the signature, `associated_data` every byte before the
    ciphertext.
    """

    header: Header
    name: bytes
    signed_part: bytes
    associated_data: bytes
    ciphertext: bytes
    signature: bytes


def bundle_name(data: bytes) -> bytes:
    """Return the name of a bundle: the SHA-256 of all its bytes."""
    return hashlib.sha256(data).digest()


def space_name(kind: int, members: Sequence[bytes]) -> bytes:
    """Return the name of a space: it commits to the kind and to the members, in any order."""
    seed = _SPACE + bytes([kind, len(members)])
    parts = b"".join(bytes([len(member)]) + member for member in sorted(members))
    return hashlib.sha256(seed + parts).digest()[:SPACE_BYTES]


def epoch_name(space: bytes, epoch_key: bytes) -> bytes:
    """Return the name of an epoch: it commits to the space and to the key."""
    return hashlib.sha256(_EPOCH + space + epoch_key).digest()[:EPOCH_BYTES]


def padme_length(length: int) -> int:
    """Return the padded size of `length` bytes (Padmé, PURBs, 2019): at most 12 % more.

    Sizes then tell O(log log n) bits about the content instead of all of them.
    """
    if length < 2:  # noqa: PLR2004 - the formula has no meaning below two bytes
        return length
    exponent = length.bit_length() - 1
    dropped_bits = exponent - exponent.bit_length()
    mask = (1 << dropped_bits) - 1
    return (length + mask) & ~mask


def encode_header(header: Header) -> bytes:
    """Write a header, after the same checks as when it is read.

    Raises:
        WireError: a field is out of its bounds.
    """
    _check_header(header)
    return canonical(
        {
            1: header.suite,
            2: header.space,
            3: header.incarnation,
            4: header.sequence,
            5: header.previous,
            6: header.epoch,
            7: header.dictionary,
            8: header.salt,
            9: header.padded_length,
            10: header.seen,
        },
    )


def opening_bytes(header: Header) -> bytes:
    """Return every byte before the ciphertext: magic, header length and header.

    Raises:
        WireError: the header is malformed, or too large for its two bytes of length.
    """
    encoded = encode_header(header)
    if len(encoded) > MAX_HEADER_BYTES:
        raise WireError(Flaw.TOO_LARGE)
    return MAGIC + len(encoded).to_bytes(_LENGTH_BYTES, "big") + encoded


def signature_input(signed_part: bytes) -> bytes:
    """Return what the machine signs, so that no signature made for something else serves here."""
    return _SIGNED + signed_part


def parse_bundle(data: bytes) -> ParsedBundle:
    """Read a bundle without believing it: sizes, magic, canonical header.

    Raises:
        WireError: `too_large`, `malformed` or `unknown_suite`.
    """
    if len(data) > MAX_BUNDLE_BYTES:
        raise WireError(Flaw.TOO_LARGE)
    header_start = len(MAGIC) + _LENGTH_BYTES
    if data[: len(MAGIC)] != MAGIC or len(data) < header_start:
        raise WireError(Flaw.MALFORMED)
    header_end = header_start + int.from_bytes(data[len(MAGIC) : header_start], "big")
    header = _read_header(data[header_start:header_end])
    signature_start = header_end + header.padded_length + SEAL_BYTES
    if len(data) != signature_start + SIGNATURE_BYTES:
        raise WireError(Flaw.MALFORMED)
    return ParsedBundle(
        header=header,
        name=bundle_name(data),
        signed_part=data[:signature_start],
        associated_data=data[:header_end],
        ciphertext=data[header_end:signature_start],
        signature=data[signature_start:],
    )


def verify_bundle_signature(parsed: ParsedBundle, sign_public_key: bytes) -> None:
    """Check that the machine that holds this key made the bundle, to the last byte.

    Raises:
        WireError: `bad_signature`.
    """
    try:
        key = Ed25519PublicKey.from_public_bytes(sign_public_key)
        key.verify(parsed.signature, signature_input(parsed.signed_part))
    except (InvalidSignature, ValueError) as error:
        raise WireError(Flaw.BAD_SIGNATURE) from error


def _read_header(data: bytes) -> Header:
    try:
        fields = read_canonical(data, MAX_HEADER_BYTES)
    except CanonicalError as error:
        raise WireError(Flaw.MALFORMED) from error
    if not isinstance(fields, dict) or tuple(fields) != _FIELDS:
        raise WireError(Flaw.MALFORMED)
    if not isinstance(fields[10], dict):
        raise WireError(Flaw.MALFORMED)
    header = Header(
        suite=fields[1],
        space=fields[2],
        incarnation=fields[3],
        sequence=fields[4],
        previous=fields[5],
        epoch=fields[6],
        dictionary=fields[7],
        salt=fields[8],
        padded_length=fields[9],
        seen=MappingProxyType(fields[10]),
    )
    _check_header(header)
    return header


def _check_header(header: Header) -> None:
    if type(header.suite) is not int or header.suite != SUITE:  # `true` is none
        raise WireError(Flaw.UNKNOWN_SUITE)
    previous_bytes = 0 if header.sequence == 1 else NAME_BYTES
    well_formed = (
        _is_octets(header.space, SPACE_BYTES)
        and _is_octets(header.incarnation, INCARNATION_BYTES)
        and _is_sequence(header.sequence)
        and _is_octets(header.previous, previous_bytes)
        and _is_octets(header.epoch, EPOCH_BYTES)
        and _is_octets(header.salt, SALT_BYTES)
    )
    if not (well_formed and _has_sound_sizes(header) and _has_sound_seen_vector(header)):
        raise WireError(Flaw.MALFORMED)


def _has_sound_sizes(header: Header) -> bool:
    return (
        _is_count(header.dictionary)
        and _is_count(header.padded_length)
        and header.padded_length == padme_length(header.padded_length)
    )


def _has_sound_seen_vector(header: Header) -> bool:
    return all(
        _is_octets(incarnation, INCARNATION_BYTES) and _is_sequence(sequence)
        for incarnation, sequence in header.seen.items()
    )


def _is_octets(value: object, length: int) -> bool:
    return isinstance(value, bytes) and len(value) == length


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MAX_SEQUENCE


def _is_sequence(value: object) -> bool:
    return _is_count(value) and value != 0
