"""Signed requests between desks and relay (RFC 9421), for both ends and nothing else.

A machine signs what it asks, where, when and under which nonce, never a cookie or a password: what
a proxy records on the way cannot be used again. Small bodies are covered by their digest (RFC
9530); bundles are not, since each one carries its own signature and name.

This module is the only one that knows the library behind.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    ContentDigest,
    HTTPMessageSignaturesException,
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    VerifyResult,
)
from http_message_signatures.algorithms import ED25519

LABEL = "dp"
TAG = "deux-portes"
COMPONENTS = ("@method", "@authority", "@path", "@query")
CREATED_TOLERANCE_S = 300

_MACHINE = re.compile(r"[0-9a-f]{32}")
_NONCE = re.compile(r"[0-9a-f]{32}")


class SignatureError(Exception):
    """The request is not acceptable as signed; `code` says why.

    Codes: `unsigned`, `unknown_machine`, `bad_signature`, `stale` (too old or too young).
    """

    def __init__(self, *, code: str) -> None:
        super().__init__(code)
        self.code = code


class SignableRequest(Protocol):
    """A request about to leave: its signature headers are written into `headers`."""

    method: str | None
    url: str | None

    @property
    def headers(self) -> MutableMapping[str, str]:
        """The headers, with names that ignore case."""
        ...


class ReceivedHeaders(Mapping[str, str]):
    """The headers of a received request, repeated lines included, as the library reads them."""

    def __init__(self, lines: Iterable[tuple[bytes, bytes]]) -> None:
        self._lines = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in lines]

    def __getitem__(self, name: str) -> str:
        values = [value for line, value in self._lines if line.lower() == name.lower()]
        if not values:
            raise KeyError(name)
        return ", ".join(values)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name.lower() for name, _ in self._lines))

    def __len__(self) -> int:
        return len({name.lower() for name, _ in self._lines})

    # Not a view of the keys above: the library joins repeated lines itself, in their order.
    def items(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """Return every line as it came, in order."""
        return list(self._lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedRequest:
    """What the signature of a received request covers. `url` is absolute and still encoded."""

    method: str
    url: str
    headers: ReceivedHeaders


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedRequest:
    """Who signed, under which nonce, and the components that the signature covers."""

    machine: bytes
    nonce: str
    covered: Mapping[str, str]


KeyFinder = Callable[[bytes], Ed25519PublicKey | None]
"""Gives the signing key of a machine, or None when nobody vouches for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSigner:
    """Signs the requests of one machine."""

    machine: bytes
    key: Ed25519PrivateKey

    def sign(
        self, request: SignableRequest, *, created: int, nonce: bytes, body: bytes | None
    ) -> None:
        """Write the signature headers into a request.

        Args:
            request: what is about to be sent; its URL is final.
            created: seconds since 1970 on the relay's clock, as far as it is known.
            nonce: sixteen random bytes, never used again.
            body: the bytes whose digest is covered; None for bundles and for requests without one.
        """
        signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OneKey(self.key))
        signer.sign(
            request,
            key_id=self.machine.hex(),
            created=datetime.fromtimestamp(created, UTC),
            nonce=nonce.hex(),
            label=LABEL,
            tag=TAG,
            include_alg=False,
            covered_component_ids=COMPONENTS,
            body=body,
        )


def verify_request(
    request: ReceivedRequest, find_key: KeyFinder, *, now: int, with_body: bool
) -> VerifiedRequest:
    """Check who signed a request and when, before its body is read.

    Args:
        request: what was received.
        find_key: gives the key of the machine that claims to have signed.
        now: seconds since 1970 on the relay's clock.
        with_body: whether the signature must cover the digest of a body.

    Returns:
        The machine and its nonce. Whether the nonce was seen before is for the caller to say, and
        the body's digest for `verify_body`.

    Raises:
        SignatureError: unsigned, by an unknown machine, wrongly signed, or at another time.
    """
    if "signature" not in request.headers or "signature-input" not in request.headers:
        raise SignatureError(code="unsigned")
    finder = _Finder(find_key)
    result = _verified(request, finder, with_body=with_body)
    created, nonce = result.parameters.get("created"), result.nonce
    if not isinstance(created, int) or nonce is None or not _NONCE.fullmatch(nonce):
        raise SignatureError(code="bad_signature")
    if abs(created - now) > CREATED_TOLERANCE_S:
        raise SignatureError(code="stale")
    machine = bytes.fromhex(str(result.parameters["keyid"]))
    return VerifiedRequest(machine=machine, nonce=nonce, covered=result.covered_components)


def verify_body(verified: VerifiedRequest, body: bytes) -> None:
    """Check that the bytes received are those whose digest was signed.

    Raises:
        SignatureError: `bad_signature`.
    """
    try:
        is_covered = ContentDigest.verify_components(verified.covered, body)
    except HTTPMessageSignaturesException as error:
        raise SignatureError(code="bad_signature") from error
    if not is_covered:
        raise SignatureError(code="bad_signature")


def _verified(request: ReceivedRequest, finder: "_Finder", *, with_body: bool) -> VerifyResult:
    required = (*COMPONENTS, "content-digest") if with_body else COMPONENTS
    verifier = _Verifier(signature_algorithm=ED25519, key_resolver=finder)
    try:
        results = verifier.verify(
            request, max_age=None, expect_tag=TAG, expect_label=LABEL, require_components=required
        )
    except HTTPMessageSignaturesException as error:
        code = "unknown_machine" if finder.found_nobody else "bad_signature"
        raise SignatureError(code=code) from error
    if len(results) != 1:
        raise SignatureError(code="bad_signature")
    return results[0]


class _Verifier(HTTPMessageVerifier):
    """Leaves time to `verify_request`, which is told it instead of reading a clock."""

    max_clock_skew = timedelta(days=36_500)


class _OneKey(HTTPSignatureKeyResolver):
    """The key of the machine itself."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:  # noqa: ARG002
        """Return the only key there is."""
        return self._key


class _Finder(HTTPSignatureKeyResolver):
    """Asks the caller for a key, and remembers that nobody was found."""

    def __init__(self, find_key: KeyFinder) -> None:
        self.found_nobody = False
        self._find_key = find_key

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        """Return the key of the machine named, in lower-case hex, by `key_id`."""
        key = self._find_key(bytes.fromhex(key_id)) if _MACHINE.fullmatch(key_id) else None
        self.found_nobody = key is None
        return key
