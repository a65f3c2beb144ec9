"""Which bundles of removed machines are those that their removal accepts; no key is needed.

A removal names the last bundle accepted of a chain, and each bundle names the one before: out of
what is set aside here, the chain is proven backwards. Until then nobody can tell a true bundle
from one that somebody else made with a stolen key.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.ports import PlaceAside, SyncPort
from sync.accepted import Accepted
from sync.canonical import FormatError
from sync.registry import Registry
from sync.wire import Header, bundle_name, parse_bundle

UNPROVEN: Final = "unproven"
"""Of a removed machine, and nothing here proves yet that it is what its removal accepts."""

_NO_NAMES: Final[Mapping[int, bytes]] = MappingProxyType({})


class AcceptedChains:
    """What is proven of the chains of removed machines, as far as their bundles have come here."""

    def __init__(self, port: SyncPort, registry: Registry) -> None:
        self._port = port
        self._registry = registry
        self._names: dict[tuple[bytes, bytes], dict[int, bytes]] = {}
        self._unproven: dict[bytes, PlaceAside] = {}

    def note_aside(self, place: PlaceAside) -> None:
        """Remember a bundle set aside, if it is unproven."""
        self._unproven.pop(place.name, None)
        if place.reason == UNPROVEN:
            self._unproven[place.name] = place

    def release(self, name: bytes) -> None:
        """Forget a bundle that is not set aside any more."""
        self._unproven.pop(name, None)

    def head(self, space: bytes, incarnation: bytes) -> Accepted | None:
        """Return the last bundle accepted of a known incarnation; None: its machine acts."""
        machine = self._registry.incarnations.get(incarnation)
        return self._registry.accepted(machine, space, incarnation) if machine else None

    def is_proven(self, space: bytes, incarnation: bytes, sequence: int, name: bytes) -> bool:
        """Does the chain that the removal names have that bundle at that place?"""
        return self._expected(space, incarnation, down_to=sequence).get(sequence) == name

    def reached(self, space: bytes, held: Mapping[bytes, int]) -> dict[bytes, int]:
        """Return up to where nothing need be pulled, given what is held of each incarnation.

        What is unproven counts until something contradicts it: then it is not what the relay has
        at that place, and what the relay has must come.
        """
        lying: dict[bytes, set[int]] = {}
        for place in self._unproven.values():
            if place.space == space and not self._is_contradicted(place):
                lying.setdefault(place.incarnation, set()).add(place.sequence)
        reached = dict(held)
        for incarnation, sequences in lying.items():
            last = reached.get(incarnation, 0)
            while last + 1 in sequences:
                last += 1
            reached[incarnation] = last
        return reached

    def _is_contradicted(self, place: PlaceAside) -> bool:
        """Does the chain that the removal names have another bundle at that place?"""
        names = self._expected(place.space, place.incarnation, down_to=place.sequence)
        return names.get(place.sequence, place.name) != place.name

    def _expected(self, space: bytes, incarnation: bytes, *, down_to: int) -> Mapping[int, bytes]:
        """Return the names proven so far, by sequence: they are found once, from the last down."""
        head = self.head(space, incarnation)
        if head is None or not head.sequence:
            return _NO_NAMES
        names = self._names.setdefault((space, incarnation), {head.sequence: head.name})
        lowest = min(names)
        while lowest > down_to and (previous := self._before(space, incarnation, lowest, names)):
            lowest -= 1
            names[lowest] = previous
        return names

    def _before(
        self, space: bytes, incarnation: bytes, sequence: int, names: Mapping[int, bytes]
    ) -> bytes:
        """Return the name before a bundle of the chain, if that bundle is here; else nothing."""
        header = self._header(names[sequence])
        place = SpaceId(space), Incarnation(incarnation), sequence
        if header is None or (header.space, header.incarnation, header.sequence) != place:
            return b""
        return header.previous

    def _header(self, name: bytes) -> Header | None:
        data = self._port.bytes_aside(BundleName(name))
        if bundle_name(data) != name:
            return None
        try:
            return parse_bundle(data).header
        except FormatError:
            return None
