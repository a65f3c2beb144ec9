"""The composition of what concerns machines: removal, new keys, decisions, recovery, what is due.

All of it is signed here and counts elsewhere once exchanged; the values are frozen, for both faces.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from app.domain.identifiers import StructureId
from app.usecases.desk import Desk, name_own_structure
from ui.compose import (
    membership_of,
    new_desk,
    sync_port_of,
    text_of,
    undo_new_desk,
    write_text,
)
from ui.compose_exchange import connect

if TYPE_CHECKING:
    # Named in `__all__` for the faces; the exchange itself is imported when it serves.
    from sync.ceremony import Ceremony
    from sync.decisions import AsideLine, Dispute, Side  # noqa: TC004
    from sync.keys import MachineKeys
    from sync.machines import MachineLine, Standing  # noqa: TC004
    from sync.recovery import Opened
    from sync.removal import Accepted, Removed

    C = TypeVar("C", bound=Ceremony)
else:
    C = TypeVar("C")

# The faces name the exchange's values through this module: they never import it themselves.
__all__ = [
    "AsideLine",
    "Dispute",
    "Lost",
    "MachineLine",
    "MachineSeen",
    "RecoveredDesk",
    "Side",
    "Standing",
    "Taken",
    "accept_late",
    "accept_root",
    "disputes",
    "machines",
    "make_recovery_kit",
    "open_lost_structure",
    "recover",
    "remove_machine",
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
    """A file that was taken: its kind, and how many of its statements are new and believed."""

    kind: str
    statements: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A structure that a printed code opened: its name, and the machines it had, with codes."""

    structure_name: str
    machines: tuple[tuple[bytes, str], ...]
    opened: "Opened"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredDesk:
    """A new machine that holds the root, and the code of its own file, to keep on paper."""

    structure_name: str
    code: str
    recovery_code: str
    leaving: tuple[str, ...]


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


def write_heads(desk: Desk, target: bytes, out: Path) -> int:
    """Write how far this desk has what a machine, or a structure's machines, wrote.

    Returns:
        How many chains are named.
    """
    from sync.rotation import held_heads
    from sync.statement_files import HeadsFile

    registry = membership_of(desk).registry()
    of_structure = [one for one in registry.machines if target in registry.structures_of(one)]
    heads = held_heads(sync_port_of(desk), registry, of_structure or [target])
    write_text(out, HeadsFile(target=target, heads=heads).to_json())
    return len(heads)


def set_aside(desk: Desk) -> "list[AsideLine]":
    """Return what is set aside here, by reason and machine."""
    from sync.decisions import Decisions

    return _ceremony(desk, Decisions).set_aside()


def disputes(desk: Desk) -> "list[Dispute]":
    """Return what two statements dispute and a person must decide."""
    from sync.decisions import Decisions

    return _ceremony(desk, Decisions).disputes()


def accept_root(desk: Desk, reference: str, structure: bytes) -> "Dispute":
    """Take another root for a structure, whose code was compared aloud."""
    from sync.decisions import Decisions

    return _ceremony(desk, Decisions).accept_root(reference, structure)


def take_file(desk: Desk, file: Path) -> Taken:
    """Take a file of the Region or of another machine: its relay's address, or statements."""
    from sync.carried_json import carried_kind

    text, membership = text_of(file), membership_of(desk)
    kind = carried_kind(text)
    if kind == "region":
        membership.keep_region(text)
        return Taken(kind=kind, statements=1)
    return Taken(kind="statements", statements=membership.take_statements(text))


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


def open_lost_structure(region_file: Path, code: str, statements_file: Path | None = None) -> Lost:
    """Open the structure that a printed code recovers; nothing is written yet.

    Args:
        region_file: the Region's file, got by hand.
        code: as it was printed.
        statements_file: what to read instead of asking the relay.

    Raises:
        RecoveryCodeError, RecoveryUnknownError, CarriedFileRefusedError.
        SyncError: the relay could not be asked.
    """
    from sync.ceremony import read_carried
    from sync.recovery import open_structure, paper_keys
    from sync.removal import machine_code
    from sync.statement_files import read_statements_file

    paper, region_text = paper_keys(code), text_of(region_file)
    if statements_file is None:
        statements: Sequence[bytes] = _told_by_the_relay(region_text, paper)
    else:
        statements = read_carried(read_statements_file, text_of(statements_file)).statements
    opened = open_structure(region_text, paper, statements)
    return Lost(
        structure_name=opened.certificate.name,
        machines=tuple((one, machine_code(one)) for one in opened.others),
        opened=opened,
    )


def recover(  # noqa: PLR0913  (what a new desk is made of, spelt out)
    found: Lost,
    folder: Path,
    *,
    agent_name: str,
    role: str,
    passphrase: str,
    lost: Sequence[bytes],
) -> RecoveredDesk:
    """Make a workspace that holds the root of a recovered structure; the next exchange fills it.

    Raises:
        WorkspaceExistsError, WeakPassphraseError, DiskFullError.
    """
    desk, code = new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        machine = _take_over(desk, found, lost)
    except BaseException:
        undo_new_desk(desk)
        raise
    desk.workspace.close()
    leaving = tuple(spoken for one, spoken in found.machines if one in lost)
    return RecoveredDesk(
        structure_name=found.structure_name, code=machine, recovery_code=code, leaving=leaving
    )


def _take_over(desk: Desk, found: Lost, lost: Sequence[bytes]) -> str:
    from sync.recovery import Recovered
    from sync.removal import machine_code

    certificate = found.opened.certificate
    ceremony = Recovered.begin(sync_port_of(desk), desk.clock, found.opened, lost)
    name_own_structure(
        desk,
        structure=StructureId(certificate.structure),
        name=certificate.name,
        reference=certificate.directory,
    )
    return machine_code(ceremony.keyring().machine.id)


def _told_by_the_relay(region_text: str, paper: "MachineKeys") -> list[bytes]:
    from sync.ceremony import read_carried
    from sync.ceremony_files import read_region
    from sync.errors import (
        MachineRevokedError,
        NoRegionError,
        NotAdmittedYetError,
        NotOurRelayError,
        RecoveryUnknownError,
    )
    from sync.statement_sharing import all_statements

    region = read_carried(read_region, region_text)
    if not region.relay_key:
        raise NoRegionError
    transport = connect(region, paper)
    try:
        if transport.hello().authority != region.authority:
            raise NotOurRelayError
        return all_statements(transport)
    except (NotAdmittedYetError, MachineRevokedError) as error:
        raise RecoveryUnknownError from error
    finally:
        transport.close()


def _latest(written: Mapping[bytes, int], incarnations: Sequence[bytes]) -> int | None:
    return max((written[name] for name in incarnations if name in written), default=None)


def _ceremony(desk: Desk, kind: type[C]) -> C:
    return kind(sync_port_of(desk), desk.clock)
