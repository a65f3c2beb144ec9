"""Many bundles or statements in one file: sticks are slow with small files and waste room on them.

Files hold the same frames as the network's bodies, up to four megabytes each, cut in one order, so
that what a stick holds already is found again under the same name.
"""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass

from app.domain.identifiers import BundleName
from app.ports import SealedBundle
from sync.canonical import FormatError
from sync.frames import (
    FrameReader,
    StatementFrameReader,
    encode_frame,
    encode_statement_frames,
)
from sync.stick.manifest import MAX_FILE_BYTES, FileKind, StickFile
from sync.wire import bundle_name


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A file to write: what the manifest says of it, its bytes, and the bundles it holds.

    `count` is how many bundles, statements or receipts there are in it.
    """

    file: StickFile
    data: bytes
    count: int
    names: tuple[BundleName, ...] = ()


def bundle_packs(audience: bytes, bundles: Iterable[SealedBundle]) -> Iterator[Pack]:
    """Put bundles in files, in the order in which they come."""
    framed = ((bundle.name, encode_frame(bundle.name, bundle.data)) for bundle in bundles)
    for names, data in _cut(framed):
        file = _file(FileKind.BUNDLES, audience, data)
        yield Pack(file=file, data=data, count=len(names), names=tuple(names))


def statement_packs(kind: FileKind, audience: bytes, statements: Iterable[bytes]) -> Iterator[Pack]:
    """Put statements or receipts in files, in the order in which they come."""
    framed = ((BundleName(b""), encode_statement_frames([data])) for data in statements)
    for names, data in _cut(framed):
        yield Pack(file=_file(kind, audience, data), data=data, count=len(names))


def piece_packs(audience: bytes, pieces: Iterable[tuple[bytes, bytes]]) -> Iterator[Pack]:
    """Put pieces of checkpoints in files, in the order in which they come."""
    framed = ((BundleName(b""), encode_frame(name, data)) for name, data in pieces)
    for names, data in _cut(framed):
        yield Pack(file=_file(FileKind.PIECES, audience, data), data=data, count=len(names))


def bundles_of(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the whole bundles of a file that bear their names, and stop where it is damaged."""
    with suppress(FormatError):
        for piece in FrameReader().feed(data):
            is_whole = piece.offset == 0 and piece.reaches_end
            if is_whole and bundle_name(piece.data) == piece.name:
                yield piece.name, piece.data


def statements_of(data: bytes) -> Iterator[bytes]:
    """Give the whole statements of a file, and stop where it is damaged."""
    with suppress(FormatError):
        yield from StatementFrameReader().feed(data)


def _cut(framed: Iterable[tuple[BundleName, bytes]]) -> Iterator[tuple[list[BundleName], bytes]]:
    names: list[BundleName] = []
    data = bytearray()
    for name, frame in framed:
        if data and len(data) + len(frame) > MAX_FILE_BYTES:
            yield names, bytes(data)
            names, data = [], bytearray()
        names.append(name)
        data += frame
    if data:
        yield names, bytes(data)


def _file(kind: FileKind, audience: bytes, data: bytes) -> StickFile:
    digest = hashlib.sha256(data).digest()
    return StickFile(kind=kind, audience=audience, size=len(data), digest=digest)
