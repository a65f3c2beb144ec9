"""The restore drill of the operator's guide: back up, go on, lose the disk, restore.

The commands are those of `docs/relay.md`, over the real relay and real desks.
"""

import json
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from sync.ceremony_files import Region, read_relay_request
from sync.http_signatures import RequestSigner
from sync.transport import HttpTransport, RelayAddress
from tests.exchange.desks import opened_copy
from tests.relay_process import RelayProcess, new_database

pytestmark = pytest.mark.network


class Service:
    """A relay that desks of a world exchange with, and that may move to another database."""

    def __init__(self, world, folder, database):
        folder.mkdir()
        self.world = world
        self.relay = RelayProcess(folder, database=database)
        public = Region(name="Région (exemple)", authority_key=world.authority.public)
        (folder / "authority.json").write_text(public.to_json(), encoding="utf-8")
        request = folder / "request.json"
        self.relay.run("init", "--authority", str(folder / "authority.json"), "--out", str(request))
        self.key = read_relay_request(request.read_text("utf-8")).relay_key
        world.relay.key = SimpleNamespace(public=self.key)  # Whose receipts the desks believe.
        self.relay.start()

    def exchange(self, *names):
        reports = []
        for name in names:
            machine = self.world[name].keyring.machine
            signer = RequestSigner(machine=machine.id, key=machine.sign.private_key)
            address = RelayAddress(url=self.relay.url, relay_key=self.key)
            transport = HttpTransport(address, signer)
            reports.append(self.world[name].exchange(transport))
            transport.close()
        return reports

    def told(self, *arguments):
        return json.loads(self.relay.run(*arguments, "--json"))


@pytest.fixture(params=["sqlite", "postgres"])
def new_url(request, tmp_path):
    """Makes the addresses of empty databases."""
    made = []

    def new():
        made.append(1)
        return new_database(request) or f"sqlite:///{tmp_path / f'relay-{len(made)}.sqlite3'}"

    return new


@pytest.fixture
def service(tmp_path, certified_template, new_url):
    with opened_copy(certified_template, tmp_path / "world") as world:
        service = Service(world, tmp_path / "relay", new_url())
        yield service
        service.relay.kill()


@contextmanager
def stopped(relay):
    assert relay.stop() == 0
    yield
    relay.start()


def lived_after_a_backup(service, copy):
    """Referrals before and after a backup; everything is acknowledged at the end."""
    blanc, chateauroux = service.world["blanc"], service.world["chateauroux"]
    service.exchange("blanc", "chateauroux", "blanc")
    blanc.receive(chateauroux)
    service.exchange("blanc", "chateauroux")
    service.told("backup", str(copy))
    assert service.told("verify", str(copy))["faults"] == 0
    for _ in range(3):
        blanc.receive(chateauroux)
        service.exchange("blanc", "chateauroux", "blanc")
    chateauroux.answer()
    service.exchange("chateauroux", "blanc")
    assert blanc.counts().sent == blanc.counts().pending == 0
    return blanc


def test_restored_relay_gets_back_from_the_desks_all_that_it_had_acknowledged(
    service, new_url, tmp_path
):
    copy = tmp_path / "copie.sqlite3"
    blanc = lived_after_a_backup(service, copy)
    held, acknowledged = service.told("status"), blanc.counts().acknowledged

    with stopped(service.relay):  # The disk is lost; an empty database is filled from the copy.
        service.relay.database = new_url()
        service.told("restore", str(copy))
        assert service.told("verify")["faults"] == 0
        assert service.told("status")["bundles"] < held["bundles"]

    reports = service.exchange("blanc", "chateauroux", "blanc", "chateauroux")
    assert sum(report.resent for report in reports) > 0
    found, after = service.told("verify"), service.told("status")
    assert (found["faults"], found["notices"]) == (0, 0)
    assert (after["bundles"], after["bytes"]) == (held["bundles"], held["bytes"])
    assert blanc.counts().acknowledged == acknowledged
    assert blanc.counts().sent == blanc.counts().pending == 0
    assert "acceptee" in blanc.statuses("out")


def test_relay_moved_to_another_kind_of_database_goes_on_where_it_was(service, tmp_path, postgres):
    blanc, chateauroux = service.world["blanc"], service.world["chateauroux"]
    service.exchange("blanc", "chateauroux", "blanc")
    blanc.receive(chateauroux)
    service.exchange("blanc", "chateauroux", "blanc", "chateauroux")
    copy = tmp_path / "copie.sqlite3"
    held = service.told("status")
    with stopped(service.relay):
        service.told("backup", str(copy))
        moves_to_sqlite = held["database"] == "postgresql"
        moved = f"sqlite:///{tmp_path / 'moved.sqlite3'}"
        service.relay.database = moved if moves_to_sqlite else postgres.new_database()
        service.told("restore", str(copy))
    after = service.told("status")
    assert after["database"] != held["database"]
    assert after["bundles"] == held["bundles"]
    (report, _) = service.exchange("blanc", "chateauroux")
    assert (report.resent, report.pushed, report.pulled) == (0, 0, 0)
    chateauroux.answer()
    service.exchange("chateauroux", "blanc")
    assert blanc.statuses("out") == ["acceptee"]


def test_relay_that_lost_everything_but_its_key_is_filled_again_by_the_desks(
    service, new_url, tmp_path
):
    """The least that must be kept: a backup made on the first day, which holds the key."""
    copy = tmp_path / "premier-jour.sqlite3"
    service.told("backup", str(copy))
    blanc, chateauroux = service.world["blanc"], service.world["chateauroux"]
    service.exchange("blanc", "chateauroux", "blanc")
    blanc.receive(chateauroux)
    service.exchange("blanc", "chateauroux", "blanc")
    held = service.told("status")
    with stopped(service.relay):
        service.relay.database = new_url()
        service.told("restore", str(copy))
    service.exchange("blanc", "chateauroux", "blanc", "chateauroux", "blanc")
    after = service.told("status")
    assert (after["bundles"], after["machines"]) == (held["bundles"], held["machines"])
    assert service.told("verify")["faults"] == 0
