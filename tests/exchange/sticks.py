"""Sticks in the hands of doors: written, read, spoilt; and what lies on them."""

from collections.abc import Callable
from pathlib import Path

from app.store.stick_port import StoreStickPort
from sync.stick.folder import FOLDER, MANIFEST, StickFolder
from sync.stick.manifest import FileKind, Manifest, read_manifest, sign_manifest
from sync.stick.reading import StickRead, StickReading
from sync.stick.watch import Watch
from sync.stick.writing import StickWriting, StickWritten
from tests.exchange.desks import Door, World


def write(
    door: Door, stick: Path, watch: Watch | None = None, *, is_new: bool = True
) -> StickWritten:
    """Write a stick as the program does; it is made if there is none and it may be new."""
    if is_new:
        stick.mkdir(exist_ok=True)
    writing = StickWriting(
        door.port,
        StoreStickPort(door.desk.workspace),
        door.world.authority.public,
        door.desk.clock,
    )
    return writing.run(StickFolder(stick), watch or Watch())


def read(door: Door, stick: Path, watch: Watch | None = None) -> StickRead:
    """Read a stick as the program does."""
    reading = StickReading(
        door.port,
        StoreStickPort(door.desk.workspace),
        door.world.authority.public,
        door.desk.clock,
        door.arrivals,
    )
    return reading.run(StickFolder(stick), watch or Watch())


def carry(stick: Path, sender: Door, *receivers: Door) -> list[StickRead]:
    """Write at one door, read at others."""
    write(sender, stick)
    return [read(receiver, stick) for receiver in receivers]


def folder_of(stick: Path, door: Door) -> Path:
    return StickFolder(stick).own(door.keyring.machine.id)


def manifest_of(stick: Path, door: Door) -> Manifest:
    return read_manifest((folder_of(stick, door) / MANIFEST).read_bytes()).manifest


def files_of(stick: Path, door: Door, kind: FileKind = FileKind.BUNDLES) -> list[Path]:
    """The files of a kind that the manifest of a door names."""
    folder = folder_of(stick, door)
    return [folder / one.name for one in manifest_of(stick, door).files if one.kind is kind]


def resign(stick: Path, door: Door, change: Callable[[Manifest], Manifest]) -> None:
    """Write another manifest with the key of the machine itself."""
    manifest = change(manifest_of(stick, door))
    key = door.keyring.machine.sign.private_key
    (folder_of(stick, door) / MANIFEST).write_bytes(sign_manifest(manifest, key))


def everything_on(stick: Path) -> dict[str, bytes]:
    """Each file of a stick with its bytes."""
    root = stick / FOLDER
    files = (path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


def met(world: World, stick: Path) -> None:
    """Let all doors know each other, by sticks alone."""
    doors = list(world.doors.values())
    for door in (*doors, *doors[:-1]):
        write(door, stick)
        for other in doors:
            if other is not door:
                read(other, stick)
