"""Request bodies as they come: by chunks, within a limit, and never waited for without end."""

import asyncio
from collections.abc import AsyncIterator

from starlette.requests import Request

from sync.relay.refusals import RefusalError

LAST_BYTES = "deux_portes.last_bytes"
"""Where the server leaves what had arrived of a request whose connection died."""


async def chunks(request: Request, most_bytes: int, stall_s: float) -> AsyncIterator[bytes]:
    """Give the body as it arrives, also what arrived just before the connection died.

    Args:
        request: whose body is read, once.
        most_bytes: how many bytes are taken.
        stall_s: for how long the next ones are waited for.

    Raises:
        RefusalError: `body_too_large`; `stalled` when nothing comes, or the caller is gone;
            `unsupported_encoding`.
    """
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise RefusalError(code="unsupported_encoding")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > most_bytes:
        raise RefusalError(code="body_too_large")
    received, has_more = 0, True
    while has_more:
        try:
            message = await asyncio.wait_for(request.receive(), stall_s)
        except TimeoutError as error:
            raise RefusalError(code="stalled") from error
        is_gone = message["type"] == "http.disconnect"
        chunk = request.scope.get(LAST_BYTES, b"") if is_gone else message.get("body", b"")
        received += len(chunk)
        if received > most_bytes:
            raise RefusalError(code="body_too_large")
        if chunk:
            yield chunk
        if is_gone:
            raise RefusalError(code="stalled")
        has_more = message.get("more_body", False)


async def whole(request: Request, most_bytes: int, stall_s: float) -> bytes:
    """Read a small body whole.

    Raises:
        RefusalError: as `chunks`.
    """
    body = bytearray()
    async for chunk in chunks(request, most_bytes, stall_s):
        body += chunk
    return bytes(body)
