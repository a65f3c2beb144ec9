"""What the arrival of the Region's packs asks of the store, beside what the exchange asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from app.changes import Changes


class PackState(StrEnum):
    """Where a pack is: its bytes come, it came whole and is the Region's, it was imported.

    One that was `refused` is not the Region's: only its name is remembered, so that it is not
    fetched again. One that is `unreadable` is the Region's, and cannot be imported here.
    """

    ARRIVING = "arriving"
    ARRIVED = "arrived"
    IMPORTED = "imported"
    REFUSED = "refused"
    UNREADABLE = "unreadable"


IS_THE_REGIONS = frozenset({PackState.ARRIVED, PackState.IMPORTED, PackState.UNREADABLE})
"""The states in which the signature of a pack was found good: when it was made is believed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackHere:
    """A pack as it stands here. `held_bytes` of its `size` came; `reason` is a code, or "".

    `made_s` is when the Region made it, in seconds since 1970: while it is arriving, as the relay
    says.
    """

    name: bytes
    kind: str
    made_s: int
    size: int
    held_bytes: int
    state: PackState
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WholePack:
    """A pack whose signature was found good, with all its bytes."""

    name: bytes
    kind: str
    made_s: int
    data: bytes


class PackPort(Protocol):
    """The store as packs see it; each write is durable and short, and repeating it is harmless."""

    def packs(self) -> Sequence[PackHere]:
        """Return the packs known here, the one made last first."""
        ...

    def begin_pack(self, *, name: bytes, kind: str, made_s: int, size: int) -> int:
        """Make ready for the bytes of a pack; return how many are here already.

        Others of its kind that were arriving are forgotten.
        """
        ...

    def add_to_pack(self, name: bytes, data: bytes) -> None:
        """Keep the next bytes of a pack that is arriving."""
        ...

    def pack_bytes(self, name: bytes) -> bytes:
        """Return what is here of a pack."""
        ...

    def settle_pack(self, name: bytes, state: PackState, *, reason: str = "") -> Changes:
        """Write what became of a pack.

        One that arrived takes the place of the others of its kind; of one that is refused no byte
        is kept.
        """
        ...

    def forget_pack(self, name: bytes) -> None:
        """Forget a pack that no longer comes."""
        ...

    def written_here(self) -> int:
        """Return a number that moves with each event written on this machine."""
        ...
