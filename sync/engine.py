"""One exchange: statements, sealing, push, pull, settlement; over a port and a transport.

Whatever happens in the middle, everything done is kept and the next exchange goes on from there.
Nothing here knows SQL, a screen or HTTP.
"""

import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.changes import Changes
from app.domain.identifiers import BundleName, SpaceId
from app.ports import Clock, SealedBundle, SyncPort
from sync.beliefs import note_registry, registry_of
from sync.canonical import FormatError
from sync.errors import NotOurRelayError, SyncError
from sync.keyring import Keyring
from sync.registry import Registry
from sync.relay_port import PartialBundle, Refused, Transport
from sync.sealing import Sealing
from sync.settlement import Outcome, Settlement
from sync.statement_sharing import StatementSharing
from sync.statements import (
    IncarnationStatement,
    Receipt,
    read_statement,
    sign_statement,
    statement_name,
    verify_statement,
)

_ASK_OFFSETS = "ask_offsets"
_INTERRUPTED = "interrupted_pull"

BUNDLES_REFUSED = "bundles_refused"
"""Code of the failure remembered when the relay took part of what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReport:
    """What one exchange did: `pushed` and `pulled` count events, bytes are those on the wire.

    `refused` names what the relay would not take, with its code; `set_aside` counts bundles that
    went to quarantine.
    """

    pushed: int = 0
    pulled: int = 0
    bundles_up: int = 0
    bundles_down: int = 0
    bytes_up: int = 0
    bytes_down: int = 0
    took_ms: float = 0.0
    refused: tuple[Refused, ...] = ()
    set_aside: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustAnchor:
    """What a desk was given by hand: the Region's authority, and the relay it certified."""

    authority_key: bytes
    relay_key: bytes


class Exchange:
    """One exchange with the relay. Made for one run, on the exchange thread.

    `on_arrivals` is called when bundles were settled, to let the desk note what arrived; `changed`
    is told what each durable step touched.
    """

    def __init__(  # noqa: PLR0913, PLR0917  (the composition root plugs each part)
        self,
        port: SyncPort,
        transport: Transport,
        anchor: TrustAnchor,
        clock: Clock,
        on_arrivals: Callable[[], Changes],
        changed: Callable[[Changes], None] = lambda _changes: None,
    ) -> None:
        self._port = port
        self._transport = transport
        self._anchor = anchor
        self._clock = clock
        self._on_arrivals = on_arrivals
        self._changed = changed
        self._keyring = Keyring(port)
        self._sharing = StatementSharing(port, transport, self._keyring.machine.id)
        self._registry = registry_of(port, anchor.authority_key)
        self._pushed = self._pulled = self._bundles_up = self._bundles_down = 0
        self._refused: list[Refused] = []
        self._set_aside = 0

    def run(self) -> ExchangeReport:
        """Exchange everything once.

        Raises:
            SyncError: why it stopped; what was done before stays done and is remembered as such.
        """
        started = time.monotonic()
        try:
            self._run()
        except SyncError as error:
            self._port.note_failure(code=error.code, message="", at=self._clock.now())
            raise
        if self._refused:
            # Not a stop: the rest went through. Whoever looks must still learn that some stays.
            now = self._clock.now()
            self._port.note_failure(code=BUNDLES_REFUSED, message="", at=now)
        return ExchangeReport(
            pushed=self._pushed,
            pulled=self._pulled,
            bundles_up=self._bundles_up,
            bundles_down=self._bundles_down,
            bytes_up=self._transport.bytes_up,
            bytes_down=self._transport.bytes_down,
            took_ms=round((time.monotonic() - started) * 1000, 1),
            refused=(*self._sharing.refused, *self._refused),
            set_aside=self._set_aside,
        )

    def _run(self) -> None:
        hello = self._transport.hello()
        if hello.authority != self._registry.authority:
            raise NotOurRelayError
        self._port.note_contact(self._clock.now())
        known = self._registry.with_statements(self._introduced_incarnation())
        # Even when nothing came: a former exchange may have been cut short before it learnt.
        self._believe(self._sharing.share(known))
        self._send()
        self._receive()
        # Also for what a former exchange settled before it was cut short.
        self._changed(self._on_arrivals())
        if self._port.spaces_with_pending():
            self._send()
        self._port.note_contact(self._clock.now())

    def _introduced_incarnation(self) -> list[bytes]:
        """Sign the incarnation under which this file writes, if it was drawn anew since."""
        own, machine = self._port.incarnation(), self._keyring.machine
        if own in self._registry.incarnations or machine.id not in self._registry.machines:
            return []
        at_s = int(self._clock.now().timestamp())
        body = IncarnationStatement(machine=machine.id, incarnation=own, at_s=at_s)
        data = sign_statement(body, machine.sign.private_key)
        self._port.keep_statements({statement_name(data): data})
        return [data]

    def _believe(self, registry: Registry) -> None:
        self._registry = registry
        note_registry(self._port, registry)
        self._keyring.learn(registry)

    def _send(self) -> None:
        """Seal what waits, hand over the new keys, push every bundle without a receipt."""
        sealing = Sealing(self._port, self._registry, self._keyring)
        sealing.hand_over_keys()
        sealing.seal_all()
        self._registry = sealing.registry
        self._sharing.hand_over(sealing.made)
        refused = {refusal.name for refusal in self._refused}
        bundles = [bundle for bundle in self._port.unsent() if bundle.name not in refused]
        if bundles:
            self._push(bundles)

    def _push(self, bundles: Sequence[SealedBundle]) -> None:
        offsets: Mapping[bytes, int] = {}
        if self._port.memo(_ASK_OFFSETS):
            # A former push failed: what the relay kept of it is not sent twice.
            told = self._transport.offsets([bundle.name for bundle in bundles])
            offsets = told.offsets
            done = self._keep_receipts(told.receipts, bundles)
            bundles = [bundle for bundle in bundles if bundle.name not in done]
        self._port.keep_memo(_ASK_OFFSETS, "1")
        answer = self._transport.push(
            (bundle.name, bundle.data, min(offsets.get(bundle.name, 0), len(bundle.data)))
            for bundle in bundles
        )
        refused = {refusal.name for refusal in answer.refused}
        self._refused += answer.refused
        taken = [bundle.name for bundle in bundles if bundle.name not in refused]
        self._changed(self._port.mark_sent(taken))
        self._keep_receipts(answer.receipts, bundles)
        self._port.keep_memo(_ASK_OFFSETS, "")

    def _keep_receipts(
        self, receipts: Sequence[bytes], bundles: Sequence[SealedBundle]
    ) -> set[BundleName]:
        """Keep the receipts that our relay really signed for these; return those they name."""
        places = {bundle.name: bundle for bundle in bundles}
        checked: dict[BundleName, tuple[bytes, int]] = {}
        for data in receipts:
            receipt = _receipt(data, self._anchor.relay_key)
            bundle = places.get(BundleName(receipt.name)) if receipt else None
            if receipt and bundle and _is_for(receipt, bundle):
                checked[bundle.name] = (data, receipt.at_s)
        self._changed(self._port.keep_receipts(checked))
        self._bundles_up += len(checked)
        self._pushed += self._port.events_in(list(checked))
        return set(checked)

    def _receive(self) -> None:
        """Pull and settle what is new, and try again what is set aside."""
        settlement = Settlement(self._port, self._registry, self._keyring.epoch_keys)
        self._count(settlement.retry())
        own = self._port.incarnation()
        above = {
            space: {
                **settlement.held(SpaceId(space)),
                own: self._port.head(SpaceId(space)).sequence,
            }
            for space in self._registry.spaces
            if self._registry.machine_may(space, self._keyring.machine.id)
        }
        if above:
            self._pull(above, settlement)
        self._set_aside = len(self._port.set_aside())

    def _pull(self, above: Mapping[bytes, Mapping[bytes, int]], settlement: Settlement) -> None:
        resume = _partial(self._port.memo(_INTERRUPTED))
        try:
            for name, data in self._transport.pull(above, resume):
                self._bundles_down += 1
                self._count([settlement.settle(name, data)])
        except SyncError:
            # What had come of the bundle that the cut broke is not asked for again.
            self._port.keep_memo(_INTERRUPTED, _partial_text(self._transport.interrupted))
            raise
        self._port.keep_memo(_INTERRUPTED, "")
        self._count(settlement.retry())

    def _count(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.settled is not None:
                self._pulled += outcome.settled.applied
                self._changed(outcome.settled.changes)


def _receipt(data: bytes, relay_key: bytes) -> Receipt | None:
    """Return the receipt that our relay signed; anything else leaves the bundle to be sent."""
    try:
        statement = read_statement(data)
        verify_statement(statement, relay_key)
    except FormatError:
        return None
    return statement.body if isinstance(statement.body, Receipt) else None


def _is_for(receipt: Receipt, bundle: SealedBundle) -> bool:
    named = (receipt.space, receipt.incarnation, receipt.sequence)
    return named == (bundle.space, bundle.incarnation, bundle.sequence)


def _partial_text(partial: PartialBundle | None) -> str:
    if partial is None or not partial.data:
        return ""
    return f"{partial.name.hex()} {b64encode(partial.data).decode()}"


def _partial(text: str) -> PartialBundle | None:
    if not text:
        return None
    name, data = text.split(" ")
    return PartialBundle(name=bytes.fromhex(name), data=b64decode(data))
