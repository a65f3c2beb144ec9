"""What a checkpoint asks of the store, beside what the exchange asks: `app.ports.SyncPort`.

A checkpoint of a space keeps what survives of all that was sent up to a *cover*: the last bundle of
each incarnation. What it means is in section 8 of the exchange's text.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.changes import Changes
from app.domain.events import Event
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId, SubjectId
from app.domain.spaces import Space

CHECKPOINT_ASKED = "checkpoint_asked"
"""Memo: the spaces, in hexadecimal, for which somebody asked for a checkpoint by hand."""

CHECKPOINT_STATES = "checkpoints"
"""Memo: JSON, where the checkpoint of each space stood at the last exchange."""

KEYS_DESTROYED = "keys_destroyed"
"""Memo: keys of epochs were destroyed; what could unwrap them again must follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredPlace:
    """The last bundle of an incarnation that a checkpoint covers."""

    incarnation: Incarnation
    sequence: int
    name: BundleName


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What a desk does once a checkpoint is complete.

    `void` names the bundles held above the cover under an ended epoch, `aside` those in quarantine
    that no longer count, `ended_keys` the secrets to destroy; `structures` hold all that is
    covered.
    """

    space: SpaceId
    checkpoint: bytes
    number: int
    cover: tuple[CoveredPlace, ...]
    at_s: int
    void: tuple[BundleName, ...] = ()
    aside: tuple[BundleName, ...] = ()
    ended_keys: tuple[str, ...] = ()
    structures: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """The last checkpoint that this desk adopted in a space."""

    checkpoint: bytes
    number: int
    at_s: int
    cover: Mapping[Incarnation, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What lies above the last cover: bundles, their bytes, and whether something was erased."""

    bundles: int = 0
    size_bytes: int = 0
    has_erased: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectWeight:
    """A subject that survives, and about how many bytes its survivors hold."""

    subject: SubjectId
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What applying survivors did: so many `events` are new here."""

    events: int
    changes: Changes


class CheckpointPort(Protocol):
    """The store as checkpoints see it; each write is durable, and repeating it is harmless."""

    def adopted(self, space: SpaceId) -> Adopted | None:
        """Return the last checkpoint adopted here in a space."""
        ...

    def backlog(self, space: SpaceId) -> Backlog:
        """Return what lies above the last cover of a space."""
        ...

    def heads(self, space: SpaceId) -> tuple[CoveredPlace, ...]:
        """Return the last bundle held of each incarnation, in the order of these."""
        ...

    def holds_place(self, space: SpaceId, place: CoveredPlace) -> bool:
        """Is that bundle held here, or was it, under that name?"""
        ...

    def survivors_digest(self, space: SpaceId, cover: Mapping[Incarnation, int]) -> bytes:
        """Return the digest of what survives here up to a cover; none when content is missing."""
        ...

    def content_digests(self, events: Sequence[Event]) -> list[tuple[EventId, bytes]]:
        """Return the digest of each event, with its identifier."""
        ...

    def survivor_weights(self, space: SpaceId) -> Sequence[SubjectWeight]:
        """Return the subjects that survive of all the bundles held in a space."""
        ...

    def survivors_of(self, space: SpaceId, subjects: Sequence[SubjectId]) -> Sequence[Event]:
        """Return what survives of some subjects, of all the bundles held in a space.

        What was erased before its erasure was sealed has no content any more.
        """
        ...

    def contradicts(
        self,
        space: SpaceId,
        cover: Mapping[Incarnation, int],
        survivors: frozenset[EventId],
        erased: frozenset[SubjectId],
    ) -> bool:
        """Is an event held within a cover, of a subject not erased, that is no survivor?"""
        ...

    def apply_survivors(
        self, space: Space, events: Sequence[Event], *, place: CoveredPlace
    ) -> Applied:
        """Apply survivors of one incarnation as those of a bundle are.

        Raises:
            app.domain.errors.ForgedEventError: one is known here with other content.
            app.domain.errors.CompartmentClosedError: see `SyncPort.settle`.
        """
        ...

    def adopt(self, adoption: Adoption) -> Changes:
        """Adopt a checkpoint: the decision in one transaction, then what it lets go of.

        Keys of ended epochs are overwritten with the decision. `finish_adoption` goes on after a
        cut.
        """
        ...

    def finish_adoption(self, space: SpaceId) -> Changes:
        """Let go of covered bundles and dead events, by short transactions; often nothing."""
        ...

    def keep_pieces(self, space: SpaceId, pieces: Mapping[bytes, bytes]) -> None:
        """Keep pieces of a checkpoint by name."""
        ...

    def piece(self, name: bytes) -> bytes:
        """Return a piece; none if it is not here."""
        ...

    def piece_names(self, space: SpaceId) -> frozenset[bytes]:
        """Return the names of the pieces kept of a space."""
        ...

    def drop_pieces(self, names: Sequence[bytes]) -> None:
        """Let go of pieces."""
        ...

    def turn_keys(self, keep: Mapping[str, bytes], forget: Sequence[str]) -> None:
        """Overwrite secrets and keep others, in one transaction."""
        ...
