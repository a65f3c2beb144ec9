"""How long a save at the screen waits while an exchange settles ten thousand events beside it."""

import statistics
import time
from dataclasses import replace
from pathlib import Path

from app.domain.events import Event
from app.domain.identifiers import Incarnation, SubjectId, event_id
from app.store.sync_port import StoreSyncPort
from sync.sealing import EVENTS_PER_BUNDLE
from tests.bench.results import record
from tests.bench.saves import BOUND_MS, SLICE_BOUND_MS, Timed, save_ms, saving, spread
from tests.exchange.desks import Door, World, new_world
from tests.exchange.forging import Forger, pair_of

EVENTS = 10_000


def test_a_save_beside_a_settlement_hardly_waits(tmp_path: Path) -> None:
    world = _introduced(tmp_path / "world")
    try:
        here = world["chateauroux"]
        _hand_over(world["blanc"], here)
        alone = [save_ms(here) for _ in range(100)]
        with saving(here) as beside:
            started = time.perf_counter()
            slices = Timed(here.desk.workspace)
            pulled = here.exchange(port=StoreSyncPort(slices)).pulled
            took_s = time.perf_counter() - started
    finally:
        world.close()
    assert pulled == EVENTS
    rows = [["save of a reception", "times", "p50, ms", "p95, ms", "longest, ms"]]
    rows += [spread("alone", alone), spread("beside the exchange", beside)]
    rows += [spread("(a transaction of the exchange itself)", slices.times)]
    command = "make bench ARGS='-k save_during_settlement'"
    note = f"The exchange settled {EVENTS} events and answered each, in {took_s:.1f} s."
    print(record("A save during a settlement", command, rows, note=note))
    assert max(beside) < BOUND_MS
    assert statistics.quantiles(slices.times, n=20)[-1] < SLICE_BOUND_MS


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
