"""Of a removed machine only the chain that its removal names is taken, in whatever order it comes.

The key of the machine is in a thief's hands: what it signs is well signed.
"""

from itertools import permutations

import pytest

from sync.errors import NothingLateError
from sync.removal import Removal
from sync.settlement import Settlement
from sync.statements import Revocation, sign_statement, statement_name
from tests.exchange.checkpointing import own_space
from tests.exchange.desks import Door, joined
from tests.exchange.forging import Forger, pair_of
from tests.exchange.test_settlement import shown

KNOWN = "Nadia Exemplier"


@pytest.fixture
def pair(world):
    """Both doors and the space between them, in which one referral has gone."""
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    blanc.receive(chateauroux)
    blanc.exchange()
    chateauroux.exchange()
    return blanc, chateauroux, pair_of(blanc, chateauroux)


def settlement(door: Door) -> Settlement:
    return Settlement(door.port, door.registry, door.keyring.epoch_keys)


class Thief:
    """Two chains that go on from the same bundle: what the machine wrote, and what a thief did."""

    def __init__(self, blanc: Door, space, *, length: int = 3):
        self.true, self.forged = Forger(blanc, space.id), Forger(blanc, space.id)
        self.forged.counter = 5_000
        self.chain = [self.true.bundle(self.true.event()) for _ in range(length)]
        self.fork = [self.forged.bundle(self.forged.event()) for _ in range(length)]
        self.names = sorted(f"Exemple {1_001 + place}" for place in range(length))

    def removal(self, blanc: Door, *, name: bytes, sequence: int, at_s: int = 1, by=None) -> bytes:
        """The removal that accepts a chain up to a bundle."""
        head = (self.true.space, self.true.incarnation, sequence, name)
        body = Revocation(target=blanc.keyring.machine.id, at_s=at_s, accepted=(head,))
        return sign_statement(body, (by or blanc.membership.root()).private_key)


def learn(door: Door, *statements: bytes) -> None:
    door.port.keep_statements({statement_name(data): data for data in statements})


@pytest.fixture
def robbed(pair):
    """Châteauroux learns of the removal of Le Blanc's machine before it pulls its last bundles."""
    blanc, chateauroux, space = pair
    thief = Thief(blanc, space)
    learn(chateauroux, thief.removal(blanc, name=thief.chain[-1][0], sequence=4))
    return chateauroux, thief


def test_another_bundle_at_the_accepted_place_is_refused(robbed):
    chateauroux, thief = robbed
    here = settlement(chateauroux)
    reasons = [here.settle(*bundle).reason for bundle in thief.fork]
    assert reasons == ["unproven"] * 3
    assert here.retry() == []
    assert shown(chateauroux) == [KNOWN]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_accepted_chain_settles_in_whatever_order_it_comes(robbed, order):
    chateauroux, thief = robbed
    for place in order:
        here = settlement(chateauroux)
        here.settle(*thief.chain[place])
        here.retry()
    assert shown(chateauroux) == [*thief.names, KNOWN]
    assert chateauroux.reasons() == []


ORDERS = ["TTTFFF", "FFFTTT", "TFTFTF", "FTFTFT", "TFFFTT", "FFTTTF"]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("backwards", [False, True], ids=["", "backwards"])
def test_forged_chain_never_settles_beside_the_true_one(robbed, order, backwards):
    chateauroux, thief = robbed
    step = -1 if backwards else 1
    true, forged = iter(thief.chain[::step]), iter(thief.fork[::step])
    for sign in order:
        settlement(chateauroux).settle(*next(true if sign == "T" else forged))
    assert settlement(chateauroux).retry() is not None
    assert shown(chateauroux) == [*thief.names, KNOWN]
    assert set(chateauroux.reasons()) == {"forked"}


def test_what_leaves_the_true_chain_half_way_is_refused(pair):
    blanc, chateauroux, space = pair
    thief = Thief(blanc, space)
    learn(chateauroux, thief.removal(blanc, name=thief.chain[-1][0], sequence=4))
    thief.forged.sequence, thief.forged.previous = 2, thief.chain[0][0]
    other = thief.forged.bundle(thief.forged.event())
    here = settlement(chateauroux)
    for bundle in (thief.chain[0], other, *thief.chain[1:]):
        here.settle(*bundle)
    here.retry()
    assert shown(chateauroux) == [*thief.names, KNOWN]
    assert settlement(chateauroux).retry() == []
    assert chateauroux.reasons() == ["forked"]


def test_what_was_settled_before_the_removal_was_known_stays(pair):
    blanc, chateauroux, space = pair
    thief = Thief(blanc, space)
    here = settlement(chateauroux)
    assert [here.settle(*bundle).reason for bundle in thief.fork[:2]] == ["", ""]
    learn(chateauroux, thief.removal(blanc, name=thief.chain[-1][0], sequence=4))
    after = settlement(chateauroux)
    for bundle in (*thief.chain, thief.fork[2]):
        after.settle(*bundle)
    after.retry()
    assert shown(chateauroux) == ["Exemple 5001", "Exemple 5002", KNOWN]
    assert set(chateauroux.reasons()) == {"forked", "unproven"}


def test_two_removals_that_name_two_chains_accept_neither_until_one_signs_again(pair):
    blanc, chateauroux, space = pair
    thief = Thief(blanc, space)
    authority = blanc.world.authority
    learn(
        chateauroux,
        thief.removal(blanc, name=thief.chain[-1][0], sequence=4),
        thief.removal(blanc, name=thief.fork[-1][0], sequence=4, by=authority),
    )
    here = settlement(chateauroux)
    assert {here.settle(*bundle).reason for bundle in thief.chain} == {"revoked"}
    learn(
        chateauroux,
        thief.removal(blanc, name=thief.chain[-1][0], sequence=4, by=authority, at_s=2),
    )
    settlement(chateauroux).retry()
    assert shown(chateauroux) == [*thief.names, KNOWN]


def test_a_shorter_chain_that_another_removal_names_is_the_one_that_counts(pair):
    blanc, chateauroux, space = pair
    thief = Thief(blanc, space)
    learn(
        chateauroux,
        thief.removal(blanc, name=thief.chain[2][0], sequence=4),
        thief.removal(blanc, name=thief.chain[1][0], sequence=3, by=blanc.world.authority),
    )
    here = settlement(chateauroux)
    for bundle in thief.chain:
        here.settle(*bundle)
    here.retry()
    assert shown(chateauroux) == [*thief.names[:2], KNOWN]
    assert chateauroux.reasons() == ["revoked"]


def test_what_is_unproven_is_not_pulled_again_unless_something_contradicts_it(robbed):
    chateauroux, thief = robbed
    here = settlement(chateauroux)
    for bundle in thief.fork[:2]:
        here.settle(*bundle)
    space, incarnation = thief.true.space, thief.true.incarnation
    assert here.held(space)[incarnation] == 3
    assert settlement(chateauroux).held(space)[incarnation] == 3
    here.settle(*thief.chain[2])  # it names another bundle than the one held before it
    assert here.held(space)[incarnation] == 2
    here.settle(*thief.chain[1])
    assert here.held(space)[incarnation] == 1


def test_desk_with_a_forged_chain_gets_the_true_one_from_the_relay(robbed):
    chateauroux, thief = robbed
    here = settlement(chateauroux)
    for bundle in thief.fork:
        here.settle(*bundle)
    chateauroux.world.relay.bundles |= dict(thief.chain)
    for _ in range(4):
        chateauroux.exchange()
    assert shown(chateauroux) == [*thief.names, KNOWN]
    assert set(chateauroux.reasons()) == {"forked"}


def test_late_work_waits_behind_the_accepted_chain(robbed):
    chateauroux, thief = robbed
    late = thief.true.bundle(thief.true.event())
    here = settlement(chateauroux)
    for bundle in (late, *thief.chain):
        here.settle(*bundle)
    here.retry()
    assert shown(chateauroux) == [*thief.names, KNOWN]
    assert chateauroux.reasons() == ["revoked"]


def test_what_nothing_can_prove_any_more_is_taken_when_a_person_accepts_it(world):
    second, blanc = joined(world, "blanc"), world["blanc"]
    second.receive()
    second.exchange()  # on the relay, and nobody has pulled it yet
    head = (own_space(blanc), second.port.incarnation(), 2, bytes(32))  # which is lost
    body = Revocation(target=second.keyring.machine.id, at_s=1, accepted=(head,))
    learn(blanc, sign_statement(body, world.authority.private_key))
    blanc.exchange()
    assert blanc.reasons() == ["unproven"]
    removal = Removal(blanc.port, blanc.desk.clock)
    assert removal.accept_late(second.keyring.machine.id.hex()).bundles == 1
    blanc.exchange()
    assert blanc.reasons() == []


def test_nobody_accepts_one_of_two_chains_unseen(world):
    second, blanc = joined(world, "blanc"), world["blanc"]
    second.receive()
    for door in (second, blanc):
        door.exchange()
    thief = Thief(second, second.desk.own_structure().space)
    head = (thief.true.space, thief.true.incarnation, 9, bytes(32))
    body = Revocation(target=second.keyring.machine.id, at_s=1, accepted=(head,))
    learn(blanc, sign_statement(body, world.authority.private_key))
    here = settlement(blanc)
    reasons = {here.settle(*bundle).reason for bundle in (*thief.chain, *thief.fork)}
    assert reasons == {"unproven"}
    with pytest.raises(NothingLateError):
        Removal(blanc.port, blanc.desk.clock).accept_late(second.keyring.machine.id.hex())
