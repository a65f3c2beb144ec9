"""Checkpoints carried by sticks alone, and old sticks that nobody can read any more."""

from pathlib import Path

import pytest

from sync.stick.manifest import FileKind
from sync.stick.packs import bundles_of, statements_of
from tests.exchange.checkpointing import (
    ERASED,
    Thief,
    ask,
    erase,
    own_space,
    receive_somebody,
    settle_down,
    shown,
    survivors,
)
from tests.exchange.desks import Door, joined, joining
from tests.exchange.sticks import everything_on, files_of, folder_of, read, write
from tests.exchange.test_checkpoints_late import names, receive


@pytest.fixture
def two(world):
    """Two machines of one structure, which meet by sticks alone from now on."""
    joined(world, "blanc")
    settle_down(world, 1)
    world.relay.bundles.clear()
    return world


def pass_around(stick: Path, *doors: Door, rounds: int = 3) -> None:
    """Let a stick go from desk to desk, written and read at each."""
    for _ in range(rounds):
        for door in doors:
            if (stick / "deux-portes").exists():
                read(door, stick)
            write(door, stick)


def test_a_space_without_a_relay_is_checkpointed_by_stick(two, tmp_path):
    blanc, second, stick = two["blanc"], two["second"], tmp_path / "stick"
    receive(blanc, "Une")
    receive(second, "Deux")
    pass_around(stick, blanc, second)
    ask(blanc)
    pass_around(stick, blanc, second)
    space = own_space(blanc)
    assert blanc.port.adopted(space).number == second.port.adopted(space).number == 1
    assert names(blanc) == names(second) == ["Deux", "Une"]
    assert survivors(blanc)[space] == survivors(second)[space]
    assert files_of(stick, blanc, FileKind.PIECES)
    receive(second, "Trois")
    pass_around(stick, blanc, second)
    assert names(blanc) == names(second) == ["Deux", "Trois", "Une"]
    assert blanc.reasons() == second.reasons() == []


def test_nobody_opens_an_old_stick_after_an_erasure(two, tmp_path):
    blanc, second, stick = two["blanc"], two["second"], tmp_path / "stick"
    person = receive_somebody(blanc)
    receive(second, "Gardée")
    write(blanc, tmp_path / "old")
    pass_around(stick, blanc, second)
    old = everything_on(tmp_path / "old")
    statements = [
        one for name, data in old.items() if name.endswith(".dps") for one in statements_of(data)
    ]
    bundles = [
        data for name, file in old.items() if name.endswith(".dpb") for _, data in bundles_of(file)
    ]
    before = Thief()
    before.rob(blanc)
    assert any(ERASED.encode() in plain for plain in before.opened(bundles, []))
    erase(blanc, person)
    pass_around(stick, blanc, second)
    thief = Thief()
    thief.rob(blanc)
    thief.rob(second)
    thief.read([*statements, *blanc.port.statements()])
    assert list(thief.opened(bundles, [])) == []
    assert names(blanc) == names(second) == ["Gardée"]


def test_an_old_stick_read_after_the_checkpoint_changes_nothing(two, tmp_path):
    blanc, second, stick = two["blanc"], two["second"], tmp_path / "stick"
    old = tmp_path / "old"
    person = receive_somebody(blanc)
    receive(second, "Gardée")
    write(second, old)
    write(blanc, old)
    pass_around(stick, blanc, second)
    erase(blanc, person)
    pass_around(stick, blanc, second)
    before = shown(blanc)
    read(blanc, old)
    read(second, old)
    pass_around(stick, blanc, second)
    assert shown(blanc) == shown(second) == before
    assert blanc.reasons() == second.reasons() == []


def test_a_new_machine_joins_by_stick_from_checkpoint_and_tail(two, tmp_path):
    blanc, second, stick = two["blanc"], two["second"], tmp_path / "stick"
    receive(blanc, "Une")
    pass_around(stick, blanc, second)
    ask(blanc)
    pass_around(stick, blanc, second)
    receive(second, "Queue")
    pass_around(stick, second, blanc)
    third, spoken = joining(two, "blanc", "third")
    write(third, stick)
    read(blanc, stick)
    blanc.membership.admit(spoken)
    pass_around(stick, blanc, third, second)
    assert names(third) == names(blanc) == ["Queue", "Une"]
    assert shown(third) == shown(blanc)
    assert third.reasons() == []


def pieces_on(stick: Path, door: Door) -> set[str]:
    return {path.name for path in folder_of(stick, door).glob("*.dpc")}


def test_pieces_of_a_former_checkpoint_leave_the_stick(two, tmp_path):
    blanc, second, stick = two["blanc"], two["second"], tmp_path / "stick"
    former: dict[str, set[str]] = {}
    for name in ("Une", "Deux"):
        receive(blanc, name)
        pass_around(stick, blanc, second)
        ask(blanc)
        pass_around(stick, blanc, second)
        named = {path.name for path in files_of(stick, blanc, FileKind.PIECES)}
        assert pieces_on(stick, blanc) == named
        former[name] = named
    assert not former["Une"] & former["Deux"]
