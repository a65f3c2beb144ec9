"""The removable volumes plugged in this machine, as the system names them."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QStorageInfo

from ui.stick_places import StickPlace, holds_ours

_MOUNTED_IN = ("/media", "/run/media", "/Volumes")
"""Where systems other than Windows put what is plugged in, some with a folder for each person."""


def removable_volumes(roots: Sequence[Path] | None = None) -> tuple[StickPlace, ...]:
    """Return the volumes that are likely to be a stick, by name. May wait: not on the GUI thread.

    Only what is mounted where removable volumes are is looked at: a network folder that no longer
    answers must keep nobody waiting.

    Args:
        roots: the volumes to look at; those of this machine by default.
    """
    if roots is None:
        roots = _drives() if sys.platform == "win32" else list(mounted_in(map(Path, _MOUNTED_IN)))
    found = [place for root in roots if (place := _place(root)) is not None]
    return tuple(sorted(found, key=lambda place: place.name.lower()))


def mounted_in(
    parents: Iterator[Path] | Sequence[Path], is_mount: Callable[[Path], bool] = os.path.ismount
) -> Iterator[Path]:
    """Give what is mounted in folders, or one step deeper: `/media/KEY`, `/run/media/alix/KEY`."""
    for parent in parents:
        for folder in _folders_in(parent):
            if is_mount(folder):
                yield folder
            else:
                yield from filter(is_mount, _folders_in(folder))


def _folders_in(parent: Path) -> list[Path]:
    try:
        return sorted(one for one in parent.iterdir() if not one.is_symlink())
    except OSError:
        return []  # not there, not a folder, or somebody else's


def _drives() -> list[Path]:
    """Return the drives of Windows but those that hold the system and the person's own files."""
    kept = {Path(os.environ.get("SYSTEMDRIVE", "C:") + "\\"), Path(Path.home().anchor)}
    roots = [Path(volume.rootPath()) for volume in QStorageInfo.mountedVolumes()]
    return [root for root in roots if root not in kept]


def _place(root: Path) -> StickPlace | None:
    volume = QStorageInfo(str(root))
    if not volume.isValid() or not volume.isReady():
        return None
    return StickPlace(
        folder=root,
        name=volume.name() or root.name or str(root),
        free_bytes=volume.bytesAvailable(),
        is_read_only=volume.isReadOnly(),
        holds_ours=holds_ours(root),
    )
