"""Private keys: what each party of the exchange holds, and how it is written down.

Ed25519 signs; HPKE (RFC 9180, hybrid post-quantum MLKEM768_X25519) receives wrapped keys. Nothing
here is stored: the bytes that `to_bytes` gives go into the encrypted workspace, or into a file
that its caller encrypts. Public sides are plain bytes, as in statements.
"""

import os
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from sync.canonical import Flaw, FormatError
from sync.statements import HPKE_PUBLIC_BYTES, authority_id, machine_id, relay_id, structure_id

SIGN_SEED_BYTES = 32
HPKE_SEED_BYTES = 96
MACHINE_BYTES = SIGN_SEED_BYTES + HPKE_SEED_BYTES

_NEXT = b"deux-portes/next-key/1\0"
_GENERATION_BYTES = 4
_MLKEM_PUBLIC_BYTES = 1_184
_MLKEM_SEED_BYTES = 64
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class KeyMaterialError(FormatError):
    """A key is not what it should be, or does not open what it was given.

    Codes: `malformed`, `cannot_open`, `wrong_key` (opened, and not the key that was announced).
    """


class SigningKey:
    """An Ed25519 key and the 32 bytes of its public side."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != SIGN_SEED_BYTES:
            raise KeyMaterialError(Flaw.MALFORMED)
        self.private_key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.private_key.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """Draw a new key."""
        return cls(os.urandom(SIGN_SEED_BYTES))

    def to_bytes(self) -> bytes:
        """Return the seed, for its caller to encrypt; the constructor reads it back."""
        return self.private_key.private_bytes_raw()


class AuthorityKey(SigningKey):
    """The Region's: it certifies relays and the roots of structures, and reads nothing."""

    @property
    def id(self) -> bytes:
        """The identifier of the authority."""
        return authority_id(self.public)


class RelayKey(SigningKey):
    """A relay's: it signs receipts and answers, and reads nothing."""

    @property
    def id(self) -> bytes:
        """The identifier of the relay."""
        return relay_id(self.public)


class StructureRoot(SigningKey):
    """A structure's root: it alone makes machines and profiles of that structure believed."""

    @property
    def id(self) -> bytes:
        """The identifier of the structure."""
        return structure_id(self.public)


class HpkeKey:
    """A key that receives wrapped keys, and the 1,216 bytes of its public side."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != HPKE_SEED_BYTES:
            raise KeyMaterialError(Flaw.MALFORMED)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seed[:_MLKEM_SEED_BYTES])
        x25519 = X25519PrivateKey.from_private_bytes(seed[_MLKEM_SEED_BYTES:])
        self._seed = seed
        self._private_key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> Self:
        """Draw a new key."""
        return cls(os.urandom(HPKE_SEED_BYTES))

    def to_bytes(self) -> bytes:
        """Return the seed, for its caller to encrypt; the constructor reads it back."""
        return self._seed

    def open(self, sealed: bytes, info: bytes) -> bytes:
        """Open what `seal_to` sealed to this key.

        Raises:
            KeyMaterialError: `cannot_open`: sealed to another key, for another purpose, or changed.
        """
        try:
            return _SUITE.decrypt(sealed, self._private_key, info=info)
        except (InvalidTag, ValueError) as error:
            raise KeyMaterialError(Flaw.CANNOT_OPEN) from error


class SpentKey:
    """The public side of a key whose private side was destroyed: it names, and opens nothing."""

    def __init__(self, public: bytes) -> None:
        if len(public) != HPKE_PUBLIC_BYTES:
            raise KeyMaterialError(Flaw.MALFORMED)
        self.public = public

    def to_bytes(self) -> bytes:
        """Return the public side, which the constructor reads back."""
        return self.public

    def open(self, sealed: bytes, info: bytes) -> bytes:  # noqa: ARG002 - as `HpkeKey.open`
        """Open nothing.

        Raises:
            KeyMaterialError: `cannot_open`, always.
        """
        raise KeyMaterialError(Flaw.CANNOT_OPEN)


class StructureKey(HpkeKey):
    """The private side of a structure's profile, held by each of its machines."""


def next_seed(key: HpkeKey, owner: bytes, generation: int) -> bytes:
    """Return the seed of the key that follows another of the same owner.

    It leads forward alone: who holds an older key, in a file restored from a copy, finds the later
    ones; who holds the last one never finds those that were destroyed.
    """
    derivation = HKDF(
        algorithm=SHA256(),
        length=HPKE_SEED_BYTES,
        salt=None,
        info=_NEXT + owner + generation.to_bytes(_GENERATION_BYTES, "big"),
    )
    return derivation.derive(key.to_bytes())


def seal_to(hpke_public: bytes, secret: bytes, info: bytes) -> bytes:
    """Seal a few bytes to the holder of a key, for one purpose.

    Raises:
        KeyMaterialError: `malformed`: these bytes are no public key.
    """
    if len(hpke_public) != HPKE_PUBLIC_BYTES:
        raise KeyMaterialError(Flaw.MALFORMED)
    try:
        mlkem = MLKEM768PublicKey.from_public_bytes(hpke_public[:_MLKEM_PUBLIC_BYTES])
        x25519 = X25519PublicKey.from_public_bytes(hpke_public[_MLKEM_PUBLIC_BYTES:])
        return _SUITE.encrypt(secret, MLKEM768X25519PublicKey(mlkem, x25519), info=info)
    except ValueError as error:
        raise KeyMaterialError(Flaw.MALFORMED) from error


class MachineKeys:
    """The two keys of one machine: it signs with one and receives wrapped keys with the other."""

    def __init__(self, sign: SigningKey, hpke: HpkeKey | SpentKey) -> None:
        self.sign = sign
        self.hpke = hpke
        self.id = machine_id(sign.public, hpke.public)

    @classmethod
    def generate(cls) -> Self:
        """Draw the keys of a new machine."""
        return cls(SigningKey.generate(), HpkeKey.generate())

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read what `to_bytes` wrote.

        Raises:
            KeyMaterialError: `malformed`.
        """
        sign, hpke = data[:SIGN_SEED_BYTES], data[SIGN_SEED_BYTES:]
        is_spent = len(hpke) == HPKE_PUBLIC_BYTES
        return cls(SigningKey(sign), SpentKey(hpke) if is_spent else HpkeKey(hpke))

    def spent(self) -> Self:
        """Return these keys without the one that receives: others are told by `receiver`."""
        return type(self)(self.sign, SpentKey(self.hpke.public))

    def to_bytes(self) -> bytes:
        """Return both seeds, 128 bytes, for its caller to encrypt; of a spent key, its name."""
        return self.sign.to_bytes() + self.hpke.to_bytes()
