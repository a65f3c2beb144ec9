"""Reads what the relay answers, and knows it from what a stranger in between answers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from sync.bounded_json import read_json
from sync.canonical import canonical
from sync.errors import (
    CertificateExpiredError,
    ClockRefusedError,
    MachineRevokedError,
    NotAdmittedYetError,
    NotOurRelayError,
    RelayAbsentError,
    RelayAnswerUnreadableError,
    RelayFullError,
    RelayRefusedError,
    RelayWithoutAuthorityError,
    SyncError,
    TooManyRequestsError,
)
from sync.relay_port import Offsets, PushAnswer, Refused, StatementsAnswer
from sync.statement_shapes import MAX_UINT
from sync.statements import relay_id
from sync.wire import MAX_BUNDLE_BYTES

HELLO = b"deux-portes/hello/1\0"
VERSION = 1

_NAME_BYTES = 32
_REDIRECTIONS = range(300, 400)
_NOT_MODIFIED = 304
_FIRST_REFUSAL = 400
_TOO_MANY = "too_many_requests"
_LONGEST_WAIT_S = 3_600
_DIGITS, _CODE_SIGNS = 16, 60
_GATEWAY_ALONE = (502, 503, 504)
_REFUSALS: Mapping[str, type[RelayRefusedError]] = {
    "unknown_machine": NotAdmittedYetError,
    "not_certified": NotAdmittedYetError,
    "revoked": MachineRevokedError,
    "expired": CertificateExpiredError,
    "stale": ClockRefusedError,
    "no_authority": RelayWithoutAuthorityError,
    "relay_full": RelayFullError,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldHello:
    """What a relay that proved who it is said of itself."""

    relay: bytes
    authority: bytes
    time_s: int


def check_status(status: int, headers: Mapping[str, str], read_body: Callable[[], bytes]) -> None:
    """Raise what a refusal means; say nothing of an answer.

    Args:
        status: the HTTP status.
        headers: of the answer.
        read_body: reads the body, if it is worth it.

    Raises:
        SyncError: what the relay, or what stands in front of it, refused.
    """
    if status in _REDIRECTIONS and status != _NOT_MODIFIED:
        raise NotOurRelayError
    if status < _FIRST_REFUSAL:
        return
    if "json" not in headers.get("Content-Type", ""):
        raise _stranger(status)
    try:
        refusal = _code(read_json(read_body())["error"]["code"])
    except (ValueError, KeyError, TypeError) as error:
        raise _stranger(status) from error
    if refusal == _TOO_MANY:
        wait_s = _wait_s(headers.get("Retry-After", ""))
        raise TooManyRequestsError(status=status, refusal=_TOO_MANY, retry_after_s=wait_s)
    raise _REFUSALS.get(refusal, RelayRefusedError)(status=status, refusal=refusal)


def read_hello(body: bytes, *, relay_key: bytes, nonce: bytes) -> ToldHello:
    """Read the answer to `hello` and check that our relay signed it for this nonce.

    Raises:
        NotOurRelayError: anything else answered.
    """
    try:
        told = read_json(body)
        if not _is(told["version"], VERSION) or bytes.fromhex(told["nonce"]) != nonce:
            raise NotOurRelayError
        parts = (told["relay"], told["authority"], told["time"], told["signature"])
    except (ValueError, KeyError, TypeError) as error:
        raise NotOurRelayError from error
    return _checked_hello(parts, relay_key=relay_key, nonce=nonce)


def read_greeting(header: str, *, relay_key: bytes, nonce: bytes) -> ToldHello:
    """Read the greeting that the relay added to an answer; see `read_hello`."""
    return _checked_hello(header.split(" "), relay_key=relay_key, nonce=nonce)


def _checked_hello(parts: Sequence[Any], *, relay_key: bytes, nonce: bytes) -> ToldHello:
    try:
        relay, authority, signature = (bytes.fromhex(parts[place]) for place in (0, 1, 3))
        time_s = _moment(parts[2])
        key = Ed25519PublicKey.from_public_bytes(relay_key)
        key.verify(signature, HELLO + canonical([relay, nonce, time_s]))
    except (ValueError, IndexError, TypeError, InvalidSignature) as error:
        raise NotOurRelayError from error
    if relay != relay_id(relay_key):
        raise NotOurRelayError
    return ToldHello(relay=relay, authority=authority, time_s=time_s)


def read_names(body: bytes) -> frozenset[bytes]:
    """Read the names of the statements that the caller may know."""
    with _unreadable():
        return frozenset(_name(text) for text in read_json(body)["names"])


def read_statements_answer(body: bytes) -> StatementsAnswer:
    """Read what the relay did with statements."""
    with _unreadable():
        told = read_json(body)
        kept = tuple(_name(text) for text in told["kept"])
        return StatementsAnswer(kept=kept, refused=_refused(told))


def read_push_answer(body: bytes) -> PushAnswer:
    """Read what the relay did with bundles."""
    with _unreadable():
        told = read_json(body)
        return PushAnswer(receipts=_receipts(told), refused=_refused(told))


def read_offsets(body: bytes) -> Offsets:
    """Read how much the relay keeps of bundles."""
    with _unreadable():
        told = read_json(body)
        offsets = {_name(name): _offset(kept) for name, kept in told["offsets"].items()}
        return Offsets(offsets=offsets, receipts=_receipts(told))


def _wait_s(told: str) -> int:
    """Read for how long the relay asks to wait; nobody is sent away for a day."""
    is_read = told.isascii() and told.isdecimal() and len(told) < _DIGITS
    return min(int(told), _LONGEST_WAIT_S) if is_read else 0


def _stranger(status: int) -> SyncError:
    """Return what it means that something else than a relay refuses."""
    return RelayAbsentError() if status in _GATEWAY_ALONE else NotOurRelayError()


@contextmanager
def _unreadable() -> Iterator[None]:
    try:
        yield
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RelayAnswerUnreadableError from error


def _is(told: object, number: int) -> bool:
    """Is it that number? `true` and `1.0` are other things than 1, whatever Python says."""
    return type(told) is int and told == number


def _moment(told: object) -> int:
    """Read a moment, a number in JSON and digits in a header."""
    digits = isinstance(told, str) and told.isascii() and told.isdecimal() and len(told) < _DIGITS
    time_s = int(told) if isinstance(told, str) and digits else told
    if type(time_s) is not int or not 0 <= time_s <= MAX_UINT:
        raise ValueError
    return time_s


def _offset(told: object) -> int:
    if type(told) is not int or not 0 <= told <= MAX_BUNDLE_BYTES:
        raise ValueError
    return told


def _code(told: object) -> str:
    """Read the code of a refusal, which may be shown."""
    if not isinstance(told, str) or not (told.isascii() and told.isprintable()):
        raise ValueError
    return told[:_CODE_SIGNS]


def _name(text: str) -> bytes:
    name = bytes.fromhex(text)
    if len(name) != _NAME_BYTES:
        raise ValueError
    return name


def _receipts(told: Mapping[str, Any]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(text) for text in told["receipts"])


def _refused(told: Mapping[str, Any]) -> tuple[Refused, ...]:
    return tuple(
        Refused(name=_name(refused["name"]), code=_code(refused["code"]))
        for refused in told["refused"]
    )
