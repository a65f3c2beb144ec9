"""The relay's calls, as `sync/PROTOCOL.md` lists them: HTTP on one side, the rules on the other."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from functools import partial

from sqlalchemy import Connection, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sync.frames import encode_statement_frames
from sync.heads import HEADS
from sync.keys import RelayKey
from sync.pack_marks import PACKS, kept_line, read_held
from sync.relay import admission, bodies, calls, openapi, questions
from sync.relay.answers import error_handlers, json_answer
from sync.relay.calls import FRAMES
from sync.relay.chunks import Fetch
from sync.relay.database import Database
from sync.relay.directory import Directory
from sync.relay.gate import Gate, Guest
from sync.relay.greeting import Greeter, Greeting
from sync.relay.housekeeping import Housekeeping
from sync.relay.lacking import heads_mark_of
from sync.relay.looking import look
from sync.relay.metrics import Measured
from sync.relay.published import PackOut, later_packs, pack_size
from sync.relay.pulls import Pull
from sync.relay.quotas import Quotas
from sync.relay.receipts import Storekeeper
from sync.relay.refusals import RefusalError
from sync.relay.serving import Serving
from sync.relay.uploads import Upload

VERSION = 1

_SENT_AT_ONCE = 16_384
_HEALTHY_S = 1
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
        serving: Serving | None = None,
    ) -> None:
        """Prepare to answer.

        Args:
            database: the relay's own.
            key: the relay's own, with which it signs receipts.
            authority_key: of the Region; without it everything is refused.
            serving: the conditions; the usual ones if none are given.
        """
        self._database = database
        self._key = key
        self._serving = serving or Serving()
        self._directory = Directory(authority_key) if authority_key else None
        self._gate = Gate(database, self._directory, self._serving)
        self._quotas = Quotas(limits=self._serving.limits, monotonic=self._serving.monotonic)
        self._housekeeping = Housekeeping(database, self._directory, self._quotas, self._serving)
        self._greeter = Greeter(key, authority_key, self._now)
        self._healthy_until = float("-inf")
        self._description = openapi.document(calls.CALLS)

    def application(self) -> Starlette:
        """Return the ASGI application: every call of `calls.CALLS` and nothing else."""
        answering: dict[calls.Call, Handler] = {
            calls.HEALTH: self.health,
            calls.OPENAPI: self.openapi,
            calls.HELLO: self.hello,
            calls.STATEMENT_NAMES: self.statement_names,
            calls.TAKE_STATEMENTS: self.take_statements,
            calls.FETCH_STATEMENTS: self.give_statements,
            calls.PUSH: self.take_bundles,
            calls.OFFSETS: self.offsets,
            calls.PULL: self.give_bundles,
            calls.FETCH_PIECES: self.give_pieces,
            calls.GIVE_PACK: self.give_pack,
        }
        return Starlette(
            routes=[
                Route(call.path, handler, methods=[call.method])
                for call, handler in answering.items()
            ],
            middleware=[
                Middleware(Measured, metrics=self._serving.metrics),
                Middleware(Greeting, greeter=self._greeter),
            ],
            exception_handlers=error_handlers(),
            lifespan=self._lifespan,
        )

    async def health(self, _request: Request) -> Response:
        """Say that the relay answers, and its database, which is asked once a second at most."""
        now = self._serving.monotonic()
        if now >= self._healthy_until:
            await self._database.reading(_ask_anything)
            self._healthy_until = now + _HEALTHY_S
        return json_answer({"status": "ok", "version": VERSION})

    async def openapi(self, request: Request) -> Response:
        """Describe the calls."""
        self._gate.greeted(request)
        return json_answer(self._description)

    async def hello(self, request: Request) -> Response:
        """Prove who the relay is, and tell its time."""
        self._gate.greeted(request)
        asked = request.query_params.get("nonce", "")
        told = self._greeter.greeting(asked)
        return json_answer(
            {"version": VERSION, "relay_key": self._key.public.hex(), "nonce": asked, **told}
        )

    async def statement_names(self, request: Request) -> Response:
        """Name the statements that the caller may know."""
        guest, _ = await self._gate.authenticated(request, with_body=False)
        known = guest.view.known_names(guest.caller)
        headers = {"ETag": known.etag, "Cache-Control": "no-store"}
        is_expired = guest.view.is_expired(guest.caller.machine, now=self._now())
        if HEADS in request.headers and not is_expired:
            spaces = guest.view.spaces_of(guest.caller)
            kept = partial(heads_mark_of, covers=guest.view.covers, spaces=spaces)
            headers[HEADS] = await self._database.reading(kept)
        held = read_held(request.headers.get(PACKS, "")) if guest.caller.structures else {}
        if held and (later := await self._database.reading(partial(later_packs, held=held))):
            headers[PACKS] = kept_line(later)
        if request.headers.get("if-none-match") == known.etag:
            return Response(status_code=304, headers=headers)
        names = sorted(name.hex() for name in known.names)
        return JSONResponse({"names": names}, headers=headers)

    async def give_statements(self, request: Request) -> Response:
        """Give the bytes of statements; what the caller may not know does not exist."""
        guest, body = await self._gate.authenticated(request, with_body=True)
        known = guest.view.known_names(guest.caller).names
        asked = questions.read_names(body, self._serving.limits.names)
        data = (guest.view.shelf.data[name] for name in asked if name in known)
        return Response(encode_statement_frames(data), media_type=FRAMES)

    async def take_statements(self, request: Request) -> Response:
        """Keep statements. The caller may be certified by what it brings."""
        brought, machine = await self._gate.introduced(request)
        kept = await self._database.writing(
            partial(
                admission.admit,
                directory=self._gate.directory,
                brought=brought,
                machine=machine,
                now=self._now(),
            )
        )
        self._serving.metrics.kept("statements", len(kept.kept))
        if kept.spaces:
            self._housekeeping.ask(kept.spaces)
        return json_answer(
            {
                "kept": [name.hex() for name in kept.kept],
                "refused": self._told("statement", kept.refused),
            }
        )

    async def take_bundles(self, request: Request) -> Response:
        """Keep what arrives of bundles, as it arrives, and acknowledge those that are whole."""
        guest, _ = await self._gate.certified(request, with_body=False)
        upload = Upload(storekeeper=self._storekeeper(guest))
        limits = self._serving.limits
        try:
            async for chunk in bodies.chunks(request, limits.push_bytes, limits.stall_s):
                await self._database.writing(partial(upload.take, chunk=chunk, now=self._now()))
                if upload.flaw:
                    break
        finally:
            self._note_kept(upload)
        if not upload.is_complete:
            raise RefusalError(code=upload.flaw or "malformed")
        receipts = [receipt.hex() for receipt in upload.receipts]
        return json_answer({"receipts": receipts, "refused": self._told("bundle", upload.refused)})

    async def offsets(self, request: Request) -> Response:
        """Say how much of each bundle or piece is here, with the receipts of whole bundles."""
        guest, body = await self._gate.certified(request, with_body=True)
        names = questions.read_names(body, self._serving.limits.names)
        storekeeper = self._storekeeper(guest)
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
        guest, body = await self._gate.certified(request, with_body=True)
        view, caller = guest.view, guest.caller
        wanted, resumed = questions.read_pull(body, self._serving.limits.spaces)
        view.check_not_expired(caller, now=self._now())
        if not all(view.may_see_space(caller, one.space) for one in wanted):
            raise RefusalError(code="unknown_space")
        return await self._framed(Pull(wanted=wanted, resumed=resumed, covers=view.covers))

    async def give_pieces(self, request: Request) -> Response:
        """Give pieces of checkpoints of a space that the caller is a member of."""
        guest, body = await self._gate.certified(request, with_body=True)
        space, names, resumed = questions.read_fetch(body, self._serving.limits.names)
        guest.view.check_not_expired(guest.caller, now=self._now())
        if not guest.view.may_see_space(guest.caller, space):
            raise RefusalError(code="unknown_space")
        return await self._framed(Fetch(space=space, names=names, resumed=resumed))

    async def give_pack(self, request: Request) -> Response:
        """Give a pack of the Region from an offset on; it is public, but not for strangers."""
        await self._gate.certified(request, with_body=False)
        name, offset = questions.read_pack(request.query_params)
        size = await self._database.reading(partial(pack_size, name=name))
        if size is None:
            raise RefusalError(code="not_found")
        if offset > size:
            raise RefusalError(code="malformed")
        return await self._framed(PackOut(name=name, offset=offset, size=size))

    async def _framed(self, going_out: Pull | Fetch | PackOut) -> Response:
        first = await self._database.reading(going_out.next_slice)
        if going_out.is_over and len(first) <= _SENT_AT_ONCE:
            return Response(first, headers=_UNBUFFERED, media_type=FRAMES)
        frames = self._frames(first, going_out)
        return StreamingResponse(frames, headers=_UNBUFFERED, media_type=FRAMES)

    async def _frames(self, some: bytes, going_out: Pull | Fetch | PackOut) -> AsyncIterator[bytes]:
        while some:
            for start in range(0, len(some), _SENT_AT_ONCE):
                yield some[start : start + _SENT_AT_ONCE]
            is_over = going_out.is_over
            some = b"" if is_over else await self._database.reading(going_out.next_slice)

    def _note_kept(self, upload: Upload) -> None:
        self._serving.metrics.kept("receipts", len(upload.receipts))
        self._serving.metrics.kept("pieces", len(upload.pieces))
        if upload.pieces:
            self._housekeeping.ask(upload.spaces)

    def _storekeeper(self, guest: Guest) -> Storekeeper:
        return Storekeeper(
            key=self._key,
            directory=self._gate.directory,
            view=guest.view,
            caller=guest.caller,
            quotas=self._quotas,
        )

    def _told(self, what: str, refused: Iterable[tuple[bytes, str]]) -> list[dict[str, str]]:
        """Count what is refused one by one, and write it as answers do."""
        told = []
        for name, code in refused:
            self._serving.metrics.refused(what, code)
            told.append({"name": name.hex(), "code": code})
        return told

    def _now(self) -> int:
        return int(self._serving.clock())

    @asynccontextmanager
    async def _lifespan(self, _application: Starlette) -> AsyncIterator[None]:
        keeping = asyncio.create_task(self._housekeeping.keep())
        yield
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping


def _ask_anything(connection: Connection) -> None:
    connection.execute(select(1))


def _offsets(
    connection: Connection, storekeeper: Storekeeper, names: list[bytes]
) -> tuple[dict[bytes, int], list[bytes]]:
    here = look(connection, names)
    kept = {**dict.fromkeys(names, 0), **here.begun}
    kept |= storekeeper.pieces.sizes_of(connection, names)
    receipts = storekeeper.visible(here)
    kept |= {name: here.whole[name].size for name in receipts}
    return kept, list(receipts.values())
