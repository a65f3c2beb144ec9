"""The Region's directory as commands see it: imported as soon as it came, and said."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.usecases.desk import Desk
    from ui.compose_packs import ImportedPack


def imported_now(desk: "Desk") -> "ImportedPack | None":
    """Import the Region's directory if one waits."""
    from app.usecases.directory.region_packs import arrived_pack

    if arrived_pack(desk) is None:
        return None
    from ui.compose_packs import import_arrived

    return import_arrived(desk)


def imported_shape(done: "ImportedPack | None") -> dict[str, Any] | None:
    """Return what was imported, for programs."""
    if done is None:
        return None
    return {
        "import": done.imported.number,
        "made_on": done.made_on.isoformat(),
        "added": done.imported.added,
        "updated": done.imported.updated,
        "rejected": len(done.imported.parsed.rejected),
    }


def imported_lines(done: "ImportedPack | None") -> list[str]:
    """Say what was imported, for people."""
    if done is None:
        return []
    from ui.pack_words import imported_words

    imported = done.imported
    return [f"{imported_words(done.made_on, added=imported.added, updated=imported.updated)}."]
