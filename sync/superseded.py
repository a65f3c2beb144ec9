"""Bundles that complete checkpoints stand for: covered, of an ended epoch, or after such a one."""

from collections.abc import Mapping

from app.domain.identifiers import Incarnation, SpaceId
from app.ports import SyncPort
from sync.registry import Registry
from sync.wire import Header, ParsedBundle


class Superseded:
    """Tells which bundles that come count no more (PROTOCOL, section 8). Made for one settlement.

    Args:
        port: what was adopted here.
        registry: what is believed.
        epoch_keys: the keys held, by space and epoch.
    """

    def __init__(
        self, port: SyncPort, registry: Registry, epoch_keys: Mapping[tuple[bytes, bytes], bytes]
    ) -> None:
        self._registry = registry
        self._epoch_keys = epoch_keys
        adopted = {space: port.adopted(SpaceId(space)) for space in registry.spaces}
        self._covers = {space: one.cover for space, one in adopted.items() if one is not None}
        self._adopted = {space: one.checkpoint for space, one in adopted.items() if one is not None}
        self._void: set[bytes] = set()

    @property
    def is_any_void(self) -> bool:
        """Did a void bundle come, which others may follow?"""
        return bool(self._void)

    def holds(self, parsed: ParsedBundle) -> bool:
        """Is a bundle covered, or void? Void ones are remembered: what follows them is void too."""
        header = parsed.header
        if header.sequence <= self._covers.get(header.space, {}).get(_incarnation(header), 0):
            return True
        if self._is_void(header):
            self._void.add(parsed.name)
            return True
        return self._has_ended(header) and not self._may_still_serve(header)

    def _is_void(self, header: Header) -> bool:
        """Is a bundle above the last cover of an ended epoch, or does it follow such a one?

        It would wait for its place for ever: its author seals anew what it held.
        """
        stands_on_nothing = self._has_ended(header) or header.previous in self._void
        return stands_on_nothing and not self._is_covered_by_last(header)

    def _may_still_serve(self, header: Header) -> bool:
        """Is a bundle of an ended epoch of those that a checkpoint covers which was not adopted?

        Its pieces may be nowhere, lost with the disk of whoever made it: then these bundles are all
        that is left, as long as their key is.
        """
        last = self._registry.last_complete(header.space)
        if last is None or last[0] == self._adopted.get(header.space):
            return False
        has_key = (header.space, header.epoch) in self._epoch_keys
        return has_key and self._is_covered_by_last(header)

    def _is_covered_by_last(self, header: Header) -> bool:
        last = self._registry.last_complete(header.space)
        cover = {one: sequence for one, sequence, _ in last[1].cover} if last else {}
        return header.sequence <= cover.get(header.incarnation, 0)

    def _has_ended(self, header: Header) -> bool:
        return self._registry.has_ended(header.space, header.epoch)


def _incarnation(header: Header) -> Incarnation:
    return Incarnation(header.incarnation)
