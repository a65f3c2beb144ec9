"""A relay restored from an older backup says what it lacks of what its caller holds."""

import os

import pytest
from sqlalchemy import delete

from sync.frames import encode_frame
from sync.heads import heads_mark
from sync.lacking import (
    LACKING_NAME,
    RANGES_MAX,
    LackingRange,
    encode_lacking,
    read_lacking,
)
from sync.relay.tables import bundles
from sync.relay_port import PartialBundle
from sync.statements import Revocation, SpaceStatement, read_statement, sign_statement
from sync.transfer import PullReader
from sync.wire import space_name

pytestmark = pytest.mark.network


def forget(relay, machine, *sequences, space=None):
    """Take bundles out of the database behind the relay's back, as an older backup would."""
    with relay.behind() as database:
        for sequence in sequences:
            done = database.execute(
                delete(bundles).where(
                    bundles.c.space == (space or machine.own_space),
                    bundles.c.incarnation == machine.incarnation,
                    bundles.c.sequence == sequence,
                )
            )
            assert done.rowcount == 1


def pulled(transport, above):
    """The ranges told as lacking, and what came after them."""
    found = list(transport.pull(above, None))
    if found and found[0][0] == LACKING_NAME:
        return list(read_lacking(found[0][1])), found[1:]
    return [], found


def lacks(machine, first, last, space=None):
    return LackingRange(
        space=space or machine.own_space,
        incarnation=machine.incarnation,
        first=first,
        last=last,
    )


@pytest.fixture
def machine(relay):
    return relay.region.structure().machine()


def pushed(transport, machine, count, space=None):
    bundles = [machine.bundle(space) for _ in range(count)]
    assert len(transport.push([(*bundle, 0) for bundle in bundles]).receipts) == count
    return bundles


def test_nothing_is_told_when_nothing_lacks(relay, machine):
    transport = relay.admitted(machine)
    bundles = pushed(transport, machine, 5)
    for held in range(6):
        above = {machine.own_space: {machine.incarnation: held}}
        assert pulled(transport, above) == ([], bundles[held:])


def test_mark_of_what_is_kept_is_that_of_a_desk_that_holds_it_and_of_no_other(relay, machine):
    transport = relay.admitted(machine)
    pushed(transport, machine, 3)
    told = [read_statement(data).body for data in machine.introduction()]
    held = {one.space: {} for one in told if isinstance(one, SpaceStatement)}
    held[machine.own_space] = {machine.incarnation: 3}
    assert transport.greet(None).heads == heads_mark(held)
    forget(relay, machine, 2)
    assert transport.greet(None).heads == ""


def test_restored_relay_says_what_it_lacks_and_then_gives_what_it_has(relay, machine):
    transport = relay.admitted(machine)
    bundles = pushed(transport, machine, 12)
    forget(relay, machine, 1, 4, 5, 9, 12)
    above = {machine.own_space: {machine.incarnation: 9}}
    ranges, given = pulled(transport, above)
    assert ranges == [lacks(machine, 1, 1), lacks(machine, 4, 5), lacks(machine, 9, 9)]
    assert given == bundles[9:11]
    ranges, given = pulled(transport, {machine.own_space: {machine.incarnation: 12}})
    assert ranges[-1] == lacks(machine, 12, 12)
    assert given == []


def test_what_was_sent_again_lacks_no_more(relay, machine):
    transport = relay.admitted(machine)
    bundles = pushed(transport, machine, 3)
    forget(relay, machine, 2, 3)
    above = {machine.own_space: {machine.incarnation: 3}}
    assert pulled(transport, above) == ([lacks(machine, 2, 3)], [])
    transport.push([(*bundles[1], 0), (*bundles[2], 0)])
    assert pulled(transport, above) == ([], [])


def test_another_member_sends_again_what_a_stopped_machine_wrote(relay, machine):
    other = machine.structure.machine()
    bundles = pushed(relay.admitted(machine), machine, 2)
    forget(relay, machine, 1)
    transport = relay.admitted(other)
    above = {machine.own_space: {machine.incarnation: 2, other.incarnation: 0}}
    assert pulled(transport, above) == ([lacks(machine, 1, 1)], [])
    assert len(transport.push([(*bundles[0], 0)]).receipts) == 1
    assert pulled(transport, above) == ([], [])


def test_relay_that_forgot_everything_of_a_space_asks_for_all_of_it(relay, machine):
    transport = relay.admitted(machine)
    above = {machine.own_space: {machine.incarnation: 700}}
    assert pulled(transport, above) == ([lacks(machine, 1, 700)], [])


def test_incarnation_that_is_no_member_s_is_asked_of_nobody(relay, machine):
    stranger = relay.region.structure().machine()
    relay.admitted(stranger)
    transport = relay.admitted(machine)
    above = {machine.own_space: {os.urandom(8): 5, stranger.incarnation: 5}}
    assert pulled(transport, above) == ([], [])


def test_what_a_removed_machine_wrote_beyond_its_last_accepted_bundle_does_not_lack(relay, machine):
    other = machine.structure.machine()
    bundles = pushed(relay.admitted(machine), machine, 4)
    transport = relay.admitted(other)
    body = Revocation(
        target=machine.id,
        at_s=1,
        accepted=((machine.own_space, machine.incarnation, 2, bundles[1][0]),),
    )
    transport.send_statements([sign_statement(body, machine.structure.root.private_key)])
    forget(relay, machine, 2, 3, 4)
    above = {machine.own_space: {machine.incarnation: 4}}
    assert pulled(transport, above) == ([lacks(machine, 2, 2)], [])


def test_each_space_is_looked_at_in_its_order(relay, machine):
    other = relay.region.structure().machine()
    members = (machine.structure.id, other.structure.id)
    pair = space_name(2, members)
    relay.admitted(other)
    transport = relay.admitted(machine, machine.space_statement(*members))
    pushed(transport, machine, 2)
    pushed(transport, machine, 3, pair)
    forget(relay, machine, 1)
    forget(relay, machine, 2, space=pair)
    above = {space: {machine.incarnation: 2} for space in (machine.own_space, pair)}
    ranges, given = pulled(transport, above)
    expected = [lacks(machine, 1, 1), lacks(machine, 2, 2, pair)]
    assert ranges == sorted(expected, key=lambda one: one.space)
    assert len(given) == 1


def test_at_most_a_thousand_ranges_are_told_at_once(relay, machine):
    transport = relay.admitted(machine)
    pushed(transport, machine, 2_010)
    forget(relay, machine, *range(1, 2_010, 2))
    above = {machine.own_space: {machine.incarnation: 2_010}}
    ranges, _ = pulled(transport, above)
    assert len(ranges) == RANGES_MAX
    assert ranges[0] == lacks(machine, 1, 1)
    assert ranges[-1] == lacks(machine, 1_999, 1_999)


def test_what_is_lacking_is_told_whole_whatever_the_caller_resumes(relay, machine):
    transport = relay.admitted(machine)
    pushed(transport, machine, 2)
    forget(relay, machine, 1)
    above = {machine.own_space: {machine.incarnation: 1}}
    whole = list(transport.pull(above, None))
    reader = PullReader(None)
    assert list(reader.feed(encode_frame(*whole[0])[:50])) == []
    assert reader.interrupted is None
    ours = PartialBundle(name=LACKING_NAME, data=bytes(10))
    assert list(transport.pull(above, ours)) == whole


def test_frame_of_what_is_lacking_passes_like_any_other():
    told = encode_lacking([LackingRange(space=bytes(16), incarnation=bytes(8), first=1, last=2)])
    reader, body = PullReader(None), encode_frame(LACKING_NAME, told)
    assert [one for octet in body for one in reader.feed(bytes([octet]))] == [(LACKING_NAME, told)]
    reader.finish()
