"""Checkpoints between desks, from the proposal to what nobody can open any more."""

import pytest

from tests.exchange.checkpointing import (
    ERASED,
    Thief,
    checkpoint,
    erase,
    everything_of,
    own_space,
    receive_somebody,
    settle_down,
    shown,
)
from tests.exchange.desks import joined


@pytest.fixture
def three(world):
    """Two machines of one structure, and one of another."""
    joined(world, "blanc")
    settle_down(world, 1)
    return world


def test_a_checkpoint_is_proposed_confirmed_and_adopted(three):
    blanc, second, chateauroux = three["blanc"], three["second"], three["chateauroux"]
    for _ in range(3):
        blanc.receive(chateauroux)
        second.receive()
        settle_down(three, 2)
    before = {name: shown(door) for name, door in three.doors.items()}
    checkpoint(three, blanc)
    registry = blanc.registry
    assert all(registry.complete_checkpoint(space) for space in registry.spaces)
    for name, door in three.doors.items():
        assert shown(door) == before[name]
        assert door.reasons() == []
    space = own_space(blanc)
    assert blanc.port.adopted(space).number == second.port.adopted(space).number == 1
    assert not [one for _, one, header in three.relay.headers() if header.space == space]
    assert blanc.query("SELECT count(*) FROM bundles WHERE space = ? AND covered = 0", space) == [
        (0,)
    ]


def test_after_a_checkpoint_work_goes_on(three):
    blanc, second, chateauroux = three["blanc"], three["second"], three["chateauroux"]
    blanc.receive(chateauroux)
    checkpoint(three, blanc)
    for number in range(2, 4):
        blanc.receive(chateauroux)
        second.receive(chateauroux)
        settle_down(three)
        assert {door.reasons() == [] for door in three.doors.values()} == {True}
        assert shown(blanc) == shown(second)
        checkpoint(three, second)
        assert blanc.port.adopted(own_space(blanc)).number == number
    assert len(chateauroux.referrals("in")) == 5
    assert shown(blanc) == shown(second)


def test_nothing_opens_what_was_kept_elsewhere_of_somebody_erased(three):
    blanc, chateauroux = three["blanc"], three["chateauroux"]
    blanc.receive(chateauroux)
    person = receive_somebody(blanc, chateauroux)
    settle_down(three)
    statements, bundles, pieces = everything_of(three)
    before = Thief()
    before.rob(blanc)
    before.read(statements)
    assert any(ERASED.encode() in plain for plain in before.opened(bundles, pieces))
    erase(blanc, person)
    settle_down(three)
    checkpoint(three, chateauroux)
    thief = Thief()
    for door in three.doors.values():
        thief.rob(door)
    thief.read([*statements, *three.relay.statements.values()])
    opened = list(thief.opened(bundles, pieces))
    assert not [plain for plain in opened if ERASED.encode() in plain]
    assert opened == []
