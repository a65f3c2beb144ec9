"""What is believed of checkpoints: who waits for whom, which epochs end, what seals."""

import pytest

from sync.certificates import Wait
from sync.registry import Registry
from sync.statements import StatementError, read_statement, statement_name
from tests.exchange.parties import Machine, Region, Structure, epoch, octets

REGION, NORTH = Region(), Structure("nord")
N1, N2, N3 = (Machine(f"nord/{number}") for number in (1, 2, 3))
OLD, NEW = epoch(NORTH.space, "old", 1), epoch(NORTH.space, "new", 2)
SIGNED = [NORTH.sign_machine(one.keys) for one in (N1, N2, N3)]
KNOWN = [
    REGION.certify(NORTH, directory="exemple/1"),
    NORTH.profile(),
    *SIGNED,
    *(one.live() for one in (N1, N2, N3)),
    N1.name_space(1, NORTH.id),
    *(N1.wrap(OLD, one) for one in SIGNED),
    *(N1.wrap(NEW, one) for one in SIGNED),
]
ALL = (N1.id, N2.id, N3.id)
PROPOSAL = N1.propose(NEW, ALL)
NAME = statement_name(PROPOSAL)


def registry(*more: bytes) -> Registry:
    return Registry(REGION.key.public, [*KNOWN, *more])


def test_a_checkpoint_waits_for_each_machine_that_it_names_but_its_author():
    assert registry(PROPOSAL).waits_for(NAME) == {N2.id, N3.id}
    assert registry(PROPOSAL, N2.confirm(PROPOSAL)).waits_for(NAME) == {N3.id}
    assert registry(PROPOSAL).complete_checkpoint(NORTH.space) is None


@pytest.mark.parametrize(
    "last",
    [
        N3.confirm(PROPOSAL),
        N2.declare_dormant(N3.id, PROPOSAL),
        NORTH.revoke(N3.id),
    ],
    ids=["confirmed", "dormant", "removed"],
)
def test_it_is_complete_when_it_waits_for_nobody(last):
    found = registry(PROPOSAL, N2.confirm(PROPOSAL), last)
    assert found.complete_checkpoint(NORTH.space) == read_statement(PROPOSAL).body
    assert found.last_complete(NORTH.space) == found.last_proposal(NORTH.space)
    assert found.last_complete(NORTH.space)[0] == NAME


def test_once_complete_it_stays_so_whoever_joins_or_leaves():
    fourth = Machine("nord/4")
    complete = registry(PROPOSAL, N2.confirm(PROPOSAL), N3.confirm(PROPOSAL))
    later = complete.with_statements(
        [NORTH.sign_machine(fourth.keys), NORTH.revoke(N1.id), NORTH.revoke(N2.id)]
    )
    assert later.complete_checkpoint(NORTH.space) == complete.complete_checkpoint(NORTH.space)


def test_an_epoch_ends_when_the_checkpoint_is_complete_and_its_wraps_are_forgotten():
    waiting = registry(PROPOSAL)
    assert not waiting.has_ended(NORTH.space, OLD.epoch)
    found = registry(PROPOSAL, N2.confirm(PROPOSAL), N3.confirm(PROPOSAL))
    assert found.has_ended(NORTH.space, OLD.epoch)
    assert not found.has_ended(NORTH.space, NEW.epoch)
    assert not found.has_ended(NORTH.space, octets("unknown epoch", 16))
    assert {wrap.epoch for wrap in found.wraps(NORTH.space)} == {NEW.epoch}
    assert found.exposed_by_age == {(N1.id, 0), (N2.id, 0), (N3.id, 0)}
    late = epoch(NORTH.space, "late", 1)
    later = found.with_statements([N1.wrap(late, SIGNED[0])])
    assert later.has_ended(NORTH.space, late.epoch)
    assert {wrap.epoch for wrap in later.wraps(NORTH.space)} == {NEW.epoch}


def test_nothing_is_sealed_under_an_older_epoch_once_a_checkpoint_is_proposed():
    assert registry().sealing_epochs(NORTH.space) == (NEW.epoch, OLD.epoch)
    assert registry(PROPOSAL).sealing_epochs(NORTH.space) == (NEW.epoch,)


def test_of_several_proposals_the_greatest_number_then_name_counts():
    rivals = [N2.propose(NEW, ALL, digest=octets(f"rival {n}")) for n in range(4)]
    counting = max([PROPOSAL, *rivals], key=statement_name)
    found = registry(PROPOSAL, *rivals)
    assert found.last_proposal(NORTH.space)[0] == statement_name(counting)
    later = N3.propose(NEW, ALL, number=2)
    assert found.with_statements([later]).last_proposal(NORTH.space)[1].number == 2


def test_it_is_not_believed_before_its_epoch_is_nor_from_strangers():
    unknown = N1.propose(epoch(NORTH.space, "unknown", 9), ALL)
    assert registry(unknown).waiting[statement_name(unknown)] == Wait.UNKNOWN_EPOCH
    stranger = Machine("ailleurs/1").propose(NEW, ALL)
    assert registry(stranger).waiting[statement_name(stranger)] == Wait.UNKNOWN_MACHINE
    confirmation = N2.confirm(PROPOSAL)
    waiting = registry(confirmation).waiting
    assert waiting[statement_name(confirmation)] == Wait.UNKNOWN_CHECKPOINT


def test_a_machine_left_out_is_back_once_it_has_confirmed():
    complete = registry(PROPOSAL, N2.confirm(PROPOSAL), N2.declare_dormant(N3.id, PROPOSAL))
    assert complete.dormant_machines(NORTH.space) == {N3.id}
    back = complete.with_statements([N3.confirm(PROPOSAL)])
    assert back.dormant_machines(NORTH.space) == frozenset()
    assert back.confirmed_by(NAME) == set(ALL)


def test_keys_are_wrapped_under_the_last_receiver_of_a_machine():
    body = read_statement(SIGNED[1]).body
    first, second = (N2.receive_under(NORTH, number) for number in (1, 2))
    found = registry(second, first)
    assert registry().receiving(body) == body
    assert found.receiving(body) == found.receiver(N2.id) == read_statement(second).body
    wrap = N1.wrap(NEW, second)
    assert not found.is_handed_epoch(NORTH.space, NEW.epoch, N2.id)
    assert found.with_statements([wrap]).is_handed_epoch(NORTH.space, NEW.epoch, N2.id)
    unknown = N1.wrap(NEW, N2.receive_under(NORTH, 3))
    assert found.with_statements([unknown]).waiting[statement_name(unknown)]


def test_a_cover_is_in_order_and_names_each_incarnation_once():
    one, other = sorted((N1.incarnation, N2.incarnation))
    good = ((one, 1, octets("name")), (other, 2, octets("name")))
    assert read_statement(N1.propose(NEW, ALL, cover=good)).body.cover == good
    for bad in (good[::-1], (good[0], good[0]), ((one, 0, octets("name")),)):
        with pytest.raises(StatementError):
            N1.propose(NEW, ALL, cover=bad)
    with pytest.raises(StatementError):
        N1.propose(NEW, ALL, chunks=(octets("chunk"), octets("chunk")))
