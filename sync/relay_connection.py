"""One connection to the relay: small steps, so that progress and silence are seen at once.

Proxies, certificates and passwords named by environment variables are ignored: on an office
machine nobody remembers who set them, and they would silently change whom we talk to. An office
that must go through a proxy says so in its settings.
"""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from sync.errors import RelayNeedsTlsError

READ_BYTES = 4_096
SEND_BUFFER_BYTES = 16_384
RECEIVE_BUFFER_BYTES, STEADY_BUFFER_BYTES = 49_152, 1_048_576
"""What may be on its way to us, and is lost when the link dies; more once it has proved itself."""
STEADY_AFTER_BYTES = 262_144
"""What one answer must have brought for its link to be called steady."""
KEEP_ALIVE_IDLE_S, KEEP_ALIVE_EVERY_S = 2, 1
"""A connection that died in silence is found out within seconds, while an answer is awaited."""
GIVEN_UP_MS = 4_000
"""Without a sign of the other end for so long, a new connection goes on sooner than the old one:
the kernel doubles its pauses, and would still be silent when the link is back."""
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

    def __init__(self, ca_pem: str) -> None:
        self._ca_pem = ca_pem
        super().__init__(pool_connections=1, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Prepare the pool: one connection, small socket buffer, small reads."""
        options |= self._options()
        super().init_poolmanager(*args, **options)

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """Prepare the same through a proxy."""
        options |= self._options()
        return super().proxy_manager_for(proxy, **options)

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Check certificates always; a private authority stands alone, without the public ones."""
        super().cert_verify(conn, url, verify, cert)  # type: ignore[no-untyped-call]
        if self._ca_pem:
            conn.ca_certs = conn.ca_cert_dir = None

    def _options(self) -> dict[str, Any]:
        trusted = {"ca_cert_data": self._ca_pem} if self._ca_pem else {}
        return trusted | {
            "blocksize": READ_BYTES,
            "socket_options": [
                (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
                (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES),
                (socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER_BYTES),
                (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
                *_keep_alive_options(),
            ],
        }


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


def session(address: RelayAddress) -> requests.Session:
    """Return a session of one connection to a relay, deaf to the machine's environment."""
    session = requests.Session()
    session.trust_env = False
    session.verify = True
    session.headers = CaseInsensitiveDict(
        {"User-Agent": "deux-portes", "Accept-Encoding": "identity"}
    )
    if address.proxy:
        session.proxies = {"http": address.proxy, "https": address.proxy}
    for scheme in ("http://", "https://"):
        session.mount(scheme, _SmallSteps(address.ca_pem))
    return session


def grow(response: requests.Response) -> None:
    """Let more be on its way to us: the link that carries this answer is steady."""
    connection = response.raw.connection
    sock = getattr(connection, "sock", None)
    if sock is not None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, STEADY_BUFFER_BYTES)


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
