"""Links and stores that fail on demand, around the working ones."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Any

from app.domain.identifiers import SpaceId
from app.ports import SyncPort
from sync.errors import LinkCutError, SyncError
from sync.lacking import LACKING_NAME
from sync.relay_port import Transport
from sync.wire import parse_bundle

CALLS = (
    "greet",
    "statement_names",
    "fetch_statements",
    "send_statements",
    "offsets",
    "push",
    "pull",
    "fetch_pieces",
    "fetch_pack",
)
"""The calls of an exchange."""

WRITES = (
    "keep_secrets",
    "keep_statements",
    "note_machines",
    "note_structures",
    "keep_sealed",
    "mark_sent",
    "keep_receipts",
    "settle",
    "keep_aside",
    "release",
    "note_contact",
    "note_failure",
    "keep_memo",
    "begin_life",
    "mark_life",
    "unseal",
    "rewrite_former",
    "note_lacking",
    "begin_life_if_copied",
    "note_looked",
    "adopt",
    "apply_survivors",
    "finish_adoption",
    "keep_pieces",
    "drop_pieces",
    "turn_keys",
    "begin_pack",
    "add_to_pack",
    "settle_pack",
    "forget_pack",
)
"""Every method of `SyncPort` that writes: a test holds it against the protocol."""


class PowerCutError(BaseException):
    """The process ends here: nothing may catch it."""


class FailsAt:
    """Stands before a port or a transport, and raises at the n-th of some calls.

    `done` counts those calls. With `after`, the call is made and its answer is lost, all of it.
    """

    def __init__(
        self,
        inner: Any,
        calls: Sequence[str],
        at: int | None,
        *,
        after: bool,
        failure: Callable[[], BaseException],
    ) -> None:
        self._inner = inner
        self._calls = calls
        self._at = at
        self._after = after
        self._failure = failure
        self.done = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in self._calls:
            return found

        def called(*arguments: Any, **options: Any) -> Any:
            self.done += 1
            if self.done != self._at:
                return found(*arguments, **options)
            if self._after:
                with suppress(SyncError):
                    answer = found(*arguments, **options)
                    if isinstance(answer, Iterator):
                        deque(answer, maxlen=0)
            raise self._failure()

        return called


def dying_port(port: SyncPort, at: int | None, *, after: bool) -> Any:
    """A store whose process is killed at its n-th write, before or after it is durable."""
    return FailsAt(port, WRITES, at, after=after, failure=PowerCutError)


def cut_link(
    transport: Transport, at: int | None, *, after: bool, calls: Sequence[str] = CALLS
) -> Any:
    """A link that dies at the n-th call, before the relay heard it or before its answer came."""
    return FailsAt(transport, calls, at, after=after, failure=LinkCutError)


class JustBefore:
    """Stands before a port, and has something happen just before the first of some calls."""

    def __init__(self, inner: Any, call: str, happens: Callable[[], object]) -> None:
        self._inner = inner
        self._call = call
        self._happens = happens
        self.has_happened = False

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name != self._call or self.has_happened:
            return found

        def called(*arguments: Any, **options: Any) -> Any:
            if not self.has_happened:
                self.has_happened = True
                self._happens()
            return found(*arguments, **options)

        return called


class OtherOrder:
    """A link that hands out what is pulled as told: in another order, twice, not all of it."""

    def __init__(
        self,
        inner: Transport,
        order: Callable[[list[tuple[bytes, bytes]]], Iterable[tuple[bytes, bytes]]],
    ) -> None:
        self._inner = inner
        self._order = order

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def pull(self, above: Any, resume: Any) -> Iterator[tuple[bytes, bytes]]:
        yield from self._order(list(self._inner.pull(above, resume)))


def without(space: SpaceId) -> Callable[[list[tuple[bytes, bytes]]], list[tuple[bytes, bytes]]]:
    """An order in which what the relay keeps of a space is left out."""

    def order(bundles: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        told = [one for one in bundles if one[0] == LACKING_NAME]
        kept = [one for one in bundles if one[0] != LACKING_NAME]
        return told + [one for one in kept if parse_bundle(one[1]).header.space != space]

    return order
