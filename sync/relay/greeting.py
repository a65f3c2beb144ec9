"""The relay's signed answer to a nonce, on any call that asks for it: one round trip less.

A machine must know that its relay answers, and not a portal or a proxy, and what time it is there,
before it believes anything else. `GET /v1/hello` says so alone; a call with the header
`deux-portes-hello: <32 hex>` is told the same in a header of its answer, whatever the answer is.
"""

from collections.abc import Callable
from contextlib import suppress

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sync.canonical import canonical
from sync.keys import RelayKey
from sync.relay import questions
from sync.relay.refusals import RefusalError
from sync.statements import authority_id

HEADER = "deux-portes-hello"
NONCE_BYTES = 16

_HELLO = b"deux-portes/hello/1\0"


class Greeter:
    """Signs greetings for one relay and its Region."""

    def __init__(self, key: RelayKey, authority_key: bytes | None, now: Callable[[], int]) -> None:
        """Prepare to sign.

        Args:
            key: the relay's own.
            authority_key: of the Region; without it nobody is greeted.
            now: the relay's clock, in seconds.
        """
        self._key = key
        self._authority_key = authority_key
        self._now = now

    def greeting(self, asked: str) -> dict[str, str | int]:
        """Return who the relay is and its time, signed for a nonce.

        Raises:
            RefusalError: `malformed` nonce, or `no_authority` yet.
        """
        if self._authority_key is None:
            raise RefusalError(code="no_authority")
        nonce = questions.octets(asked, NONCE_BYTES)
        now = self._now()
        signed = _HELLO + canonical([self._key.id, nonce, now])
        return {
            "relay": self._key.id.hex(),
            "authority": authority_id(self._authority_key).hex(),
            "time": now,
            "signature": self._key.private_key.sign(signed).hex(),
        }

    def header(self, asked: str) -> str:
        """Return the greeting in one line: relay, authority, time, signature."""
        told = self.greeting(asked)
        return " ".join(str(told[part]) for part in ("relay", "authority", "time", "signature"))


class Greeting:
    """ASGI: adds the greeting to the answers of calls that ask for it."""

    def __init__(self, application: ASGIApp, greeter: Greeter) -> None:
        self._application = application
        self._greeter = greeter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        asked = Headers(scope=scope).get(HEADER) if scope["type"] == "http" else None
        if asked is None:
            await self._application(scope, receive, send)
            return

        async def send_greeting(message: Message) -> None:
            if message["type"] == "http.response.start":
                with suppress(RefusalError):  # the call itself says what is wrong
                    MutableHeaders(scope=message)[HEADER] = self._greeter.header(asked)
            await send(message)

        await self._application(scope, receive, send_greeting)
