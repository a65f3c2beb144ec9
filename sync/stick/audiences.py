"""Who may know which statement, on a stick that several structures may hold in their hands.

The rules are the relay's (`sync/PROTOCOL.md`, section 5); here each audience has files of its own.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Final

from sync.canonical import FormatError
from sync.registry import Registry
from sync.statements import (
    Body,
    Checkpoint,
    Confirmation,
    Dormant,
    IncarnationStatement,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Profile,
    Receiver,
    Recovery,
    RelayCertificate,
    Revocation,
    SpaceStatement,
    StructureCertificate,
    StructureKeyWrap,
    UnknownStatement,
    Wrap,
    read_statement,
    statement_name,
)
from sync.stick.manifest import EVERYBODY

FOR_EVERYBODY: Final = (
    RelayCertificate,
    StructureCertificate,
    Profile,
    MachineCertificate,
    Recovery,
    IncarnationStatement,
    Revocation,
)
FOR_THE_STRUCTURE: Final = (Receiver, StructureKeyWrap, Invitation, JoinRequest)
FOR_MEMBERS: Final = (SpaceStatement, Wrap, Checkpoint, Confirmation, Dormant)


def audience_of(body: Body | UnknownStatement) -> bytes | None:
    """Return the space or structure for which a statement is, `EVERYBODY`, or None for nobody.

    What nobody is told on a stick: receipts, which have files of their own, and kinds that this
    program does not know, whose audience it cannot tell.
    """
    if isinstance(body, FOR_EVERYBODY):
        return EVERYBODY
    if isinstance(body, FOR_MEMBERS):
        return body.space
    if isinstance(body, FOR_THE_STRUCTURE):
        return body.structure
    return None


def by_audience(
    registry: Registry, statements: Iterable[bytes], machine: bytes
) -> Mapping[bytes, list[bytes]]:
    """Sort statements that are believed by those who may know them, each list in one order.

    What the machine says of itself goes too before anybody else can believe it: it asks to join.
    """
    sorted_out: dict[bytes, list[bytes]] = {}
    for data in sorted(statements):
        with suppress(FormatError):
            body = read_statement(data).body
            audience = audience_of(body)
            is_told = registry.believes(statement_name(data)) or _introduces(body, machine)
            if audience is not None and is_told:
                sorted_out.setdefault(audience, []).append(data)
    return sorted_out


def _introduces(body: Body | UnknownStatement, machine: bytes) -> bool:
    return isinstance(body, IncarnationStatement | JoinRequest) and body.machine == machine
