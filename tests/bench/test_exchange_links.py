"""How an exchange fares on bad links: bytes and seconds, beside what the bandwidth allows.

First receptions written offline leave once, then a fresh machine of the same structure pulls them
whole. TLS with a private authority, the real relay, real kernel TCP; root on Linux only.
`DEUX_PORTES_BENCH_RECORDS` chooses one lot, `DEUX_PORTES_BENCH_LINK` one link,
`DEUX_PORTES_BENCH_SEED` the losses.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.store.agent_cards import DATABASE_FILE
from app.store.encrypted import Database, open_database
from app.usecases.receptions import record_reception
from sync.ceremony_files import Region, read_relay_request
from sync.http_signatures import RequestSigner
from sync.transport import HttpTransport, RelayAddress
from tests.bench.emulated_link import (
    CUT_DEAD,
    CUT_HOLE,
    CUT_TIGHT,
    SHAPED,
    Link,
    Profile,
    emulated_link,
    first_line,
    is_possible,
)
from tests.bench.invented_days import InventedDay
from tests.bench.private_ca import certificate_for
from tests.bench.results import record
from tests.exchange.desks import World, joining, new_world
from tests.relay_process import RelayProcess

pytestmark = [
    pytest.mark.bench,
    pytest.mark.skipif(not is_possible(), reason="namespaces need root on Linux"),
]

_RECORDS = os.environ.get("DEUX_PORTES_BENCH_RECORDS", "1 20 1000 10000")
LOTS = tuple(int(count) for count in _RECORDS.split())
SEED = int(os.environ.get("DEUX_PORTES_BENCH_SEED", "7"))
RELAY_PORT, TLS_PORT = 8470, 8443
ROUND_TRIP_S = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one side of one exchange took."""

    profile: Profile
    what: str
    report: dict[str, Any]
    payload: tuple[int, int]
    cuts: int
    connections: int

    @property
    def bandwidth_s(self) -> float:
        """The time that its own bytes need at least, one way and the other."""
        return self._bytes_s(self.payload)

    def _bytes_s(self, payload: tuple[int, int]) -> float:
        up, down = payload
        return up / (self.profile.up_kbit * 125) + down / (self.profile.down_kbit * 125)

    def least_s(self, own: tuple[int, int]) -> float:
        """The least time for the bytes of an exchange that nothing cuts, with these lives.

        Each life begins with three round trips (TCP, TLS, a question); what is on its way at its
        end is lost, and an answer that did not come is asked for in the next.
        """
        opening_s, left_s, began_s = 3 * ROUND_TRIP_S, self._bytes_s(own), 0.0
        if not self.profile.cut_s:
            return opening_s + left_s + ROUND_TRIP_S
        alive_s = self.profile.alive_s - opening_s
        while left_s > alive_s - ROUND_TRIP_S:
            left_s = max(0.0, left_s - alive_s + ROUND_TRIP_S / 2)
            began_s += self.profile.alive_s + self.profile.cut_s
            if not left_s:
                return began_s + opening_s
        return began_s + opening_s + left_s + ROUND_TRIP_S

    @property
    def allowed_s(self) -> float:
        """The time that the link allows: bytes and four round trips, while it lives."""
        return (self.bandwidth_s + 4 * ROUND_TRIP_S) / self.profile.up_share()


@pytest.fixture(scope="module", params=LOTS)
def template(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> "Template":
    folder = tmp_path_factory.mktemp("links")
    made = Template(folder, request.param)
    made.prepare()
    return made


class Template:
    """A structure with two machines, one full of receptions, the other new; and their relay."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.count = count
        self.relay_folder = folder / "relay"
        self.relay_folder.mkdir()
        self.ca, self.certificate, self.key = certificate_for("10.88.0.2", folder)

    def prepare(self) -> None:
        world = new_world(self.folder / "world")
        world.found("blanc")
        world.certify("blanc")
        relay = self._relay(world)
        self.relay_key = world.relay.key.public
        self.authority = world.authority
        self.authority_key = world.authority.public
        _, spoken = joining(world, "blanc")
        for name in ("blanc", "second", "blanc"):
            _over(relay, world, name)
        world["blanc"].membership.admit(spoken)
        day = InventedDay(SEED)
        record_reception(world["blanc"].desk, day.reception())
        for name in ("blanc", "second", "blanc", "second"):  # until nobody has news of keys
            _over(relay, world, name)
        for reception in day.receptions(self.count):
            record_reception(world["blanc"].desk, reception)
        relay.kill()
        world.close()
        self.keys = {name: opened.file_key for name, opened in world.keys.items()}

    def copy(self, folder: Path) -> "Template":
        """Return the same, elsewhere: what a run changes is thrown away."""
        shutil.copytree(self.folder, folder)
        other = copy(self)
        other.folder, other.relay_folder = folder, folder / "relay"
        return other

    def contents(self) -> set[str]:
        """Return a hash of the records of each machine: one when all hold the same."""
        return {self._content(name) for name in self.keys}

    def packs(self, name: str) -> list[tuple[str, int]]:
        """Return the state of each pack of the Region that a machine knows, and its bytes there."""
        db = self._opened(name)
        asked = "SELECT state, (SELECT sum(length(bytes)) FROM region_pack_parts) FROM region_packs"
        rows = [tuple(row) for row in db.conn.execute(asked).fetchall()]
        db.close()
        return rows

    def _opened(self, name: str) -> Database:
        file = self.folder / "world" / name / DATABASE_FILE
        return open_database(file, self.keys[name], create=False)

    def _content(self, name: str) -> str:
        db = self._opened(name)
        asked = "SELECT event, subject, kind, lamport, at_s, author, body FROM events"
        rows = sorted(tuple(row) for row in db.conn.execute(asked).fetchall())
        db.close()
        assert len(rows) >= self.count
        return hashlib.sha256(repr(rows).encode()).hexdigest()

    def _relay(self, world: World) -> RelayProcess:
        relay = RelayProcess(self.relay_folder)
        public = Region(name="Région (exemple)", authority_key=world.authority.public)
        file = self.relay_folder / "authority.json"
        file.write_text(public.to_json(), encoding="utf-8")
        relay.run("init", "--authority", str(file), "--out", str(self.relay_folder / "r.json"))
        request = read_relay_request((self.relay_folder / "r.json").read_text("utf-8"))
        world.relay.key = SimpleNamespace(public=request.relay_key)
        relay.start()
        return relay

    @contextmanager
    def served(self, link: Link) -> Iterator[None]:
        """Serve the relay at the far end, behind TLS."""
        database = f"sqlite:///{self.relay_folder / 'relay.sqlite3'}"
        relay = link.far(
            [
                *(sys.executable, "-m", "sync.relay", "serve", "--database", database),
                *("--listen", f"127.0.0.1:{RELAY_PORT}"),
            ],
            stdout=subprocess.PIPE,
        )
        assert first_line(relay)
        front = link.far(
            [
                *(sys.executable, str(Path(__file__).with_name("tls_front.py"))),
                *(link.far_address, str(TLS_PORT)),
                *(str(self.certificate), str(self.key), str(RELAY_PORT)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            assert first_line(front)
            yield
        finally:
            for process in (front, relay):
                process.terminate()
                process.communicate(timeout=20)

    def exchange(self, link: Link, profile: Profile, name: str) -> Run:
        """Have a desk exchange once over the link."""
        told = {
            "folder": str(self.folder / "world" / name),
            "file_key": self.keys[name].hex(),
            "url": f"https://{link.far_address}:{TLS_PORT}",
            "relay_key": self.relay_key.hex(),
            "authority_key": self.authority_key.hex(),
            "ca_file": str(self.ca),
            # Its life's marker came along: this is no restored desk.
            "markers": str(self.folder / "world" / "lives" / name),
        }
        desk = link.near(
            [sys.executable, "-m", "tests.bench.transfer_desk"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert desk.stdin is not None
        desk.stdin.write(json.dumps(told) + "\n")
        desk.stdin.flush()
        assert first_line(desk) == "ready\n"
        link.start_clock()
        out, _ = desk.communicate("go\n", timeout=900)
        traffic = link.traffic()
        return Run(
            profile=profile,
            what="push" if name == "blanc" else "pull",
            report=json.loads(out),
            payload=traffic.payload,
            cuts=traffic.cuts,
            connections=traffic.connections,
        )


def _over(relay: RelayProcess, world: World, name: str) -> None:
    """Have a door exchange once with a real relay on this machine."""
    machine = world[name].keyring.machine
    transport = HttpTransport(
        RelayAddress(url=relay.url, relay_key=world.relay.key.public),
        RequestSigner(machine=machine.id, key=machine.sign.private_key),
    )
    world[name].exchange(transport)
    transport.close()


_ONLY = os.environ.get("DEUX_PORTES_BENCH_LINK", "")
PROFILES = [
    replace(one, seed=SEED) for one in (SHAPED, CUT_HOLE, CUT_DEAD, CUT_TIGHT) if _ONLY in one.name
]


def test_receptions_over_bad_links(template: Template, tmp_path: Path) -> None:
    head = "link; ;kB up / down;connections;cuts;s;allowed, s;ratio;least, s;processor, s;MiB more"
    rows = [head.split(";")]
    plain: dict[str, tuple[int, int]] = {}
    for profile in PROFILES:
        for run in _both_ways(template, profile, tmp_path / profile.name.replace("/", "-")):
            kilobytes = [sum_bytes / 1_000 for sum_bytes in run.payload]
            own = plain.setdefault(run.what, run.payload)
            rows.append(
                [
                    profile.name,
                    run.what,
                    f"{kilobytes[0]:.1f} / {kilobytes[1]:.1f}"
                    f" ({sum(run.payload) / sum(own):.2f} ×)",
                    str(run.connections),
                    str(run.cuts),
                    f"{run.report['took_s']:.1f}",
                    f"{run.allowed_s:.1f}",
                    f"{run.report['took_s'] / run.allowed_s:.2f}",
                    f"{run.least_s(own):.1f}",
                    f"{run.report['cpu_s']:.2f}",
                    f"{run.report['mib']:.0f}",
                ]
            )
    note = (
        "Bytes are TCP payloads with TLS, repetitions of the kernel included. « Allowed »: own"
        " bytes at the link’s rate and four round trips, divided by the share of the time it lives."
        " « Least »: what no program could do better, for the bytes of the first link, each life of"
        " the link beginning with three round trips (TCP, TLS, a question)."
        " « Connections »: attempts, those without an answer included."
        " « MiB more »: at the peak, than the open desk had taken before."
    )
    title = f"{template.count:,} receptions over bad links"
    print(record(title, "make bench ARGS='-k bad_links'", rows, note=note))


def _both_ways(template: Template, profile: Profile, folder: Path) -> list[Run]:
    folder.mkdir()
    ours = template.copy(folder / "copy")
    with emulated_link(profile, folder) as link, ours.served(link):
        runs = [ours.exchange(link, profile, name) for name in ("blanc", "second")]
    for run in runs:
        print(profile.name, run.what, run.payload, run.cuts, run.connections, run.report)
    assert [run.report["error"] for run in runs] == ["", ""]
    contents = ours.contents()
    assert len(contents) == 1, "the two machines do not hold the same records"
    return runs
