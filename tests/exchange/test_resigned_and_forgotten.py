"""Bundles that another member signs again, and a relay that forgot that somebody was removed."""

import hashlib

import pytest

from sync.errors import MachineRevokedError
from sync.removal import Removal, machine_code
from sync.settlement import BAD_SIGNATURE, FORKED, REVOKED, WRONG_NAME, Settlement
from sync.wire import parse_bundle, signature_input
from tests.exchange.checkpointing import settle_down
from tests.exchange.desks import joined
from tests.exchange.forging import pair_of

SIGNATURE_BYTES = 64


def signed_again(data: bytes, key) -> tuple[bytes, bytes]:
    """The same bundle under the signature of another key, with the name that it then has."""
    signed = data[:-SIGNATURE_BYTES]
    again = signed + key.sign(signature_input(signed))
    return hashlib.sha256(again).digest(), again


def test_bundle_signed_again_by_another_member_is_set_aside_everywhere(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    second = joined(world, "chateauroux")
    blanc.receive(chateauroux)
    settle_down(world)
    before = set(world.relay.bundles)
    blanc.receive(chateauroux)
    blanc.exchange()
    pair = pair_of(blanc, chateauroux).id
    name, data = next(
        (name, data)
        for name, data in world.relay.bundles.items()
        if name not in before and parse_bundle(data).header.space == pair
    )
    # A member who holds the key of the space, and could have read all of it.
    forged, again = signed_again(data, chateauroux.keyring.machine.sign.private_key)
    for door in (blanc, second):
        settlement = Settlement(door.port, door.registry, door.keyring.epoch_keys)
        assert settlement.settle(forged, again).reason == BAD_SIGNATURE
        assert settlement.settle(name, again).reason == WRONG_NAME
        assert settlement.settle(name, data).reason == ""
        assert BAD_SIGNATURE in door.reasons()
    settle_down(world)
    assert [line.from_name for line in second.referrals("in")] == ["blanc", "blanc"]
    assert len(blanc.referrals("out")) == 2


@pytest.mark.network
def test_relay_refuses_what_another_member_signed_again(relay):
    structure = relay.region.structure()
    author, other = structure.machine(), structure.machine()
    link, others = relay.admitted(author), relay.admitted(other)
    name, data = author.bundle()
    forged, again = signed_again(data, other.keys.sign.private_key)
    for carrier in (others, link):
        refused = carrier.push([(forged, again, 0), (name, again, 0)]).refused
        assert {one.name: one.code for one in refused} == {
            forged: "bad_signature",
            name: "wrong_name",
        }
    assert len(others.push([(name, data, 0)]).receipts) == 1
    assert dict(others.pull({author.own_space: {}}, None)) == {name: data}


def test_bundle_moved_under_the_name_of_another_machine_opens_nowhere(world):
    """The key of a bundle is made of its author's incarnation: their bytes are nobody else's."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    settle_down(world)
    before = blanc.rows()["shared_referrals"]
    pair = pair_of(blanc, chateauroux).id
    data = next(
        data for data in world.relay.bundles.values() if parse_bundle(data).header.space == pair
    )
    own = chateauroux.port.incarnation()
    moved = data.replace(parse_bundle(data).header.incarnation, own, 1)
    name, again = signed_again(moved, chateauroux.keyring.machine.sign.private_key)
    outcome = Settlement(blanc.port, blanc.registry, blanc.keyring.epoch_keys).settle(name, again)
    assert outcome.reason in {"cannot_open", FORKED, "unreadable"}
    assert blanc.rows()["shared_referrals"] == before


@pytest.fixture
def forgetful(world):
    """A relay put back to before a removal; the machine that was removed has one referral known."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    stolen = joined(world, "blanc")
    settle_down(world)
    stolen.receive(chateauroux)
    settle_down(world)
    backup = world.relay.backup()
    Removal(blanc.port, world.clock).remove(machine_code(stolen.keyring.machine.id))
    others_settle_down(world)
    with pytest.raises(MachineRevokedError):
        stolen.exchange()
    world.relay.restore(backup)
    return world


def others_settle_down(world) -> None:
    """Let everybody but the removed machine exchange until nothing moves."""
    for _ in range(3):
        for name in ("blanc", "chateauroux"):
            world[name].exchange()


def test_restored_relay_that_forgot_a_removal_believes_nothing_more_of_that_machine(forgetful):
    """The removed machine calls first, and the relay, put back, takes what it brings."""
    blanc, chateauroux, stolen = (forgetful[name] for name in ("blanc", "chateauroux", "second"))
    for _ in range(2):
        stolen.receive(chateauroux)
    assert stolen.exchange().bundles_up > 0
    others_settle_down(forgetful)
    for door in (blanc, chateauroux):
        assert set(door.reasons()) == {REVOKED}
        assert door.counts().pending == 0
    assert len(chateauroux.referrals("in")) == 1
    with pytest.raises(MachineRevokedError):  # whoever called since told the relay again
        stolen.exchange()


def test_restored_relay_that_forgot_a_removal_gives_that_machine_no_later_key(forgetful):
    blanc, chateauroux, stolen = (forgetful[name] for name in ("blanc", "chateauroux", "second"))
    stolen.exchange()
    before = set(forgetful.relay.bundles)
    blanc.receive(chateauroux)
    others_settle_down(forgetful)
    assert len(chateauroux.referrals("in")) == 2
    stolen.keyring.learn(blanc.registry)  # were every statement in the hands of the thief
    written = [
        parse_bundle(data).header
        for name, data in forgetful.relay.bundles.items()
        if name not in before
    ]
    since = [one for one in written if one.incarnation == blanc.port.incarnation()]
    assert since
    assert not any((one.space, one.epoch) in stolen.keyring.epoch_keys for one in since)
