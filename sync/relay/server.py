"""The HTTP server under the relay: patient with slow links, and losing no byte of dying ones."""

import asyncio
import gc
import json
import logging
import os
import signal
import socket
from collections.abc import Callable, MutableMapping
from typing import Any, cast

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from sync.relay.bodies import LAST_BYTES
from sync.relay.limits import Limits
from sync.relay.refusals import SENTENCES

KEEP_ALIVE_S = 120
_COLLECTED_AFTER = (20_000, 20, 100)
_GRACE_S = 5

Message = MutableMapping[str, Any]
Application = Callable[[Message, Any, Any], Any]


def serve(
    application: Application,
    *,
    host: str,
    port: int,
    when_ready: Callable[[int], None],
    limits: Limits | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way end for a few seconds.

    Args:
        application: the relay.
        host: the address to listen on.
        port: the port, or 0 for any that is free.
        when_ready: told the port once requests can be made.
        limits: how long and how large; the usual ones if none are given.
    """
    serve_on(
        application, listening_on(host, port), when_ready=when_ready, limits=limits or Limits()
    )


def serve_on(
    application: Application,
    listening: socket.socket,
    *,
    when_ready: Callable[[int], None],
    limits: Limits,
) -> None:
    """Serve on a socket, which other processes may serve as well; see `serve`."""
    # What strangers send that is no HTTP is answered and counted; it is no news for the log.
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    config = uvicorn.Config(
        application,
        http=type("_Protocol", (_PatientProtocol,), {"limits": limits}),
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        limit_concurrency=limits.connections,
        h11_max_incomplete_event_size=limits.head_bytes,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    _collect_rarely()
    server = _Server(config, lambda: when_ready(listening.getsockname()[1]))
    # Heard also before the server listens to signals, and after: it raises again what it obeyed.
    signal.signal(signal.SIGTERM, lambda *_: server.stop())
    server.run(sockets=[listening])


def _collect_rarely() -> None:
    """Spare the collector what lives as long as the process, and short-lived answers to requests.

    Measured: one eighth of the processor's time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


def listening_on(host: str, port: int) -> socket.socket:
    """Take an address; nobody is answered yet.

    Raises:
        OSError: it is taken, or is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, or asyncio would not send small answers at once.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        listening.bind((host, port))
    except OSError:
        listening.close()
        raise
    return listening


class _Server(uvicorn.Server):
    """Says when it listens."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    def stop(self) -> None:
        """End as soon as what is under way allows it."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()


class _PatientProtocol(H11Protocol):
    """One connection: patient with who is slow, not with who does nothing.

    It leaves to the application what had arrived of a request when its connection died: the server
    itself drops those bytes, and a machine on a bad link would send them again. It gives up a
    connection that takes too long to say what it wants, and one that reads nothing for too long.
    """

    limits = Limits()
    _head_timer: asyncio.TimerHandle | None = None
    _read_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a first request."""
        super().connection_made(transport)
        self._mind_head()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        super().data_received(data)
        self._mind_head()

    def on_response_complete(self) -> None:
        """Wait for the rest of what has begun: another head, or a body that was refused."""
        super().on_response_complete()
        rest, _ = self.conn.trailing_data
        if rest or self.conn.their_state is h11.SEND_BODY:
            self._mind_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note what nobody has read yet."""
        self._forget_head_timer()
        self._forget_read_timer()
        # There is none before the first request, whatever the library's annotation says.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            scope = cast("Message", cycle.scope)  # The application's own keys have room in it.
            scope[LAST_BYTES] = bytes(cycle.body)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        """Begin to wait until the other side reads."""
        super().pause_writing()
        self._mind_reader(self.transport.get_write_buffer_size())

    def resume_writing(self) -> None:
        """Go on: the other side has read."""
        self._forget_read_timer()
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (our own words, in our own form)
        """Refuse what is no HTTP, in the form of every refusal."""
        told = {"error": {"code": "malformed", "message": SENTENCES["malformed"]}}
        body = json.dumps(told).encode()
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
            ("connection", "close"),
        ]
        answer = h11.Response(status_code=400, headers=headers, reason=b"Bad Request")
        try:
            for event in (answer, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        except h11.LocalProtocolError:
            pass  # An answer was under way already: nothing more can be said on this connection.
        self.transport.close()

    def _mind_head(self) -> None:
        """Wait for a whole head, but not for ever; for the rest of a refused body, while it moves.

        A machine reads why it was refused only once it has sent everything.
        """
        cycle: RequestResponseCycle | None = self.cycle
        is_answering = cycle is not None and not cycle.response_complete
        is_refused_body = not is_answering and self.conn.their_state is h11.SEND_BODY
        if is_answering or is_refused_body:
            self._forget_head_timer()
        if not is_answering and self._head_timer is None and not self.transport.is_closing():
            wait_s = self.limits.stall_s if is_refused_body else self.limits.head_s
            self._head_timer = self.loop.call_later(wait_s, self.transport.close)

    def _forget_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _forget_read_timer(self) -> None:
        if self._read_timer is not None:
            self._read_timer.cancel()
            self._read_timer = None

    def _mind_reader(self, waiting_bytes: int) -> None:
        self._read_timer = self.loop.call_later(
            self.limits.stall_s, self._give_up_reader, waiting_bytes
        )

    def _give_up_reader(self, waited_bytes: int) -> None:
        """Let go of a connection on which nothing left since last time."""
        waiting_bytes = self.transport.get_write_buffer_size()
        if waiting_bytes < waited_bytes:
            self._mind_reader(waiting_bytes)
        else:
            self.transport.abort()
