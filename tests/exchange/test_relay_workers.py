"""Two relay processes over one database behave as one: none holds anything of its own."""

import os
import threading
import time

import pytest

from sync.errors import RelayRefusedError
from sync.frames import encode_frame
from sync.statements import Revocation, sign_statement
from sync.wire import space_name
from tests.raw_calls import begun_push, sent, signed

pytestmark = pytest.mark.network


@pytest.fixture
def second(own_relay):
    """Another process over the database of `own_relay`."""
    beside = own_relay.beside()
    beside.start()
    yield beside
    beside.close()
    assert beside.log == ""
    assert own_relay.log == ""


def in_threads(*works):
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_both_have_one_key(own_relay, second):
    machine = own_relay.region.structure().machine()
    assert second.relay_key == own_relay.relay_key
    for relay in (own_relay, second):
        assert relay.transport(machine).hello()


def test_what_is_pushed_on_one_is_pulled_from_the_other(own_relay, second):
    structure = own_relay.region.structure()
    writer, reader = structure.machine(), structure.machine()
    pushing, pulling = own_relay.admitted(writer), second.admitted(reader)
    for _ in range(5):
        bundle = writer.bundle()
        receipts = pushing.push([(*bundle, 0)]).receipts
        assert pulling.offsets([bundle[0]]).receipts == receipts
        assert bundle in list(pulling.pull({writer.own_space: {}}, None))
        pushing, pulling = second.transport(writer), own_relay.transport(reader)


def test_machine_introduced_to_one_is_known_to_the_other(own_relay, second):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    assert len(second.transport(machine).push([(*machine.bundle(), 0)]).receipts) == 1


def test_machine_removed_on_one_is_refused_by_the_other_at_once(own_relay, second):
    structure = own_relay.region.structure()
    staying, leaving = structure.machine(), structure.machine()
    own_relay.admitted(staying)
    last = second.admitted(leaving)
    last.push([(*leaving.bundle(), 0)])
    removal = Revocation(target=leaving.id, at_s=int(time.time()), accepted=())
    signed_removal = sign_statement(removal, structure.root.private_key)
    assert not own_relay.transport(staying).send_statements([signed_removal]).refused
    with pytest.raises(RelayRefusedError) as refused:
        last.push([(*leaving.bundle(), 0)])
    assert refused.value.facts["refusal"] == "revoked"


def test_request_that_one_took_is_refused_by_the_other(own_relay, second):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    for first, then in ((own_relay, second), (second, own_relay)):
        nonce, created = os.urandom(16), int(time.time())
        told = [
            sent(
                signed(relay, machine.signer, "GET", "/v1/statements", nonce=nonce, created=created)
            )
            for relay in (first, then)
        ]
        assert told == [(200, ""), (401, "nonce_seen")]


def test_one_request_sent_to_both_at_once_is_taken_by_one(own_relay, second):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    second.transport(machine).hello()
    for _ in range(10):
        nonce, created, told = os.urandom(16), int(time.time()), []

        def ask(relay, nonce=nonce, created=created, told=told):
            request = signed(
                relay, machine.signer, "GET", "/v1/statements", nonce=nonce, created=created
            )
            told.append(sent(request))

        in_threads(lambda ask=ask: ask(own_relay), lambda ask=ask: ask(second))
        assert sorted(told) == [(200, ""), (401, "nonce_seen")]


def test_upload_begun_on_one_ends_on_the_other_at_the_byte(own_relay, second):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    there = second.transport(machine)
    name, data = machine.bundle(size=90_000)
    begun, relays = 0, (own_relay, second)
    for turn, end in enumerate((20_000, 41_000, 66_000)):
        frame = encode_frame(name, data, begun)
        some = frame[: 40 + end - begun]
        with begun_push(relays[turn % 2], machine.signer, len(frame), some):
            deadline = time.monotonic() + 20
            while begun < end and time.monotonic() < deadline:
                begun = there.offsets([name]).offsets[name]
        assert begun == end
    answer = there.push([(name, data, begun)])
    assert len(answer.receipts) == 1
    own = own_relay.transport(machine)
    assert own.offsets([name]).receipts == answer.receipts
    assert list(own.pull({machine.own_space: {}}, None)) == [(name, data)]


def test_same_bundles_pushed_to_both_at_once_get_one_receipt_each(own_relay, second):
    structure = own_relay.region.structure()
    author, bearer = structure.machine(), structure.machine()
    links = [own_relay.admitted(author), second.admitted(bearer)]
    bundles = [author.bundle(size=2_000) for _ in range(60)]
    receipts = [{}, {}]

    def push(turn):
        # Against each other, so that they meet, and hold rows that the other wants.
        for name, data in bundles if turn else reversed(bundles):
            answer = links[turn].push([(name, data, 0)])
            assert answer.refused == ()
            (receipts[turn][name],) = answer.receipts

    in_threads(lambda: push(0), lambda: push(1))
    assert receipts[0] == receipts[1]
    assert receipts[0].keys() == {name for name, _ in bundles}
    assert own_relay.count()["bundles"] == len(bundles)


def test_machines_that_introduce_themselves_to_both_at_once_are_known_to_both(own_relay, second):
    structures = [own_relay.region.structure() for _ in range(2)]
    crowds = [[structure.machine() for _ in range(12)] for structure in structures]
    relays = (own_relay, second)

    def admit(turn):
        for machine in crowds[turn]:
            relays[turn].admitted(machine)

    in_threads(lambda: admit(0), lambda: admit(1))
    for turn, crowd in enumerate(crowds):
        for machine in crowd:
            other = relays[1 - turn].transport(machine)
            assert len(other.push([(*machine.bundle(), 0)]).receipts) == 1
    assert own_relay.count()["machines"] == 24


def test_pair_of_structures_exchanges_through_both(own_relay, second):
    here, there = (own_relay.region.structure().machine() for _ in range(2))
    members = (here.structure.id, there.structure.id)
    pair = space_name(2, members)
    link, other = own_relay.admitted(here), second.admitted(there)
    assert not link.send_statements([here.space_statement(*members)]).refused
    question, answer = here.bundle(pair), there.bundle(pair)
    link.push([(*question, 0)])
    assert list(other.pull({pair: {}}, None)) == [question]
    other.push([(*answer, 0)])
    assert list(link.pull({pair: {here.incarnation: 1}}, None)) == [answer]


def test_one_that_dies_leaves_the_other_serving(own_relay, second):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    large = machine.bundle(size=200_000)
    frame = encode_frame(*large)
    with begun_push(own_relay, machine.signer, len(frame), frame[:150_000]):
        own_relay.kill()
    there = second.transport(machine)
    assert len(there.push([(*machine.bundle(), 0)]).receipts) == 1
    begun = there.offsets([large[0]]).offsets[large[0]]
    assert len(there.push([(*large, begun)]).receipts) == 1
    own_relay.start()
    assert len(own_relay.transport(machine).offsets([large[0]]).receipts) == 1
