"""How the bundles of an author follow each other in a space: each names the one before it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sync.registry import Registry
from sync.wire import parse_bundle

if TYPE_CHECKING:
    from sqlalchemy import Row

_Place = tuple[bytes, bytes]


@dataclass(slots=True)
class Links:
    """Compares each bundle with the one before. Rows come by space, incarnation and sequence."""

    registry: Registry
    _place: _Place = (b"", b"")
    _last: int = 0
    _last_name: bytes = b""
    _covers: dict[_Place, tuple[int, bytes]] = field(default_factory=dict)
    _space: bytes = b""

    def check(self, row: "Row[Any]") -> str:
        """Return what is wrong between a whole bundle and the one before it, "" if nothing is.

        `sequence_taken`: two have one place. `missing_before`: one is not here, and no checkpoint
        stands for it. `broken_chain`: its author wrote it after another one than this relay keeps.
        """
        place = (bytes(row.space), bytes(row.incarnation))
        if place != self._place:
            self._place, self._last, self._last_name = place, 0, b""
        last, last_name = self._last, self._last_name
        self._last, self._last_name = row.sequence, bytes(row.name)
        if row.sequence == last:
            return "sequence_taken"
        if row.sequence > last + 1:
            last, last_name = self._covered(place)
            if row.sequence <= last:
                return ""  # What is covered may go in any order.
        if row.sequence > last + 1:
            return "missing_before"
        return "" if parse_bundle(row.body).header.previous == last_name else "broken_chain"

    def _covered(self, place: _Place) -> tuple[int, bytes]:
        """Return the last bundle for which a complete checkpoint stands: sequence and name."""
        space, _ = place
        if space != self._space:
            self._space = space
            checkpoint = self.registry.complete_checkpoint(space)
            cover = checkpoint.cover if checkpoint is not None else ()
            self._covers = {(space, incarnation): (last, name) for incarnation, last, name in cover}
        return self._covers.get(place, (0, b""))
