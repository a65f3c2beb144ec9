"""A desk's transport against a real relay: what both promise when all goes well."""

import os
import time

import pytest

from sync.errors import (
    CertificateExpiredError,
    MachineRevokedError,
    NotAdmittedYetError,
    RelayRefusedError,
)
from sync.relay_port import PartialBundle
from sync.statements import (
    Invitation,
    JoinRequest,
    Receipt,
    Revocation,
    Wrap,
    read_statement,
    sign_statement,
    statement_name,
    token_hash,
    verify_statement,
)
from sync.wire import space_name
from tests.fakes.region import PAIR_SPACE

pytestmark = pytest.mark.network


def receipt_in(data: bytes, relay_key: bytes) -> Receipt:
    statement = read_statement(data)
    verify_statement(statement, relay_key)
    assert isinstance(statement.body, Receipt)
    return statement.body


def test_relay_proves_who_it_is_and_tells_the_time(relay):
    machine = relay.region.structure().machine()
    told = relay.transport(machine).hello()
    assert told.authority == relay.region.authority.id
    assert abs(told.offset_s) < 5


def test_unknown_machine_is_admitted_by_the_certificates_it_brings(relay):
    machine = relay.region.structure().machine()
    transport = relay.transport(machine)
    with pytest.raises(NotAdmittedYetError):
        transport.statement_names(None)
    answer = transport.send_statements(machine.introduction())
    assert answer.kept == tuple(map(statement_name, machine.introduction()))
    assert transport.statement_names(None).names >= set(answer.kept)


def test_certificate_by_a_root_that_the_region_did_not_certify_admits_nobody(relay):
    stranger = type(relay.region)().structure().machine()
    with pytest.raises(NotAdmittedYetError):
        relay.transport(stranger).send_statements(stranger.introduction())


def test_statements_that_have_not_changed_are_not_listed_again(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    told = transport.statement_names(None)
    assert transport.statement_names(told.etag) is None
    transport.send_statements([machine.space_statement(machine.structure.id, os.urandom(16))])
    assert transport.statement_names(told.etag).etag != told.etag


def test_spaces_are_known_to_their_members_only(relay):
    one, other, stranger = (relay.region.structure().machine() for _ in range(3))
    pair = one.space_statement(one.structure.id, other.structure.id)
    relay.admitted(one, pair)
    name = statement_name(pair)
    for machine, knows in ((other, True), (stranger, False)):
        transport = relay.admitted(machine)
        assert (name in transport.statement_names(None).names) is knows
        assert (pair in transport.fetch_statements([name])) is knows


def test_bundles_come_back_as_they_were_pushed_and_in_order(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    bundles = [machine.bundle(size=size) for size in (1, 300, 5_000, 200_000, 700)]
    answer = transport.push([(name, data, 0) for name, data in bundles])
    assert answer.refused == ()
    receipts = [receipt_in(receipt, relay.relay_key) for receipt in answer.receipts]
    assert [receipt.name for receipt in receipts] == [name for name, _ in bundles]
    assert [receipt.sequence for receipt in receipts] == [1, 2, 3, 4, 5]
    assert list(transport.pull({machine.own_space: {}}, None)) == bundles
    assert transport.interrupted is None


def test_only_what_lies_above_the_vector_is_pulled(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    bundles = [machine.bundle() for _ in range(5)]
    transport.push([(name, data, 0) for name, data in bundles])
    above = {machine.own_space: {machine.incarnation: 3}}
    assert list(transport.pull(above, None)) == bundles[3:]


def test_bundle_stored_late_below_others_is_still_pulled(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    first, second, third = (machine.bundle() for _ in range(3))
    transport.push([(*third, 0), (*first, 0)])
    assert list(transport.pull({machine.own_space: {machine.incarnation: 1}}, None)) == [third]
    transport.push([(*second, 0)])
    above = {machine.own_space: {machine.incarnation: 1}}
    assert list(transport.pull(above, None)) == [second, third]


def test_interrupted_download_goes_on_at_the_byte(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    bundles = [machine.bundle(size=100_000) for _ in range(2)]
    transport.push([(name, data, 0) for name, data in bundles])
    name, data = bundles[0]
    before = transport.bytes_down
    resume = PartialBundle(name=name, data=data[:99_000])
    assert list(transport.pull({machine.own_space: {}}, resume)) == bundles
    assert transport.bytes_down - before < 120_000


def test_beginning_that_is_not_the_bundle_s_gives_bytes_that_do_not_bear_its_name(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle()
    transport.push([(name, data, 0)])
    resume = PartialBundle(name=name, data=bytes(10))
    assert list(transport.pull({machine.own_space: {}}, resume)) == [(name, bytes(10) + data[10:])]


def test_stranger_to_a_space_neither_pulls_nor_pushes_there(relay):
    member, stranger = (relay.region.structure().machine() for _ in range(2))
    relay.admitted(member)
    transport = relay.admitted(stranger)
    with pytest.raises(RelayRefusedError) as refused:
        list(transport.pull({member.own_space: {}}, None))
    assert refused.value.facts == {"status": 403, "refusal": "unknown_space"}
    name, data = stranger.bundle(member.own_space)
    answer = transport.push([(name, data, 0), (*stranger.bundle(), 0)])
    assert [(one.name, one.code) for one in answer.refused] == [(name, "unknown_space")]
    assert len(answer.receipts) == 1


def test_space_that_does_not_exist_answers_like_one_of_others(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    unknown = space_name(PAIR_SPACE, [machine.structure.id, os.urandom(16)])
    with pytest.raises(RelayRefusedError) as refused:
        list(transport.pull({unknown: {}}, None))
    assert refused.value.facts["refusal"] == "unknown_space"


def test_member_may_hand_over_what_another_member_wrote(relay):
    structure = relay.region.structure()
    author, bearer = structure.machine(), structure.machine()
    relay.admitted(author)
    bundle = author.bundle()
    answer = relay.admitted(bearer).push([(*bundle, 0)])
    assert receipt_in(answer.receipts[0], relay.relay_key).incarnation == author.incarnation


def test_bundle_by_a_machine_outside_the_space_is_refused_to_members_too(relay):
    member, stranger = (relay.region.structure().machine() for _ in range(2))
    relay.admitted(stranger)
    answer = relay.admitted(member).push([(*stranger.bundle(member.own_space), 0)])
    assert [one.code for one in answer.refused] == ["not_a_member"]


def test_same_bytes_again_get_the_same_receipt(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle()
    first = transport.push([(name, data, 0)])
    again = transport.push([(name, data, 0), (name, data, len(data))])
    assert again.receipts == first.receipts * 2
    asked = transport.offsets([name])
    assert asked.receipts == first.receipts
    assert asked.offsets == {name: len(data)}


def test_offset_beyond_what_arrived_is_refused_alone(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    (name, data), following = machine.bundle(), machine.bundle()
    answer = transport.push([(name, data, 10), (*following, 0)])
    assert [(one.name, one.code) for one in answer.refused] == [(name, "wrong_offset")]
    assert len(answer.receipts) == 1


def test_bundles_that_are_not_what_they_say_stop_nothing(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle()
    forged = data[:-1] + bytes([data[-1] ^ 1])
    unknown = relay.region.structure().machine()
    wrong = [
        (os.urandom(32), data, "wrong_name"),
        (name_of(forged), forged, "bad_signature"),
        (name_of(b"DPB"), b"DPB", "malformed"),
        (*unknown.bundle(), "unknown_incarnation"),
    ]
    sent = [(one, some, 0) for one, some, _ in wrong]
    answer = transport.push([*sent, (name, data, 0)])
    assert [(one.name, one.code) for one in answer.refused] == [(n, code) for n, _, code in wrong]
    assert [receipt_in(one, relay.relay_key).name for one in answer.receipts] == [name]


def test_sequence_has_one_bundle_for_ever(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    first = machine.bundle_at(machine.own_space, 1, b"")
    second = machine.bundle_at(machine.own_space, 1, b"")
    transport.push([(name_of(first), first, 0)])
    answer = transport.push([(name_of(second), second, 0)])
    assert [one.code for one in answer.refused] == ["sequence_taken"]
    assert list(transport.pull({machine.own_space: {}}, None)) == [(name_of(first), first)]


def test_expired_machine_sends_and_does_not_receive(relay):
    machine = relay.region.structure().machine(until_s=int(time.time()) - 60)
    transport = relay.admitted(machine)
    assert len(transport.push([(*machine.bundle(), 0)]).receipts) == 1
    with pytest.raises(CertificateExpiredError):
        list(transport.pull({machine.own_space: {}}, None))
    own_wrap = machine.signs(
        Wrap(
            machine=machine.id,
            space=machine.own_space,
            epoch=bytes(16),
            number=1,
            recipient=machine.id,
            sealed=b"",
        )
    )
    answer = transport.send_statements([own_wrap])
    assert [one.code for one in answer.refused] == ["expired"]


def test_revoked_machine_is_refused_and_what_was_accepted_of_it_is_taken(relay):
    structure = relay.region.structure()
    removed, remaining = structure.machine(), structure.machine()
    late = relay.admitted(removed)
    (first, second) = removed.bundle(), removed.bundle()
    accepted = (removed.own_space, removed.incarnation, 1, first[0])
    revocation = sign_statement(
        Revocation(target=removed.id, at_s=1, accepted=(accepted,)), structure.root.private_key
    )
    transport = relay.admitted(remaining, revocation)
    with pytest.raises(MachineRevokedError):
        late.push([(*first, 0)])
    answer = transport.push([(*first, 0), (*second, 0)])
    assert len(answer.receipts) == 1
    assert [(one.name, one.code) for one in answer.refused] == [(second[0], "revoked")]


def test_second_root_for_a_reference_admits_nobody_until_the_first_is_removed(relay):
    reference = f"exemple/{os.urandom(4).hex()}"
    first, second = (relay.region.structure(reference) for _ in range(2))
    old, new = first.machine(), second.machine()
    bearer = relay.admitted(old)
    with pytest.raises(NotAdmittedYetError):
        relay.transport(new).send_statements(new.introduction())
    revocation = sign_statement(
        Revocation(target=first.id, at_s=1), relay.region.authority.private_key
    )
    bearer.send_statements([revocation])
    assert relay.admitted(new).statement_names(None).names


def test_new_machine_asks_to_join_with_a_token_and_learns_who_is_who(relay):
    structure = relay.region.structure()
    inviting, new = structure.machine(), structure.machine()
    token = os.urandom(16)
    invitation = inviting.signs(
        Invitation(
            machine=inviting.id,
            structure=structure.id,
            token_hash=token_hash(token),
            until_s=int(time.time()) + 3_600,
        )
    )
    relay.admitted(inviting, invitation)
    request = new.signs(
        JoinRequest(
            structure=structure.id,
            machine=new.id,
            sign=new.keys.sign.public,
            hpke=new.keys.hpke.public,
            token=token,
        )
    )
    transport = relay.transport(new)
    answer = transport.send_statements([request, new.incarnation_statement()])
    assert answer.kept == (statement_name(request),)
    known = transport.statement_names(None).names
    assert statement_name(inviting.certificate) in known
    assert statement_name(invitation) not in known
    with pytest.raises(NotAdmittedYetError):
        transport.push([(*new.bundle(), 0)])


def test_request_with_a_token_that_nobody_gave_is_refused(relay):
    structure = relay.region.structure()
    relay.admitted(structure.machine())
    new = structure.machine()
    request = new.signs(
        JoinRequest(
            structure=structure.id,
            machine=new.id,
            sign=new.keys.sign.public,
            hpke=new.keys.hpke.public,
            token=os.urandom(16),
        )
    )
    with pytest.raises(NotAdmittedYetError):
        relay.transport(new).send_statements([request])


def name_of(data: bytes) -> bytes:
    return statement_name(data)
