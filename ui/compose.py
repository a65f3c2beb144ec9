"""The composition root: builds every long-lived object, and alone plugs the exchange in.

Both faces come here. Each function opens what it needs and says who closes it.
"""

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.changes import Changes
from app.domain.errors import UnknownAgentError
from app.domain.identifiers import StructureId
from app.ports import SyncPort
from app.usecases.desk import Desk, OwnStructure, Reference, name_own_structure
from resources import resource_path

if TYPE_CHECKING:
    from app.store.workspace import Workspace
    from sync.engine import ExchangeReport
    from sync.membership import Membership, WaitingRequest

APPLICATION = "deux-portes"
WORKSPACE_VARIABLE = "DEUX_PORTES_WORKSPACE"


class SystemClock:
    """The clock of this machine."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation written to a file. It carries no key of a space and serves once."""

    file: Path
    until_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A new machine that asks to join: the code to read aloud, and what to keep on paper."""

    spoken_code: str
    recovery_code: str
    request_file: Path
    structure_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A structure as its Region certified it."""

    name: str
    reference: str
    structure: bytes
    region: str


def default_workspace() -> Path:
    """Return the folder of the workspace when none is named: the variable, or the user's data."""
    from platformdirs import user_data_path

    named = os.environ.get(WORKSPACE_VARIABLE)
    return Path(named) if named else user_data_path(APPLICATION, appauthor=False) / "workspace"


def load_reference() -> Reference:
    """Return the reference data shipped with the program; files are read when first asked."""
    from app.reference.communes import Communes
    from app.reference.directory import read_directory
    from app.reference.vocabulary import Vocabularies

    return Reference(
        communes=Communes(resource_path("communes", "communes.csv")),
        vocabularies=Vocabularies(resource_path("vocabulary")),
        directory=read_directory(resource_path("starter", "practice_directory.json")),
    )


def create_desk(  # noqa: PLR0913  (what a new desk is made of, spelt out)
    folder: Path,
    *,
    agent_name: str,
    role: str,
    passphrase: str,
    region_file: Path | None = None,
    name: str = "",
    reference: str = "",
) -> tuple[Desk, str]:
    """Make a workspace and found its structure; return the open desk and its recovery code.

    Records can be written at once; they leave when the Region has certified the structure. The
    caller closes the desk.

    Raises:
        WorkspaceExistsError, WeakPassphraseError, DiskFullError, CarriedFileRefusedError.
    """
    desk, code = _new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        membership = membership_of(desk)
        if region_file is not None:
            membership.keep_region(_text_of(region_file))
        structure = StructureId(membership.found())
        shown = name or _directory_name(desk, reference)
        name_own_structure(desk, structure=structure, name=shown, reference=reference)
    except BaseException:
        _undo(desk)
        raise
    return desk, code


def open_desk(folder: Path, *, agent: str | None, passphrase: str, recovery: bool = False) -> Desk:
    """Unlock a workspace; the caller closes the desk.

    Args:
        folder: the workspace.
        agent: an agent's label or slot; None tries each slot in turn.
        passphrase: the agent's, or the recovery code when `recovery`.
        recovery: open with the printed code.

    Raises:
        WorkspaceError: missing, damaged, busy, from a newer version.
        WrongPassphraseError, TooSoonError, UnknownAgentError.
    """
    from app.store.slots import RECOVERY_SLOT
    from app.store.workspace import open_workspace
    from app.usecases.agents import agents_who_can_unlock

    cards = agents_who_can_unlock(folder)
    slot_id = next((card.slot_id for card in cards if agent in {card.slot_id, card.label}), None)
    if recovery:
        slot_id = RECOVERY_SLOT
    elif cards and agent is not None and slot_id is None:
        raise UnknownAgentError(agent)
    now = SystemClock().now()
    return _desk(open_workspace(folder, slot_id=slot_id, passphrase=passphrase, now=now))


def open_slot(folder: Path, slot_id: str, passphrase: str) -> Desk:
    """Unlock a workspace with one agent's slot: what the unlock screen does."""
    return open_desk(folder, agent=slot_id, passphrase=passphrase)


def sync_port_of(desk: Desk) -> SyncPort:
    """Return the store of a desk as the exchange sees it."""
    from app.store.sync_port import StoreSyncPort

    return StoreSyncPort(desk.workspace)


def membership_of(desk: Desk) -> "Membership":
    """Return the ceremonies of a desk."""
    from sync.membership import Membership

    return Membership(sync_port_of(desk), desk.clock)


def run_exchange(
    desk: Desk, changed: Callable[[Changes], None] = lambda _changes: None
) -> "ExchangeReport":
    """Exchange everything once with the Region's relay, on the calling thread.

    Raises:
        SyncError: why it stopped; whatever was done is kept, and the next exchange goes on.
    """
    from app.usecases.referrals import acknowledge_arrivals
    from sync.engine import Exchange, TrustAnchor
    from sync.errors import NoRegionError, SyncError
    from sync.http_signatures import RequestSigner
    from sync.keyring import Keyring
    from sync.transport import HttpTransport, RelayAddress

    port = sync_port_of(desk)
    try:
        region = membership_of(desk).region()
        if not region.relay_key:
            raise NoRegionError
        machine = Keyring(port).machine
    except SyncError as error:
        port.note_failure(code=error.code, message="", at=desk.now())
        raise
    transport = HttpTransport(
        RelayAddress(url=region.relay_url, relay_key=region.relay_key),
        RequestSigner(machine=machine.id, key=machine.sign.private_key),
    )
    try:
        exchange = Exchange(
            port,
            transport,
            TrustAnchor(authority_key=region.authority_key, relay_key=region.relay_key),
            desk.clock,
            lambda: acknowledge_arrivals(desk),
            changed,
        )
        return exchange.run()
    finally:
        transport.close()


def load_exchange() -> None:
    """Import what an exchange needs, so that the first one does not pay for it."""
    import sync.engine
    import sync.http_signatures
    import sync.keyring
    import sync.membership
    import sync.transport  # noqa: F401


def structure_request(desk: Desk, *, name: str, reference: str, out: Path) -> OwnStructure:
    """Name the structure and write the file by which it asks its Region for a certificate."""
    membership = membership_of(desk)
    shown = name or _directory_name(desk, reference)
    structure = StructureId(membership.found())
    name_own_structure(desk, structure=structure, name=shown, reference=reference)
    _write(out, membership.request(name=shown, directory=reference).to_json())
    return desk.own_structure()


def accept_certificate(desk: Desk, file: Path) -> Certified:
    """Take the certificate that the Region gave back; the exchange can begin."""
    carried = membership_of(desk).accept(_text_of(file))
    certificate = carried.certificate
    name_own_structure(
        desk,
        structure=StructureId(certificate.structure),
        name=certificate.name,
        reference=certificate.directory,
    )
    return Certified(
        name=certificate.name,
        reference=certificate.directory,
        structure=certificate.structure,
        region=carried.region.name,
    )


def invite(desk: Desk, out: Path) -> Invited:
    """Write an invitation for one new machine of the structure."""
    invitation = membership_of(desk).invite()
    _write(out, invitation.to_json())
    return Invited(file=out, until_s=invitation.until_s)


def join(  # noqa: PLR0913  (what a new desk is made of, spelt out)
    invitation_file: Path,
    folder: Path,
    *,
    agent_name: str,
    role: str,
    passphrase: str,
    out: Path | None = None,
) -> Joined:
    """Make a workspace that asks to join a structure, and the request to carry or send.

    Raises:
        CarriedFileRefusedError: the invitation is unreadable or not signed by its Region.
    """
    text = _text_of(invitation_file)
    desk, code = _new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        joined = _ask_to_join(desk, text, out or folder / "join-request.json")
    except BaseException:
        _undo(desk)
        raise
    desk.workspace.close()
    return replace(joined, recovery_code=code)


def _ask_to_join(desk: Desk, invitation_text: str, request_file: Path) -> Joined:
    membership = membership_of(desk)
    invitation, request = membership.join(invitation_text)
    certificate = next(
        body for body in membership.certified() if body.structure == invitation.structure
    )
    name_own_structure(
        desk,
        structure=StructureId(invitation.structure),
        name=certificate.name,
        reference=certificate.directory,
    )
    _write(request_file, request.to_json())
    return Joined(
        spoken_code=request.spoken,
        recovery_code="",
        request_file=request_file,
        structure_name=certificate.name,
    )


def _undo(desk: Desk) -> None:
    """Close and remove a workspace that was just made and whose ceremony was refused.

    Nobody has seen its recovery code and nothing was written in it.
    """
    from app.store.workspace import remove_new_workspace

    desk.workspace.close()
    remove_new_workspace(desk.workspace.folder)


def enrolment(desk: Desk) -> tuple[str, str]:
    """Return how far the structure is enrolled, and the name of its Region.

    Returns:
        `certified`, `asked` (the Region is known, its certificate awaited) or `alone`; the name of
        the Region is "" for the last.
    """
    from sync.errors import NoRegionError

    membership = membership_of(desk)
    try:
        region = membership.region()
    except NoRegionError:
        return "alone", ""
    own = desk.own_structure().id
    certified = any(body.structure == own for body in membership.certified())
    return ("certified" if certified else "asked"), region.name


def next_attempt_in_s(failures: int, waiting: bool, jitter: float) -> float:  # noqa: FBT001
    """Return the seconds before the next exchange by itself."""
    from sync.schedule import next_attempt_in_s as scheduled

    return scheduled(failures=failures, waiting=waiting, jitter=jitter)


def pending_requests(desk: Desk) -> "list[WaitingRequest]":
    """Return the machines that ask to join this structure."""
    return membership_of(desk).waiting()


def take_request(desk: Desk, file: Path) -> None:
    """Take the request of a new machine, carried by hand."""
    membership_of(desk).take_request(_text_of(file))


def admit(desk: Desk, spoken_code: str) -> "WaitingRequest":
    """Admit the machine whose request has this spoken code."""
    return membership_of(desk).admit(spoken_code)


def _new_desk(folder: Path, *, agent_name: str, role: str, passphrase: str) -> tuple[Desk, str]:
    from app.store.workspace import create_workspace

    workspace, code = create_workspace(
        folder, agent_name=agent_name, role=role, passphrase=passphrase
    )
    return Desk(workspace=workspace, clock=SystemClock(), reference=load_reference()), code


def _desk(workspace: "Workspace") -> Desk:
    return Desk(workspace=workspace, clock=SystemClock(), reference=load_reference())


def _directory_name(desk: Desk, reference: str) -> str:
    if not reference:
        return ""
    return desk.reference.directory.by_reference(reference).display_name


def _text_of(file: Path) -> str:
    from app.domain.errors import UnreadableInputError

    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(where=file.name, problem="fichier illisible") from error


def _write(file: Path, text: str) -> None:
    from app.store.durable_file import write_durably

    write_durably(file, text.encode())
