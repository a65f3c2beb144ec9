"""Ten thousand records that wait, a link that is cut again and again, a relay that dies meanwhile.

Ten thousand people written at once rather than received one by one: each is one event, and the
exchange only sees events.
"""

import hashlib
import threading
from pathlib import Path

import pytest

from app.store.rows import fold_subjects
from tests.exchange.checkpointing import survivors
from tests.exchange.desks import Door, joined, opened_copy
from tests.exchange.wire import Wire, wired
from tests.fakes.recording_proxy import DOWN, PULL, PUSH, UP, Fault

pytestmark = pytest.mark.network

RECORDS, AT_ONCE = 10_000, 1_000
EVERY_BYTES = 12_000
MORE_KIB_MAX = 80 * 1_024


@pytest.fixture
def wire(tmp_path, introduced_template):
    with opened_copy(introduced_template, tmp_path / "world") as world:
        joined(world, "blanc")
        with wired(world, tmp_path / "relay") as made:
            made.settle_down()
            yield made


def write_many(door: Door) -> None:
    """Write people whose names hardly compress."""
    space = door.desk.own_structure().space

    def work(tx, start: int) -> None:
        pen = door.desk.pen(tx)
        for number in range(start, start + AT_ONCE):
            drawn = hashlib.sha256(b"%d" % number).hexdigest()
            fields = {"family_name": f"Exemplier {drawn[:24]}", "given_name": drawn[24:40]}
            pen.create(space, "person", fields)
        fold_subjects(tx, pen.touched)

    for start in range(0, RECORDS, AT_ONCE):
        door.desk.workspace.writer.write(lambda tx, start=start: work(tx, start))


def cut_every(wire: Wire, marker: bytes, way: str, times: int) -> list[Fault]:
    """Have the next connections in which something goes up die after some bytes."""
    faults = [Fault(marker=marker, way=way, after_bytes=EVERY_BYTES) for _ in range(times)]
    return [wire.proxy.will(fault) for fault in faults]


def people(door: Door) -> str:
    """The hash of all the people that a desk shows."""
    rows = door.query("SELECT person, family_name, given_name FROM persons ORDER BY person")
    assert len(rows) == RECORDS
    return hashlib.sha256(repr(rows).encode()).hexdigest()


class Memory:
    """How much more of it the process takes at most, in kibibytes; Linux alone tells."""

    def __init__(self) -> None:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
        self._before = self._peak()

    @property
    def more_kib(self) -> int:
        return self._peak() - self._before

    @staticmethod
    def _peak() -> int:
        lines = Path("/proc/self/status").read_text("ascii", "replace").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))


def test_ten_thousand_records_leave_over_a_link_that_is_cut(wire):
    blanc, second = wire["blanc"], wire["second"]
    write_many(blanc)
    going = cut_every(wire, PUSH, UP, 10)
    kill = threading.Thread(target=lambda: going[4].struck.wait(60) and wire.restart_relay())
    kill.start()
    memory = Memory()
    wire.exchange_perseveringly("blanc")
    kill.join()
    assert all(fault.struck.is_set() for fault in going)
    assert blanc.counts().acknowledged >= RECORDS
    coming = cut_every(wire, PULL, DOWN, 10)
    wire.exchange_perseveringly("second")
    assert all(fault.struck.is_set() for fault in coming)
    assert memory.more_kib < MORE_KIB_MAX
    assert people(second) == people(blanc)
    assert survivors(second) == survivors(blanc)
    assert second.reasons() == []
    assert wire.faults() == 0
