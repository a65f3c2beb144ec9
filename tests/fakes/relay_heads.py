"""What the relay in memory says of the chains that it keeps."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sync.heads import heads_mark
from sync.lacking import LackingRange

if TYPE_CHECKING:
    from tests.fakes.transport import RelayModel


def told_heads(model: "RelayModel", machine: bytes) -> str:
    """The mark of what is kept in the spaces of a machine, if none of it lacks."""
    registry = model.registry
    structures = registry.active_structures_of(machine)
    spaces = [
        space
        for space in registry.spaces
        if not registry.members_of_space(space).isdisjoint(structures)
    ]
    covered: dict[tuple[bytes, bytes], int] = {}
    kept: dict[tuple[bytes, bytes], set[int]] = {}
    for space in spaces:
        body = registry.complete_checkpoint(space)
        for incarnation, last, _ in body.cover if body else ():
            covered[space, incarnation] = last
    for _, _, header in model.headers():
        if header.space in spaces:
            place = (header.space, header.incarnation)
            if header.sequence > covered.get(place, 0):
                kept.setdefault(place, set()).add(header.sequence)
    # A cover may say any number: nothing is made of each.
    if any(max(some) - covered.get(place, 0) != len(some) for place, some in kept.items()):
        return ""
    heads: dict[bytes, dict[bytes, int]] = {space: {} for space in spaces}
    for (space, incarnation), last in (
        covered | {place: max(some) for place, some in kept.items()}
    ).items():
        heads[space][incarnation] = last
    return heads_mark(heads)


def lacking_ranges(
    model: "RelayModel", above: Mapping[bytes, Mapping[bytes, int]]
) -> list[LackingRange]:
    """What a caller holds and this relay does not, each bundle by itself."""
    kept = {(header.space, header.incarnation, header.sequence) for _, _, header in model.headers()}
    return [
        LackingRange(space=space, incarnation=incarnation, first=sequence, last=sequence)
        for space, vector in sorted(above.items())
        for incarnation, last in sorted(vector.items())
        for sequence in range(1 + _covered(model, space, incarnation), last + 1)
        if (space, incarnation, sequence) not in kept
    ]


def _covered(model: "RelayModel", space: bytes, incarnation: bytes) -> int:
    body = model.registry.complete_checkpoint(space)
    return {one: last for one, last, _ in body.cover}.get(incarnation, 0) if body else 0
