"""What a connection that serves several requests is allowed."""

import socket
import threading

import pytest

from sync.errors import LinkCutError, NotOurRelayError, RelayAnswerUnreadableError
from sync.line import Line
from sync.relay_connection import (
    AGAIN_S,
    READ_BYTES,
    SEND_BUFFER_BYTES,
    STEADY_UP_BYTES,
    _pools_of,
)
from tests.exchange.strangers import MACHINE, STRANGERS, answering, saying, transport_to

pytestmark = pytest.mark.network


def test_upload_on_a_kept_connection_is_not_cut_by_the_time_allowed_for_opening_one():
    taken = []
    bundle = MACHINE.bundle(size=300_000)

    def answer(link: socket.socket) -> None:
        link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
        threading.Event().wait(AGAIN_S + 0.5)
        while chunk := link.recv(65_536):
            taken.append(len(chunk))
            if sum(taken) > 300_000:
                link.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]")
                return

    with answering(answer) as port, transport_to(port, stall_s=20) as transport:
        with pytest.raises(NotOurRelayError):
            transport.hello()
        with pytest.raises(RelayAnswerUnreadableError):
            transport.push([(*bundle, 0)])
    assert sum(taken) > 300_000


def test_more_is_handed_to_the_kernel_once_the_link_has_drained_a_long_body():
    def answer(link: socket.socket) -> None:
        while link.recv(65_536):
            pass

    line = Line()
    with answering(answer) as port:
        connection = _pools_of(20, line)["http"].ConnectionCls("127.0.0.1", port)
        connection.socket_options = [(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)]
        connection.connect()
        connection.request("POST", "/", body=iter([bytes(READ_BYTES)]))
        before = connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        connection.send(bytes(STEADY_UP_BYTES))
        after = connection.sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        connection.close()
    line.close()
    assert after > before


# The longest head that a stranger says: with a greeting in it, as the relay's own have.
HEAD = max(STRANGERS, key=len).removesuffix(b"[]")


GREETINGS = {"hello": lambda one: one.hello(), "greet": lambda one: one.greet(None)}


@pytest.mark.parametrize("greet", GREETINGS.values(), ids=GREETINGS)
def test_head_cut_at_any_byte_is_a_link_that_was_cut_and_nobody_else_s_answer(greet):
    def told(answer: bytes, error: type[Exception]) -> None:
        with (
            answering(saying(answer)) as port,
            transport_to(port) as transport,
            pytest.raises(error),
        ):
            greet(transport)

    for length in range(1, len(HEAD)):
        told(HEAD[:length], LinkCutError)
    told(HEAD + b"[]", NotOurRelayError)
