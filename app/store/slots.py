"""Who can open the file: one slot per agent, and the file's printed recovery code.

The workspace file is encrypted with 32 random bytes. Each agent has a slot, in a small file beside
it, that holds those bytes and the compartment keys the agent is entitled to, sealed under a key
that Argon2id (RFC 9106) derives from their passphrase. The recovery slot is sealed under a code of
130 random bits printed once. Losing every slot loses the file: there is no other door.
"""

import json
import os
import secrets
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import cbor2
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from app.domain.errors import WeakPassphraseError, WorkspaceDamagedError, WrongPassphraseError
from app.domain.identifiers import SPOKEN_ALPHABET
from app.store.agent_cards import (
    FORMAT,
    RECOVERY_SLOT,
    SLOTS_FILE,
    AgentCard,
    agent_cards,
    read_slots,
)
from app.store.compartments import AGENT
from app.store.durable_file import write_durably

MEMORY_KIB = 65_536
ITERATIONS = 3
LANES = 4
MOST_MEMORY_KIB = 524_288
MOST_ITERATIONS = 16
MOST_LANES = 16
PASSPHRASE_MIN_SIGNS = 10
RECOVERY_SIGNS = 26


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a slot held: the file's key, whose slot it is, and the compartment keys by name.

    `compartments` maps a compartment to its keys, the one that seals last.
    """

    file_key: bytes
    agent: str
    name: str
    role: str
    compartments: Mapping[str, tuple[bytes, ...]]


__all__ = [
    "RECOVERY_SLOT",
    "SLOTS_FILE",
    "AgentCard",
    "Opened",
    "Slots",
    "check_passphrase",
    "new_recovery_code",
    "normalised_code",
]


class Slots:
    """The slots of one workspace folder. Reads and writes the small file beside the workspace."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / SLOTS_FILE

    def exists(self) -> bool:
        """Is there a slots file in the folder?"""
        return self._path.exists()

    def cards(self) -> tuple[AgentCard, ...]:
        """Return the agents who can unlock, in the order they were added."""
        return agent_cards(self._path.parent)

    def add(self, opened: Opened, *, slot_id: str, label: str, passphrase: str) -> None:
        """Seal a slot under a passphrase, or replace the slot of that name.

        Raises:
            WeakPassphraseError: fewer than ten signs.
        """
        check_passphrase(passphrase)
        slots = self._read()
        slots[slot_id] = _sealed(opened, slot_id=slot_id, label=label, passphrase=passphrase)
        self._write(slots)

    def create(self, opened: Opened, *, passphrase: str, recovery_code: str) -> None:
        """Write the file with the first agent's slot and the recovery slot, in one piece.

        The recovery code opens the file and its shared compartments, never an agent's own notes.

        Raises:
            WeakPassphraseError: fewer than ten signs; nothing is written.
        """
        check_passphrase(passphrase)
        shared = {name: keys for name, keys in opened.compartments.items() if name != AGENT}
        recovery = replace(opened, compartments=shared)
        code = normalised_code(recovery_code)
        self._write(
            {
                opened.agent: _sealed(
                    opened, slot_id=opened.agent, label=opened.name, passphrase=passphrase
                ),
                RECOVERY_SLOT: _sealed(recovery, slot_id=RECOVERY_SLOT, label="", passphrase=code),
            }
        )

    def remove(self, slot_id: str) -> None:
        """Take an agent's slot away; records they wrote stay."""
        slots = self._read()
        slots.pop(slot_id, None)
        self._write(slots)

    def remove_file(self) -> None:
        """Take every slot away: what they opened can be opened no more."""
        self._path.unlink(missing_ok=True)

    def open(self, slot_id: str, passphrase: str) -> Opened:
        """Open one slot.

        Raises:
            WrongPassphraseError: the passphrase does not open it, or there is no such slot.
        """
        slot = self._read().get(slot_id)
        if slot is None:
            raise WrongPassphraseError
        return _unsealed(slot, slot_id=slot_id, passphrase=passphrase)

    def _write(self, slots: Mapping[str, Mapping[str, Any]]) -> None:
        content = json.dumps({"format": FORMAT, "slots": slots}, indent=1)
        write_durably(self._path, content.encode())

    def _read(self) -> dict[str, dict[str, Any]]:
        return read_slots(self._path)


def check_passphrase(passphrase: str) -> None:
    """Refuse a passphrase too short to protect people's lives.

    Raises:
        WeakPassphraseError: fewer than ten signs.
    """
    if len(passphrase) < PASSPHRASE_MIN_SIGNS:
        raise WeakPassphraseError


def new_recovery_code() -> str:
    """Draw a code of 26 signs (130 bits), written in groups for paper."""
    signs = "".join(secrets.choice(SPOKEN_ALPHABET) for _ in range(RECOVERY_SIGNS))
    return "-".join(signs[start : start + 5] for start in range(0, RECOVERY_SIGNS, 5))


def normalised_code(code: str) -> str:
    """Return the signs of a recovery code, whatever spaces, dashes and case it was typed with."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def _derived(passphrase: str, kdf: Mapping[str, Any]) -> bytes:
    memory_kib = int(kdf["memory_kib"])
    iterations, lanes = int(kdf["iterations"]), int(kdf["lanes"])
    # A damaged file must not make a laptop give all its memory, nor work for an hour.
    if memory_kib > MOST_MEMORY_KIB or iterations > MOST_ITERATIONS or lanes > MOST_LANES:
        raise WorkspaceDamagedError
    argon = Argon2id(
        salt=bytes.fromhex(kdf["salt"]),
        length=32,
        iterations=iterations,
        lanes=lanes,
        memory_cost=memory_kib,
    )
    # An accent is one sign or two depending on the keyboard; the key must be the same.
    typed = unicodedata.normalize("NFC", passphrase)
    return argon.derive(typed.encode("utf-8", "surrogatepass"))


def _sealed(opened: Opened, *, slot_id: str, label: str, passphrase: str) -> dict[str, Any]:
    nonce = os.urandom(12)
    kdf = {
        "name": "argon2id",
        "memory_kib": MEMORY_KIB,
        "iterations": ITERATIONS,
        "lanes": LANES,
        "salt": os.urandom(16).hex(),
    }
    content = cbor2.dumps(
        {
            "file_key": opened.file_key,
            "agent": opened.agent,
            "name": opened.name,
            "role": opened.role,
            "compartments": {name: list(keys) for name, keys in opened.compartments.items()},
        }
    )
    cipher = ChaCha20Poly1305(_derived(passphrase, kdf))
    sealed = cipher.encrypt(nonce, content, _bound_to(slot_id))
    return {"label": label, "kdf": kdf, "nonce": nonce.hex(), "sealed": sealed.hex()}


def _unsealed(slot: Mapping[str, Any], *, slot_id: str, passphrase: str) -> Opened:
    try:
        cipher = ChaCha20Poly1305(_derived(passphrase, slot["kdf"]))
        sealed, nonce = bytes.fromhex(slot["sealed"]), bytes.fromhex(slot["nonce"])
        content = cbor2.loads(cipher.decrypt(nonce, sealed, _bound_to(slot_id)))
    except InvalidTag as error:
        raise WrongPassphraseError from error
    except (KeyError, ValueError, TypeError, OverflowError) as error:
        raise WorkspaceDamagedError from error
    keys: Mapping[str, Sequence[bytes]] = content["compartments"]
    return Opened(
        file_key=content["file_key"],
        agent=content["agent"],
        name=content["name"],
        role=content["role"],
        compartments={name: tuple(values) for name, values in keys.items()},
    )


def _bound_to(slot_id: str) -> bytes:
    return b"deux-portes/slot/1\0" + slot_id.encode()
