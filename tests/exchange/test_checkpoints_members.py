"""Checkpoints beside machines removed, recovered from paper, or of structures that change keys."""

import pytest

from sync.removal import Removal
from tests.exchange.checkpointing import (
    ERASED,
    Thief,
    ask,
    checkpoint,
    erase,
    everything_of,
    own_space,
    receive_somebody,
    settle_down,
    shown,
    survivors,
)
from tests.exchange.desks import joined
from tests.exchange.test_checkpoints_late import names, receive
from tests.exchange.test_recovery import kit, recovered


@pytest.fixture
def three(world):
    """Two machines of one structure, and one of another."""
    joined(world, "blanc")
    settle_down(world, 1)
    return world


def test_a_removed_machine_is_not_waited_for_and_keeps_its_work(three):
    blanc, second = three["blanc"], three["second"]
    receive(second, "Avant")
    settle_down(three)
    receive(second, "Restée")
    Removal(blanc.port, three.clock).remove(second.keyring.machine.id.hex())
    blanc.exchange()
    checkpoint_of(three, "blanc", "chateauroux")
    assert blanc.port.adopted(own_space(blanc)).number == 1
    assert names(blanc) == ["Avant"]
    assert names(second) == ["Avant", "Restée"]


def checkpoint_of(world, *doors: str) -> None:
    """Go through with a checkpoint among some desks."""
    ask(world[doors[0]])
    for _ in range(3):
        for name in doors:
            world[name].exchange()


def test_a_structure_recovered_from_paper_begins_from_the_checkpoint(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    receive(blanc, "Ancienne")
    blanc.receive(chateauroux)
    settle_down(world)
    code = kit(blanc)
    settle_down(world)
    checkpoint(world, blanc)
    receive(blanc, "Queue")
    settle_down(world)
    before = shown(blanc)
    del world.doors["blanc"]
    blanc.desk.workspace.close()
    new = recovered(world, code)
    for _ in range(4):
        new.exchange()
        chateauroux.exchange()
    assert shown(new) == before
    assert new.reasons() == chateauroux.reasons() == []
    new.receive(chateauroux)
    checkpoint(world, new)
    assert len(chateauroux.referrals("in")) == 2


def test_a_pair_checkpoint_has_both_roots_change_their_keys(three):
    blanc, chateauroux = three["blanc"], three["chateauroux"]
    person = receive_somebody(blanc, chateauroux)
    settle_down(three)
    held = everything_of(three)
    generations = {name: max(door.keyring.structure_keys) for name, door in three.doors.items()}
    erase(blanc, person)
    settle_down(three, 5)
    for name, door in three.doors.items():
        assert min(door.keyring.structure_keys) > generations[name]
    thief = Thief()
    for door in three.doors.values():
        thief.rob(door)
    thief.read([*held[0], *three.relay.statements.values()])
    assert list(thief.opened(held[1], held[2])) == []
    blanc.receive(chateauroux)
    chateauroux.exchange()
    settle_down(three)
    assert len(chateauroux.referrals("in")) == 1
    assert ERASED not in str(shown(chateauroux))


def test_a_machine_admitted_while_a_checkpoint_waits_reads_everything(three):
    blanc, second = three["blanc"], three["second"]
    receive(second, "Une")
    settle_down(three)
    ask(blanc)
    blanc.exchange()
    third = joined(three, "blanc", "third")
    receive(third, "Troisième")
    settle_down(three, 4)
    assert names(third) == names(blanc) == names(second) == ["Troisième", "Une"]
    assert len({str(survivors(door)) for door in (blanc, second, third)}) == 1
    assert {tuple(door.reasons()) for door in three.doors.values()} == {()}
    checkpoint(three, third)
    assert blanc.port.adopted(own_space(blanc)).number == 2


def test_exchanges_after_a_checkpoint_come_to_rest(three):
    """Keys turned, profiles rotated, epochs wrapped anew: it ends, and nothing is said twice."""
    blanc, chateauroux = three["blanc"], three["chateauroux"]
    blanc.receive(chateauroux)
    checkpoint(three, blanc)
    settle_down(three, 3)
    said = dict(three.relay.statements)
    settle_down(three, 2)
    assert three.relay.statements == said
    link = blanc.transport()
    blanc.exchange(link)
    assert link.calls == ["hello", "statement_names"]
