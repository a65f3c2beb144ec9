"""How a relay is served: its limits, its public name, and what stands in front of it."""

import ipaddress
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from starlette.requests import Request

from sync.relay.limits import Limits
from sync.relay.metrics import Metrics

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_USUAL_PORTS = {"https": 443, "http": 80}
_NEIGHBOURS = 64
"""Of an IPv6 address, the bits that tell one place from another: the rest is chosen at will."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How a relay is served; the usual one suits a test and a relay behind its own proxy.

    Attributes:
        limits: what anybody may take.
        public_host: the only `Host` for which signatures count, or "" for any: a request signed
            for another relay could otherwise be replayed here by whoever saw it there.
        trusted_proxies: the only neighbours whose `X-Forwarded-For` is believed.
        metrics: where what happens is counted.
        clock: seconds since 1970; the only time that counts.
        monotonic: seconds that only grow.
    """

    limits: Limits = field(default_factory=Limits)
    public_host: str = ""
    trusted_proxies: Sequence[Network] = ()
    metrics: Metrics = field(default_factory=Metrics)
    clock: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic


def host_of(url: str) -> str:
    """Return the `Host` that requests to a public address carry.

    Raises:
        ValueError: it is no such address.
    """
    parts = urlsplit(url)
    if parts.scheme not in _USUAL_PORTS or not parts.hostname or parts.path.strip("/"):
        raise ValueError(url)
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_usual = parts.port in (None, _USUAL_PORTS[parts.scheme])
    return name if is_usual else f"{name}:{parts.port}"


def source_of(request: Request, trusted_proxies: Sequence[Network]) -> str:
    """Return where a request comes from, to count by; it is never written anywhere.

    Each trusted proxy adds at the end of `X-Forwarded-For` whom it heard; what stands further
    left was written by strangers.
    """
    source = request.client.host if request.client else ""
    heard = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    while heard and _is_in(source, trusted_proxies):
        before = heard.pop().strip()
        if _address(before) is None:
            break
        source = before
    return _place(source)


def _is_in(source: str, networks: Sequence[Network]) -> bool:
    address = _address(source)
    return address is not None and any(
        address.version == network.version and address in network for network in networks
    )


def _place(source: str) -> str:
    address = _address(source)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, _NEIGHBOURS), strict=False))
    return source


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None
