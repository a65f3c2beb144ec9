"""Survivors of a checkpoint sealed in chunks, and the manifest that lists the keys of these.

Each chunk has a key of its own, drawn from its content and from the epoch that first sealed it: the
same content keeps the same bytes from one checkpoint to the next. Keys are told by the manifest
alone, sealed under the checkpoint's epoch: when that key is destroyed, so are those of all that the
next manifest no longer lists. See `sync/PROTOCOL.md`, section 8.
"""

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.domain.events import Event
from app.domain.identifiers import Incarnation, SpaceId, incarnation_of
from sync.canonical import Canonical, Flaw, canonical, read_canonical
from sync.column_bounds import INCARNATION_BYTES, MAX_EVENTS
from sync.column_streams import Room
from sync.columns import decode_events, encode_events
from sync.dictionaries import best_dictionary
from sync.envelope import MAX_PLAIN_BYTES, compress, decompress, pad, unpad
from sync.key_wraps import EpochKey
from sync.pieces import CHUNK_MAGIC, MANIFEST_MAGIC, MAX_PIECE_BYTES, PieceError, piece_space
from sync.wire import epoch_name

SALT_BYTES = 16
MANIFEST_FORMAT = 1

_CHUNK = b"deux-portes/chunk/1\0"
_MANIFEST = b"deux-portes/manifest/1\0"
_KEY_BYTES, _NONCE_BYTES, _NAME_BYTES = 32, 12, 32
_SPACE_END = len(CHUNK_MAGIC) + 16
_CHUNK_HEAD = _SPACE_END + _NONCE_BYTES
_EPOCH_END = _SPACE_END + 16
_MANIFEST_HEAD = _EPOCH_END + SALT_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkEntry:
    """What a manifest says of a chunk: `content` is the SHA-256 of its padded plaintext.

    `key` is the key and the nonce: with them and the same content, anybody seals it again.
    """

    name: bytes
    key: bytes = field(repr=False)
    content: bytes
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedChunk:
    """A chunk with its entry."""

    entry: ChunkEntry
    data: bytes


def seal_chunk(
    epoch: EpochKey, events: Iterable[Event], known: Mapping[bytes, ChunkEntry]
) -> SealedChunk:
    """Seal some survivors of a space, as they were sealed before if they were.

    Args:
        epoch: the key of the checkpoint's epoch.
        events: the survivors, in any order.
        known: the chunks of the checkpoint before, by their `content`.

    Raises:
        FormatError: `too_large`: then seal fewer.
    """
    plain = pad(_plain(events))
    content = hashlib.sha256(plain).digest()
    before = known.get(content)
    info = _CHUNK + epoch.space + content
    key = before.key if before else _derive(epoch.key, salt=None, info=info)
    nonce = key[_KEY_BYTES:]
    head = CHUNK_MAGIC + epoch.space + nonce
    data = head + ChaCha20Poly1305(key[:_KEY_BYTES]).encrypt(nonce, plain, head)
    _check_size(data)
    name = hashlib.sha256(data).digest()
    entry = ChunkEntry(name=name, key=key, content=content, size_bytes=len(data))
    return SealedChunk(entry=entry, data=data)


def open_chunk(space: bytes, entry: ChunkEntry, data: bytes) -> tuple[Event, ...]:
    """Return the events of a chunk.

    Raises:
        FormatError: `malformed`, `too_large` or `cannot_open`.
    """
    if piece_space(data) != space or not data.startswith(CHUNK_MAGIC):
        raise PieceError(Flaw.MALFORMED)
    key, nonce = entry.key[:_KEY_BYTES], entry.key[_KEY_BYTES:]
    if data[_SPACE_END:_CHUNK_HEAD] != nonce:
        raise PieceError(Flaw.CANNOT_OPEN)
    plain = _opened(key, nonce, data, _CHUNK_HEAD)
    if hashlib.sha256(plain).digest() != entry.content:
        raise PieceError(Flaw.CANNOT_OPEN)
    return _events(SpaceId(space), read_canonical(unpad(plain), MAX_PIECE_BYTES))


def seal_manifest(
    epoch: EpochKey,
    entries: Sequence[ChunkEntry],
    random: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Return the piece that lists the chunks of a checkpoint, in their order.

    Raises:
        FormatError: `too_large`.
    """
    listed: list[Canonical] = [
        [entry.name, entry.key, entry.content, entry.size_bytes] for entry in entries
    ]
    head = MANIFEST_MAGIC + epoch.space + epoch.epoch + random(SALT_BYTES)
    key, nonce = _manifest_key(epoch.key, head)
    plain = pad(canonical([MANIFEST_FORMAT, listed]))
    data = head + ChaCha20Poly1305(key).encrypt(nonce, plain, head)
    _check_size(data)
    return data


def open_manifest(space: bytes, epoch_key: bytes, data: bytes) -> tuple[ChunkEntry, ...]:
    """Return the chunks that a manifest lists.

    Raises:
        FormatError: `malformed`, `too_large` or `cannot_open`.
    """
    if piece_space(data) != space or not data.startswith(MANIFEST_MAGIC):
        raise PieceError(Flaw.MALFORMED)
    if data[_SPACE_END:_EPOCH_END] != epoch_name(space, epoch_key):
        raise PieceError(Flaw.CANNOT_OPEN)
    key, nonce = _manifest_key(epoch_key, data[:_MANIFEST_HEAD])
    plain = _opened(key, nonce, data, _MANIFEST_HEAD)
    match read_canonical(unpad(plain), MAX_PIECE_BYTES):
        case (number, tuple(listed)) if type(number) is int and number == MANIFEST_FORMAT:
            return tuple(map(_entry, listed))
        case _:
            raise PieceError(Flaw.MALFORMED)


def _plain(events: Iterable[Event]) -> bytes:
    by_author: dict[Incarnation, list[Event]] = {}
    for event in sorted(events, key=lambda event: event.id):
        by_author.setdefault(incarnation_of(event.id), []).append(event)
    dictionary = best_dictionary()
    groups: list[Canonical] = [
        [incarnation, dictionary, compress(encode_events(incarnation, its), dictionary)]
        for incarnation, its in by_author.items()
    ]
    return canonical(groups)


def _events(space: SpaceId, groups: Canonical) -> tuple[Event, ...]:
    """Read groups one after the other; together they hold no more than one bundle may."""
    if not isinstance(groups, tuple):
        raise PieceError(Flaw.MALFORMED)
    found: list[Event] = []
    room, room_bytes, last = Room(), MAX_PLAIN_BYTES, b""
    for group in groups:
        match group:
            case (bytes(incarnation), int(dictionary), bytes(frame)) if (
                incarnation > last
                and len(incarnation) == INCARNATION_BYTES
                and type(dictionary) is int  # `true` is none
            ):
                columns = decompress(frame, dictionary)
            case _:
                raise PieceError(Flaw.MALFORMED)
        room_bytes, last = room_bytes - len(columns), incarnation
        if room_bytes < 0:
            raise PieceError(Flaw.TOO_LARGE)
        found += decode_events(space, Incarnation(incarnation), columns, room)
        if len(found) > MAX_EVENTS:
            raise PieceError(Flaw.TOO_LARGE)
    return tuple(found)


def _entry(listed: Canonical) -> ChunkEntry:
    match listed:
        case (bytes(name), bytes(key), bytes(content), int(size)) if (
            (len(name), len(content)) == (_NAME_BYTES, _NAME_BYTES)
            and len(key) == _KEY_BYTES + _NONCE_BYTES
            and type(size) is int
            and 0 < size <= MAX_PIECE_BYTES
        ):
            return ChunkEntry(name=name, key=key, content=content, size_bytes=size)
        case _:
            raise PieceError(Flaw.MALFORMED)


def _opened(key: bytes, nonce: bytes, data: bytes, head_bytes: int) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(nonce, data[head_bytes:], data[:head_bytes])
    except (InvalidTag, ValueError) as error:
        raise PieceError(Flaw.CANNOT_OPEN) from error


def _manifest_key(epoch_key: bytes, head: bytes) -> tuple[bytes, bytes]:
    place, salt = head[len(MANIFEST_MAGIC) : _EPOCH_END], head[_EPOCH_END:]
    derived = _derive(epoch_key, salt=salt, info=_MANIFEST + place)
    return derived[:_KEY_BYTES], derived[_KEY_BYTES:]


def _derive(key: bytes, *, salt: bytes | None, info: bytes) -> bytes:
    length = _KEY_BYTES + _NONCE_BYTES
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(key)


def _check_size(data: bytes) -> None:
    if len(data) > MAX_PIECE_BYTES:
        raise PieceError(Flaw.TOO_LARGE)
