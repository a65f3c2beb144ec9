"""Making the pieces of a checkpoint out of what survives here, and reading them back elsewhere."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from app.checkpoint_port import CheckpointPort
from app.domain.events import ERASE, Event
from app.domain.identifiers import EventId, SpaceId, SubjectId
from sync.buckets import Weight, buckets
from sync.canonical import Flaw, FormatError
from sync.chunks import (
    ChunkEntry,
    SealedChunk,
    open_chunk,
    open_manifest,
    seal_chunk,
    seal_manifest,
)
from sync.columns import MAX_EVENTS
from sync.key_wraps import EpochKey
from sync.pieces import PieceError
from sync.statements import Checkpoint

_DIGEST = b"deux-portes/survivors/1\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """The pieces of a checkpoint, by name, and what its statement says of them."""

    digest: bytes
    manifest: bytes
    chunks: tuple[bytes, ...]
    pieces: Mapping[bytes, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survivors:
    """What pieces hold, checked against the digest: who survives, and who was erased."""

    events: frozenset[EventId]
    erased: frozenset[SubjectId]
    entries: tuple[ChunkEntry, ...]


def build(port: CheckpointPort, epoch: EpochKey, known: Mapping[bytes, ChunkEntry]) -> Built:
    """Seal all that survives of the bundles held in the space of an epoch.

    Args:
        port: the store.
        epoch: the checkpoint's own.
        known: the chunks of the checkpoint before, by their content: those keep their bytes.
    """
    space = SpaceId(epoch.space)
    digests: list[tuple[EventId, bytes]] = []
    chunks: list[SealedChunk] = []
    weights = [
        Weight(subject=one.subject, size_bytes=one.size_bytes)
        for one in port.survivor_weights(space)
    ]
    for subjects in buckets(weights):
        events = sorted(port.survivors_of(space, subjects), key=lambda event: event.id)
        digests += port.content_digests(events)
        chunks += _sealed(epoch, events, known)
    manifest = seal_manifest(epoch, [chunk.entry for chunk in chunks])
    name = hashlib.sha256(manifest).digest()
    return Built(
        digest=_digest(space, digests),
        manifest=name,
        chunks=tuple(chunk.entry.name for chunk in chunks),
        pieces={chunk.entry.name: chunk.data for chunk in chunks} | {name: manifest},
    )


def read_pieces(port: CheckpointPort, body: Checkpoint, epoch_key: bytes) -> Survivors:
    """Read the pieces kept here of a checkpoint, whole, before anything of them is applied.

    Raises:
        FormatError: they are not what the checkpoint says.
    """
    entries = open_manifest(body.space, epoch_key, port.piece(body.manifest))
    if tuple(entry.name for entry in entries) != body.chunks:
        raise PieceError(Flaw.MALFORMED)
    authors = frozenset(incarnation for incarnation, _, _ in body.cover)
    digests: list[tuple[EventId, bytes]] = []
    erased: set[SubjectId] = set()
    for events in events_of(port, body, entries):
        if any(event.id[:8] not in authors for event in events):
            raise PieceError(Flaw.MALFORMED)
        digests += port.content_digests(events)
        ends = (event for event in events if event.kind == ERASE and event.is_known)
        erased |= {event.subject for event in ends}
    if _digest(SpaceId(body.space), digests) != body.digest:
        raise PieceError(Flaw.MALFORMED)
    events_held = frozenset(name for name, _ in digests)
    return Survivors(events=events_held, erased=frozenset(erased), entries=entries)


def events_of(
    port: CheckpointPort, body: Checkpoint, entries: Sequence[ChunkEntry]
) -> Iterator[tuple[Event, ...]]:
    """Give the events of each chunk kept here."""
    for entry in entries:
        yield open_chunk(body.space, entry, port.piece(entry.name))


def _sealed(
    epoch: EpochKey, events: Sequence[Event], known: Mapping[bytes, ChunkEntry]
) -> list[SealedChunk]:
    """Seal the events of a bucket, in one chunk unless it is too large for one."""
    if len(events) <= MAX_EVENTS:
        try:
            return [seal_chunk(epoch, events, known)]
        except FormatError as error:
            if error.code != Flaw.TOO_LARGE or len(events) == 1:
                raise
    half = len(events) // 2
    return _sealed(epoch, events[:half], known) + _sealed(epoch, events[half:], known)


def _digest(space: SpaceId, digests: Sequence[tuple[EventId, bytes]]) -> bytes:
    total = hashlib.sha256(_DIGEST + space)
    for _, one in sorted(digests):
        total.update(one)
    return total.digest()
