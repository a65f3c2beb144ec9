"""An exchange that is cut, killed or unheard: the next one goes on, and nothing is doubled."""

import hashlib
from functools import partial
from pathlib import Path

import pytest

from sync.errors import LinkCutError, NotOurRelayError
from sync.keys import AuthorityKey
from sync.wire import parse_bundle
from tests.exchange.desks import World, opened_copy
from tests.exchange.interruptions import Interrupted, cut, ends_alike, killed
from tests.exchange.links import FailsAt, OtherOrder, PowerCutError, cut_link


def exchange_cut(door, at=1, *, after, calls):
    link = cut_link(door.transport(), at, after=after, calls=calls)
    with pytest.raises(LinkCutError):
        door.exchange(link)


def settle_down(world: World) -> None:
    """Exchange until nobody has anything new."""
    for _ in range(3):
        for door in world.doors.values():
            assert door.exchange().refused == ()


def test_lost_answer_to_a_push_is_asked_again_without_a_double(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    exchange_cut(blanc, after=True, calls=["push"])
    assert blanc.counts().acknowledged == 0
    assert blanc.counts().last_failure.code == "link_cut"
    stored = dict(world.relay.bundles)
    link = blanc.transport()
    report = blanc.exchange(link)
    assert "offsets" in link.calls
    assert link.bytes_up == 0
    assert world.relay.bundles == stored
    assert report.bundles_up == len(stored)
    assert blanc.counts().acknowledged == report.pushed > 0
    assert blanc.counts().last_failure is None
    chateauroux.exchange()
    assert len(chateauroux.referrals("in")) == 1


def test_bytes_once_stored_are_the_ones_that_leave(world):
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    exchange_cut(blanc, after=False, calls=["push"])
    sealed = {bundle.name: bundle.data for bundle in blanc.port.unsent()}
    blanc.receive(world["chateauroux"])
    blanc.exchange()
    assert sealed.items() <= world.relay.bundles.items()


@pytest.mark.parametrize("cut_at", [1, 300, 500, 700])
def test_upload_cut_in_the_middle_goes_on_at_the_byte(world, cut_at):
    blanc = world["blanc"]
    for _ in range(5):
        blanc.receive(world["chateauroux"])
    world.relay.cut_after_bytes = cut_at
    with pytest.raises(LinkCutError):
        blanc.exchange()
    total = sum(len(bundle.data) for bundle in blanc.port.unsent())
    link = blanc.transport()
    blanc.exchange(link)
    assert link.bytes_up == total - cut_at
    assert sum(map(len, world.relay.bundles.values())) == total
    assert blanc.counts().pending == 0


@pytest.mark.parametrize("cut_at", [1, 400, 900, 1500])
def test_download_cut_in_the_middle_goes_on_at_the_byte(world, cut_at):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    for _ in range(4):
        blanc.receive(chateauroux)
        blanc.exchange()
    world.relay.cut_after_bytes = cut_at
    first = chateauroux.transport()
    with pytest.raises(LinkCutError):
        chateauroux.exchange(first)
    second = chateauroux.transport()
    chateauroux.exchange(second)
    from_blanc = [
        data
        for data in world.relay.bundles.values()
        if (header := parse_bundle(data).header).incarnation == blanc.port.incarnation()
        and header.space in chateauroux.registry.spaces
    ]
    assert first.bytes_down == cut_at
    assert first.bytes_down + second.bytes_down == sum(map(len, from_blanc))
    assert len(chateauroux.referrals("in")) == 4
    assert chateauroux.port.memo("interrupted_pull") == ""


def test_what_came_before_a_cut_is_acknowledged_by_the_next_exchange(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()

    def then_cut(bundles):
        yield from bundles
        raise LinkCutError

    with pytest.raises(LinkCutError):
        chateauroux.exchange(OtherOrder(chateauroux.transport(), then_cut))
    assert chateauroux.statuses("in") == ["transmise"]
    chateauroux.exchange()
    assert chateauroux.statuses("in") == ["recue"]
    blanc.exchange()
    assert blanc.statuses("out") == ["recue"]


def test_beginning_that_was_kept_wrong_is_asked_again_whole(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    world.relay.cut_after_bytes = 300
    with pytest.raises(LinkCutError):
        chateauroux.exchange()
    name, kept = chateauroux.port.memo("interrupted_pull").split(" ")
    chateauroux.port.keep_memo("interrupted_pull", f"{name} {'A' * len(kept)}")
    chateauroux.exchange()
    assert chateauroux.reasons() == ["wrong_name"]
    chateauroux.exchange()
    assert chateauroux.reasons() == []
    assert len(chateauroux.referrals("in")) == 1


def test_same_bundles_delivered_twice_change_nothing(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    report = chateauroux.exchange(OtherOrder(chateauroux.transport(), lambda all_: all_ * 3))
    assert report.pulled == 1
    assert len(chateauroux.referrals("in")) == 1
    assert chateauroux.reasons() == []


@pytest.mark.parametrize("seed", range(4))
def test_bundles_out_of_order_wait_for_those_before_them(world, seed):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    for _ in range(6):
        blanc.receive(chateauroux)
        blanc.exchange()

    def shuffled(bundles):
        return sorted(bundles, key=lambda one: hashlib.sha256(bytes([seed]) + one[0]).digest())

    link = OtherOrder(chateauroux.transport(), shuffled)
    assert chateauroux.exchange(link).pulled == 6
    assert chateauroux.reasons() == []


def test_bundles_after_a_hole_wait_and_settle_when_it_is_filled(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    for _ in range(4):
        blanc.receive(chateauroux)
        blanc.exchange()
    report = chateauroux.exchange(OtherOrder(chateauroux.transport(), lambda all_: all_[::3]))
    assert (report.pulled, report.set_aside) == (1, 1)
    assert chateauroux.reasons() == ["gap"]
    assert chateauroux.exchange().pulled == 3
    assert chateauroux.reasons() == []
    assert len(chateauroux.referrals("in")) == 4


def test_relay_of_another_authority_is_told_nothing(world):
    door = world["blanc"]
    door.receive(world["chateauroux"])
    world.relay.authority_key = AuthorityKey.generate().public
    link = door.transport()
    with pytest.raises(NotOurRelayError):
        door.exchange(link)
    assert link.calls == ["hello"]
    assert door.counts().last_failure.code == "not_our_relay"


def test_counts_follow_a_record_from_pen_to_receipt(world):
    blanc = world["blanc"]
    blanc.receive(world["chateauroux"])
    events = blanc.counts().pending
    assert events == 7

    def counts():
        now = blanc.counts()
        return now.pending, now.sent, now.acknowledged

    exchange_cut(blanc, after=False, calls=["push"])
    assert counts() == (events, 0, 0)
    assert blanc.counts().oldest_pending_at_s is not None
    link, names = blanc.transport(), [bundle.name for bundle in blanc.port.unsent()]
    push = link.push
    # A relay that keeps all and says nothing.
    link.push = lambda bundles, ahead: type(push(bundles, ahead))()
    blanc.exchange(link)
    assert counts() == (0, events, 0)
    assert [bundle.name for bundle in blanc.port.unsent()] == names
    blanc.exchange()
    assert counts() == (0, 0, events)
    assert blanc.counts().oldest_pending_at_s is None


def test_killed_before_it_learns_a_new_key_a_desk_learns_it_next_time(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    chateauroux.receive(blanc)
    chateauroux.exchange()
    port = FailsAt(blanc.port, ["keep_secrets"], 1, after=False, failure=PowerCutError)
    with pytest.raises(PowerCutError):
        blanc.exchange(port=port)
    # Nothing is new on either side: the relay says no more than that.
    assert blanc.exchange().pulled == 1
    assert blanc.reasons() == []


@pytest.fixture(scope="session")
def first_time_template(tmp_path_factory, introduced_template, certified_template):
    """A door that never exchanged has a day of work to send."""
    made = certified_template.copy(tmp_path_factory.mktemp("first") / "world")
    made["chateauroux"].exchange()
    for _ in range(2):
        made["blanc"].receive()
    made.close()
    return made


def converged(template: World, folder: Path, name: str, interrupted: Interrupted) -> object:
    """Interrupt an exchange of Le Blanc, then exchange until all is quiet; say what is there."""
    with opened_copy(template, folder / name) as world:
        if not interrupted(world["blanc"]):
            return None
        settle_down(world)
        for door in world.doors.values():
            assert door.reasons() == []
            assert door.counts().pending == door.counts().sent == 0
        events = sum(door.counts().acknowledged for door in world.doors.values())
        return world["blanc"].rows(), world["chateauroux"].rows(), len(world.relay.bundles), events


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("name", ["lively_template", "first_time_template"])
def test_killed_at_any_write_the_next_exchange_ends_as_if_nothing_had_happened(
    request, tmp_path, name, after
):
    template = request.getfixturevalue(name)
    assert ends_alike(partial(converged, template, tmp_path), partial(killed, after=after)) >= 10


@pytest.mark.parametrize("after", [False, True], ids=["unheard", "unanswered"])
@pytest.mark.parametrize("name", ["lively_template", "first_time_template"])
def test_cut_at_any_call_the_next_exchange_ends_as_if_nothing_had_happened(
    request, tmp_path, name, after
):
    template = request.getfixturevalue(name)
    assert ends_alike(partial(converged, template, tmp_path), partial(cut, after=after)) >= 3
