"""Files of signed statements that people carry where no exchange goes.

A file of statements holds what anybody signed: revocations of the Region, an admission, all that a
structure knows. Nothing in it is believed but by its signatures, so that no file can do harm. A
file of heads says how far somebody has what a machine or a structure wrote.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sync.canonical import Flaw
from sync.carried_json import (
    MAX_FILE_BYTES,
    Carried,
    CarriedFileError,
    base64_text,
    carried_text,
)
from sync.registry import Registry
from sync.statement_bodies import AcceptedHead
from sync.statements import (
    MAX_STATEMENT_BYTES,
    IncarnationStatement,
    MachineCertificate,
    Profile,
    Recovery,
    RelayCertificate,
    Revocation,
    SpaceStatement,
    StructureCertificate,
    StructureKeyWrap,
    Wrap,
    read_statement,
)

MOST_STATEMENTS = 20_000
MOST_HEADS = 800
"""So many fit in one revocation."""

_SPACE_BYTES, _INCARNATION_BYTES, _NAME_BYTES = 16, 8, 32
_PARTS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementsFile:
    """Statements to carry; `about` says in a word what for, and is not to be believed."""

    about: str
    statements: tuple[bytes, ...]

    def to_json(self) -> str:
        """Write the file."""
        fields = {"about": self.about, "statements": [*map(base64_text, self.statements)]}
        return carried_text("statements", fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsFile:
    """How far a desk has the bundles of a machine or of a structure's machines."""

    target: bytes
    heads: tuple[AcceptedHead, ...]

    def to_json(self) -> str:
        """Write the file."""
        heads = [
            [space.hex(), incarnation.hex(), sequence, name.hex()]
            for space, incarnation, sequence, name in self.heads
        ]
        return carried_text("heads", {"target": self.target.hex(), "heads": heads})


def read_statements_file(text: str) -> StatementsFile:
    """Read a file of statements; each has the form of one, none is believed yet.

    Raises:
        FormatError: `malformed` or `too_large`.
    """
    carried = Carried.read(text, "statements", most_chars=MAX_FILE_BYTES)
    texts = carried.fields.get("statements")
    if not isinstance(texts, list) or len(texts) > MOST_STATEMENTS:
        raise CarriedFileError(Flaw.MALFORMED)
    statements = tuple(Carried({"one": one}).base64("one") for one in texts)
    for data in statements:
        if len(data) > MAX_STATEMENT_BYTES:
            raise CarriedFileError(Flaw.TOO_LARGE)
        read_statement(data)
    return StatementsFile(about=carried.text("about"), statements=statements)


def read_heads_file(text: str) -> HeadsFile:
    """Read a file of heads.

    Raises:
        FormatError: `malformed` or `too_large`.
    """
    carried = Carried.read(text, "heads")
    rows = carried.fields.get("heads")
    if not isinstance(rows, list) or len(rows) > MOST_HEADS:
        raise CarriedFileError(Flaw.MALFORMED)
    target = carried.octets("target", _SPACE_BYTES)
    return HeadsFile(target=target, heads=tuple(map(_head, rows)))


def greatest(files: Iterable[Sequence[AcceptedHead]]) -> tuple[AcceptedHead, ...]:
    """Return, of the heads in several files, the greatest of each incarnation in each space."""
    heads: dict[tuple[bytes, bytes], AcceptedHead] = {}
    for file in files:
        for head in file:
            place = head[:2]
            if place not in heads or head[2] > heads[place][2]:
                heads[place] = head
    return tuple(heads[place] for place in sorted(heads))


def statements_for(registry: Registry, structure: bytes) -> tuple[bytes, ...]:
    """Return what a machine of a structure needs to take part, out of all that is believed.

    Of the others that is who they are; of the spaces of the structure, all: also keys wrapped for
    somebody else, which tell under what one may still seal.
    """
    spaces = {name for name, body in registry.spaces.items() if structure in body.members}
    partners = {structure}.union(*(registry.members_of_space(space) for space in spaces))

    def concerns(body: object) -> bool:
        if isinstance(body, MachineCertificate | Recovery):
            return body.structure in partners
        if isinstance(body, IncarnationStatement):
            return not partners.isdisjoint(registry.structures_of(body.machine))
        if isinstance(body, SpaceStatement | Wrap):
            return body.space in spaces
        if isinstance(body, StructureKeyWrap):
            return body.structure == structure
        return isinstance(body, RelayCertificate | StructureCertificate | Profile | Revocation)

    believed = registry.believed_statements()
    return tuple(data for data in believed if concerns(read_statement(data).body))


def _head(row: object) -> AcceptedHead:
    if not isinstance(row, list) or len(row) != _PARTS:
        raise CarriedFileError(Flaw.MALFORMED)
    space, incarnation, sequence, name = row
    if not isinstance(sequence, int) or isinstance(sequence, bool) or not 0 < sequence < 2**48:
        raise CarriedFileError(Flaw.MALFORMED)
    return (
        _octets(space, _SPACE_BYTES),
        _octets(incarnation, _INCARNATION_BYTES),
        sequence,
        _octets(name, _NAME_BYTES),
    )


def _octets(text: object, length: int) -> bytes:
    return Carried({"one": text}).octets("one", length)
