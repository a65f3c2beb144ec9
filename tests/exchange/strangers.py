"""Whoever listens at the other end of a link: one's own socket, in place of the relay."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sync.transport import HttpTransport, RelayAddress
from tests.fakes.region import Region

MACHINE = Region().structure().machine()

PORTAL = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<html>Wi-Fi</h>"

_JSON = b"\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
_FORGED = b"deux-portes-hello: " + b" ".join((b"00" * 16, b"00" * 16, b"1795000000", b"00" * 64))
STRANGERS = (
    PORTAL,
    b"HTTP/1.1 302 Found\r\nLocation: http://portail.exemple/\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno",
    b"HTTP/1.1 407 Proxy\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 511 Sign in\r\nContent-Length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK" + _JSON + b"\r\n{}",
    b"HTTP/1.1 200 OK" + _JSON + b"\r\n[]",
    b"HTTP/1.1 400 No" + _JSON + b"\r\n[]",
    b"HTTP/1.1 200 OK" + _JSON + _FORGED + b"\r\n\r\n[]",
    b"HTTP/1.1 200 OK" + _JSON + b"deux-portes-hello: \r\n\r\n[]",
    b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
)
"""What sign-in pages, proxies and other servers answer in place of a relay."""


@contextmanager
def answering(
    answer: Callable[[socket.socket], None], context: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Listen on a free port and let `answer` speak to each connection, once its head came."""

    def serve() -> None:
        while True:
            try:
                link, _ = listening.accept()
            except OSError:
                return
            try:
                with link if context is None else context.wrap_socket(link, True) as spoken:
                    spoken.recv(65_536)
                    answer(spoken)
            except OSError:
                link.close()

    listening = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        # Only a shutdown wakes a thread that waits in `accept`.
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join()


@contextmanager
def transport_to(port: int, **options) -> Iterator[HttpTransport]:
    url = options.pop("url", f"http://127.0.0.1:{port}")
    stall_s = options.pop("stall_s", 5)
    address = RelayAddress(url=url, relay_key=bytes(32), **options)
    transport = HttpTransport(address, MACHINE.signer, stall_s=stall_s)
    try:
        yield transport
    finally:
        transport.close()


def saying(data: bytes) -> Callable[[socket.socket], None]:
    return lambda link: link.sendall(data)


def chunked(data: bytes) -> bytes:
    head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    return head + b"%x\r\n" % len(data) + data + b"\r\n"
