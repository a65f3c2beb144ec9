"""Learning from a stick who is who, before anything else on it is believed.

Statements prove themselves: they are taken first, through the same registry as the relay's, and
those that nobody would believe are not kept.
"""

from collections.abc import Collection, Sequence
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

    def statements(self, found: Found, kind: FileKind, audiences: Collection[bytes]) -> list[bytes]:
        """Return the statements of a kind of file that are for some audiences."""
        return [
            statement
            for file in found.manifest.files
            if file.kind is kind and file.audience in audiences
            for statement in statements_of(self.read(found, file)[0])
        ]


def learn(
    port: SyncPort, authority_key: bytes, files: StickFiles, found: Sequence[Found]
) -> Learnt:
    """Take the statements that this desk may know, first those of everybody.

    Raises:
        StickRemovedError: the stick went away; nothing was kept.
    """
    before = registry_of(port, authority_key)
    keyring = Keyring(port)
    came = [
        data for one in found for data in files.statements(one, FileKind.STATEMENTS, {EVERYBODY})
    ]
    registry = before.with_statements(came)
    own = registry.structures_of(keyring.machine.id)
    ours = [
        data
        for one in found
        for data in files.statements(one, FileKind.STATEMENTS, own | spaces_for(one, own))
    ]
    registry = registry.with_statements(ours)
    known = set(map(statement_name, port.statements()))
    new = {statement_name(data): data for data in (*came, *ours)}
    kept = {
        name: data for name, data in new.items() if name not in known and _is_wanted(registry, name)
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


def _is_wanted(registry: Registry, name: bytes) -> bool:
    """Is a statement believed, or does it wait for a person to choose between two?"""
    conflicts = (conflict.statement for conflict in registry.conflicts)
    return registry.believes(name) or name in conflicts
