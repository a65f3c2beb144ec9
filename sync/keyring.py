"""The keys this desk holds, as it keeps them in its encrypted file, and those it is handed."""

from app.ports import SyncPort
from sync.canonical import FormatError
from sync.errors import NoIdentityError
from sync.key_wraps import EpochKey, new_epoch_key, unwrap_epoch, unwrap_structure_key
from sync.keys import HpkeKey, MachineKeys, StructureKey, StructureRoot
from sync.registry import Registry
from sync.statements import StructureKeyWrap, Wrap

MACHINE = "machine"
ROOT = "structure_root"
STRUCTURE_KEY = "structure_key/"
EPOCH = "epoch/"


class Keyring:
    """Private keys read once from the store; what is learnt is kept there at once.

    Attributes:
        machine: the two keys of this machine.
        root: the structure's root, on its first machine alone.
        structure_keys: private sides of the profiles of the machine's structure, by generation.
        epochs: keys of epochs, by (space, epoch).
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
        for name, secret in secrets.items():
            if name.startswith(STRUCTURE_KEY):
                generation = int(name.removeprefix(STRUCTURE_KEY))
                self.structure_keys[generation] = StructureKey(secret)
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
        for handed in registry.structure_keys:
            learnt |= self._structure_key(registry, handed)
        for space in registry.spaces:
            for wrap in registry.wraps(space):
                learnt |= self._epoch(registry, wrap)
        self._port.keep_secrets(learnt)
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

    def _hold(self, epoch: EpochKey) -> None:
        self.epochs[epoch.space, epoch.epoch] = epoch

    def _structure_key(self, registry: Registry, wrap: StructureKeyWrap) -> dict[str, bytes]:
        profile = registry.profile(wrap.structure, wrap.generation)
        if wrap.recipient != self._reader.id or profile is None:
            return {}
        if wrap.generation in self.structure_keys:
            return {}
        try:
            key = unwrap_structure_key(wrap, profile, self._reader.hpke)
        except FormatError:
            return {}  # whoever made it made it wrong; another wrap may come
        self.structure_keys[wrap.generation] = key
        return {f"{STRUCTURE_KEY}{wrap.generation}": key.to_bytes()}

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

    def _key_for(self, registry: Registry, wrap: Wrap) -> HpkeKey | None:
        if wrap.recipient == self._reader.id:
            return self._reader.hpke
        if wrap.recipient in registry.structures_of(self._reader.id):
            return self.structure_keys.get(wrap.generation)
        return None


def _epoch_name(epoch: EpochKey) -> str:
    return f"{EPOCH}{epoch.space.hex()}/{epoch.number}/{epoch.epoch.hex()}"
