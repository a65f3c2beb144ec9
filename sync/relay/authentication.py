"""Who makes a request: its signature, its time by the relay's clock, and its nonce, once."""

from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, delete, insert, select
from starlette.requests import Request

from sync.http_signatures import (
    CREATED_TOLERANCE_S,
    ReceivedHeaders,
    ReceivedRequest,
    SignatureError,
    VerifiedRequest,
    verify_body,
    verify_request,
)
from sync.relay.refusals import RefusalError
from sync.relay.tables import nonces

_NONCES_KEPT_S = 2 * CREATED_TOLERANCE_S + 60
"""As long as a copy could pass for fresh, whichever way the machine's clock was wrong."""


def received(request: Request) -> ReceivedRequest:
    """Return what the signature of a request covers, as it came on the wire."""
    target = request.scope["raw_path"].decode("latin-1")
    query = request.scope["query_string"].decode("latin-1")
    host = request.headers.get("host", "")
    return ReceivedRequest(
        method=request.method,
        url=f"http://{host}{target}?{query}",
        headers=ReceivedHeaders(request.headers.raw),
    )


def check_signature(
    request: ReceivedRequest,
    find_key: Callable[[bytes], Ed25519PublicKey | None],
    *,
    now: int,
    with_body: bool,
) -> VerifiedRequest:
    """Check who signed a request.

    Raises:
        RefusalError: `unsigned`, `unknown_machine`, `bad_signature` or `stale`.
    """
    try:
        return verify_request(request, find_key, now=now, with_body=with_body)
    except SignatureError as error:
        raise RefusalError(code=error.code) from error


def check_body(verified: VerifiedRequest, body: bytes) -> None:
    """Check that a body is the one that was signed.

    Raises:
        RefusalError: `bad_signature`.
    """
    try:
        verify_body(verified, body)
    except SignatureError as error:
        raise RefusalError(code=error.code) from error


def spend_nonce(connection: Connection, verified: VerifiedRequest, *, now: int) -> None:
    """Remember the nonce of a request, and forget those too old to matter.

    Raises:
        RefusalError: `nonce_seen`.
    """
    is_same = (nonces.c.machine == verified.machine) & (nonces.c.nonce == verified.nonce)
    if connection.scalar(select(nonces.c.at).where(is_same)) is not None:
        raise RefusalError(code="nonce_seen")
    connection.execute(delete(nonces).where(nonces.c.at < now - _NONCES_KEPT_S))
    connection.execute(
        insert(nonces).values(machine=verified.machine, nonce=verified.nonce, at=now)
    )
