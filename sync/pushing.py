"""Bundles on their way to the relay: some megabytes at a time, each with its receipt.

Whatever the backlog, the room taken is that of one batch, and what a cut left is gone on with at
the byte.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from app.changes import Changes
from app.domain.identifiers import BundleName
from app.ports import SealedBundle, SequenceRange, SyncPort
from sync.canonical import FormatError
from sync.relay_port import Refused, Transport
from sync.statements import Receipt, read_statement, verify_statement

PUSH_BYTES = 4 * 1_048_576
"""What is read from the file and handed over at once."""

SEQUENCE_TAKEN = "sequence_taken"

_ASK_OFFSETS = "ask_offsets"


class Pushing:
    """Hands bundles over during one exchange.

    Attributes:
        refused: what the relay would not take, with its code.
        taken: own bundles whose place another bundle holds at the relay: another life's.
        bundles_up: how many were acknowledged; `events_up` counts their events.
        resent: how many the relay had lost and keeps again.
    """

    def __init__(
        self,
        port: SyncPort,
        transport: Transport,
        relay_key: bytes,
        changed: Callable[[Changes], None],
    ) -> None:
        self.refused: list[Refused] = []
        self.taken: list[SealedBundle] = []
        self.bundles_up = self.events_up = self.resent = 0
        self._port = port
        self._transport = transport
        self._relay_key = relay_key
        self._changed = changed

    def push_unsent(self) -> None:
        """Hand over every own bundle without a receipt."""
        asks = bool(self._port.memo(_ASK_OFFSETS))
        refused = {refusal.name for refusal in self.refused}
        waiting = (bundle for bundle in self._port.unsent() if bundle.name not in refused)
        for some in _batches(waiting):
            self._push(some, asks=asks)
        self._port.keep_memo(_ASK_OFFSETS, "")

    def ask_first(self) -> None:
        """Have the next push ask what the relay has: bundles of a former life came from there."""
        self._port.keep_memo(_ASK_OFFSETS, "1")

    def send_again(self, ranges: Iterable[SequenceRange]) -> None:
        """Hand over what the relay has lost, own or not: anybody who has it may."""
        refused = {refusal.name for refusal in self.refused}
        held = (bundle for some in ranges for bundle in self._port.bundles_in(some))
        lost = (bundle for bundle in held if bundle.name not in refused)
        for some in _batches(lost):
            answer = self._transport.push((bundle.name, bundle.data, 0) for bundle in some)
            self.resent += len(answer.receipts)
            # Of others' bundles too: a stick carries their receipts back to them.
            self._note_receipts(answer.receipts, some)

    def _push(self, bundles: Sequence[SealedBundle], *, asks: bool) -> None:
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
        answer = self._transport.push(
            (bundle.name, bundle.data, min(offsets.get(bundle.name, 0), len(bundle.data)))
            for bundle in bundles
        )
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
