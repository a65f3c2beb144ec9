"""What the fuzzer found, each in the fewest steps that show it."""

import shutil
from dataclasses import replace

import pytest

from app.domain.errors import UnknownRecordError
from app.domain.reception import PersonDetails
from app.domain.referral import CANCELLED
from app.usecases.referrals import Answer, answer_referral
from sync.errors import LinkCutError
from sync.removal import Removal
from tests.exchange.checkpointing import ask, later, own_space, settle_down
from tests.exchange.desks import Door, World, joined
from tests.exchange.fuzz.screens import standing
from tests.exchange.links import OtherOrder, cut_link
from tests.exchange.sticks import write
from tests.exchange.test_lives import copied, put_back, shut
from tests.fakes.clock import TickingClock


def correct(door: Door, telephone: str) -> None:
    """Receive the only person that a desk knows, who has another telephone."""
    ((known,),) = door.query("SELECT person FROM persons")
    door.receive(person=PersonDetails(known=known, telephone=telephone))


def go_on(door: Door, expressed: str, *, agrees: bool | None) -> None:
    """Go on with the only demand that a desk knows, said otherwise."""
    ((demand,),) = door.query("SELECT demand FROM demands")
    door.receive(person=None, demand=demand, expressed=expressed, agreement_to_record=agrees)


def saved(world: World, name: str) -> Door:
    """Copy the folder of a desk, to be restored later."""
    shut(world, name)
    copied(world, name, f"{name}-copy")
    return world.open(name)


def restored(world: World, name: str) -> Door:
    return put_back(world, name, world.folder / f"{name}-copy")


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


def asked_for_one(world: World) -> None:
    """Have Châteauroux, alone in its space, make a checkpoint at its next exchange."""
    world["chateauroux"].receive()
    settle_down(world, 1)
    ask(world["chateauroux"])


def lacking_pieces(world: World) -> set[bytes]:
    registry = world.relay.registry
    complete = filter(None, map(registry.complete_checkpoint, registry.spaces))
    named = {name for body in complete for name in (body.manifest, *body.chunks)}
    return named - world.relay.pieces.keys()


def test_a_cut_does_not_make_a_desk_forget_that_a_restored_relay_lacks_pieces(world):
    chateauroux = world["chateauroux"]
    asked_for_one(world)
    held = world.relay.backup()
    settle_down(world, 1)
    assert not lacking_pieces(world)
    world.relay.restore(held)
    with pytest.raises(LinkCutError):  # the statements are there again, the pieces not
        chateauroux.exchange(cut_link(chateauroux.transport(), 1, after=False, calls=["offsets"]))
    assert lacking_pieces(world)
    chateauroux.exchange()
    assert not lacking_pieces(world)


def test_bundles_of_a_checkpoint_whose_pieces_are_lost_are_read_as_long_as_they_are_there(world):
    """Its only confirmer is its author: it is complete before its pieces have left."""
    chateauroux = world["chateauroux"]
    chateauroux.receive()
    chateauroux.exchange()
    chateauroux = saved(world, "chateauroux")
    asked_for_one(world)
    with pytest.raises(LinkCutError):
        chateauroux.exchange(cut_link(chateauroux.transport(), 1, after=False, calls=["offsets"]))
    assert lacking_pieces(world)
    chateauroux = restored(world, "chateauroux")
    settle_down(world, 1)
    assert chateauroux.query("SELECT count(*) FROM persons") == [(2,)]
    assert chateauroux.port.adopted(own_space(chateauroux)).number == 1


def used_twice(world: World, name: str) -> tuple[Door, Door]:
    """Open a copy of a desk beside it."""
    shut(world, name)
    shutil.copytree(world.folder / name, world.folder / "copy")
    world.keys["copy"] = world.keys[name]
    return world.open(name), world.open("copy")


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


def test_adopting_a_checkpoint_keeps_the_pieces_of_a_greater_one_made_meanwhile(world, tmp_path):
    """A restored machine, which had confirmed that one, proposes its own on a stick."""
    blanc, second = world["blanc"], joined(world, "blanc")
    blanc.receive()
    settle_down(world, 1)
    saved(world, "second")
    ask(blanc)
    settle_down(world, 2)
    space = own_space(blanc)
    complete, proposed, tries = blanc.registry.last_complete(space)[0], b"", 0
    while proposed <= complete:  # of two with one number the greater name counts
        second, tries = restored(world, "second"), tries + 1
        ask(second)
        write(second, tmp_path / f"stick-{tries}")
        proposed = second.registry.last_proposal(space)[0]
    settle_down(world, 3)
    assert blanc.registry.last_complete(space)[0] == proposed
    assert not lacking_pieces(world)


def test_a_checkpoint_dated_by_a_clock_years_ahead_is_replaced_when_its_pieces_are_lost(
    world, tmp_path
):
    chateauroux = world["chateauroux"]
    chateauroux.receive()
    chateauroux.exchange()
    right = chateauroux.desk
    ahead = TickingClock()
    ahead.tick(days=3 * 365)
    chateauroux.desk = replace(right, clock=ahead)
    ask(chateauroux)
    write(chateauroux, tmp_path / "stick")
    chateauroux.desk = right
    pieces = chateauroux.port.piece_names(own_space(chateauroux))
    chateauroux.port.drop_pieces(sorted(pieces))
    chateauroux.exchange()
    assert lacking_pieces(world)
    later(world, 8)
    shut(world, "chateauroux")
    world.open("chateauroux")
    settle_down(world, 2)
    assert not lacking_pieces(world)


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


def test_a_silent_machine_gets_what_was_sent_even_from_a_relay_restored_meanwhile(world):
    """Others did without it; the relay forgot that, and hears it before it is told again."""
    blanc, second = world["blanc"], joined(world, "blanc")
    settle_down(world, 1)
    held = world.relay.backup()
    blanc.receive()
    blanc.exchange()
    ask(blanc)
    blanc.exchange()
    later(world, 91)
    blanc.exchange()
    assert blanc.port.adopted(own_space(blanc)).number == 1
    world.relay.restore(held)
    second.exchange()
    settle_down(world, 3)
    assert second.query("SELECT count(*) FROM persons") == [(1,)]
    assert second.reasons() == []


def test_a_checkpoint_that_one_copy_of_a_machine_made_alone_is_adopted_by_the_other(world):
    """It is wrapped for the machine, under a key that the first has turned since."""
    world["chateauroux"].receive()
    settle_down(world, 1)
    chateauroux, copy = used_twice(world, "chateauroux")
    for door in (chateauroux, copy):
        door.receive()
    Removal(copy.port, world.clock).rotate()
    for _ in range(2):
        ask(copy)
        copy.exchange()
        copy.exchange()
        copy.receive()
    for door in (chateauroux, copy) * 4:
        door.exchange()
    space = own_space(chateauroux)
    assert chateauroux.port.adopted(space) == copy.port.adopted(space)
    assert chateauroux.counts().pending == 0
    for door in (chateauroux, copy):
        assert door.query("SELECT count(*) FROM persons") == [(5,)]


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
