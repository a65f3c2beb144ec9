"""Signed statements: who is certified by whom, who may read what, and what the relay received.

A statement is `canonical CBOR [payload, signature]`; its name is the SHA-256 of its bytes. This
module writes, signs and reads them one by one. What to believe of many, in any order, is for
`sync/registry.py`. Statements of kinds that this program does not know are readable as
`UnknownStatement`: kept and passed on, never believed.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from sync.canonical import Canonical, CanonicalError, Flaw, FormatError, canonical, read_canonical
from sync.statement_bodies import (
    HPKE_PUBLIC_BYTES,
    KINDS,
    SHAPES,
    Body,
    Checkpoint,
    Confirmation,
    Dormant,
    IncarnationStatement,
    Invitation,
    JoinRequest,
    MachineCertificate,
    Profile,
    Receipt,
    Receiver,
    Recovery,
    RelayCertificate,
    Revocation,
    SpaceStatement,
    StructureCertificate,
    StructureKeyWrap,
    UnknownStatement,
    Wrap,
)
from sync.statement_shapes import Words

__all__ = [
    "HPKE_PUBLIC_BYTES",
    "MAX_STATEMENT_BYTES",
    "Body",
    "Checkpoint",
    "Confirmation",
    "Dormant",
    "IncarnationStatement",
    "Invitation",
    "JoinRequest",
    "MachineCertificate",
    "Profile",
    "Receipt",
    "Receiver",
    "Recovery",
    "RelayCertificate",
    "Revocation",
    "SpaceStatement",
    "Statement",
    "StatementError",
    "StructureCertificate",
    "StructureKeyWrap",
    "UnknownStatement",
    "Wrap",
    "authority_id",
    "fingerprint",
    "machine_id",
    "read_statement",
    "relay_id",
    "sign_statement",
    "statement_name",
    "structure_id",
    "token_hash",
    "verify_signature",
    "verify_statement",
]

MAX_STATEMENT_BYTES = 65_536
SPOKEN_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"

_DOMAIN = b"deux-portes/statement/1\0"
_SIGNATURE_BYTES = 64
_KIND_KEY = "k"
_IDENTIFIER_BYTES = 16
_SPOKEN_SIGNS = 8


class StatementError(FormatError):
    """A statement is not what it should be, or nobody should believe it.

    Codes: `malformed`, `too_large`, `bad_signature`, `wrong_identifier`.
    """


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement as read: well formed, its signature still unchecked."""

    name: bytes
    body: Body | UnknownStatement
    signature: bytes
    payload: bytes


def sign_statement(body: Body, private_key: Ed25519PrivateKey) -> bytes:
    """Write and sign a statement.

    Raises:
        StatementError: `malformed` when a field has not its shape, `too_large`.
    """
    _check_shape(type(body), _payload(body))
    payload = canonical(_payload(body))
    data = canonical([payload, private_key.sign(_DOMAIN + payload)])
    if len(data) > MAX_STATEMENT_BYTES:
        raise StatementError(Flaw.TOO_LARGE)
    return data


def read_statement(data: bytes) -> Statement:
    """Read a statement without believing it: size, form, and the shape of what its kind says.

    Raises:
        StatementError: `malformed` or `too_large`.
    """
    try:
        parts = read_canonical(data, MAX_STATEMENT_BYTES)
        if not isinstance(parts, tuple) or len(parts) != 2:  # noqa: PLR2004 - payload, signature
            raise StatementError(Flaw.MALFORMED)
        payload, signature = parts
        if not isinstance(payload, bytes) or not isinstance(signature, bytes):
            raise StatementError(Flaw.MALFORMED)
        if len(signature) != _SIGNATURE_BYTES:
            raise StatementError(Flaw.MALFORMED)
        body = _read_body(read_canonical(payload, MAX_STATEMENT_BYTES))
    except CanonicalError as error:
        raise StatementError(Flaw(error.code)) from error
    name = statement_name(data)
    return Statement(name=name, body=body, signature=signature, payload=payload)


def verify_statement(statement: Statement, public_key: bytes) -> None:
    """Check that the holder of this Ed25519 key signed the statement.

    Raises:
        StatementError: `bad_signature`.
    """
    verify_signature(public_key, statement.signature, _DOMAIN + statement.payload)


def verify_signature(public_key: bytes, signature: bytes, message: bytes) -> None:
    """Check an Ed25519 signature.

    Raises:
        StatementError: `bad_signature`.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError) as error:
        raise StatementError(Flaw.BAD_SIGNATURE) from error


def statement_name(data: bytes) -> bytes:
    """Return the name of a statement: the SHA-256 of all its bytes."""
    return hashlib.sha256(data).digest()


def authority_id(public_key: bytes) -> bytes:
    """Return the identifier of the authority that holds this Ed25519 key."""
    return _identifier(b"deux-portes/authority/1\0", public_key)


def relay_id(public_key: bytes) -> bytes:
    """Return the identifier of the relay that holds this Ed25519 key."""
    return _identifier(b"deux-portes/relay/1\0", public_key)


def structure_id(root_public_key: bytes) -> bytes:
    """Return the identifier of the structure whose root holds this Ed25519 key."""
    return _identifier(b"deux-portes/structure/1\0", root_public_key)


def machine_id(sign_public_key: bytes, hpke_public_key: bytes) -> bytes:
    """Return the identifier of the machine that holds these two keys."""
    return _identifier(b"deux-portes/machine/1\0", sign_public_key + hpke_public_key)


def token_hash(token: bytes) -> bytes:
    """Return what an invitation says of its token, so that whoever reads it cannot use it."""
    return hashlib.sha256(token).digest()


def fingerprint(request: bytes) -> str:
    """Return the code `XXXX-XXXX` by which two people compare a join request aloud."""
    number = int.from_bytes(hashlib.sha256(b"deux-portes/request/1\0" + request).digest(), "big")
    signs = [SPOKEN_ALPHABET[(number >> (5 * place)) & 31] for place in range(_SPOKEN_SIGNS)]
    return "".join(signs[:4]) + "-" + "".join(signs[4:])


def _identifier(domain: bytes, keys: bytes) -> bytes:
    return hashlib.sha256(domain + keys).digest()[:_IDENTIFIER_BYTES]


def _payload(body: Body) -> dict[str, Any]:
    values = {key: getattr(body, field) for key, (field, _) in SHAPES[body.kind].items()}
    return {_KIND_KEY: body.kind} | values


def _read_body(payload: Canonical) -> Body | UnknownStatement:
    if not isinstance(payload, dict) or not Words(most=40).accepts(payload.get(_KIND_KEY)):
        raise StatementError(Flaw.MALFORMED)
    kind = KINDS.get(payload[_KIND_KEY])
    if kind is None:
        return UnknownStatement(kind=payload[_KIND_KEY])
    _check_shape(kind, payload)
    values: dict[str, Any] = {field: payload[key] for key, (field, _) in SHAPES[kind.kind].items()}
    return kind(**values)


def _check_shape(kind: type[Body], payload: dict[str, Any]) -> None:
    shapes = SHAPES[kind.kind]
    if payload.keys() != shapes.keys() | {_KIND_KEY}:
        raise StatementError(Flaw.MALFORMED)
    if not all(shape.accepts(payload[key]) for key, (_, shape) in shapes.items()):
        raise StatementError(Flaw.MALFORMED)
