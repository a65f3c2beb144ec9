"""One exchange: statements, sealing, push, pull, settlement; over a port and a transport.

Whatever happens in the middle, everything done is kept and the next exchange goes on from there.
Nothing here knows SQL, a screen or HTTP.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.changes import Changes
from app.domain.errors import AppError
from app.domain.identifiers import Incarnation, SpaceId
from app.ports import CLOCK_DOUBT, Clock, SequenceRange, SyncPort
from sync.beliefs import note_registry, registry_of
from sync.canonical import FormatError
from sync.checkpoint_carrying import Carrying
from sync.checkpoint_holdings import void_here
from sync.checkpoint_states import note_states
from sync.checkpoints import Checkpoints
from sync.errors import (
    CertificateExpiredError,
    ExchangeCancelledError,
    NotOurRelayError,
    RelayAnswerUnreadableError,
    SyncError,
)
from sync.heads import heads_mark
from sync.keyring import Keyring
from sync.lacking import LACKING_NAME, RANGES_MAX, read_lacking
from sync.pack_arrival import PackArrival
from sync.pushing import Pushing
from sync.registry import Registry
from sync.relay_port import Refused, Transport, partial_text, read_partial
from sync.renewal import keep_up, renew
from sync.sealing import Sealing
from sync.settlement import Outcome, Settlement
from sync.statement_sharing import RELAY_LACKED, StatementSharing
from sync.statements import (
    IncarnationStatement,
    sign_statement,
    statement_name,
)

_INTERRUPTED = "interrupted_pull"

CLOCK_DOUBT_S = 900
"""How far from the relay's a clock may be before what is written by it is marked as doubtful."""

BUNDLES_REFUSED = "bundles_refused"
"""Code of the failure remembered when the relay took part of what was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeReport:
    """What one exchange did: `pushed` and `pulled` count events, bytes are those on the wire.

    `refused` names what the relay would not take, with its code; `set_aside` counts bundles that
    went to quarantine; `resent` counts those that the relay had lost and keeps again.
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
    resent: int = 0


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
        self._carrying = Carrying(port, transport)
        self._relay_now_s = 0
        self._told_heads = ""
        self._packs = PackArrival(port, transport, anchor.authority_key, changed)
        self._pushing = Pushing(
            port, transport, anchor.relay_key, changed, lambda: void_here(port, self._registry)
        )
        self._pulled = self._bundles_down = self._set_aside = 0
        self._lacking: tuple[SequenceRange, ...] = ()

    def run(self) -> ExchangeReport:
        """Exchange everything once.

        Raises:
            SyncError: why it stopped; what was done before stays done and is remembered as such.
            AppError: the workspace refused a write, its disk being full; the same holds.
        """
        started = time.monotonic()
        try:
            self._run()
            self._packs.fetch()
        except ExchangeCancelledError:
            raise  # not a failure: somebody chose it
        except AppError as error:
            self._port.note_failure(code=error.code, message="", at=self._clock.now())
            raise
        refused = self._pushing.refused
        if refused:
            # Not a stop: the rest went through. Whoever looks must still learn that some stays.
            now = self._clock.now()
            self._port.note_failure(code=BUNDLES_REFUSED, message="", at=now)
        return ExchangeReport(
            pushed=self._pushing.events_up,
            pulled=self._pulled,
            bundles_up=self._pushing.bundles_up,
            bundles_down=self._bundles_down,
            bytes_up=self._transport.bytes_up,
            bytes_down=self._transport.bytes_down,
            took_ms=round((time.monotonic() - started) * 1000, 1),
            refused=(*self._sharing.refused, *refused),
            set_aside=self._set_aside,
            resent=self._pushing.resent,
        )

    def _run(self) -> None:
        self._greet()
        self._port.begin_life_if_copied()
        known = self._registry.with_statements(self._introduced_incarnation())
        # Even when nothing came: a former exchange may have been cut short before it learnt.
        self._believe(self._sharing.share(known))
        # Before anything is pulled: a machine that expired meanwhile receives again at once.
        self._spread(renew(self._port, self._registry, self._keyring, self._clock))
        self._adopt_checkpoints()
        is_first = not self._port.has_looked()
        has_news = self._told_heads != heads_mark(self._held_heads())
        looks_first = is_first and has_news
        if looks_first:
            self._look_first()
        else:
            self._send()
            self._receive(pulls=has_news)
        # Also for what a former exchange settled before it was cut short.
        self._changed(self._on_arrivals())
        made = keep_up(self._port, self._registry, self._keyring, self._clock)
        self._spread(made)
        if looks_first or made or self._port.spaces_with_pending():
            self._send()
        self._pushing.send_again(self._lacking)
        may_be_restored = bool(self._port.memo(RELAY_LACKED))
        self._go_on_with_checkpoints(asks_again=is_first or may_be_restored)
        if may_be_restored:
            self._port.keep_memo(RELAY_LACKED, "")
        self._port.note_contact(self._clock.now())

    def _greet(self) -> None:
        """Know the relay and its time; what is written here from now on says if ours is doubtful.

        Only a mark: nothing is refused, folded or ordered by it, and the relay's clock may be the
        wrong one.
        """
        hello = self._transport.greet(self._sharing.etag, self._packs.held())
        self._told_heads, self._packs.told = hello.heads, hello.packs
        if hello.authority != self._registry.authority:
            raise NotOurRelayError
        self._relay_now_s = hello.time_s
        is_doubtful = abs(hello.offset_s) > CLOCK_DOUBT_S
        self._port.keep_memo(CLOCK_DOUBT, str(round(hello.offset_s)) if is_doubtful else "")
        self._port.note_contact(self._clock.now())

    def _checkpoints(self) -> Checkpoints:
        return Checkpoints(
            self._port,
            self._registry,
            self._keyring,
            self._relay_now_s,
            self._carrying.fetch,
            self._changed,
        )

    def _adopt_checkpoints(self) -> None:
        """Adopt what others completed, before anything is sealed, pulled or handed on."""
        checkpoints = self._checkpoints()
        checkpoints.adopt()
        self._take(checkpoints)

    def _go_on_with_checkpoints(self, *, asks_again: bool) -> None:
        """Confirm and propose, once all is pushed and settled; adopt what that completes."""
        checkpoints = self._checkpoints()
        checkpoints.confirm()
        if dormant := checkpoints.dormant():
            # Whom the relay has heard since is not dormant, whatever came here.
            refused = self._sharing.hand_over(dormant)
            checkpoints.believe(one for one in dormant if statement_name(one) not in refused)
        if self._sharing.refused:
            checkpoints.ask_where_doubted(one.name for one in self._sharing.refused)
        checkpoints.propose()
        self._take(checkpoints)
        self._carrying.push(
            self._registry,
            checkpoints.spaces(),
            asks_again=asks_again,
            now_s=self._relay_now_s,
        )
        checkpoints.adopt()
        self._take(checkpoints)
        note_states(self._port, self._registry, checkpoints.spaces())

    def _take(self, checkpoints: Checkpoints) -> None:
        """Believe what a step of the checkpoints made, and hand it over."""
        self._registry = checkpoints.registry
        if checkpoints.made:
            note_registry(self._port, self._registry)
            self._sharing.hand_over(checkpoints.made)
            checkpoints.made.clear()

    def _look_first(self) -> None:
        """Pull before anything is sealed, once since the file was opened.

        A whole disk may have been restored, marker and all: only the relay can tell then that this
        life has gone on elsewhere, and nothing must be sealed under an identifier used there. Not
        when the relay said that it keeps what is held here, and nothing else.
        """
        self._pushing.push_unsent()
        self._settle_taken_places()
        try:
            self._receive()
        except CertificateExpiredError:
            self._send()  # an expired machine receives nothing, and is never kept from sending
            raise

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

    def _spread(self, made: Sequence[bytes]) -> None:
        """Believe statements just signed here, and hand them over."""
        if made:
            self._believe(self._registry.with_statements(made))
            self._sharing.hand_over(made)

    def _believe(self, registry: Registry) -> None:
        self._registry = registry
        note_registry(self._port, registry)
        self._keyring.learn(registry)

    def _send(self) -> None:
        """Hand over new keys, push every bundle without a receipt, seal what waits meanwhile."""
        introduced = self._introduced_incarnation()
        if introduced:
            self._believe(self._registry.with_statements(introduced))
        sealing = Sealing(self._port, self._registry, self._keyring)
        sealing.hand_over_keys()
        sealing.prepare()
        self._registry = sealing.registry
        self._sharing.hand_over([*introduced, *sealing.made])
        self._pushing.push_unsent(sealing)
        self._settle_taken_places()

    def _settle_taken_places(self) -> None:
        """Free the events of bundles whose place another life took; they are written again."""
        for bundle in self._pushing.taken:
            if bundle.incarnation == self._port.incarnation():
                self._port.begin_life()
            self._port.unseal(bundle.name)
        self._pushing.taken.clear()

    def _held_heads(self) -> dict[bytes, dict[bytes, int]]:
        """Return up to where one holds every chain, as the relay marks those that it keeps."""
        settlement = Settlement(self._port, self._registry, self._keyring.epoch_keys)
        own = self._port.incarnation()
        return {
            space: {
                **settlement.held(SpaceId(space)),
                own: self._port.acknowledged_head(SpaceId(space)),
            }
            for space in self._readable_spaces()
        }

    def _readable_spaces(self) -> list[bytes]:
        machine = self._keyring.machine.id
        return [one for one in self._registry.spaces if self._registry.machine_may(one, machine)]

    def _receive(self, *, pulls: bool = True) -> None:
        """Pull and settle what is new, and try again what is set aside.

        `pulls` is false when the relay said that it keeps what is held here, and nothing else.
        """
        settlement = Settlement(self._port, self._registry, self._keyring.epoch_keys)
        self._count(settlement.retry())
        own = self._port.incarnation()
        above = {
            space: {
                **settlement.held(SpaceId(space)),
                own: self._port.head(SpaceId(space)).sequence,
            }
            for space in self._readable_spaces()
        }
        if above and pulls:
            self._pull(above, settlement)
        elif not pulls:
            # As much is kept there as here: what was lost there, somebody else has sent again.
            self._changed(self._port.note_lacking((), are_all=True))
        self._port.note_looked()
        if settlement.brought_back:
            self._pushing.ask_first()
        lives = map(Incarnation, self._registry.lives_of(self._keyring.machine.id))
        self._changed(self._port.rewrite_former([*lives]))
        self._set_aside = len(self._port.places_aside())

    def _pull(self, above: Mapping[bytes, Mapping[bytes, int]], settlement: Settlement) -> None:
        resume = read_partial(self._port.memo(_INTERRUPTED))
        self._lacking = ()
        try:
            for name, data in self._transport.pull(above, resume):
                if name == LACKING_NAME:
                    self._note_lacking(data)
                else:
                    self._bundles_down += 1
                    self._count([settlement.settle(name, data)])
        except SyncError:
            # What had come of the bundle that the cut broke is not asked for again.
            self._port.keep_memo(_INTERRUPTED, partial_text(self._transport.interrupted))
            raise
        self._port.keep_memo(_INTERRUPTED, "")
        if not self._lacking:
            self._changed(self._port.note_lacking((), are_all=True))
        self._count(settlement.retry())

    def _note_lacking(self, data: bytes) -> None:
        """Remember at once what the relay says it has lost: it is no longer received there."""
        try:
            ranges = read_lacking(data)
        except FormatError as error:
            raise RelayAnswerUnreadableError from error
        self._lacking = tuple(
            SequenceRange(
                space=SpaceId(one.space),
                incarnation=Incarnation(one.incarnation),
                first=one.first,
                last=one.last,
            )
            for one in ranges
        )
        if ranges:
            self._port.keep_memo(RELAY_LACKED, "1")
        are_all = len(ranges) < RANGES_MAX
        self._changed(self._port.note_lacking(self._lacking, are_all=are_all))

    def _count(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            if outcome.settled is not None:
                self._pulled += outcome.settled.applied
                self._changed(outcome.settled.changes)
