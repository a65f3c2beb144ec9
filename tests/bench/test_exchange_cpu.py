"""What an exchange costs the processor of a desk: sealing a backlog, and settling it elsewhere.

Two machines of one structure on real encrypted files, without network. A record is a first
reception: a person, a demand, a meeting and an agreement, four events.
"""

import resource
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.usecases.receptions import record_reception
from sync.sealing import Sealing
from sync.settlement import Settlement
from tests.bench.invented_days import InventedDay
from tests.bench.results import record
from tests.exchange.desks import Door, joined, new_world

LOTS = (1_000, 10_000)
TARGET_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Seconds of processor, and what the process had taken of memory by then."""

    cpu_s: float
    peak_mib: float


@pytest.fixture
def doors(tmp_path: Path) -> Iterator[tuple[Door, Door]]:
    """Two machines of one structure that know each other."""
    world = new_world(tmp_path / "world")
    first = world.found("blanc")
    world.certify("blanc")
    second = joined(world, "blanc")
    first.receive()
    for door in (first, second):  # the key of the space has to reach the other machine
        door.exchange()
    yield first, second
    world.close()


@pytest.mark.parametrize("count", LOTS)
def test_processor_time_of_an_exchange(doors: tuple[Door, Door], count: int) -> None:
    first, second = doors
    day = InventedDay(seed=count)
    for reception in day.receptions(count):
        first.world.clock.tick(seconds=day.seconds_to_next())
        record_reception(first.desk, reception)
    pushed = _cost(lambda: Sealing(first.port, first.registry, first.keyring).seal_all())
    pulled = _cost(lambda: _settle_all(first, second))
    assert second.query("SELECT count(*) FROM persons") == [(count + 1,)]
    assert second.rows() == first.rows() | {"events": second.rows()["events"]}
    title = f"Processor time of an exchange of {count:,} first receptions"
    rows = [
        ["work", "processor, s", "ms per record", "target, s", "peak memory, MiB"],
        _row("sealing: read, columns, zstd, seal, store", pushed, count),
        _row("settling: open, read, log, fold", pulled, count),
    ]
    print(record(title, "make bench ARGS='-k processor_time'", rows))


def _settle_all(first: Door, second: Door) -> None:
    settlement = Settlement(second.port, second.registry, second.keyring.epoch_keys)
    for bundle in first.port.unsent():
        outcome = settlement.settle(bundle.name, bundle.data)
        assert outcome.reason == "", outcome.reason


def _cost(work: Callable[[], object]) -> Cost:
    started = time.process_time()
    work()
    cpu_s = time.process_time() - started
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Cost(cpu_s=cpu_s, peak_mib=peak_kib / 1024)


def _row(name: str, cost: Cost, count: int) -> list[str]:
    target = f"{TARGET_S:.0f}" if count == max(LOTS) else ""
    each_ms = 1000 * cost.cpu_s / count
    return [name, f"{cost.cpu_s:.2f}", f"{each_ms:.2f}", target, f"{cost.peak_mib:.0f}"]
