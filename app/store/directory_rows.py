"""The directory that was imported, as published, and what each import put in place of what.

Rows are JSON of the data·inclusion schema, or facts of ours about them. An import that is undone
gives back what it replaced, in whatever order imports are undone. They are of this machine alone:
no event carries them, and `rebuild` leaves them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.domain.identifiers import SubjectId
from app.store.writer import Tx

FACT: Final = "fact"
"""The kind of the facts of ours; the others are those of published entries."""

PLACE: Final = "commune"
"""The kind of the places of communes."""

TABLES: Final = (
    """CREATE TABLE directory_imports (
        number INTEGER PRIMARY KEY, at_s INTEGER NOT NULL, author TEXT NOT NULL,
        details TEXT NOT NULL, undone_at_s INTEGER
    ) STRICT""",
    """CREATE TABLE directory_entries (
        kind TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
        import INTEGER NOT NULL, PRIMARY KEY (kind, source, id)
    ) STRICT, WITHOUT ROWID""",
    """CREATE TABLE directory_replaced (
        import INTEGER NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL,
        body TEXT, former_import INTEGER, PRIMARY KEY (import, kind, source, id)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX directory_replaced_by_former ON directory_replaced (former_import)",
    """CREATE TABLE directory_corrections (
        correction BLOB PRIMARY KEY, entry TEXT NOT NULL, author TEXT NOT NULL,
        created_at_s INTEGER NOT NULL, details BLOB NOT NULL
    ) STRICT""",
)

SLICED_IMPORTS: Final = (
    # An import that is written by short transactions counts once it is whole.
    "ALTER TABLE directory_imports ADD COLUMN unfinished INTEGER NOT NULL DEFAULT 0",
    # The name of the Region's pack that it came from.
    "ALTER TABLE directory_imports ADD COLUMN pack BLOB NOT NULL DEFAULT x''",
)

_KEY = "kind = ? AND source = ? AND id = ?"
_PUT = (
    "INSERT OR REPLACE INTO directory_entries (kind, source, id, body, import) VALUES (?,?,?,?,?)"
)
_KEEP = """
    INSERT OR IGNORE INTO directory_replaced (import, kind, source, id, body, former_import)
    VALUES (?, ?, ?, ?, ?, ?)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A published row, or facts of ours (`source` is then "")."""

    kind: str
    source: str
    id: str
    body: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRow:
    """An import that was made here; `details` is JSON. `undone_at_s` is None while it stands."""

    number: int
    at_s: int
    author: str
    details: str
    undone_at_s: int | None


def entries(connection: Any) -> list[Entry]:
    """Return everything that stands, in the order of kinds, sources and identifiers."""
    rows = connection.execute(
        "SELECT kind, source, id, body FROM directory_entries ORDER BY kind, source, id"
    )
    return [
        Entry(kind=kind, source=source, id=name, body=body) for kind, source, name, body in rows
    ]


def imports(connection: Any) -> list[ImportRow]:
    """Return every import that is whole, the latest first, those undone too."""
    rows = connection.execute(
        "SELECT number, at_s, author, details, undone_at_s FROM directory_imports"
        " WHERE unfinished = 0 ORDER BY number DESC"
    )
    return [
        ImportRow(number=number, at_s=at_s, author=author, details=details, undone_at_s=undone)
        for number, at_s, author, details, undone in rows
    ]


def corrections(connection: Any) -> Sequence[tuple[str, bytes]]:
    """Return what each correction is about and its packed fields, in an order that never moves."""
    rows: Sequence[tuple[str, bytes]] = connection.execute(
        "SELECT entry, details FROM directory_corrections ORDER BY correction"
    ).fetchall()
    return rows


def additions(connection: Any) -> Sequence[tuple[SubjectId, str, bytes]]:
    """Return what was added here: its subject, what it is, its packed fields; in their order."""
    rows: Sequence[tuple[SubjectId, str, bytes]] = connection.execute(
        "SELECT correction, entry, details FROM directory_corrections"
        " WHERE entry LIKE 'added\\_%' ESCAPE '\\' ORDER BY correction"
    ).fetchall()
    return rows


def places(connection: Any) -> list[tuple[str, str]]:
    """Return the places of communes: INSEE code and JSON."""
    rows = connection.execute("SELECT id, body FROM directory_entries WHERE kind = ?", (PLACE,))
    return [(code, body) for code, body in rows]


def imports_edition(connection: Any) -> tuple[Any, ...]:
    """Return what changes whenever an import is made or undone; not while it is half written."""
    stand: tuple[Any, ...] = connection.execute(
        "SELECT count(*), count(undone_at_s) FROM directory_imports WHERE unfinished = 0"
    ).fetchone()
    return tuple(stand)


def edition(connection: Any) -> tuple[Any, ...]:
    """Return what changes whenever the directory does."""
    return (*imports_edition(connection), *map(tuple, corrections(connection)))


def write_import(tx: Tx, *, at_s: int, author: str, details: str, rows: Iterable[Entry]) -> int:
    """Put rows in place of those of the same kind, source and identifier; return its number."""
    made = tx.execute(
        "INSERT INTO directory_imports (at_s, author, details) VALUES (?, ?, ?)",
        (at_s, author, details),
    )
    number = int(made.lastrowid)
    for row in rows:
        put_entry(tx, number, row)
    return number


def put_entry(tx: Tx, number: int, row: Entry) -> None:
    """Put a row in place of the one of its kind, source and identifier, for an import."""
    key = (row.kind, row.source, row.id)
    former = tx.one(f"SELECT body, import FROM directory_entries WHERE {_KEY}", key)  # noqa: S608
    tx.execute(_KEEP, (number, *key, *(former or (None, None))))
    tx.execute(_PUT, (*key, row.body, number))


def undo_import(tx: Tx, number: int, *, at_s: int) -> int:
    """Give back what an import replaced; return how many entries had come by it.

    Where a later import replaced the entry again, that one will give back what was before both.
    """
    replaced = tx.execute(
        "SELECT kind, source, id, body, former_import FROM directory_replaced WHERE import = ?",
        (number,),
    ).fetchall()
    for kind, source, name, body, former in replaced:
        key = (kind, source, name)
        held = tx.one(f"SELECT import FROM directory_entries WHERE {_KEY}", key)  # noqa: S608
        if held is None or held[0] != number:
            tx.execute(
                f"UPDATE directory_replaced SET body = ?, former_import = ?"  # noqa: S608
                f" WHERE former_import = ? AND {_KEY}",
                (body, former, number, *key),
            )
        elif body is None:
            tx.execute(f"DELETE FROM directory_entries WHERE {_KEY}", key)  # noqa: S608
        else:
            tx.execute(_PUT, (*key, body, former))
    tx.execute("DELETE FROM directory_replaced WHERE import = ?", (number,))
    tx.execute("UPDATE directory_imports SET undone_at_s = ? WHERE number = ?", (at_s, number))
    return len(replaced)
