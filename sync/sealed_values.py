"""Values of events as CBOR: what a field may hold, sealed values under their own tag."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from app.domain.events import SealedValue, Value
from sync.canonical import Canonical, CanonicalError, Flaw, Tagged

SEALED_TAG = 40_500
_PARTS = 4
_KEY_ID_BYTES = 8
_NONCE_BYTES = 12


def value_to_canonical(value: Value) -> Canonical:
    """Return what to write for a value.

    Raises:
        CanonicalError: a map key is not text. What else has no form is refused when written.
    """
    if isinstance(value, SealedValue):
        sealed = (value.key_id, value.nonce, value.ciphertext)
        return Tagged(SEALED_TAG, [value.compartment, *sealed])
    if isinstance(value, tuple):
        return [value_to_canonical(item) for item in value]
    if isinstance(value, Mapping):
        _check_text_keys(value)
        return {key: value_to_canonical(item) for key, item in value.items()}
    return value


def value_from_canonical(value: Canonical) -> Value:
    """Return the immutable value that was written.

    Raises:
        CanonicalError: an unknown tag, a malformed sealed value, or a key that is not text.
    """
    if value is None or isinstance(value, bool | int | str | bytes):
        return value
    if isinstance(value, Tagged):
        return _sealed(value)
    if isinstance(value, Mapping):
        _check_text_keys(value)
        entries = {str(key): value_from_canonical(item) for key, item in value.items()}
        return MappingProxyType(entries)
    return tuple(map(value_from_canonical, value))


def _check_text_keys(keys: Iterable[object]) -> None:
    if not all(isinstance(key, str) for key in keys):
        raise CanonicalError(Flaw.MALFORMED)


def _sealed(tagged: Tagged) -> SealedValue:
    parts = tagged.value
    if tagged.tag != SEALED_TAG or not isinstance(parts, tuple) or len(parts) != _PARTS:
        raise CanonicalError(Flaw.MALFORMED)
    compartment, key_id, nonce, ciphertext = parts
    if not isinstance(compartment, str) or not isinstance(ciphertext, bytes):
        raise CanonicalError(Flaw.MALFORMED)
    return SealedValue(
        compartment=compartment,
        key_id=_octets(key_id, _KEY_ID_BYTES),
        nonce=_octets(nonce, _NONCE_BYTES),
        ciphertext=ciphertext,
    )


def _octets(value: Canonical, length: int) -> bytes:
    if not isinstance(value, bytes) or len(value) != length:
        raise CanonicalError(Flaw.MALFORMED)
    return value
