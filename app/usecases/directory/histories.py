"""Who added, corrected or checked an entry of the directory, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.identifiers import SpaceId, SubjectId
from app.reference.directory import StructureEntry
from app.store.bodies import unpack_map
from app.store.directory_rows import FACT
from app.store.log import read_events
from app.usecases.desk import Desk
from app.usecases.directory.added import WITHDRAWN, subject_of_added
from app.usecases.directory.fields import CHECKED
from app.usecases.directory.shelf import ENTRY, SERVICE, STRUCTURE, desk_directory

_NOT_CORRECTED: Final = frozenset({ENTRY, CHECKED, WITHDRAWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What one person wrote at one moment (`at_s`: seconds since 1970).

    `fields` are names of the schema or of ours; without any the entry was only checked. `adds`
    says that the entry was made then.
    """

    at_s: int
    author: str
    fields: tuple[str, ...]
    adds: bool = False


def corrections_made(desk: Desk, reference: str) -> list[Corrected]:
    """Return what people of this structure wrote about an entry, the latest first.

    `reference` is that of a structure or of a service (`source/id`).
    """
    own = SpaceId(desk.own_structure().space.id)
    with desk.workspace.read() as connection:
        return _made(connection, own, reference)


def service_histories(desk: Desk, structure: StructureEntry) -> Mapping[str, Sequence[Corrected]]:
    """Return what people here wrote about each service of a structure, by reference."""
    own = SpaceId(desk.own_structure().space.id)
    with desk.workspace.read() as connection:
        return {one.reference: _made(connection, own, one.reference) for one in structure.services}


def corrected_here(desk: Desk) -> frozenset[str]:
    """Return the references of the structures that people here know better than their file.

    One of which a service was corrected or added is among them.
    """
    with desk.workspace.read() as connection:
        rows = connection.execute("SELECT entry, details FROM directory_corrections").fetchall()
    about = {entry for entry, details in rows if unpack_map(details).keys() - _NOT_CORRECTED}
    return frozenset(
        one.reference
        for one in desk_directory(desk).all()
        if not about.isdisjoint(_abouts(STRUCTURE, one.reference))
        or subject_of_added(one.reference) is not None
        or any(
            not about.isdisjoint(_abouts(SERVICE, service.reference))
            or subject_of_added(service.reference) is not None
            for service in one.services
        )
    )


def _abouts(kind: str, reference: str) -> tuple[str, str]:
    _, _, identifier = reference.partition("/")
    return f"{kind}:{reference}", f"{FACT}:{identifier}"


def _made(connection: Any, own: SpaceId, reference: str) -> list[Corrected]:
    rows = connection.execute(
        "SELECT correction FROM directory_corrections WHERE entry IN (?, ?, ?)",
        (*_abouts(STRUCTURE, reference), f"{SERVICE}:{reference}"),
    ).fetchall()
    added = subject_of_added(reference)
    subjects = [SubjectId(subject) for (subject,) in rows] + ([added] if added else [])
    return _steps(connection, own, subjects, added)


def _steps(
    connection: Any, own: SpaceId, subjects: Iterable[SubjectId], added: SubjectId | None
) -> list[Corrected]:
    written: dict[tuple[int, str], set[str]] = {}
    adding: set[tuple[int, str]] = set()
    for subject in subjects:
        for event in read_events(connection, own, subject):
            step = (event.at_s, event.author)
            fields = written.setdefault(step, set())
            fields |= {write.field for write in event.writes} - _NOT_CORRECTED
            if added is not None and bytes(event.id) == bytes(added):
                adding.add(step)
    made = [
        Corrected(at_s=step[0], author=step[1], fields=tuple(sorted(fields)), adds=step in adding)
        for step, fields in written.items()
    ]
    return sorted(made, key=lambda one: one.at_s, reverse=True)
