"""Strangers, portals, proxies and broken programs in front of the relay; it answers and goes on.

The fixture checks at the end that the relay had nothing to write in its log.
"""

import asyncio
import gzip
import os
import re
import socket
import time

import pytest
import requests

from sync.frames import encode_frame
from sync.relay.database import Database
from sync.relay.nonces import KEPT_S, Nonces
from sync.relay.refusals import RefusalError
from sync.relay.spending import Spending
from tests.limited_relay import LimitedRelay
from tests.raw_calls import begun_push, sent, signed

pytestmark = pytest.mark.network

HASTY = {"head_s": 0.3, "stall_s": 0.3}


def link_to(relay, data=b"", **options):
    """A connection on which some bytes were sent."""
    link = socket.socket()
    for name, value in options.items():
        link.setsockopt(socket.SOL_SOCKET, getattr(socket, name), value)
    link.settimeout(10)
    link.connect(relay.host_and_port)
    link.sendall(data)
    return link


def all_of(link):
    """Everything that the relay says until it hangs up."""
    said = b""
    try:
        while some := link.recv(65_536):
            said += some
    except ConnectionResetError:
        pass
    link.close()
    return said


def head_of(request, **changed):
    """The first lines of a prepared request, as they go on the wire."""
    request.headers.update(changed)
    lines = [f"{name}: {value}" for name, value in request.headers.items()]
    return "\r\n".join([f"{request.method} {request.path_url} HTTP/1.1", *lines, "", ""]).encode()


def hello_head(relay, *lines):
    host, port = relay.host_and_port
    opening = f"GET /v1/hello?nonce={'0' * 32} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    return (opening + "".join(line + "\r\n" for line in lines) + "\r\n").encode()


@pytest.fixture(scope="module")
def relay(tmp_path_factory):
    """A relay that waits for nothing long."""
    relay = LimitedRelay(tmp_path_factory.mktemp("hasty"), {"limits": HASTY})
    relay.start()
    yield relay
    relay.close()
    assert relay.log == ""


@pytest.fixture
def machine(relay):
    """A machine that the relay knows."""
    machine = relay.region.structure().machine()
    relay.admitted(machine)
    return machine


NO_HTTP = {
    "garbage": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n",
    "no version": b"GET /v1/hello\r\n\r\n",
    "bad header": b"GET / HTTP/1.1\r\nHost: a\r\nno colon here\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two lengths": b"POST /v1/bundles HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nab",
    "bad length": b"POST /v1/bundles HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
    "bad coding": b"POST /v1/bundles HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
    "endless header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70_000,
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 12_000,
}


def test_what_is_no_http_is_refused_in_the_form_of_every_refusal(relay):
    for what, data in NO_HTTP.items():
        said = all_of(link_to(relay, data))
        assert said.split(b" ")[1] in {b"400", b"501"}, what
        assert b'{"error": {"code": "malformed"' in said, what
    assert sent(requests.Request("GET", relay.url + "/health").prepare()) == (200, "")


def test_connection_that_says_nothing_is_let_go(relay):
    assert all_of(link_to(relay)) == b""


def test_connection_that_says_what_it_wants_too_slowly_is_let_go(relay):
    with link_to(relay) as fresh, link_to(relay) as known:
        answered(known, hello_head(relay))
        for link in (fresh, known):
            assert is_let_go(link, b"G")


def is_let_go(link, octet, *, within_s=5):
    """Send a byte now and then until the other side hangs up."""
    link.settimeout(0.05)
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        try:
            link.sendall(octet)
            if link.recv(1) == b"":
                return True
        except TimeoutError:
            continue
        except OSError:
            return True
    return False


def answered(link, request):
    """Send a request and return its short JSON answer, head included."""
    link.settimeout(10)
    link.sendall(request)
    said = b""
    while not said.endswith(b"}"):
        said += link.recv(2_000)
    return said


def test_connection_that_was_answered_may_rest_longer_than_a_head_may_take(relay):
    with link_to(relay) as link:
        answered(link, hello_head(relay))
        link.settimeout(0.6)
        with pytest.raises(TimeoutError):
            link.recv(1)
        assert answered(link, hello_head(relay)).startswith(b"HTTP/1.1 200")


def test_body_that_stops_coming_is_told_so_and_kept(relay, machine):
    name, data = machine.bundle(size=20_000)
    frame = encode_frame(name, data)
    said = all_of(begun_push(relay, machine.signer, len(frame), frame[:9_000]))
    assert said.startswith(b"HTTP/1.1 408")
    assert b'"stalled"' in said
    assert relay.transport(machine).offsets([name]).offsets == {name: 8_960}


def test_reader_that_reads_nothing_is_let_go_and_pulls_again(relay, machine):
    transport = relay.transport(machine)
    bundles = [machine.bundle(size=900_000) for _ in range(12)]
    transport.push([(*bundle, 0) for bundle in bundles])
    asked = {"spaces": [{"space": machine.own_space.hex(), "above": {}}], "resume": None}
    request = signed(relay, machine.signer, "POST", "/v1/bundles/pull", json=asked)
    host, port = relay.host_and_port
    head = head_of(request, Host=f"{host}:{port}")
    before, deadline = pulls_ended(relay), time.monotonic() + 10
    with link_to(relay, head + request.body, SO_RCVBUF=4_096) as link:
        while pulls_ended(relay) == before and time.monotonic() < deadline:
            pass
        received = len(all_of(link))
    assert received < 9_000_000
    assert list(transport.pull({machine.own_space: {}}, None)) == bundles


def pulls_ended(relay):
    """How many pulls the relay has ended with, in whatever way."""
    told = requests.get(relay.metrics_url, timeout=10).text
    found = re.search(r'request_seconds_count{route="/v1/bundles/pull"} (\S+)', told)
    return float(found[1]) if found else 0


def test_garbage_after_a_request_does_not_spoil_its_answer(relay):
    said = all_of(link_to(relay, hello_head(relay) + b"\x00garbage\r\n\r\n"))
    assert said.startswith(b"HTTP/1.1 200")
    assert said.count(b"HTTP/1.1 400") == 1


def test_requests_sent_without_waiting_are_answered_in_their_order(relay):
    health = hello_head(relay).replace(b"/v1/hello", b"/nowhere")
    said = all_of(
        link_to(relay, hello_head(relay) + health + hello_head(relay, "Connection: close"))
    )
    answers = [part.split(b" ")[0] for part in said.split(b"HTTP/1.1 ")[1:]]
    assert answers == [b"200", b"404", b"200"]


def test_garbage_in_a_chunked_body_is_refused_and_what_came_before_is_kept(relay, machine):
    name, data = machine.bundle()
    frame = encode_frame(name, data)
    request = signed(relay, machine.signer, "POST", "/v1/bundles", data=iter([b""]))
    host, port = relay.host_and_port
    chunk = f"{len(frame):x}\r\n".encode() + frame + b"\r\n"
    all_of(link_to(relay, head_of(request, Host=f"{host}:{port}") + chunk + b"no length\r\n"))
    transport, deadline = relay.transport(machine), time.monotonic() + 10
    while not transport.offsets([name]).receipts and time.monotonic() < deadline:
        pass
    assert len(transport.offsets([name]).receipts) == 1


def test_upload_by_chunks_is_taken(relay, machine):
    bundles = [machine.bundle(size=9_000) for _ in range(3)]
    pieces = [
        encode_frame(*bundle)[start : start + 1_000]
        for bundle in bundles
        for start in range(0, 10_000, 1_000)
    ]
    request = signed(relay, machine.signer, "POST", "/v1/bundles", data=iter(pieces))
    with requests.Session() as session:
        answer = session.send(request, timeout=10).json()
    assert len(answer["receipts"]) == 3


def test_who_asks_whether_to_go_on_is_told_so_unless_it_is_refused(relay, machine):
    frame = encode_frame(*machine.bundle())
    host, port = relay.host_and_port
    told = {"Host": f"{host}:{port}", "Expect": "100-continue", "Content-Length": str(len(frame))}
    request = signed(relay, machine.signer, "POST", "/v1/bundles")
    with link_to(relay, head_of(request, **told)) as link:
        assert link.recv(1_000).startswith(b"HTTP/1.1 100")
        link.sendall(frame)
        assert link.recv(1_000).startswith(b"HTTP/1.1 200")
    stranger = requests.Request("POST", relay.url + "/v1/bundles").prepare()
    assert all_of(link_to(relay, head_of(stranger, **told))).startswith(b"HTTP/1.1 401")


def test_length_greater_than_the_body_keeps_what_came(relay, machine):
    name, data = machine.bundle()
    frame = encode_frame(name, data)
    said = all_of(begun_push(relay, machine.signer, len(frame) + 10, frame))
    assert said.startswith(b"HTTP/1.1 408")
    assert len(relay.transport(machine).offsets([name]).receipts) == 1


def test_length_smaller_than_the_body_cuts_it_there(relay, machine):
    name, data = machine.bundle(size=9_000)
    frame = encode_frame(name, data)
    said = all_of(begun_push(relay, machine.signer, 4_040, frame))
    assert said.startswith(b"HTTP/1.1 400")
    assert relay.transport(machine).offsets([name]).offsets == {name: 4_000}


def test_machine_refused_at_once_reads_why_after_it_sent_everything(relay, machine):
    stranger = relay.region.structure().machine()
    body = bytes(3_000_000)
    link = begun_push(relay, stranger.signer, len(body), b"")
    for start in range(0, len(body), 30_000):
        link.sendall(body[start : start + 30_000])
    assert link.recv(2_000).startswith(b"HTTP/1.1 401")
    link.close()


def test_refused_body_that_stops_coming_is_let_go(relay, machine):
    stranger = relay.region.structure().machine()
    said = all_of(begun_push(relay, stranger.signer, 1_000_000, bytes(1_000)))
    assert said.startswith(b"HTTP/1.1 401")


def test_compressed_bodies_are_refused_clearly(relay, machine):
    for path in ("/v1/bundles", "/v1/bundles/pull", "/v1/statements"):
        request = signed(relay, machine.signer, "POST", path, data=gzip.compress(b"{}"))
        request.headers["Content-Encoding"] = "gzip"
        assert sent(request) == (415, "unsupported_encoding")


@pytest.mark.parametrize("name", ["Signature", "Signature-Input", "Content-Digest"])
def test_header_that_comes_twice_is_refused(relay, machine, name):
    request = signed(relay, machine.signer, "POST", "/v1/bundles/offsets", json={"names": []})
    host, port = relay.host_and_port
    doubled = f"{name}: {request.headers[name]}\r\n\r\n".encode()
    head = head_of(request, Host=f"{host}:{port}", Connection="close").removesuffix(b"\r\n")
    said = all_of(link_to(relay, head + doubled + request.body))
    assert said.split(b" ")[1] in {b"400", b"401"}


def test_method_that_nobody_knows_is_refused_with_those_that_are(relay):
    told = requests.request("BREW", relay.url + "/v1/bundles", timeout=10)
    assert (told.status_code, told.headers["Allow"]) == (405, "POST")
    assert told.json()["error"]["code"] == "method_not_allowed"


def test_connections_beyond_the_limit_are_told_to_come_back(limited_relay):
    relay = limited_relay(limits={"connections": 5})
    held = [link_to(relay) for _ in range(6)]
    assert requests.get(relay.url + "/health", timeout=10).status_code == 503
    for link in held:
        link.close()
    deadline = time.monotonic() + 10
    while requests.get(relay.url + "/health", timeout=10).status_code != 200:
        assert time.monotonic() < deadline


@pytest.mark.parametrize("jump_s", [-86_400 * 400, -3_600, 3_600, 86_400 * 400])
def test_request_serves_once_though_the_relay_s_clock_jumps_and_comes_back(relay, machine, jump_s):
    transport = relay.transport(machine)
    request = signed(relay, machine.signer, "GET", "/v1/statements")
    assert sent(request) == (200, "")
    relay.shift_clock(jump_s)
    assert sent(request) == (401, "stale")
    transport.hello()
    transport.statement_names(None)
    relay.shift_clock(0)
    assert sent(request) == (401, "nonce_seen")


class Ticking:
    """Seconds that only the test lets pass."""

    def __init__(self, now):
        self.now = now

    def __call__(self):
        return self.now


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    yield database
    database.close()


def spent(database, nonces, number):
    """Use a nonce; tell whether it was new."""
    nonce = (bytes(16), f"{number:032x}")
    return nonce in database.write(lambda connection: nonces.spend(connection, [nonce]))


def test_nonces_are_dropped_by_time_that_really_passed(database):
    wall, real = Ticking(1_000_000), Ticking(50)
    nonces = Nonces(clock=wall, monotonic=real)
    assert spent(database, nonces, 1)
    wall.now += 10 * KEPT_S
    assert not spent(database, nonces, 1)
    real.now += KEPT_S + 1
    assert spent(database, nonces, 2)
    assert spent(database, nonces, 1)


def test_nonces_outlive_a_restart_whatever_the_clock_says_then(database):
    assert spent(database, Nonces(clock=Ticking(1_000_000), monotonic=Ticking(0)), 1)
    for wall_s in (2, 999_000, 1_001_000, 9_000_000):
        again = Nonces(clock=Ticking(wall_s), monotonic=Ticking(0))
        assert not spent(database, again, 1)
        assert spent(database, again, wall_s)


def test_two_relays_over_one_database_share_nonces(database, tmp_path):
    beside = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    number = int.from_bytes(os.urandom(4), "big")
    assert spent(database, Nonces(), number)
    assert not spent(beside, Nonces(), number)
    beside.close()


def test_copies_of_a_request_that_come_at_once_are_let_in_once(database):
    async def at_once(nonces):
        spending = Spending(database, Nonces())
        return await asyncio.gather(*map(spending.spend, nonces), return_exceptions=True)

    one, other = (bytes(16), "1" * 32), (bytes(16), "2" * 32)
    for expected in ([False, True, True, False, True], [True] * 5):
        told = asyncio.run(at_once([one, one, one, other, other]))
        assert [isinstance(answer, RefusalError) for answer in told] == expected
