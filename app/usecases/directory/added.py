"""What people here added to the directory, which no publisher gives: structures and services.

Each is a subject of its own, so that it reaches the other machines of the structure; what is
corrected of it later lies on top, as for any entry. One that was taken back stays in the log.
"""

from dataclasses import dataclass
from typing import Any, Final

from app.domain.identifiers import SubjectId
from app.reference.directory import Row
from app.store.bodies import unpack_map
from app.store.directory_rows import additions
from app.usecases.directory.fields import CHECKED, OURS, PUBLISHED, as_published

ADDED_SOURCE: Final = "ajout-local"
"""The source of what was added here, in place of a publisher's."""

ADDED_STRUCTURE: Final = "added_structure"
ADDED_SERVICE: Final = "added_service"
"""What an addition is; after it comes, for a service, the reference of its structure."""

_KINDS: Final = frozenset({ADDED_STRUCTURE, ADDED_SERVICE})

WITHDRAWN: Final = "withdrawn"
"""The field that takes an addition back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """An entry added here, in the shape of a published one; `spro` holds facts of ours.

    `structure` is the reference of the structure of a service, "" for a structure.
    """

    structure: str
    row: Row
    spro: Row


def added_entries(connection: Any) -> list[Added]:
    """Return what stands; what was taken back, or lacks what an entry must say, is left out."""
    found = (_added(subject, about, packed) for subject, about, packed in additions(connection))
    return [one for one in found if one is not None]


def reference_of_added(subject: SubjectId) -> str:
    """Return how records and corrections cite an addition."""
    return f"{ADDED_SOURCE}/{subject.hex()}"


def subject_of_added(reference: str) -> SubjectId | None:
    """Return the subject of an addition, None for what a publisher gives."""
    source, _, identifier = reference.partition("/")
    try:
        return SubjectId(bytes.fromhex(identifier)) if source == ADDED_SOURCE else None
    except ValueError:
        return None


def _added(subject: SubjectId, about: str, packed: bytes) -> Added | None:
    written = unpack_map(packed)
    if written.get(WITHDRAWN) is True:
        return None
    fields = as_published(written)
    kind, _, structure = about.partition(":")
    if kind not in _KINDS or not fields.get("nom") or not fields.get(CHECKED):
        return None
    identifier = subject.hex()
    row = {name: fields[name] for name in PUBLISHED if fields.get(name) is not None}
    row |= {"source": ADDED_SOURCE, "id": identifier}
    if kind == ADDED_SERVICE:
        row["structure_id"] = structure.partition("/")[2]
        row.setdefault("description", "")
    spro = {name: fields[name] for name in OURS if fields.get(name) is not None}
    return Added(structure=structure, row=row, spro=spro)
