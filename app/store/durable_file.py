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
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise disk_refusal(error) from error


def disk_refusal(error: OSError) -> DiskFullError | DiskRefusedError:
    """Return the refusal that tells what the system said of the disk."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return DiskFullError() if full else DiskRefusedError()


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder; its file system orders the rename itself.
    with contextlib.suppress(PermissionError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
