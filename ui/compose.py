"""The composition root: builds every long-lived object, and alone plugs the exchange in.

Both faces come here. Each function opens what it needs and says who closes it.
"""

import datetime as dt
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.changes import Changes
from app.domain.errors import UnknownAgentError
from app.domain.identifiers import StructureId
from app.ports import SyncPort
from app.usecases.desk import Desk, Reference, name_own_structure
from resources import resource_path

if TYPE_CHECKING:
    from app.store.workspace import Workspace
    from sync.membership import Membership
    from sync.stick.reading import StickRead as StickRead  # noqa: PLC0414  (the faces name it)
    from sync.stick.watch import StickProgress as StickProgress  # noqa: PLC0414  (the faces name it)
    from sync.stick.writing import StickWritten as StickWritten  # noqa: PLC0414  (the faces name it)

APPLICATION = "deux-portes"
WORKSPACE_VARIABLE = "DEUX_PORTES_WORKSPACE"


class SystemClock:
    """The clock of this machine."""

    def now(self) -> dt.datetime:
        """Return the present moment, aware, in UTC."""
        return dt.datetime.now(dt.UTC)


def default_workspace() -> Path:
    """Return the folder of the workspace when none is named: the variable, or the user's data."""
    from platformdirs import user_data_path

    named = os.environ.get(WORKSPACE_VARIABLE)
    return Path(named) if named else user_data_path(APPLICATION, appauthor=False) / "workspace"


def load_reference() -> Reference:
    """Return the reference data shipped with the program; files are read when first asked."""
    from app.reference.communes import Communes
    from app.reference.copying import read_templates
    from app.reference.directory import read_directory
    from app.reference.networks import Networks
    from app.reference.rules import Rules
    from app.reference.suggestions import MotiveSuggestions
    from app.reference.vocabulary import Vocabularies

    return Reference(
        communes=Communes(resource_path("communes", "communes.csv")),
        vocabularies=Vocabularies(resource_path("vocabulary")),
        directory=read_directory(resource_path("starter", "practice_directory.json")),
        networks=Networks(resource_path("networks", "networks.json")),
        rules=Rules(resource_path("rules")),
        suggestions=MotiveSuggestions(resource_path("suggestions", "motives.json")),
        copying=read_templates(resource_path("copying", "templates.json")),
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
    desk, code = new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        membership = membership_of(desk)
        if region_file is not None:
            membership.keep_region(text_of(region_file))
        structure = StructureId(membership.found())
        shown = name or directory_name(desk, reference)
        name_own_structure(desk, structure=structure, name=shown, reference=reference)
    except BaseException:
        undo_new_desk(desk)
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


def write_stick(
    desk: Desk,
    folder: Path,
    progress: "Callable[[StickProgress], None]" = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    changed: Callable[[Changes], None] = lambda _changes: None,
) -> "StickWritten":
    """Write on a stick what others may lack, on the calling thread.

    Args:
        desk: the desk.
        folder: the stick; what is ours there goes in its folder `deux-portes`.
        progress: told how far it is, on the calling thread.
        cancelled: asked between two files; the stick then says what it said before.
        changed: told what each durable step touched.

    Raises:
        SyncError: why it stopped; nothing is lost here or there.
        NotEnrolledError: the structure is not certified yet.
    """
    from app.store.stick_port import StoreStickPort
    from sync.stick.folder import StickFolder
    from sync.stick.watch import Watch
    from sync.stick.writing import StickWriting

    authority_key = membership_of(desk).region().authority_key
    sticks = StoreStickPort(desk.workspace)
    writing = StickWriting(sync_port_of(desk), sticks, authority_key, desk.clock, changed)
    stick = StickFolder(folder)
    written = writing.run(stick, Watch(progress=progress, cancelled=cancelled))
    _settle(stick.root)
    return written


def read_stick(
    desk: Desk,
    folder: Path,
    progress: "Callable[[StickProgress], None]" = lambda _progress: None,
    cancelled: Callable[[], bool] = lambda: False,
    changed: Callable[[Changes], None] = lambda _changes: None,
) -> "StickRead":
    """Take from a stick what is for this desk, on the calling thread; see `write_stick`.

    Raises:
        SyncError: why nothing could be taken, or why it stopped; what was taken is kept.
    """
    from app.store.stick_port import StoreStickPort
    from app.usecases.referrals import acknowledge_arrivals
    from sync.stick.folder import StickFolder
    from sync.stick.reading import StickReading
    from sync.stick.watch import Watch

    reading = StickReading(
        sync_port_of(desk),
        StoreStickPort(desk.workspace),
        membership_of(desk).region().authority_key,
        desk.clock,
        lambda: acknowledge_arrivals(desk),
        changed,
    )
    return reading.run(StickFolder(folder), Watch(progress=progress, cancelled=cancelled))


def _settle(folder: Path) -> None:
    """Have the disk keep what was last taken away there too: then a stick may be removed.

    Raises:
        StickRemovedError: it does not answer any more.
    """
    from sync.errors import StickRemovedError

    if os.name == "nt":
        return  # a folder cannot be opened there; its file system orders what it writes
    try:
        for place in (folder, *(one for one in folder.iterdir() if one.is_dir())):
            handle = os.open(place, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EACCES}:  # nothing to sync there, or not ours
            raise StickRemovedError from error


def undo_new_desk(desk: Desk) -> None:
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


def new_desk(folder: Path, *, agent_name: str, role: str, passphrase: str) -> tuple[Desk, str]:
    """Make a workspace that belongs to nobody yet; return its desk and its recovery code."""
    from app.domain.personal_numbers import masked
    from app.store.workspace import create_workspace

    workspace, code = create_workspace(
        folder, agent_name=masked(agent_name), role=role, passphrase=passphrase
    )
    return Desk(workspace=workspace, clock=SystemClock(), reference=load_reference()), code


def _desk(workspace: "Workspace") -> Desk:
    return Desk(workspace=workspace, clock=SystemClock(), reference=load_reference())


def directory_name(desk: Desk, reference: str) -> str:
    """Return the name that the directory gives to a reference, "" without one."""
    if not reference:
        return ""
    from app.usecases.directory.shelf import desk_directory

    return desk_directory(desk).by_reference(reference).display_name


def text_of(file: Path) -> str:
    """Return the text of a carried file, out of its QR code when it is a picture.

    Raises:
        UnreadableInputError, UnreadablePictureError.
    """
    from app.domain.errors import UnreadableInputError
    from app.domain.personal_numbers import masked_file_name
    from sync.carried_json import CarriedFileError, read_carried_file
    from ui.qr_codes import is_picture, read_qr

    if is_picture(file):
        return read_qr(file)
    name = masked_file_name(file.name)
    try:
        return read_carried_file(file)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableInputError(where=name, problem="fichier illisible") from error
    except CarriedFileError as error:
        raise UnreadableInputError(where=name, problem="fichier trop long") from error


def bytes_of(file: Path) -> bytes:
    """Return the bytes of a file that somebody chose.

    Raises:
        UnreadableInputError.
    """
    from app.domain.errors import UnreadableInputError
    from app.domain.personal_numbers import masked_file_name

    try:
        return file.read_bytes()
    except OSError as error:
        name = masked_file_name(file.name)
        raise UnreadableInputError(where=name, problem="fichier illisible") from error


def write_text(file: Path, text: str) -> None:
    """Write a file to carry; it is whole or absent, whatever happens."""
    from app.store.durable_file import write_durably

    write_durably(file, text.encode())
