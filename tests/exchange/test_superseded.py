"""What a complete checkpoint makes void, at desks that have adopted it and at those that have not.

Void is what is sealed under an epoch that ended, above the cover, and what follows it in its chain.
"""

from pathlib import Path

import pytest

from app.domain.identifiers import SpaceId
from sync.errors import LinkCutError
from sync.settlement import Settlement
from tests.exchange.checkpointing import ask, checkpoint, later, own_space, settle_down
from tests.exchange.desks import Door, joined
from tests.exchange.forging import Forger
from tests.exchange.links import cut_link
from tests.exchange.sticks import files_of, write


@pytest.fixture
def two(world):
    """Two machines of one structure."""
    joined(world, "blanc")
    settle_down(world, 1)
    return world


def settlement(door: Door) -> Settlement:
    return Settlement(door.port, door.registry, door.keyring.epoch_keys)


def void_and_after(author: Door, world) -> list[tuple[bytes, bytes]]:
    """A bundle of an epoch that a checkpoint ends, and one of the next epoch that follows it."""
    space = SpaceId(own_space(author))
    author.receive()
    settle_down(world, 1)
    ended = author.keyring.sealing_epoch(author.registry, space)
    assert ended is not None
    checkpoint(world, world["blanc"])
    forger = Forger(author, space)
    usual, forger.epoch = forger.epoch, ended
    assert usual is not None
    assert usual.epoch != ended.epoch
    void = forger.bundle(forger.event())
    forger.epoch = usual
    return [void, forger.bundle(forger.event())]


def test_what_follows_a_void_bundle_is_void_too(two):
    blanc, second = two["blanc"], two["second"]
    void, after = void_and_after(second, two)
    here = settlement(blanc)
    assert here.settle(*void).reason == "before_checkpoint"
    assert here.settle(*after).reason == "before_checkpoint"
    assert blanc.reasons() == []


def test_what_came_before_the_void_bundle_that_it_follows_waits_no_longer(two):
    blanc, second = two["blanc"], two["second"]
    void, after = void_and_after(second, two)
    assert settlement(blanc).settle(*after).reason == "gap"
    here = settlement(blanc)
    here.settle(*void)
    assert [outcome.reason for outcome in here.retry()] == ["before_checkpoint"]
    assert blanc.reasons() == []


def test_what_follows_a_covered_bundle_settles(two):
    """A covered bundle is dropped as a void one is; what comes after it stands on the cover."""
    blanc, second = two["blanc"], two["second"]
    second.receive()
    settle_down(two, 1)
    space = SpaceId(own_space(second))
    (covered,) = [
        bundle for bundle in two.relay.bundles.items() if bundle[0] == second.port.head(space).name
    ]
    checkpoint(two, blanc)
    forger = Forger(second, space)
    here = settlement(blanc)
    assert here.settle(*covered).reason == "before_checkpoint"
    assert here.settle(*forger.bundle(forger.event())).reason == ""


@pytest.fixture
def left_out(two):
    """The second machine sealed something, and others did without it for a quarter.

    The pieces of their checkpoint have not left: the machine will know of it and not load it yet.
    """
    blanc, second = two["blanc"], two["second"]
    second.receive()
    with pytest.raises(LinkCutError):
        second.exchange(cut_link(second.transport(), 1, after=False, calls=["push"]))
    blanc.receive()
    ask(blanc)
    for days in (91, 0):
        with pytest.raises(LinkCutError):
            blanc.exchange(cut_link(blanc.transport(), 1, after=False, calls=["offsets"]))
        later(two, days)
    return two


def test_the_relay_is_not_given_what_it_would_refuse_as_void(left_out):
    """Its refusal would be shown to somebody who can do nothing about it."""
    blanc, second = left_out["blanc"], left_out["second"]
    assert second.exchange().refused == ()
    assert second.counts().pending > 0, "it is not adopted yet"
    settle_down(left_out, 3)
    assert second.counts().pending == 0
    assert blanc.query("SELECT count(*) FROM persons") == [(2,)]


def test_no_stick_carries_what_is_void(left_out, tmp_path):
    second = left_out["second"]
    with pytest.raises(LinkCutError):
        second.exchange(cut_link(second.transport(), 1, after=False, calls=["pull"]))
    assert second.port.adopted(SpaceId(own_space(second))) is None
    void = second.port.head(SpaceId(own_space(second)))
    write(second, tmp_path / "stick")
    assert not carries(tmp_path / "stick", second, void.name)
    settle_down(left_out, 3)
    anew = second.port.head(SpaceId(own_space(second)))
    assert (anew.sequence, anew.name != void.name) == (void.sequence, True)
    write(second, tmp_path / "stick")
    assert carries(tmp_path / "stick", second, anew.name)


def carries(stick: Path, door: Door, bundle: bytes) -> bool:
    """Is a bundle, by its name, among those that a door wrote on a stick?"""
    return any(bundle in path.read_bytes() for path in files_of(stick, door))
