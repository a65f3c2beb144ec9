"""Sealing what waits: events become bundles, stored with their exact bytes before any leaves."""

from collections.abc import Sequence
from typing import TypeAlias

from app.domain.events import Event
from app.domain.identifiers import BundleName, EventId, SpaceId
from app.domain.spaces import Space, SpaceKind, known_space
from app.ports import SealedBundle, SyncPort
from sync.canonical import FormatError
from sync.checkpoint_holdings import stands_on_void
from sync.columns import encode_events
from sync.envelope import Place, seal
from sync.key_wraps import EpochKey, can_receive, wrap_epoch, wrapped_for
from sync.keyring import Keyring
from sync.registry import Registry
from sync.statement_shapes import MAX_UINT
from sync.statements import (
    MachineCertificate,
    Profile,
    Receiver,
    SpaceStatement,
    sign_statement,
    statement_name,
)
from sync.wire import bundle_name

EVENTS_PER_BUNDLE = 2_000
"""What one stream of zstd sees at once: by 200, a thousand receptions take twice the bytes. Few
enough that storing the bundle and its events is one short transaction (30 ms)."""

Recipient: TypeAlias = MachineCertificate | Receiver | Profile


class Sealing:
    """Seals the pending events of every space that this machine can seal in.

    Attributes:
        registry: what is believed, with the statements made here.
        made: the statements made here, kept in the store: they must reach the relay before the
            bundles.
    """

    def __init__(self, port: SyncPort, registry: Registry, keyring: Keyring) -> None:
        self.registry = registry
        self.made: list[bytes] = []
        self._port = port
        self._keyring = keyring
        self._life = port.incarnation()
        self._left: list[tuple[Space, EpochKey]] = []
        self._too_large: set[EventId] = set()

    def seal_all(self) -> int:
        """Seal everything that can be; return how many bundles were made."""
        self.prepare()
        sealed = 0
        while self.seal_next():
            sealed += 1
        return sealed

    def prepare(self) -> None:
        """Find what can be sealed, and make the keys that it needs: their statements leave first.

        A space keeps its events pending while this machine is not certified, or while the key of
        a recipient is not known. What was sealed before is noted outside the file.
        """
        self._port.begin_life_if_copied()
        self._life = self._port.incarnation()
        pending = [(space, self._epoch_for(space)) for space in self._port.spaces_with_pending()]
        self._left = [(space, epoch) for space, epoch in pending if epoch is not None]
        self._port.mark_life()

    @property
    def is_over(self) -> bool:
        """Is nothing left of what waited when this was prepared?"""
        return not self._left

    def seal_next(self) -> int:
        """Seal one more bundle; return its bytes, 0 when nothing is left.

        It is noted outside the file before this returns: no byte of it may leave earlier, by any
        route. Another life, begun meanwhile, is told to the relay before anything of it is sealed.
        """
        while self._left:
            self._port.begin_life_if_copied()
            if self._port.incarnation() != self._life:
                self._left.clear()
            elif size_bytes := self._seal_more(*self._left[0]):
                self._port.mark_life()
                return size_bytes
        return 0

    def hand_over_keys(self) -> None:
        """Wrap the epochs held here for those who were left out.

        A machine is admitted by another that knows some epochs and not yet those made elsewhere
        meanwhile: whoever holds them hands them over.
        """
        mine = self.registry.active_structures_of(self._keyring.machine.id)
        for name, statement in self.registry.spaces.items():
            space = known_space(statement.space_kind, statement.members)
            if space is None or mine.isdisjoint(space.members):
                continue
            wraps = self.registry.wraps(name)
            given = {(wrap.epoch, wrap.recipient, wrap.generation) for wrap in wraps}
            for epoch in {wrap.epoch for wrap in wraps}:
                held = self._keyring.epochs.get((name, epoch))
                if held is not None:
                    left_out = [
                        one
                        for one in self._recipients_known(space)
                        if _key_of(held, one) not in given and self._lacks(held, one)
                    ]
                    self._keep(self._wraps(held, left_out))

    def _lacks(self, epoch: EpochKey, one: Recipient) -> bool:
        """Must it be handed that epoch? Not when it says that it holds it.

        Nor when it has confirmed the checkpoint that ends it: it may have destroyed it meanwhile.
        """
        if not isinstance(one, Receiver):
            return True
        if epoch.epoch in one.epochs:
            return False
        last = self.registry.last_proposal(epoch.space)
        if last is None or one.machine not in self.registry.confirmed_by(last[0]):
            return True
        least = self.registry.epoch_number(epoch.space, last[1].epoch)
        return self.registry.epoch_number(epoch.space, epoch.epoch) >= least

    def _epoch_for(self, space: Space) -> EpochKey | None:
        mine = self.registry.active_structures_of(self._keyring.machine.id)
        if mine.isdisjoint(space.members) or stands_on_void(self._port, self.registry, space.id):
            return None
        return self._keyring.sealing_epoch(self.registry, space.id) or self.new_epoch(space)

    def _seal_more(self, space: Space, epoch: EpochKey) -> int:
        """Seal a bundle as full as it may be; an event too large for any holds none back.

        One that is not full is the last: what is written from then on waits for the next exchange,
        rather than leave in bundles of an event or two while a long backlog is on its way.
        """
        most = EVENTS_PER_BUNDLE
        while events := self._next(space.id, self._too_large, most + most // 4):
            # A short remainder goes along, rather than make a bundle of its own.
            is_last = len(events) < most + most // 4
            events = events if is_last else events[:most]
            try:
                size_bytes = self._seal(space, epoch, events)
            except FormatError:
                if len(events) == 1:
                    self._too_large.add(events[0].id)
                most = max(1, len(events) // 2)
            else:
                if size_bytes:
                    if is_last:
                        self._left.pop(0)
                    return size_bytes
                most = EVENTS_PER_BUNDLE
        self._left.pop(0)
        return 0

    def _next(self, space: SpaceId, but: set[EventId], most: int) -> list[Event]:
        pending = self._port.pending(space, limit=most + len(but))
        return [event for event in pending if event.id not in but][:most]

    def _seal(self, space: Space, epoch: EpochKey, events: Sequence[Event]) -> int:
        head = self._port.head(space.id)
        incarnation = self._port.incarnation()
        place = Place(
            space=space.id,
            incarnation=incarnation,
            sequence=head.sequence + 1,
            previous=head.name,
            epoch=epoch.epoch,
            seen={bytes(name): sequence for name, sequence in self._port.seen(space.id).items()},
        )
        data = seal(
            encode_events(incarnation, events),
            place,
            epoch_key=epoch.key,
            sign_key=self._keyring.machine.sign.private_key,
        )
        bundle = SealedBundle(
            name=BundleName(bundle_name(data)),
            space=space.id,
            incarnation=incarnation,
            sequence=place.sequence,
            previous=place.previous,
            data=data,
        )
        # Not kept when an erasure took an event meanwhile: the loop reads what is pending again.
        is_kept = self._port.keep_sealed(bundle, [event.id for event in events])
        return len(data) if is_kept else 0

    def new_epoch(self, space: Space) -> EpochKey | None:
        """Make an epoch greater than all others and wrap it for whoever must have it.

        Nobody has it, and there is none, while the key of a recipient is unknown.
        """
        recipients = self._recipients(space)
        if not recipients:
            return None
        numbers = [wrap.number for wrap in self.registry.wraps(space.id)]
        number = min(max(numbers, default=0) + 1, MAX_UINT)
        epoch = self._keyring.make_epoch(space.id, number=number)
        machine = self._keyring.machine
        statement = SpaceStatement(
            machine=machine.id,
            space=space.id,
            space_kind=int(space.kind),
            members=tuple(sorted(space.members)),
        )
        made = [sign_statement(statement, machine.sign.private_key)]
        self._keep(made + self._wraps(epoch, recipients))
        return epoch

    def _wraps(self, epoch: EpochKey, recipients: Sequence[Recipient]) -> list[bytes]:
        machine = self._keyring.machine
        return wrapped_for(recipients, lambda one: wrap_epoch(epoch, one, machine))

    def _recipients(self, space: Space) -> Sequence[Recipient]:
        """Return to whom the key of a new epoch goes; nobody while somebody's key is unknown.

        A structure's own space goes to each of its machines; a pair's goes to both structures, so
        that machines that join later can read it.
        """
        if space.kind is SpaceKind.STRUCTURE:
            return self._machines_of(space)
        if space.kind is SpaceKind.PAIR:
            profiles = [self._safe_profile(member) for member in space.members]
            known = [one for one in profiles if one is not None and can_receive(one.hpke)]
            return known if len(known) == len(profiles) else []
        return []

    def _recipients_known(self, space: Space) -> Sequence[Recipient]:
        """Return, of those who must have the keys of a space, those whose key is known.

        Of the other structure of a pair too: it may have destroyed the key under which an epoch was
        wrapped for it before that came.
        """
        if space.kind is SpaceKind.STRUCTURE:
            return self._machines_of(space)
        if space.kind is SpaceKind.PAIR:
            known = [self._safe_profile(member) for member in space.members]
            return [profile for profile in known if profile is not None]
        return []

    def _machines_of(self, space: Space) -> list[MachineCertificate | Receiver]:
        return [
            self.registry.receiving(certificate)
            for certificate in self.registry.machines.values()
            if not self.registry.active_structures_of(certificate.machine).isdisjoint(space.members)
        ]

    def _safe_profile(self, structure: bytes) -> Profile | None:
        """Return the profile of a structure, unless somebody removed holds its private side."""
        profile = self.registry.profiles.get(structure)
        if profile is None or self.registry.is_revoked(structure):
            return None
        removed_holders = (
            holder
            for key in self.registry.structure_keys
            if (key.structure, key.generation) == (structure, profile.generation)
            for holder in (key.machine, key.recipient)
            if self.registry.is_revoked(holder)
        )
        return None if any(True for _ in removed_holders) else profile

    def _keep(self, made: list[bytes]) -> None:
        self._port.keep_statements({statement_name(data): data for data in made})
        self.registry = self.registry.with_statements(made)
        self.made += made


def _key_of(epoch: EpochKey, to: Recipient) -> tuple[bytes, bytes, int]:
    if isinstance(to, Profile):
        return (epoch.epoch, to.structure, to.generation)
    if isinstance(to, Receiver):
        return (epoch.epoch, to.machine, to.generation)
    return (epoch.epoch, to.machine, 0)
