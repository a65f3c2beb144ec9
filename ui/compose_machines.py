"""The composition of what concerns machines: removal, new keys, decisions, recovery, what is due.

All of it is signed here and counts elsewhere once exchanged; the values are frozen, for both faces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.usecases.desk import Desk
from ui.compose import (
    membership_of,
    sync_port_of,
    text_of,
    write_text,
)
from ui.compose_ceremonies import accept_certificate, own_request, take_request

if TYPE_CHECKING:
    # Named in `__all__` for the faces; the exchange itself is imported when it serves.
    from sync.ceremony import Ceremony
    from sync.decisions import AsideLine, Dispute, Side  # noqa: TC004
    from sync.machines import MachineLine, Standing  # noqa: TC004
    from sync.removal import Accepted, Removed

    C = TypeVar("C", bound=Ceremony)
else:
    C = TypeVar("C")

# The faces name the exchange's values through this module: they never import it themselves.
__all__ = [
    "AsideLine",
    "Dispute",
    "MachineLine",
    "MachineSeen",
    "Side",
    "Standing",
    "Taken",
    "accept_late",
    "accept_root",
    "disputes",
    "is_inside",
    "keep_known",
    "machines",
    "make_recovery_kit",
    "open_carried",
    "remove_machine",
    "root_keeper",
    "rotate_keys",
    "set_aside",
    "standing",
    "take_file",
    "write_heads",
    "write_statements",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineSeen:
    """A machine of the structure, and when it last wrote something that has come here."""

    machine: "MachineLine"
    last_written_at_s: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A file that was taken: its kind, and how many of its statements are new and believed.

    `spoken` is the code of a machine's request to join.
    """

    kind: str
    statements: int
    spoken: str = ""


def machines(desk: Desk) -> list[MachineSeen]:
    """Return the machines of this desk's structure, those that act first."""
    from app.usecases.machine_activity import last_written
    from sync.machines import Machines

    written = last_written(desk)
    return [
        MachineSeen(machine=line, last_written_at_s=_latest(written, line.incarnations))
        for line in _ceremony(desk, Machines).all()
    ]


def standing(desk: Desk) -> "Standing":
    """Return how long this desk stands in the exchange, and what somebody must see to."""
    from sync.errors import NoIdentityError, NoRegionError
    from sync.machines import Machines, Standing

    try:
        return _ceremony(desk, Machines).standing()
    except (NoRegionError, NoIdentityError):
        return Standing()


def remove_machine(desk: Desk, named: str) -> "Removed":
    """Remove a machine of the structure, by its code or identifier, and renew the keys."""
    from sync.removal import Removal

    return _ceremony(desk, Removal).remove(named)


def rotate_keys(desk: Desk) -> int:
    """Renew the structure's keys without removing anybody; return the new generation."""
    from sync.removal import Removal

    return _ceremony(desk, Removal).rotate()


def accept_late(desk: Desk, named: str) -> "Accepted":
    """Accept what a removed machine wrote late, as far as it came here; an exchange settles it."""
    from sync.removal import Removal

    return _ceremony(desk, Removal).accept_late(named)


def write_heads(desk: Desk, target: bytes, out: Path, *, late: bool = False) -> int:
    """Write how far this desk has what a machine, or a structure's machines, wrote.

    Args:
        desk: the desk.
        target: the machine, or the structure.
        out: the file to write.
        late: also what is set aside since they were removed, for somebody to accept.

    Returns:
        How many chains are named.
    """
    from sync.rotation import held_heads, late_heads
    from sync.statement_files import HeadsFile

    registry, port = membership_of(desk).registry(), sync_port_of(desk)
    of_structure = [one for one in registry.machines if target in registry.structures_of(one)]
    machines = of_structure or [target]
    heads = held_heads(port, registry, machines)
    if late:
        heads = tuple(chain(*(late_heads(port, registry, one) for one in machines)))
    write_text(out, HeadsFile(target=target, heads=heads).to_json())
    return len(heads)


def set_aside(desk: Desk) -> "list[AsideLine]":
    """Return what is set aside here, by reason and machine."""
    from sync.decisions import Decisions

    return _ceremony(desk, Decisions).set_aside()


def disputes(desk: Desk) -> "list[Dispute]":
    """Return what two statements dispute, first what a person has not decided yet."""
    from sync.decisions import Decisions

    return _ceremony(desk, Decisions).disputes()


def accept_root(desk: Desk, reference: str, structure: bytes) -> "Dispute":
    """Take another root for a structure, whose code was compared aloud."""
    from sync.decisions import Decisions

    return _ceremony(desk, Decisions).accept_root(reference, structure)


def keep_known(desk: Desk, code: str, about: str) -> None:
    """Settle a dispute: what stands here is right."""
    from sync.decisions import Decisions

    _ceremony(desk, Decisions).keep_known(code, about)


def take_file(desk: Desk, file: Path) -> Taken:
    """Take a file of the Region or of another machine: its relay's address, or statements."""
    from sync.carried_json import carried_kind

    text, membership = text_of(file), membership_of(desk)
    kind = carried_kind(text)
    if kind == "region":
        membership.keep_region(text)
        return Taken(kind=kind, statements=1)
    return Taken(kind="statements", statements=membership.take_statements(text))


def open_carried(desk: Desk, file: Path) -> Taken:
    """Take any file or picture that somebody carried here, by what it says it is.

    `Taken.kind` is `join-request` (`spoken` is its code), `structure-certificate`, `invitation`
    (nothing is taken: it serves on a new machine), `region`, `admission` or `statements`.

    Raises:
        CarriedFileRefusedError, OtherStructureError, NoRegionError, UnreadableInputError.
    """
    from sync.carried_json import carried_kind

    kind, membership = carried_kind(text_of(file)), membership_of(desk)
    if kind == "join-request":
        return Taken(kind=kind, statements=1, spoken=take_request(desk, file))
    if kind == "structure-certificate":
        accept_certificate(desk, file)
        return Taken(kind=kind, statements=1)
    if kind == "invitation":
        return Taken(kind=kind, statements=0)
    waited = own_request(desk) is not None
    taken = take_file(desk, file)
    is_admission = waited and membership.is_admitted()
    return replace(taken, kind="admission") if is_admission else taken


def is_inside(desk: Desk) -> bool:
    """Does this machine belong to a structure that its Region certified, removed or not?"""
    from sync.errors import NoIdentityError, NoRegionError
    from sync.machines import Machines

    try:
        ceremony = _ceremony(desk, Machines)
        registry, machine = ceremony.registry(), ceremony.keyring().machine.id
    except (NoIdentityError, NoRegionError):
        return False
    return any(one in registry.structures for one in registry.structures_of(machine))


def root_keeper(desk: Desk) -> str:
    """Return the code of the machine that handed this one its keys, "" when nobody can tell.

    Whoever hands keys to new machines holds the root, unless it was removed since.
    """
    from sync.removal import machine_code

    membership = membership_of(desk)
    registry, own = membership.registry(), membership.keyring().machine.id
    structures = registry.structures_of(own)
    found = [
        key.machine
        for key in sorted(registry.structure_keys, key=lambda key: -key.generation)
        if key.recipient == own
        and key.structure in structures
        and key.machine != own
        and not registry.is_revoked(key.machine)
    ]
    return machine_code(found[0]) if found else ""


def write_statements(desk: Desk, out: Path) -> int:
    """Write all that a machine of this structure may know, to recover it where nothing goes.

    Returns:
        How many statements were written.
    """
    from sync.statement_files import StatementsFile, statements_for

    membership = membership_of(desk)
    registry = membership.registry()
    chosen = statements_for(registry, membership.structure(registry))
    write_text(out, StatementsFile(about="structure", statements=chosen).to_json())
    return len(chosen)


def make_recovery_kit(desk: Desk) -> str:
    """Return the code that recovers the structure from the next exchange on; a former one ends."""
    from sync.recovery import RecoveryKit

    return _ceremony(desk, RecoveryKit).make()


def _latest(written: Mapping[bytes, int], incarnations: Sequence[bytes]) -> int | None:
    return max((written[name] for name in incarnations if name in written), default=None)


def _ceremony(desk: Desk, kind: type[C]) -> C:
    return kind(sync_port_of(desk), desk.clock)
