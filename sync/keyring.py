"""The keys this desk holds, as it keeps them in its encrypted file, and those it is handed."""

from collections.abc import Iterable

from app.checkpoint_port import KEYS_DESTROYED
from app.ports import SyncPort
from sync.canonical import FormatError
from sync.errors import NoIdentityError
from sync.key_wraps import EpochKey, new_epoch_key, unwrap_epoch, unwrap_structure_key
from sync.keys import HpkeKey, MachineKeys, SpentKey, StructureKey, StructureRoot, next_seed
from sync.registry import Registry
from sync.statement_bodies import MAX_GENERATION
from sync.statements import (
    Profile,
    Receiver,
    StructureKeyWrap,
    Wrap,
    sign_statement,
    statement_name,
)

MACHINE = "machine"
ROOT = "structure_root"
STRUCTURE_KEY = "structure_key/"
EPOCH = "epoch/"
RECEIVER = "receiver/"

_OWN_STRUCTURE = "own_structure"
"""Memo of the desk, in hexadecimal: the structure to which its workspace belongs."""

_MOST_STEPS = 1_000
"""How many keys a lost copy of this file may have gone on to: more are a lie, and never end."""


class Keyring:
    """Private keys read once from the store; what is learnt is kept there at once.

    Attributes:
        machine: the two keys of this machine.
        root: the structure's root, on its first machine alone.
        structure_keys: private sides of the profiles of the machine's structure, by generation.
        epochs: keys of epochs, by (space, epoch).
        receivers: the keys under which this machine said that it receives others, by generation.
    """

    def __init__(self, port: SyncPort) -> None:
        """Read the keys of a desk.

        Raises:
            NoIdentityError: this workspace has no machine keys yet.
        """
        self._port = port
        secrets = port.secrets()
        if MACHINE not in secrets:
            raise NoIdentityError
        self.machine = self._reader = MachineKeys.from_bytes(secrets[MACHINE])
        self.root = StructureRoot(secrets[ROOT]) if ROOT in secrets else None
        self.structure_keys: dict[int, StructureKey] = {}
        self.epochs: dict[tuple[bytes, bytes], EpochKey] = {}
        self.receivers: dict[int, HpkeKey] = {}
        for name, secret in secrets.items():
            if name.startswith(STRUCTURE_KEY):
                generation = int(name.removeprefix(STRUCTURE_KEY))
                self.structure_keys[generation] = StructureKey(secret)
            elif name.startswith(RECEIVER):
                self.receivers[int(name.removeprefix(RECEIVER))] = HpkeKey(secret)
            elif name.startswith(EPOCH):
                space, number, _ = name.removeprefix(EPOCH).split("/")
                self._hold(EpochKey(space=bytes.fromhex(space), number=int(number), key=secret))

    @property
    def epoch_keys(self) -> dict[tuple[bytes, bytes], bytes]:
        """The bytes of every epoch key held, by (space, epoch)."""
        return {place: epoch.key for place, epoch in self.epochs.items()}

    def hold_structure_key(self, generation: int, key: StructureKey) -> None:
        """Keep the private side of a profile of the structure, before anybody is handed it."""
        self._port.keep_secrets({f"{STRUCTURE_KEY}{generation}": key.to_bytes()})
        self.structure_keys[generation] = key

    def learn(self, registry: Registry, reader: MachineKeys | None = None) -> int:
        """Open what was wrapped for this machine or its structure; return how many keys are new.

        Args:
            registry: what is believed.
            reader: whose keys open, this machine's unless another's are at hand: the paper one's.
        """
        self._reader = reader or self.machine
        learnt: dict[str, bytes] = {}
        self._catch_up(registry)
        for handed in registry.structure_keys:
            learnt |= self._structure_key(registry, handed)
        for space in registry.spaces:
            for wrap in registry.wraps(space):
                learnt |= self._epoch(registry, wrap)
        self._port.keep_secrets(learnt)
        self._let_go_of_former_receivers()
        return len(learnt)

    def sealing_epoch(self, registry: Registry, space: bytes) -> EpochKey | None:
        """Return the epoch under which to seal: the first allowed one that is held here."""
        for epoch in registry.sealing_epochs(space):
            if (space, epoch) in self.epochs:
                return self.epochs[space, epoch]
        return None

    def make_epoch(self, space: bytes, *, number: int) -> EpochKey:
        """Draw the key of a new epoch and keep it, before anybody is handed it."""
        epoch = new_epoch_key(space, number)
        self._port.keep_secrets({_epoch_name(epoch): epoch.key})
        self._hold(epoch)
        return epoch

    def ended_epochs(self, registry: Registry, space: bytes, number: int) -> tuple[str, ...]:
        """Return the names of the secrets of a space that an epoch of this number ends."""
        return tuple(
            _epoch_name(epoch)
            for (of_space, name), epoch in sorted(self.epochs.items())
            if of_space == space and 0 < registry.epoch_number(space, name) < number
        )

    def forget_epochs(self, names: Iterable[str]) -> None:
        """Hold no more the epochs whose secrets the store has destroyed."""
        gone = frozenset(names)
        kept = {place: one for place, one in self.epochs.items() if _epoch_name(one) not in gone}
        self.epochs = kept

    def forget_former_profiles(self, registry: Registry) -> bool:
        """Destroy the private sides of profiles that were handed an ended epoch, once replaced."""
        structures = registry.structures_of(self.machine.id)
        last = max(self.structure_keys, default=0)
        gone = [
            generation
            for generation in self.structure_keys
            if generation < last
            and any((one, generation) in registry.exposed_by_age for one in structures)
        ]
        for generation in gone:
            del self.structure_keys[generation]
        if gone:
            self._port.keep_memo(KEYS_DESTROYED, "1")
            self._port.turn_keys({}, [f"{STRUCTURE_KEY}{generation}" for generation in gone])
        return bool(gone)

    def holds_profile(self, registry: Registry, structure: bytes) -> bool:
        """Is the private side of the present profile here?

        A restored file may have lost it, or have drawn another key for the same generation.
        """
        profile = registry.profiles.get(structure)
        return profile is None or self.matches(profile)

    def matches(self, profile: Profile) -> bool:
        """Is the key held here for the generation of a profile its private side?"""
        key = self.structure_keys.get(profile.generation)
        return key is not None and key.public == profile.hpke

    def is_behind(self, registry: Registry) -> bool:
        """Did this machine tell a receiver, or a living epoch, that is not here?

        Then this file was restored, or it has a copy that speaks for the machine too: what that one
        said that it holds is wrapped again when this one says that it holds it not.
        """
        told = registry.receiver(self.machine.id)
        if told is None:
            return False
        living = {
            (space, wrap.epoch) for space in registry.spaces for wrap in registry.wraps(space)
        }
        claimed = {place for place in living if place[1] in told.epochs}
        return told.generation not in self.receivers or not claimed <= self.epochs.keys()

    def next_structure_key(self, structure: bytes, generation: int) -> StructureKey | None:
        """Return the key of a profile as it follows from the one before, if that is held here."""
        before = self.structure_keys.get(generation - 1)
        return StructureKey(next_seed(before, structure, generation)) if before else None

    def _catch_up(self, registry: Registry) -> None:
        """Find again the keys that a lost copy of this file went on to: they follow from others.

        All receivers on the way are held until everything wrapped for them is learnt.
        """
        told = registry.receiver(self.machine.id)
        last = max(self.receivers, default=0)
        found: dict[int, HpkeKey] = {}
        key = self.receivers.get(last) or self.machine.hpke
        is_near = told is not None and told.generation - last <= _MOST_STEPS
        for generation in range(last + 1, told.generation + 1 if told and is_near else 0):
            if isinstance(key, SpentKey):
                return
            key = HpkeKey(next_seed(key, self.machine.id, generation))
            found[generation] = key
        if told and found and found[told.generation].public == told.hpke:
            self.receivers |= found
        for structure in registry.structures_of(self.machine.id):
            self._catch_up_profile(registry, structure)

    def _catch_up_profile(self, registry: Registry, structure: bytes) -> None:
        generation = max(self.structure_keys, default=0) + 1
        while profile := registry.profile(structure, generation):
            key = self.next_structure_key(structure, generation)
            if key is None or key.public != profile.hpke:
                return
            self.hold_structure_key(generation, key)
            generation += 1

    def _let_go_of_former_receivers(self) -> None:
        """Destroy all receivers but the last, once what was wrapped for them is learnt."""
        last = max(self.receivers, default=0)
        is_spent = isinstance(self.machine.hpke, SpentKey)
        if not last or (is_spent and len(self.receivers) == 1):
            return
        former = [f"{RECEIVER}{one}" for one in self.receivers if one != last]
        self.machine = self.machine.spent()
        self.receivers = {last: self.receivers[last]}
        kept = {f"{RECEIVER}{last}": self.receivers[last].to_bytes()}
        self._port.turn_keys(kept | {MACHINE: self.machine.to_bytes()}, former)

    def _next_seed(self, generation: int) -> bytes:
        key = self.receivers.get(max(self.receivers, default=0)) or self.machine.hpke
        if isinstance(key, SpentKey):
            return HpkeKey.generate().to_bytes()
        return next_seed(key, self.machine.id, generation)

    def has_handed(self, receiver: Receiver | None, generation: int) -> bool:
        """Does a machine say that it holds that structure key, or is it noted as handed to it?

        The first asking notes it: what was wrapped for a former receiver may have been destroyed
        unread, and nothing tells under which one a key was wrapped.
        """
        if receiver is None or generation in receiver.generations:
            return receiver is not None
        name = f"handed/{receiver.machine.hex()}/{generation}"
        was_handed = self._port.memo(name) == str(receiver.generation)
        self._port.keep_memo(name, str(receiver.generation))
        return was_handed

    def turn_receiver(self, registry: Registry, at_s: int) -> bytes | None:
        """Draw the key under which others wrap from now on, and destroy the former ones.

        What was wrapped for those, and is destroyed here, nobody can unwrap any more.

        Returns:
            The statement that tells it, kept by the caller; none while no structure is known, nor
            when the last generation that can be was told.
        """
        structures = registry.active_structures_of(self.machine.id)
        known = registry.receiver(self.machine.id)
        generation = max([known.generation if known else 0, *self.receivers]) + 1
        if not structures or generation > MAX_GENERATION:
            return None
        key = HpkeKey(self._next_seed(generation))
        body = Receiver(
            machine=self.machine.id,
            structure=self._own_structure(structures),
            generation=generation,
            hpke=key.public,
            epochs=tuple(sorted({epoch.epoch for epoch in self.epochs.values()})),
            generations=tuple(sorted(self.structure_keys)),
            at_s=at_s,
        )
        data = sign_statement(body, self.machine.sign.private_key)
        former = [f"{RECEIVER}{generation}" for generation in self.receivers]
        self.machine = self._reader = self.machine.spent()
        self.receivers = {generation: key}
        kept = {f"{RECEIVER}{generation}": key.to_bytes(), MACHINE: self.machine.to_bytes()}
        # The statement first: a key that nobody was told of would lose what is wrapped meanwhile.
        self._port.keep_statements({statement_name(data): data})
        self._port.turn_keys(kept, [*former, MACHINE])
        return data

    def _own_structure(self, structures: frozenset[bytes]) -> bytes:
        """Return the structure whose people are told: ours, whatever other root signed us too."""
        own = bytes.fromhex(self._port.memo(_OWN_STRUCTURE))
        return own if own in structures else min(structures)

    def _hold(self, epoch: EpochKey) -> None:
        self.epochs[epoch.space, epoch.epoch] = epoch

    def _structure_key(self, registry: Registry, wrap: StructureKeyWrap) -> dict[str, bytes]:
        profile = registry.profile(wrap.structure, wrap.generation)
        if wrap.recipient != self._reader.id or profile is None:
            return {}
        if wrap.generation in self.structure_keys:
            return {}
        key = self._opened(wrap, profile)
        if key is None:
            return {}  # whoever made it made it wrong; another wrap may come
        self.structure_keys[wrap.generation] = key
        return {f"{STRUCTURE_KEY}{wrap.generation}": key.to_bytes()}

    def _opened(self, wrap: StructureKeyWrap, profile: Profile) -> StructureKey | None:
        held = self.receivers.values() if self._reader is self.machine else ()
        for key in (*held, self._reader.hpke):
            try:
                return unwrap_structure_key(wrap, profile, key)
            except FormatError:
                continue  # it was wrapped for another of our keys, one destroyed since perhaps
        return None

    def _epoch(self, registry: Registry, wrap: Wrap) -> dict[str, bytes]:
        key = self._key_for(registry, wrap)
        if key is None or (wrap.space, wrap.epoch) in self.epochs:
            return {}
        try:
            epoch = unwrap_epoch(wrap, key)
        except FormatError:
            return {}  # whoever made it made it wrong; another wrap may come
        self._hold(epoch)
        return {_epoch_name(epoch): epoch.key}

    def _key_for(self, registry: Registry, wrap: Wrap) -> HpkeKey | SpentKey | None:
        if wrap.recipient == self._reader.id:
            is_own = wrap.generation and self._reader is self.machine
            return self.receivers.get(wrap.generation) if is_own else self._reader.hpke
        if wrap.recipient in registry.structures_of(self._reader.id):
            return self.structure_keys.get(wrap.generation)
        return None


def _epoch_name(epoch: EpochKey) -> str:
    return f"{EPOCH}{epoch.space.hex()}/{epoch.number}/{epoch.epoch.hex()}"
