"""Pieces of checkpoints on a stick: what a relay would hold, for who reads from sticks alone."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from app.domain.identifiers import SpaceId
from app.ports import SyncPort
from sync.registry import Registry
from sync.stick.findings import Found
from sync.stick.learning import StickFiles
from sync.stick.manifest import FileKind
from sync.stick.packs import Pack, bundles_of, piece_packs


def packs_of_pieces(
    port: SyncPort, registry: Registry, spaces: Iterable[SpaceId]
) -> Iterator[Pack]:
    """Give the files of the pieces held here of checkpoints that count."""
    for space in spaces:
        held = port.piece_names(space)
        names = [name for name in _named(registry, space) if name in held]
        yield from piece_packs(space, ((name, port.piece(name)) for name in names))


def keep_pieces(
    port: SyncPort,
    registry: Registry,
    files: StickFiles,
    found: Sequence[Found],
    spaces: Collection[bytes],
) -> None:
    """Keep the pieces of a stick that checkpoints of our spaces name and that are not here.

    Raises:
        StickRemovedError: the stick went away; what was kept stays.
    """
    wanted = {
        space: set(_named(registry, space)) - port.piece_names(SpaceId(space)) for space in spaces
    }
    for one in found:
        for file in one.manifest.files:
            if file.kind is FileKind.PIECES and wanted.get(file.audience):
                data, _ = files.read(one, file)
                for name, piece in bundles_of(data):
                    if name in wanted[file.audience]:
                        port.keep_pieces(SpaceId(file.audience), {name: piece})
                        wanted[file.audience].discard(name)


def _named(registry: Registry, space: bytes) -> list[bytes]:
    """Name the pieces of the last checkpoint proposed in a space, and of the last complete one."""
    lasts = (registry.last_complete(space), registry.last_proposal(space))
    bodies = [last[1] for last in lasts if last]
    return list(dict.fromkeys(name for body in bodies for name in (*body.chunks, body.manifest)))
