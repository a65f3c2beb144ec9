"""Saves at the screen beside long work: how long each waits, and for how long the work holds on."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from app.domain.reception import Reception
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx
from app.usecases.receptions import record_reception
from tests.exchange.desks import Door

BETWEEN_S = 0.02
BOUND_MS = 100.0
SLICE_BOUND_MS = 50.0


class Timed:
    """A workspace that notes for how long each transaction of the exchange holds the writer."""

    def __init__(self, workspace: Workspace) -> None:
        self.times: list[float] = []
        self.writer = self
        self._workspace = workspace

    def write(self, work: Callable[[Tx], Any], *, priority: Priority) -> Any:
        """Write as the workspace does; its turn once come, until it is durable."""
        began: list[float] = []

        def timed(tx: Tx) -> Any:
            began.append(time.perf_counter())
            return work(tx)

        result = self._workspace.writer.write(timed, priority=priority)
        self.times.append((time.perf_counter() - began[0]) * 1000)
        return result

    def is_awaited(self, priority: Priority) -> bool:
        """Ask the writer itself: the slices are as long as in the program."""
        return self._workspace.writer.is_awaited(priority)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workspace, name)


@contextmanager
def saving(door: Door) -> Iterator[list[float]]:
    """Save receptions again and again on a thread of their own; gather how long each took."""
    times: list[float] = []
    ended = threading.Event()

    def save_again_and_again() -> None:
        while not ended.wait(BETWEEN_S):
            times.append(save_ms(door))

    saver = threading.Thread(target=save_again_and_again)
    saver.start()
    try:
        yield times
    finally:
        ended.set()
        saver.join()


def spread(name: str, times: list[float]) -> list[str]:
    p95 = statistics.quantiles(times, n=20)[-1]
    some = (statistics.median(times), p95, max(times))
    return [name, str(len(times)), *(f"{one:.1f}" for one in some)]


def save_ms(door: Door) -> float:
    started = time.perf_counter()
    record_reception(door.desk, Reception(expressed="Je voudrais changer de métier."))
    return (time.perf_counter() - started) * 1000
