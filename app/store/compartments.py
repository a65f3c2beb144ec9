"""Fields that only some agents may read, sealed before they enter the log.

A restricted field is ChaCha20-Poly1305 under a compartment key, bound to its subject and its name,
so that a value cannot be moved elsewhere. The keys are held in the entitled agents' slots and in
memory while they are here; folds, search, exchange and machine keys carry the value opaque.
"""

import hashlib
import os
from collections.abc import Mapping

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from app.domain.errors import CompartmentClosedError
from app.domain.events import SealedValue
from app.domain.identifiers import SubjectId

RECEPTION = "reception"
COUNSELLING = "counselling"
AGENT = "agent"

ENTITLED: Mapping[str, tuple[str, ...]] = {
    "reception": (RECEPTION, AGENT),
    "adviser": (RECEPTION, COUNSELLING, AGENT),
}
"""Compartments that each role holds. Every agent's `agent` compartment is theirs alone."""


class Compartments:
    """The compartment keys of the agent who is here."""

    def __init__(self, keys: Mapping[str, tuple[bytes, ...]]) -> None:
        self._keys = keys

    def holds(self, compartment: str) -> bool:
        """Can the agent who is here read and write this compartment?"""
        return bool(self._keys.get(compartment))

    def seal(self, text: str, *, compartment: str, subject: SubjectId, field: str) -> SealedValue:
        """Seal the text of a restricted field of a subject.

        Raises:
            CompartmentClosedError: the agent holds no key of that compartment.
        """
        keys = self._keys.get(compartment)
        if not keys:
            raise CompartmentClosedError(compartment)
        nonce = os.urandom(12)
        bound = _bound(subject, compartment, field)
        return SealedValue(
            compartment=compartment,
            key_id=key_id(compartment, keys[-1]),
            nonce=nonce,
            ciphertext=ChaCha20Poly1305(keys[-1]).encrypt(nonce, cbor2.dumps(text), bound),
        )

    def open(self, sealed: SealedValue, *, subject: SubjectId, field: str) -> str:
        """Open a restricted field.

        Raises:
            CompartmentClosedError: no key held here opens it, or it was moved from its place.
        """
        bound = _bound(subject, sealed.compartment, field)
        for key in self._keys.get(sealed.compartment, ()):
            if key_id(sealed.compartment, key) == sealed.key_id:
                try:
                    plain = ChaCha20Poly1305(key).decrypt(sealed.nonce, sealed.ciphertext, bound)
                except (InvalidTag, ValueError) as error:
                    raise CompartmentClosedError(sealed.compartment) from error
                return str(cbor2.loads(plain))
        raise CompartmentClosedError(sealed.compartment)


def key_id(compartment: str, key: bytes) -> bytes:
    """Name a compartment key without telling anything of it."""
    seed = b"deux-portes/compartment/1\0" + compartment.encode() + b"\0" + key
    return hashlib.sha256(seed).digest()[:8]


def new_keys(role: str) -> dict[str, tuple[bytes, ...]]:
    """Draw the compartment keys of a new workspace's first agent."""
    return {name: (os.urandom(32),) for name in ENTITLED[role]}


def keys_for(role: str, held: Mapping[str, tuple[bytes, ...]]) -> dict[str, tuple[bytes, ...]]:
    """Return what an agent who holds `held` can give to a new agent of a role.

    Nobody can give what they do not hold; the new agent's own compartment is drawn for them.
    """
    given = {name: held[name] for name in ENTITLED[role] if name in held and name != AGENT}
    return {**given, AGENT: (os.urandom(32),)}


def _bound(subject: SubjectId, compartment: str, field: str) -> bytes:
    return b"deux-portes/sealed/1\0" + subject + compartment.encode() + b"\0" + field.encode()
