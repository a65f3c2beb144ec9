"""What the relay answers: JSON, and one form for every refusal, whatever refused."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sync.relay.database import DatabaseBusyError, DatabaseFullError
from sync.relay.refusals import RefusalError

_REFUSED_BY_ROUTES = {404: "not_found", 405: "method_not_allowed"}

REFUSED = "deux_portes.refused"
"""Where the code of a refusal is left for whoever counts them."""

ErrorHandler = Callable[[Request, Exception], Awaitable[Response]]


def json_answer(value: Mapping[str, Any]) -> Response:
    """Return an answer that nobody on the way may keep."""
    return JSONResponse(dict(value), headers={"Cache-Control": "no-store"})


def error_handlers() -> dict[Any, ErrorHandler]:
    """Return what to answer to each class of failure."""
    return {
        RefusalError: _refused,
        HTTPException: _not_here,
        DatabaseFullError: _answering("relay_full"),
        DatabaseBusyError: _answering("busy"),
        Exception: _answering("internal"),
    }


def _answering(code: str) -> ErrorHandler:
    async def answer(request: Request, _error: Exception) -> Response:
        return await _refused(request, RefusalError(code=code))

    return answer


async def _refused(request: Request, error: Exception) -> Response:
    if not isinstance(error, RefusalError):
        raise error
    request.scope[REFUSED] = error.code
    told = {"error": {"code": error.code, "message": error.sentence}}
    headers = {"Cache-Control": "no-store"}
    if error.retry_after_s:
        headers["Retry-After"] = str(error.retry_after_s)
    return JSONResponse(told, status_code=error.status, headers=headers)


async def _not_here(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 0
    answer = await _refused(request, RefusalError(code=_REFUSED_BY_ROUTES.get(status, "malformed")))
    if isinstance(error, HTTPException):
        answer.headers.update(error.headers or {})  # `Allow` says what is done instead.
    return answer
