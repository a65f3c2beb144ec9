"""Of a removed machine the relay keeps the chain that its removal names; a thief holds its key."""

import hashlib

import pytest

from sync.lacking import LACKING_NAME, LackingRange, read_lacking
from sync.statements import Revocation, sign_statement

pytestmark = pytest.mark.network


class Robbed:
    """A machine whose key was stolen, removed; the relay lacks its bundles, another holds them."""

    def __init__(self, relay):
        structure = relay.region.structure()
        self.stolen, self.honest = structure.machine(), structure.machine()
        relay.admitted(self.stolen)
        self.true, self.forged = self._chain(), self._chain()
        head = (self.space, self.stolen.incarnation, 3, self.true[-1][0])
        body = Revocation(target=self.stolen.id, at_s=1, accepted=(head,))
        removal = sign_statement(body, structure.root.private_key)
        self.link = relay.admitted(self.honest, removal)

    @property
    def space(self) -> bytes:
        return self.stolen.own_space

    def _chain(self) -> list[tuple[bytes, bytes]]:
        self.stolen.go_on_from(self.space, 0, b"")
        return [self.stolen.bundle() for _ in range(3)]

    def push(self, *bundles: tuple[bytes, bytes]) -> list[str]:
        """Push bundles, and say of each why it was refused, nothing when it was kept."""
        answer = self.link.push([(*one, 0) for one in bundles])
        refused = {one.name: one.code for one in answer.refused}
        assert len(answer.receipts) == len(bundles) - len(refused)
        return [refused.get(name, "") for name, _ in bundles]

    def kept(self) -> list[tuple[bytes, bytes]]:
        return list(self.link.pull({self.space: {}}, None))

    def lacking(self) -> tuple[LackingRange, ...]:
        above = {self.space: {self.stolen.incarnation: 3}}
        found = [data for name, data in self.link.pull(above, None) if name == LACKING_NAME]
        return tuple(read_lacking(found[0])) if found else ()


@pytest.fixture
def robbed(relay):
    return Robbed(relay)


def test_another_bundle_at_the_accepted_place_is_refused(robbed):
    assert robbed.push(*robbed.forged) == ["", "", "revoked"]


def test_accepted_chain_is_kept_in_whatever_order_it_comes(robbed):
    assert robbed.push(robbed.true[1]) == [""]
    assert robbed.push(robbed.true[2]) == [""]
    assert robbed.push(robbed.true[0]) == [""]
    assert robbed.kept() == robbed.true


def test_what_the_accepted_chain_does_not_hold_is_refused_once_that_is_known(robbed):
    assert robbed.push(*robbed.true[1:]) == ["", ""]
    assert robbed.push(robbed.forged[0]) == ["revoked"]
    assert robbed.push(robbed.true[0]) == [""]


def test_accepted_chain_takes_the_places_of_a_forged_one(robbed):
    assert robbed.push(*robbed.forged[:2]) == ["", ""]
    assert robbed.push(*robbed.true) == ["", "", ""]
    assert robbed.kept() == robbed.true


def test_forged_bundle_that_the_accepted_one_contradicts_lacks_and_comes_again(robbed):
    robbed.push(*robbed.forged[:2])
    assert robbed.push(robbed.true[2]) == [""]
    place = {"space": robbed.space, "incarnation": robbed.stolen.incarnation}
    assert robbed.lacking() == (LackingRange(**place, first=2, last=2),)
    assert robbed.push(robbed.true[1]) == [""]
    assert robbed.lacking() == (LackingRange(**place, first=1, last=1),)
    assert robbed.push(robbed.true[0]) == [""]
    assert robbed.lacking() == ()
    assert robbed.kept() == robbed.true


def test_forged_bundle_gets_no_receipt_beside_what_contradicts_it(robbed):
    data = robbed.stolen.bundle_at(robbed.space, 2, robbed.true[0][0])
    other = (hashlib.sha256(data).digest(), data)
    assert robbed.push(other, robbed.true[2]) == ["revoked", ""]
    assert robbed.kept() == robbed.true[2:]
