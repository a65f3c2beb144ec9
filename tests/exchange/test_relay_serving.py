"""`deux-portes-relay serve --workers`: several processes, one address, one database."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import pytest

from sync.frames import encode_frame
from tests.raw_calls import begun_push
from tests.relay_process import ROOT, RegionalRelay, new_database

pytestmark = [
    pytest.mark.network,
    pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc"),
]

WORKERS = 3
PATIENCE_S = 30


@pytest.fixture(params=["sqlite", "postgres"])
def crowd(request, tmp_path):
    """A relay that answers by several processes."""
    relay = RegionalRelay(tmp_path, new_database(request))
    relay.options = ("--workers", str(WORKERS))
    relay.start()
    yield relay
    relay.close()


def workers_of(relay):
    first = relay.process.pid
    return set(map(int, Path(f"/proc/{first}/task/{first}/children").read_text().split()))


def is_alive(process):
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def until(condition):
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, "it never came"
        threading.Event().wait(0.02)


def test_many_machines_at_once_lose_nothing(crowd):
    machines = [crowd.region.structure().machine() for _ in range(8)]
    receipts = []

    def push(machine):
        link = crowd.admitted(machine)
        for _ in range(6):
            receipts.extend(link.push([(*machine.bundle(size=3_000), 0)]).receipts)
            link.close()  # The next request may meet another process.

    threads = [threading.Thread(target=push, args=(machine,)) for machine in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(receipts)) == len(receipts) == 48
    for machine in machines:
        pulled = crowd.transport(machine).pull({machine.own_space: {}}, None)
        assert len(list(pulled)) == 6
    assert len(workers_of(crowd)) == WORKERS


def test_all_end_when_the_service_is_stopped(crowd):
    workers = workers_of(crowd)
    machine = crowd.region.structure().machine()
    crowd.admitted(machine).push([(*machine.bundle(), 0)])
    assert crowd.stop() == 0
    assert not any(map(is_alive, workers))
    assert crowd.log == ""
    assert crowd.count()["bundles"] == 1


def test_worker_that_dies_is_replaced_and_nothing_is_lost(crowd):
    machine = crowd.region.structure().machine()
    link = crowd.admitted(machine)
    held = [machine.bundle() for _ in range(3)]
    for bundle in held:
        victim = min(workers_of(crowd))
        os.kill(victim, signal.SIGKILL)
        until(lambda victim=victim: not is_alive(victim))
        link.close()
        assert len(link.push([(*bundle, 0)]).receipts) == 1
    until(lambda: len(list(filter(is_alive, workers_of(crowd)))) == WORKERS)
    assert list(crowd.transport(machine).pull({machine.own_space: {}}, None)) == held


def test_all_end_when_the_first_process_is_killed(crowd):
    workers = workers_of(crowd)
    crowd.kill()
    until(lambda: not any(map(is_alive, workers)))
    crowd.start()
    assert crowd.transport(crowd.region.structure().machine()).hello()


def test_each_worker_shows_its_own_figures(crowd):
    # An address of this machine that nothing else uses: the ports that follow are free there.
    address = "127." + ".".join(str(1 + octet % 254) for octet in os.urandom(3))
    crowd.stop()
    crowd.options += ("--metrics", f"{address}:9470")
    crowd.start()
    for port in range(9_470, 9_470 + WORKERS):
        with urllib.request.urlopen(f"http://{address}:{port}/metrics", timeout=10) as answer:
            assert b"deux_portes_relay_bundles 0.0" in answer.read()


def test_upload_under_way_when_the_service_is_stopped_is_kept(crowd):
    machine = crowd.region.structure().machine()
    link = crowd.admitted(machine)
    name, data = machine.bundle(size=200_000)
    frame = encode_frame(name, data)
    with begun_push(crowd, machine.signer, len(frame), frame[:120_000]):
        until(lambda: link.offsets([name]).offsets[name] > 100_000)
        assert crowd.stop() == 0
    crowd.start()
    link = crowd.transport(machine)
    begun = link.offsets([name]).offsets[name]
    assert begun > 100_000
    assert len(link.push([(name, data, begun)]).receipts) == 1


def test_connection_may_rest_longer_than_servers_usually_let_it(sqlite_relay):
    """Five seconds is usual; on a slow link, opening another connection costs that much."""
    request = b"GET /health HTTP/1.1\r\nHost: exemple\r\n\r\n"
    with socket.create_connection(sqlite_relay.host_and_port, timeout=10) as link:
        for rest_s in (6, 10):
            link.sendall(request)
            said = b""
            while not said.endswith(b"}"):
                said += link.recv(2_000)
            link.settimeout(rest_s)
            if rest_s == 6:
                with pytest.raises(TimeoutError):
                    link.recv(1)


@pytest.mark.parametrize("workers", [1, 2])
def test_relay_that_is_stopped_while_it_starts_ends(tmp_path, workers):
    """A stop that nobody heard would hold the whole system's up."""
    command = [sys.executable, "-m", "sync.relay", "serve", "--workers", str(workers)]
    command += ["--listen", "127.0.0.1:0", "--database", f"sqlite:///{tmp_path / 'x.sqlite3'}"]
    for turn in range(8):
        started = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        threading.Event().wait(0.3 + 0.08 * turn)
        started.terminate()
        _, complaint = started.communicate(timeout=PATIENCE_S)
        assert started.returncode in {0, -signal.SIGTERM}
        assert b"Traceback" not in complaint


def test_metrics_that_cannot_be_shown_stop_them_all(crowd):
    crowd.stop()
    refused = crowd.attempt(
        "serve",
        *("--listen", "127.0.0.1:0", "--workers", "2"),
        *("--metrics", "192.0.2.1:9470"),
    )
    assert refused.returncode == 1
    assert "ne peuvent pas être montrées" in refused.stderr
    assert "tous sont arrêtés" in refused.stderr
    assert "Traceback" not in refused.stderr
