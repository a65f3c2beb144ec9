"""What each kind of signed statement says, field by field, with the shape of each field.

The annotations are the format: statements are written and checked after them (`SHAPES`).
A field is written under its own name, but for those of `WIRE_KEYS`. A kind never gains a field:
what needs more is another kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, ClassVar, TypeAlias, get_args, get_type_hints

from sync.statement_shapes import (
    Cover,
    Heads,
    Members,
    Names,
    Octets,
    Shape,
    Uint,
    Uints,
    Words,
)

HPKE_PUBLIC_BYTES = 1_216
TOKEN_BYTES = 16
MAX_GENERATION = 2**32 - 1
WIRE_KEYS: Mapping[str, str] = {
    "from_s": "from",
    "until_s": "until",
    "at_s": "at",
    "space_kind": "kind",
}
"""Fields written under another name than their own."""


Identifier: TypeAlias = Annotated[bytes, Octets(16)]
IncarnationBytes: TypeAlias = Annotated[bytes, Octets(8)]
Digest: TypeAlias = Annotated[bytes, Octets(32)]
SignKey: TypeAlias = Annotated[bytes, Octets(32)]
HpkeKey: TypeAlias = Annotated[bytes, Octets(HPKE_PUBLIC_BYTES)]
Sealed: TypeAlias = Annotated[bytes, Octets(most=4_096)]
Count: TypeAlias = Annotated[int, Uint()]
Generation: TypeAlias = Annotated[int, Uint(least=1, most=MAX_GENERATION)]
Text: TypeAlias = Annotated[str, Words(500)]
AcceptedHead: TypeAlias = tuple[bytes, bytes, int, bytes]
"""Space, incarnation, sequence and name of the last bundle accepted from somebody removed."""
CoveredHead: TypeAlias = tuple[bytes, int, bytes]
"""Incarnation, sequence and name of the last bundle that a checkpoint covers."""
Identifiers: TypeAlias = Annotated[tuple[bytes, ...], Names(16)]
Digests: TypeAlias = Annotated[tuple[bytes, ...], Names(32)]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayCertificate:
    """The Region's authority says which relay is its own."""

    kind: ClassVar[str] = "relay"
    authority: Identifier
    relay_key: SignKey
    url: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureCertificate:
    """The Region's authority says which root key is a structure's, and nothing more."""

    kind: ClassVar[str] = "structure"
    authority: Identifier
    structure: Identifier
    root_key: SignKey
    name: Text
    directory: Text
    from_s: Count
    until_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A structure's root says under which key others may wrap keys for the structure."""

    kind: ClassVar[str] = "profile"
    structure: Identifier
    generation: Generation
    hpke: HpkeKey


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineCertificate:
    """A structure's root says that a machine is its own."""

    kind: ClassVar[str] = "machine"
    structure: Identifier
    machine: Identifier
    sign: SignKey
    hpke: HpkeKey
    from_s: Count
    until_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """A structure's root says that a machine exists on paper alone, and hands it the root itself.

    Such a machine receives keys like the others and never writes; nobody waits for it.
    """

    kind: ClassVar[str] = "recovery"
    structure: Identifier
    machine: Identifier
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class IncarnationStatement:
    """A machine says that it writes under this incarnation."""

    kind: ClassVar[str] = "incarnation"
    machine: Identifier
    incarnation: IncarnationBytes
    at_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceStatement:
    """A machine of a member says what the name of a space stands for."""

    kind: ClassVar[str] = "space"
    machine: Identifier
    space: Identifier
    space_kind: Annotated[int, Uint(most=255)]
    members: Annotated[tuple[bytes, ...], Members()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """A machine hands the key of an epoch to one machine, or to a structure (`generation` ≥ 1)."""

    kind: ClassVar[str] = "wrap"
    machine: Identifier
    space: Identifier
    epoch: Identifier
    number: Count
    recipient: Identifier
    generation: Annotated[int, Uint(most=MAX_GENERATION)] = 0
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureKeyWrap:
    """A machine hands the private part of its structure's profile to another of its machines."""

    kind: ClassVar[str] = "structure_key"
    machine: Identifier
    structure: Identifier
    generation: Generation
    recipient: Identifier
    sealed: Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A machine says that whoever brings a token may ask to join its structure."""

    kind: ClassVar[str] = "invitation"
    machine: Identifier
    structure: Identifier
    token_hash: Digest
    until_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """A new machine asks to join, with the token of an invitation."""

    kind: ClassVar[str] = "request"
    structure: Identifier
    machine: Identifier
    sign: SignKey
    hpke: HpkeKey
    token: Annotated[bytes, Octets(TOKEN_BYTES)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Revocation:
    """The authority or a root removes a structure or a machine, and says what it still accepts."""

    kind: ClassVar[str] = "revocation"
    target: Identifier
    at_s: Count
    accepted: Annotated[tuple[AcceptedHead, ...], Heads()] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The relay says that it keeps a bundle."""

    kind: ClassVar[str] = "receipt"
    relay: Identifier
    name: Digest
    space: Identifier
    incarnation: IncarnationBytes
    sequence: Annotated[int, Uint(least=1)]
    at_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """A machine says under which key others may wrap keys for it from now on.

    It destroys the former one: what was wrapped for that, and is not among the `epochs` and the
    `generations` (of its structure's profile) that it says it holds, must be wrapped again.
    """

    kind: ClassVar[str] = "receiver"
    machine: Identifier
    structure: Identifier
    generation: Generation
    hpke: HpkeKey
    epochs: Identifiers
    generations: Annotated[tuple[int, ...], Uints()]
    at_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """A machine says what survives of a space up to a cover, and opens a new epoch.

    `machines` are those that must confirm; `digest` is that of the survivors, `manifest` and
    `chunks` name the pieces that hold them.
    """

    kind: ClassVar[str] = "checkpoint"
    machine: Identifier
    space: Identifier
    number: Annotated[int, Uint(least=1)]
    epoch: Identifier
    machines: Identifiers
    cover: Annotated[tuple[CoveredHead, ...], Cover()]
    digest: Digest
    manifest: Digest
    chunks: Digests
    at_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A machine says that it holds what a checkpoint covers, and finds the same survivors."""

    kind: ClassVar[str] = "confirmation"
    machine: Identifier
    space: Identifier
    checkpoint: Digest
    at_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class Dormant:
    """A machine says that a checkpoint need not wait for another, silent for too long."""

    kind: ClassVar[str] = "dormant"
    machine: Identifier
    space: Identifier
    checkpoint: Digest
    target: Identifier
    at_s: Count


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownStatement:
    """A statement of a kind that a later program knows; this one keeps it and passes it on."""

    kind: str


Body: TypeAlias = (
    RelayCertificate
    | StructureCertificate
    | Profile
    | MachineCertificate
    | Recovery
    | IncarnationStatement
    | SpaceStatement
    | Wrap
    | StructureKeyWrap
    | Invitation
    | JoinRequest
    | Revocation
    | Receipt
    | Receiver
    | Checkpoint
    | Confirmation
    | Dormant
)

KINDS: Mapping[str, type[Body]] = {
    body.kind: body
    for body in (
        RelayCertificate,
        StructureCertificate,
        Profile,
        MachineCertificate,
        Recovery,
        IncarnationStatement,
        SpaceStatement,
        Wrap,
        StructureKeyWrap,
        Invitation,
        JoinRequest,
        Revocation,
        Receipt,
        Receiver,
        Checkpoint,
        Confirmation,
        Dormant,
    )
}
"""Every kind that this program believes, by the name it has in a statement."""


def _shapes(body: type[Body]) -> dict[str, tuple[str, Shape]]:
    hints = get_type_hints(body, include_extras=True)
    return {
        WIRE_KEYS.get(field.name, field.name): (field.name, get_args(hints[field.name])[1])
        for field in fields(body)
    }


SHAPES: Mapping[str, Mapping[str, tuple[str, Shape]]] = {
    kind: _shapes(body) for kind, body in KINDS.items()
}
"""For each kind and each key of its payload: the field that holds it, and its shape."""
