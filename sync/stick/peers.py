"""What those who wrote a stick say of themselves: noted, compared, remembered."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.changes import Changes
from app.domain.identifiers import Incarnation, SpaceId
from app.ports import StickPort, SyncPort
from sync.registry import Registry
from sync.stick.findings import Found
from sync.stick.manifest import Manifest, read_manifest


@dataclass(frozen=True, slots=True, kw_only=True)
class StickWriter:
    """A machine that wrote on the stick; `is_older` when something later of it was read before."""

    machine: bytes
    structure: bytes
    structure_name: str
    written_at_s: int
    is_older: bool


def remembered(sticks: StickPort) -> dict[bytes, Manifest]:
    """Return the last manifest read of each machine."""
    manifests = [read_manifest(data).manifest for data in sticks.manifests()]
    return {manifest.machine: manifest for manifest in manifests}


def writers(sticks: StickPort, registry: Registry, found: Iterable[Found]) -> list[StickWriter]:
    """Return who wrote, the reader's own former writing left to its caller to show or not."""
    known = remembered(sticks)
    return [
        StickWriter(
            machine=one.manifest.machine,
            structure=one.manifest.structure,
            structure_name=registry.structures[one.manifest.structure].name,
            written_at_s=one.manifest.written_at_s,
            is_older=_is_older(one.manifest, known.get(one.manifest.machine)),
        )
        for one in found
    ]


def remember(sticks: StickPort, found: Iterable[Found]) -> None:
    """Keep manifests read to the end, unless a later one of the same life is kept already."""
    known = remembered(sticks)
    for one in found:
        if not _is_older(one.manifest, known.get(one.manifest.machine)):
            sticks.keep_manifest(one.manifest.machine, one.data)


def note_what_they_saw(
    sticks: StickPort,
    registry: Registry,
    manifests: Iterable[Manifest],
    changed: Callable[[Changes], None],
) -> None:
    """Note what each structure says that it holds; a removed machine says nothing for it."""
    for manifest in manifests:
        if manifest.structure not in registry.active_structures_of(manifest.machine):
            continue
        for space, held in manifest.spaces.items():
            if space in registry.spaces and manifest.structure in held.members:
                seen = {Incarnation(one): last for one, last in manifest.holds(space).items()}
                changed(sticks.note_peer_saw(manifest.structure, SpaceId(space), seen))


def missing(
    port: SyncPort, manifests: Iterable[Manifest], held: Mapping[bytes, Mapping[bytes, int]]
) -> dict[bytes, int]:
    """Return, per incarnation, how many bundles somebody has and this desk does not.

    Args:
        port: the desk; what is set aside there is not missing.
        manifests: what the writers say.
        held: by space that this desk may see, up to where it has each incarnation's.
    """
    greatest: dict[tuple[bytes, bytes], int] = {}
    for manifest in manifests:
        for space in held:
            for incarnation, last in manifest.holds(space).items():
                place = (space, incarnation)
                greatest[place] = max(last, greatest.get(place, 0))
    aside: dict[tuple[bytes, bytes], set[int]] = {}
    for one in port.places_aside():
        aside.setdefault((one.space, one.incarnation), set()).add(one.sequence)
    lacking: dict[bytes, int] = {}
    for (space, incarnation), last in greatest.items():
        above = held[space].get(incarnation, 0)
        here = sum(above < one <= last for one in aside.get((space, incarnation), ()))
        if last - above > here:
            lacking[incarnation] = lacking.get(incarnation, 0) + last - above - here
    return lacking


def begin_life_if_led_elsewhere(
    port: SyncPort, manifests: Sequence[Manifest], spaces: Collection[bytes]
) -> None:
    """Begin another life when somebody holds bundles of the present one that this file never made.

    The file was restored, with all that lies around it: what the relay shows elsewhere, sticks
    show here.
    """
    own = port.incarnation()
    for space in spaces:
        head = port.head(SpaceId(space)).sequence
        if any(manifest.holds(space).get(own, 0) > head for manifest in manifests):
            port.begin_life()
            return


def _is_older(manifest: Manifest, known: Manifest | None) -> bool:
    """Was something later of the same life read before? Numbers of two lives say nothing."""
    is_same_life = known is not None and known.incarnation == manifest.incarnation
    return is_same_life and known is not None and known.number > manifest.number
