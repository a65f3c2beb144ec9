"""The relay over HTTPS, as one machine sees it: slow links, dying links, and strangers in between.

Only a link on which no byte moves for a while is given up: a slow one may take its time. Uploads
leave by small reads over a small socket buffer, so that progress is seen where it happens. One
connection serves a whole exchange.
"""

import secrets
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from types import MappingProxyType
from typing import Any

import requests
from urllib3.exceptions import HTTPError

from sync.errors import (
    ClockRefusedError,
    LinkCutError,
    NotAdmittedYetError,
    NotOurRelayError,
)
from sync.exchange_watch import ExchangeStage, ExchangeWatch
from sync.frames import StatementFrameReader, encode_statement_frames
from sync.heads import HEADS
from sync.http_signatures import RequestSigner
from sync.link_failures import link_failure
from sync.moved_bytes import MovedBytes
from sync.pack_marks import PACKS, PackMark, held_line, read_kept
from sync.relay_answers import (
    ToldHello,
    check_status,
    read_greeting,
    read_hello,
    read_names,
    read_offsets,
    read_push_answer,
    read_statements_answer,
)
from sync.relay_connection import (
    AGAIN_S,
    CONNECT_S,
    STEADY_AFTER_BYTES,
    Floor,
    RelayAddress,
    check_tls,
    grow,
    head_bytes,
    session,
)
from sync.relay_port import (
    NO_PACKS,
    NOTHING_AHEAD,
    Ahead,
    Hello,
    Offsets,
    PartialBundle,
    PushAnswer,
    StatementNames,
    StatementsAnswer,
    Transport,
)
from sync.transfer import (
    FramedBundles,
    PullReader,
    at_most,
    by_number,
    by_size,
    pieces_question,
    pull_question,
    unreadable_frames,
)

__all__ = ["HttpTransport", "RelayAddress", "Transport"]

STALL_S = 20
DOWNLOAD_BYTES = 16_384
"""The most that is read at once; what has arrived is taken as it comes."""

GREETING = "deux-portes-hello"

ANSWER_BYTES_MAX = 16 * 1_048_576

_UNWATCHED = ExchangeWatch()
_PUSH_BYTES = 32 * 1_048_576
_STATEMENTS_BYTES = 512 * 1_024
_NAMES_AT_ONCE = 1_000


class HttpTransport:
    """A relay over HTTPS: see `Transport`."""

    def __init__(
        self,
        address: RelayAddress,
        signer: RequestSigner,
        *,
        clock: Callable[[], float] = time.time,
        stall_s: int = STALL_S,
        watch: ExchangeWatch = _UNWATCHED,
    ) -> None:
        """Prepare a connection; nothing is sent yet.

        Args:
            address: the relay, from the Region's file.
            signer: signs as this machine.
            clock: this machine's clock, in seconds since 1970; it may be wrong.
            stall_s: for how long no byte may move.
            watch: told each time bytes moved; it may stop the exchange there.

        Raises:
            RelayNeedsTlsError: the address is plain `http` and is not on this machine.
        """
        check_tls(address.url)
        self._address = address
        self._signer = signer
        self._clock = clock
        self._stall_s = stall_s
        self._moved = MovedBytes(watch)
        self._offset_s = 0.0
        self._interrupted: PartialBundle | None = None
        self._asked_names: tuple[str | None, StatementNames | None] | None = None
        self._session = session(address, stall_s)
        self._connect_s = cycle((CONNECT_S,))

    @property
    def bytes_up(self) -> int:
        """Bytes sent so far: bodies as they are, headers about."""
        return self._moved.up

    @property
    def bytes_down(self) -> int:
        """Bytes received so far: bodies as they are, headers about."""
        return self._moved.down

    @property
    def interrupted(self) -> PartialBundle | None:
        """What the last `pull` had of a bundle when it stopped; give it back as `resume`."""
        return self._interrupted

    def hello(self) -> Hello:
        """Make sure that this is our relay, and learn its time. To be called first."""
        nonce = secrets.token_bytes(16)
        request = requests.Request("GET", self._url(f"/v1/hello?nonce={nonce.hex()}"))
        left_at = self._clock()
        with self._exchange(self._session.prepare_request(request)) as response:
            self._check(response)
            body = self._body(response)
        told = read_hello(body, relay_key=self._address.relay_key, nonce=nonce)
        return self._known_by(told, left_at)

    def _known_by(
        self, told: ToldHello, left_at: float, kept: Mapping[str, str] = MappingProxyType({})
    ) -> Hello:
        # The relay read its clock about half-way between departure and arrival.
        self._offset_s = told.time_s - (left_at + self._clock()) / 2
        return Hello(
            relay=told.relay,
            authority=told.authority,
            time_s=told.time_s,
            offset_s=self._offset_s,
            heads=kept.get(HEADS, ""),
            packs=read_kept(kept.get(PACKS, "")),
        )

    def greet(self, etag: str | None, packs: Mapping[str, int] = NO_PACKS) -> Hello:
        """Do what `hello` does while asking for statements: one round trip for both."""
        nonce, left_at = secrets.token_bytes(16), self._clock()
        told: list[ToldHello] = []
        kept: list[Mapping[str, str]] = []

        def recognise(response: requests.Response) -> None:
            kept.append(response.headers)
            if GREETING in response.headers:
                known = self._address.relay_key
                told.append(read_greeting(response.headers[GREETING], relay_key=known, nonce=nonce))
            elif response.ok:
                raise NotOurRelayError

        try:
            asked = {GREETING: nonce.hex(), HEADS: "?"} | _asked_packs(packs)
            names = self._ask_names(etag, asked, recognise)
            self._asked_names = (etag, names)
        except NotAdmittedYetError:
            if not told:
                raise
        return self._known_by(told[-1], left_at, kept[-1])

    def statement_names(self, etag: str | None) -> StatementNames | None:
        """Ask which statements this machine may know; None when nothing changed since `etag`."""
        asked, self._asked_names = self._asked_names, None
        if asked is not None and asked[0] == etag:
            return asked[1]
        return self._ask_names(etag, {})

    def _ask_names(
        self,
        etag: str | None,
        headers: dict[str, str],
        recognise: Callable[[requests.Response], None] = lambda _response: None,
    ) -> StatementNames | None:
        headers |= {"If-None-Match": etag} if etag else {}
        call = self._call("GET", "/v1/statements", recognise=recognise, headers=headers)
        with call as response:
            body = self._body(response)  # even of a 304: unread, the connection would be dropped
            if response.status_code == requests.codes.not_modified:
                return None
            names = read_names(body)
            return StatementNames(names=names, etag=response.headers.get("ETag", ""))

    def fetch_statements(self, names: Sequence[bytes]) -> tuple[bytes, ...]:
        """Fetch statements; those that this machine may not know are left out."""
        statements: list[bytes] = []
        for some in by_number(names, _NAMES_AT_ONCE):
            reader = StatementFrameReader(most=len(some))
            asked = {"names": [name.hex() for name in some]}
            with self._call("POST", "/v1/statements/fetch", json=asked) as response:
                with unreadable_frames():
                    for chunk in self._short(response):
                        statements += reader.feed(chunk)
                if not reader.is_between_frames:
                    raise LinkCutError
        return tuple(statements)

    def send_statements(self, statements: Sequence[bytes]) -> StatementsAnswer:
        """Hand statements over, in an order such that the first certify this machine."""
        answers = []
        for some in by_size(statements, len, _STATEMENTS_BYTES):
            body = encode_statement_frames(some)
            with self._call("POST", "/v1/statements", data=body) as response:
                answers.append(read_statements_answer(self._body(response)))
        return StatementsAnswer(
            kept=tuple(name for answer in answers for name in answer.kept),
            refused=tuple(refused for answer in answers for refused in answer.refused),
        )

    def push(
        self, bundles: Iterable[tuple[bytes, bytes, int]], ahead: Ahead = NOTHING_AHEAD
    ) -> PushAnswer:
        """Send bundles: name, all the bytes, and the offset up to which the relay has them."""
        answers = []
        every, self._moved.ahead = list(bundles), ahead
        self._moved.begin(
            ExchangeStage.SENDING, sum(len(data) - offset for _, data, offset in every)
        )
        for some in by_size(every, lambda bundle: len(bundle[1]) - bundle[2], _PUSH_BYTES):
            with self._call("POST", "/v1/bundles", bundles=some) as response:
                answers.append(read_push_answer(self._body(response)))
        return PushAnswer(
            receipts=tuple(receipt for answer in answers for receipt in answer.receipts),
            refused=tuple(refused for answer in answers for refused in answer.refused),
        )

    def offsets(self, names: Sequence[bytes]) -> Offsets:
        """Ask how much of each bundle the relay keeps."""
        offsets: dict[bytes, int] = {}
        receipts: list[bytes] = []
        for some in by_number(names, _NAMES_AT_ONCE):
            asked = {"names": [name.hex() for name in some]}
            with self._call("POST", "/v1/bundles/offsets", json=asked) as response:
                answer = read_offsets(self._body(response))
            offsets |= answer.offsets
            receipts += answer.receipts
        return Offsets(offsets=offsets, receipts=tuple(receipts))

    def pull(
        self, above: Mapping[bytes, Mapping[bytes, int]], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Receive the names and bytes of bundles, one by one as they arrive; nothing is checked."""
        self._moved.begin(ExchangeStage.RECEIVING)
        yield from self._received("/v1/bundles/pull", pull_question(above, resume), resume)

    def fetch_pieces(
        self, space: bytes, names: Sequence[bytes], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        """Receive pieces of checkpoints, one by one as they arrive; nothing is checked."""
        self._moved.begin(ExchangeStage.RECEIVING)
        for some in by_number(names, _NAMES_AT_ONCE):
            asked = pieces_question(space, some, resume)
            yield from self._received("/v1/chunks/fetch", asked, resume)

    def fetch_pack(self, pack: PackMark, offset: int) -> Generator[bytes]:
        """Receive the bytes of a pack that follow those that are held; nothing is checked."""
        self._moved.begin(ExchangeStage.DIRECTORY)
        path, left = f"/v1/packs?name={pack.name.hex()}&offset={offset}", pack.size - offset
        with self._call("GET", path) as response:
            for chunk in at_most(left, self._chunks(response)):
                left -= len(chunk)
                yield chunk
        if left:
            raise LinkCutError

    def _received(
        self, path: str, asked: dict[str, Any], resume: PartialBundle | None
    ) -> Iterator[tuple[bytes, bytes]]:
        reader = PullReader(resume)
        self._interrupted = resume
        try:
            with self._call("POST", path, json=asked) as response:
                for chunk in self._chunks(response):
                    yield from reader.feed(chunk)
                reader.finish()
        finally:
            self._interrupted = reader.interrupted

    def close(self) -> None:
        """Let go of the connection."""
        self._session.close()

    @contextmanager
    def _call(
        self,
        method: str,
        path: str,
        *,
        bundles: list[tuple[bytes, bytes, int]] | None = None,
        recognise: Callable[[requests.Response], None] = lambda _response: None,
        **parts: Any,
    ) -> Iterator[requests.Response]:
        """Make a signed call, once more if the relay says that our clock is wrong."""
        for is_last in (False, True):
            if bundles is not None:
                parts["data"] = FramedBundles(bundles, self._moved.count_up, self._moved.ahead)
            request = requests.Request(method, self._url(path), **parts)
            prepared = self._signed(self._session.prepare_request(request))
            with self._exchange(prepared) as response:
                recognise(response)
                try:
                    self._check(response)
                except ClockRefusedError:
                    if is_last:
                        raise
                else:
                    yield response
                    return
            self.hello()

    @contextmanager
    def _exchange(self, request: requests.PreparedRequest) -> Iterator[requests.Response]:
        """Send a request and hold its answer open; tell what the link did when it fails."""
        try:
            with self._session.send(
                request,
                stream=True,
                timeout=(min(next(self._connect_s), self._stall_s), self._stall_s),
                allow_redirects=False,
            ) as response:
                self._connect_s = cycle((AGAIN_S, AGAIN_S, CONNECT_S))
                # Not before: what is written here tells whether something passed.
                body = request.body if isinstance(request.body, bytes) else b""
                self._moved.count_up(
                    head_bytes(request.headers) + len(request.url or "") + len(body)
                )
                self._moved.count_down(head_bytes(response.headers))
                yield response
        except (requests.RequestException, HTTPError, OSError) as error:
            raise link_failure(error, self._stall_s) from error

    def _signed(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        body = request.body if isinstance(request.body, bytes) else None
        self._signer.sign(
            request,
            created=round(self._clock() + self._offset_s),
            nonce=secrets.token_bytes(16),
            body=body,
        )
        return request

    def _check(self, response: requests.Response) -> None:
        check_status(response.status_code, response.headers, partial(self._body, response))

    def _body(self, response: requests.Response) -> bytes:
        """Read a short answer whole."""
        return b"".join(self._short(response))

    def _short(self, response: requests.Response) -> Iterator[bytes]:
        """Give an answer that is kept in memory."""
        return at_most(ANSWER_BYTES_MAX, self._chunks(response))

    def _chunks(self, response: requests.Response) -> Iterator[bytes]:
        brought_bytes, floor = 0, Floor(self._stall_s)
        while chunk := response.raw.read1(DOWNLOAD_BYTES):
            floor.note(len(chunk))
            self._moved.count_down(len(chunk))
            before, brought_bytes = brought_bytes, brought_bytes + len(chunk)
            if before < STEADY_AFTER_BYTES <= brought_bytes:
                grow(response)
            yield chunk

    def _url(self, path: str) -> str:
        return self._address.url.rstrip("/") + path


def _asked_packs(packs: Mapping[str, int]) -> dict[str, str]:
    return {PACKS: held_line(packs)} if packs else {}
