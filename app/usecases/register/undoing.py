"""The imports of this desk, and undoing one: everything it recorded disappears, everywhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.changes import Changes
from app.domain.errors import UnknownRecordError
from app.domain.events import Value
from app.domain.identifiers import SpaceId, SubjectId, id_text
from app.store.bodies import unpack_map
from app.store.log import Pen
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.erasure import erase_left_behind
from app.usecases.register.importing import KIND

_IMPORTS = """
    SELECT import, key, author, created_at_s, details,
           (SELECT count(*) FROM encounters WHERE register_import = import),
           (SELECT count(*) FROM persons WHERE register_import = import)
    FROM register_imports ORDER BY created_at_s DESC, import DESC
"""
_KEPT = {
    "person": """
        SELECT person FROM persons WHERE register_import = ?1
          AND person NOT IN (SELECT subject FROM erased WHERE space = ?2)
    """,
    "demand": """
        SELECT demand FROM demands WHERE register_import = ?1
          AND demand NOT IN (SELECT subject FROM erased WHERE space = ?2)
    """,
}
_RECORDED = """
    SELECT (SELECT count(*) FROM encounters WHERE register_import = ?1),
           (SELECT count(*) FROM persons WHERE register_import = ?1)
"""
_LEFT = """
    SELECT count(DISTINCT e.subject) FROM events e WHERE e.bundle IS NOT NULL AND e.kind <> 'erase'
      AND e.subject IN (
        SELECT encounter FROM encounters WHERE register_import = ?1
        UNION SELECT demand FROM demands WHERE register_import = ?1
        UNION SELECT person FROM persons WHERE register_import = ?1)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterImport:
    """One import that stands. `receptions` and `persons` are those that are still here.

    `is_double` says that another machine imported the same file by the same plan, before or after:
    one of the two is to be undone.
    """

    register_import: SubjectId
    author: str
    created_at_s: int
    file: str
    named: bool
    read: int
    recorded: int
    rejected: int
    first_on: str
    last_on: str
    receptions: int
    persons: int
    is_double: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What undoing an import did.

    `had_left` counts the records that had left this desk already: an erasure follows each of them,
    for ever. `kept` counts the people who came again since: their file stays, without what the
    register said of their visits.
    """

    receptions: int
    persons: int
    kept: int
    had_left: int
    changes: Changes


def register_imports(desk: Desk) -> Sequence[RegisterImport]:
    """Return the imports that stand, the latest first, whichever machine made them."""
    with desk.workspace.read() as connection:
        rows = connection.execute(_IMPORTS).fetchall()
    keys = [row[1] for row in rows]
    return [_line(row, is_double=keys.count(row[1]) > 1) for row in rows]


def undo_import(desk: Desk, register_import: SubjectId) -> Undone:
    """Erase everything an import recorded, for ever, here and on every machine it reached.

    The same file may be imported again afterwards, by the same plan or another one.

    Raises:
        UnknownRecordError: no such import stands.
    """
    own = desk.own_structure()
    name = register_import

    def work(tx: Tx) -> Undone:
        if tx.one("SELECT 1 FROM register_imports WHERE import = ?", (name,)) is None:
            raise UnknownRecordError(id_text(name))
        receptions, persons = tx.one(_RECORDED, (name,))
        (had_left,) = tx.one(_LEFT, (name,))
        pen = desk.pen(tx)
        pen.erase(own.space.id, name)
        erase_left_behind(tx, pen, own)
        kept = _keep_others(tx, pen, own.space.id, name)
        return Undone(
            receptions=receptions,
            persons=persons - kept,
            kept=kept,
            had_left=had_left,
            changes=fold_subjects(tx, pen.touched),
        )

    return desk.workspace.writer.write(work)


def _keep_others(tx: Tx, pen: Pen, own: SpaceId, name: SubjectId) -> int:
    """Have what is not erased belong to no import any more; return how many people stay."""
    kept = 0
    for kind, query in _KEPT.items():
        for (subject,) in tx.execute(query, (name, own)).fetchall():
            pen.change(own, SubjectId(subject), kind, {KIND: None})
            kept += kind == "person"
    return kept


def _line(row: tuple[Any, ...], *, is_double: bool) -> RegisterImport:
    name, _key, author, created_at_s, packed, receptions, persons = row
    details = unpack_map(packed)
    return RegisterImport(
        register_import=SubjectId(name),
        author=author,
        created_at_s=created_at_s,
        file=_text(details, "file"),
        named=details.get("named") is True,
        read=_number(details, "read"),
        recorded=_number(details, "recorded"),
        rejected=_number(details, "rejected"),
        first_on=_text(details, "first_on"),
        last_on=_text(details, "last_on"),
        receptions=receptions,
        persons=persons,
        is_double=is_double,
    )


def _text(details: Mapping[str, Value], name: str) -> str:
    value = details.get(name)
    return value if isinstance(value, str) else ""


def _number(details: Mapping[str, Value], name: str) -> int:
    value = details.get(name)
    return value if isinstance(value, int) else 0
