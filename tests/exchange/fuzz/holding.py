"""Who still has what: the desks that can exchange, and the relay as far as it can be read."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from app.domain.identifiers import SpaceId
from sync.registry import Registry
from sync.settlement import MISSING_KEY
from sync.statements import Checkpoint
from sync.wire import parse_bundle
from tests.exchange.desks import Door
from tests.exchange.fuzz.opening import Epoch, Opened
from tests.exchange.fuzz.screens import marks_at
from tests.exchange.fuzz.stage import Stage, erased_at
from tests.fakes.relay_pieces import is_before_checkpoint

Chain = tuple[bytes, bytes]

_BYTES = "SELECT bytes FROM bundles WHERE incarnation = ? AND covered = 0"
_OF_LIFE = "SELECT event, subject FROM events WHERE bundle NOT NULL AND substr(event, 1, 8) = ?"
_NAMES = "SELECT name FROM bundles"
_PLACES = "SELECT space, incarnation, sequence, covered FROM bundles"


def held_elsewhere(stage: Stage, but: str = "") -> frozenset[str]:
    """The marks that the relay, or a desk that can still exchange, would give back."""
    held = [marks_at(door) for name, door in stage.active.items() if name != but]
    return frozenset().union(*held, *(one.marks for one in given_back(stage)))


def erased_elsewhere(stage: Stage, but: str = "") -> frozenset[bytes]:
    """The subjects that the relay, or a desk that can still exchange, knows as erased."""
    held = [erased_at(door) for name, door in stage.active.items() if name != but]
    return frozenset().union(*held, *(one.erased for one in given_back(stage)))


def given_back(stage: Stage) -> list[Opened]:
    """What the relay holds that a desk which lost it can read again.

    The epochs of the rest have ended; or their key, or the manifest that opened them, or a bundle
    before them in their chain, is nowhere any more.
    """
    ends, places = broken_chains(stage), _on_relay(stage)
    return [
        one
        for name, one in stage.opened().items()
        if any(_goes_on(stage, epoch) and _has_key(stage, epoch) for epoch in one.epochs)
        and not _is_beyond(ends, places.get(name))
    ]


def _goes_on(stage: Stage, epoch: Epoch) -> bool:
    return not any(door.registry.has_ended(*epoch) for door in stage.active.values())


def _has_key(stage: Stage, epoch: Epoch) -> bool:
    """Has a desk the key of an epoch, or can one hear for whom it was wrapped?"""
    desks = stage.active.values()
    registries = [stage.relay.registry, *(door.registry for door in desks)]
    return any(epoch in door.keyring.epochs for door in desks) or any(
        registry.epoch_number(*epoch) for registry in registries
    )


def broken_chains(stage: Stage) -> dict[Chain, int]:
    """Up to where the chains go that go on beyond a bundle which nobody holds any more."""
    held: dict[Chain, set[int]] = {}
    covered: dict[Chain, int] = {}
    for space, incarnation, sequence in _on_relay(stage).values():
        held.setdefault((space, incarnation), set()).add(sequence)
    for door in stage.active.values():
        for space, incarnation, sequence, is_covered in door.query(_PLACES):
            chain = space, incarnation
            held.setdefault(chain, set()).add(sequence)
            covered[chain] = max(covered.get(chain, 0), sequence if is_covered else 0)
    ends = {chain: _end(its, covered.get(chain, 0)) for chain, its in held.items()}
    return {chain: end for chain, end in ends.items() if end < max(held[chain])}


def is_on_desks(stage: Stage) -> bool:
    """Do the desks alone hold all that any of them may lack? Then sticks are enough."""
    doors = list(stage.active.values())
    if held_elsewhere(stage) - frozenset().union(*map(marks_at, doors)):
        return False
    bundles = frozenset().union(*(door.query(_NAMES) for door in doors))
    pieces = frozenset().union(*(door.query("SELECT name FROM pieces") for door in doors))
    registries = [stage.relay.registry, *(door.registry for door in doors)]
    complete = {
        found for each in registries for found in map(each.last_complete, each.spaces) if found
    }
    return {(name,) for name in stage.relay.bundles} <= bundles and all(
        {(one,) for one in (body.manifest, *body.chunks)} <= pieces
        or all(_is_past(door, body, registries) for door in doors)
        for _, body in complete
    )


def _is_past(door: Door, body: Checkpoint, registries: list[Registry]) -> bool:
    """Did a desk adopt that checkpoint or a later one, if it may read the space at all?"""
    adopted = door.port.adopted(SpaceId(body.space))
    machine = door.keyring.machine.id
    may = any(registry.machine_may(body.space, machine) for registry in registries)
    return not may or (adopted is not None and adopted.number >= body.number)


def may_stay_aside(stage: Stage, name: str) -> frozenset[bytes]:
    """The bundles set aside at a desk that nothing can settle.

    They wait for a bundle, or a key, which nobody holds any more (the key of a life that was lost
    went with its disk, and with the file of a stick that was damaged), or for a person: a removed
    machine wrote them.
    """
    ends, removed = broken_chains(stage), lives_of_removed(stage)
    return frozenset(
        place.name
        for place in stage.world[name].port.places_aside()
        if place.incarnation in removed
        or _is_beyond(ends, (place.space, place.incarnation, place.sequence))
        or (place.reason == MISSING_KEY and not _has_key(stage, (place.space, place.epoch)))
    )


@contextmanager
def heard_of_removal(stage: Stage, name: str, *, by_relay: bool) -> Iterator[None]:
    """Let a desk hear something; what it settles before it hears of a removal waits no more."""
    registries = [stage.relay.registry] if by_relay else []
    is_told = not stage.waiting or any(
        all(one.is_revoked(stage.machine(gone)) for gone in stage.removed)
        for one in (*registries, stage.world[name].registry)
    )
    yield
    if not is_told and name in stage.active:
        stage.waiting -= marks_at(stage.world[name])


def lives_of(stage: Stage, name: str) -> frozenset[bytes]:
    """The incarnations under which the machine of a desk ever wrote."""
    machine, port = stage.machine(name), stage.world[name].port
    registries = [stage.relay.registry, *(door.registry for door in stage.active.values())]
    told = {
        incarnation
        for registry in registries
        for incarnation, author in registry.incarnations.items()
        if author == machine
    }
    return frozenset({*told, *port.former_lives(), port.incarnation()})


def lives_of_removed(stage: Stage) -> frozenset[bytes]:
    """The incarnations of the machines that were removed."""
    return frozenset().union(*(lives_of(stage, name) for name in sorted(stage.removed)))


def late_subjects(stage: Stage) -> frozenset[bytes]:
    """What events are about that some desk settled before it heard of the removal, and not all."""
    found: set[bytes] = set()
    for life in lives_of_removed(stage):
        held = [frozenset(door.query(_OF_LIFE, life)) for door in stage.active.values()]
        everywhere = frozenset.intersection(*held)
        found |= {subject for _, subject in frozenset().union(*held) - everywhere}
    return frozenset(found)


def lacks_pieces(stage: Stage) -> bool:
    """Has the relay a complete checkpoint without its pieces? They were lost with a disk."""
    pieces = stage.relay.pieces.keys()
    return any(not pieces >= {one.manifest, *one.chunks} for one in _complete(stage))


def lacks_keys(stage: Stage) -> bool:
    """Has the relay a complete checkpoint that nobody can open? Its key was lost with a disk."""
    held = {place for door in stage.active.values() for place in door.keyring.epochs}
    return any((one.space, one.epoch) not in held for one in _complete(stage))


def _complete(stage: Stage) -> list[Checkpoint]:
    """Return the last complete checkpoint of each space in which somebody can still write."""
    registry, machines = stage.relay.registry, [stage.machine(name) for name in stage.active]
    return [
        one
        for one in map(registry.complete_checkpoint, registry.spaces)
        if one and any(registry.machine_may(one.space, machine) for machine in machines)
    ]


def marks_carried(stage: Stage) -> frozenset[str]:
    """The marks of the bundles that ever were on a stick and that the relay does not hold."""
    carried = {name: stage.carried[name] for name in stage.carried.keys() - stage.relay.bundles}
    return frozenset().union(*(one.marks for one in stage.opened_of(carried).values()))


def is_told_of_life(stage: Stage, name: str) -> bool:
    """Does the relay hold all that left a desk in its present life?

    Where only sticks and other desks know, a disk put back with its markers cannot be told.
    """
    life = stage.world[name].port.incarnation()
    left = list(stage.carried.values())
    for door in stage.active.values():
        left += [row[0] for row in door.query(_BYTES, life)]
    headers = [parse_bundle(data).header for data in left]
    held, registry = set(_on_relay(stage).values()), stage.relay.registry
    return all(
        (one.space, one.incarnation, one.sequence) in held or is_before_checkpoint(registry, one)
        for one in headers
        if one.incarnation == life
    )


def accepted_up_to(registry: Registry, machine: bytes, space: bytes, incarnation: bytes) -> int:
    """Up to where the bundles of a removed machine are accepted in a chain."""
    accepted = registry.accepted(machine, space, incarnation)
    return accepted.sequence if accepted else 0


def recount(stage: Stage) -> None:
    """Find the admissions, removals and acceptances of which nobody knows any more."""
    registries = [stage.relay.registry, *(door.registry for door in stage.active.values())]
    for name in sorted(stage.removed):
        machine = stage.machine(name)
        if not any(one.is_revoked(machine) for one in registries):
            stage.removed.discard(name)
            if not stage.removed and not stage.world[name].registry.is_revoked(machine):
                # With the disk of whoever removed it went the removal: its work is anybody's again.
                stage.truth.forget_removal()
                stage.waiting = frozenset()
    for name, (machine, one, marks) in list(stage.accepted.items()):
        place = machine, one.space, one.incarnation
        if all(accepted_up_to(each, *place) < one.sequence for each in registries):
            stage.truth.doubt(marks)
            del stage.accepted[name]
    for name in sorted(stage.asked.keys() - stage.removed):
        if not any(one.structures_of(stage.machine(name)) for one in registries):
            stage.joining.add(name)


def _is_beyond(ends: dict[Chain, int], place: tuple[bytes, bytes, int] | None) -> bool:
    return place is not None and place[2] > ends.get(place[:2], place[2])


def _on_relay(stage: Stage) -> dict[bytes, tuple[bytes, bytes, int]]:
    return {
        name: (header.space, header.incarnation, header.sequence)
        for name, _, header in stage.relay.headers()
    }


def _end(sequences: Iterable[int], covered: int) -> int:
    end = covered
    for sequence in sorted(sequences):
        end += sequence == end + 1
    return end
