"""What each kind of signed statement says, field by field, with the shape of each field.

The annotations are the format: statements are written and checked after them (`SHAPES`).
A field is written under its own name, but for those of `WIRE_KEYS`. A kind never gains a field:
what needs more is another kind.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Annotated, ClassVar, TypeAlias, get_args, get_type_hints

HPKE_PUBLIC_BYTES = 1_216
TOKEN_BYTES = 16
MAX_UINT = 2**48 - 1
MAX_GENERATION = 2**32 - 1
WIRE_KEYS: Mapping[str, str] = {
    "from_s": "from",
    "until_s": "until",
    "at_s": "at",
    "space_kind": "kind",
}
"""Fields written under another name than their own."""


@dataclass(frozen=True, slots=True)
class Octets:
    """The field holds bytes: this many, or up to `most`."""

    exactly: int = 0
    most: int = 0

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, bytes):
            return False
        return len(value) == self.exactly if self.exactly else len(value) <= self.most


@dataclass(frozen=True, slots=True)
class Words:
    """The field holds text, up to this many characters."""

    most: int

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        return isinstance(value, str) and len(value) <= self.most


@dataclass(frozen=True, slots=True)
class Uint:
    """The field holds an integer between these two, included."""

    least: int = 0
    most: int = MAX_UINT

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, int) or isinstance(value, bool):
            return False
        return self.least <= value <= self.most


@dataclass(frozen=True, slots=True)
class Members:
    """The field holds the members of a space: short bytes, each once."""

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        if not isinstance(value, tuple) or not 1 <= len(value) <= 255:  # noqa: PLR2004 - a byte
            return False
        member = Octets(most=255)
        return all(map(member.accepts, value)) and len(set(value)) == len(value)


@dataclass(frozen=True, slots=True)
class Heads:
    """The field holds `[space, incarnation, sequence, name]` entries."""

    def accepts(self, value: object) -> bool:
        """Does the value have that shape?"""
        return isinstance(value, tuple) and all(map(_is_head, value))


def _is_head(value: object) -> bool:
    shapes: tuple[Octets | Uint, ...] = (Octets(16), Octets(8), Uint(), Octets(32))
    if not isinstance(value, tuple) or len(value) != len(shapes):
        return False
    return all(shape.accepts(part) for shape, part in zip(shapes, value, strict=True))


Shape: TypeAlias = Octets | Words | Uint | Members | Heads


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
