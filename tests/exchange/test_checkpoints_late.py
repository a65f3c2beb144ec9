"""Machines that join, come late, come back from a copy, or never answer, beside checkpoints."""

import shutil

import pytest

from app.domain.reception import PersonDetails
from tests.exchange.checkpointing import (
    ask,
    checkpoint,
    erase,
    given_name,
    later,
    own_space,
    receive_somebody,
    rename,
    settle_down,
    shown,
    survivors,
)
from tests.exchange.desks import Door, joined
from tests.exchange.sticks import read, write
from tests.exchange.test_lives import put_back


@pytest.fixture
def three(world):
    """Two machines of one structure, and one of another."""
    joined(world, "blanc")
    settle_down(world, 1)
    return world


def receive(door: Door, name: str):
    person = PersonDetails(family_name=name, given_name="Lou", telephone="+33639980021")
    return door.receive(person=person).person


def names(door: Door) -> list[str]:
    return sorted(name for (name,) in door.query("SELECT family_name FROM persons"))


def test_a_new_machine_joins_from_checkpoint_and_tail(three):
    blanc, chateauroux = three["blanc"], three["chateauroux"]
    person = receive_somebody(blanc, chateauroux)
    for _ in range(3):
        blanc.receive(chateauroux)
    settle_down(three)
    chateauroux.answer("acceptee")
    erase(blanc, person)
    checkpoint(three, blanc)
    blanc.receive(chateauroux)  # the tail
    settle_down(three)
    third = joined(three, "blanc", "third")
    settle_down(three)
    assert shown(third) == shown(blanc) == shown(three["second"])
    assert survivors(third) == survivors(blanc)
    assert third.reasons() == []
    third.receive(chateauroux)
    settle_down(three)
    assert shown(third) == shown(blanc)
    checkpoint(three, third)
    space = own_space(blanc)
    assert blanc.registry.last_complete(space)[1].machine == third.keyring.machine.id
    assert third.port.adopted(space) == blanc.port.adopted(space)
    assert survivors(third) == survivors(blanc)


def test_a_machine_that_never_answers_is_dormant_after_ninety_days(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    receive(second, "Seconde")
    settle_down(three)
    receive(blanc, "Première")
    blanc.exchange()
    ask(blanc)
    blanc.exchange()
    blanc.exchange()
    assert blanc.port.adopted(space) is None
    later(three, 60)
    blanc.exchange()
    assert blanc.port.adopted(space) is None
    later(three, 31)
    blanc.exchange()
    assert blanc.port.adopted(space).number == 1
    assert blanc.registry.dormant_machines(space) == {second.keyring.machine.id}


def test_a_machine_silent_for_a_year_comes_back_and_loses_nothing(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    kept, gone = receive(blanc, "Gardée"), receive(blanc, "Partie")
    settle_down(three)
    work_apart(second, kept, gone)
    erase(blanc, gone)
    live_a_year_without(three)
    assert blanc.port.adopted(space).number >= 2
    assert second.keyring.machine.id not in blanc.registry.last_proposal(space)[1].machines
    second.exchange()
    settle_down(three)
    assert second.reasons() == blanc.reasons() == []
    assert names(second) == names(blanc)
    assert set(names(blanc)) == {"Gardée", "Scellée", "Écrite", "Année"}
    assert shown(second) == shown(blanc)
    assert given_name(blanc, kept) == "Corrigée"
    assert (second.counts().pending, second.counts().late_edits) == (0, 1)
    checkpoint(three, blanc)
    assert second.keyring.machine.id in blanc.registry.last_complete(space)[1].machines
    assert survivors(second) == survivors(blanc)


def work_apart(door: Door, kept, gone) -> None:
    """Leave a machine with bundles sealed and never sent, and events never sealed."""
    receive(door, "Scellée")
    rename(door, kept, "Corrigée")
    with pytest.raises(ConnectionError):
        door.exchange(_Deaf(door.transport()))
    receive(door, "Écrite")
    rename(door, gone, "Corrigée")


def live_a_year_without(world) -> None:
    """Let the others go on, checkpoints included."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    for _ in range(4):
        later(world, 92)
        receive(blanc, "Année")
        blanc.exchange()
        chateauroux.exchange()
        ask(blanc)
        blanc.exchange()
        blanc.exchange()


class _Deaf:
    """A link that dies as bundles are about to leave."""

    def __init__(self, inner):
        self._inner = inner

    def __getattr__(self, name):
        if name == "push":
            raise ConnectionError
        return getattr(self._inner, name)


def test_a_file_restored_from_before_a_checkpoint_goes_on(three, tmp_path):
    blanc, second = three["blanc"], three["second"]
    receive(blanc, "Avant")
    settle_down(three)
    blanc.desk.workspace.close()
    copy = shutil.copytree(three.folder / "blanc", tmp_path / "copy")
    blanc = three.open("blanc")
    receive(blanc, "Après")
    checkpoint(three, second)
    blanc = put_back(three, "blanc", copy)
    receive(blanc, "Restaurée")
    settle_down(three, 4)
    assert names(three["blanc"]) == names(second) == ["Après", "Avant", "Restaurée"]
    assert shown(three["blanc"]) == shown(second)
    checkpoint(three, three["blanc"])
    assert survivors(three["blanc"]) == survivors(second)


def test_a_file_restored_from_before_its_keys_were_changed_goes_on(three, tmp_path):
    """The file that holds the root, and the former keys of machine and structure alone."""
    blanc, second, chateauroux = three["blanc"], three["second"], three["chateauroux"]
    blanc.receive(chateauroux)
    settle_down(three)
    blanc.desk.workspace.close()
    copy = shutil.copytree(three.folder / "blanc", tmp_path / "copy")
    blanc = three.open("blanc")
    for _ in range(2):
        blanc.receive(chateauroux)
        checkpoint(three, second)
    blanc = put_back(three, "blanc", copy)
    receive(blanc, "Restaurée")
    settle_down(three, 6)
    assert shown(blanc) == shown(second)
    assert "Restaurée" in names(second)
    assert {tuple(door.reasons()) for door in three.doors.values()} == {()}
    blanc.receive(chateauroux)
    chateauroux.answer("acceptee", which=0)
    checkpoint(three, blanc)
    assert survivors(blanc) == survivors(second)
    assert len(chateauroux.referrals("in")) == 4


def test_a_file_restored_from_before_an_erasure_shows_nobody_again(three, tmp_path):
    blanc, second = three["blanc"], three["second"]
    person = receive_somebody(blanc)
    blanc.desk.workspace.close()
    copy = shutil.copytree(three.folder / "blanc", tmp_path / "copy")
    blanc = three.open("blanc")
    receive(blanc, "Gardée")
    settle_down(three)
    erase(blanc, person)
    settle_down(three)
    assert blanc.port.adopted(own_space(blanc)).number == 1
    blanc = put_back(three, "blanc", copy)
    settle_down(three, 5)
    assert names(blanc) == names(second) == ["Gardée"]
    assert shown(blanc) == shown(second)
    assert survivors(blanc) == survivors(second)


def test_a_machine_silent_for_a_year_finds_its_own_old_stick_again(three, tmp_path):
    blanc, second = three["blanc"], three["second"]
    kept, gone = receive(blanc, "Gardée"), receive(blanc, "Partie")
    settle_down(three)
    receive(second, "Scellée")
    write(second, tmp_path / "stick")
    erase(blanc, gone)
    live_a_year_without(three)
    settle_down(three)
    assert "Scellée" in names(blanc)
    for door in (second, blanc, second):
        read(door, tmp_path / "stick")
        write(door, tmp_path / "stick")
    receive(second, "Encore")
    settle_down(three, 4)
    assert shown(blanc) == shown(second)
    assert set(names(blanc)) == {"Gardée", "Scellée", "Encore", "Année"}
    assert second.counts().pending == 0
    assert kept


def test_an_erasure_meanwhile_does_not_keep_a_machine_from_confirming(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    person = receive(blanc, "Effacée")
    receive(blanc, "Gardée")
    settle_down(three)
    ask(blanc)
    blanc.exchange()
    erase(second, person)
    second.exchange()
    blanc.exchange()
    assert blanc.port.adopted(space).number == second.port.adopted(space).number == 1
    later(three, 8)
    settle_down(three)
    assert blanc.port.adopted(space).number == 2
    assert names(blanc) == names(second) == ["Gardée"]
    assert survivors(second) == survivors(blanc)


def test_a_member_that_lacks_a_bundle_does_not_confirm(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    receive(blanc, "Perdue")
    blanc.exchange()
    held = three.relay.backup()
    three.relay.bundles = {
        name: data for name, data, header in three.relay.headers() if header.space != space
    }
    second.exchange()
    ask(blanc)
    blanc.port.keep_memo("statements_shared", "")
    three.relay.bundles = held["bundles"]
    blanc.exchange()
    lost = dict(three.relay.bundles)
    three.relay.bundles = {
        name: data for name, data, header in three.relay.headers() if header.space != space
    }
    second.exchange()
    assert second.keyring.machine.id in blanc.registry.waits_for(
        blanc.registry.last_proposal(space)[0]
    )
    three.relay.bundles = lost
    second.exchange()
    blanc.exchange()
    assert blanc.port.adopted(space).number == second.port.adopted(space).number == 1
    assert names(second) == names(blanc)


def test_two_proposals_at_once_end_in_one(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    receive(blanc, "Une")
    receive(second, "Deux")
    settle_down(three)
    ask(blanc)
    ask(second)
    held = three.relay.backup()
    blanc.exchange()
    brought = dict(three.relay.statements)
    three.relay.restore(held)
    second.exchange()
    three.relay.statements |= brought
    settle_down(three, 4)
    assert (
        len({one.number for one in blanc.registry.checkpoints.values() if one.space == space}) == 1
    )
    assert blanc.port.adopted(space).checkpoint == second.port.adopted(space).checkpoint
    receive(blanc, "Trois")
    receive(second, "Quatre")
    settle_down(three)
    assert shown(blanc) == shown(second)
    assert blanc.reasons() == second.reasons() == []
    checkpoint(three, blanc)
    assert survivors(second) == survivors(blanc)


def test_a_bundle_sealed_meanwhile_under_the_old_key_has_the_proposal_replaced(three):
    blanc, second = three["blanc"], three["second"]
    space = own_space(blanc)
    receive(blanc, "Une")
    settle_down(three)
    receive(second, "Scellée")
    with pytest.raises(ConnectionError):
        second.exchange(_Deaf(second.transport()))
    ask(blanc)
    blanc.exchange()
    second.exchange()
    assert blanc.port.adopted(space) is None
    settle_down(three)
    assert blanc.port.adopted(space).number == second.port.adopted(space).number == 2
    assert names(blanc) == names(second) == ["Scellée", "Une"]
