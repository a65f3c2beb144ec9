"""Pieces of checkpoints on their way to and from a relay.

They go after all records: chunks first, the manifest last, so that a relay that keeps the manifest
keeps the rest. What the relay keeps already, from an earlier checkpoint too, does not travel.
"""

from collections.abc import Iterator, Sequence

from app.checkpoint_port import CHECKPOINT_ASKED
from app.domain.identifiers import SpaceId
from app.ports import SyncPort
from sync.checkpoint_adoption import keep_fetched
from sync.errors import CertificateExpiredError, RelayRefusedError, SyncError
from sync.registry import Registry
from sync.relay_port import Transport, partial_text, read_partial
from sync.statements import Checkpoint

PUSH_BYTES = 4 * 1_048_576
LOST_AFTER_S = 7 * 86_400
ASKED_EVERY_S = 86_400

_INTERRUPTED = "interrupted_piece"
_KEPT = "pieces_kept/"
_NOT_FOUND = "not_found"


class Carrying:
    """Carries the pieces of one desk's checkpoints, during one exchange."""

    def __init__(self, port: SyncPort, transport: Transport) -> None:
        self._port = port
        self._transport = transport
        self._now_s = 0

    def fetch(self, space: bytes, names: Sequence[bytes]) -> None:
        """Fetch pieces into the store; those that the relay has not are left out.

        Raises:
            SyncError: the link failed; what had come is kept, and gone on with at the byte.
        """
        resume = read_partial(self._port.memo(_INTERRUPTED))
        try:
            pieces = self._transport.fetch_pieces(space, names, resume)
            keep_fetched(self._port, space, frozenset(names), pieces)
        except CertificateExpiredError:
            return  # an expired machine receives nothing, and is never kept from sending
        except RelayRefusedError as error:
            if error.facts.get("refusal") != _NOT_FOUND:
                raise  # else a relay that knows no checkpoints yet: the rest goes on
        except SyncError:
            self._port.keep_memo(_INTERRUPTED, partial_text(self._transport.interrupted))
            raise
        self._port.keep_memo(_INTERRUPTED, "")

    def push(
        self, registry: Registry, spaces: Sequence[SpaceId], *, asks_again: bool, now_s: int
    ) -> None:
        """Hand over the pieces held here that the relay lacks, and that count still.

        Args:
            registry: what is believed.
            spaces: those whose checkpoints concern this desk.
            asks_again: whether to ask also about pieces that the relay said it keeps: once since
                the file was opened, and when it lacks something else: it may have been restored;
                it is asked about them once a day besides.
            now_s: the relay's time.
        """
        self._now_s = now_s
        for space in spaces:
            named = {registry.last_proposal(space), registry.last_complete(space)} - {None}
            for name, body in (one for one in named if one is not None):
                self._push_pieces(space, name, body, asks_again=asks_again)

    def _push_pieces(
        self, space: SpaceId, name: bytes, body: Checkpoint, *, asks_again: bool
    ) -> None:
        memo = _KEPT + space.hex()
        wanted = (*body.chunks, body.manifest)
        told, _, told_s = self._port.memo(memo).partition(" ")
        is_recent = told == name.hex() and abs(self._now_s - int(told_s or 0)) < ASKED_EVERY_S
        if is_recent and not asks_again:
            return
        if not self._port.piece_names(space).issuperset(wanted):
            if asks_again:
                self._replace_lost(space, body)
            return
        if told == name.hex() and self._keeps_manifest(body):
            self._port.keep_memo(memo, f"{told} {self._now_s}")
            return
        kept = self._transport.offsets(wanted).offsets
        lacking = [one for one in wanted if kept.get(one, 0) < len(self._port.piece(one))]
        refused = 0
        for some in self._batches(lacking):
            answer = self._transport.push((one, data, kept.get(one, 0)) for one, data in some)
            refused += len(answer.refused)
        if lacking and not refused:
            kept = self._transport.offsets(wanted).offsets
        # What a relay refuses is offered again when the file is opened anew.
        if refused or all(kept.get(one, 0) == len(self._port.piece(one)) for one in wanted):
            self._port.keep_memo(memo, f"{name.hex()} {self._now_s}")

    def _replace_lost(self, space: SpaceId, body: Checkpoint) -> None:
        """Ask for another checkpoint when nobody has brought the pieces of this one for a week."""
        is_late = abs(self._now_s - body.at_s) >= LOST_AFTER_S
        if is_late and not self._keeps_manifest(body):
            asked = {*self._port.memo(CHECKPOINT_ASKED).split(), space.hex()}
            self._port.keep_memo(CHECKPOINT_ASKED, " ".join(sorted(asked)))

    def _keeps_manifest(self, body: Checkpoint) -> bool:
        """Does the relay keep the manifest, which goes last? Then it keeps the rest."""
        kept = self._transport.offsets([body.manifest]).offsets.get(body.manifest, 0)
        held = len(self._port.piece(body.manifest))
        return kept == held if held else bool(kept)

    def _batches(self, names: Sequence[bytes]) -> Iterator[list[tuple[bytes, bytes]]]:
        batch: list[tuple[bytes, bytes]] = []
        filled = 0
        for name in names:
            data = self._port.piece(name)
            if batch and filled + len(data) > PUSH_BYTES:
                yield batch
                batch, filled = [], 0
            batch.append((name, data))
            filled += len(data)
        if batch:
            yield batch
