"""Small files that must be whole after a power cut: written beside, synced, then renamed."""

import contextlib
import errno
import os
from pathlib import Path

from app.domain.errors import DiskFullError, DiskRefusedError


def write_durably(path: Path, content: bytes) -> None:
    """Replace a small file; after a crash it holds either the old bytes or the new ones.

    Raises:
        DiskFullError: no room left; the old file is untouched.
        DiskRefusedError: the disk refuses.
    """
    beside = path.with_name(path.name + ".new")
    try:
        with open(beside, "wb", opener=_for_its_owner) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise disk_refusal(error) from error


def rename_durably(file: Path, name: Path) -> None:
    """Give a file its final name; after a crash it bears one name or the other.

    Raises:
        DiskFullError, DiskRefusedError.
    """
    try:
        file.replace(name)
        _sync_folder(name.parent)
    except OSError as error:
        raise disk_refusal(error) from error


def disk_refusal(error: OSError) -> DiskFullError | DiskRefusedError:
    """Return the refusal that tells what the system said of the disk."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return DiskFullError() if full else DiskRefusedError()


def _for_its_owner(path: str, flags: int) -> int:
    """Open a file that nobody else on the machine may read."""
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its file system orders the rename itself.
    with contextlib.suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
