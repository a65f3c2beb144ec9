"""Learning from a stick who is who, before anything else on it is believed.

Statements prove themselves: they are taken first, through the same registry as the relay's, and
those that nobody would believe are not kept.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.ports import SyncPort
from sync.beliefs import note_registry, registry_of
from sync.keyring import Keyring
from sync.registry import Registry
from sync.statements import statement_name
from sync.stick.findings import Found
from sync.stick.folder import DamagedFileError, StickFolder
from sync.stick.manifest import EVERYBODY, FileKind, StickFile
from sync.stick.packs import statements_of

AT_ONCE_BYTES = 16 * 1_048_576
"""What is weighed at once of the statements that a stick brings."""

_STATEMENT_BYTES = 1_024
"""What a small one takes in memory besides its own bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What is believed now: `new` counts the statements kept, `structures` names who was met."""

    registry: Registry
    new: int
    structures: tuple[str, ...]


class StickFiles:
    """The files of a stick that are for this desk, and those found damaged.

    Attributes:
        damaged: folder and name of each file that is missing, cut short or changed.
    """

    def __init__(self, stick: StickFolder) -> None:
        self.damaged: set[tuple[str, str]] = set()
        self._stick = stick

    def read(self, found: Found, file: StickFile) -> tuple[bytes, bool]:
        """Return what is left of a file, perhaps nothing, and whether it is whole.

        Raises:
            StickRemovedError: the stick went away.
        """
        data, is_whole = b"", False
        with suppress(DamagedFileError):
            data, is_whole = self._stick.read(found.folder, file)
        if not is_whole:
            self.damaged.add((found.folder.name, file.name))
        return data, is_whole

    def statements(
        self, found: Found, kind: FileKind, audiences: Collection[bytes]
    ) -> Iterator[bytes]:
        """Give the statements of a kind of file that are for some audiences; a file at a time."""
        for file in found.manifest.files:
            if file.kind is kind and file.audience in audiences:
                yield from statements_of(self.read(found, file)[0])


def learn(
    port: SyncPort, authority_key: bytes, files: StickFiles, found: Sequence[Found]
) -> Learnt:
    """Take the statements that this desk may know, first those of everybody.

    Raises:
        StickRemovedError: the stick went away; nothing was kept.
    """
    before = registry_of(port, authority_key)
    keyring = Keyring(port)

    def came(audiences_of: Callable[[Found], Collection[bytes]]) -> Iterator[bytes]:
        for one in found:
            yield from files.statements(one, FileKind.STATEMENTS, audiences_of(one))

    known = with_believed(before, lambda: came(lambda _one: {EVERYBODY}))
    own = known.structures_of(keyring.machine.id)
    known = with_believed(known, lambda: came(lambda one: own | spaces_for(one, own)))
    held = set(map(statement_name, port.statements()))
    kept = {
        name: data
        for data in known.believed_statements()
        if (name := statement_name(data)) not in held
    } | {
        one.statement: known.statement_bytes(one.statement)
        for one in known.conflicts
        if one.statement not in held
    }
    port.keep_statements(kept)
    # Anew: what was not kept must not be believed either, nor stand in the way.
    registry = registry_of(port, authority_key)
    note_registry(port, registry)
    keyring.learn(registry)
    met = [body for name, body in registry.structures.items() if name not in before.structures]
    return Learnt(
        registry=registry,
        new=len(kept),
        structures=tuple(sorted(body.name for body in met if body.structure not in own)),
    )


def spaces_for(found: Found, structures: Collection[bytes]) -> set[bytes]:
    """Return the spaces of a manifest of which one of these structures is a member."""
    return {
        space
        for space, held in found.manifest.spaces.items()
        if not set(structures).isdisjoint(held.members)
    }


def with_believed(registry: Registry, came: Callable[[], Iterator[bytes]]) -> Registry:
    """Return what is believed with the statements that come, some megabytes at a time.

    They are read again as long as one that waited may be believed by what came after it: of what
    nobody would believe, however much a stick holds, nothing stays in memory.
    """
    while True:
        before, batches = registry, 0
        for batch in _batches(came(), registry):
            batches += 1
            with_all = registry.with_statements(batch.values())
            wanted = [data for name, data in batch.items() if _is_wanted(with_all, name)]
            registry = registry.with_statements(wanted) if wanted else registry
        if batches <= 1 or registry is before:
            return registry


def _batches(statements: Iterable[bytes], known: Registry) -> Iterator[dict[bytes, bytes]]:
    """Group those that are new, each once."""
    batch: dict[bytes, bytes] = {}
    filled = 0
    for data in statements:
        name = statement_name(data)
        if name not in batch and not known.knows(name):
            batch[name] = data
            filled += len(data) + _STATEMENT_BYTES
        if filled > AT_ONCE_BYTES:
            yield batch
            batch, filled = {}, 0
    if batch:
        yield batch


def _is_wanted(registry: Registry, name: bytes) -> bool:
    """Is a statement believed, or does it wait for a person to choose between two?"""
    conflicts = (conflict.statement for conflict in registry.conflicts)
    return registry.believes(name) or name in conflicts
