"""What the relay keeps of uploads that are cut, killed, repeated or too large."""

import os
import threading
import time
from contextlib import suppress
from itertools import pairwise

import pytest
from sqlalchemy import inspect

from sync.errors import LinkCutError, RelayRefusedError, SyncError
from sync.frames import encode_frame
from tests.raw_calls import begun_push, sent, signed

pytestmark = pytest.mark.network


def kept(transport, name, *, at_least, within_s=20):
    """Ask the relay until it keeps so many bytes of a bundle."""
    deadline = time.monotonic() + within_s
    while True:
        offset = transport.offsets([name]).offsets[name]
        if offset >= at_least or time.monotonic() > deadline:
            return offset


def test_upload_whose_request_never_ends_is_kept_and_resumed_at_the_byte(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle(size=50_000)
    frame = encode_frame(name, data)
    with begun_push(relay, machine.signer, len(frame), frame[: 40 + 12_345]):
        assert kept(transport, name, at_least=12_345) == 12_345
        before = transport.bytes_up
        answer = transport.push([(name, data, 12_345)])
    assert len(answer.receipts) == 1
    assert transport.bytes_up - before < len(data) - 12_345 + 2_000
    assert list(transport.pull({machine.own_space: {}}, None)) == [(name, data)]


def test_every_cut_of_a_bundle_is_kept_to_the_byte(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle(size=20_000)
    frame = encode_frame(name, data)
    cuts = [0, 1, 3_000, 4_095, 4_096, 4_097, 15_000, len(data) - 1]
    for start, end in pairwise(cuts):
        frame = encode_frame(name, data, start)
        link = begun_push(relay, machine.signer, len(frame), frame[: 40 + end - start])
        assert kept(transport, name, at_least=end) == end
        link.close()
    assert len(transport.push([(name, data, len(data) - 1)]).receipts) == 1


@pytest.mark.parametrize("around", [4_096, 8_192, 12_288, 16_384, 65_536])
@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_request_that_stops_beside_a_boundary_of_four_kilobytes_keeps_every_byte(
    relay, around, beside
):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    (whole, whole_data), (name, data) = machine.bundle(), machine.bundle(size=70_000)
    body, stop = encode_frame(whole, whole_data) + encode_frame(name, data), around + beside
    for end in (stop, len(whole_data) + 40 + stop):  # of the body, then of the bundle
        arrived = max(end - len(whole_data) - 80, 0)
        with begun_push(relay, machine.signer, len(body), body[:end]) as link:
            assert kept(transport, name, at_least=arrived) == arrived
            told = transport.offsets([whole])
            assert len(told.receipts) == 1
        link.close()
    assert len(transport.push([(name, data, arrived)]).receipts) == 1


def test_bundles_before_the_cut_are_whole(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    (one, one_data), (two, two_data) = machine.bundle(), machine.bundle(size=9_000)
    body = encode_frame(one, one_data) + encode_frame(two, two_data)
    link = begun_push(relay, machine.signer, len(body), body[:-1_000])
    assert kept(transport, two, at_least=len(two_data) - 1_000) == len(two_data) - 1_000
    link.close()
    told = transport.offsets([one, two])
    assert len(told.receipts) == 1
    assert told.offsets[one] == len(one_data)


def test_answer_that_was_lost_costs_nothing_to_ask_again(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle()
    frame = encode_frame(name, data)
    link = begun_push(relay, machine.signer, len(frame), frame)
    link.recv(1)
    link.close()
    receipts = transport.offsets([name]).receipts
    assert len(receipts) == 1
    assert transport.push([(name, data, 0)]).receipts == receipts


def test_relay_killed_in_mid_upload_goes_on_where_it_was(own_relay):
    machine = own_relay.region.structure().machine()
    transport = own_relay.admitted(machine)
    (first, first_data), (second, data) = machine.bundle(), machine.bundle(size=300_000)
    receipt = transport.push([(first, first_data, 0)]).receipts
    frame = encode_frame(second, data)
    with begun_push(own_relay, machine.signer, len(frame), frame[:200_000]):
        arrived = kept(transport, second, at_least=199_960)
        own_relay.kill()
    own_relay.start()
    transport = own_relay.transport(machine)
    told = transport.offsets([first, second])
    assert told.receipts == receipt
    assert told.offsets[second] == arrived == 199_960
    assert len(transport.push([(second, data, arrived)]).receipts) == 1
    above = {machine.own_space: {}}
    assert list(transport.pull(above, None)) == [(first, first_data), (second, data)]


def test_nothing_acknowledged_is_lost_when_the_relay_dies_at_any_moment(own_relay):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine)
    bundles = [machine.bundle(size=3_000) for _ in range(120)]
    acknowledged = set()
    for round_number in range(4):
        transport = own_relay.transport(machine)
        dying = threading.Timer(0.02 + 0.05 * round_number, own_relay.kill)
        dying.start()
        with suppress(SyncError):
            for name, data in bundles:
                if name not in acknowledged and transport.push([(name, data, 0)]).receipts:
                    acknowledged.add(name)
        dying.join()
        own_relay.start()
    transport = own_relay.transport(machine)
    assert acknowledged
    stored = dict(transport.pull({machine.own_space: {}}, None))
    assert acknowledged <= stored.keys()
    assert all(stored[name] == data for name, data in bundles if name in acknowledged)


def test_wrong_bytes_under_a_name_are_dropped_and_the_right_ones_accepted(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle(size=9_000)
    wrong = bytes(5_000) + data[5_000:]
    frame = encode_frame(name, wrong)
    link = begun_push(relay, machine.signer, len(frame), frame[:6_000])
    assert kept(transport, name, at_least=5_960) == 5_960
    link.close()
    answer = transport.push([(name, data, 5_960)])
    assert [one.code for one in answer.refused] == ["wrong_name"]
    assert transport.offsets([name]).offsets == {name: 0}
    assert len(transport.push([(name, data, 0)]).receipts) == 1


def test_two_uploads_of_one_bundle_at_once_end_with_one_receipt(relay):
    structure = relay.region.structure()
    machine, other = structure.machine(), structure.machine()
    transport, second = relay.admitted(machine), relay.admitted(other)
    name, data = machine.bundle(size=30_000)
    frame = encode_frame(name, data)
    with begun_push(relay, machine.signer, len(frame), frame[:10_000]) as link:
        kept(transport, name, at_least=9_960)
        receipts = second.push([(name, data, 0)]).receipts
        link.sendall(frame[10_000:])
        assert link.recv(1_000).startswith(b"HTTP/1.1 200")
    assert transport.offsets([name]).receipts == receipts


def test_what_arrived_of_a_bundle_of_an_unknown_author_waits_for_its_certificate(relay):
    structure = relay.region.structure()
    known, author = structure.machine(), structure.machine()
    transport = relay.admitted(known)
    name, data = author.bundle(size=20_000)
    frame = encode_frame(name, data)
    with begun_push(relay, known.signer, len(frame), frame[:8_000]):
        kept(transport, name, at_least=7_960)
    answer = transport.push([(name, data, 7_960)])
    assert [one.code for one in answer.refused] == ["unknown_incarnation"]
    relay.admitted(author)
    told = transport.offsets([name])
    assert told.offsets[name] >= 7_960
    assert len(transport.push([(name, data, told.offsets[name])]).receipts) == 1


def test_frame_larger_than_any_bundle_is_refused_and_what_came_before_is_kept(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    name, data = machine.bundle()
    monstrous = os.urandom(32) + (2**20 + 1).to_bytes(4, "big") + bytes(4)
    body = encode_frame(name, data) + monstrous + bytes(100)
    assert sent(signed(relay, machine.signer, "POST", "/v1/bundles", data=iter([body]))) == (
        413,
        "too_large",
    )
    assert len(transport.offsets([name]).receipts) == 1


def test_body_larger_than_the_relay_takes_is_refused_before_it_is_read(relay):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    with begun_push(relay, machine.signer, 64 * 2**20 + 1, b"") as link:
        assert link.recv(1_000).startswith(b"HTTP/1.1 413")


def test_statements_larger_than_the_relay_takes_are_refused(relay):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    for path in ("/v1/statements", "/v1/bundles/pull"):
        request = signed(relay, machine.signer, "POST", path, data=bytes(2**20 + 1))
        assert sent(request) == (413, "body_too_large")


def test_too_many_names_are_refused(relay):
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    asked = {"names": [f"{number:064x}" for number in range(5_001)]}
    request = signed(relay, machine.signer, "POST", "/v1/bundles/offsets", json=asked)
    assert sent(request) == (413, "too_large")


def test_relay_that_was_told_no_authority_refuses_everything(relay_process, relay):
    relay_process.start()
    machine = relay.region.structure().machine()
    for path in ("/v1/hello?nonce=" + "0" * 32, "/v1/statements"):
        assert sent(signed(relay_process, machine.signer, "GET", path)) == (503, "no_authority")
    assert sent(signed(relay_process, machine.signer, "GET", "/health")) == (200, "")


def test_relay_ends_cleanly_and_keeps_its_key_and_counts(own_relay):
    machine = own_relay.region.structure().machine()
    transport = own_relay.admitted(machine)
    name, data = machine.bundle()
    transport.push([(name, data, 0)])
    assert own_relay.stop() == 0
    count = own_relay.count()
    held = {name: count[name] for name in ("machines", "spaces", "bundles", "bytes")}
    assert held == {"machines": 1, "spaces": 1, "bundles": 1, "bytes": len(data)}
    assert (count["partial_uploads"], count["partial_bytes"]) == (0, 0)
    own_relay.start()
    assert own_relay.transport(machine).hello()


def test_log_names_no_machine_and_no_address(own_relay):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine).push([(*machine.bundle(), 0)])
    sent(signed(own_relay, machine.signer, "GET", "/nowhere"))
    own_relay.stop()
    assert own_relay.log == ""


def test_database_holds_nothing_but_what_the_protocol_names(own_relay):
    machine = own_relay.region.structure().machine()
    own_relay.admitted(machine).push([(*machine.bundle(), 0)])
    own_relay.stop()
    with own_relay.behind() as database:
        found = inspect(database)
        tables = {
            table: [column["name"] for column in found.get_columns(table)]
            for table in found.get_table_names()
        }
    assert tables == {
        "meta": ["key", "value"],
        "statements": ["position", "name", "kind", "body", "at"],
        "bundles": [
            *("name", "space", "incarnation", "sequence", "size", "body", "receipt", "at"),
        ],
        "parts": ["name", "offset", "bytes", "at", "machine"],
        "pieces": ["name", "space", "machine", "size", "body", "at"],
        "packs": ["kind", "name", "made", "size", "at"],
        "pack_parts": ["name", "offset", "bytes"],
        "contacts": ["machine", "day"],
        "nonces": ["machine", "nonce", "at"],
        "alembic_version": ["version_num"],
    }


def test_transport_tells_that_the_relay_died_under_it(own_relay):
    machine = own_relay.region.structure().machine()
    transport = own_relay.admitted(machine)
    bundles = [machine.bundle(size=500_000) for _ in range(8)]
    transport.push([(name, data, 0) for name, data in bundles])
    pulled = transport.pull({machine.own_space: {}}, None)
    assert next(pulled) == bundles[0]
    own_relay.kill()
    with pytest.raises(LinkCutError):
        list(pulled)


def test_refusal_of_the_relay_carries_its_code(relay):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    with pytest.raises(RelayRefusedError) as refused:
        list(transport.pull({os.urandom(16): {}}, None))
    assert refused.value.code == "relay_refused"
