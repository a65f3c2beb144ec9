"""What earlier imports took: a line of a register is never recorded twice, even of another file."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.domain.events import Append
from app.domain.identifiers import SpaceId, SubjectId
from app.reference.register.rows import MARK_BYTES
from app.store.log import read_state

_LIST: Final = "rows"


def marks_taken(connection: Any, space: SpaceId) -> Counter[bytes]:
    """Return the marks of every line that the imports still standing recorded, with how often.

    They stay when somebody's reception is erased: importing the file again does not bring it back.
    """
    taken: Counter[bytes] = Counter()
    for (name,) in connection.execute("SELECT import FROM register_imports").fetchall():
        state = read_state(connection, space, SubjectId(name))
        for item in state.lists.get(_LIST, ()):
            if isinstance(item.value, bytes):
                taken.update(_split(item.value))
    return taken


def as_appends(marks: Sequence[bytes]) -> tuple[Append, ...]:
    """Return marks as an import keeps them: one run of bytes, of which none is a name."""
    return (Append(list_name=_LIST, value=b"".join(marks)),)


def new_among(marks: Iterable[bytes], taken: Counter[bytes]) -> list[bool]:
    """Say of each line whether it is new: of lines that say the same, the first were taken."""
    left = Counter(taken)
    found = []
    for mark in marks:
        found.append(left[mark] <= 0)
        left[mark] -= 1
    return found


def _split(run: bytes) -> list[bytes]:
    return [run[start : start + MARK_BYTES] for start in range(0, len(run), MARK_BYTES)]
