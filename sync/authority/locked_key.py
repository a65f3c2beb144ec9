"""The authority's private key in its file, under a passphrase (Argon2id, ChaCha20-Poly1305)."""

import os
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from sync.authority.refusals import UnreadableFileError, WeakPassphraseError, WrongPassphraseError
from sync.canonical import FormatError
from sync.carried_json import Carried, base64_text, carried_text
from sync.keys import AuthorityKey

SHORTEST_PASSPHRASE = 12

_KIND = "authority-key"
_AD = b"deux-portes/authority-key/1\0"
_SALT_BYTES = 16
_NONCE_BYTES = 12
_KEY_BYTES = 32
_LANES = 4
_MEMORY_KIB_MAX = 1_048_576
_PASSES_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one attempt at the passphrase costs; RFC 9106 recommends these for 64 MiB."""

    memory_kib: int = 65_536
    passes: int = 3

    @property
    def is_bearable(self) -> bool:
        """Can an office computer pay it? A changed file must not freeze the machine."""
        return 0 < self.passes <= _PASSES_MAX and 8 * _LANES <= self.memory_kib <= _MEMORY_KIB_MAX


def lock_key(key: AuthorityKey, passphrase: str, cost: Cost) -> str:
    """Return the text of the key's file.

    Raises:
        WeakPassphraseError: the passphrase is too short.
    """
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise WeakPassphraseError(shortest=str(SHORTEST_PASSPHRASE))
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    cipher = ChaCha20Poly1305(_derive(passphrase, salt, cost))
    fields = {
        "memory_kib": cost.memory_kib,
        "passes": cost.passes,
        "salt": salt.hex(),
        "nonce": nonce.hex(),
        "sealed": base64_text(cipher.encrypt(nonce, key.to_bytes(), _AD)),
    }
    return carried_text(_KIND, fields)


def unlock_key(text: str, passphrase: str) -> AuthorityKey:
    """Open the key's file.

    Raises:
        WrongPassphraseError: the passphrase does not open it.
        UnreadableFileError: the file is damaged.
    """
    try:
        carried = Carried.read(text, _KIND)
        cost = Cost(memory_kib=carried.moment("memory_kib"), passes=carried.moment("passes"))
        salt, nonce = carried.octets("salt", _SALT_BYTES), carried.octets("nonce", _NONCE_BYTES)
        sealed = carried.base64("sealed")
    except FormatError as error:
        raise UnreadableFileError(path="key.json") from error
    if not cost.is_bearable:
        raise UnreadableFileError(path="key.json")
    try:
        seed = ChaCha20Poly1305(_derive(passphrase, salt, cost)).decrypt(nonce, sealed, _AD)
    except InvalidTag as error:
        raise WrongPassphraseError from error
    return AuthorityKey(seed)


def _derive(passphrase: str, salt: bytes, cost: Cost) -> bytes:
    derivation = Argon2id(
        salt=salt,
        length=_KEY_BYTES,
        iterations=cost.passes,
        lanes=_LANES,
        memory_cost=cost.memory_kib,
    )
    return derivation.derive(passphrase.encode())
