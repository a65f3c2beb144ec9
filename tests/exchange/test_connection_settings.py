"""How an office reaches its relay: a private authority, a proxy; and how it stops an exchange."""

import socket
import threading
from contextlib import contextmanager

import pytest

from sync.connection_settings import connection_settings, keep_ca, keep_proxy
from sync.errors import (
    CertificateFileError,
    ExchangeCancelledError,
    NotOurRelayError,
    ProxyAddressError,
    ProxyRefusedError,
    RelayAbsentError,
    WrongCertificateError,
)
from sync.exchange_watch import ExchangeStage, ExchangeWatch
from sync.relay_connection import RelayAddress
from sync.transport import HttpTransport
from tests.exchange.test_transport_failures import (
    MACHINE,
    PORTAL,
    answering,
    certificate,
    saying,
    tls,
    transport_to,
)

__all__ = ["certificate", "tls"]  # fixtures

pytestmark = pytest.mark.network


class Memos:
    """The part of a workspace that these settings use."""

    def __init__(self):
        self.texts = {}

    def memo(self, name):
        return self.texts.get(name, "")

    def keep_memo(self, name, text):
        self.texts[name] = text


@contextmanager
def proxy_saying(status):
    """A proxy that tunnels when `status` is 200, and answers with that status else."""
    asked = []
    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve, args=(listening, status, asked))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", asked
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


def serve(listening, status, asked):
    while True:
        try:
            link, _ = listening.accept()
        except OSError:
            return
        with link:
            head = link.recv(65_536)
            asked.append(head.split(b"\r\n")[0])
            link.sendall(b"HTTP/1.1 %d No reason\r\n\r\n" % status)
            if status == 200:
                tunnel(link, head.split()[1].decode())


def tunnel(link, address):
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port))) as other:
        back = threading.Thread(target=carry, args=(other, link))
        back.start()
        carry(link, other)
        back.join()


def carry(one, other):
    try:
        while data := one.recv(65_536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


def test_office_without_settings_trusts_public_authorities_and_goes_straight():
    settings = connection_settings(Memos())
    assert (settings.ca_pem, settings.ca_names, settings.proxy) == ("", (), "")


def test_private_authority_is_kept_told_by_its_name_and_taken_away(certificate):
    memos = Memos()
    keep_ca(memos, certificate[0].read_bytes())
    assert connection_settings(memos).ca_names == ("CN=localhost",)
    keep_ca(memos, b"")
    assert connection_settings(memos).ca_names == ()


@pytest.mark.parametrize(
    "content", [b"no certificate", b"\xff\xfe", b"-----BEGIN CERTIFICATE-----"]
)
def test_file_without_a_certificate_changes_nothing(certificate, content):
    memos = Memos()
    keep_ca(memos, certificate[0].read_bytes())
    with pytest.raises(CertificateFileError):
        keep_ca(memos, content)
    assert connection_settings(memos).ca_names == ("CN=localhost",)


def test_proxy_is_shown_without_its_password():
    memos = Memos()
    keep_proxy(memos, "http://nom:secret@proxy.exemple:3128")
    assert connection_settings(memos).proxy_shown == "http://proxy.exemple:3128"


@pytest.mark.parametrize(
    "url",
    ["proxy.exemple", "http://proxy.exemple", "socks5://p:1", "http://p:99999", "http://p:1/x"],
)
def test_address_that_is_no_proxy_changes_nothing(url):
    memos = Memos()
    with pytest.raises(ProxyAddressError):
        keep_proxy(memos, url)
    assert connection_settings(memos).proxy == ""


def test_through_a_proxy_the_relay_is_still_checked_from_end_to_end(tls, certificate):
    ca = certificate[0].read_text()
    with answering(saying(PORTAL), tls) as port, proxy_saying(200) as (proxy, asked):
        for host, error in (("localhost", NotOurRelayError), ("127.0.0.1", WrongCertificateError)):
            url = f"https://{host}:{port}"
            with (
                transport_to(port, url=url, ca_pem=ca, proxy=proxy) as transport,
                pytest.raises(error),
            ):
                transport.hello()
        assert [head.split()[1] for head in asked] == [
            b"localhost:%d" % port,
            b"127.0.0.1:%d" % port,
        ]


@pytest.mark.parametrize("status", [403, 407, 502])
def test_proxy_that_lets_nothing_through_is_named_as_the_cause(status):
    with (
        proxy_saying(status) as (proxy, _),
        transport_to(0, url="https://relais.exemple", proxy=proxy) as transport,
        pytest.raises(ProxyRefusedError),
    ):
        transport.hello()


def test_proxy_that_does_not_answer_is_like_no_network():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        proxy = f"http://127.0.0.1:{unused.getsockname()[1]}"
    with (
        transport_to(0, url="https://relais.exemple", proxy=proxy) as transport,
        pytest.raises(RelayAbsentError),
    ):
        transport.hello()


def test_exchange_that_is_watched_tells_how_far_it_is_and_stops_when_told(relay):
    told, stop = [], []
    address = RelayAddress(url=relay.url, relay_key=relay.relay_key)
    watch = ExchangeWatch(progress=told.append, cancelled=lambda: bool(stop))
    transport = HttpTransport(address, MACHINE.signer, watch=watch)
    try:
        transport.hello()
        assert told[-1].stage == ExchangeStage.CALLING
        assert (told[-1].bytes_up, told[-1].bytes_down) == (
            transport.bytes_up,
            transport.bytes_down,
        )
        stop.append(True)
        with pytest.raises(ExchangeCancelledError):
            transport.hello()
    finally:
        transport.close()
