"""Statements both ways: in slices that survive a cut, and nothing when nothing is new."""

import pytest

from sync.errors import LinkCutError
from sync.sealing import Sealing
from sync.statement_sharing import FETCHED_AT_ONCE, SENT_AT_ONCE_BYTES
from sync.statements import StructureKeyWrap, Wrap, sign_statement, statement_name
from tests.exchange.desks import Door, joining
from tests.exchange.forging import pair_of
from tests.exchange.links import cut_link


def many_keys(door: Door, partner: Door, epochs: int) -> None:
    """Make enough wrapped keys for several slices."""
    sealing = Sealing(door.port, door.registry, door.keyring)
    for _ in range(epochs):
        sealing.new_epoch(pair_of(door, partner))


def test_many_statements_leave_in_slices_that_each_hold_together(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    many_keys(blanc, chateauroux, 20)
    # A relay that lost everything is told everything again, what others rest on first.
    world.relay.statements.clear()
    link, slices = blanc.transport(), []
    send = link.send_statements

    def noted(statements):
        slices.append(sum(map(len, statements)))
        return send(statements)

    link.send_statements = noted
    assert blanc.exchange(link).refused == ()
    assert len(slices) > 1
    assert max(slices) <= SENT_AT_ONCE_BYTES
    # The structure that has not exchanged since is known again by what others hold of it.
    assert world.relay.registry.profiles.keys() == blanc.registry.profiles.keys()


def test_statements_that_came_before_a_cut_are_not_fetched_again(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    many_keys(blanc, chateauroux, FETCHED_AT_ONCE // 2 + 2)
    blanc.exchange()
    before = len(chateauroux.port.statements())
    link = cut_link(chateauroux.transport(), 2, after=True, calls=["fetch_statements"])
    with pytest.raises(LinkCutError):
        chateauroux.exchange(link)
    assert len(chateauroux.port.statements()) == before + FETCHED_AT_ONCE
    link = chateauroux.transport()
    chateauroux.exchange(link)
    assert link.calls.count("fetch_statements") == 1
    space = pair_of(blanc, chateauroux).id
    assert len(chateauroux.registry.wraps(space)) == len(blanc.registry.wraps(space))


def test_list_is_asked_whole_again_while_the_relay_keeps_something_back(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    many_keys(blanc, chateauroux, 1)
    blanc.exchange()
    link = chateauroux.transport()
    link.fetch_statements = lambda names: ()
    chateauroux.exchange(link)
    chateauroux.exchange()
    space = pair_of(blanc, chateauroux).id
    assert len(chateauroux.registry.wraps(space)) == 2


def test_statements_that_were_not_asked_for_are_not_kept(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    many_keys(blanc, chateauroux, 1)
    blanc.exchange()
    link = chateauroux.transport()
    fetch = link.fetch_statements
    link.fetch_statements = lambda names: (*fetch(names), b"noise")
    chateauroux.exchange(link)
    assert b"noise" not in chateauroux.port.statements()


def test_bytes_kept_that_are_no_statement_stop_nothing(world):
    blanc = world["blanc"]
    noise = b"from an older program, perhaps"
    blanc.port.keep_statements({statement_name(noise): noise})
    link = blanc.transport()
    assert blanc.exchange(link).refused == ()
    assert statement_name(noise) not in world.relay.statements


def test_keys_that_a_member_wrapped_wrong_are_passed_over(world):
    blanc, chateauroux = world["blanc"], world["chateauroux"]
    careless = chateauroux.keyring.machine
    many_keys(chateauroux, blanc, 1)
    wrong_epoch = Wrap(
        machine=careless.id,
        space=pair_of(blanc, chateauroux).id,
        epoch=bytes(16),
        number=9,
        recipient=blanc.desk.own_structure().id,
        generation=1,
        sealed=bytes(1_200),
    )
    own = blanc.keyring.machine
    wrong_key = StructureKeyWrap(
        machine=own.id,
        structure=blanc.desk.own_structure().id,
        generation=1,
        recipient=own.id,
        sealed=bytes(1_200),
    )
    for made in (
        sign_statement(wrong_epoch, careless.sign.private_key),
        sign_statement(wrong_key, own.sign.private_key),
    ):
        blanc.port.keep_statements({statement_name(made): made})
    chateauroux.exchange()
    blanc.receive(chateauroux)
    assert blanc.exchange().refused == ()
    assert blanc.counts().pending == 0
    assert chateauroux.exchange().pulled == 1
    assert (pair_of(blanc, chateauroux).id, bytes(16)) not in blanc.keyring.epochs


def test_second_machine_passes_over_a_structure_key_wrapped_wrong(world):
    blanc = world["blanc"]
    second, spoken = joining(world, "blanc")
    blanc.exchange()
    second.exchange()
    blanc.exchange()
    blanc.membership.admit(spoken)
    own = blanc.keyring.machine
    wrong = StructureKeyWrap(
        machine=own.id,
        structure=blanc.desk.own_structure().id,
        generation=1,
        recipient=second.keyring.machine.id,
        sealed=bytes(1_200),
    )
    made = sign_statement(wrong, own.sign.private_key)
    blanc.port.keep_statements({statement_name(made): made})
    blanc.exchange()
    second.exchange()
    assert second.keyring.structure_keys.keys() == {1}
