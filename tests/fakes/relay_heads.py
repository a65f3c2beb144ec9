"""What the relay in memory says of the chains that it keeps."""

from typing import TYPE_CHECKING

from sync.heads import heads_mark

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
