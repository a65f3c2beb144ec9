"""One connection to the relay: small steps, so that progress and silence are seen at once.

Proxies, certificates and passwords named by environment variables are ignored: on an office
machine nobody remembers who set them, and they would silently change whom we talk to. An office
that must go through a proxy says so in its settings.
"""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

from sync.errors import RelayNeedsTlsError

READ_BYTES = 4_096
SEND_BUFFER_BYTES = 16_384
KEEP_ALIVE_IDLE_S, KEEP_ALIVE_EVERY_S = 4, 2
"""A connection that died in silence is found out within seconds, while an answer is awaited."""
GIVEN_UP_MS = 4_000
"""Without a sign of the other end for so long, a new connection goes on sooner than the old one:
the kernel doubles its pauses, and would still be silent when the link is back."""
CONNECT_S = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RelayAddress:
    """Where the relay is and how to know it again.

    `ca_file` holds the certificates to trust instead of the public ones; `proxy` is the URL of the
    office's own proxy, through which TLS is still checked from end to end.
    """

    url: str
    relay_key: bytes
    ca_file: Path | None = None
    proxy: str | None = None


class _SmallSteps(HTTPAdapter):
    """Connections that read and buffer little, so that a stalled upload is seen within seconds."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """Prepare the pool: one connection, small socket buffer, small reads."""
        options["blocksize"] = READ_BYTES
        options["socket_options"] = [
            (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
            (socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES),
            (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
            *_keep_alive_options(),
        ]
        super().init_poolmanager(*args, **options)


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
    session.verify = str(address.ca_file) if address.ca_file else True
    session.headers = CaseInsensitiveDict(
        {"User-Agent": "deux-portes", "Accept-Encoding": "identity"}
    )
    if address.proxy:
        session.proxies = {"http": address.proxy, "https": address.proxy}
    for scheme in ("http://", "https://"):
        session.mount(scheme, _SmallSteps(pool_connections=1, pool_maxsize=1))
    return session


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
