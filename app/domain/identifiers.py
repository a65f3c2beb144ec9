"""Names of things, made on the machine that creates them and never asked from a server.

An *event identifier* is the machine's incarnation (8 random bytes) followed by a counter
(unsigned, 64 bits, big endian): sequential, so that a thousand of them compress to almost nothing.
A *subject* (a person, a demand, an encounter...) is named by the event that created it, which is
why a subject lives in exactly one space: only one event in the world has that identifier.
"""

import hashlib
import re
from typing import NewType

from app.domain.errors import UnreadableIdentifierError

Incarnation = NewType("Incarnation", bytes)
EventId = NewType("EventId", bytes)
SubjectId = NewType("SubjectId", bytes)
SpaceId = NewType("SpaceId", bytes)
StructureId = NewType("StructureId", bytes)
MachineId = NewType("MachineId", bytes)
BundleName = NewType("BundleName", bytes)

INCARNATION_BYTES = 8
COUNTER_MAX = 2**48
"""Counters stay below; see the format of the exchange."""

SPOKEN_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Thirty-two signs that nobody confuses aloud or on paper: no O or 0, no I or 1."""

_BETWEEN_SIGNS = re.compile(r"[\s._\-\u2010-\u2015]+")
_EVENT_TEXT = re.compile(r"([0-9a-f]{16})-([1-9][0-9]{0,14})")


def event_id(incarnation: Incarnation, counter: int) -> EventId:
    """Return the identifier of the `counter`-th event (from 1) of an incarnation."""
    return EventId(incarnation + counter.to_bytes(8, "big"))


def incarnation_of(identifier: EventId | SubjectId) -> Incarnation:
    """Return the incarnation that made an event or a subject."""
    return Incarnation(identifier[:INCARNATION_BYTES])


def counter_of(identifier: EventId | SubjectId) -> int:
    """Return the counter inside an event or subject identifier."""
    return int.from_bytes(identifier[INCARNATION_BYTES:], "big")


def id_text(identifier: EventId | SubjectId) -> str:
    """Write an event or subject identifier for people and JSON: `9f0c…-17`."""
    return f"{identifier[:INCARNATION_BYTES].hex()}-{counter_of(identifier)}"


def parse_subject(text: str) -> SubjectId:
    """Read what `id_text` wrote.

    Raises:
        UnreadableIdentifierError: the text is not an identifier.
    """
    match = _EVENT_TEXT.fullmatch(text.strip().lower())
    if match is None or int(match[2]) >= COUNTER_MAX:
        raise UnreadableIdentifierError(text)
    return SubjectId(event_id(Incarnation(bytes.fromhex(match[1])), int(match[2])))


def spoken_code(identifier: bytes, length: int = 6) -> str:
    """Return the short code by which people name a record aloud, on the phone or on paper.

    It is drawn from the SHA-256 of the identifier, so every machine finds the same one. Two records
    may share a code (once in about thirty thousand records): a search by code lists both.
    """
    number = int.from_bytes(hashlib.sha256(b"deux-portes/spoken/1\0" + identifier).digest(), "big")
    signs = [SPOKEN_ALPHABET[(number >> (5 * place)) & 31] for place in range(length)]
    return "".join(signs)


def read_spoken_code(text: str, length: int = 6) -> str:
    """Return the short code that a text says, typed as it was heard; "" when it says none.

    Spaces, dashes, dots and small letters are forgiven.
    """
    said = _BETWEEN_SIGNS.sub("", text).upper()
    return said if len(said) == length and set(said) <= set(SPOKEN_ALPHABET) else ""
