"""What a relay's answers cost as it fills: from ten thousand bundles to a million.

The rows are written behind the relay's back, of the sizes that desks make, in the spaces of
structures that are truly certified; the calls that are measured are made by real machines.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, delete, func, insert, select

from sync.relay.directory import keep_statements
from sync.relay.tables import bundles
from sync.statements import read_statement, statement_name
from tests.bench.results import record
from tests.fakes.region import Machine
from tests.postgres_server import PostgresServer
from tests.relay_process import RegionalRelay

DECADES = (10_000, 100_000, 1_000_000)
STRUCTURES = 200
TIMES = 25
MOST_GROWTH = 2.0

_SIZES = (534, 534, 534, 822, 1_334, 2_758)
_RECEIPT_BYTES = 330
_ROWS_AT_ONCE = 5_000
_SETTLING = {
    "sqlite": ("PRAGMA wal_checkpoint(TRUNCATE)",),
    "postgresql": ("VACUUM ANALYZE bundles", "CHECKPOINT"),
}

pytestmark = pytest.mark.network


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def relay(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer
) -> Iterator[RegionalRelay]:
    """A relay with the statements of two hundred structures, not started yet."""
    running = RegionalRelay(tmp_path, postgres.new_database() if request.param != "SQLite" else "")
    yield running
    running.close()
    assert running.log == ""


def test_answers_cost_the_same_as_the_relay_fills(
    relay: RegionalRelay, request: pytest.FixtureRequest
) -> None:
    machines = [
        machine
        for structure in (relay.region.structure() for _ in range(STRUCTURES))
        for machine in (structure.machine(), structure.machine())
    ]
    with relay.behind() as connection:
        _introduce(connection, machines)
    rows, first, filled = [], {}, 0
    for decade in DECADES:
        started = time.perf_counter()
        with relay.behind() as connection:
            _fill(connection, machines, filled, decade)
        _let_settle(relay.database)
        filled, fill_s = decade, time.perf_counter() - started
        found = _measured(relay, machines[0])
        first = first or found
        rows.append([f"{decade:,}", *(f"{ms:.1f}" for ms in found.values()), f"{fill_s:.0f}"])
        grown = {name: found[name] / first[name] for name in _CALLS}
    name = request.node.callspec.params["relay"]
    head = ["bundles", *(f"{call}, ms" for call in found), "filling, s"]
    title = f"A relay that fills, over {name}"
    print(record(title, "make bench ARGS='-k relay_fills'", [head, *rows], note=_NOTE))
    assert {call for call, times in grown.items() if times > MOST_GROWTH} == set()


def _introduce(connection: Connection, machines: list[Machine]) -> None:
    said = [statement for machine in machines for statement in machine.introduction()]
    kept = {statement_name(data): (read_statement(data).body.kind, data) for data in said}
    keep_statements(connection, kept, now=int(time.time()))


def _fill(connection: Connection, machines: list[Machine], start: int, end: int) -> None:
    """Write bundles that nobody can open, each machine's in its own space, one after the other."""
    count = len(machines)
    rows = (_row(machines[place % count], place // count) for place in range(start, end))
    while some := list(islice(rows, _ROWS_AT_ONCE)):
        connection.execute(insert(bundles), some)


def _let_settle(database: str) -> None:
    """Let the database end what a flood of rows leaves it to do, which no relay ever meets."""
    engine = create_engine(database, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for work in _SETTLING[engine.dialect.name]:
            connection.exec_driver_sql(work)
    engine.dispose()


def _row(machine: Machine, before: int) -> dict[str, object]:
    size = _SIZES[before % len(_SIZES)]
    return {
        "name": os.urandom(32),
        "space": machine.own_space,
        "incarnation": machine.incarnation,
        "sequence": before + 1,
        "size": size,
        "body": os.urandom(size),
        "receipt": os.urandom(_RECEIPT_BYTES),
        "at": int(time.time()),
    }


def _measured(relay: RegionalRelay, machine: Machine) -> dict[str, float]:
    """Start the relay, make each call some times, stop it; give the medians in milliseconds."""
    relay.start()
    link = relay.transport(machine)
    link.hello()
    started = time.perf_counter()
    names = link.statement_names(None)
    found = {"first question": 1000 * (time.perf_counter() - started)}
    assert names is not None
    with relay.behind() as connection:
        vector = _vector(connection, machine.own_space)
    held = vector[machine.incarnation]
    machine.go_on_from(machine.own_space, held, os.urandom(32))
    after = {machine.own_space: vector | {machine.incarnation: held + TIMES}}
    calls: dict[str, Callable[[], object]] = {
        "hello": link.hello,
        "statements": lambda: link.statement_names(names.etag),
        "push": lambda: link.push([(*machine.bundle(size=2_496), 0)]),
        "pull of nothing": lambda: list(link.pull(after, None)),
        f"pull of {TIMES}": lambda: list(link.pull({machine.own_space: vector}, None)),
    }
    for name, call in calls.items():
        found[name] = _median_ms(call)
    assert calls["pull of nothing"]() == []
    relay.stop()
    with relay.behind() as connection:  # Its place is filled with the others' next.
        ours = bundles.c.incarnation == machine.incarnation
        connection.execute(delete(bundles).where(ours, bundles.c.sequence > held))
    return found


def _vector(connection: Connection, space: bytes) -> dict[bytes, int]:
    """What the relay holds of a space, as a machine that holds all of it says it."""
    last = select(bundles.c.incarnation, func.max(bundles.c.sequence).label("last"))
    rows = connection.execute(last.where(bundles.c.space == space).group_by(bundles.c.incarnation))
    return {bytes(row.incarnation): row.last for row in rows}


def _median_ms(call: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        call()
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


_CALLS = ("hello", "statements", "push", "pull of nothing", f"pull of {TIMES}")
_NOTE = (
    f"{STRUCTURES} structures of two machines, whose statements are truly signed; bundles of 534 "
    f"to 2,758 bytes, written behind the relay's back; medians of {TIMES} calls one after the "
    "other, on one connection of this machine, the signature that the caller makes included. "
    "The first question after a start has every statement read and checked."
)
