"""New keys for a structure: when a machine leaves it, or when one of its keys may have leaked.

What is made here are statements; whoever calls keeps them in the store, and the exchange carries
them. The epochs of pairs are made anew by whichever side seals next: a key that went to a profile
which another follows seals no more.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from app.domain.identifiers import Incarnation, SpaceId, StructureId
from app.domain.spaces import SpaceKind, structure_space
from app.ports import PlaceAside, SyncPort
from sync.accepted_chains import UNPROVEN
from sync.key_wraps import wrap_epoch, wrap_structure_key, wrapped_for
from sync.keyring import Keyring
from sync.keys import StructureKey, StructureRoot
from sync.registry import Registry
from sync.settlement import REVOKED
from sync.statement_bodies import MAX_GENERATION, AcceptedHead
from sync.statement_shapes import MAX_UINT
from sync.statements import (
    MachineCertificate,
    Profile,
    Revocation,
    SpaceStatement,
    sign_statement,
)
from sync.wire import parse_bundle


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
    """Return the heads as they would be if all that waits of a machine were accepted.

    Where two bundles claim one place nobody can tell which is meant: the chain ends before them.
    """
    heads = {head[:2]: head for head in held_heads(port, registry, [machine])}
    waiting: dict[tuple[bytes, bytes], dict[int, list[PlaceAside]]] = {}
    for one in port.places_aside():
        is_late = one.reason in {REVOKED, UNPROVEN}
        if is_late and registry.incarnations.get(one.incarnation) == machine:
            chain = waiting.setdefault((one.space, one.incarnation), {})
            chain.setdefault(one.sequence, []).append(one)
    for place, chain in waiting.items():
        head = heads.get(place, (*place, 0, b""))
        while (following := _following(port, head, chain)) is not None:
            head = heads[place] = (*place, following.sequence, following.name)
    return tuple(heads[place] for place in sorted(heads))


def _following(
    port: SyncPort, head: AcceptedHead, chain: Mapping[int, Sequence[PlaceAside]]
) -> PlaceAside | None:
    """Return the one bundle set aside that goes on from a head, if there is one and no other."""
    _, _, sequence, name = head
    found = [
        one
        for one in chain.get(sequence + 1, ())
        if parse_bundle(port.bytes_aside(one.name)).header.previous == name
    ]
    return found[0] if len(found) == 1 else None


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
        at_s=min(max([now_s, *(at_s + 1 for at_s in before_s)]), MAX_UINT),
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
    if generation > MAX_GENERATION:
        return []  # whoever holds the root wrote the last that can be; nothing else stops
    key = keyring.structure_keys.get(generation)  # one drawn before a power cut serves now
    if key is None:
        follows = keyring.next_structure_key(root.id, generation) if by_age else None
        key = follows or StructureKey.generate()
        keyring.hold_structure_key(generation, key)
    profile = Profile(structure=root.id, generation=generation, hpke=key.public)
    made = [sign_statement(profile, root.private_key)]
    known = registry.with_statements(made)
    if not by_age:
        made += _for_its_copies(known, keyring, profile, key)
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


def is_doubled(registry: Registry, structure: bytes) -> bool:
    """Has the structure's present generation two profiles?

    Two copies of its first machine made one each: what is wrapped for one opens nothing with the
    other, and nobody can tell for which of them a wrap was.
    """
    profile = registry.profiles.get(structure)
    return bool(profile and (structure, profile.generation) in registry.doubled_profiles)


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
        if profile is None or not keyring.matches(profile):
            continue
        left_out = [
            registry.receiving(machine)
            for machine in machines_of(registry, structure)
            if machine.machine != keyring.machine.id
            and (generation, machine.machine) not in given
            and not keyring.has_handed(registry.receiver(machine.machine), generation)
        ]
        wrap = partial(wrap_structure_key, profile, key, giver=keyring.machine)
        made += wrapped_for(left_out, wrap)
    return made


def _for_its_copies(
    registry: Registry, keyring: Keyring, profile: Profile, key: StructureKey
) -> list[bytes]:
    """Wrap a key that was drawn for this very machine.

    Its file may be put back to before, or be used twice: that one finds the key, and does not make
    another in its turn, for ever.
    """
    own = registry.machines.get(keyring.machine.id)
    receiving = [registry.receiving(own)] if own else []
    wrap = partial(wrap_structure_key, profile, key, giver=keyring.machine)
    return wrapped_for(receiving, wrap)


def _own_epoch(registry: Registry, keyring: Keyring, root: StructureRoot) -> list[bytes]:
    space = structure_space(StructureId(root.id))
    numbers = [wrap.number for wrap in registry.wraps(space.id)]
    number = min(max(numbers, default=0) + 1, MAX_UINT)
    epoch, machine = keyring.make_epoch(space.id, number=number), keyring.machine
    named = SpaceStatement(
        machine=machine.id,
        space=space.id,
        space_kind=int(SpaceKind.STRUCTURE),
        members=(root.id,),
    )
    made = [] if space.id in registry.spaces else [sign_statement(named, machine.sign.private_key)]
    receiving = map(registry.receiving, machines_of(registry, root.id))
    return made + wrapped_for(receiving, lambda one: wrap_epoch(epoch, one, machine))
