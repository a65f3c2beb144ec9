"""Machines that leave, machines that join."""

from sync.statements import read_statement, sign_statement
from tests.exchange.parties import NOW_S, Machine, epoch
from tests.exchange.small_world import (
    ALL,
    N1,
    N2,
    NORTH,
    PAIR,
    REGION,
    S1,
    SOUTH,
    STRANGER,
    TOKEN,
    reason,
    registry,
)


def test_a_removed_machine_stays_known_and_acts_no_more():
    accepted = ((NORTH.space, N2.incarnation, 3, bytes(32)),)
    for removal in (NORTH.revoke(N2.id, accepted), REGION.revoke(N2.id, accepted)):
        known = registry(*ALL.values(), removal)
        assert known.is_revoked(N2.id)
        assert known.machine_is_member(NORTH.space, N2.id)
        assert not known.machine_may(NORTH.space, N2.id)
        assert known.machine_may(NORTH.space, N1.id)
        assert known.accepted_sequence(N2.id, NORTH.space, N2.incarnation) == 3
        assert known.accepted_sequence(N2.id, PAIR, N2.incarnation) == 0
        assert known.accepted_sequence(N1.id, NORTH.space, N1.incarnation) is None


def test_removing_a_structure_removes_its_machines():
    for removal in (REGION.revoke(NORTH.id), NORTH.revoke(NORTH.id)):
        known = registry(*ALL.values(), removal)
        assert known.is_revoked(NORTH.id)
        assert known.is_revoked(N1.id)
        assert not known.machine_may(PAIR, N1.id)
        assert known.machine_may(PAIR, S1.id)
        assert known.accepted_sequence(N1.id, NORTH.space, N1.incarnation) == 0


def test_a_removal_by_a_stranger_waits_for_its_signer():
    removal = SOUTH.revoke(N1.id)
    known = registry(*ALL.values(), removal)
    assert reason(known, removal) == "unknown_signer"
    assert not known.is_revoked(N1.id)


def test_of_one_signer_the_latest_removal_counts_and_across_signers_the_least():
    def removal(sequence, at_s):
        head = (NORTH.space, N2.incarnation, sequence, bytes(32))
        return NORTH.revoke(N2.id, (head,), at_s=at_s)

    def accepted(*removals):
        known = registry(*ALL.values(), *removals)
        return known.accepted_sequence(N2.id, NORTH.space, N2.incarnation)

    first, later = removal(3, NOW_S), removal(8, NOW_S + 1)
    assert accepted(first) == 3
    assert accepted(first, later) == accepted(later, first) == 8
    assert accepted(removal(8, NOW_S), removal(3, NOW_S + 1)) == 3
    assert accepted(removal(8, NOW_S), first) == 3
    by_region = REGION.revoke(N2.id, ((NORTH.space, N2.incarnation, 5, bytes(32)),))
    assert accepted(first, later, by_region) == 5
    assert accepted(first, by_region) == 3


def test_epoch_that_went_to_a_replaced_key_of_a_structure_seals_no_more():
    pair, later = epoch(PAIR, "to north"), epoch(PAIR, "to north 2", 2)
    known = registry(*ALL.values(), S1.wrap(pair, NORTH.profile(1)))
    assert pair.epoch not in known.sealing_epochs(PAIR)
    known = known.with_statements([S1.wrap(later, NORTH.profile(2))])
    assert known.sealing_epochs(PAIR)[0] == later.epoch


def test_nothing_is_sealed_any_more_under_a_key_that_a_removed_machine_knows():
    own = epoch(NORTH.space)
    known = registry(*ALL.values())
    assert known.sealing_epochs(NORTH.space) == (own.epoch,)
    removed = known.with_statements([NORTH.revoke(N2.id)])
    assert removed.sealing_epochs(NORTH.space) == ()
    following = epoch(NORTH.space, "next", 2)
    renewed = removed.with_statements([N1.wrap(following, ALL["n1"])])
    assert renewed.sealing_epochs(NORTH.space) == (following.epoch,)
    assert own.epoch in {wrap.epoch for wrap in renewed.wraps(NORTH.space)}


def test_a_removed_machine_exposes_what_its_structures_profile_received():
    pair, later = epoch(PAIR, "to north"), epoch(PAIR, "to north 2", 2)
    known = registry(*ALL.values(), S1.wrap(pair, NORTH.profile(1)), NORTH.revoke(N2.id))
    assert pair.epoch not in known.sealing_epochs(PAIR)
    known = known.with_statements([S1.wrap(later, NORTH.profile(2))])
    assert known.sealing_epochs(PAIR)[0] == later.epoch


def test_the_greatest_number_seals_then_the_greatest_name():
    epochs = [epoch(NORTH.space, label, number) for label, number in (("a", 1), ("b", 3), ("c", 3))]
    wraps = [N1.wrap(one, ALL["n1"]) for one in epochs]
    known = registry(ALL["north"], ALL["n1"], ALL["north space"], *wraps)
    assert known.sealing_epochs(NORTH.space)[-1] == epochs[0].epoch
    assert list(known.sealing_epochs(NORTH.space)[:2]) == sorted(
        (epochs[1].epoch, epochs[2].epoch),
        reverse=True,
    )


# Invitations.


def test_a_request_is_open_until_its_machine_is_signed():
    third = Machine("nord/3")
    known = registry(*ALL.values())
    assert list(known.open_requests().values()) == list(known.requests.values())
    joined = known.with_statements([NORTH.sign_machine(third.keys)])
    assert joined.open_requests() == {}


def test_an_invitation_is_consumed_by_the_first_machine_signed():
    second = STRANGER.ask_to_join(NORTH, TOKEN)
    known = registry(*ALL.values(), second, NORTH.sign_machine(Machine("nord/3").keys))
    (waiting,) = known.open_requests().values()
    assert waiting.machine == STRANGER.id
    assert known.is_token_consumed(waiting)
    assert not registry(*ALL.values(), second).is_token_consumed(waiting)


def test_a_request_shows_its_own_key():
    request = read_statement(ALL["request"]).body
    forged = sign_statement(request, STRANGER.keys.sign.private_key)
    assert reason(registry(*ALL.values(), forged), forged) == "bad_signature"


def test_a_removed_machine_invites_nobody():
    known = registry(*ALL.values(), NORTH.revoke(N1.id))
    assert known.invitations == {}
    assert reason(known, ALL["invitation"]) == "not_a_member"


def test_the_longest_of_several_invitations_with_one_token_stands():
    invitations = [N1.invite(NORTH, TOKEN, until_s=NOW_S + hours) for hours in range(1, 9)]
    known = registry(ALL["north"], ALL["n1"], *invitations)
    assert [body.until_s for body in known.invitations.values()] == [NOW_S + 8]
