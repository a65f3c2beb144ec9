"""Who corrected or checked an entry of the directory, and when."""

from dataclasses import dataclass
from typing import Final

from app.domain.identifiers import SpaceId, SubjectId
from app.store.bodies import unpack_map
from app.store.directory_rows import FACT
from app.store.log import read_events
from app.usecases.desk import Desk
from app.usecases.directory.shelf import ENTRY, STRUCTURE, desk_directory

_CHECKED: Final = "date_maj"
_NOT_CORRECTED: Final = frozenset({ENTRY, _CHECKED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What one person wrote at one moment (`at_s`: seconds since 1970).

    `fields` are names of the schema or of ours; without any the entry was only checked.
    """

    at_s: int
    author: str
    fields: tuple[str, ...]


def corrections_made(desk: Desk, reference: str) -> list[Corrected]:
    """Return what people of this structure wrote about an entry (`source/id`), the latest first."""
    own = desk.own_structure().space.id
    _, _, identifier = reference.partition("/")
    about = (f"{STRUCTURE}:{reference}", f"{FACT}:{identifier}")
    written: dict[tuple[int, str], set[str]] = {}
    with desk.workspace.read() as connection:
        rows = connection.execute(
            "SELECT correction FROM directory_corrections WHERE entry IN (?, ?)", about
        ).fetchall()
        for (correction,) in rows:
            for event in read_events(connection, SpaceId(own), SubjectId(correction)):
                fields = written.setdefault((event.at_s, event.author), set())
                fields |= {write.field for write in event.writes} - _NOT_CORRECTED
    made = [
        Corrected(at_s=at_s, author=author, fields=tuple(sorted(fields)))
        for (at_s, author), fields in written.items()
    ]
    return sorted(made, key=lambda one: one.at_s, reverse=True)


def corrected_here(desk: Desk) -> frozenset[str]:
    """Return the references of the structures that people here know better than their file."""
    with desk.workspace.read() as connection:
        rows = connection.execute("SELECT entry, details FROM directory_corrections").fetchall()
    about = {entry for entry, details in rows if unpack_map(details).keys() - _NOT_CORRECTED}
    return frozenset(
        one.reference
        for one in desk_directory(desk).all()
        if f"{STRUCTURE}:{one.reference}" in about or f"{FACT}:{one.id}" in about
    )
