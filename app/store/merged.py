"""Files merged into one: who stands for whom. Merging is a field, taken back at will.

Each file says at most into which other it was merged. Two machines may merge two files into each
other at the same time: of those that go round in a circle, the first name stands for all, on every
machine alike.
"""

from collections.abc import Iterable
from typing import Any

from app.domain.identifiers import SubjectId

_INTO = "SELECT merged_into FROM persons WHERE person = ?"
_FROM = "SELECT person FROM persons WHERE merged_into = ? ORDER BY person"


def stands_for(connection: Any, person: SubjectId) -> SubjectId:
    """Return the file that stands for a person: their own, or the one it was merged into.

    A file merged into one that is not here, erased or not yet come, stands for itself.
    """
    path = [person]
    while (into := _into(connection, path[-1])) is not None:
        if into in path:
            return min(path[path.index(into) :])
        path.append(into)
    return path[-1]


def members_of(connection: Any, person: SubjectId) -> tuple[SubjectId, ...]:
    """Return every file of a person, the one that stands for them first."""
    first = stands_for(connection, person)
    found = dict.fromkeys([first])
    waiting = [first]
    while waiting:
        name = waiting.pop(0)
        for (other,) in connection.execute(_FROM, (name,)).fetchall():
            if other not in found:
                found[SubjectId(other)] = None
                waiting.append(SubjectId(other))
    return tuple(found)


def standing(connection: Any, persons: Iterable[SubjectId]) -> list[SubjectId]:
    """Return the files that stand for these persons, each once, in the same order."""
    return list(dict.fromkeys(stands_for(connection, person) for person in persons))


def _into(connection: Any, person: SubjectId) -> SubjectId | None:
    row = connection.execute(_INTO, (person,)).fetchone()
    if row is None or row[0] is None:
        return None
    is_here = connection.execute(_INTO, (row[0],)).fetchone() is not None
    return SubjectId(row[0]) if is_here else None
