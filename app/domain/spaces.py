"""Spaces: the groups of machines that may read the same records.

A space is named by its kind and its members, so that two structures that have never exchanged
find the same name for their pair, and nobody can pass one space off as another.
"""

import hashlib
from dataclasses import dataclass
from enum import IntEnum

from app.domain.identifiers import SpaceId, StructureId


class SpaceKind(IntEnum):
    """Who may read: the numbers are part of the exchange format and never change."""

    STRUCTURE = 1
    PAIR = 2
    FIGURES = 3
    TERRITORY = 4


_KINDS = frozenset(map(int, SpaceKind))


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """A space and the members (structures, or the Region's authority) that its name commits to."""

    kind: SpaceKind
    members: tuple[bytes, ...]

    @property
    def id(self) -> SpaceId:
        """The name of the space: sixteen bytes of the SHA-256 of its kind and sorted members."""
        seed = b"deux-portes/space/1\0" + bytes([self.kind, len(self.members)])
        parts = b"".join(bytes([len(member)]) + member for member in sorted(self.members))
        return SpaceId(hashlib.sha256(seed + parts).digest()[:16])


def known_space(kind: int, members: tuple[bytes, ...]) -> Space | None:
    """Return a space as somebody named it; None when a later program made it, of another kind."""
    if kind not in _KINDS:
        return None
    return Space(kind=SpaceKind(kind), members=members)


def structure_space(structure: StructureId) -> Space:
    """Return the space of one structure's own records."""
    return Space(kind=SpaceKind.STRUCTURE, members=(structure,))


def pair_space(one: StructureId, other: StructureId) -> Space:
    """Return the space of all referrals between two structures, the same from either side."""
    return Space(kind=SpaceKind.PAIR, members=tuple(sorted((one, other))))


def figures_space(structure: StructureId, authority: bytes) -> Space:
    """Return the space in which a structure hands figures, never people, to the Region."""
    return Space(kind=SpaceKind.FIGURES, members=(structure, authority))


def territory_space(authority: bytes, territory_code: str) -> Space:
    """Return the space of one territory's coordination (meetings, programme, report)."""
    return Space(kind=SpaceKind.TERRITORY, members=(authority, territory_code.encode()))
