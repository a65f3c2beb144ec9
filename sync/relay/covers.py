"""What complete checkpoints stand for, out of the statements: what they cover, end and name.

A checkpoint counts as soon as it waits for nobody, whatever the relay has of it; what it makes
useless is dropped later (`compaction`), once its pieces are here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sync.registry import Registry
from sync.statements import Checkpoint
from sync.wire import Header


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Of which space a piece is, and the machine that made the checkpoint that names it."""

    space: bytes
    machine: bytes


class Covers:
    """The checkpoints of every space, as a registry believes them. It does not change."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._of_spaces: dict[bytes, Mapping[bytes, int]] = {}

    @property
    def spaces(self) -> frozenset[bytes]:
        """The spaces in which something was proposed."""
        return frozenset(body.space for body in self.registry.checkpoints.values())

    @cached_property
    def live_pieces(self) -> Mapping[bytes, Owner]:
        """The pieces, by name, of the checkpoints that count still.

        Those are, in each space, the last complete one and those proposed after it.
        """
        named: dict[bytes, Owner] = {}
        for name, body in self.registry.checkpoints.items():
            complete = self.registry.last_complete(body.space)
            if complete is None or (body.number, name) >= (complete[1].number, complete[0]):
                owner = Owner(space=body.space, machine=body.machine)
                named |= dict.fromkeys(pieces_of(body), owner)
        return named

    def of(self, space: bytes) -> Mapping[bytes, int]:
        """Return the last sequence of each incarnation that a complete checkpoint covers."""
        found = self._of_spaces.get(space)
        if found is None:
            body = self.registry.complete_checkpoint(space)
            found = {one: last for one, last, _ in body.cover} if body else {}
            self._of_spaces[space] = found
        return found

    def is_before(self, header: Header) -> bool:
        """Is a bundle covered by a complete checkpoint, or under an epoch that one has ended?"""
        if header.sequence <= self.of(header.space).get(header.incarnation, 0):
            return True
        return self.registry.has_ended(header.space, header.epoch)


def pieces_of(body: Checkpoint) -> frozenset[bytes]:
    """Return the names of all the pieces of a checkpoint."""
    return frozenset((body.manifest, *body.chunks))
