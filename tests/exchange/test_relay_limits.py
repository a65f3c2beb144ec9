"""What each may take of the relay, and what it says to who takes more."""

import ipaddress
import re
import time

import pytest
import requests
from starlette.requests import Request

from sync.errors import TooManyRequestsError
from sync.frames import encode_frame
from sync.relay.limits import Allowances, Rate
from sync.relay.serving import host_of, source_of
from sync.relay_answers import check_status
from sync.wire import space_name
from tests.fakes.region import PAIR_SPACE
from tests.raw_calls import begun_push, sent, signed

HELLO = "/v1/hello?nonce=" + "0" * 32
PROXY = ipaddress.ip_network("10.0.0.0/8")


class Ticking:
    """Seconds that only the test lets pass."""

    def __init__(self):
        self.now = 1_000.0

    def __call__(self):
        return self.now


def test_allowance_is_used_up_at_once_and_comes_back_with_time():
    ticking = Ticking()
    allowances = Allowances(Rate(per_s=2, burst=4), monotonic=ticking)
    assert [allowances.take("one") for _ in range(5)] == [0, 0, 0, 0, 1]
    assert allowances.take("other") == 0
    ticking.now += 0.5
    assert [allowances.take("one") for _ in range(2)] == [0, 1]
    ticking.now += 3_600
    assert [allowances.take("one") for _ in range(5)] == [0, 0, 0, 0, 1]


def test_asking_how_long_to_wait_takes_nothing():
    allowances = Allowances(Rate(per_s=1, burst=1), monotonic=Ticking())
    assert [allowances.wait_s("one") for _ in range(3)] == [0, 0, 0]
    assert [allowances.take("one"), allowances.wait_s("one")] == [0, 1]


def test_large_things_take_more():
    allowances = Allowances(Rate(per_s=10, burst=100), monotonic=Ticking())
    assert allowances.take("one", 90) == 0
    assert allowances.take("one", 30) == 2
    assert allowances.take("one", 10) == 0


def test_memory_of_allowances_is_bounded_and_forgets_the_most_patient_first():
    ticking = Ticking()
    allowances = Allowances(Rate(per_s=1, burst=3), monotonic=ticking, most_keys=100)
    for _ in range(3):
        allowances.take("greedy")
    for stranger in range(1_000):
        allowances.take(stranger)
    assert len(allowances._earned_at) <= 100
    assert allowances.take("greedy") > 0


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://relais.exemple.fr", "relais.exemple.fr"),
        ("https://Relais.exemple.fr/", "relais.exemple.fr"),
        ("https://relais.exemple.fr:443", "relais.exemple.fr"),
        ("https://relais.exemple.fr:8443", "relais.exemple.fr:8443"),
        ("http://127.0.0.1:8470", "127.0.0.1:8470"),
        ("http://[::1]:8470", "[::1]:8470"),
    ],
)
def test_public_address_gives_the_host_that_requests_carry(url, host):
    assert host_of(url) == host


@pytest.mark.parametrize("url", ["relais.exemple.fr", "ftp://a", "https://a/b", "https://"])
def test_what_is_no_public_address_is_refused(url):
    with pytest.raises(ValueError, match=re.escape(url)):
        host_of(url)


def request_from(client, *forwarded):
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    return Request({"type": "http", "client": (client, 1), "headers": headers})


@pytest.mark.parametrize(
    ("client", "forwarded", "source"),
    [
        ("192.0.2.1", [], "192.0.2.1"),
        ("192.0.2.1", ["198.51.100.7"], "192.0.2.1"),
        ("10.0.0.1", ["198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9, 198.51.100.7"], "198.51.100.7"),
        ("10.0.0.1", ["203.0.113.9", "198.51.100.7, 10.0.0.2"], "198.51.100.7"),
        ("10.0.0.1", ["not an address"], "10.0.0.1"),
        ("10.0.0.1", [], "10.0.0.1"),
        ("2001:db8::1:2:3:4", [], "2001:db8::/64"),
        ("10.0.0.1", ["2001:db8::ffff"], "2001:db8::/64"),
    ],
)
def test_who_asks_is_told_by_trusted_proxies_alone(client, forwarded, source):
    assert source_of(request_from(client, *forwarded), [PROXY]) == source


@pytest.mark.network
def test_machine_that_asks_too_often_is_told_when_to_come_back(limited_relay):
    relay = limited_relay(limits={"machine_rate": [0.01, 5]})
    machine, other = (relay.region.structure().machine() for _ in range(2))
    transport = relay.admitted(machine)
    for _ in range(4):
        transport.statement_names(None)
    with pytest.raises(TooManyRequestsError) as refused:
        transport.statement_names(None)
    assert 1 <= refused.value.retry_after_s <= 100
    relay.admitted(other).statement_names(None)


@pytest.mark.network
def test_replayed_requests_of_a_machine_do_not_use_up_its_allowance(limited_relay):
    relay = limited_relay(limits={"machine_rate": [0.01, 4]})
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    assert sent(request) == (200, "")
    assert {sent(request) for _ in range(5)} == {(401, "nonce_seen")}
    transport.statement_names(None)


@pytest.mark.network
def test_stranger_who_asks_too_often_locks_out_no_machine_that_was_there_before(limited_relay):
    relay = limited_relay(limits={"stranger_rate": [0.01, 12]})
    machine, late = (relay.region.structure().machine() for _ in range(2))
    transport = relay.admitted(machine)
    unsigned = requests.Request("GET", relay.url + "/v1/statements").prepare()
    codes = [sent(unsigned)[1] for _ in range(14)]
    assert codes[0] == "unsigned"
    assert codes[-1] == "too_many_requests"
    assert sent(requests.Request("GET", relay.url + HELLO).prepare()) == (429, "too_many_requests")
    assert sent(signed(relay, late.signer, "GET", "/v1/statements"))[0] == 429
    transport.statement_names(None)
    assert sent(requests.Request("GET", relay.url + "/health").prepare()) == (200, "")


@pytest.mark.network
def test_strangers_behind_a_trusted_proxy_are_counted_apart(limited_relay):
    relay = limited_relay(limits={"stranger_rate": [0.01, 3]}, trusted_proxies=["127.0.0.1/32"])

    def asked(address):
        headers = {"X-Forwarded-For": address}
        return sent(requests.Request("GET", relay.url + HELLO, headers=headers).prepare())[0]

    assert [asked("192.0.2.1") for _ in range(4)] == [200, 200, 200, 429]
    assert asked("192.0.2.2") == 200


@pytest.mark.network
def test_structure_that_used_its_room_is_refused_bundle_by_bundle_and_still_pulls(limited_relay):
    relay = limited_relay(limits={"kept_bytes": 10_000})
    structure = relay.region.structure()
    machine, second = structure.machine(), structure.machine()
    transport = relay.admitted(machine)
    small, large, after = machine.bundle(size=500), machine.bundle(size=9_900), machine.bundle()
    answer = transport.push([(*small, 0), (*large, 0), (*after, 0)])
    assert [(one.name, one.code) for one in answer.refused] == [(large[0], "quota_exceeded")]
    assert len(answer.receipts) == 2
    assert list(transport.pull({machine.own_space: {}}, None)) == [small, after]
    other = relay.admitted(second).push([(*second.bundle(size=9_900), 0)])
    assert [one.code for one in other.refused] == ["quota_exceeded"]
    stranger = relay.region.structure().machine()
    assert relay.admitted(stranger).push([(*stranger.bundle(size=9_000), 0)]).refused == ()


@pytest.mark.network
def test_room_that_was_used_before_a_restart_is_still_used(limited_relay):
    relay = limited_relay(limits={"kept_bytes": 10_000})
    machine = relay.region.structure().machine()
    relay.admitted(machine).push([(*machine.bundle(size=8_000), 0)])
    relay.kill()
    relay.start()
    answer = relay.transport(machine).push([(*machine.bundle(size=4_000), 0)])
    assert [one.code for one in answer.refused] == ["quota_exceeded"]


@pytest.mark.network
def test_bundle_that_another_structure_brings_counts_for_its_author(limited_relay):
    relay = limited_relay(limits={"kept_bytes": 10_000})
    author, bearer = (relay.region.structure().machine() for _ in range(2))
    pair = author.space_statement(author.structure.id, bearer.structure.id)
    relay.admitted(author, pair)
    transport = relay.admitted(bearer)
    space = space_name(PAIR_SPACE, (author.structure.id, bearer.structure.id))
    bundles = [author.bundle(space, size=6_000) for _ in range(2)]
    answer = transport.push([(*bundle, 0) for bundle in bundles])
    assert [one.name for one in answer.refused] == [bundles[1][0]]
    assert transport.push([(*bearer.bundle(size=8_000), 0)]).refused == ()


@pytest.mark.network
def test_machine_may_not_begin_more_bundles_than_it_is_given(limited_relay):
    relay = limited_relay(limits={"partial_uploads": 2})
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    one, two, three = (machine.bundle(size=300_000) for _ in range(3))
    for name, data in (one, two):
        frame = encode_frame(name, data)
        with begun_push(relay, machine.signer, len(frame), frame[:5_040]):
            assert kept(transport, name, at_least=5_000) == 5_000
    answer = transport.push([(*three, 0)])
    assert [(refused.name, refused.code) for refused in answer.refused] == [
        (three[0], "quota_exceeded")
    ]
    assert len(transport.push([(*one, 5_000)]).receipts) == 1
    assert len(transport.push([(*three, 0)]).receipts) == 1


def kept(transport, name, *, at_least, within_s=20):
    """Ask the relay until it keeps so many bytes of a bundle."""
    deadline = time.monotonic() + within_s
    while True:
        offset = transport.offsets([name]).offsets[name]
        if offset >= at_least or time.monotonic() > deadline:
            return offset


@pytest.mark.network
def test_beginnings_of_bundles_are_bounded_in_bytes_and_whole_ones_pass(limited_relay):
    relay = limited_relay(limits={"partial_bytes": 10_000})
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    small, large = machine.bundle(size=3_000), machine.bundle(size=300_000)
    answer = transport.push([(*small, 0), (*large, 0)])
    assert [(one.name, one.code) for one in answer.refused] == [(large[0], "quota_exceeded")]
    assert len(answer.receipts) == 1


@pytest.mark.network
def test_machine_that_brings_too_many_statements_is_asked_to_wait(limited_relay):
    relay = limited_relay(limits={"statement_rate": [0.1, 12]})
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine)
    brought = [data for _ in range(10) for data in machine.introduction()]
    with pytest.raises(TooManyRequestsError):
        transport.send_statements(brought)


@pytest.mark.network
def test_number_of_names_and_spaces_in_a_question_is_bounded(limited_relay):
    relay = limited_relay(limits={"names": 3, "spaces": 1})
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    for path, asked in (
        ("/v1/bundles/offsets", {"names": ["00" * 32] * 4}),
        ("/v1/statements/fetch", {"names": ["00" * 32] * 4}),
        ("/v1/bundles/pull", {"spaces": [{"space": "00" * 16, "above": {}}] * 2, "resume": None}),
    ):
        request = signed(relay, machine.signer, "POST", path, json=asked)
        assert sent(request) == (413, "too_large")


@pytest.mark.network
def test_request_signed_for_another_relay_is_refused_by_one_that_knows_its_name(limited_relay):
    relay = limited_relay(public_host="relais.exemple.fr")
    machine = relay.region.structure().machine()
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    assert sent(request) == (421, "wrong_host")
    url, relay.url = relay.url, "https://relais.exemple.fr"
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    relay.url = url
    request.url = url + "/v1/statements"
    request.headers["Host"] = "Relais.exemple.fr"
    assert sent(request) == (401, "unknown_machine")


@pytest.mark.parametrize(
    ("told", "understood"),
    [("7", 7), ("0", 0), ("999999", 3_600), ("", 0), ("-3", 0), ("soon", 0), ("²", 0)],
)
def test_desk_understands_for_how_long_it_is_asked_to_wait(told, understood):
    body = b'{"error": {"code": "too_many_requests", "message": ""}}'
    headers = {"Content-Type": "application/json", "Retry-After": told}
    with pytest.raises(TooManyRequestsError) as refused:
        check_status(429, headers, lambda: body)
    assert refused.value.retry_after_s == understood
    assert refused.value.code == "too_many_requests"
