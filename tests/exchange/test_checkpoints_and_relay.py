"""Checkpoints through the real relay, and what a copy of its database still says afterwards."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from tests.exchange.checkpointing import (
    ERASED,
    Thief,
    erase,
    own_space,
    receive_somebody,
    shown,
    survivors,
)
from tests.exchange.desks import joining, opened_copy
from tests.exchange.test_checkpoints_late import names, receive
from tests.exchange.wire import Wire, wired

pytestmark = pytest.mark.network


@pytest.fixture
def wire(tmp_path, certified_template):
    with (
        opened_copy(certified_template, tmp_path / "world") as world,
        wired(world, tmp_path / "relay") as made,
    ):
        for name in ("blanc", "chateauroux", "blanc"):
            made.exchange(name)
        yield made


def go_round(wire: Wire, rounds: int = 3) -> None:
    for _ in range(rounds):
        for name in wire.world.doors:
            wire.exchange(name)


def join(wire: Wire, name: str) -> None:
    """Have another machine of Le Blanc admitted through the relay."""
    _, spoken = joining(wire.world, "blanc", name)
    for one in ("blanc", name, "blanc"):
        wire.exchange(one)
    wire["blanc"].membership.admit(spoken)
    for one in ("blanc", name):
        wire.exchange(one)


def column(copy: Path, table: str) -> list[bytes]:
    """Read what a copy of the relay's database holds, as whoever stole it would."""
    with sqlite3.connect(copy / "relay.sqlite3") as database:
        return [row[0] for row in database.execute(f"SELECT body FROM {table}")]  # noqa: S608


def held(wire: Wire) -> dict[str, int]:
    with wire.relay.behind() as connection:
        return {
            table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
            for table in ("bundles", "pieces")
        }


@pytest.fixture
def three(wire):
    join(wire, "second")
    go_round(wire, 1)
    return wire


def test_no_key_opens_what_a_copy_of_the_relay_holds_of_somebody_erased(three, tmp_path):
    blanc, chateauroux = three["blanc"], three["chateauroux"]
    person = receive_somebody(blanc, chateauroux)
    receive(blanc, "Gardée")
    go_round(three)
    copy = shutil.copytree(three.relay.folder, tmp_path / "stolen")
    statements, bundles = column(copy, "statements"), column(copy, "bundles")
    before = Thief()
    before.rob(blanc)
    assert any(ERASED.encode() in plain for plain in before.opened(bundles, []))
    erase(blanc, person)
    go_round(three, 5)
    thief = Thief()
    for door in three.world.doors.values():
        thief.rob(door)
    thief.read([*statements, *blanc.port.statements()])
    assert list(thief.opened(bundles, column(copy, "pieces"))) == []
    assert names(blanc) == names(three["second"]) == ["Gardée"]


def test_a_new_machine_joins_from_the_pieces_that_the_relay_keeps(three):
    blanc, chateauroux = three["blanc"], three["chateauroux"]
    person = receive_somebody(blanc, chateauroux)
    for number in range(30):
        receive(blanc, f"Exemple {number}")
    go_round(three)
    before = held(three)
    erase(blanc, person)
    go_round(three, 5)
    after = held(three)
    assert blanc.port.adopted(own_space(blanc)).number == 1
    assert after["bundles"] < before["bundles"]
    assert after["pieces"] >= 2
    blanc.receive(chateauroux)
    go_round(three, 2)
    join(three, "third")
    go_round(three, 2)
    assert shown(three["third"]) == shown(blanc)
    assert survivors(three["third"]) == survivors(blanc)
    assert {tuple(door.reasons()) for door in three.world.doors.values()} == {()}
