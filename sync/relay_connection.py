"""One connection to the relay: small steps, so that progress and silence are seen at once.

Proxies, certificates and passwords named by environment variables are ignored: on an office
machine nobody remembers who set them, and they would silently change whom we talk to. An office
that must go through a proxy says so in its settings.
"""

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from sync.errors import RelayNeedsTlsError, RelayStalledError
from sync.line import Line
from sync.whole_head import WholeHead

READ_BYTES = 4_096
SEND_BUFFER_BYTES, STEADY_SEND_BYTES = 16_384, 32_768
"""What is counted as sent and may not have left; more once one body has shown that the link drains
it in seconds: a lost packet then never leaves the link idle."""
STEADY_UP_BYTES, STEADY_WITHIN_S = 65_536, 12
"""What one body must have brought, and in what time."""
RECEIVE_BUFFER_BYTES, STEADY_BUFFER_BYTES = 49_152, 1_048_576
"""What may be on its way to us, and is lost when the link dies; more once it has proved itself."""
STEADY_AFTER_BYTES = 262_144
"""What one answer must have brought for its link to be called steady."""
KEEP_ALIVE_IDLE_S, KEEP_ALIVE_EVERY_S = 2, 1
"""A connection that died in silence is found out within seconds, while an answer is awaited."""
GIVEN_UP_MS = 4_000
"""Without a sign of the other end for so long, a new connection goes on sooner than the old one:
the kernel doubles its pauses, and would still be silent when the link is back."""
LEAST_BYTES, LEAST_EVERY_S = 1_024, 60
"""Below that, an answer does not come: the slowest telephone link brings thirty times as much."""
CONNECT_S, AGAIN_S = 6, 2
"""How long a connection may take to open; less for one of two when the relay answered lately: the
kernel's own attempts are spaced more and more, and would miss a link that is back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAddress:
    """Where the relay is and how to know it again.

    `ca_pem` holds the certificates to trust instead of the public ones; `proxy` is the URL of the
    office's own proxy, through which TLS is still checked from end to end.
    """

    url: str
    relay_key: bytes
    ca_pem: str = ""
    proxy: str = ""


class _SmallSteps(HTTPAdapter):
    """Connections that read and buffer little, so that a stalled upload is seen within seconds."""

    def __init__(self, ca_pem: str, stall_s: float) -> None:
        self._ca_pem = ca_pem
        self._line = Line()
        self._pools = _pools_of(stall_s, self._line)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Prepare the pool: one connection, small socket buffer, small reads."""
        options |= self._options()
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Prepare the same through a proxy."""
        options |= self._options()
        through = super().proxy_manager_for(proxy, **options)
        through.pool_classes_by_scheme = self._pools
        return through

    def close(self) -> None:
        """Let go of the connection and of what watches it."""
        super().close()
        self._line.close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Check certificates always; a private authority stands alone, without the public ones."""
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        if self._ca_pem:
            conn.ca_certs = conn.ca_cert_dir = None

    def _options(self) -> dict[str, Any]:
        trusted = {"ca_cert_data": self._ca_pem} if self._ca_pem else {}
        return trusted | {
            "blocksize": READ_BYTES,
            "socket_options": _socket_options(),
        }


def _socket_options() -> list[tuple[int, int, int]]:
    return [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES),
        (socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES),
        (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
        *_keep_alive_options(),
    ]


def _keep_alive_options() -> Iterator[tuple[int, int, int]]:
    """Give the settings that this system has: their names differ."""
    for name, value in (
        ("TCP_USER_TIMEOUT", GIVEN_UP_MS),
        ("TCP_KEEPIDLE", KEEP_ALIVE_IDLE_S),
        ("TCP_KEEPALIVE", KEEP_ALIVE_IDLE_S),
        ("TCP_KEEPINTVL", KEEP_ALIVE_EVERY_S),
    ):
        if (option := getattr(socket, name, None)) is not None:
            yield socket.IPPROTO_TCP, option, value


class _Steady(HTTPConnection):
    """What both kinds of connections do: wait for bytes, and tell the line of their sockets.

    urllib3 sends a request under the time that was allowed for opening a connection, and would cut
    a slow upload that moves.
    """

    line: Line
    stall_s: float
    response_class = WholeHead
    _body_bytes = 0
    _body_since = 0.0

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self.stall_s)

    def request(self, *args: Any, **options: Any) -> None:
        if self.sock is not None:
            self.timeout = self.stall_s
        self._body_bytes, self._body_since = 0, time.monotonic()
        super().request(*args, **options)

    def send(self, data: Any) -> None:
        super().send(data)
        before, self._body_bytes = self._body_bytes, self._body_bytes + len(data)
        if before < STEADY_UP_BYTES <= self._body_bytes:
            is_steady = time.monotonic() - self._body_since <= STEADY_WITHIN_S
            if is_steady and self.sock is not None:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, STEADY_SEND_BYTES)

    def _new_conn(self) -> socket.socket:
        wait_s = float(self.timeout or self.stall_s)
        try:
            sock = self.line.take(wait_s)
        except TimeoutError as error:
            raise ConnectTimeoutError(self, f"nobody answers for {wait_s} s") from error
        except OSError as error:
            raise NewConnectionError(self, str(error)) from error
        if sock is None:
            sock = super()._new_conn()
        # TLS is agreed upon under that; a packet may be lost meanwhile, and the line is watched.
        sock.settimeout(max(wait_s, float(CONNECT_S)))
        self.line.watch(sock, _socket_options())
        return sock

    def close(self) -> None:
        self.line.leave()
        super().close()


def _pools_of(stall_s: float, line: Line) -> dict[str, type[HTTPConnectionPool]]:
    """Return pools whose connections, once open, wait `stall_s` for a byte to leave or to come."""

    class Plain(_Steady):
        pass

    class Secured(_Steady, HTTPSConnection):
        pass

    Plain.line = Secured.line = line
    Plain.stall_s = Secured.stall_s = stall_s

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(HTTPSConnectionPool):
        ConnectionCls = Secured

    return {"http": PlainPool, "https": SecuredPool}


def session(address: RelayAddress, stall_s: float) -> requests.Session:
    """Return a session of one connection to a relay, deaf to the machine's environment.

    Args:
        address: the relay.
        stall_s: for how long no byte may move, once the connection is open.
    """
    session = requests.Session()
    session.trust_env = False
    session.verify = True
    session.headers = CaseInsensitiveDict(
        {"User-Agent": "deux-portes", "Accept-Encoding": "identity"}
    )
    if address.proxy:
        session.proxies = {"http": address.proxy, "https": address.proxy}
    for scheme in ("http://", "https://"):
        session.mount(scheme, _SmallSteps(address.ca_pem, stall_s))
    return session


class Floor:
    """Tells a link that is slow from one that drips: a byte now and then would hold it for ever."""

    def __init__(self, stall_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Count from now on.

        Args:
            stall_s: what is said when too little came.
            clock: seconds that only grow.
        """
        self._stall_s = stall_s
        self._clock = clock
        self._since, self._bytes = clock(), 0

    def note(self, size_bytes: int) -> None:
        """Count what came.

        Raises:
            RelayStalledError: it is less than `LEAST_BYTES` for `LEAST_EVERY_S`.
        """
        self._bytes += size_bytes
        now = self._clock()
        if now - self._since < LEAST_EVERY_S:
            return
        if self._bytes < LEAST_BYTES:
            raise RelayStalledError(round(self._stall_s))
        self._since, self._bytes = now, 0


def grow(response: requests.Response) -> None:
    """Let more be on its way to us: the link that carries this answer is steady."""
    connection = response.raw.connection
    sock = getattr(connection, "sock", None)
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STEADY_BUFFER_BYTES)


def head_bytes(headers: Mapping[str, str | bytes]) -> int:
    """Return about how many bytes the head of a request or of an answer takes."""
    return 60 + sum(len(name) + len(value) + 4 for name, value in headers.items())


def check_tls(url: str) -> None:
    """Refuse an address whose bytes would travel in the clear.

    Raises:
        RelayNeedsTlsError: plain `http`, not on this machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or not _is_this_machine(parts.hostname or ""):
        raise RelayNeedsTlsError(url)


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
