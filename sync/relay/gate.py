"""Who comes in: the order in which a request is doubted, from the cheapest question on.

Host, room left for strangers of that address, signature, nonce, room left for that machine, what
is believed of it now. Only then is its body read, or its question answered.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from starlette.requests import Request

from sync.http_signatures import VerifiedRequest
from sync.relay import admission, authentication, bodies
from sync.relay.admission import Brought
from sync.relay.database import Database
from sync.relay.directory import Caller, Directory, View
from sync.relay.limits import Allowances
from sync.relay.nonces import Nonces
from sync.relay.refusals import RefusalError
from sync.relay.serving import Serving, source_of
from sync.relay.spending import Spending

_KNOWN_GUESTS_MAX = 20_000
_KNOWN_FOR_S = 3_600

KeyFinder = Callable[[bytes], Ed25519PublicKey | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """A machine that proved who it is: what is believed now, and for whom it acts."""

    view: View
    caller: Caller


class Gate:
    """Lets requests in, or refuses them. To be used on the event loop."""

    def __init__(self, database: Database, directory: Directory | None, serving: Serving) -> None:
        self._database = database
        self._directory = directory
        self._serving = serving
        limits, monotonic = serving.limits, serving.monotonic
        nonces = Nonces(clock=serving.clock, monotonic=monotonic)
        self._spending = Spending(database, nonces, serving.clock)
        self._machines = Allowances(limits.machine_rate, monotonic=monotonic)
        self._strangers = Allowances(limits.stranger_rate, monotonic=monotonic)
        self._statements = Allowances(limits.statement_rate, monotonic=monotonic)
        self._known_guests: OrderedDict[tuple[bytes, str], float] = OrderedDict()
        self._view: View | None = None

    @property
    def directory(self) -> Directory:
        """Who is known here.

        Raises:
            RefusalError: `no_authority`.
        """
        if self._directory is None:
            raise RefusalError(code="no_authority")
        return self._directory

    def greeted(self, request: Request) -> None:
        """Count a request that proves nothing.

        Raises:
            RefusalError: `too_many_requests` came from there.
        """
        _refuse_if(self._strangers.take(self._source(request)))

    async def certified(self, request: Request, *, with_body: bool) -> tuple[Guest, bytes]:
        """Like `authenticated`, for machines that a root has signed.

        Raises:
            RefusalError: also `not_certified`.
        """
        guest, body = await self.authenticated(request, with_body=with_body)
        if not guest.caller.structures:
            raise RefusalError(code="not_certified")
        return guest, body

    async def authenticated(self, request: Request, *, with_body: bool) -> tuple[Guest, bytes]:
        """Find out who calls, then read the small body whose digest is signed, if there is one.

        Raises:
            RefusalError: whatever is wrong with the request, its signer or its body.
        """
        verified, view = await self._verified(request, with_body=with_body)
        view = await self._spent(verified, view)
        caller = view.caller(verified.machine)
        if not with_body:
            return Guest(view=view, caller=caller), b""
        body = await self.small_body(request)
        authentication.check_body(verified, body)
        return Guest(view=view, caller=caller), body

    async def introduced(self, request: Request) -> tuple[Brought, bytes]:
        """Read statements, from a machine that they may certify; return them and the machine.

        Raises:
            RefusalError: whatever is wrong with the request, its signer or its body.
        """
        self._check_welcome(request)
        body = await self.small_body(request)
        brought = admission.read_brought(body)
        view = await self._refreshed()
        find_key = partial(admission.brought_key, view, brought)
        verified = self._checked(request, find_key, with_body=True)
        authentication.check_body(verified, body)
        await self._spent(verified, view)
        _refuse_if(self._statements.take(verified.machine, len(body) / 1_024))
        return brought, verified.machine

    async def small_body(self, request: Request) -> bytes:
        """Read a body of JSON or statements."""
        limits = self._serving.limits
        return await bodies.whole(request, limits.json_bytes, limits.stall_s)

    async def _verified(self, request: Request, *, with_body: bool) -> tuple[VerifiedRequest, View]:
        """Check the signature by what was believed a moment ago; look anew for an unknown key."""
        self._check_welcome(request)
        view = self._view or await self._refreshed()
        claimed = authentication.claimed_machine(request)
        if view.signing_key(claimed) is None:
            view = await self._refreshed()
        return self._checked(request, view.signing_key, with_body=with_body), view

    def _check_welcome(self, request: Request) -> None:
        """Refuse, before any arithmetic, what is for another relay or comes from a noisy place.

        A machine that proved itself from the same place not long ago is listened to all the same:
        whoever makes the noise does not lock out its neighbours.
        """
        if self._directory is None:
            raise RefusalError(code="no_authority")
        expected = self._serving.public_host
        if expected and request.headers.get("host", "").lower() != expected:
            raise RefusalError(code="wrong_host")
        source, claimed = self._source(request), authentication.claimed_machine(request)
        wait_s = self._strangers.wait_s(source)
        if wait_s and not self._knows((claimed, source)):
            _refuse_if(wait_s)
        _refuse_if(self._machines.wait_s(claimed))

    def _checked(
        self, request: Request, find_key: KeyFinder, *, with_body: bool
    ) -> VerifiedRequest:
        source = self._source(request)
        try:
            verified = authentication.check_signature(
                authentication.received(request),
                find_key,
                now=int(self._serving.clock()),
                with_body=with_body,
            )
        except RefusalError:
            self._strangers.take(source)
            raise
        self._remember((verified.machine, source))
        return verified

    async def _spent(self, verified: VerifiedRequest, view: View) -> View:
        """Spend the nonce and count the request; return what is believed now."""
        position = await self._spending.spend((verified.machine, verified.nonce))
        _refuse_if(self._machines.take(verified.machine))
        # Not read in the writer: what it sees may still be rolled back.
        return view if position <= view.position else await self._refreshed()

    async def _refreshed(self) -> View:
        self._view = await self._database.reading(self.directory.refreshed)
        return self._view

    def _source(self, request: Request) -> str:
        return source_of(request, self._serving.trusted_proxies)

    def _knows(self, guest: tuple[bytes, str]) -> bool:
        seen_at = self._known_guests.get(guest)
        return seen_at is not None and self._serving.monotonic() - seen_at < _KNOWN_FOR_S

    def _remember(self, guest: tuple[bytes, str]) -> None:
        self._known_guests[guest] = self._serving.monotonic()
        self._known_guests.move_to_end(guest)
        if len(self._known_guests) > _KNOWN_GUESTS_MAX:
            self._known_guests.popitem(last=False)


def _refuse_if(wait_s: int) -> None:
    if wait_s:
        raise RefusalError(code="too_many_requests", retry_after_s=wait_s)
