"""Bundles made by hand, with real keys: what a careless or malicious machine could send."""

import hashlib
from collections.abc import Sequence
from typing import Any

from app.domain.events import Event, Write
from app.domain.identifiers import Incarnation, SpaceId, SubjectId, event_id
from app.domain.spaces import Space, pair_space
from sync.columns import encode_events
from sync.envelope import Place, seal
from sync.key_wraps import EpochKey
from sync.keys import SigningKey
from tests.exchange.desks import Door


def pair_of(one: Door, other: Door) -> Space:
    return pair_space(one.desk.own_structure().id, other.desk.own_structure().id)


class Forger:
    """Writes bundles as one machine in one space, after those that it really sealed there."""

    def __init__(self, door: Door, space: SpaceId, *, epoch: EpochKey | None = None) -> None:
        keyring = door.keyring
        self.space = space
        self.incarnation = door.port.incarnation()
        self.epoch = epoch or keyring.sealing_epoch(door.registry, space)
        self.sign = keyring.machine.sign
        head = door.port.head(space)
        self.sequence, self.previous = head.sequence, head.name
        self.counter = 1_000

    def bundle(self, *events: Event, columns: bytes | None = None) -> tuple[bytes, bytes]:
        """The next bundle of the chain, as name and bytes."""
        name, data = self.aside(*events, columns=columns)
        self.sequence, self.previous = self.sequence + 1, name
        return name, data

    def aside(
        self,
        *events: Event,
        columns: bytes | None = None,
        sequence: int | None = None,
        sign: SigningKey | None = None,
    ) -> tuple[bytes, bytes]:
        """A bundle that the chain does not go on from."""
        assert self.epoch is not None
        place = Place(
            space=self.space,
            incarnation=self.incarnation,
            sequence=sequence or self.sequence + 1,
            previous=self.previous,
            epoch=self.epoch.epoch,
        )
        data = seal(
            encode_events(Incarnation(self.incarnation), events) if columns is None else columns,
            place,
            epoch_key=self.epoch.key,
            sign_key=(sign or self.sign).private_key,
        )
        return hashlib.sha256(data).digest(), data

    def event(self, **changes: Any) -> Event:
        """A new event: a subject of its own unless one is named."""
        self.counter += 1
        name = event_id(Incarnation(self.incarnation), self.counter)
        values: dict[str, Any] = {
            "id": name,
            "space": self.space,
            "subject": SubjectId(bytes(name)),
            "kind": "shared_referral",
            "version": 1,
            "lamport": self.counter,
            "at_s": 1_795_000_000,
            "author": "Agent (exemple)",
            "writes": (Write(field="given_name", value=f"Exemple {self.counter}"),),
        }
        return Event(**(values | changes))

    def events(self, count: int) -> Sequence[Event]:
        return [self.event() for _ in range(count)]
