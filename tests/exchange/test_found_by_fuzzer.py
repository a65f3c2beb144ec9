"""What the fuzzer found, each in the fewest steps that show it; checkpoints apart."""

import shutil

import pytest

from app.domain.errors import UnknownRecordError
from app.domain.reception import PersonDetails
from app.domain.referral import CANCELLED
from app.usecases.erasure import erase_person
from app.usecases.referrals import Answer, answer_referral
from sync.errors import (
    LinkCutError,
    MachineRevokedError,
    StickReaderRemovedError,
    StickReaderUnknownError,
)
from sync.removal import Removal
from tests.exchange.checkpointing import own_space, settle_down
from tests.exchange.desks import Door, joined, joining
from tests.exchange.forging import pair_of
from tests.exchange.fuzz.screens import standing
from tests.exchange.links import OtherOrder, cut_link, without
from tests.exchange.lost_disks import restored, saved, used_twice
from tests.exchange.sticks import read, write
from tests.exchange.test_lives import copied, shut


def correct(door: Door, telephone: str) -> None:
    """Receive the only person that a desk knows, who has another telephone."""
    ((known,),) = door.query("SELECT person FROM persons")
    door.receive(person=PersonDetails(known=known, telephone=telephone))


def go_on(door: Door, expressed: str, *, agrees: bool | None) -> None:
    """Go on with the only demand that a desk knows, said otherwise."""
    ((demand,),) = door.query("SELECT demand FROM demands")
    door.receive(person=None, demand=demand, expressed=expressed, agreement_to_record=agrees)


def test_what_replaces_a_refused_value_replaces_elsewhere_what_that_one_had_replaced(world):
    blanc, second = world["blanc"], joined(world, "blanc")
    blanc.receive(person=None, expressed="Un", agreement_to_record=None)
    settle_down(world, 1)
    go_on(blanc, "Deux", agrees=False)  # stays here, in the place of the first
    go_on(blanc, "Trois", agrees=None)
    settle_down(world, 2)
    ((demand,),) = second.query("SELECT demand FROM demands")
    assert standing(second, demand, "expressed") == ("Trois",)
    assert standing(blanc, demand, "expressed") == ("Trois",)


def test_a_correction_made_in_a_restored_file_of_what_never_left_leaves(world):
    """The record takes another name, after the correction's: that one takes another in its turn."""
    second = joined(world, "blanc")
    world["blanc"].receive()
    saved(world, "blanc")
    blanc = restored(world, "blanc")
    correct(blanc, "+33639980077")
    settle_down(world, 2)
    assert blanc.counts().pending == 0
    assert second.query("SELECT telephone FROM persons") == [("+33639980077",)]


def test_a_referral_whose_copy_has_not_come_yet_is_not_answered(world):
    """It travels in another bundle than its copy, and the link may die between them."""
    blanc, chateauroux, second = world["blanc"], world["chateauroux"], joined(world, "blanc")
    blanc.receive(chateauroux)
    blanc.exchange()
    own = own_space(blanc)
    heard = {name for name, _, header in world.relay.headers() if header.space == own}
    half = OtherOrder(second.transport(), lambda given: [one for one in given if one[0] in heard])
    second.exchange(half)
    (line,) = second.referrals("out")
    cancelled = Answer(status=CANCELLED)
    with pytest.raises(UnknownRecordError):
        answer_referral(second.desk, line.referral, cancelled)
    second.exchange()
    answer_referral(second.desk, line.referral, cancelled)
    assert second.statuses("out") == [CANCELLED]


def test_two_copies_of_the_machine_that_holds_the_root_agree_on_new_keys(world):
    """Each drew another key for the structure, which the other had not, at every exchange."""
    second = joined(world, "blanc")
    blanc, copy = used_twice(world, "blanc")
    Removal(blanc.port, world.clock).remove(second.keyring.machine.id.hex())
    for door in (blanc, copy) * 3:
        door.exchange()
    said = dict(world.relay.statements)
    for door in (blanc, copy) * 2:
        door.exchange()
    assert world.relay.statements == said
    assert copy.keyring.structure_keys.keys() >= {2}


def test_a_restored_root_that_draws_another_key_for_a_generation_goes_on(world):
    """Nobody can tell for which of the two something was wrapped: a third replaces both."""
    blanc, chateauroux = world["blanc"], saved(world, "chateauroux")
    Removal(chateauroux.port, world.clock).rotate()
    chateauroux.exchange()
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux = restored(world, "chateauroux")
    Removal(chateauroux.port, world.clock).rotate()
    settle_down(world, 2)
    second = joined(world, "chateauroux")
    settle_down(world, 2)
    assert second.reasons() == chateauroux.reasons() == []
    assert len(second.referrals("in")) == len(chateauroux.referrals("in")) == 1
    assert chateauroux.registry.profiles[own_structure(chateauroux)].generation == 3


def own_structure(door: Door) -> bytes:
    return bytes(door.desk.own_structure().id)


def named(name: str) -> PersonDetails:
    return PersonDetails(family_name=name, given_name="Lou", telephone="+33639980021")


def test_a_referral_of_a_life_that_was_lost_keeps_its_own_copy(world):
    """Another one was written meanwhile under the same identifiers, and gives way to it."""
    chateauroux, lives = world["chateauroux"], world.folder / "lives" / "blanc"
    shut(world, "blanc")
    copied(world, "blanc", "blanc-copy")
    shutil.copytree(lives, world.folder / "lives-copy")
    blanc = world.open("blanc")
    blanc.receive(chateauroux, person=named("Ardenne"))
    blanc.exchange()
    shut(world, "blanc")
    for folder, copy in ((world.folder / "blanc", "blanc-copy"), (lives, "lives-copy")):
        shutil.rmtree(folder)
        shutil.copytree(world.folder / copy, folder)
    blanc = world.open("blanc")  # the whole disk was put back: nothing tells it but the relay
    blanc.receive(chateauroux, person=named("Beauce"))
    own = own_space(blanc)
    spaces = {name: header.space for name, _, header in world.relay.headers()}
    blanc.exchange(
        OtherOrder(
            blanc.transport(), lambda given: sorted(given, key=lambda g: spaces[g[0]] != own)
        )
    )
    settle_down(world, 2)
    shown = {line.display_name: line.details["family_name"] for line in blanc.referrals("out")}
    assert shown == {"Lou Ardenne": "Ardenne", "Lou Beauce": "Beauce"}


def test_what_another_desk_sent_again_is_received_even_when_there_is_nothing_to_pull(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    settle_down(world, 2)
    own = own_space(blanc)
    lost = [name for name, _, header in world.relay.headers() if header.space != own]
    for name in lost:
        del world.relay.bundles[name]
    with pytest.raises(LinkCutError):  # told what lacks, cut before sending it again
        blanc.exchange(cut_link(blanc.transport(), 1, after=False, calls=["push"]))
    assert blanc.counts().lacking > 0
    chateauroux.exchange()
    blanc.exchange()
    assert (blanc.counts().lacking, blanc.counts().sent) == (0, 0)


def test_a_removed_machine_may_bring_the_removal_itself_to_a_restored_relay(world, tmp_path):
    blanc, second = world["blanc"], joined(world, "blanc")
    settle_down(world, 1)
    held = world.relay.backup()
    machine = second.keyring.machine.id
    Removal(blanc.port, world.clock).remove(machine.hex())
    blanc.exchange()
    write(blanc, tmp_path / "stick")
    world.relay.restore(held)
    with pytest.raises(StickReaderRemovedError):
        read(second, tmp_path / "stick")
    assert second.exchange().refused == ()
    assert world.relay.registry.is_revoked(machine)
    with pytest.raises(MachineRevokedError):
        second.exchange()


def test_a_machine_that_waits_to_be_admitted_hands_over_its_request_alone(world, tmp_path):
    """What it read on a stick the relay would refuse, coming from it."""
    blanc = world["blanc"]
    waiting, _ = joining(world, "blanc")
    blanc.exchange()
    Removal(blanc.port, world.clock).rotate()
    write(blanc, tmp_path / "stick")
    with pytest.raises(StickReaderUnknownError):
        read(waiting, tmp_path / "stick")
    assert waiting.exchange().refused == ()
    machine = waiting.keyring.machine.id
    assert [one.machine for one in world.relay.registry.requests.values()] == [machine]


def test_a_copy_that_has_not_come_yet_is_erased_with_its_referral(world):
    """Its own bundle was lost on the way: once it comes, nothing says any more whose it was."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    second = joined(world, "blanc")
    settle_down(world, 2)
    person = PersonDetails(family_name="Ardenne", given_name="Lou", telephone="+33639980021")
    second.receive(chateauroux, person=person)
    second.exchange()
    pair = pair_of(blanc, chateauroux).id
    blanc.exchange(OtherOrder(blanc.transport(), without(pair)))
    ((erased,),) = blanc.query("SELECT person FROM persons")
    erase_person(blanc.desk, erased)
    settle_down(world, 2)
    for door in (blanc, second, chateauroux):
        assert door.query("SELECT count(*) FROM shared_referrals") == [(0,)]
        bodies = door.query("SELECT body FROM events WHERE body NOT NULL")
        assert b"Ardenne" not in b"".join(body for (body,) in bodies)
