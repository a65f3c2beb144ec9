"""New keys for a structure: when a machine leaves it, or when one of its keys may have leaked.

What is made here are statements; whoever calls keeps them in the store, and the exchange carries
them. The epochs of pairs are made anew by whichever side seals next: a key that went to a profile
which another follows seals no more.
"""

from collections.abc import Iterable, Sequence
from operator import attrgetter

from app.domain.identifiers import Incarnation, SpaceId, StructureId
from app.domain.spaces import SpaceKind, structure_space
from app.ports import SyncPort
from sync.key_wraps import wrap_epoch, wrap_structure_key
from sync.keyring import Keyring
from sync.keys import StructureKey, StructureRoot
from sync.registry import Registry
from sync.settlement import REVOKED
from sync.statement_bodies import AcceptedHead
from sync.statements import (
    MachineCertificate,
    Profile,
    Revocation,
    SpaceStatement,
    sign_statement,
)


def machines_of(registry: Registry, structure: bytes) -> list[MachineCertificate]:
    """Return the machines that act for a structure, those on paper included."""
    return [
        certificate
        for name, certificate in sorted(registry.machines.items())
        if structure in registry.active_structures_of(name)
    ]


def held_heads(
    port: SyncPort, registry: Registry, machines: Iterable[bytes]
) -> tuple[AcceptedHead, ...]:
    """Return the last bundle settled here of each incarnation of these machines, by space."""
    wanted = frozenset(machines)
    found = []
    for incarnation, machine in sorted(registry.incarnations.items()):
        for space in sorted(registry.spaces) if machine in wanted else ():
            head = port.head_of(SpaceId(space), Incarnation(incarnation))
            if head.sequence:
                found.append((space, incarnation, head.sequence, head.name))
    return tuple(found)


def late_heads(port: SyncPort, registry: Registry, machine: bytes) -> tuple[AcceptedHead, ...]:
    """Return the heads as they would be if all that came late of a machine were accepted."""
    heads = {head[:2]: head for head in held_heads(port, registry, [machine])}
    late = [
        one
        for one in port.places_aside()
        if one.reason == REVOKED and registry.incarnations.get(one.incarnation) == machine
    ]
    for one in sorted(late, key=attrgetter("sequence")):
        place = (one.space, one.incarnation)
        _, _, sequence, _ = heads.get(place, (*place, 0, b""))
        if one.sequence == sequence + 1:
            heads[place] = (*place, one.sequence, one.name)
    return tuple(heads[place] for place in sorted(heads))


def revoke(
    registry: Registry,
    root: StructureRoot,
    machine: bytes,
    *,
    accepted: Sequence[AcceptedHead],
    now_s: int,
) -> bytes:
    """Return the removal of a machine, which counts over any that the root signed before."""
    before_s = [removal.at_s for removal in registry.removals_of(machine)]
    body = Revocation(
        target=machine,
        at_s=max([now_s, *(at_s + 1 for at_s in before_s)]),
        accepted=tuple(accepted),
    )
    return sign_statement(body, root.private_key)


def rotate(
    registry: Registry, keyring: Keyring, root: StructureRoot, *, by_age: bool = False
) -> list[bytes]:
    """Make the structure's next profile and the next epoch of its own space; hand both over.

    Args:
        registry: what is believed, removals included: who is removed receives nothing.
        keyring: the keys of this machine; the new ones are kept there at once.
        root: the structure's.
        by_age: nobody who was removed holds the present key: the next one follows from it.
    """
    before = registry.profiles.get(root.id)
    generation = before.generation + 1 if before else 1
    key = keyring.structure_keys.get(generation)  # one drawn before a power cut serves now
    if key is None:
        follows = keyring.next_structure_key(root.id, generation) if by_age else None
        key = follows or StructureKey.generate()
        keyring.hold_structure_key(generation, key)
    profile = Profile(structure=root.id, generation=generation, hpke=key.public)
    made = [sign_statement(profile, root.private_key)]
    known = registry.with_statements(made)
    return (
        made + structure_keys_left_out(known, keyring, root.id) + _own_epoch(known, keyring, root)
    )


def is_exposed(registry: Registry, structure: bytes) -> bool:
    """Does somebody removed hold the private side of the structure's present profile?"""
    profile = registry.profiles.get(structure)
    return profile is not None and any(
        registry.is_revoked(holder)
        for key in registry.structure_keys
        if (key.structure, key.generation) == (structure, profile.generation)
        for holder in (key.machine, key.recipient)
    )


def is_outlived(registry: Registry, structure: bytes) -> bool:
    """Was the structure's present profile handed an epoch that has ended since?

    Its private side must be destroyed too, for what that epoch sealed to be unreadable.
    """
    profile = registry.profiles.get(structure)
    return bool(profile and (structure, profile.generation) in registry.exposed_by_age)


def structure_keys_left_out(registry: Registry, keyring: Keyring, structure: bytes) -> list[bytes]:
    """Wrap the structure's keys held here for those of its machines who were not handed them."""
    given = {
        (key.generation, key.recipient)
        for key in registry.structure_keys
        if key.structure == structure and registry.receiver(key.recipient) is None
    }
    made = []
    for generation, key in sorted(keyring.structure_keys.items()):
        profile = registry.profile(structure, generation)
        if profile is None or profile.hpke != key.public:
            continue
        made += [
            wrap_structure_key(profile, key, registry.receiving(machine), keyring.machine)
            for machine in machines_of(registry, structure)
            if machine.machine != keyring.machine.id
            and (generation, machine.machine) not in given
            and not keyring.has_handed(registry.receiver(machine.machine), generation)
        ]
    return made


def _own_epoch(registry: Registry, keyring: Keyring, root: StructureRoot) -> list[bytes]:
    space = structure_space(StructureId(root.id))
    number = max((wrap.number for wrap in registry.wraps(space.id)), default=0) + 1
    epoch, machine = keyring.make_epoch(space.id, number=number), keyring.machine
    named = SpaceStatement(
        machine=machine.id,
        space=space.id,
        space_kind=int(SpaceKind.STRUCTURE),
        members=(root.id,),
    )
    made = [] if space.id in registry.spaces else [sign_statement(named, machine.sign.private_key)]
    return made + [
        wrap_epoch(epoch, registry.receiving(one), machine)
        for one in machines_of(registry, root.id)
    ]
