"""Importing a published file of structures, whole or not at all, and undoing an import."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from app.changes import Changes, Topic
from app.domain.errors import UnexpectedFormatError, UnknownImportError
from app.domain.personal_numbers import masked
from app.pack_port import WholePack
from app.reference.importing.lookups import Lookups, lookups_of
from app.reference.importing.merging import Merged, Outcome, merge
from app.reference.importing.parsed import Format, Options, Parsed
from app.reference.importing.reading import read_structures
from app.store.directory_rows import Entry, ImportRow, imports, undo_import, write_import
from app.store.pack_shelf import StorePacks
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.directory.shelf import (
    SERVICE,
    STRUCTURE,
    entry_of,
    fact_entry,
    held_entries,
    made_corrections,
    place_entry,
)
from resources import resource_path

MOVED: Final = Changes(topics=frozenset({Topic.DIRECTORY}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A file that was read and what it would change; `name` is how the list of imports calls it.

    `pack` is the Region's pack that it came in, if it did.
    """

    name: str
    parsed: Parsed
    merged: Merged
    pack: WholePack | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did. `number` names it to undo it; None: nothing was new, nothing written."""

    number: int | None
    parsed: Parsed
    merged: Merged

    @property
    def added(self) -> int:
        """Return how many structures and services are new, and how many communes were placed."""
        outcomes = (self.merged.structures.added, self.merged.services.added, self.merged.places)
        return sum(map(len, outcomes))

    @property
    def updated(self) -> int:
        """Return how many are published otherwise than before."""
        return len(self.merged.structures.updated) + len(self.merged.services.updated)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """An import as a list shows it; `at_s` and `undone_at_s` are in seconds since 1970."""

    number: int
    at_s: int
    author: str
    file: str
    format: str
    publisher: str
    licence: str
    dated_on: str
    added: int
    updated: int
    rejected: int
    undone_at_s: int | None


def import_directory(
    desk: Desk,
    content: Path | bytes,
    options: Options | None = None,
    *,
    expected: Format | None = None,
) -> Imported:
    """Import a published file in one transaction; the same file again changes nothing.

    Corrections made here stay on top. Not for the thread of the screen: a national file is large.

    Raises:
        ImportingError: the file is refused whole, and nothing is changed.
        UnexpectedFormatError: it is of another format than `expected`.
    """
    return keep_import(desk, propose_import(desk, content, options, expected=expected))


def propose_import(
    desk: Desk,
    content: Path | bytes,
    options: Options | None = None,
    *,
    expected: Format | None = None,
) -> Proposed:
    """Read a published file and say what it would change; nothing is written.

    Raises:
        ImportingError: the file is refused whole.
        UnexpectedFormatError: it is of another format than `expected`.
    """
    options = options or Options()
    with desk.workspace.read() as connection:
        held = held_entries(connection)
        better = made_corrections(connection)
    known = options.known_structures | {row["id"] for row in held.structures.values()}
    parsed = read_structures(content, _lookups(desk), replace(options, known_structures=known))
    if expected is not None and parsed.format is not expected:
        raise UnexpectedFormatError(found=parsed.format.value, expected=expected.value)
    name = options.name or (content.name if isinstance(content, Path) else "")
    return Proposed(
        name=masked(name), parsed=parsed, merged=merge(held, parsed, corrections=better)
    )


def keep_import(desk: Desk, proposed: Proposed) -> Imported:
    """Import what was read, in one transaction; what is new is looked for again."""
    parsed = proposed.parsed

    def work(tx: Tx) -> Imported:
        # Read again inside: another import may have come meanwhile.
        connection = tx.db.conn
        merged = merge(held_entries(connection), parsed, corrections=made_corrections(connection))
        rows = list(rows_to_write(merged))
        if not rows:
            return Imported(number=None, parsed=parsed, merged=merged)
        made = Imported(number=0, parsed=parsed, merged=merged)
        number = write_import(
            tx,
            at_s=int(desk.now().timestamp()),
            author=desk.workspace.agent_name,
            details=details_of(made, proposed.name),
            rows=rows,
        )
        return Imported(number=number, parsed=parsed, merged=merged)

    imported = desk.workspace.writer.write(work)
    if proposed.pack is not None:
        StorePacks(desk.workspace).keep_imported(proposed.pack)
    return imported


def directory_imports(desk: Desk) -> list[ImportLine]:
    """Return the imports made here, the latest first, those undone too."""
    with desk.workspace.read() as connection:
        return [_line(row) for row in imports(connection)]


def undo_directory_import(desk: Desk, number: int) -> tuple[int, Changes]:
    """Give back what an import replaced; return how many entries had come by it.

    Corrections stay, and count again if the entries come back.

    Raises:
        UnknownImportError: there is none of that number, or it is undone already.
    """

    def work(tx: Tx) -> int:
        standing = {row.number for row in imports(tx.db.conn) if row.undone_at_s is None}
        if number not in standing:
            raise UnknownImportError(str(number))
        return undo_import(tx, number, at_s=int(desk.now().timestamp()))

    return desk.workspace.writer.write(work), MOVED


def rows_to_write(merged: Merged) -> Iterator[Entry]:
    """Give the rows that an import puts in place."""
    for kind, outcome in ((STRUCTURE, merged.structures), (SERVICE, merged.services)):
        yield from (entry_of(kind, row) for row in _written(outcome))
    yield from (fact_entry(name, facts) for name, facts in merged.spro.items())
    yield from (place_entry(code, place) for code, place in merged.places.items())


def details_of(made: Imported, name: str) -> str:
    """Write what the list of imports says of one, as JSON."""
    provenance = made.parsed.provenance
    details = {
        "file": name,
        "format": made.parsed.format.value,
        "publisher": provenance.publisher,
        "licence": provenance.licence,
        "dated_on": provenance.dated_on.isoformat() if provenance.dated_on else "",
        "added": made.added,
        "updated": made.updated,
        "rejected": len(made.parsed.rejected),
    }
    return json.dumps(details, ensure_ascii=False)


def _lookups(desk: Desk) -> Lookups:
    reference = desk.reference
    return lookups_of(
        resource_path("networks"),
        communes=reference.communes,
        networks=reference.vocabularies.get("structure_network"),
        today=desk.now().astimezone().date(),
    )


def _written(outcome: Outcome) -> Iterator[Any]:
    yield from outcome.added
    yield from (change.after for change in outcome.updated)


def _line(row: ImportRow) -> ImportLine:
    return ImportLine(
        number=row.number,
        at_s=row.at_s,
        author=row.author,
        undone_at_s=row.undone_at_s,
        **json.loads(row.details),
    )
