"""Certificates that ended, over the real relay: work leaves all the same, and comes in again."""

from types import SimpleNamespace

import pytest

from sync.ceremony_files import Region, read_relay_request
from sync.errors import CertificateExpiredError
from sync.http_signatures import RequestSigner
from sync.machines import Machines
from sync.transport import HttpTransport, RelayAddress
from tests.exchange.desks import Door, World, joined, new_world, opened_copy
from tests.relay_process import RelayProcess

pytestmark = pytest.mark.network


def over(relay: RelayProcess, world: World, door: Door):
    machine = door.keyring.machine
    transport = HttpTransport(
        RelayAddress(url=relay.url, relay_key=world.relay.key.public),
        RequestSigner(machine=machine.id, key=machine.sign.private_key),
    )
    try:
        return door.exchange(transport)
    finally:
        transport.close()


@pytest.fixture
def relay(tmp_path):
    folder = tmp_path / "relay"
    folder.mkdir()
    process = RelayProcess(folder)
    yield process
    process.kill()


def served(relay: RelayProcess, world: World) -> None:
    public = Region(name="Région (exemple)", authority_key=world.authority.public)
    authority = relay.folder / "authority.json"
    authority.write_text(public.to_json(), encoding="utf-8")
    request = relay.folder / "request.json"
    relay.run("init", "--authority", str(authority), "--out", str(request))
    world.relay.key = SimpleNamespace(
        public=read_relay_request(request.read_text("utf-8")).relay_key
    )
    relay.start()


@pytest.fixture
def years_ago(tmp_path, relay):
    """Two doors whose every certificate ended a while ago, on the relay's clock."""
    world = new_world(tmp_path / "world")
    world.clock.tick(days=-4 * 366)
    for name in ("blanc", "chateauroux"):
        world.found(name)
        world.certify(name)
    served(relay, world)
    world.clock.tick(days=4 * 366)
    yield world
    world.close()


def test_expired_structure_sends_its_work_and_receives_again_once_renewed(years_ago, relay):
    world, blanc = years_ago, years_ago["blanc"]
    blanc.receive()
    over(relay, world, blanc)  # nothing to pull yet: no space is known
    with pytest.raises(CertificateExpiredError):
        over(relay, world, blanc)
    assert (blanc.counts().pending, blanc.counts().last_failure.code) == (0, "certificate_expired")
    assert blanc.counts().acknowledged > 0
    warned = {one.code for one in Machines(blanc.port, blanc.desk.clock).standing().warnings}
    assert "structure_expired" in warned
    assert "machine_expired" not in warned  # the machine that holds the root renewed its own
    assert blanc.query("SELECT count(*) FROM persons") == [(1,)]
    world.certify("blanc")
    blanc.receive()
    assert over(relay, world, blanc).refused == ()
    assert blanc.counts().last_failure is None


def test_partners_that_expired_together_write_to_each_other_once_renewed(years_ago, relay):
    world, blanc, chateauroux = years_ago, years_ago["blanc"], years_ago["chateauroux"]
    for name in ("blanc", "chateauroux"):
        world.certify(name)
    for door in (blanc, chateauroux, blanc):
        over(relay, world, door)
    blanc.receive(chateauroux)
    for door in (blanc, chateauroux):
        over(relay, world, door)
    assert len(chateauroux.referrals("in")) == 1


def test_second_machine_that_expired_is_renewed_by_the_first(tmp_path, relay, certified_template):
    with opened_copy(certified_template, tmp_path / "world") as world:
        now = world.clock.now()
        world.clock.tick(days=-4 * 366)
        second = joined(world, "blanc")
        world.clock.tick(seconds=(now - world.clock.now()).total_seconds())
        served(relay, world)
        over(relay, world, world["blanc"])
        second.receive()
        over(relay, world, second)
        assert second.counts().pending == 0
