"""What the fuzzer found about checkpoints, each in the fewest steps that show it."""

from dataclasses import replace

import pytest

from sync.errors import (
    LinkCutError,
)
from sync.removal import Removal
from tests.exchange.checkpointing import ask, later, own_space, settle_down
from tests.exchange.desks import World, joined
from tests.exchange.links import OtherOrder, cut_link
from tests.exchange.lost_disks import restored, saved, used_twice
from tests.exchange.sticks import read, write
from tests.exchange.test_lives import shut
from tests.fakes.clock import TickingClock


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


def test_a_checkpoint_whose_key_was_lost_with_a_disk_is_replaced_after_a_week(world, tmp_path):
    """Made by stick by the only machine of its space, and unwrapped by nothing that is left."""
    chateauroux = world["chateauroux"]
    chateauroux.receive()
    settle_down(world, 1)
    saved(world, "chateauroux")
    ask(world["chateauroux"])
    settle_down(world, 1)
    ask(world["chateauroux"])
    write(world["chateauroux"], tmp_path / "stick")
    chateauroux = restored(world, "chateauroux")
    chateauroux.exchange()
    read(chateauroux, tmp_path / "stick")
    settle_down(world, 1)
    space = own_space(chateauroux)
    lost = world.relay.registry.complete_checkpoint(space)
    assert (space, lost.epoch) not in chateauroux.keyring.epochs
    later(world, 8)
    settle_down(world, 2)
    found = world.relay.registry.complete_checkpoint(space)
    assert found.number > lost.number
    assert (space, found.epoch) in chateauroux.keyring.epochs
    third = joined(world, "chateauroux")  # it can be loaded again
    settle_down(world, 2)
    assert third.query("SELECT count(*) FROM persons") == [(1,)]


def test_a_machine_that_joins_where_the_pieces_of_a_checkpoint_are_lost_is_not_waited_for(world):
    """It cannot hold what that one covers, and would never confirm the next."""
    held = world.relay.backup()
    asked_for_one(world)
    settle_down(world, 1)
    chateauroux = world["chateauroux"]
    chateauroux.port.drop_pieces(sorted(chateauroux.port.piece_names(own_space(chateauroux))))
    world.relay.restore(held)
    second = joined(world, "chateauroux")
    settle_down(world, 2)
    assert lacking_pieces(world)
    later(world, 8)
    shut(world, "chateauroux")
    world.open("chateauroux")
    settle_down(world, 2)
    assert not lacking_pieces(world)
    assert second.query("SELECT count(*) FROM persons") == [(1,)]


def test_a_machine_that_said_it_holds_a_key_and_has_it_no_more_is_handed_it_again(world):
    """As a restored file whose receiver is the last one told, but not what was wrapped before."""
    blanc = world["blanc"]
    joined(world, "blanc")
    blanc.receive()
    settle_down(world, 1)
    ask(blanc)
    settle_down(world)
    space, machine = own_space(blanc), blanc.keyring.machine.id
    _, complete = blanc.registry.last_complete(space)
    assert complete.epoch in blanc.registry.receiver(machine).epochs
    held = [name for name in blanc.port.secrets() if name.endswith(complete.epoch.hex())]
    blanc.port.turn_keys({}, held)
    assert (space, complete.epoch) not in blanc.keyring.epochs
    settle_down(world, 2)
    assert (space, complete.epoch) in blanc.keyring.epochs


def test_nothing_is_sealed_upon_what_a_checkpoint_that_is_not_yet_loaded_makes_void(world):
    """The relay would keep it, without what it follows, where the author seals all again."""
    blanc, second = world["blanc"], joined(world, "blanc")
    settle_down(world, 1)
    second.receive()
    with pytest.raises(LinkCutError):  # sealed, and on its way for a quarter
        second.exchange(cut_link(second.transport(), 1, after=False, calls=["push"]))
    blanc.receive()
    ask(blanc)
    for days in (91, 0):  # others did without it; the pieces have not left
        with pytest.raises(LinkCutError):
            blanc.exchange(cut_link(blanc.transport(), 1, after=False, calls=["offsets"]))
        later(world, days)
    assert lacking_pieces(world)
    second.receive()
    second.exchange()
    assert second.counts().pending > 0
    settle_down(world, 3)
    assert blanc.reasons() == second.reasons() == []
    assert second.port.former_lives() == frozenset()
    assert blanc.query("SELECT count(*) FROM persons") == [(3,)]


def test_what_is_sealed_anew_takes_the_place_of_what_the_relay_keeps_of_an_ended_epoch(
    world, tmp_path
):
    """Else its author would take it for another life's, and write it twice."""
    blanc, second = world["blanc"], joined(world, "blanc")
    settle_down(world, 1)
    second.receive()
    second.exchange()
    theirs = {name for name, _, _ in world.relay.headers()}
    blanc.receive()
    ask(blanc)
    for days in (91, 0):  # others did without it; the pieces have not left, but on a stick
        cut = cut_link(blanc.transport(), 1, after=False, calls=["offsets"])
        with pytest.raises(LinkCutError):
            blanc.exchange(OtherOrder(cut, lambda given: [x for x in given if x[0] not in theirs]))
        later(world, days)
    write(blanc, tmp_path / "stick")
    read(second, tmp_path / "stick")
    assert second.exchange().refused == ()
    assert second.port.former_lives() == frozenset()
    settle_down(world, 2)
    assert blanc.query("SELECT count(*) FROM persons") == [(2,)]
