"""Statements that machines bring: whose words are listened to, and what of them is kept.

A machine that nobody knows yet may certify itself by what it brings: a certificate signed by the
root of a structure that the Region certified, or a request with the token of an invitation. Only
what is believed is kept; what rests on something unknown is refused, and may be brought again.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection

from sync.canonical import FormatError
from sync.frames import StatementFrameReader
from sync.registry import Registry
from sync.relay.contacts import was_heard_lately
from sync.relay.directory import KEPT_KINDS, Directory, View, keep_statements
from sync.relay.refusals import RefusalError
from sync.statements import (
    Checkpoint,
    Confirmation,
    Dormant,
    JoinRequest,
    MachineCertificate,
    Revocation,
    Statement,
    StatementError,
    StructureCertificate,
    StructureKeyWrap,
    Wrap,
    machine_id,
    read_statement,
    statement_name,
    structure_id,
    token_hash,
    verify_statement,
)

_REQUESTS_FOR_ONE_INVITATION = 100
_OF_CHECKPOINTS = (Checkpoint, Confirmation, Dormant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """Statements as they came: their bytes by name, and those that can be read."""

    data: dict[bytes, bytes]
    read: dict[bytes, Statement]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of the statements: names held now, and names refused with their codes.

    With what is held now, a checkpoint of `spaces` may be complete.
    """

    kept: tuple[bytes, ...]
    refused: tuple[tuple[bytes, str], ...]
    spaces: frozenset[bytes] = frozenset()


def read_brought(body: bytes) -> Brought:
    """Read a body of statement frames.

    Raises:
        RefusalError: the body is not made of statement frames.
    """
    reader = StatementFrameReader()
    try:
        data = {statement_name(statement): statement for statement in reader.feed(body)}
    except FormatError as error:
        raise RefusalError(code=error.code) from error
    if not reader.is_between_frames:
        raise RefusalError(code="malformed")
    read = {}
    for name, statement in data.items():
        try:
            read[name] = read_statement(statement)
        except FormatError:
            continue
    return Brought(data=data, read=read)


def brought_key(view: View, brought: Brought, machine: bytes) -> Ed25519PublicKey | None:
    """Return the key of a machine that is known, or that what it brings vouches for."""
    known = view.signing_key(machine)
    if known is not None:
        return known
    for statement in brought.read.values():
        body = statement.body
        if (
            isinstance(body, MachineCertificate | JoinRequest)
            and body.machine == machine == machine_id(body.sign, body.hpke)
            and _is_vouched_for(view, brought, statement)
        ):
            return Ed25519PublicKey.from_public_bytes(body.sign)
    return None


def admit(
    connection: Connection, *, directory: Directory, brought: Brought, machine: bytes, now: int
) -> Kept:
    """Keep what is believable of what a machine brings.

    Raises:
        RefusalError: with all this, the machine is still unknown, or it is revoked.
    """
    view = directory.seen_from(connection)
    registry, shelf = directory.believing(view, list(brought.data.values()))
    after = View(position=view.position, shelf=shelf, registry=registry)
    # Who was certified may bring even the statement that removes it.
    is_known = view.signing_key(machine) is not None and bool(view.caller(machine).structures)
    is_certified = is_known or bool(after.caller(machine).structures)
    refused = _refused(connection, after, brought, now=now)
    if not is_certified:
        beyond = {name: _beyond_a_request(brought.read[name], machine) for name in brought.read}
        refused = {name: code for name, code in beyond.items() if code} | refused
    return _kept(connection, after, brought, refused, now=now)


def admit_carried(
    connection: Connection, *, directory: Directory, brought: Brought, now: int
) -> Kept:
    """Keep what is believable of what somebody carried here, whoever that is.

    The statements vouch for themselves, as when a machine brings them.
    """
    view = directory.seen_from(connection)
    registry, shelf = directory.believing(view, list(brought.data.values()))
    after = View(position=view.position, shelf=shelf, registry=registry)
    refused = _refused(connection, after, brought, now=now)
    return _kept(connection, after, brought, refused, now=now)


def _refused(
    connection: Connection, after: View, brought: Brought, *, now: int
) -> dict[bytes, str]:
    refused = {}
    for name in brought.data:
        code = _unbelieved(after.registry, name) or _out_of_place(
            connection, after, brought.read[name], now=now
        )
        if code:
            refused[name] = code
    return refused


def _kept(
    connection: Connection, after: View, brought: Brought, refused: dict[bytes, str], *, now: int
) -> Kept:
    kept = {
        name: (brought.read[name].body.kind, data)
        for name, data in brought.data.items()
        if name not in refused
    }
    keep_statements(connection, kept, now=now)
    bodies = [brought.read[name].body for name in kept]
    spaces = {body.space for body in bodies if isinstance(body, _OF_CHECKPOINTS)}
    if any(isinstance(body, Revocation) for body in bodies):
        spaces |= after.covers.spaces  # Nobody waits for who was removed.
    return Kept(kept=tuple(kept), refused=tuple(refused.items()), spaces=frozenset(spaces))


def _is_vouched_for(view: View, brought: Brought, statement: Statement) -> bool:
    body = statement.body
    if isinstance(body, JoinRequest):
        return (body.structure, token_hash(body.token)) in view.registry.invitations
    if not isinstance(body, MachineCertificate):
        return False
    return any(_is_signed_by(statement, root) for root in _root_keys(view, brought, body.structure))


def _root_keys(view: View, brought: Brought, structure: bytes) -> Iterable[bytes]:
    """Return the keys that may be the structure's root's, certified here or in what is brought."""
    known = view.registry.structures.get(structure)
    if known is not None:
        yield known.root_key
    for statement in brought.read.values():
        body = statement.body
        if (
            isinstance(body, StructureCertificate)
            and body.structure == structure == structure_id(body.root_key)
            and _is_signed_by(statement, view.registry.authority_key)
        ):
            yield body.root_key


def _is_signed_by(statement: Statement, key: bytes) -> bool:
    try:
        verify_statement(statement, key)
    except StatementError:
        return False
    return True


def _unbelieved(registry: Registry, name: bytes) -> str:
    return registry.refused.get(name) or registry.waiting.get(name) or ""


def _out_of_place(connection: Connection, view: View, statement: Statement, *, now: int) -> str:
    """Say why a believable statement is not kept here, if it is not."""
    body = statement.body
    if not isinstance(body, KEPT_KINDS):
        return "not_kept"
    if isinstance(body, Wrap | StructureKeyWrap):
        return _expired_wrap(view, body, now=now)
    if isinstance(body, JoinRequest):
        return _unwelcome_request(view, body, now=now)
    if isinstance(body, Dormant):
        return _still_active(connection, view, body, now=now)
    return ""


def _still_active(connection: Connection, view: View, body: Dormant, *, now: int) -> str:
    """Refuse to call somebody dormant who was heard here, whatever reached the one who says so."""
    certificates = [
        statement.name
        for statement in view.shelf.of_kind(MachineCertificate)
        if isinstance(statement.body, MachineCertificate) and statement.body.machine == body.target
    ]
    is_heard = was_heard_lately(connection, body.target, certificates, now=now)
    return "still_active" if is_heard else ""


def _expired_wrap(view: View, body: Wrap | StructureKeyWrap, *, now: int) -> str:
    if view.is_expired(body.machine, now=now):
        return "expired"
    is_for_machine = body.recipient in view.registry.machines
    return "expired" if is_for_machine and view.is_expired(body.recipient, now=now) else ""


def _unwelcome_request(view: View, body: JoinRequest, *, now: int) -> str:
    key = (body.structure, token_hash(body.token))
    if view.registry.invitations[key].until_s <= now:
        return "expired"
    rivals = (other for other in view.registry.requests.values() if other.token == body.token)
    return "too_many" if sum(1 for _ in rivals) > _REQUESTS_FOR_ONE_INVITATION else ""


def _beyond_a_request(statement: Statement, machine: bytes) -> str:
    body = statement.body
    is_own_request = isinstance(body, JoinRequest) and body.machine == machine
    return "" if is_own_request else "not_certified"
