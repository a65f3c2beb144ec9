"""A little room kept on the disk, given back when it is full: enough to note that it is.

Bundles are sealed one by one, so that an exchange leaves a full disk full to its last byte. Without
this, the failure itself could not be written, and the next command would know nothing of it.
"""

import contextlib
import os
from pathlib import Path
from typing import Final

RESERVE_FILE: Final = "reserve.bin"
RESERVE_BYTES: Final = 20_480
"""A memo takes three or four pages of the write-ahead log; not more, or an exchange would go on."""


def keep_reserve(folder: Path) -> None:
    """Take the room if it is not taken; a disk that refuses it has none to spare, and no harm done.

    The bytes are drawn, so that no file system saves their place.
    """
    file = folder / RESERVE_FILE
    if file.exists():
        return
    try:
        file.write_bytes(os.urandom(RESERVE_BYTES))
    except OSError:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)


def give_back_reserve(folder: Path) -> bool:
    """Give the room back to the disk; say whether there was any."""
    try:
        (folder / RESERVE_FILE).unlink()
    except OSError:
        return False
    return True
