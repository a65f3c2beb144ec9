"""The HTTP server under the relay: patient with slow links, and losing no byte of dying ones."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, MutableMapping
from typing import Any, cast

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from sync.relay.bodies import LAST_BYTES, STALL_S

KEEP_ALIVE_S = 120
_GRACE_S = 5

Message = MutableMapping[str, Any]
Application = Callable[[Message, Any, Any], Any]


class ClientStalledError(Exception):
    """The client has read nothing for too long."""


def serve(
    application: Application, *, host: str, port: int, when_ready: Callable[[int], None]
) -> None:
    """Serve until SIGTERM or SIGINT, then let requests under way end for a few seconds.

    Args:
        application: the relay.
        host: the address to listen on.
        port: the port, or 0 for any that is free.
        when_ready: told the port once requests can be made.
    """
    listening = _listening(host, port)
    config = uvicorn.Config(
        _patient(application),
        http=_LastBytesProtocol,
        ws="none",
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
    )
    # Otherwise the server would end by the signal that it has just obeyed.
    signal.signal(signal.SIGTERM, lambda *_: None)
    server = _Server(config, lambda: when_ready(listening.getsockname()[1]))
    server.run(sockets=[listening])


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With its protocol named, or asyncio would not send small answers at once.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            self._when_ready()


class _LastBytesProtocol(H11Protocol):
    """Leaves to the application what had arrived of a request when its connection died.

    The server itself drops those bytes, and a machine on a bad link would send them again.
    """

    def connection_lost(self, exc: Exception | None) -> None:
        """Note what nobody has read yet."""
        # There is none before the first request, whatever the library's annotation says.
        cycle: RequestResponseCycle | None = self.cycle
        if cycle is not None and not cycle.response_complete:
            scope = cast("Message", cycle.scope)  # The application's own keys have room in it.
            scope[LAST_BYTES] = bytes(cycle.body)
        super().connection_lost(exc)


def _patient(application: Application) -> Application:
    """Give up a client that reads nothing for a while, instead of waiting for ever."""

    async def serve_one(scope: Message, receive: Any, send: Any) -> None:
        async def send_or_give_up(message: Message) -> None:
            try:
                await asyncio.wait_for(send(message), STALL_S)
            except TimeoutError as error:
                raise ClientStalledError from error

        try:
            await application(scope, receive, send_or_give_up)
        except ClientStalledError:
            return

    return serve_one
