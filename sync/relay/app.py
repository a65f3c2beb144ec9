"""The relay's calls, as `sync/PROTOCOL.md` lists them: HTTP on one side, the rules on the other."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from sqlalchemy import Connection, select
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.canonical import canonical
from sync.frames import encode_statement_frames
from sync.http_signatures import VerifiedRequest
from sync.keys import RelayKey
from sync.relay import admission, authentication, bodies, questions
from sync.relay.answers import error_handlers, json_answer
from sync.relay.database import Database, DatabaseBusyError, DatabaseFullError
from sync.relay.directory import Caller, Directory, View
from sync.relay.pulls import Pull
from sync.relay.receipts import Storekeeper
from sync.relay.refusals import RefusalError
from sync.relay.tables import bundles
from sync.relay.uploads import Upload, forget_old_parts, kept_bytes
from sync.statements import authority_id

VERSION = 1
JSON_BYTES_MAX = 1_048_576
STATEMENTS_BYTES_MAX = 1_048_576
PUSH_BYTES_MAX = 64 * 1_048_576

_HELLO = b"deux-portes/hello/1\0"
_NONCE_BYTES = 16
_SENT_AT_ONCE = 16_384
_HOUSEKEEPING_S = 6 * 3_600
_FRAMES = "application/octet-stream"
# What a proxy that gathers answers before it passes them on must be told.
_UNBUFFERED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}

Handler = Callable[[Request], Awaitable[Response]]


class Relay:
    """Answers machines, over one database. It holds nothing between two requests."""

    def __init__(
        self,
        database: Database,
        *,
        key: RelayKey,
        authority_key: bytes | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Prepare to answer.

        Args:
            database: the relay's own.
            key: the relay's own, with which it signs receipts.
            authority_key: of the Region; without it everything is refused.
            clock: seconds since 1970; the only time that counts here.
        """
        self._database = database
        self._key = key
        self._authority_key = authority_key
        self._clock = clock
        self._known_directory = Directory(authority_key) if authority_key else None

    def application(self) -> Starlette:
        """Return the ASGI application."""
        routes: list[tuple[str, str, Handler]] = [
            ("GET", "/health", self.health),
            ("GET", "/v1/hello", self.hello),
            ("GET", "/v1/statements", self.statement_names),
            ("POST", "/v1/statements", self.take_statements),
            ("POST", "/v1/statements/fetch", self.give_statements),
            ("POST", "/v1/bundles", self.take_bundles),
            ("POST", "/v1/bundles/offsets", self.offsets),
            ("POST", "/v1/bundles/pull", self.give_bundles),
        ]
        return Starlette(
            routes=[Route(path, call, methods=[method]) for method, path, call in routes],
            exception_handlers=error_handlers(),
            lifespan=self._lifespan,
        )

    async def health(self, _request: Request) -> Response:
        """Say that the relay answers."""
        return json_answer({"status": "ok", "version": VERSION})

    async def hello(self, request: Request) -> Response:
        """Prove who the relay is, and tell its time."""
        if self._authority_key is None:
            raise RefusalError(code="no_authority")
        asked = request.query_params.get("nonce", "")
        nonce = questions.octets(asked, _NONCE_BYTES)
        relay, now = self._key.id, self._now()
        signed = _HELLO + canonical([relay, nonce, now])
        return json_answer(
            {
                "version": VERSION,
                "relay": relay.hex(),
                "relay_key": self._key.public.hex(),
                "authority": authority_id(self._authority_key).hex(),
                "time": now,
                "nonce": nonce.hex(),
                "signature": self._key.private_key.sign(signed).hex(),
            }
        )

    async def statement_names(self, request: Request) -> Response:
        """Name the statements that the caller may know."""
        view, caller, _ = await self._authenticated(request, with_body=False)
        known = view.known_names(caller)
        headers = {"ETag": known.etag, "Cache-Control": "no-store"}
        if request.headers.get("if-none-match") == known.etag:
            return Response(status_code=304, headers=headers)
        names = sorted(name.hex() for name in known.names)
        return JSONResponse({"names": names}, headers=headers)

    async def give_statements(self, request: Request) -> Response:
        """Give the bytes of statements; what the caller may not know does not exist."""
        view, caller, body = await self._authenticated(request, with_body=True)
        known = view.known_names(caller).names
        wanted = [name for name in questions.read_names(body) if name in known]
        data = (view.shelf.data[name] for name in wanted)
        return Response(encode_statement_frames(data), media_type=_FRAMES)

    async def take_statements(self, request: Request) -> Response:
        """Keep statements. The caller may be certified by what it brings."""
        directory = self._directory()
        body = await bodies.whole(request, STATEMENTS_BYTES_MAX)
        brought = admission.read_brought(body)
        view = await self._database.reading(directory.refreshed)
        verified = authentication.check_signature(
            authentication.received(request),
            partial(admission.brought_key, view, brought),
            now=self._now(),
            with_body=True,
        )
        authentication.check_body(verified, body)
        await self._spend(verified)
        kept = await self._database.writing(
            lambda connection: admission.admit(
                connection,
                directory=directory,
                brought=brought,
                machine=verified.machine,
                now=self._now(),
            )
        )
        refused = [{"name": name.hex(), "code": code} for name, code in kept.refused]
        return json_answer({"kept": [name.hex() for name in kept.kept], "refused": refused})

    async def take_bundles(self, request: Request) -> Response:
        """Keep what arrives of bundles, as it arrives, and acknowledge those that are whole."""
        view, caller, _ = await self._certified(request, with_body=False)
        upload = Upload(storekeeper=self._storekeeper(view, caller))
        async for chunk in bodies.chunks(request, PUSH_BYTES_MAX):
            await self._database.writing(partial(upload.take, chunk=chunk, now=self._now()))
            if upload.flaw:
                break
        if not upload.is_complete:
            raise RefusalError(code=upload.flaw or "malformed")
        refused = [{"name": name.hex(), "code": code} for name, code in upload.refused]
        receipts = [receipt.hex() for receipt in upload.receipts]
        return json_answer({"receipts": receipts, "refused": refused})

    async def offsets(self, request: Request) -> Response:
        """Say how much of each bundle is here, with the receipts of whole ones."""
        view, caller, body = await self._certified(request, with_body=True)
        names = questions.read_names(body)
        storekeeper = self._storekeeper(view, caller)
        offsets, receipts = await self._database.reading(
            lambda connection: _offsets(connection, storekeeper, names)
        )
        return json_answer(
            {
                "offsets": {name.hex(): offset for name, offset in offsets.items()},
                "receipts": [receipt.hex() for receipt in receipts],
            }
        )

    async def give_bundles(self, request: Request) -> Response:
        """Give the bundles that the caller does not hold, of spaces it is a member of."""
        view, caller, body = await self._certified(request, with_body=True)
        wanted, resumed = questions.read_pull(body)
        view.check_not_expired(caller, now=self._now())
        if not all(view.may_see_space(caller, one.space) for one in wanted):
            raise RefusalError(code="unknown_space")
        frames = self._frames(Pull(wanted=wanted, resumed=resumed))
        return StreamingResponse(frames, headers=_UNBUFFERED, media_type=_FRAMES)

    async def _frames(self, pull: Pull) -> AsyncIterator[bytes]:
        while some := await self._database.reading(pull.next_slice):
            for start in range(0, len(some), _SENT_AT_ONCE):
                yield some[start : start + _SENT_AT_ONCE]

    async def _certified(self, request: Request, *, with_body: bool) -> tuple[View, Caller, bytes]:
        view, caller, body = await self._authenticated(request, with_body=with_body)
        if not caller.structures:
            raise RefusalError(code="not_certified")
        return view, caller, body

    async def _authenticated(
        self, request: Request, *, with_body: bool
    ) -> tuple[View, Caller, bytes]:
        """Find out who calls, before reading what is sent."""
        directory = self._directory()
        view = await self._database.reading(directory.refreshed)
        verified = authentication.check_signature(
            authentication.received(request), view.signing_key, now=self._now(), with_body=with_body
        )
        caller = view.caller(verified.machine)
        await self._spend(verified)
        if not with_body:
            return view, caller, b""
        body = await bodies.whole(request, JSON_BYTES_MAX)
        authentication.check_body(verified, body)
        return view, caller, body

    async def _spend(self, verified: VerifiedRequest) -> None:
        await self._database.writing(
            lambda connection: authentication.spend_nonce(connection, verified, now=self._now())
        )

    def _directory(self) -> Directory:
        if self._known_directory is None:
            raise RefusalError(code="no_authority")
        return self._known_directory

    def _storekeeper(self, view: View, caller: Caller) -> Storekeeper:
        return Storekeeper(key=self._key, view=view, caller=caller)

    def _now(self) -> int:
        return int(self._clock())

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        keeping = asyncio.create_task(self._keep_house())
        yield
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping

    async def _keep_house(self) -> None:
        while True:
            with suppress(DatabaseFullError, DatabaseBusyError):
                await self._database.writing(partial(forget_old_parts, now=self._now()))
            await asyncio.sleep(_HOUSEKEEPING_S)


def _offsets(
    connection: Connection, storekeeper: Storekeeper, names: list[bytes]
) -> tuple[dict[bytes, int], list[bytes]]:
    kept = dict.fromkeys(names, 0) | kept_bytes(connection, names)
    receipts = []
    here = select(bundles.c.name, bundles.c.size).where(bundles.c.name.in_(names))
    for row in connection.execute(here).all():
        receipt = storekeeper.receipt_of(connection, row.name)
        if receipt is not None:
            kept[row.name] = row.size
            receipts.append(receipt)
    return kept, receipts
