"""Fifty machines that push and pull at once: records a second, and how long each request takes.

The machines run on the same cores as the server, in processes of their own: what is measured is
both together, for every server alike.
"""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sync.keys import AuthorityKey
from tests.bench.load_peers import Load, Measured, Target, drive
from tests.bench.pouch_server import PACKAGE, PouchAbsentError, pouch_server
from tests.bench.results import record
from tests.fakes.region import Region
from tests.postgres_server import PostgresServer
from tests.relay_process import RegionalRelay

WHOLE = Load()
LEAN = Load(is_whole=False)
SMALL = Load(bundles=WHOLE.records)
TIMES_BETTER = 5

pytestmark = pytest.mark.network


@pytest.fixture
def relay_on(tmp_path: Path) -> Iterator[Callable[[str], Target]]:
    """Start relays, each over a database of its own."""
    started: list[RegionalRelay] = []

    def start(database: str = "") -> Target:
        folder = tmp_path / f"relay-{len(started)}"
        folder.mkdir()
        seed = os.urandom(32)
        region = Region(authority=AuthorityKey(seed))
        relay = RegionalRelay(folder, database, region)
        relay.start()
        started.append(relay)
        return Target(url=relay.url, authority_seed=seed)

    yield start
    for relay in started:
        relay.close()
        assert relay.log == ""


def test_fifty_machines_at_once(
    relay_on: Callable[..., Target], postgres: PostgresServer, tmp_path: Path
) -> None:
    """Every server meets the same records, rounds, connections and processes, one after another."""
    servers = {"SQLite": relay_on(), "PostgreSQL": relay_on(postgres.new_database())}
    found = {
        (f"relay over {name}", said): drive(server, load)
        for said, load in _LOADS.items()
        for name, server in servers.items()
    }
    peers, why = _of_pouch(tmp_path)
    found |= {(f"{PACKAGE} over LevelDB", said): one for said, one in peers.items()}
    rows = [_HEAD, *(_row(*named, one, peers) for named, one in found.items())]
    print(record("A relay under load", "make bench ARGS='-k fifty_machines'", rows, note=why))
    for one in found.values():
        assert one.came == one.pushed
    if peers:
        times = _per_s(found["relay over SQLite", EXCHANGES]) / _per_s(peers[EXCHANGES])
        assert times >= TIMES_BETTER


def _of_pouch(folder: Path) -> tuple[dict[str, Measured], str]:
    """Let a PouchDB server do the same, if there is one; say what the figures do not."""
    try:
        with pouch_server(folder) as url:
            whole = drive(Target(url=url, run="w"), WHOLE)
            return {EXCHANGES: whole, LEANEST: drive(Target(url=url, run="l"), LEAN)}, _NOTE
    except PouchAbsentError as error:
        return {}, f"{_NOTE} Nothing stands beside it here: {error.reason}."


def _per_s(one: Measured) -> float:
    """Records pushed and pulled in a second."""
    return (one.pushed + one.pulled) / one.took_s


def _row(server: str, said: str, one: Measured, peers: dict[str, Measured]) -> list[str]:
    peer = peers.get(said)
    times = f"{_per_s(one) / _per_s(peer):.1f}" if peer else ""
    rate = f"{_per_s(one):,.0f}"
    return [said, server, rate, times, *_tails(one.push_s), *_tails(one.pull_s)]


def _tails(seconds: Sequence[float]) -> list[str]:
    """The median, and what one request in twenty and in a hundred exceeds, in milliseconds."""
    parts = statistics.quantiles(seconds, n=100, method="inclusive")
    return [f"{1000 * parts[place]:.0f}" for place in (49, 94, 98)]


EXCHANGES = "whole exchanges"
LEANEST = "push and pull alone"
_LOADS = {EXCHANGES: WHOLE, LEANEST: LEAN, "whole exchanges, a bundle for each record": SMALL}
_HEAD = [
    *("what", "server", "records a second", "× PouchDB"),
    *("push p50, ms", "p95", "p99", "pull p50, ms", "p95", "p99"),
]
_NOTE = (
    "50 machines of 25 structures, 20 rounds each, on kept connections: 20 first receptions are "
    "pushed, then those that the other machine of the structure has pushed are pulled; pushed and "
    "pulled records are added. For the relay they are a bundle of 2.8 kB, as a desk seals it, for "
    "PouchDB 20 documents of 584 B. A whole exchange is what each program makes: of the relay "
    "three requests (statements with the greeting, push, pull), of PouchDB the 14 that "
    "`PouchDB.sync` makes, as its server's log shows them (database, server, marks, `_revs_diff`, "
    "`_bulk_docs`, `_changes`, `_all_docs`). Alone are one push and one pull, of PouchDB "
    "`_bulk_docs` and `_changes?include_docs`. Bodies and signatures that can be made beforehand "
    "are, for both. Times are those of the whole push and of the whole "
    "pull. The two processes in which the machines run share the two cores with the server, its "
    "database included: with cores of its own a server carries more. The relay checks the "
    "signature of each request and of each bundle, and answers once the disk has everything; "
    "PouchDB checks nothing and does not wait for the disk."
)
