"""A relay that keeps what a desk holds, and nothing else, is not asked for more."""

import os

import pytest

from sync.errors import LinkCutError
from sync.heads import heads_mark
from tests.exchange.checkpointing import checkpoint
from tests.exchange.links import cut_link
from tests.exchange.sticks import carry


def calls_of(door):
    """The calls of one exchange."""
    transport = door.transport()
    door.exchange(transport)
    return transport.calls


@pytest.fixture
def quiet(world):
    """Two desks that exchanged a referral and have told each other everything."""
    world["blanc"].receive(world["chateauroux"])
    for name in ("blanc", "chateauroux") * 2:
        world[name].exchange()
    return world


def test_desk_that_holds_all_only_greets(quiet):
    assert calls_of(quiet["blanc"]) == ["hello", "statement_names"]


def test_desk_with_work_to_send_greets_and_sends(quiet):
    quiet["blanc"].receive()
    assert calls_of(quiet["blanc"]) == ["hello", "statement_names", "push"]


def test_desk_just_opened_that_holds_all_sends_without_looking_first(quiet):
    quiet["blanc"].desk.workspace.close()
    blanc = quiet.open("blanc")
    blanc.receive()
    assert calls_of(blanc) == ["hello", "statement_names", "push"]


def test_desk_just_opened_looks_before_it_sends_when_there_are_news(quiet):
    quiet["blanc"].desk.workspace.close()
    blanc = quiet.open("blanc")
    blanc.receive()
    quiet["chateauroux"].answer()
    quiet["chateauroux"].exchange()
    calls = calls_of(blanc)
    assert calls.index("pull") < calls.index("push")


def test_news_are_pulled(quiet):
    quiet["blanc"].receive(quiet["chateauroux"])
    quiet["blanc"].exchange()
    assert "pull" in calls_of(quiet["chateauroux"])
    assert len(quiet["chateauroux"].referrals("in")) == 2


def test_what_came_meanwhile_by_a_stick_is_not_pulled_again(quiet, tmp_path):
    blanc, chateauroux = quiet["blanc"], quiet["chateauroux"]
    blanc.receive(chateauroux)
    carry(tmp_path / "cle", blanc, chateauroux)
    blanc.exchange()
    assert "pull" not in calls_of(chateauroux)


def test_relay_that_lost_a_bundle_is_asked_and_given_it_again(quiet):
    blanc, relay = quiet["blanc"], quiet.relay
    blanc.receive()
    blanc.exchange()
    (lost,) = [
        name
        for name, _, header in relay.headers()
        if header.space == blanc.desk.own_structure().space.id and header.sequence == 1
    ]
    kept = relay.bundles.pop(lost)
    assert "pull" in calls_of(blanc)
    assert relay.bundles[lost] == kept


def test_what_a_cut_kept_from_being_sent_again_is_asked_for_again(quiet):
    blanc, relay = quiet["blanc"], quiet.relay
    before = relay.backup()
    blanc.receive()
    blanc.exchange()
    relay.restore(before)
    with pytest.raises(LinkCutError):
        blanc.exchange(cut_link(blanc.transport(), 1, after=False, calls=("push",)))
    assert blanc.exchange().resent > 0
    assert blanc.counts().lacking == 0


def test_desk_that_holds_all_only_greets_after_a_checkpoint_too(quiet):
    checkpoint(quiet, quiet["blanc"])
    quiet["blanc"].exchange()
    assert "pull" not in calls_of(quiet["blanc"])


def test_mark_leaves_out_what_is_empty_and_knows_no_order():
    one, other, first, second = (os.urandom(size) for size in (16, 16, 8, 8))
    held = {one: {first: 3, second: 4}, other: {}}
    assert heads_mark(held) == heads_mark({other: {first: 0}, one: {second: 4, first: 3}})
    assert heads_mark(held) != heads_mark({one: {first: 3, second: 5}, other: {}})


def test_space_that_one_end_does_not_know_gives_another_mark():
    space = os.urandom(16)
    assert heads_mark({space: {}}) != heads_mark({})
