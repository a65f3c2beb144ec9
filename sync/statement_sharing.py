"""Statements both ways: certificates, wrapped keys, invitations, requests.

Nothing moves when nothing is new on either side. What arrives is kept slice by slice, so that a
link that lives a few seconds at a time still ends.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

from app.ports import SyncPort
from sync.canonical import FormatError
from sync.errors import NotAdmittedYetError
from sync.registry import Registry
from sync.relay_port import Refused, StatementNames, Transport
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
    Wrap,
    read_statement,
    statement_name,
)

B = TypeVar("B", bound=Body)

FETCHED_AT_ONCE = 48
"""Some sixty kilobytes of certificates: two or three seconds of a slow link."""

SENT_AT_ONCE_BYTES = 40_000

MOST_UNBELIEVED_BYTES = 16 * 1_048_576
"""What may be held here and not believed: what waits for its chain, or for a later program."""

RELAY_LACKED = "relay_lacked"
"""Memo: the relay lacked something known here, and may have been restored: pieces are due again."""

_ETAG = "statements_etag"
_SHARED = "statements_shared"
_ORDER: tuple[type[Body], ...] = (
    RelayCertificate,
    StructureCertificate,
    Profile,
    MachineCertificate,
    Recovery,
    Revocation,
    IncarnationStatement,
    SpaceStatement,
    Receiver,
    StructureKeyWrap,
    Wrap,
    Checkpoint,
    Confirmation,
    Dormant,
    Invitation,
    JoinRequest,
)
"""What others rest on goes first: the relay believes each slice as it comes."""


class StatementSharing:
    """Shares the statements of one desk with its relay, for one exchange.

    Attributes:
        refused: what the relay would not take, and its code.
    """

    def __init__(self, port: SyncPort, transport: Transport, machine: bytes) -> None:
        self.refused: list[Refused] = []
        self._port = port
        self._transport = transport
        self._machine = machine

    @property
    def etag(self) -> str | None:
        """The mark of what both sides are known to share; None when something must be asked."""
        is_shared = self._port.memo(_SHARED) == _digest(self._known())
        return (self._port.memo(_ETAG) or None) if is_shared else None

    def share(self, registry: Registry) -> Registry:
        """Exchange what is new both ways; return what is believed with it.

        Raises:
            NotAdmittedYetError: the relay does not take this machine, even introduced.
            SyncError: the link failed; what had arrived is kept.
        """
        known = self._known()
        told = self._names(self.etag, registry, known.values())
        if told is None:
            return registry
        known |= self._fetch(registry, [name for name in told.names if name not in known])
        registry = registry.with_statements(known.values())
        unknown_there = {name: known[name] for name in known.keys() - told.names}
        missing = self._offered(registry, unknown_there)
        if missing:
            # Before it lacks them no more: a cut must not make anybody forget it.
            self._port.keep_memo(RELAY_LACKED, "1")
        refused_before = len(self.refused)
        self.hand_over(missing)
        # The mark is that of before: what the relay keeps since, it would forget without a word if
        # it were put back to then.
        keeps_more = len(self.refused) - refused_before < len(missing)
        if told.names <= known.keys() and not keeps_more:
            self._port.keep_memo(_ETAG, told.etag)
            self._port.keep_memo(_SHARED, _digest(known))
        return registry

    def hand_over(self, statements: Iterable[bytes]) -> frozenset[bytes]:
        """Give statements to the relay, those that others rest on first; name those it refused."""
        before = len(self.refused)
        ordered = sorted(
            (_ORDER.index(type(body)), data) for data, body in _read(statements, _ORDER)
        )
        for some in _slices([data for _, data in ordered]):
            self.refused += self._transport.send_statements(some).refused
        return frozenset(refusal.name for refusal in self.refused[before:])

    def _names(
        self, etag: str | None, registry: Registry, known: Iterable[bytes]
    ) -> StatementNames | None:
        try:
            return self._transport.statement_names(etag)
        except NotAdmittedYetError:
            introduction = self._introduction(registry, known)
            if not introduction:
                raise
            self.hand_over(introduction)
            return self._transport.statement_names(None)

    def _offered(self, registry: Registry, statements: Mapping[bytes, bytes]) -> list[bytes]:
        """Return what the relay may take: of a machine that was not admitted, its request alone."""
        if not registry.structures_of(self._machine):
            return self._introduction(registry, statements.values())
        return [data for name, data in statements.items() if registry.believes(name)]

    def _introduction(self, registry: Registry, known: Iterable[bytes]) -> list[bytes]:
        """Return what makes this machine known to the relay: its certificates, or its request."""
        structures = registry.structures_of(self._machine)
        chosen = []
        for data, body in _read(known, (StructureCertificate, MachineCertificate, JoinRequest)):
            if isinstance(body, StructureCertificate):
                is_ours = body.structure in structures
            elif isinstance(body, MachineCertificate):
                is_ours = body.machine == self._machine and body.structure in structures
            else:
                asks = isinstance(body, JoinRequest) and body.machine == self._machine
                is_ours = asks and not structures
            if is_ours:
                chosen.append(data)
        return chosen

    def _fetch(self, registry: Registry, names: Sequence[bytes]) -> dict[bytes, bytes]:
        """Fetch statements, and keep them as they come.

        A relay fills no disk with what nobody believes: beyond some room for what waits for its
        chain, only what is believed at once is kept, and the rest asked for again.
        """
        kept: dict[bytes, bytes] = {}
        room_bytes = MOST_UNBELIEVED_BYTES - (self._unbelieved_bytes(registry) if names else 0)
        for start in range(0, len(names), FETCHED_AT_ONCE):
            asked = names[start : start + FETCHED_AT_ONCE]
            given = {statement_name(data): data for data in self._transport.fetch_statements(asked)}
            wanted = {name: given[name] for name in asked if name in given}
            room_bytes -= sum(map(len, wanted.values()))
            if room_bytes < 0:
                known = registry.with_statements((*kept.values(), *wanted.values()))
                room_bytes = MOST_UNBELIEVED_BYTES - self._unbelieved_bytes(known)
                wanted = _within(known, wanted, room_bytes)
            self._port.keep_statements(wanted)
            kept |= wanted
        return kept

    def _unbelieved_bytes(self, registry: Registry) -> int:
        held = self._known().items()
        return sum(len(data) for name, data in held if not registry.believes(name))

    def _known(self) -> dict[bytes, bytes]:
        return {statement_name(data): data for data in self._port.statements()}


def _within(
    registry: Registry, statements: dict[bytes, bytes], room_bytes: int
) -> dict[bytes, bytes]:
    """Return what may be kept: all of it while there is room, else what is believed."""
    if room_bytes >= sum(map(len, statements.values())):
        return statements
    return {name: data for name, data in statements.items() if registry.believes(name)}


def all_statements(transport: Transport) -> list[bytes]:
    """Return every statement that a machine may know: what a new desk begins from.

    Raises:
        SyncError: the link failed, or the relay does not know the machine.
    """
    told = transport.statement_names(None)
    names = sorted(told.names) if told else []
    return [
        data
        for start in range(0, len(names), FETCHED_AT_ONCE)
        for data in transport.fetch_statements(names[start : start + FETCHED_AT_ONCE])
    ]


def _read(statements: Iterable[bytes], kinds: tuple[type[B], ...]) -> Iterator[tuple[bytes, B]]:
    """Give the statements of some kinds with what they say; a desk may hold unreadable ones."""
    for data in statements:
        with suppress(FormatError):
            body = read_statement(data).body
            if isinstance(body, kinds):
                yield data, body


def _slices(statements: Sequence[bytes]) -> Iterator[list[bytes]]:
    some: list[bytes] = []
    for data in statements:
        if some and sum(map(len, some)) + len(data) > SENT_AT_ONCE_BYTES:
            yield some
            some = []
        some.append(data)
    if some:
        yield some


def _digest(names: Iterable[bytes]) -> str:
    return hashlib.sha256(b"".join(sorted(names))).hexdigest()
