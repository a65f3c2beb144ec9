"""What the transport says of a link that dies, stalls, or leads to somebody else."""

import os
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync.errors import (
    LinkCutError,
    NotOurRelayError,
    RelayAbsentError,
    RelayAnswerUnreadableError,
    RelayNeedsTlsError,
    RelayStalledError,
    WrongCertificateError,
)
from sync.frames import encode_frame
from sync.relay_connection import Floor
from sync.relay_port import PartialBundle
from sync.transport import HttpTransport, RelayAddress
from tests.exchange.strangers import (
    MACHINE,
    PORTAL,
    STRANGERS,
    answering,
    chunked,
    saying,
    transport_to,
)

pytestmark = pytest.mark.network

GREETINGS = {
    "hello": lambda transport: transport.hello(),
    "greet": lambda transport: transport.greet(None),
}


@pytest.fixture(params=GREETINGS.values(), ids=GREETINGS)
def greets(request):
    """The two ways of asking who answers; the second is how an exchange begins."""
    return request.param


@pytest.mark.parametrize("answer", STRANGERS)
def test_whoever_else_answers_is_not_our_relay(answer, greets):
    with (
        answering(saying(answer)) as port,
        transport_to(port) as transport,
        pytest.raises(NotOurRelayError),
    ):
        greets(transport)


def test_relay_with_another_key_is_not_ours(relay, greets):
    address = RelayAddress(url=relay.url, relay_key=os.urandom(32))
    transport = HttpTransport(address, MACHINE.signer)
    with pytest.raises(NotOurRelayError):
        greets(transport)
    transport.close()


@pytest.mark.parametrize("answer", [b"502 Bad Gateway", b"503 No", b"504 Slow"])
def test_gateway_alone_is_an_absent_relay(answer, greets):
    head = b"HTTP/1.1 " + answer + b"\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"
    with (
        answering(saying(head)) as port,
        transport_to(port) as transport,
        pytest.raises(RelayAbsentError),
    ):
        greets(transport)


def test_nothing_listening_is_an_absent_relay(greets):
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with transport_to(port) as transport, pytest.raises(RelayAbsentError):
        greets(transport)


def test_name_that_nobody_knows_is_an_absent_relay(greets):
    with (
        transport_to(0, url="https://relais.exemple.invalid") as transport,
        pytest.raises(RelayAbsentError),
    ):
        greets(transport)


def test_connection_closed_without_a_word_is_a_cut_link(greets):
    with (
        answering(saying(b"")) as port,
        transport_to(port) as transport,
        pytest.raises(LinkCutError),
    ):
        greets(transport)


def test_silent_connection_is_given_up_after_the_stall_time(greets):
    released = threading.Event()
    with (
        answering(lambda _: released.wait(20) and None) as port,
        transport_to(port, stall_s=1) as transport,
    ):
        started = time.monotonic()
        with pytest.raises(RelayStalledError) as stalled:
            greets(transport)
        assert stalled.value.facts == {"seconds": 1}
        assert time.monotonic() - started < 5
        released.set()


def test_upload_on_which_no_byte_moves_is_given_up():
    released = threading.Event()
    bundle = MACHINE.bundle(size=900_000)
    with (
        answering(lambda _: released.wait(20) and None) as port,
        transport_to(port, stall_s=1) as transport,
    ):
        # What the two kernels hold between them is far less than these sixteen bundles.
        with pytest.raises(RelayStalledError):
            transport.push([(*bundle, 0)] * 16)
        assert transport.bytes_up < 16 * 900_000
        released.set()


def test_upload_to_somebody_slow_is_not_cut_while_bytes_move():
    taken, is_first = [], threading.Event()
    bundle = MACHINE.bundle(size=300_000)

    def answer(link: socket.socket) -> None:
        if not is_first.is_set():
            is_first.set()  # an answer: connections that follow have two seconds to open
            link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]")
            return
        threading.Event().wait(2.5)  # as an office behind a relay that is busy would see it
        while chunk := link.recv(65_536):
            taken.append(len(chunk))
            if sum(taken) > 200_000:
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 27\r\n\r\n")
                link.sendall(b'{"receipts":[],"refused":[]}'[:27])
                return

    with answering(answer) as port, transport_to(port, stall_s=20) as transport:
        with pytest.raises(NotOurRelayError):
            transport.hello()
        with pytest.raises(RelayAnswerUnreadableError):
            transport.push([(*bundle, 0)])
    assert sum(taken) > 200_000


def test_answer_that_drips_is_given_up():
    hands = iter(range(0, 10_000, 20))
    floor = Floor(20, clock=lambda: next(hands))
    for _ in range(2):
        floor.note(1)
    with pytest.raises(RelayStalledError):
        floor.note(1)


def test_answer_that_is_slow_is_waited_for():
    hands = iter(range(0, 10_000, 20))
    floor = Floor(20, clock=lambda: next(hands))
    for _ in range(100):
        floor.note(400)


def test_download_on_which_no_byte_moves_keeps_what_came():
    released = threading.Event()
    name, data = MACHINE.bundle(size=10_000)

    def begin(link: socket.socket) -> None:
        link.sendall(chunked(encode_frame(name, data)[: 40 + 5_000]))
        released.wait(20)

    with answering(begin) as port, transport_to(port, stall_s=1) as transport:
        with pytest.raises(RelayStalledError):
            list(transport.pull({MACHINE.own_space: {}}, None))
        assert transport.interrupted == PartialBundle(name=name, data=data[:5_000])
        released.set()


def test_download_that_is_cut_keeps_what_came_and_what_is_whole_was_given():
    one, (name, data) = MACHINE.bundle(), MACHINE.bundle(size=10_000)
    sent = chunked(encode_frame(*one) + encode_frame(name, data)[: 40 + 7_000])
    with answering(saying(sent)) as port, transport_to(port) as transport:
        pulled = transport.pull({MACHINE.own_space: {}}, None)
        assert next(pulled) == one
        with pytest.raises(LinkCutError):
            next(pulled)
        assert transport.interrupted == PartialBundle(name=name, data=data[:7_000])


def test_beginning_to_resume_survives_a_link_that_fails_at_once():
    beginning = PartialBundle(name=os.urandom(32), data=b"beginning")
    with answering(saying(b"")) as port, transport_to(port) as transport:
        with pytest.raises(LinkCutError):
            list(transport.pull({MACHINE.own_space: {}}, beginning))
        assert transport.interrupted == beginning


def test_pull_that_is_left_in_the_middle_keeps_the_beginning_of_the_next_bundle():
    one, (name, data) = MACHINE.bundle(), MACHINE.bundle(size=10_000)
    body = encode_frame(*one) + encode_frame(name, data)
    with answering(saying(chunked(body) + b"0\r\n\r\n")) as port, transport_to(port) as transport:
        pulled = transport.pull({MACHINE.own_space: {}}, None)
        assert next(pulled) == one
        pulled.close()
        kept = transport.interrupted
        assert kept is None or data.startswith(kept.data)


@pytest.mark.parametrize(
    ("call", "body"),
    [
        (lambda transport: transport.statement_names(None), b"[]"),
        (lambda transport: transport.statement_names(None), b'{"names": ["00"]}'),
        (lambda transport: transport.statement_names(None), b"\xff"),
        (lambda transport: transport.offsets([bytes(32)]), b'{"offsets": []}'),
        (lambda transport: transport.push([(*MACHINE.bundle(), 0)]), b'{"receipts": 1}'),
        (lambda transport: transport.send_statements([b"s"]), b"{}"),
        (lambda transport: transport.fetch_statements([bytes(32)]), b"\xff\xff\xff\xff"),
        (lambda transport: list(transport.pull({}, None)), bytes(41)),
        (
            lambda transport: list(transport.pull({}, None)),
            bytes(range(32)) + b"\0\0\0\x02\0\0\0\x01z",
        ),
    ],
)
def test_answer_that_is_not_what_the_protocol_says_is_unreadable(call, body):
    with (
        answering(saying(chunked(body) + b"0\r\n\r\n")) as port,
        transport_to(port) as transport,
        pytest.raises(RelayAnswerUnreadableError),
    ):
        call(transport)


def test_answer_that_ends_inside_a_bundle_is_a_cut_link():
    body = encode_frame(*MACHINE.bundle())[:-1]
    with (
        answering(saying(chunked(body) + b"0\r\n\r\n")) as port,
        transport_to(port) as transport,
        pytest.raises(LinkCutError),
    ):
        list(transport.pull({}, None))


@pytest.mark.parametrize(
    "url",
    ["http://relais.exemple", "http://192.0.2.7:8470", "ftp://127.0.0.1", "relais", "https://"],
)
def test_plain_http_is_for_this_machine_only(url):
    address = RelayAddress(url=url, relay_key=bytes(32))
    with pytest.raises(RelayNeedsTlsError):
        HttpTransport(address, MACHINE.signer)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1"])
def test_plain_http_to_this_machine_is_accepted(url):
    HttpTransport(RelayAddress(url=url, relay_key=bytes(32)), MACHINE.signer).close()


def test_proxy_of_the_environment_is_ignored(relay, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    assert relay.transport(relay.region.structure().machine()).hello()


@pytest.mark.parametrize("error_s", [-3_600, 5 * 365 * 86_400])
def test_machine_whose_clock_is_wrong_exchanges_all_the_same(relay, error_s):
    machine = relay.region.structure().machine()
    transport = relay.admitted(machine, clock=lambda: time.time() + error_s)
    assert transport.push([(*machine.bundle(), 0)]).receipts


def test_clock_that_jumps_during_the_exchange_is_asked_again(relay):
    machine = relay.region.structure().machine()
    error_s = 0.0
    transport = relay.admitted(machine, clock=lambda: time.time() + error_s)
    error_s = -86_400.0
    assert transport.push([(*machine.bundle(), 0)]).receipts


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for `localhost` that only itself vouches for, and its key, in files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def tls(certificate):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    return context


def test_certificate_that_nobody_vouches_for_is_refused(tls, greets):
    with (
        answering(saying(PORTAL), tls) as port,
        transport_to(port, url=f"https://localhost:{port}") as transport,
        pytest.raises(WrongCertificateError),
    ):
        greets(transport)


def test_certificate_of_a_file_that_was_given_is_trusted_for_its_name_only(
    tls, certificate, greets
):
    with answering(saying(PORTAL), tls) as port:
        for host, error in (("localhost", NotOurRelayError), ("127.0.0.1", WrongCertificateError)):
            url = f"https://{host}:{port}"
            with (
                transport_to(port, url=url, ca_pem=certificate[0].read_text()) as transport,
                pytest.raises(error),
            ):
                greets(transport)


def test_plain_answer_where_tls_is_expected_is_not_our_relay(greets):
    with (
        answering(saying(PORTAL)) as port,
        transport_to(port, url=f"https://localhost:{port}") as transport,
        pytest.raises(NotOurRelayError),
    ):
        greets(transport)
