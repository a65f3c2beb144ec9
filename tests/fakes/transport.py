"""A relay in memory: what the exchange may expect of a real one, with links that can be cut.

`RelayModel` is the relay, shared by desks; `ModelTransport` is the connection of one machine. It
believes statements as the relay does, keeps every byte that arrived before a cut, gives the same
receipt for the same bytes, and hands out what lies above a vector.
"""

import hashlib
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from sync.canonical import FormatError
from sync.errors import LinkCutError, MachineRevokedError, NotAdmittedYetError, RelayRefusedError
from sync.keys import RelayKey
from sync.lacking import LACKING_NAME, encode_lacking
from sync.pack_marks import PackMark
from sync.registry import Registry
from sync.relay_port import (
    NO_PACKS,
    NOTHING_AHEAD,
    Ahead,
    Hello,
    Offsets,
    PartialBundle,
    PushAnswer,
    Refused,
    StatementNames,
    StatementsAnswer,
)
from sync.statements import (
    Checkpoint,
    Confirmation,
    Dormant,
    Invitation,
    JoinRequest,
    Receipt,
    Receiver,
    SpaceStatement,
    StructureKeyWrap,
    Wrap,
    read_statement,
    sign_statement,
    statement_name,
)
from sync.wire import Header, ParsedBundle, parse_bundle, verify_bundle_signature
from tests.fakes.relay_heads import lacking_ranges, told_heads
from tests.fakes.relay_packs import given_pack, told_packs
from tests.fakes.relay_pieces import (
    compact,
    gives_way,
    is_before_checkpoint,
    is_still_active,
    keep_piece,
    live_pieces,
)

_HELD = ("statements", "bundles", "parts", "receipts", "pieces")


@dataclass
class RelayModel:
    """What one relay holds. Tests may take away from it, as a restored backup does.

    Attributes:
        cut_after_bytes: how many bytes of bundles pass, both ways, before the link dies once.
        now_s: the relay's clock; it is `offset_s` ahead of that of the machines.
    """

    authority_key: bytes
    key: RelayKey = field(default_factory=RelayKey.generate)
    statements: dict[bytes, bytes] = field(default_factory=dict)
    bundles: dict[bytes, bytes] = field(default_factory=dict)
    parts: dict[bytes, bytes] = field(default_factory=dict)
    receipts: dict[bytes, bytes] = field(default_factory=dict)
    pieces: dict[bytes, bytes] = field(default_factory=dict)
    heard: dict[bytes, int] = field(default_factory=dict)
    packs: dict[str, PackMark] = field(default_factory=dict)
    pack_bytes: dict[bytes, bytes] = field(default_factory=dict)
    cut_after_bytes: int | None = None
    is_cut_by_bytes: bool = True
    now_s: int = 1_800_000_000
    offset_s: float = 0.0
    _read: dict[bytes, Header] = field(default_factory=dict, repr=False)
    _believed: tuple[frozenset[bytes], Registry] | None = field(default=None, repr=False)
    _bodies: dict[bytes, object] = field(default_factory=dict, repr=False)

    @property
    def registry(self) -> Registry:
        """What is believed of the statements held now; found again only when they move."""
        held = frozenset(self.statements)
        if self._believed is None or not self._believed[0] <= held:
            self._believed = (held, Registry(self.authority_key, self.statements.values()))
        elif self._believed[0] != held:
            new = [self.statements[name] for name in held - self._believed[0]]
            self._believed = (held, self._believed[1].with_statements(new))
        return self._believed[1]

    def body(self, name: bytes) -> object:
        """What a statement held says; each is read once."""
        if name not in self._bodies:
            self._bodies[name] = read_statement(self.statements[name]).body
        return self._bodies[name]

    def headers(self) -> Iterator[tuple[bytes, bytes, Header]]:
        """Give each whole bundle with its name and header."""
        for name, data in self.bundles.items():
            if name not in self._read:
                self._read[name] = parse_bundle(data).header
            yield name, data, self._read[name]

    def loose_bytes(self) -> list[bytes]:
        """What else is held that people might read: unfinished bundles, statements."""
        return [
            *self.parts.values(),
            *self.pieces.values(),
            *self.statements.values(),
            *self.receipts.values(),
        ]

    def backup(self) -> dict[str, dict[bytes, bytes]]:
        """Copy all that is held, for `restore`."""
        kept = (self.statements, self.bundles, self.parts, self.receipts, self.pieces)
        return dict(zip(_HELD, map(dict, kept), strict=True))

    def restore(self, held: Mapping[str, Mapping[bytes, bytes]]) -> None:
        """Forget what came after a backup."""
        for name in _HELD:
            setattr(self, name, dict(held[name]))

    def carried(self, data: bytes) -> tuple[bytes, bool]:
        """What passes of some bytes before the link dies, and whether it died."""
        if self.cut_after_bytes is None:
            return data, False
        passed = data[: self.cut_after_bytes]
        self.cut_after_bytes -= len(passed)
        if len(passed) == len(data):
            return passed, False
        self.cut_after_bytes = None
        return passed, True

    def keep(self, structures: frozenset[bytes], name: bytes, data: bytes) -> str:
        """Keep a whole bundle; return why not, or nothing."""
        if hashlib.sha256(data).digest() != name:
            return "wrong_name"
        try:
            flaw = self._flaw(structures, parse_bundle(data))
        except FormatError as error:
            return error.code
        if not flaw:
            self.bundles[name] = data
            self.receipts.setdefault(name, self._receipt(name, data))
        return flaw

    def _flaw(self, structures: frozenset[bytes], parsed: ParsedBundle) -> str:
        registry, header = self.registry, parsed.header
        author = registry.incarnations.get(header.incarnation)
        if author is None:
            return "unknown_incarnation"
        if registry.members_of_space(header.space).isdisjoint(structures):
            return "unknown_space"
        if not registry.machine_is_member(header.space, author):
            return "not_a_member"
        verify_bundle_signature(parsed, registry.machines[author].sign)
        accepted = registry.accepted(author, header.space, header.incarnation)
        is_last = accepted and (header.sequence, parsed.name) == (accepted.sequence, accepted.name)
        if accepted and not is_last and header.sequence >= accepted.sequence:
            return "revoked"
        if is_before_checkpoint(registry, header):
            return "before_checkpoint"
        taken = self._at(header.space, header.incarnation, header.sequence)
        is_free = taken in (None, parsed.name) or gives_way(self, taken, self._read[taken])
        return "" if is_free else "sequence_taken"

    def _at(self, space: bytes, incarnation: bytes, sequence: int) -> bytes | None:
        for name, _, header in self.headers():
            if (header.space, header.incarnation, header.sequence) == (
                space,
                incarnation,
                sequence,
            ):
                return name
        return None

    def _receipt(self, name: bytes, data: bytes) -> bytes:
        header = parse_bundle(data).header
        body = Receipt(
            relay=self.key.id,
            name=name,
            space=header.space,
            incarnation=header.incarnation,
            sequence=header.sequence,
            at_s=self.now_s,
        )
        return sign_statement(body, self.key.private_key)


class ModelTransport:
    """The connection of one machine to a `RelayModel`; a working `Transport`."""

    def __init__(self, model: RelayModel, machine: bytes) -> None:
        self.model = model
        self.machine = machine
        self.calls: list[str] = []
        self.bytes_up = 0
        self.bytes_down = 0
        self.interrupted: PartialBundle | None = None

    def greet(self, etag: str | None, packs: Mapping[str, int] = NO_PACKS) -> Hello:
        heads = told_heads(self.model, self.machine)
        return replace(self.hello(), heads=heads, packs=told_packs(self.model, packs))

    def hello(self) -> Hello:
        self.calls.append("hello")
        self.model.heard[self.machine] = self.model.now_s
        authority = self.model.registry.authority
        return Hello(
            relay=self.model.key.id,
            authority=authority,
            time_s=self.model.now_s,
            offset_s=self.model.offset_s,
        )

    def statement_names(self, etag: str | None) -> StatementNames | None:
        self.calls.append("statement_names")
        names = frozenset(self._known())
        mark = hashlib.sha256(b"".join(sorted(names))).hexdigest()
        return None if mark == etag else StatementNames(names=names, etag=mark)

    def fetch_statements(self, names: Sequence[bytes]) -> tuple[bytes, ...]:
        self.calls.append("fetch_statements")
        known = self._known()
        return tuple(known[name] for name in names if name in known)

    def send_statements(self, statements: Sequence[bytes]) -> StatementsAnswer:
        self.calls.append("send_statements")
        brought = {statement_name(data): data for data in statements}
        before = self.model.registry
        after = before.with_statements(brought.values())
        # Who was certified may bring even the statement that removes it.
        is_certified = any(one.active_structures_of(self.machine) for one in (before, after))
        requests = {name for name, one in after.requests.items() if one.machine == self.machine}
        if not is_certified and not requests:
            raise NotAdmittedYetError(status=401, refusal="unknown_machine")
        active = {
            name: "still_active"
            for name, data in brought.items()
            if is_still_active(self.model, data)
        }
        refused = active | {
            name: after.refused.get(name) or after.waiting.get(name) or "not_certified"
            for name in brought
            if not after.believes(name) or not (is_certified or name in requests)
        }
        kept = {name: data for name, data in brought.items() if name not in refused}
        self.model.statements |= kept
        compact(self.model)
        return StatementsAnswer(
            kept=tuple(kept),
            refused=tuple(Refused(name=name, code=code) for name, code in refused.items()),
        )

    def push(
        self, bundles: Iterable[tuple[bytes, bytes, int]], ahead: Ahead = NOTHING_AHEAD
    ) -> PushAnswer:
        self.calls.append("push")
        structures = self._structures()
        receipts, refused = [], []
        for name, data, offset in bundles:
            ahead.go_on()
            code = self._arrive(structures, name, data, offset)
            if code:
                refused.append(Refused(name=name, code=code))
            elif name in self.model.receipts:
                receipts.append(self.model.receipts[name])
        return PushAnswer(receipts=tuple(receipts), refused=tuple(refused))

    def offsets(self, names: Sequence[bytes]) -> Offsets:
        self.calls.append("offsets")
        self._structures()
        model = self.model
        return Offsets(
            offsets={
                name: len(
                    model.bundles.get(name) or model.pieces.get(name) or model.parts.get(name, b"")
                )
                for name in names
            },
            receipts=tuple(model.receipts[name] for name in names if name in model.bundles),
        )

    def pull(
        self, above: Mapping[bytes, Mapping[bytes, int]], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        self.calls.append("pull")
        self.interrupted = resume
        structures = self._structures()
        registry = self.model.registry
        if any(registry.members_of_space(space).isdisjoint(structures) for space in above):
            raise RelayRefusedError(status=403, refusal="unknown_space")
        if lacking := lacking_ranges(self.model, above):
            yield LACKING_NAME, encode_lacking(lacking)
        for name, data in self._above(above):
            yield name, self._given(name, data, resume)
        self.interrupted = None

    def fetch_pieces(
        self, space: bytes, names: Sequence[bytes], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        self.calls.append("fetch_pieces")
        self.interrupted = resume
        if self.model.registry.members_of_space(space).isdisjoint(self._structures()):
            raise RelayRefusedError(status=403, refusal="unknown_space")
        live = live_pieces(self.model.registry)
        for name in names:
            if live.get(name) == space and name in self.model.pieces:
                yield name, self._given(name, self.model.pieces[name], resume)
        self.interrupted = None

    def fetch_pack(self, pack: PackMark, offset: int) -> Generator[bytes]:
        self.calls.append("fetch_pack")
        self._structures()
        for passed in given_pack(self.model, pack, offset):
            self.bytes_down += len(passed)
            yield passed

    def close(self) -> None:
        self.calls.append("close")

    def _given(self, name: bytes, data: bytes, resume: PartialBundle | None) -> bytes:
        """Let what is lacking of some bytes pass, or keep what passed before the link died."""
        held = resume.data if resume and resume.name == name else b""
        passed, is_cut = self.model.carried(data[len(held) :])
        self.bytes_down += len(passed)
        if is_cut:
            self.interrupted = PartialBundle(name=name, data=held + passed)
            raise LinkCutError
        return held + passed

    def _arrive(self, structures: frozenset[bytes], name: bytes, data: bytes, offset: int) -> str:
        model = self.model
        if name in model.bundles or name in model.pieces:
            return ""
        kept = model.parts.get(name, b"")
        if offset > len(kept):
            return "wrong_offset"
        passed, is_cut = model.carried(data[offset:])
        self.bytes_up += len(passed)
        arrived = kept + passed[len(kept) - offset :]
        if is_cut:
            model.parts[name] = arrived
            raise LinkCutError
        model.parts.pop(name, None)
        if not arrived.startswith(b"DPB"):
            return keep_piece(model, structures, name, arrived)
        return model.keep(structures, name, arrived)

    def _above(self, above: Mapping[bytes, Mapping[bytes, int]]) -> list[tuple[bytes, bytes]]:
        found = []
        for name, data, header in self.model.headers():
            vector = above.get(header.space)
            if vector is not None and header.sequence > vector.get(header.incarnation, 0):
                place = (header.space, header.incarnation, header.sequence)
                found.append((place, (name, data)))
        return [bundle for _, bundle in sorted(found)]

    def _structures(self) -> frozenset[bytes]:
        registry = self.model.registry
        structures = registry.active_structures_of(self.machine)
        if not structures and registry.is_revoked(self.machine):
            raise MachineRevokedError(status=403, refusal="revoked")
        if not structures:
            raise NotAdmittedYetError(status=401, refusal="unknown_machine")
        return structures

    def _known(self) -> dict[bytes, bytes]:
        registry = self.model.registry
        structures = registry.active_structures_of(self.machine)
        asks = any(one.machine == self.machine for one in registry.requests.values())
        if not structures and (registry.is_revoked(self.machine) or not asks):
            self._structures()
        return {
            name: data
            for name, data in self.model.statements.items()
            if self._may_know(registry, structures, self.model.body(name))
        }

    def _may_know(self, registry: Registry, structures: frozenset[bytes], body: object) -> bool:
        if isinstance(body, SpaceStatement | Wrap | Checkpoint | Confirmation | Dormant):
            is_own = isinstance(body, Wrap) and body.recipient == self.machine
            return is_own or not registry.members_of_space(body.space).isdisjoint(structures)
        if isinstance(body, Receiver | StructureKeyWrap | Invitation | JoinRequest):
            return body.structure in structures
        return True
