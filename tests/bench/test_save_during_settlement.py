"""How long a save at the screen waits while an exchange settles ten thousand events beside it."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.domain.events import Event
from app.domain.identifiers import Incarnation, SubjectId, event_id
from app.domain.reception import Reception
from app.store.sync_port import StoreSyncPort
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx
from app.usecases.receptions import record_reception
from sync.sealing import EVENTS_PER_BUNDLE
from tests.bench.results import record
from tests.exchange.desks import Door, World, new_world
from tests.exchange.forging import Forger, pair_of

EVENTS = 10_000
BETWEEN_S = 0.02
BOUND_MS = 100.0
SLICE_BOUND_MS = 50.0


def test_a_save_beside_a_settlement_hardly_waits(tmp_path: Path) -> None:
    world = _introduced(tmp_path / "world")
    try:
        here = world["chateauroux"]
        _hand_over(world["blanc"], here)
        alone = [_save_ms(here) for _ in range(100)]
        with _saving(here) as beside:
            started = time.perf_counter()
            slices = Timed(here.desk.workspace)
            pulled = here.exchange(port=StoreSyncPort(slices)).pulled
            took_s = time.perf_counter() - started
    finally:
        world.close()
    assert pulled == EVENTS
    rows = [["save of a reception", "times", "p50, ms", "p95, ms", "longest, ms"]]
    rows += [_row("alone", alone), _row("beside the exchange", beside)]
    rows += [_row("(a transaction of the exchange itself)", slices.times)]
    command = "make bench ARGS='-k save_during_settlement'"
    note = f"The exchange settled {EVENTS} events and answered each, in {took_s:.1f} s."
    print(record("A save during a settlement", command, rows, note=note))
    assert max(beside) < BOUND_MS
    assert statistics.quantiles(slices.times, n=20)[-1] < SLICE_BOUND_MS


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
def _saving(door: Door) -> Iterator[list[float]]:
    """Save receptions again and again on a thread of their own; gather how long each took."""
    times: list[float] = []
    ended = threading.Event()

    def save_again_and_again() -> None:
        while not ended.wait(BETWEEN_S):
            times.append(_save_ms(door))

    saver = threading.Thread(target=save_again_and_again)
    saver.start()
    try:
        yield times
    finally:
        ended.set()
        saver.join()


def _row(name: str, times: list[float]) -> list[str]:
    p95 = statistics.quantiles(times, n=20)[-1]
    some = (statistics.median(times), p95, max(times))
    return [name, str(len(times)), *(f"{one:.1f}" for one in some)]


def _introduced(folder: Path) -> World:
    world = new_world(folder)
    for name in ("blanc", "chateauroux"):
        world.found(name)
        world.certify(name)
    for name in ("blanc", "chateauroux", "blanc", "chateauroux"):
        world[name].exchange()
    return world


def _hand_over(blanc: Door, chateauroux: Door) -> None:
    """Put on the relay as many referrals as there are events to settle, as one machine would."""
    space = pair_of(blanc, chateauroux)
    blanc.receive(chateauroux)
    (model,) = blanc.port.pending(space.id, limit=10)
    blanc.exchange()
    chateauroux.exchange()
    forger = Forger(blanc, space.id)
    for start in range(0, EVENTS, EVENTS_PER_BUNDLE):
        numbers = range(start, min(start + EVENTS_PER_BUNDLE, EVENTS))
        name, data = forger.bundle(*(_again(model, forger, number) for number in numbers))
        blanc.world.relay.bundles[name] = data


def _again(model: Event, forger: Forger, number: int) -> Event:
    name = event_id(Incarnation(forger.incarnation), 1_000 + number)
    return replace(model, id=name, subject=SubjectId(bytes(name)), lamport=1_000 + number)


def _save_ms(door: Door) -> float:
    started = time.perf_counter()
    record_reception(door.desk, Reception(expressed="Je voudrais changer de métier."))
    return (time.perf_counter() - started) * 1000
