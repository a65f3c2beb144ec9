"""The Region's directory over a real relay and a link that breaks: every byte comes once."""

import os
import time

import pytest

from app.pack_port import PackState
from sync.errors import LinkCutError, RelayAbsentError
from sync.information_packs import DIRECTORY, make_pack
from sync.pack_marks import pack_name
from tests.exchange.desks import opened_copy
from tests.exchange.links import PowerCutError, dying_port
from tests.exchange.wire import wired
from tests.fakes.recording_proxy import DOWN, Fault
from tests.relay_process import RelayProcess, new_database

pytestmark = pytest.mark.network

FETCH = b"GET /v1/packs?"
NOW_S = int(time.time())


@pytest.fixture(params=["sqlite", "postgres"])
def wire(request, tmp_path, certified_template):
    folder = tmp_path / "relay"
    folder.mkdir()
    relay = RelayProcess(folder, database=new_database(request))
    with (
        opened_copy(certified_template, tmp_path / "world") as world,
        wired(world, folder, relay) as made,
    ):
        for name in ("blanc", "chateauroux"):
            made.exchange(name)
        yield made


def published(wire, folder, size=400_000, at_s=NOW_S):
    pack = make_pack(os.urandom(size), kind=DIRECTORY, made_s=at_s, key=wire.world.authority)
    file = folder / "annuaire.pack"
    file.write_bytes(pack)
    wire.relay.run("take", str(file))
    return pack


def held(door):
    return [(one.state, door.port.pack_bytes(one.name)) for one in door.port.packs()]


def came(wire, since):
    """How often the pack was asked for, and how many bytes came, since so many had."""
    up, down = since
    return wire.proxy.up[up:].count(FETCH), len(wire.proxy.down) - down


def moment(wire):
    return len(wire.proxy.up), len(wire.proxy.down)


def test_published_once_two_desks_get_it_and_fetch_it_once(wire, tmp_path):
    pack = published(wire, tmp_path)
    for name in ("blanc", "chateauroux"):
        began = moment(wire)
        wire.exchange(name)
        asked, down = came(wire, began)
        assert held(wire[name]) == [(PackState.ARRIVED, pack)]
        assert (asked, down < len(pack) * 1.02 + 3_000) == (1, True)
        began = moment(wire)
        wire.exchange(name)
        asked, down = came(wire, began)
        assert (asked, down < 1_500) == (0, True)


def test_link_cut_again_and_again_loses_no_byte(wire, tmp_path):
    pack, began = published(wire, tmp_path), moment(wire)
    cuts = 0
    while held(wire["blanc"]) != [(PackState.ARRIVED, pack)]:
        wire.proxy.will(Fault(marker=FETCH, way=DOWN, after_bytes=60_000))
        wire.exchange("blanc")
        assert wire["blanc"].counts().last_failure is None
        cuts += 1
        assert cuts < 12
    asked, down = came(wire, began)
    assert asked >= 6
    assert down < len(pack) * 1.02 + asked * 6_000


def test_it_goes_on_within_one_exchange_as_long_as_something_comes(wire, tmp_path):
    pack = published(wire, tmp_path)
    for _ in range(4):
        wire.proxy.will(Fault(marker=FETCH, way=DOWN, after_bytes=60_000))
    wire.exchange_perseveringly("blanc")
    assert held(wire["blanc"]) == [(PackState.ARRIVED, pack)]


def test_relay_killed_half_way_goes_on_when_it_is_back(wire, tmp_path):
    pack = published(wire, tmp_path)
    wire.proxy.will(Fault(marker=FETCH, way=DOWN, after_bytes=150_000))
    wire.exchange("blanc")
    wire.relay.kill()
    with pytest.raises((LinkCutError, RelayAbsentError)):
        wire.exchange("blanc")
    wire.start_relay()
    began = moment(wire)
    wire.exchange("blanc")
    assert held(wire["blanc"]) == [(PackState.ARRIVED, pack)]
    assert came(wire, began)[1] < len(pack) - 100_000
    assert wire.faults() == 0


def test_desk_killed_at_any_of_its_writes_ends_with_the_pack(wire, tmp_path):
    pack, door = published(wire, tmp_path, size=150_000), wire["blanc"]
    at = 1
    while True:
        port = dying_port(door.port, at, after=bool(at % 2))
        transport = wire.transport("blanc")
        try:
            door.exchange(transport, port)
        except PowerCutError:
            at += 1
        else:
            break
        finally:
            transport.close()
    assert at > 4
    assert held(door) == [(PackState.ARRIVED, pack)]


def test_records_of_a_day_pass_while_a_large_directory_comes(wire, tmp_path):
    blanc, chateauroux = wire["blanc"], wire["chateauroux"]
    published(wire, tmp_path, size=2_000_000)
    wire.proxy.will(Fault(marker=FETCH, way=DOWN, after_bytes=300_000))
    blanc.receive(chateauroux)
    wire.exchange("blanc")
    assert blanc.counts().pending == 0
    assert held(blanc)[0][0] is PackState.ARRIVING


def test_later_directory_is_told_to_whoever_has_begun_an_older_one(wire, tmp_path):
    published(wire, tmp_path, at_s=NOW_S - 60)
    wire.proxy.will(Fault(marker=FETCH, way=DOWN, after_bytes=60_000))
    wire.exchange("blanc")
    later = published(wire, tmp_path)
    wire.exchange("blanc")
    assert held(wire["blanc"]) == [(PackState.ARRIVED, later)]
    assert [one.name for one in wire["blanc"].port.packs()] == [pack_name(later)]
