"""How much room structures and machines take, and whether there is some left for them.

What a structure wrote counts for it, whoever brings it; what is begun counts for the machine that
brings it. The count of a structure is made from the bundles themselves, now and then, so that
whatever removes bundles need not know of it; between two counts this process adds what it keeps.
Other processes over the same database add theirs at the next count: quotas bound, they do not bill.

Pieces of checkpoints have as much room again, beside the bundles that they will make useless: a
structure without room left could not make any otherwise.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from sync.registry import Registry
from sync.relay.limits import Limits
from sync.relay.tables import bundles, parts, pieces

_COUNTED_FOR_S = 600


@dataclass(slots=True)
class _Count:
    bytes_kept: int
    counted_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """What a machine has begun to bring and not ended: bundles, and bytes of them."""

    uploads: int
    bytes_kept: int


@dataclass(frozen=True, kw_only=True)
class Quotas:
    """The room of structures and machines. Used inside transactions of the one writer."""

    limits: Limits = field(default_factory=Limits)
    monotonic: Callable[[], float] = time.monotonic
    _counts: dict[bytes, _Count] = field(default_factory=dict)

    def has_room(
        self, connection: Connection, registry: Registry, structure: bytes, more_bytes: int
    ) -> bool:
        """Is there room for so many more bytes of what a structure wrote?"""
        count = self._counts.get(structure)
        now = self.monotonic()
        if count is None or now - count.counted_at > _COUNTED_FOR_S:
            count = _Count(_bytes_of(connection, registry, structure), now)
            self._counts[structure] = count
        return count.bytes_kept + more_bytes <= self.limits.kept_bytes

    def has_piece_room(
        self, connection: Connection, registry: Registry, structure: bytes, more_bytes: int
    ) -> bool:
        """Is there room for so many more bytes of pieces of a structure's checkpoints?"""
        kept = select(func.coalesce(func.sum(pieces.c.size), 0)).where(
            pieces.c.machine.in_(_machines_of(registry, structure))
        )
        return int(connection.scalar(kept) or 0) + more_bytes <= self.limits.kept_bytes

    def count_again(self) -> None:
        """Forget the counts: much was removed."""
        self._counts.clear()

    def note_kept(self, structure: bytes, size_bytes: int) -> None:
        """Add what was kept since the last count."""
        count = self._counts.get(structure)
        if count is not None:
            count.bytes_kept += size_bytes

    def may_begin(self, begun: Begun, more_bytes: int) -> bool:
        """May a machine that has begun so much keep so many more bytes of one more bundle?"""
        return (
            begun.uploads < self.limits.partial_uploads
            and begun.bytes_kept + more_bytes <= self.limits.partial_bytes
        )


def begun_by(connection: Connection, machine: bytes, *, beside: bytes) -> Begun:
    """Count what a machine has begun, without the bundle of the name `beside`."""
    size = func.coalesce(func.sum(func.length(parts.c.bytes)), 0)
    counted = select(func.count(parts.c.name.distinct()), size).where(
        parts.c.machine == machine, parts.c.name != beside
    )
    uploads, size_bytes = connection.execute(counted).one()
    return Begun(uploads=uploads, bytes_kept=int(size_bytes))


def structure_of(registry: Registry, machine: bytes) -> bytes:
    """Return the structure for which a machine's bundles count, the same at every call."""
    return min(registry.structures_of(machine), default=b"")


def _machines_of(registry: Registry, structure: bytes) -> set[bytes]:
    return {name for name in registry.machines if structure_of(registry, name) == structure}


def _bytes_of(connection: Connection, registry: Registry, structure: bytes) -> int:
    """Add up the bundles and beginnings of a structure's machines, by the index of bundles."""
    machines = _machines_of(registry, structure)
    writing = [name for name, machine in registry.incarnations.items() if machine in machines]
    spaces = [name for name, told in registry.spaces.items() if structure in told.members]
    whole = select(func.coalesce(func.sum(bundles.c.size), 0)).where(
        bundles.c.space.in_(spaces), bundles.c.incarnation.in_(writing)
    )
    begun = select(func.coalesce(func.sum(func.length(parts.c.bytes)), 0)).where(
        parts.c.machine.in_(machines)
    )
    return int(connection.scalar(whole) or 0) + int(connection.scalar(begun) or 0)
