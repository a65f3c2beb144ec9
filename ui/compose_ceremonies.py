"""The composition of the ceremonies: being certified, inviting, joining, admitting.

None needs a network: each writes or takes small files that people carry, or pictures of them.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.identifiers import StructureId
from app.usecases.desk import Desk, OwnStructure, name_own_structure
from ui.compose import (
    directory_name,
    membership_of,
    new_desk,
    sync_port_of,
    text_of,
    undo_new_desk,
    write_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.ceremony_files import JoinRequestFile
    from sync.membership import WaitingRequest
    from ui.qr_codes import Squares


@dataclass(frozen=True, slots=True, kw_only=True)
class Invited:
    """An invitation written to a file. It carries no key of a space and serves once."""

    file: Path | None
    qr: Path | None
    until_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInvitation:
    """An invitation as the text of its file, to be shown, saved or both; it serves once."""

    text: str
    until_s: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRequest:
    """The request of this machine, which nobody admitted yet: its code, the text of its file."""

    spoken_code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """A new machine that asks to join: the code to read aloud, and what to keep on paper."""

    spoken_code: str
    recovery_code: str
    request_file: Path
    structure_name: str
    request_qr: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certified:
    """A structure as its Region certified it."""

    name: str
    reference: str
    structure: bytes
    region: str


def structure_request(desk: Desk, *, name: str, reference: str, out: Path) -> OwnStructure:
    """Name the structure and write the file by which it asks its Region for a certificate."""
    membership = membership_of(desk)
    shown = name or directory_name(desk, reference)
    structure = StructureId(membership.found())
    name_own_structure(desk, structure=structure, name=shown, reference=reference)
    write_text(out, membership.request(name=shown, directory=reference).to_json())
    return desk.own_structure()


def accept_certificate(desk: Desk, file: Path) -> Certified:
    """Take the certificate that the Region gave back; the exchange can begin."""
    carried = membership_of(desk).accept(text_of(file))
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


def enrol(desk: Desk, file: Path) -> Certified:
    """Take what makes this desk take part: a certificate of the Region, or its own admission.

    Raises:
        CarriedFileRefusedError: unreadable, of another Region, or the admission of another machine.
    """
    from sync.carried_json import carried_kind
    from sync.errors import CarriedFileRefusedError

    text, membership = text_of(file), membership_of(desk)
    if carried_kind(text) != "statements":
        return accept_certificate(desk, file)
    membership.take_statements(text)
    if not membership.is_admitted():
        raise CarriedFileRefusedError(reason="other_machine")
    registry = membership.registry()
    certificate = registry.structures[membership.structure(registry)]
    return Certified(
        name=certificate.name,
        reference=certificate.directory,
        structure=certificate.structure,
        region=membership.region().name,
    )


def invite(desk: Desk, out: Path | None = None, qr: Path | None = None) -> Invited:
    """Write an invitation for one new machine of the structure, as a file, a QR code or both."""
    made = make_invitation(desk)
    _carry(made.text, out, qr)
    return Invited(file=out, qr=qr, until_s=made.until_s)


def make_invitation(desk: Desk) -> MadeInvitation:
    """Make an invitation for one new machine of the structure; nothing is written on the disk.

    Raises:
        NoRegionError: the structure is not certified yet.
    """
    invitation = membership_of(desk).invite()
    return MadeInvitation(text=invitation.to_json(), until_s=invitation.until_s)


def save_carried(text: str, file: Path) -> None:
    """Write a file to carry, as its QR code when the name is that of a picture."""
    from ui.qr_codes import is_picture

    is_drawn = is_picture(file) or file.suffix.lower() == ".svg"
    _carry(text, None if is_drawn else file, file if is_drawn else None)


def squares(text: str) -> "Squares":
    """Return the QR code of a file to carry, to be drawn on the screen."""
    from ui.qr_codes import squares_of

    return squares_of(text)


def join(  # noqa: PLR0913  (what a new desk is made of, spelt out)
    invitation_file: Path,
    folder: Path,
    *,
    agent_name: str,
    role: str,
    passphrase: str,
    out: Path | None = None,
    qr: Path | None = None,
) -> Joined:
    """Make a workspace that asks to join a structure, and the request to carry or send.

    Raises:
        CarriedFileRefusedError: the invitation is unreadable or not signed by its Region.
    """
    text = text_of(invitation_file)
    desk, code = new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        joined = _ask_to_join(desk, text, out or folder / "join-request.json", qr)
    except BaseException:
        undo_new_desk(desk)
        raise
    desk.workspace.close()
    return replace(joined, recovery_code=code)


def join_desk(
    invitation_file: Path, folder: Path, *, agent_name: str, role: str, passphrase: str
) -> tuple[Desk, str]:
    """Make a workspace that asks to join a structure; return the open desk and its recovery code.

    Its request is kept inside (`own_request`). The caller closes the desk.

    Raises:
        CarriedFileRefusedError: the invitation is unreadable or not signed by its Region.
        WorkspaceExistsError, WeakPassphraseError, DiskFullError.
    """
    text = text_of(invitation_file)
    desk, code = new_desk(folder, agent_name=agent_name, role=role, passphrase=passphrase)
    try:
        _ask_to_join(desk, text, None, None)
    except BaseException:
        undo_new_desk(desk)
        raise
    return desk, code


def own_request(desk: Desk) -> OwnRequest | None:
    """Return the request of this machine while it waits to be admitted, None otherwise."""
    from sync.errors import NoIdentityError, NoRegionError

    membership = membership_of(desk)
    try:
        machine = membership.keyring().machine.id
        if membership.registry().structures_of(machine):
            return None  # admitted, perhaps removed since
    except (NoIdentityError, NoRegionError):
        return None
    made = [one for one in _requests(desk) if one.request.machine == machine]
    if not made:
        return None
    return OwnRequest(spoken_code=made[-1].spoken, text=made[-1].to_json())


def _requests(desk: Desk) -> "Iterator[JoinRequestFile]":
    from sync.canonical import FormatError
    from sync.ceremony_files import JoinRequestFile
    from sync.statements import JoinRequest, read_statement

    for data in sync_port_of(desk).statements():
        with suppress(FormatError):
            body = read_statement(data).body
            if isinstance(body, JoinRequest):
                yield JoinRequestFile(statement=data, request=body)


def _ask_to_join(
    desk: Desk, invitation_text: str, request_file: Path | None, qr: Path | None
) -> Joined:
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
    _carry(request.to_json(), request_file, qr)
    return Joined(
        spoken_code=request.spoken,
        recovery_code="",
        request_file=request_file or Path(),
        structure_name=certificate.name,
        request_qr=qr,
    )


def pending_requests(desk: Desk) -> "list[WaitingRequest]":
    """Return the machines that ask to join this structure."""
    return membership_of(desk).waiting()


def take_request(desk: Desk, file: Path) -> str:
    """Take the request of a new machine, carried by hand; return the code to compare aloud."""
    from sync.ceremony import read_carried
    from sync.ceremony_files import read_join_request_file

    text = text_of(file)
    membership_of(desk).take_request(text)
    return read_carried(read_join_request_file, text).spoken


def admit(desk: Desk, spoken_code: str, admission: Path | None = None) -> "WaitingRequest":
    """Admit the machine whose request has this spoken code.

    Args:
        desk: the one that holds the structure's root.
        spoken_code: as it was read aloud.
        admission: where to write what the new machine needs to begin without a network.
    """
    admitted = membership_of(desk).admit(spoken_code)
    if admission is not None:
        write_admission(desk, admitted.machine, admission)
    return admitted


def write_admission(desk: Desk, machine: bytes, file: Path) -> None:
    """Write what a machine just admitted needs to begin without a network.

    Raises:
        NotTheRootError, UnknownMachineError.
    """
    write_text(file, membership_of(desk).admission(machine).to_json())


def _carry(text: str, file: Path | None, qr: Path | None) -> None:
    from ui.qr_codes import write_qr

    if file is not None:
        write_text(file, text)
    if qr is not None:
        write_qr(qr, text)
