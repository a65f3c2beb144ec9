"""What the desk asks of the outside world, as protocols: no screen, no network here."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.changes import Changes
from app.checkpoint_port import CheckpointPort
from app.domain.events import Event
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId
from app.domain.spaces import Space
from app.pack_port import PackPort

_UNREAD = Incarnation(b"")

CLOCK_DOUBT = "clock_doubt"
"""Memo: the relay's clock less ours, in whole seconds, while they are far apart; else empty."""


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
    """Bytes kept aside with the reason (a code) why they could not be opened or folded yet.

    `incarnation`, `sequence` and `epoch` come from the header, when it could be read.
    """

    name: BundleName
    space: SpaceId
    reason: str
    data: bytes
    incarnation: Incarnation = _UNREAD
    sequence: int = 0
    epoch: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceAside:
    """A bundle in quarantine without its bytes: where it stands, and what it waits for.

    `incarnation`, `sequence` and `epoch` are empty when its header could not be read.
    """

    name: BundleName
    space: SpaceId
    reason: str
    incarnation: Incarnation = _UNREAD
    sequence: int = 0
    epoch: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class SequenceRange:
    """Some bundles of one incarnation in one space, from `first` to `last`, both included."""

    space: SpaceId
    incarnation: Incarnation
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a settlement did: `applied` events are new here."""

    applied: int = 0
    changes: Changes = field(default_factory=Changes)


class LifePort(Protocol):
    """The lives of a workspace file: see `app.store.lives` and section 1 of the exchange's text.

    A life writes under one incarnation. A file that was restored or cloned begins another, so that
    no identifier is ever given twice.
    """

    def incarnation(self) -> Incarnation:
        """Return the incarnation of the present life."""
        ...

    def former_lives(self) -> frozenset[Incarnation]:
        """Return the incarnations under which this file wrote before."""
        ...

    def begin_life(self) -> Incarnation:
        """Begin another life at once: somebody else leads the present one. Return the new one."""
        ...

    def begin_life_if_copied(self) -> None:
        """Begin another life if the marker outside the file says that the present one is led."""
        ...

    def mark_life(self) -> None:
        """Write outside the file what was sealed: before any byte leaves, by any route."""
        ...

    def has_looked(self) -> bool:
        """Was everything pulled once, since the workspace was opened?"""
        ...

    def note_looked(self) -> None:
        """Remember, until the workspace is closed, that everything was pulled."""
        ...

    def unseal(self, name: BundleName) -> None:
        """Take back a bundle whose place is taken, and those after it: their events wait again."""
        ...

    def rewrite_former(self, lives: Collection[Incarnation] = ()) -> Changes:
        """Write again, under the present life, what former ones left to be sealed.

        To be called when everything that they had sealed was pulled. `lives` are all those of this
        machine: what came of one that this file never led, a copy of it wrote, and nothing that it
        sent is sent twice. A space in which a bundle of one of them is set aside waits, and so does
        a subject with a field sealed for other agents than the one who is here. What it touches is
        one transaction.
        """
        ...


class SyncPort(LifePort, CheckpointPort, PackPort, Protocol):
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
        """Remember which structures take part, and no others: identifier, name, reference."""
        ...

    def structures(self) -> Sequence[tuple[bytes, str, str]]:
        """Return the structures known to take part: identifier, name, directory reference."""
        ...

    def spaces_with_pending(self) -> Sequence[Space]:
        """Return the spaces in which events of the present life wait to be sealed."""
        ...

    def pending(self, space: SpaceId, *, limit: int) -> Sequence[Event]:
        """Return unsealed events of the present life in counter order.

        Confined ones are left out, and those that speak of what a former life left unsealed.
        """
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

    def unsent(self) -> Iterator[SealedBundle]:
        """Give own bundles without a receipt, in the order they must leave; one read at a time."""
        ...

    def bundles_in(self, some: SequenceRange) -> Iterator[SealedBundle]:
        """Give the bundles held in a range, own or not, in their order; one read at a time."""
        ...

    def acknowledged_head(self, space: SpaceId) -> int:
        """Return the sequence of the last own bundle that the relay acknowledged, or is covered.

        Also of one that it has lost since: only a pull tells what it lacks.
        """
        ...

    def note_lacking(self, ranges: Sequence[SequenceRange], *, are_all: bool) -> Changes:
        """Remember which acknowledged bundles the relay no longer keeps.

        Those that it keeps again are believed received again when `are_all` says that these ranges
        are all that it lacks.
        """
        ...

    def mark_sent(self, names: Sequence[BundleName]) -> Changes:
        """Note that the bytes of these bundles were handed over entirely."""
        ...

    def keep_receipts(self, receipts: Mapping[BundleName, tuple[bytes, int]]) -> Changes:
        """Keep checked receipts: by bundle, the statement and the relay's time in seconds.

        The relay keeps these again if it had lost them.
        """
        ...

    def head_of(self, space: SpaceId, incarnation: Incarnation) -> ChainHead:
        """Return the last bundle held here of another incarnation in a space."""
        ...

    def settle(self, pulled: PulledBundle) -> Settled:
        """Apply a bundle, by short transactions; the last one writes its bytes and coverage.

        One that was cut short is settled again without harm.

        Raises:
            app.domain.errors.ForgedEventError: an identifier known here came with other content.
            app.domain.errors.CompartmentClosedError: a former life wrote it, and what it collides
                with can only be written again by an agent who is not here.
        """
        ...

    def keep_aside(self, quarantined: Quarantined) -> None:
        """Put a bundle in quarantine."""
        ...

    def set_aside(self) -> Iterator[Quarantined]:
        """Give what is in quarantine, one read at a time."""
        ...

    def places_aside(self) -> Sequence[PlaceAside]:
        """Return what is in quarantine, without the bytes."""
        ...

    def bytes_aside(self, name: BundleName) -> bytes:
        """Return the bytes of a bundle in quarantine; none if it is not there."""
        ...

    def release(self, name: BundleName) -> None:
        """Take a bundle out of quarantine, once settled."""
        ...

    def note_contact(self, at: dt.datetime) -> None:
        """Remember that the relay really answered."""
        ...

    def note_failure(self, *, code: str, message: str, at: dt.datetime) -> None:
        """Remember why the last attempt failed; a later contact forgets it.

        A disk that has no room even for that raises nothing: it is remembered until closing.
        """
        ...

    def memo(self, name: str) -> str:
        """Return a small text the exchange remembers between runs, empty when unknown."""
        ...

    def keep_memo(self, name: str, text: str) -> None:
        """Remember a small text between runs (an ETag, a back-off)."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """What is held of one incarnation in one space, from `first` to `last`.

    `own` says whether this file wrote it, under its present life or a former one; of such a chain
    `acknowledged` is the sequence up to which the relay has given every receipt.
    """

    incarnation: Incarnation
    own: bool
    first: int
    last: int
    acknowledged: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptHeld:
    """A receipt of another machine's bundle, to be carried back to it."""

    incarnation: Incarnation
    sequence: int
    data: bytes


class StickPort(Protocol):
    """What a stick asks of the store, beside `SyncPort`; the same promises hold.

    A manifest is what a machine says that it holds, signed: the last one read of each is kept.
    """

    def chains(self, space: SpaceId) -> Sequence[Chain]:
        """Return the chains held in a space, in the order of their incarnations."""
        ...

    def held(self, names: Sequence[BundleName]) -> frozenset[BundleName]:
        """Return which of these bundles were settled or sealed here."""
        ...

    def receipts_of_others(self, space: SpaceId) -> Iterator[ReceiptHeld]:
        """Give the receipts of bundles of other machines in a space; one read at a time."""
        ...

    def without_receipt(
        self, names: Sequence[BundleName]
    ) -> Mapping[BundleName, tuple[SpaceId, Incarnation, int]]:
        """Return, of these bundles, the places of those held here without a receipt."""
        ...

    def mark_on_stick(self, names: Sequence[BundleName]) -> Changes:
        """Note that own bundles were written on a stick, durably."""
        ...

    def note_peer_saw(
        self, structure: bytes, space: SpaceId, seen: Mapping[Incarnation, int]
    ) -> Changes:
        """Note up to where a structure says that it holds a space; less than before is ignored."""
        ...

    def manifests(self) -> Sequence[bytes]:
        """Return the last manifest read of each machine."""
        ...

    def keep_manifest(self, machine: bytes, data: bytes) -> None:
        """Keep the manifest of a machine in the place of the former one."""
        ...
