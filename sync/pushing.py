"""Bundles on their way to the relay: some megabytes at a time, each with its receipt.

While some leave the next are sealed: on a slow link a long backlog begins to leave at once.

Whatever the backlog, the room taken is that of one batch, and what a cut left is gone on with at
the byte.
"""

import math
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from app.changes import Changes
from app.domain.identifiers import BundleName
from app.ports import SealedBundle, SequenceRange, SyncPort
from sync.canonical import FormatError
from sync.relay_port import Ahead, Refused, Transport
from sync.sealing import Sealing
from sync.statements import Receipt, read_statement, verify_statement

PUSH_BYTES = 4 * 1_048_576
"""What is read from the file and handed over at once."""

LEAST_BYTES = 32_768
"""What is sealed before anything leaves: two seconds of a slow link. Less would make another
request, and another round trip, of what takes less time to seal. On a fast link nothing is sealed
meanwhile, and each request holds twice as much as the one before."""

LEAST_S = 0.5
"""For how long one seals for that, once something can leave: about a round trip of such a link."""
STEP_BYTES = 8_192
"""What is sealed between two reads of what leaves: one bundle, or some small ones."""

SEQUENCE_TAKEN = "sequence_taken"

_ASK_OFFSETS = "ask_offsets"


class Pushing:
    """Hands bundles over during one exchange.

    Attributes:
        refused: what the relay would not take, with its code.
        taken: own bundles whose place another bundle holds at the relay: another life's.
        bundles_up: how many were acknowledged; `events_up` counts their events.
        resent: how many the relay had lost and keeps again.

    `void` names what a complete checkpoint, not adopted here yet, made void: that is not sent.
    """

    def __init__(
        self,
        port: SyncPort,
        transport: Transport,
        relay_key: bytes,
        changed: Callable[[Changes], None],
        void: Callable[[], Collection[BundleName]] = frozenset,
    ) -> None:
        self.refused: list[Refused] = []
        self.taken: list[SealedBundle] = []
        self.bundles_up = self.events_up = self.resent = 0
        self._port = port
        self._transport = transport
        self._relay_key = relay_key
        self._changed = changed
        self._void = void

    def push_unsent(self, sealing: Sealing | None = None) -> None:
        """Hand over every own bundle without a receipt, and all that is sealed meanwhile.

        When the place of one proves taken by another life, nothing more is sealed for this one.
        """
        asks = bool(self._port.memo(_ASK_OFFSETS))
        tried = {refusal.name for refusal in self.refused}.union(self._void())
        ahead, is_moving = _Sealed(sealing), True
        while is_moving and not self.taken:
            ahead.fill()
            waiting = (bundle for bundle in self._port.unsent() if bundle.name not in tried)
            is_moving = False
            for some in _batches(waiting):
                tried |= {bundle.name for bundle in some}
                self._push(some, asks=asks, ahead=ahead)
                is_moving = True
            asks = False
        self._port.keep_memo(_ASK_OFFSETS, "")

    def ask_first(self) -> None:
        """Have the next push ask what the relay has: bundles of a former life came from there."""
        self._port.keep_memo(_ASK_OFFSETS, "1")

    def send_again(self, ranges: Iterable[SequenceRange]) -> None:
        """Hand over what the relay has lost, own or not: anybody who has it may."""
        useless = {refusal.name for refusal in self.refused}.union(self._void())
        held = (bundle for some in ranges for bundle in self._port.bundles_in(some))
        lost = (bundle for bundle in held if bundle.name not in useless)
        for some in _batches(lost):
            answer = self._transport.push((bundle.name, bundle.data, 0) for bundle in some)
            self.resent += len(answer.receipts)
            # Of others' bundles too: a stick carries their receipts back to them.
            self._note_receipts(answer.receipts, some)

    def _push(self, bundles: Sequence[SealedBundle], *, asks: bool, ahead: Ahead) -> None:
        offsets: Mapping[bytes, int] = {}
        if asks:
            # A former push failed: what the relay kept of it is not sent twice.
            told = self._transport.offsets([bundle.name for bundle in bundles])
            offsets = told.offsets
            done = self._keep_receipts(told.receipts, bundles)
            bundles = [bundle for bundle in bundles if bundle.name not in done]
        if not bundles:
            return
        self._port.keep_memo(_ASK_OFFSETS, "1")
        framed = (
            (bundle.name, bundle.data, min(offsets.get(bundle.name, 0), len(bundle.data)))
            for bundle in bundles
        )
        answer = self._transport.push(framed, ahead)
        refused = {refusal.name: refusal for refusal in answer.refused}
        self._note_refused(refused, bundles)
        taken = [bundle.name for bundle in bundles if bundle.name not in refused]
        self._changed(self._port.mark_sent(taken))
        self._keep_receipts(answer.receipts, bundles)

    def _note_refused(
        self, refused: Mapping[bytes, Refused], bundles: Iterable[SealedBundle]
    ) -> None:
        taken = {name for name, refusal in refused.items() if refusal.code == SEQUENCE_TAKEN}
        self.taken += [bundle for bundle in bundles if bundle.name in taken]
        self.refused += [one for name, one in refused.items() if name not in taken]

    def _keep_receipts(
        self, receipts: Sequence[bytes], bundles: Sequence[SealedBundle]
    ) -> set[BundleName]:
        """Keep the receipts that our relay really signed for these; return those they name."""
        checked = self._note_receipts(receipts, bundles)
        self.bundles_up += len(checked)
        self.events_up += self._port.events_in(list(checked))
        return checked

    def _note_receipts(
        self, receipts: Sequence[bytes], bundles: Iterable[SealedBundle]
    ) -> set[BundleName]:
        places = {bundle.name: bundle for bundle in bundles}
        checked: dict[BundleName, tuple[bytes, int]] = {}
        for data in receipts:
            receipt = _receipt(data, self._relay_key)
            bundle = places.get(BundleName(receipt.name)) if receipt else None
            if receipt and bundle and _is_for(receipt, bundle):
                checked[bundle.name] = (data, receipt.at_s)
        self._changed(self._port.keep_receipts(checked))
        return set(checked)


class _Sealed:
    """What is sealed while other bundles leave, as much as leaves at once the next time."""

    def __init__(self, sealing: Sealing | None) -> None:
        self._sealing = sealing
        self._sealed_bytes, self._least_bytes = 0, LEAST_BYTES

    @property
    def to_come_bytes(self) -> int | None:
        is_over = self._sealing is None or self._sealing.is_over
        return self._sealed_bytes if is_over else None

    def go_on(self) -> None:
        if self._sealed_bytes < PUSH_BYTES:
            self._seal_until(self._sealed_bytes + STEP_BYTES)

    def fill(self) -> None:
        """Have enough sealed for a request, each time twice as much; it leaves from now on."""
        self._seal_until(self._least_bytes, within_s=LEAST_S)
        self._sealed_bytes = 0
        self._least_bytes = min(2 * self._least_bytes, PUSH_BYTES)

    def _seal_until(self, enough_bytes: int, within_s: float = math.inf) -> None:
        until = time.monotonic() + within_s
        while self._sealing is not None and self._sealed_bytes < enough_bytes:
            size_bytes = self._sealing.seal_next()
            self._sealed_bytes += size_bytes
            if not size_bytes or time.monotonic() > until:
                return


def _batches(bundles: Iterable[SealedBundle]) -> Iterator[list[SealedBundle]]:
    """Group bundles in their order, by the room they take."""
    batch: list[SealedBundle] = []
    filled = 0
    for bundle in bundles:
        if batch and filled + len(bundle.data) > PUSH_BYTES:
            yield batch
            batch, filled = [], 0
        batch.append(bundle)
        filled += len(bundle.data)
    if batch:
        yield batch


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
