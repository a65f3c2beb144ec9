"""The folders that are likely to be a stick, in words. No Qt: see `ui.volumes` for the machine."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

OURS = "deux-portes"
"""The folder that the program makes on a stick."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StickPlace:
    """A folder to write to or to read from.

    Attributes:
        folder: where it is.
        name: what people call it, « KINGSTON », or the folder itself.
        free_bytes: the room left, None when unknown.
        is_read_only: nothing can be written there.
        holds_ours: the program wrote there before.
        is_last: it is the one that served last.
    """

    folder: Path
    name: str
    free_bytes: int | None = None
    is_read_only: bool = False
    holds_ours: bool = False
    is_last: bool = False


def holds_ours(folder: Path) -> bool:
    """Did the program write there before? A folder that cannot be looked at holds nothing."""
    try:
        return folder.name.lower() == OURS or (folder / OURS).is_dir()
    except OSError:
        return False


def places(volumes: Sequence[StickPlace], last: Path | None) -> tuple[StickPlace, ...]:
    """Return the volumes to propose, the one that served last first, even when it is no volume."""
    if last is None or not _is_folder(last):
        return tuple(volumes)
    known = [place for place in volumes if place.folder == last]
    first = known[0] if known else StickPlace(folder=last, name=str(last))
    others = [place for place in volumes if place.folder != last]
    served = StickPlace(
        folder=first.folder,
        name=first.name,
        free_bytes=first.free_bytes,
        is_read_only=first.is_read_only,
        holds_ours=holds_ours(last),
        is_last=True,
    )
    return (served, *others)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
