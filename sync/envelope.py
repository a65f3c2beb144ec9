"""Columns of events sealed in a bundle, and opened again.

Suite 1: zstd with a shipped dictionary, Padmé, HKDF-SHA256, ChaCha20-Poly1305, Ed25519; see
`sync/PROTOCOL.md`, section 3.
A bundle is sealed once: its bytes are stored before any of them leaves, and the same sequence is
never sealed again.
"""

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.canonical import Flaw, FormatError
from sync.dictionaries import NO_DICTIONARY, best_dictionary, shipped_dictionary
from sync.wire import (
    MAX_BUNDLE_BYTES,
    SALT_BYTES,
    SEAL_BYTES,
    SIGNATURE_BYTES,
    Header,
    ParsedBundle,
    epoch_name,
    opening_bytes,
    padme_length,
    signature_input,
)

if sys.version_info >= (3, 14):  # pragma: no cover - older ones have it from elsewhere
    from compression import zstd
else:
    from backports import zstd

MAX_PLAIN_BYTES = 16 * 1_048_576

_INFO = b"deux-portes/bundle/1\0"
_KEY_BYTES = 32
_NONCE_BYTES = 12
_SEQUENCE_BYTES = 8
_LENGTH_BYTES = 4
_LARGE_BYTES = 65_536
"""Columns from which the strongest compression takes twice the time for two bytes in a thousand."""

_LEVEL, _LEVEL_OF_LARGE = 19, 15
_ZSTD_READING: Mapping[int, int] = {zstd.DecompressionParameter.window_log_max: 24}


class EnvelopeError(FormatError):
    """The columns cannot be sealed, or the bundle cannot be opened.

    Codes: `cannot_open` (another key, or a dictionary we have not), `too_large`, `malformed`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a bundle stands: its space, its author's chain, its epoch, what its author had seen."""

    space: bytes
    incarnation: bytes
    sequence: int
    previous: bytes
    epoch: bytes
    seen: Mapping[bytes, int] = field(default_factory=dict)

    def header(self, *, dictionary: int, salt: bytes, padded_length: int) -> Header:
        """Return the header of the bundle that stands there."""
        return Header(
            space=self.space,
            incarnation=self.incarnation,
            sequence=self.sequence,
            previous=self.previous,
            epoch=self.epoch,
            dictionary=dictionary,
            salt=salt,
            padded_length=padded_length,
            seen=self.seen,
        )


def seal(
    columns: bytes,
    place: Place,
    *,
    epoch_key: bytes,
    sign_key: Ed25519PrivateKey,
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return the bytes of a bundle, to be stored before any of them leaves.

    Args:
        columns: events as `encode_events` writes them.
        place: the rest of the header; its epoch must be that of the key.
        epoch_key: the 32 bytes that members of the space share.
        sign_key: the machine's own.
        random: gives the salt; another one is for test vectors only.

    Raises:
        EnvelopeError: `too_large` (then seal fewer events), or `cannot_open` when the key is not
            that of the epoch, so that nobody could open the bundle.
        WireError: a field of the place is malformed.
    """
    if len(columns) > MAX_PLAIN_BYTES:
        raise EnvelopeError(Flaw.TOO_LARGE)
    dictionary = best_dictionary()
    plaintext = pad(compress(columns, dictionary))
    header = place.header(
        dictionary=dictionary, salt=random(SALT_BYTES), padded_length=len(plaintext)
    )
    opening = opening_bytes(header)
    if len(opening) + len(plaintext) + SEAL_BYTES + SIGNATURE_BYTES > MAX_BUNDLE_BYTES:
        raise EnvelopeError(Flaw.TOO_LARGE)
    key, nonce = _derive(header, epoch_key)
    signed_part = opening + ChaCha20Poly1305(key).encrypt(nonce, plaintext, opening)
    return signed_part + sign_key.sign(signature_input(signed_part))


def open_bundle(parsed: ParsedBundle, epoch_key: bytes) -> bytes:
    """Return the columns of a bundle whose signature has been verified.

    Raises:
        EnvelopeError: `cannot_open`, `malformed` or `too_large`.
    """
    key, nonce = _derive(parsed.header, epoch_key)
    try:
        plaintext = ChaCha20Poly1305(key).decrypt(
            nonce,
            parsed.ciphertext,
            parsed.associated_data,
        )
    except InvalidTag as error:
        raise EnvelopeError(Flaw.CANNOT_OPEN) from error
    return decompress(unpad(plaintext), parsed.header.dictionary)


def _derive(header: Header, epoch_key: bytes) -> tuple[bytes, bytes]:
    # ChaCha20-Poly1305 does not commit to its key: two keys may open one ciphertext. The name of
    # the epoch does.
    if epoch_name(header.space, epoch_key) != header.epoch:
        raise EnvelopeError(Flaw.CANNOT_OPEN)
    sequence = header.sequence.to_bytes(_SEQUENCE_BYTES, "big")
    derivation = HKDF(
        algorithm=SHA256(),
        length=_KEY_BYTES + _NONCE_BYTES,
        salt=header.salt,
        info=_INFO + header.space + header.incarnation + sequence,
    )
    derived = derivation.derive(epoch_key)
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]


def pad(frame: bytes) -> bytes:
    """Give a plaintext its length, and zeros up to its Padmé length."""
    plain = len(frame).to_bytes(_LENGTH_BYTES, "big") + frame
    return plain.ljust(padme_length(len(plain)), b"\0")


def unpad(plaintext: bytes) -> bytes:
    """Take back what `pad` added.

    Raises:
        EnvelopeError: `malformed`: a length or a padding that `pad` does not give.
    """
    end = _LENGTH_BYTES + int.from_bytes(plaintext[:_LENGTH_BYTES], "big")
    frame = plaintext[_LENGTH_BYTES:end]
    if plaintext != pad(frame):
        raise EnvelopeError(Flaw.MALFORMED)
    return frame


def compress(columns: bytes, dictionary: int) -> bytes:
    """Return columns as one zstd frame, with a shipped dictionary."""
    trained = shipped_dictionary(dictionary)
    # Digested once and kept: a small bundle would take ten times as long otherwise.
    digested = trained.as_digested_dict if trained is not None else None
    writing: Mapping[int, int] = {
        zstd.CompressionParameter.compression_level: (
            _LEVEL if len(columns) < _LARGE_BYTES else _LEVEL_OF_LARGE
        ),
        zstd.CompressionParameter.dict_id_flag: 0,  # the header of the bundle says it already
    }
    return zstd.compress(columns, options=writing, zstd_dict=digested)


def decompress(frame: bytes, dictionary: int) -> bytes:
    """Decompress one whole frame, giving up before a small one becomes a large object.

    Raises:
        EnvelopeError: `cannot_open` (a dictionary we have not), `malformed` or `too_large`.
    """
    trained = shipped_dictionary(dictionary)
    if trained is None and dictionary != NO_DICTIONARY:
        raise EnvelopeError(Flaw.CANNOT_OPEN)
    decompressor = zstd.ZstdDecompressor(trained, _ZSTD_READING)
    try:
        columns = decompressor.decompress(frame, max_length=MAX_PLAIN_BYTES + 1)
    except zstd.ZstdError as error:
        raise EnvelopeError(Flaw.MALFORMED) from error
    if len(columns) > MAX_PLAIN_BYTES:
        raise EnvelopeError(Flaw.TOO_LARGE)
    if not decompressor.eof or decompressor.unused_data:
        raise EnvelopeError(Flaw.MALFORMED)
    return columns
