"""Who makes a request: its signature, and its time by the relay's clock."""

import re
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import Request

from sync.http_signatures import (
    ReceivedHeaders,
    ReceivedRequest,
    SignatureError,
    VerifiedRequest,
    verify_body,
    verify_request,
)
from sync.relay.refusals import RefusalError

_KEY_ID = re.compile(r';keyid="([0-9a-f]{32})"')


def claimed_machine(request: Request) -> bytes:
    """Return the machine that a request says it is of, which proves nothing; b"" if it says none.

    To decide, before any arithmetic, whether the claim is worth checking.
    """
    found = _KEY_ID.search(request.headers.get("signature-input", ""))
    return bytes.fromhex(found[1]) if found else b""


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
