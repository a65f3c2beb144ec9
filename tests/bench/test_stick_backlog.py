"""Ten thousand bundles on a stick: time, memory, and what one file a bundle would have cost."""

import os
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.ports import SealedBundle
from tests.bench.results import record
from tests.exchange.desks import Door, new_world
from tests.exchange.forging import Forger, pair_of
from tests.exchange.sticks import everything_on, met, read, write

BUNDLES = 10_000
FAT_CLUSTER_BYTES = 32_768
"""What a FAT32 stick of more than sixteen gigabytes is cut into."""


@pytest.fixture
def doors(tmp_path):
    """Two desks that met; the first has ten thousand sealed bundles of one event for the second."""
    world = new_world(tmp_path / "world")
    for name in ("blanc", "chateauroux"):
        world.found(name)
        world.certify(name)
    met(world, tmp_path / "rencontre")
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    write(blanc, tmp_path / "rencontre")
    space = pair_of(blanc, chateauroux)
    forger = Forger(blanc, space.id)
    for _ in range(BUNDLES - 1):
        keep_next(blanc, forger)
    yield blanc, chateauroux
    world.close()


def keep_next(door: Door, forger: Forger) -> None:
    """Have a desk hold one more bundle of its own chain."""
    previous, sequence = forger.previous, forger.sequence + 1
    name, data = forger.bundle(forger.event())
    bundle: Any = SealedBundle(
        name=name,
        space=forger.space,
        incarnation=forger.incarnation,
        sequence=sequence,
        previous=previous,
        data=data,
    )
    assert door.port.keep_sealed(bundle, [])


def test_ten_thousand_bundles_on_a_stick(doors, tmp_path: Path) -> None:
    blanc, chateauroux = doors
    stick = tmp_path / "cle"
    rows = [["10,000 bundles of one event", "s", "MiB more at the peak", "files", "kB"]]

    def measured(name: str, work: Callable[[], Any]) -> float:
        before, started = peak_mib(), time.perf_counter()
        work()
        took = time.perf_counter() - started
        held = everything_on(stick)
        size = sum(map(len, held.values())) // 1_000
        rows.append(
            [name, f"{took:.1f}", f"{peak_mib() - before:.0f}", str(len(held)), f"{size:,}"]
        )
        return took

    wrote = measured("stick written", lambda: write(blanc, stick))
    measured("written again, nothing new", lambda: write(blanc, stick))
    took = measured("read by a desk that had none", lambda: read(chateauroux, stick))
    again = measured("read again, nothing new", lambda: read(chateauroux, stick))
    apart = one_file_each(blanc, tmp_path / "une a une")
    size = BUNDLES * FAT_CLUSTER_BYTES // 1_000
    rows.append(["(one file a bundle, made durable)", f"{apart:.1f}", "", "10,000", f"{size:,}"])
    note = "The last line counts whole FAT32 clusters of 32 kB; the disk is the machine's own."
    print(record("A stick", "make bench ARGS='-k stick'", rows, note=note))
    assert chateauroux.counts().pulled == BUNDLES
    assert wrote < apart
    assert again < took / 3


def one_file_each(door: Door, folder: Path) -> float:
    """What it would take to write each bundle in a file of its own, as durably."""
    folder.mkdir()
    started = time.perf_counter()
    for bundle in door.port.unsent():
        with (folder / f"{bundle.name.hex()}.new").open("wb") as file:
            file.write(bundle.data)
            file.flush()
            os.fsync(file.fileno())
        (folder / f"{bundle.name.hex()}.new").rename(folder / f"{bundle.name.hex()}.dpb")
    return time.perf_counter() - started


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
