"""A disk that is really full: the relay says so, keeps what it acknowledged, and goes on after it.

The disk is a small file system in memory, which only root may make.
"""

import json
import os
from contextlib import suppress

import pytest

from sync.errors import RelayFullError
from tests.relay_process import RegionalRelay
from tests.small_disks import small_disk_at

pytestmark = pytest.mark.network

LEFT_BYTES = 300_000


@pytest.fixture
def disk(tmp_path):
    """A file system of a few megabytes."""
    with small_disk_at(tmp_path / "disk", "4m") as folder:
        yield folder


class Ballast:
    """What takes the room of a disk."""

    def __init__(self, folder):
        self.file = folder / "ballast"
        self.folder = folder

    def fill(self, left_bytes=0):
        free = os.statvfs(self.folder)
        size = free.f_bavail * free.f_frsize - left_bytes
        with self.file.open("ab") as file:
            file.write(bytes(max(0, size)))

    def remove(self):
        self.file.unlink()


@pytest.fixture
def ballast(disk):
    return Ballast(disk)


@pytest.fixture
def relay(tmp_path, disk):
    """A relay whose database lies on the small disk, and nothing else of it."""
    folder = tmp_path / "relay"
    folder.mkdir()
    relay = RegionalRelay(folder, f"sqlite:///{disk / 'relay.sqlite3'}")
    relay.start()
    yield relay
    relay.close()


def pushed_until_full(link, machine):
    """Push until the relay says that its disk is full; return receipts, and what was refused."""
    receipts = {}
    for _ in range(500):
        bundle = machine.bundle(size=20_000)
        try:
            (receipts[bundle[0]],) = link.push([(*bundle, 0)]).receipts
        except RelayFullError:
            return receipts, bundle
    return pytest.fail("the disk is never full")


def test_full_relay_says_so_keeps_all_it_acknowledged_and_goes_on_once_there_is_room(
    relay, ballast
):
    machine = relay.region.structure().machine()
    link = relay.admitted(machine)
    link.push([(*machine.bundle(), 0)])
    ballast.fill(LEFT_BYTES)
    receipts, (name, data) = pushed_until_full(link, machine)
    assert receipts
    for _ in range(3):  # As long as it lasts, each says the same, and nothing is harmed.
        with pytest.raises(RelayFullError):
            link.push([(name, data, 0)])

    ballast.remove()
    assert set(link.offsets(list(receipts)).receipts) == set(receipts.values())
    begun = link.offsets([name]).offsets[name]
    assert len(link.push([(name, data, begun)]).receipts) == 1
    pulled = dict(link.pull({machine.own_space: {}}, None))
    assert {*receipts, name} <= pulled.keys()
    found = json.loads(relay.run("verify", "--json"))
    assert (found["faults"], found["notices"], found["bundles"]) == (0, 0, len(receipts) + 2)
    assert relay.log == ""


def test_relay_killed_while_its_disk_is_full_has_lost_nothing(relay, ballast):
    machine = relay.region.structure().machine()
    link = relay.admitted(machine)
    ballast.fill(LEFT_BYTES)
    receipts, bundle = pushed_until_full(link, machine)
    relay.kill()
    ballast.remove()
    relay.start()
    link = relay.transport(machine)
    assert set(link.offsets(list(receipts)).receipts) == set(receipts.values())
    begun = link.offsets([bundle[0]]).offsets[bundle[0]]
    assert len(link.push([(*bundle, begun)]).receipts) == 1
    assert json.loads(relay.run("verify", "--json"))["faults"] == 0


def test_backup_that_finds_no_room_says_so_and_leaves_the_former_one(relay, disk, ballast):
    machine = relay.region.structure().machine()
    relay.admitted(machine).push([(*machine.bundle(size=50_000), 0)])
    former = disk / "copie.sqlite3"
    relay.run("backup", str(former))
    before = former.read_bytes()
    ballast.fill()
    full = relay.attempt("backup", "--replace", str(former))
    assert full.returncode == 1
    assert "plein" in full.stderr
    assert former.read_bytes() == before
    assert not list(disk.glob(".copie*"))


def test_service_that_finds_no_room_to_start_says_so(relay, ballast):
    machine = relay.region.structure().machine()
    relay.admitted(machine).push([(*machine.bundle(), 0)])
    relay.stop()
    ballast.fill()
    full = relay.attempt("serve", "--listen", "127.0.0.1:0")
    assert full.returncode == 1
    assert "plein" in full.stderr
    ballast.remove()
    relay.start()
    assert relay.count()["bundles"] == 1


def test_pull_from_a_full_relay_comes_back_whole_once_there_is_room(relay, ballast):
    """Any request is remembered by its nonce: without any room, nothing is answered wrongly."""
    structure = relay.region.structure()
    author, reader = structure.machine(), structure.machine()
    bundles = [author.bundle(size=30_000) for _ in range(5)]
    relay.admitted(author).push([(*bundle, 0) for bundle in bundles])
    link = relay.admitted(reader)
    ballast.fill()
    with suppress(RelayFullError):  # A page of the journal may still be free.
        assert list(link.pull({author.own_space: {}}, None)) == bundles
    ballast.remove()
    assert list(link.pull({author.own_space: {}}, None)) == bundles
