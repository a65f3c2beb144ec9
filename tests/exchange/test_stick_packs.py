"""The Region's directory goes from desk to desk on sticks, behind the records and never before."""

import os

import pytest

from app.pack_port import PackState
from sync.errors import StickNotForUsError
from sync.information_packs import DIRECTORY, make_pack
from sync.keys import AuthorityKey
from sync.stick.folder import FOLDER
from sync.stick.region_pack import PackOnStick
from sync.stick.watch import Watch
from tests.exchange.sticks import everything_on, met, read, write
from tests.fakes.relay_packs import publish
from tests.small_disks import fill, small_disk_at

MADE_S = 1_790_000_000
FILE = "directory.dpp"


def made(world, *, at_s=MADE_S, size=40_000, key=None):
    return make_pack(os.urandom(size), kind=DIRECTORY, made_s=at_s, key=key or world.authority)


def give(door, pack):
    """Have a desk hold a pack, as if it had come by its relay."""
    publish(door.world.relay, pack)
    door.exchange()


def held(door):
    return [door.port.pack_bytes(one.name) for one in door.port.packs()]


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "cle"
    folder.mkdir()
    return folder


@pytest.fixture
def doors(certified, tmp_path):
    met(certified, tmp_path / "rencontre")
    return certified["blanc"], certified["chateauroux"]


def put(stick, data):
    (stick / FOLDER / FILE).write_bytes(data)


def test_it_reaches_a_desk_that_never_meets_a_relay(doors, stick):
    blanc, chateauroux = doors
    pack = made(blanc.world)
    give(blanc, pack)
    assert write(blanc, stick).pack.what is PackOnStick.WRITTEN
    taken = read(chateauroux, stick).pack
    assert (taken.what, taken.made_s) == (PackOnStick.TAKEN, MADE_S)
    assert held(chateauroux) == [pack]
    assert chateauroux.port.packs()[0].state is PackState.ARRIVED
    assert read(chateauroux, stick).pack.what is PackOnStick.KNOWN


def test_it_goes_on_from_there_by_another_stick(doors, stick, tmp_path):
    blanc, chateauroux = doors
    pack = made(blanc.world)
    give(blanc, pack)
    write(blanc, stick)
    read(chateauroux, stick)
    other = tmp_path / "autre"
    write(chateauroux, other)
    assert (other / FOLDER / FILE).read_bytes() == pack


def test_desk_that_holds_none_writes_none_and_leaves_the_one_that_is_there(doors, stick):
    blanc, chateauroux = doors
    assert write(chateauroux, stick).pack.what is PackOnStick.NONE
    pack = made(blanc.world)
    give(blanc, pack)
    write(blanc, stick)
    write(chateauroux, stick)
    assert (stick / FOLDER / FILE).read_bytes() == pack


def test_older_one_is_neither_written_over_a_later_one_nor_taken(doors, stick):
    blanc, chateauroux = doors
    later = made(blanc.world, at_s=MADE_S + 9)
    give(blanc, made(blanc.world))
    write(blanc, stick)
    put(stick, later)
    assert write(blanc, stick).pack.what is PackOnStick.LATER
    assert (stick / FOLDER / FILE).read_bytes() == later
    read(chateauroux, stick)
    put(stick, made(blanc.world))
    assert read(chateauroux, stick).pack.what is PackOnStick.OLDER
    assert held(chateauroux) == [later]


@pytest.mark.parametrize(
    ("spoilt", "what"),
    [
        (lambda pack, _world: pack[:-1] + bytes([pack[-1] ^ 1]), PackOnStick.DAMAGED),
        (lambda pack, _world: pack[:9_000] + b"x" + pack[9_001:], PackOnStick.DAMAGED),
        (lambda pack, _world: pack[: len(pack) // 2], PackOnStick.DAMAGED),
        (lambda pack, _world: pack + b"more", PackOnStick.DAMAGED),
        (lambda _pack, _world: b"DPPACK1\n", PackOnStick.DAMAGED),
        (
            lambda _pack, world: made(world, key=AuthorityKey.generate()),
            PackOnStick.OTHER_REGION,
        ),
    ],
)
def test_one_that_the_region_did_not_sign_is_said_and_harms_nothing(doors, stick, spoilt, what):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    pack = made(blanc.world)
    give(blanc, pack)
    write(blanc, stick)
    put(stick, spoilt(pack, blanc.world))
    taken = read(chateauroux, stick)
    assert taken.pack.what is what
    assert taken.bundles == 1
    assert held(chateauroux) == []
    write(blanc, stick)
    assert read(chateauroux, stick).pack.what is PackOnStick.TAKEN


def test_neither_a_link_nor_a_folder_of_that_name_is_followed(doors, stick, tmp_path):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    write(blanc, stick)
    elsewhere = tmp_path / "ailleurs"
    elsewhere.write_bytes(made(blanc.world))
    (stick / FOLDER / FILE).symlink_to(elsewhere)
    assert read(chateauroux, stick).pack.what is PackOnStick.DAMAGED
    (stick / FOLDER / FILE).unlink()
    (stick / FOLDER / FILE).mkdir()
    assert read(chateauroux, stick).pack.what is PackOnStick.NONE


def test_stick_for_others_still_brings_the_directory(doors, stick, third):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    give(blanc, made(blanc.world))
    write(blanc, stick)
    read(third, stick)
    put(stick, made(blanc.world, at_s=MADE_S + 1))
    taken = read(third, stick)
    assert (taken.pack.what, taken.is_for_us) == (PackOnStick.TAKEN, False)
    with pytest.raises(StickNotForUsError):
        read(third, stick)


@pytest.fixture
def third(doors, tmp_path):
    """A desk for which no record is."""
    world = doors[0].world
    door = world.found("argenton")
    world.certify("argenton")
    return door


def test_beginning_that_came_by_the_network_is_not_fetched_as_well(doors, stick):
    blanc, chateauroux = doors
    pack = made(blanc.world, size=300_000)
    give(blanc, pack)
    write(blanc, stick)
    chateauroux.exchange()
    chateauroux.port.forget_pack(chateauroux.port.packs()[0].name)
    blanc.world.relay.cut_after_bytes = 100_000
    chateauroux.exchange()
    assert chateauroux.port.packs()[0].state is PackState.ARRIVING
    read(chateauroux, stick)
    assert held(chateauroux) == [pack]
    transport = chateauroux.transport()
    chateauroux.exchange(transport)
    assert "fetch_pack" not in transport.calls


def test_reading_that_is_stopped_takes_no_pack(doors, stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    give(blanc, made(blanc.world))
    write(blanc, stick)
    taken = read(chateauroux, stick, Watch(cancelled=lambda: True))
    assert (taken.cancelled, taken.pack.what) == (True, PackOnStick.NONE)


@pytest.fixture
def small_stick(tmp_path):
    with small_disk_at(tmp_path / "petite", "128k") as folder:
        yield folder


def test_records_go_where_there_is_no_room_for_the_directory(doors, small_stick):
    blanc, chateauroux = doors
    blanc.receive(chateauroux)
    give(blanc, made(blanc.world, size=200_000))
    written = write(blanc, small_stick)
    assert (written.bundles > 0, written.pack.what) == (True, PackOnStick.NO_ROOM)
    assert not any(name.startswith("directory") for name in everything_on(small_stick))
    assert read(chateauroux, small_stick).bundles == 1


def test_directory_gives_its_room_to_records(doors, small_stick):
    blanc, chateauroux = doors
    give(blanc, made(blanc.world, size=40_000))
    assert write(blanc, small_stick).pack.what is PackOnStick.WRITTEN
    fill(small_stick)
    for _ in range(5):
        blanc.receive(chateauroux, expressed=os.urandom(1_500).hex())
    written = write(blanc, small_stick)
    assert (written.cancelled, blanc.counts().pending) == (False, 0)
    assert len(chateauroux.referrals("in")) == 0
    assert read(chateauroux, small_stick).missing == 0
    assert len(chateauroux.referrals("in")) == 5
