"""The event: the only thing that is ever recorded, sent and replayed.

An event says what somebody wrote about one subject: field writes, each naming the events whose
values it replaces, and items appended to lists that only grow. Rows on screen are folded from
events (`app.domain.fold`); nothing else changes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from app.domain.identifiers import EventId, SpaceId, SubjectId

LAMPORT_CEILING = 2**53 - 2**40
"""No event of another machine lifts our Lamport counter above: the format stops at 2^53, and a
machine that claimed the last number would leave us none to write with."""

ERASE = "erase"
"""Kind of the event that ends its subject for ever, whatever else arrives, whenever it arrives."""

KNOWN_KINDS: Mapping[str, int] = {
    "person": 1,
    "demand": 1,
    "encounter": 1,
    "agreement": 1,
    "referral": 1,
    "shared_referral": 1,
    "referral_answer": 1,
    "request": 1,
    "notice": 1,
    "register_import": 1,
    "directory_correction": 1,
    ERASE: 1,
}
"""Kinds and the greatest version of each that this program folds; others are kept and passed on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedValue:
    """A field only some agents may read: opaque to folds, search, exchange and machine keys."""

    compartment: str
    key_id: bytes
    nonce: bytes
    ciphertext: bytes


Value: TypeAlias = (
    bool | int | str | bytes | SealedValue | tuple["Value", ...] | Mapping[str, "Value"] | None
)
"""What a field can hold. Lists are tuples; maps have text keys; there are no floats."""


class Write(NamedTuple):
    """One field of the subject takes a value, replacing those of the events named.

    A tuple for its making: a backlog of forty thousand events has three hundred thousand writes.
    """

    field: str
    value: Value
    replaces: tuple[EventId, ...] = ()


class Append(NamedTuple):
    """One more item at the end of a list that only grows (answers, notes)."""

    list_name: str
    value: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What one person wrote about one subject at one moment.

    `lamport` orders concurrent values; `at_s` (seconds since 1970, UTC, the author's clock) is
    information only and no fold reads it; `clock_doubtful` says that the author's machine
    mistrusted its own clock; `author` is who typed, not who is here when the event leaves.
    """

    id: EventId
    space: SpaceId
    subject: SubjectId
    kind: str
    version: int
    lamport: int
    at_s: int
    author: str
    clock_doubtful: bool = False
    writes: tuple[Write, ...] = ()
    appends: tuple[Append, ...] = ()

    @property
    def creates_subject(self) -> bool:
        """Is this the first event of its subject, the one that named it?"""
        return bytes(self.id) == bytes(self.subject)

    @property
    def order(self) -> tuple[int, EventId]:
        """The total order of events: Lamport counter, then incarnation and counter."""
        return (self.lamport, self.id)

    @property
    def is_known(self) -> bool:
        """Does this program know how to fold this kind at this version?"""
        return self.version <= KNOWN_KINDS.get(self.kind, 0)
