"""What the readers of a stick hold already, by the manifests that they wrote: it is left out."""

from collections.abc import Iterable, Mapping

from sync.registry import Registry
from sync.stick.manifest import Manifest


class Readers:
    """The other machines that wrote manifests, on this stick or on one read before.

    Of several manifests of one machine the least counts: it may have lost what it held.
    """

    def __init__(self, registry: Registry, machine: bytes, manifests: Iterable[Manifest]) -> None:
        self._registry = registry
        self._own = registry.structures_of(machine)
        self._said: dict[bytes, list[Manifest]] = {}
        for manifest in manifests:
            if manifest.machine != machine:
                self._said.setdefault(manifest.machine, []).append(manifest)

    def covers(self, space: bytes) -> Mapping[bytes, int]:
        """Return, per incarnation, up to where every reader of a space says that it holds it.

        Nothing is covered before each other member has said so once: a structure that never wrote
        on a stick may read this one.
        """
        readers = [one for one in self._said if self._registry.machine_may(space, one)]
        if not readers or not self._waited_for(space) <= self._structures_of(readers):
            return {}
        held = [_least(self._said[reader], space) for reader in readers]
        common = set.intersection(*(set(one) for one in held))
        return {incarnation: min(one[incarnation] for one in held) for incarnation in common}

    def acknowledged(self, space: bytes, incarnation: bytes) -> int:
        """Return up to where the author of a chain says that it has the relay's receipts."""
        machine = self._registry.incarnations.get(incarnation, b"")
        told = [
            held.acknowledged
            for manifest in self._said.get(machine, ())
            if manifest.incarnation == incarnation
            and (held := manifest.spaces.get(space)) is not None
        ]
        return min(told, default=0)

    def _waited_for(self, space: bytes) -> set[bytes]:
        """Return the other structures that may read: those certified and not removed."""
        return {
            member
            for member in self._registry.members_of_space(space) - self._own
            if member in self._registry.structures and not self._registry.is_revoked(member)
        }

    def _structures_of(self, machines: Iterable[bytes]) -> set[bytes]:
        return {
            structure
            for machine in machines
            for structure in self._registry.active_structures_of(machine)
        }


def _least(manifests: list[Manifest], space: bytes) -> dict[bytes, int]:
    held = [manifest.holds(space) for manifest in manifests]
    common = set.intersection(*(set(one) for one in held))
    return {incarnation: min(one[incarnation] for one in held) for incarnation in common}
