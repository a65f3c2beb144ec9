"""The composition of recovery: a structure taken over with its printed code, on a new machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.identifiers import StructureId
from app.usecases.desk import Desk, name_own_structure
from ui.compose import membership_of, new_desk, sync_port_of, text_of, undo_new_desk
from ui.compose_exchange import connect

if TYPE_CHECKING:
    from sync.connection_settings import ConnectionSettings
    from sync.keys import MachineKeys
    from sync.recovery import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A structure that a printed code opened: its name, and the machines it had, with codes.

    `settings` say how the relay is reached from here, for the workspace that is to be made.
    """

    structure_name: str
    machines: tuple[tuple[bytes, str], ...]
    opened: "Opened"
    settings: "ConnectionSettings"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveredDesk:
    """A new machine that holds the root, and the code of its own file, to keep on paper."""

    structure_name: str
    code: str
    recovery_code: str
    leaving: tuple[str, ...]


def open_lost_structure(
    region_file: Path,
    code: str,
    statements_file: Path | None = None,
    *,
    ca: bytes = b"",
    proxy: str = "",
) -> Lost:
    """Open the structure that a printed code recovers; nothing is written yet.

    Args:
        region_file: the Region's file, got by hand.
        code: as it was printed.
        statements_file: what to read instead of asking the relay.
        ca: certificates (PEM) to trust instead of the public ones.
        proxy: the address of a proxy to go through.

    Raises:
        RecoveryCodeError, RecoveryUnknownError, CarriedFileRefusedError.
        SyncError: the relay could not be asked, or not so (`ca`, `proxy`).
    """
    from sync.ceremony import read_carried
    from sync.connection_settings import settings_by_hand
    from sync.recovery import open_structure, paper_keys
    from sync.removal import machine_code
    from sync.statement_files import read_statements_file

    paper, region_text = paper_keys(code), text_of(region_file)
    settings = settings_by_hand(ca=ca, proxy=proxy)
    if statements_file is None:
        statements: Sequence[bytes] = _told_by_the_relay(region_text, paper, settings)
    else:
        statements = read_carried(read_statements_file, text_of(statements_file)).statements
    opened = open_structure(region_text, paper, statements)
    return Lost(
        structure_name=opened.certificate.name,
        machines=tuple((one, machine_code(one)) for one in opened.others),
        opened=opened,
        settings=settings,
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
    from sync.removal import machine_code

    desk, code = recovered_desk(
        found, folder, agent_name=agent_name, role=role, passphrase=passphrase, lost=lost
    )
    machine = machine_code(membership_of(desk).keyring().machine.id)
    desk.workspace.close()
    leaving = tuple(spoken for one, spoken in found.machines if one in lost)
    return RecoveredDesk(
        structure_name=found.structure_name, code=machine, recovery_code=code, leaving=leaving
    )


def recovered_desk(  # noqa: PLR0913  (what a new desk is made of, spelt out)
    found: Lost,
    folder: Path,
    *,
    agent_name: str,
    role: str,
    passphrase: str,
    lost: Sequence[bytes],
) -> tuple[Desk, str]:
    """Do what `recover` does; return the open desk and its file's code. The caller closes it."""
    desk, code = new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        _take_over(desk, found, lost)
    except BaseException:
        undo_new_desk(desk)
        raise
    return desk, code


def _take_over(desk: Desk, found: Lost, lost: Sequence[bytes]) -> None:
    from sync.connection_settings import keep_settings
    from sync.recovery import Recovered

    certificate = found.opened.certificate
    keep_settings(sync_port_of(desk), found.settings)
    Recovered.begin(sync_port_of(desk), desk.clock, found.opened, lost)
    name_own_structure(
        desk,
        structure=StructureId(certificate.structure),
        name=certificate.name,
        reference=certificate.directory,
    )


def _told_by_the_relay(
    region_text: str, paper: "MachineKeys", settings: "ConnectionSettings"
) -> list[bytes]:
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
    transport = connect(region, paper, settings)
    try:
        if transport.hello().authority != region.authority:
            raise NotOurRelayError
        return all_statements(transport)
    except (NotAdmittedYetError, MachineRevokedError) as error:
        raise RecoveryUnknownError from error
    finally:
        transport.close()
