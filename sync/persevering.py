"""Going on with an exchange while the link, however bad, lets something through.

A link that lives a few seconds at a time must still finish. What arrived is kept on both sides at
every byte, so each call begins again where it died, on a new connection, as long as something
passes. When nobody answers, when nothing passes for a while, or when the relay says no, the
exchange is over and the schedule decides when to try again.
"""

import random
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from sync.canonical import FormatError
from sync.errors import (
    ExchangeCancelledError,
    LinkCutError,
    RelayAbsentError,
    RelayStalledError,
    SyncError,
)
from sync.pack_marks import PackMark
from sync.relay_port import (
    NO_PACKS,
    NOTHING_AHEAD,
    Ahead,
    Hello,
    Offsets,
    PartialBundle,
    PushAnswer,
    StatementNames,
    StatementsAnswer,
    Transport,
)
from sync.wire import parse_bundle

T = TypeVar("T")

PATIENCE_S = 60
"""For how long one goes on without a call that brought something."""

SOMETHING_BYTES = 1_024
"""More than the greetings of a connection: below, nothing of what matters has come."""

SURELY_LEFT_BYTES = 131_072
"""More than the kernel holds of what was written: above, some of it has left this machine."""

CALLS_MAX = 10_000

_LINK_FAILURES = (LinkCutError, RelayStalledError, RelayAbsentError)
_PAUSES_S = (0.2, 0.5, 1.0, 2.0)
"""From one call to the next at least; one that took longer to fail is followed at once."""


class Patience:
    """Decides, after each failure of the link, whether to go on."""

    def __init__(
        self,
        *,
        is_over: Callable[[], bool] = lambda: False,
        clock: Callable[[], float] = time.monotonic,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Be patient from the first call that brings something.

        Args:
            is_over: whether somebody gave up meanwhile.
            clock: seconds that only grow.
            pause: waits for some seconds.
        """
        self._is_over = is_over
        self._clock = clock
        self._pause = pause
        self._last_good: float | None = None
        self._began_at = clock()
        self._failures = self._calls = 0

    def begin(self) -> None:
        """A call begins."""
        self._began_at = self._clock()

    def note_good(self) -> None:
        """Something passed."""
        self._last_good, self._failures = self._clock(), 0

    def wait_after(self, failure: SyncError) -> None:
        """Wait before the next call.

        Raises:
            SyncError: the failure itself, when it is time to stop.
            ExchangeCancelledError: somebody gave up.
        """
        if self._is_over():
            raise ExchangeCancelledError from failure
        self._calls += 1
        is_reached = self._last_good is not None
        if not is_reached or self._calls > CALLS_MAX:
            raise failure
        if self._clock() - (self._last_good or 0.0) > PATIENCE_S:
            raise failure
        jitter = 0.75 + random.random() / 2  # noqa: S311  (spreads the load, protects nothing)
        planned_s = _PAUSES_S[min(self._failures, len(_PAUSES_S) - 1)] * jitter
        self._failures += 1
        left_s = self._began_at + planned_s - self._clock()
        if left_s > 0:
            self._pause(left_s)


class PerseveringTransport:
    """A relay over a link that dies and comes back: see `Transport`."""

    def __init__(self, inner: Transport, patience: Patience | None = None) -> None:
        self._inner = inner
        self._patience = patience or Patience()

    @property
    def bytes_up(self) -> int:
        """Bytes sent so far."""
        return self._inner.bytes_up

    @property
    def bytes_down(self) -> int:
        """Bytes received so far."""
        return self._inner.bytes_down

    @property
    def interrupted(self) -> PartialBundle | None:
        """What the last `pull` had of a bundle when it stopped for good."""
        return self._inner.interrupted

    def hello(self) -> Hello:
        """Make sure that this is our relay, and learn its time."""
        return self._again(self._inner.hello)

    def greet(self, etag: str | None, packs: Mapping[str, int] = NO_PACKS) -> Hello:
        """Do what `hello` does while asking for statement names."""
        return self._again(lambda: self._inner.greet(etag, packs))

    def statement_names(self, etag: str | None) -> StatementNames | None:
        """Ask which statements this machine may know."""
        return self._again(lambda: self._inner.statement_names(etag))

    def fetch_statements(self, names: Sequence[bytes]) -> tuple[bytes, ...]:
        """Fetch statements."""
        return self._again(lambda: self._inner.fetch_statements(names))

    def send_statements(self, statements: Sequence[bytes]) -> StatementsAnswer:
        """Hand statements over."""
        return self._again(lambda: self._inner.send_statements(statements))

    def offsets(self, names: Sequence[bytes]) -> Offsets:
        """Ask how much of each bundle the relay keeps."""
        return self._again(lambda: self._inner.offsets(names))

    def push(
        self, bundles: Iterable[tuple[bytes, bytes, int]], ahead: Ahead = NOTHING_AHEAD
    ) -> PushAnswer:
        """Send bundles; what the relay kept of them when a link died is not sent twice."""
        waiting = list(bundles)
        receipts: list[bytes] = []
        while True:
            before = self._begin()
            try:
                answer = self._inner.push(waiting, ahead)
            except _LINK_FAILURES as failure:
                self._wait(failure, before)
            else:
                self._patience.note_good()
                return PushAnswer(receipts=(*receipts, *answer.receipts), refused=answer.refused)
            names = [name for name, _, _ in waiting]
            told = self._again(lambda: self._inner.offsets(names), is_good=False)  # noqa: B023
            receipts += told.receipts
            # A link that lets questions through and no bundle brings nothing.
            if any(told.offsets.get(name, 0) > offset for name, _, offset in waiting):
                self._patience.note_good()
            waiting = [
                (name, data, min(told.offsets.get(name, 0), len(data)))
                for name, data, _ in waiting
                if told.offsets.get(name, 0) < len(data)
            ]
            if not waiting:
                return PushAnswer(receipts=tuple(receipts))

    def pull(
        self, above: Mapping[bytes, Mapping[bytes, int]], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Receive bundles; what had come when a link died is not asked for again."""
        held = {space: dict(vector) for space, vector in above.items()}
        while True:
            before = self._begin()
            try:
                for name, data in self._inner.pull(held, resume):
                    yield name, data
                    _note_held(held, data)
            except _LINK_FAILURES as failure:
                self._wait(failure, before)
                resume = self._inner.interrupted
            else:
                self._patience.note_good()
                return

    def fetch_pieces(
        self, space: bytes, names: Sequence[bytes], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Receive pieces; what had come when a link died is not asked for again."""
        waiting = list(names)
        while True:
            before = self._begin()
            try:
                for name, data in self._inner.fetch_pieces(space, waiting, resume):
                    yield name, data
                    waiting = [one for one in waiting if one != name]
            except _LINK_FAILURES as failure:
                self._wait(failure, before)
                resume = self._inner.interrupted
            else:
                self._patience.note_good()
                return

    def fetch_pack(self, pack: PackMark, offset: int) -> Generator[bytes]:
        """Receive a pack; what had come when a link died is not asked for again."""
        while True:
            before = self._begin()
            try:
                for chunk in self._inner.fetch_pack(pack, offset):
                    offset += len(chunk)
                    yield chunk
            except _LINK_FAILURES as failure:
                self._wait(failure, before)
            else:
                self._patience.note_good()
                return

    def close(self) -> None:
        """Let go of the connection."""
        self._inner.close()

    def _begin(self) -> tuple[int, int]:
        self._patience.begin()
        return self._passed

    @property
    def _passed(self) -> tuple[int, int]:
        return self._inner.bytes_up, self._inner.bytes_down

    def _again(self, call: Callable[[], T], *, is_good: bool = True) -> T:
        while True:
            before = self._begin()
            try:
                answer = call()
            except _LINK_FAILURES as failure:
                self._wait(failure, before)
            else:
                if is_good:
                    self._patience.note_good()
                return answer

    def _wait(self, failure: SyncError, before: tuple[int, int]) -> None:
        up, down = (now - then for now, then in zip(self._passed, before, strict=True))
        if down >= SOMETHING_BYTES or up >= SURELY_LEFT_BYTES:
            self._patience.note_good()
        self._patience.wait_after(failure)


def _note_held(held: dict[bytes, dict[bytes, int]], data: bytes) -> None:
    try:
        header = parse_bundle(data).header
    except FormatError:
        return
    vector = held.setdefault(header.space, {})
    vector[header.incarnation] = max(header.sequence, vector.get(header.incarnation, 0))
