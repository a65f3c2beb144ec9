"""Tells from a failed request what happened to the link, so that the screen can say its cause."""

import socket
import ssl
from collections.abc import Iterator

from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.exceptions import ProxyError as TunnelError
from urllib3.exceptions import SSLError as TlsError
from urllib3.exceptions import TimeoutError as LinkTimeoutError

from sync.errors import (
    LinkCutError,
    NotOurRelayError,
    ProxyRefusedError,
    RelayAbsentError,
    RelayStalledError,
    SyncError,
    WrongCertificateError,
)

_NOBODY_ANSWERS = (
    ConnectTimeoutError,
    NewConnectionError,
    NameResolutionError,
    ConnectionRefusedError,
    socket.gaierror,
)


def link_failure(error: Exception, stall_s: int) -> SyncError:
    """Return what happened to the link.

    Args:
        error: what the HTTP library raised, with its causes.
        stall_s: after how long without a byte it gave up.
    """
    causes = list(_causes(error))
    if _any(causes, ssl.SSLCertVerificationError):
        return WrongCertificateError()
    if _any(causes, *_NOBODY_ANSWERS):
        return RelayAbsentError()
    if _any(causes, TunnelError):
        return ProxyRefusedError()
    if _any(causes, TimeoutError, LinkTimeoutError):
        return RelayStalledError(stall_s)
    is_torn = _any(causes, ConnectionError, ssl.SSLEOFError, ssl.SSLSyscallError)
    if _any(causes, ssl.SSLError, TlsError) and not is_torn:
        # Whatever spoke did not speak TLS as a relay does, such as a sign-in page on that port.
        return NotOurRelayError()
    return LinkCutError()


def _any(causes: list[BaseException], *classes: type[BaseException]) -> bool:
    return any(isinstance(cause, classes) for cause in causes)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Walk over an error and all that it wraps: the libraries keep causes in four places."""
    waiting: list[object] = [error]
    known: set[int] = set()
    while waiting:
        found = waiting.pop()
        if not isinstance(found, BaseException) or id(found) in known:
            continue
        known.add(id(found))
        yield found
        waiting += [found.__cause__, found.__context__, getattr(found, "reason", None), *found.args]
