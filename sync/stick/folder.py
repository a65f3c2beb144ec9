"""The folder of a stick: durable writes, careful reads, and what a stick can do wrong, in words.

Nothing here believes what it reads: names follow from digests, links and special files are never
opened, and a stick may disappear between two bytes.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from sync.errors import (
    NotAStickError,
    StickAbsentError,
    StickFullError,
    StickReadOnlyError,
    StickRemovedError,
    SyncError,
)
from sync.pack_marks import MAX_PACK_BYTES
from sync.stick.manifest import MAX_MANIFEST_BYTES, StickFile

FOLDER: Final = "deux-portes"
README: Final = "LISEZ-MOI.txt"
MANIFEST: Final = "manifest.dpm"
_NEW: Final = ".new"
PACK: Final = ".dpp"
_ENDINGS: Final = (".dpb", ".dpc", ".dps", ".dpm", _NEW)
_MACHINE_DIGITS: Final = 16
_FULL: Final = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})
_READ_ONLY: Final = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
# Windows has neither of the first two, and alone the third: links and pipes are not followed.
_CAREFULLY: Final = (
    getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
)


class DamagedFileError(Exception):
    """A file of the stick is missing, cut short, changed or unreadable; the others may be good."""


class StickFolder:
    """The folder `deux-portes` of a stick, in which each machine has a folder of its own.

    Attributes:
        root: the folder, in the one that was chosen or that one itself.
    """

    def __init__(self, chosen: Path) -> None:
        """Look at the folder that a person chose.

        Raises:
            StickAbsentError: there is no such folder; a stick that is not there is never made up.
        """
        if not chosen.is_dir():
            raise StickAbsentError(str(chosen))
        is_it = chosen.name.lower() == FOLDER and (chosen / README).is_file()
        self.root = chosen if is_it else chosen / FOLDER

    def machines(self) -> list[Path]:
        """Return the folders that machines wrote here, in the order of their names.

        Raises:
            NotAStickError: nothing of ours is here.
            StickRemovedError: the stick went away.
        """
        if not self.root.is_dir() or self.root.is_symlink():
            raise NotAStickError(str(self.root.parent))
        try:
            found = sorted(self.root.iterdir())
            folders = [one for one in found if one.is_dir() and not one.is_symlink()]
        except OSError as error:
            raise StickRemovedError from error
        machines = [one for one in folders if any(path.exists() for path in _manifests(one))]
        if not machines:
            raise NotAStickError(str(self.root.parent))
        return machines

    def manifests(self, machine: Path) -> Iterator[bytes]:
        """Give the manifest of a machine, and the one that a cut left beside it, if there are.

        Raises:
            StickRemovedError: the stick went away.
        """
        for path in _manifests(machine):
            with suppress(DamagedFileError):
                yield self._bytes_of(path, MAX_MANIFEST_BYTES)

    def read(self, machine: Path, file: StickFile) -> tuple[bytes, bool]:
        """Return what is left of a file, and whether it is what its manifest says.

        Raises:
            DamagedFileError: nothing of it can be read.
            StickRemovedError: the stick went away.
        """
        data = self._bytes_of(machine / file.name, file.size)
        return data, hashlib.sha256(data).digest() == file.digest

    def own(self, machine: bytes) -> Path:
        """Return the folder of a machine, whether it is there or not."""
        return self.root / machine.hex()[:_MACHINE_DIGITS]

    def prepare(self, machine: Path, welcome: str) -> frozenset[str]:
        """Make the folders, and the text that says what they are; return what is there already.

        Raises:
            StickFullError, StickReadOnlyError, StickRemovedError: the stick refuses.
        """
        with _stick_refusals():
            for folder in (self.root, machine):
                if folder.is_symlink():
                    raise StickReadOnlyError
                folder.mkdir(exist_ok=True)
        data = welcome.replace("\n", "\r\n").encode()
        if not _holds(self.root / README, data):
            self._write(self.root / README, data)
        with _stick_refusals():
            return frozenset(path.name for path in machine.iterdir())

    def put(self, machine: Path, name: str, data: bytes) -> bool:
        """Write a file so that it is whole or not there; return False if it was there already.

        Raises:
            StickFullError, StickReadOnlyError, StickRemovedError: the stick refuses.
        """
        path = machine / name
        if _holds(path, data):
            return False
        self._write(path, data)
        return True

    def keep_only(self, machine: Path, names: Collection[str]) -> None:
        """Take away the files of ours in a machine's folder that nothing names any more.

        What cannot be taken away stays: it does no harm.
        """
        with suppress(OSError):
            for path in machine.iterdir():
                if path.name not in names and path.name.endswith(_ENDINGS):
                    with suppress(OSError):
                        path.unlink()

    def pack(self, kind: str) -> bytes:
        """Return the bytes of a pack of the Region, none if there is no such file.

        Raises:
            DamagedFileError: it is there and cannot be read.
            StickRemovedError: the stick went away.
        """
        path = self.root / (kind + PACK)
        return self._bytes_of(path, MAX_PACK_BYTES + 1) if path.is_file() else b""

    def put_pack(self, kind: str, data: bytes) -> None:
        """Write a pack of the Region so that it is whole or not there; the same is left alone.

        Raises:
            StickFullError, StickReadOnlyError, StickRemovedError: the stick refuses.
        """
        path = self.root / (kind + PACK)
        if not _holds(path, data):
            self._write(path, data)

    def take_packs_away(self) -> bool:
        """Give the room of packs back to records; return whether there was any."""
        is_freed = False
        with suppress(OSError):
            for path in self.root.iterdir():
                if path.name.endswith((PACK, PACK + _NEW)):
                    path.unlink()
                    is_freed = True
        return is_freed

    def _write(self, path: Path, data: bytes) -> None:
        beside = path.with_name(path.name + _NEW)
        with _stick_refusals():
            try:
                _write_through(beside, data)
                beside.replace(path)
                _sync_folder(path.parent)
            except OSError:
                with suppress(OSError):
                    beside.unlink()
                raise

    def _bytes_of(self, path: Path, most: int) -> bytes:
        try:
            return _read_regular(path, most)
        except OSError as error:
            if not self._is_there():
                raise StickRemovedError from error
            raise DamagedFileError from error

    def _is_there(self) -> bool:
        try:
            return bool(os.listdir(self.root))  # noqa: PTH208 - `iterdir` is lazy
        except OSError:
            return False


def _manifests(machine: Path) -> tuple[Path, Path]:
    """Return the manifest, and the new one that a power cut left where renaming is not atomic."""
    return machine / MANIFEST, machine / (MANIFEST + _NEW)


def _read_regular(path: Path, most: int) -> bytes:
    """Read a plain file, and no more of it than it may hold."""
    handle = os.open(path, os.O_RDONLY | _CAREFULLY)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        return file.read(most)


def _holds(path: Path, data: bytes) -> bool:
    """Is exactly that there? Then it is not written again: sticks are slow, and wear out."""
    with suppress(OSError):
        return path.stat().st_size == len(data) and _read_regular(path, len(data) + 1) == data
    return False


def _write_through(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _CAREFULLY
    # What is on a stick is sealed, and read on another machine by somebody with another number.
    with os.fdopen(os.open(path, flags, 0o644), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its file system orders the rename itself.
    with suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno != errno.EINVAL:  # a file system of another kind: nothing to sync
                raise
        finally:
            os.close(handle)


@contextmanager
def _stick_refusals() -> Iterator[None]:
    """Tell what the system says of the stick as our refusals."""
    try:
        yield
    except OSError as error:
        raise _refusal(error) from error


def _refusal(error: OSError) -> SyncError:
    if error.errno in _FULL:
        return StickFullError()
    if error.errno in _READ_ONLY:
        return StickReadOnlyError()
    return StickRemovedError()
