"""Desks that make checkpoints, and what somebody who holds everything could open of the past."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from app.domain.identifiers import SpaceId, SubjectId
from app.domain.reception import PersonDetails
from app.store.log import Pen
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.checkpoints import ask_checkpoints
from app.usecases.erasure import erase_person
from sync.canonical import FormatError
from sync.chunks import ChunkEntry, open_chunk, open_manifest
from sync.columns import decode_events
from sync.envelope import open_bundle
from sync.key_wraps import unwrap_epoch, unwrap_structure_key
from sync.keys import HpkeKey, KeyMaterialError, MachineKeys, StructureKey
from sync.pieces import MANIFEST_MAGIC, piece_space
from sync.statements import Profile, StructureKeyWrap, Wrap, read_statement
from sync.wire import epoch_name, parse_bundle
from tests.exchange.desks import Door, World

ERASED = "Effacée"


def ask(door: Door) -> None:
    """Ask for a checkpoint of every space, as by hand."""
    ask_checkpoints(door.desk)


def own_space(door: Door) -> bytes:
    """The space of the structure of a desk."""
    return bytes(door.desk.own_structure().space.id)


def later(world: World, days: int) -> None:
    """Let time pass, for the desks and for the relay."""
    world.clock.tick(days=days)
    world.relay.now_s += days * 86_400


def settle_down(world: World, rounds: int = 3) -> None:
    """Let every desk exchange until nothing is left to tell."""
    for _ in range(rounds):
        for door in world.doors.values():
            door.exchange()


def checkpoint(world: World, door: Door) -> None:
    """Have one desk ask, and all of them go through with it."""
    settle_down(world, 1)
    ask(door)
    settle_down(world)


def rename(door: Door, person: SubjectId, given_name: str) -> None:
    """Write another given name of a person, as somebody at the screen would."""
    space = SpaceId(own_space(door))

    def work(tx: Tx) -> None:
        pen = Pen(tx, author="Agent (exemple)", at_s=int(door.desk.clock.now().timestamp()))
        pen.change(space, person, "person", {"given_name": given_name})
        fold_subjects(tx, pen.touched)

    door.desk.workspace.writer.write(work)


def given_name(door: Door, person: SubjectId) -> str:
    ((name,),) = door.query("SELECT given_name FROM persons WHERE person = ?", person)
    return name


def shown(door: Door) -> dict[str, list]:
    """What screens read; not the events it comes from."""
    return {name: rows for name, rows in door.rows().items() if name != "events"}


def survivors(door: Door) -> dict[bytes, bytes]:
    """The digest of all that survives at a desk, by space."""
    found = {}
    for space in door.registry.spaces:
        cover = {place.incarnation: place.sequence for place in door.port.heads(space)}
        found[space] = door.port.survivors_digest(space, cover)
    return found


def receive_somebody(door: Door, to: Door | None = None) -> SubjectId:
    """Receive a person who will ask to be erased."""
    person = PersonDetails(family_name=ERASED, given_name="Personne", telephone="+33639980099")
    return door.receive(to, person=person).person


def erase(door: Door, person: SubjectId) -> None:
    erase_person(door.desk, person)


@dataclass
class Thief:
    """Somebody who has every secret of some desks, and whatever bytes they find elsewhere."""

    machine_keys: list[HpkeKey] = field(default_factory=list)
    structure_keys: list[HpkeKey] = field(default_factory=list)
    epochs: dict[bytes, bytes] = field(default_factory=dict)

    def rob(self, door: Door) -> None:
        """Take all the secrets that a desk's file holds."""
        for name, secret in door.port.secrets().items():
            if name == "machine":
                key = MachineKeys.from_bytes(secret).hpke
                self.machine_keys += [key] if isinstance(key, HpkeKey) else []
            elif name.startswith("receiver/"):
                self.machine_keys.append(HpkeKey(secret))
            elif name.startswith("structure_key/"):
                self.structure_keys.append(StructureKey(secret))
            elif name.startswith("epoch/"):
                space = bytes.fromhex(name.split("/")[1])
                self.epochs[epoch_name(space, secret)] = secret

    def read(self, statements: Iterable[bytes]) -> None:
        """Open every wrap with every key, until nothing more opens."""
        bodies = [read_statement(data).body for data in statements]
        profiles = [body for body in bodies if isinstance(body, Profile)]
        for wrap in (body for body in bodies if isinstance(body, StructureKeyWrap)):
            for profile in profiles:
                for key in self.machine_keys:
                    try:
                        self.structure_keys.append(unwrap_structure_key(wrap, profile, key))
                    except KeyMaterialError:
                        continue
        for wrap in (body for body in bodies if isinstance(body, Wrap)):
            for key in (*self.machine_keys, *self.structure_keys):
                try:
                    self.epochs[wrap.epoch] = unwrap_epoch(wrap, key).key
                except KeyMaterialError:
                    continue

    def opened(self, bundles: Iterable[bytes], pieces: Iterable[bytes]) -> Iterator[bytes]:
        """Give the plaintext of every old bundle and piece that some key opens."""
        for data in bundles:
            parsed = parse_bundle(data)
            for key in self.epochs.values():
                try:
                    yield open_bundle(parsed, key)
                except FormatError:
                    continue
        yield from self._chunks(list(pieces))

    def _chunks(self, pieces: list[bytes]) -> Iterator[bytes]:
        entries: list[ChunkEntry] = []
        for data in pieces:
            for key in self.epochs.values():
                if data.startswith(MANIFEST_MAGIC):
                    try:
                        entries += open_manifest(piece_space(data), key, data)
                    except FormatError:
                        continue
        for data in pieces:
            for entry in entries:
                try:
                    events = open_chunk(piece_space(data), entry, data)
                except FormatError:
                    continue
                yield repr(events).encode()


def everything_of(world: World) -> tuple[list[bytes], list[bytes], list[bytes]]:
    """Copy what the relay holds at this moment: statements, bundles, pieces."""
    relay = world.relay
    return (
        list(relay.statements.values()),
        list(relay.bundles.values()),
        list(relay.pieces.values()),
    )


__all__ = [
    "ERASED",
    "Thief",
    "ask",
    "checkpoint",
    "decode_events",
    "erase",
    "everything_of",
    "given_name",
    "later",
    "own_space",
    "receive_somebody",
    "rename",
    "settle_down",
    "shown",
    "survivors",
]
