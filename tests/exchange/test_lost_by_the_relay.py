"""A relay restored from an older copy: what it acknowledged and lost, any desk sends again."""

import pytest

from sync.errors import LinkCutError, RelayAnswerUnreadableError
from sync.lacking import LACKING_NAME
from sync.wire import parse_bundle
from tests.exchange.desks import Door, World
from tests.exchange.links import FailsAt


@pytest.fixture
def before(world):
    """What the relay held when it was saved: one referral of three, and its acknowledgement."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    saved = dict(world.relay.bundles)
    for _ in range(2):
        blanc.receive(chateauroux)
        blanc.exchange()
        chateauroux.exchange()
    return saved


def lose(world: World, kept: dict[bytes, bytes]) -> dict[bytes, bytes]:
    """Put the relay back as it was; return what it held."""
    held = dict(world.relay.bundles)
    world.relay.bundles = dict(kept)
    world.relay.receipts = {name: world.relay.receipts[name] for name in kept}
    return held


def states(door: Door) -> tuple[int, int]:
    return door.counts().sent, door.counts().acknowledged


def of_pairs(world: World, bundles: dict[bytes, bytes]) -> dict[bytes, bytes]:
    registry = world.relay.registry
    return {
        name: data
        for name, data in bundles.items()
        if len(registry.members_of_space(parse_bundle(data).header.space)) == 2
    }


def test_what_a_restored_relay_lost_is_sent_again_in_the_same_exchange(world, before):
    blanc = world["blanc"]
    acknowledged = blanc.counts().acknowledged
    held = lose(world, before)
    report = blanc.exchange()
    assert report.resent > 0
    assert report.pushed == 0
    assert states(blanc) == (0, acknowledged)
    world["chateauroux"].exchange()
    assert world.relay.bundles == held
    assert blanc.exchange().resent == world["chateauroux"].exchange().resent == 0


def test_any_member_sends_again_what_another_one_wrote(world, before):
    held = lose(world, before)
    report = world["chateauroux"].exchange()
    assert of_pairs(world, held).items() <= world.relay.bundles.items()
    assert report.resent >= len(of_pairs(world, held)) - len(of_pairs(world, before))


def test_an_emptied_relay_gets_everything_back(world, before):
    held = lose(world, {})
    for door in world.doors.values():
        door.exchange()
    assert world.relay.bundles == held


def test_what_is_lost_is_not_said_to_be_received_until_it_is_again(world, before):
    blanc = world["blanc"]
    acknowledged = blanc.counts().acknowledged
    lose(world, before)
    link = FailsAt(blanc.transport(), ["push"], 1, after=False, failure=LinkCutError)
    with pytest.raises(LinkCutError):
        blanc.exchange(link)
    lost, received = states(blanc)
    assert lost > 0
    assert lost + received == acknowledged
    assert blanc.counts().lacking == lost
    blanc.exchange()
    assert blanc.counts().lacking == 0
    assert states(blanc) == (0, acknowledged)


def test_what_another_desk_sent_again_is_received_again(world, before):
    blanc = world["blanc"]
    acknowledged = blanc.counts().acknowledged
    held = lose(world, before)
    link = FailsAt(blanc.transport(), ["push"], 1, after=False, failure=LinkCutError)
    with pytest.raises(LinkCutError):
        blanc.exchange(link)
    world.relay.bundles = held
    world.relay.receipts = {name: world.relay._receipt(name, held[name]) for name in held}
    assert blanc.exchange().resent == 0
    assert states(blanc) == (0, acknowledged)


def test_ranges_that_nobody_can_read_stop_the_exchange_and_harm_nothing(world, before):
    blanc = world["blanc"]
    acknowledged = blanc.counts().acknowledged
    link = blanc.transport()

    def pull(above, resume):
        yield LACKING_NAME, b"not ranges"

    link.pull = pull
    with pytest.raises(RelayAnswerUnreadableError):
        blanc.exchange(link)
    assert states(blanc) == (0, acknowledged)
