"""What a desk holds of what a checkpoint covers, and what that checkpoint would make void."""

from collections.abc import Iterator
from dataclasses import dataclass

from app.checkpoint_port import CoveredPlace
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.ports import Chain, SealedBundle, SequenceRange, SyncPort
from sync.registry import Registry
from sync.statements import Checkpoint
from sync.wire import parse_bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Holdings:
    """One checkpoint as one desk sees it: `body` against what is held here."""

    port: SyncPort
    registry: Registry
    body: Checkpoint

    @property
    def space(self) -> SpaceId:
        """The space of the checkpoint."""
        return SpaceId(self.body.space)

    @property
    def cover(self) -> tuple[CoveredPlace, ...]:
        """The last bundle covered of each incarnation."""
        return tuple(
            CoveredPlace(incarnation=Incarnation(one), sequence=last, name=BundleName(name))
            for one, last, name in self.body.cover
        )

    @property
    def last_covered(self) -> dict[Incarnation, int]:
        """The last sequence covered of each incarnation."""
        return {place.incarnation: place.sequence for place in self.cover}

    def is_whole(self) -> bool:
        """Is all that is covered held here, under the names covered?"""
        return all(self.port.holds_place(self.space, place) for place in self.cover)

    def digest(self) -> bytes:
        """Return the digest of what survives here; none when content is missing."""
        return self.port.survivors_digest(self.space, self.last_covered)

    def agrees(self) -> bool:
        """Is all that is covered held here, and does the same survive?"""
        return self.is_whole() and self.digest() == self.body.digest

    def void(self) -> Iterator[BundleName]:
        """Name the bundles held above the cover under an epoch that the checkpoint ends.

        What follows one of them in its chain is void as well: it would stand on nothing.
        """
        for head in self.port.heads(self.space):
            for bundle in self._void_of(head.incarnation, head.sequence):
                yield bundle.name

    def is_void_of(self, incarnation: Incarnation) -> bool:
        """Is there such a bundle in the chain of that incarnation?"""
        head = self.port.head_of(self.space, incarnation)
        return self.sound_until(incarnation, head.sequence) < head.sequence

    def sound_until(self, incarnation: Incarnation, last: int) -> int:
        """Return up to which sequence, `last` at most, nothing of a chain held here is void."""
        void = next(self._void_of(incarnation, last), None)
        return last if void is None else void.sequence - 1

    def was_covered_above(self) -> bool:
        """Does the checkpoint adopted here cover more? It was proposed by who could not load it."""
        adopted, covered = self.port.adopted(self.space), self.last_covered
        formerly = adopted.cover if adopted else {}
        return any(last > covered.get(one, 0) for one, last in formerly.items())

    def aside(self) -> Iterator[BundleName]:
        """Name what is set aside and counts no more: covered, or under an epoch that ends."""
        covered = self.last_covered
        for place in self.port.places_aside():
            is_covered = place.sequence <= covered.get(place.incarnation, 0)
            if place.space == self.space and (is_covered or self._ends(place.epoch)):
                yield place.name

    def _void_of(self, incarnation: Incarnation, last: int) -> Iterator[SealedBundle]:
        first = self.last_covered.get(incarnation, 0) + 1
        above = SequenceRange(space=self.space, incarnation=incarnation, first=first, last=last)
        is_void = False
        for bundle in self.port.bundles_in(above):
            is_void = is_void or self._ends(parse_bundle(bundle.data).header.epoch)
            if is_void:
                yield bundle

    def _ends(self, epoch: bytes) -> bool:
        number = self.registry.epoch_number(self.space, epoch)
        return 0 < number < self.registry.epoch_number(self.space, self.body.epoch)


def stands_on_void(port: SyncPort, registry: Registry, space: SpaceId) -> bool:
    """Would what is sealed now follow a bundle of ours that is void, and be void as well?

    Until the checkpoint that ends its epoch is adopted, when its events are sealed again; the relay
    would keep what follows without it, in the place of what comes then.
    """
    held = _not_adopted(port, registry, space)
    return held is not None and held.is_void_of(port.incarnation())


def void_here(port: SyncPort, registry: Registry) -> frozenset[BundleName]:
    """Name the bundles held here that complete checkpoints make void, not adopted here yet.

    Nobody is given them any more: the relay refuses those of an ended epoch, and what it would take
    of those that follow would hold the place of what their author seals anew.
    """
    found = (_not_adopted(port, registry, SpaceId(space)) for space in registry.spaces)
    return frozenset(name for held in found if held for name in held.void())


def sound_until(port: SyncPort, registry: Registry, space: SpaceId, held: Chain) -> int:
    """Return up to which sequence a chain held here may be handed on: what is void stays."""
    body = _not_adopted(port, registry, space)
    return held.last if body is None else body.sound_until(held.incarnation, held.last)


def _not_adopted(port: SyncPort, registry: Registry, space: SpaceId) -> Holdings | None:
    last, adopted = registry.last_complete(space), port.adopted(space)
    if last is None or (adopted is not None and adopted.checkpoint == last[0]):
        return None
    return Holdings(port=port, registry=registry, body=last[1])
