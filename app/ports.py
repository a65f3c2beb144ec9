"""What the desk asks of the outside world, as protocols: no screen, no network here."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.changes import Changes
from app.domain.events import Event
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId
from app.domain.spaces import Space


class Clock(Protocol):
    """The time of this machine, which may be wrong."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainHead:
    """The last bundle sealed here in a space: `sequence` 0 and an empty name before the first."""

    sequence: int
    name: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBundle:
    """A bundle with its exact bytes, as stored before any of them leaves."""

    name: BundleName
    space: SpaceId
    incarnation: Incarnation
    sequence: int
    previous: bytes
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class PulledBundle:
    """An opened bundle of another machine, ready to be settled in one transaction.

    `structure` is the structure whose root signed the author's machine; `seen` is the author's
    seen-vector, which proves what reached them.
    """

    bundle: SealedBundle
    space: Space
    structure: bytes
    events: tuple[Event, ...]
    seen: Mapping[Incarnation, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined:
    """Bytes kept aside with the reason (a code) why they could not be opened or folded yet."""

    name: BundleName
    space: SpaceId
    reason: str
    data: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a settlement did: `applied` events are new here."""

    applied: int = 0
    changes: Changes = field(default_factory=Changes)


class SyncPort(Protocol):
    """The store as the exchange sees it. Every write goes through the writer, after the screen's.

    All methods may be called from the exchange thread. Each write is one durable transaction, and
    repeating any of them is harmless.
    """

    def secrets(self) -> Mapping[str, bytes]:
        """Return this machine's private keys and the epoch keys it holds, by name."""
        ...

    def keep_secrets(self, secrets: Mapping[str, bytes]) -> None:
        """Keep private keys or epoch keys; a name already kept stays as it was."""
        ...

    def statements(self) -> Sequence[bytes]:
        """Return every signed statement known here, with its exact bytes."""
        ...

    def keep_statements(self, statements: Mapping[bytes, bytes]) -> None:
        """Keep signed statements by name."""
        ...

    def note_machines(self, incarnations: Mapping[Incarnation, bytes]) -> None:
        """Remember which structure each believed incarnation belongs to."""
        ...

    def note_structures(self, structures: Sequence[tuple[bytes, str, str]]) -> None:
        """Remember the structures that take part: identifier, name, directory reference."""
        ...

    def structures(self) -> Sequence[tuple[bytes, str, str]]:
        """Return the structures known to take part: identifier, name, directory reference."""
        ...

    def incarnation(self) -> Incarnation:
        """Return this file's incarnation."""
        ...

    def spaces_with_pending(self) -> Sequence[Space]:
        """Return the spaces in which events wait to be sealed."""
        ...

    def pending(self, space: SpaceId, *, limit: int) -> Sequence[Event]:
        """Return unsealed events of this machine in counter order, confined ones left out."""
        ...

    def head(self, space: SpaceId) -> ChainHead:
        """Return the last bundle this incarnation sealed in a space."""
        ...

    def seen(self, space: SpaceId) -> Mapping[Incarnation, int]:
        """Return, per other incarnation, the sequence up to which every bundle is held here."""
        ...

    def events_in(self, names: Sequence[BundleName]) -> int:
        """Return how many events these bundles carry."""
        ...

    def keep_sealed(self, bundle: SealedBundle, events: Sequence[EventId]) -> bool:
        """Store a bundle and assign its events to it, in one transaction.

        Returns:
            False, and nothing is written, when the chain or the events moved meanwhile.
        """
        ...

    def unsent(self) -> Sequence[SealedBundle]:
        """Return own bundles without a receipt, in the order they must leave."""
        ...

    def mark_sent(self, names: Sequence[BundleName]) -> Changes:
        """Note that the bytes of these bundles were handed over entirely."""
        ...

    def keep_receipts(self, receipts: Mapping[BundleName, tuple[bytes, int]]) -> Changes:
        """Keep checked receipts: by bundle, the statement and the relay's time in seconds."""
        ...

    def head_of(self, space: SpaceId, incarnation: Incarnation) -> ChainHead:
        """Return the last bundle held here of another incarnation in a space."""
        ...

    def settle(self, pulled: PulledBundle) -> Settled:
        """Apply a bundle: bytes, coverage, events and fold, in one transaction.

        Raises:
            app.domain.errors.ForgedEventError: an identifier known here came with other content.
        """
        ...

    def keep_aside(self, quarantined: Quarantined) -> None:
        """Put a bundle in quarantine."""
        ...

    def set_aside(self) -> Sequence[Quarantined]:
        """Return what is in quarantine, to be tried again."""
        ...

    def release(self, name: BundleName) -> None:
        """Take a bundle out of quarantine, once settled."""
        ...

    def note_contact(self, at: dt.datetime) -> None:
        """Remember that the relay really answered."""
        ...

    def note_failure(self, *, code: str, message: str, at: dt.datetime) -> None:
        """Remember why the last attempt failed; a later contact forgets it."""
        ...

    def memo(self, name: str) -> str:
        """Return a small text the exchange remembers between runs, empty when unknown."""
        ...

    def keep_memo(self, name: str, text: str) -> None:
        """Remember a small text between runs (an ETag, a back-off)."""
        ...
