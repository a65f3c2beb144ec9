"""A real relay in a process of its own, for tests: started, killed, started again on its database.

Load it with `pytest_plugins = ["tests.relay_process"]` in `tests/conftest.py`.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine

from sync.ceremony_files import Region as RegionFile
from sync.transport import HttpTransport, RelayAddress
from tests.fakes.forked_commands import run_forked
from tests.fakes.region import Machine, Region
from tests.postgres_server import PostgresServer

ROOT = Path(__file__).parents[1]
_READY_S = 30


class RelayProcess:
    """`deux-portes-relay serve` on a free port of this machine, over a database in `folder`.

    Or over the database whose URL is given. `url` is known once it has started; the port is another
    at each start, unless one is given.
    """

    def __init__(
        self, folder: Path, authority_file: Path | None = None, database: str = ""
    ) -> None:
        self.folder = folder
        self.authority_file = authority_file
        self.database = database or f"sqlite:///{folder / 'relay.sqlite3'}"
        self.url = ""
        self.options: tuple[str, ...] = ()
        self.process: subprocess.Popen[str] | None = None

    @property
    def host_and_port(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)

    @contextmanager
    def behind(self) -> Iterator[Connection]:
        """Change or read the database behind the relay's back."""
        engine = create_engine(self.database)
        with engine.begin() as connection:
            yield connection
        engine.dispose()

    def run(self, *arguments: str) -> str:
        """Run one of the relay's commands on the same database, and return what it printed."""
        done = self.attempt(*arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def attempt(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run one of the relay's commands on the same database, whatever comes of it."""
        words = [arguments[0], "--database", self.database, *arguments[1:]]
        return run_forked("sync.relay", words, environment=os.environ, folder=ROOT)

    def start(self, port: int = 0) -> None:
        command = [sys.executable, "-m", "sync.relay", "serve", "--database", self.database]
        command += ["--listen", f"127.0.0.1:{port}"]
        if self.authority_file is not None:
            command += ["--authority", str(self.authority_file)]
        command += self.options
        environment = {
            name: value for name, value in os.environ.items() if name != "DEUX_PORTES_AUTHORITY"
        }
        log = (self.folder / "relay.log").open("a", encoding="utf-8")
        with log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True
            )
        self.url = json.loads(self._first_line())["url"]

    def kill(self) -> None:
        """Die as in a power cut."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End as the service's stop does, and return the exit status."""
        return self._end(signal.SIGTERM)

    @property
    def log(self) -> str:
        return (self.folder / "relay.log").read_text("utf-8")

    def _first_line(self) -> str:
        assert self.process is not None
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], _READY_S)
        line = self.process.stdout.readline() if ready else ""
        if not line:
            self.kill()
            pytest.fail(f"the relay did not start: {self.log}")
        return line

    def _end(self, how: signal.Signals) -> int:
        if self.process is None:
            return 0
        self.process.send_signal(how)
        status = self.process.wait(timeout=30)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self.process = None
        return status


class RegionalRelay(RelayProcess):
    """A relay that serves an invented Region, and machines that talk to it."""

    def __init__(self, folder: Path, database: str = "", region: Region | None = None) -> None:
        self.region = region or Region()
        file = folder / "authority.json"
        public = RegionFile(name="Région (exemple)", authority_key=self.region.authority.public)
        file.write_text(public.to_json(), encoding="utf-8")
        super().__init__(folder, file, database)
        arguments = ("--authority", str(file), "--out", str(folder / "request.json"))
        told = self.run("init", *arguments, "--json")
        self.relay_key = bytes.fromhex(json.loads(told)["relay_key"])
        self._transports: list[HttpTransport] = []

    def transport(self, machine: Machine, **options: Any) -> HttpTransport:
        """A connection of that machine, closed when the relay is."""
        address = RelayAddress(url=self.url, relay_key=self.relay_key)
        transport = HttpTransport(address, machine.signer, **options)
        self._transports.append(transport)
        return transport

    def admitted(self, machine: Machine, *more: bytes, **options: Any) -> HttpTransport:
        """A connection of that machine, after it introduced itself."""
        transport = self.transport(machine, **options)
        transport.hello()
        answer = transport.send_statements([*machine.introduction(), *more])
        assert answer.refused == ()
        return transport

    def count(self) -> dict[str, int]:
        """What the relay itself says that it holds."""
        return json.loads(self.run("status", "--json"))

    def beside(self) -> "RegionalRelay":
        """Another process over the same database, not started yet: two workers of one relay."""
        folder = self.folder / "beside"
        folder.mkdir()
        return RegionalRelay(folder, self.database, self.region)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()
        self.stop()


@pytest.fixture(scope="session")
def sqlite_relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RegionalRelay]:
    """A running relay over SQLite, which tests share."""
    with _running(tmp_path_factory.mktemp("relay")) as running:
        yield running
        running.stop()
        assert running.log == "", "the relay failed at something"


@pytest.fixture(scope="session")
def postgres_relay(
    tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer
) -> Iterator[RegionalRelay]:
    """A running relay over PostgreSQL, which tests share."""
    with _running(tmp_path_factory.mktemp("relay"), postgres.new_database()) as running:
        yield running
        running.stop()
        assert running.log == "", "the relay failed at something"


@pytest.fixture(params=["sqlite", "postgres"])
def relay(request: pytest.FixtureRequest) -> RegionalRelay:
    """A running relay that tests share: each brings structures and machines of its own."""
    running: RegionalRelay = request.getfixturevalue(f"{request.param}_relay")
    return running


@pytest.fixture(params=["sqlite", "postgres"])
def own_relay(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[RegionalRelay]:
    """A running relay for one test, which may kill it and start it again."""
    with _running(tmp_path, new_database(request)) as running:
        yield running


def new_database(request: pytest.FixtureRequest) -> str:
    """Return the URL of an empty database for a fixture whose parameter names its kind."""
    if request.param == "sqlite":
        return ""
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.new_database()


@contextmanager
def _running(folder: Path, database: str = "") -> Iterator[RegionalRelay]:
    running = RegionalRelay(folder, database)
    running.start()
    try:
        yield running
    finally:
        running.close()


@pytest.fixture
def relay_process(tmp_path: Path) -> Iterator[RelayProcess]:
    """A relay that is not started and serves nobody: give it `authority_file`, then start it."""
    folder = tmp_path / "relay"
    folder.mkdir()
    process = RelayProcess(folder)
    yield process
    process.kill()
