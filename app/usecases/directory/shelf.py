"""The directory as this desk sees it: what was imported, with its corrections on top.

Until something was imported, and in a workspace for practice, the invented structures that travel
with the program are there; otherwise only those that take part in the exchange, or this one's own.
"""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from app.domain.errors import UnknownStructureError
from app.reference.directory import Directory, Row, directory_from
from app.reference.importing.merging import Corrections, Fields, Held, corrected, corrected_facts
from app.store.bodies import unpack_map
from app.store.directory_rows import FACT, Entry, corrections, edition, entries
from app.usecases.desk import OWN_REFERENCE, Desk
from app.usecases.directory.shipped import with_corrections
from app.usecases.practising import is_for_practice

if TYPE_CHECKING:
    from app.store.workspace import Workspace

STRUCTURE: Final = "structure"
SERVICE: Final = "service"
ENTRY: Final = "entry"
"""The field of a correction that says what it is about: its kind, then its reference."""

_kept: "WeakKeyDictionary[Workspace, tuple[tuple[Any, ...], Directory]]" = WeakKeyDictionary()


def desk_directory(desk: Desk) -> Directory:
    """Return the directory; it is made again when an import or a correction came. Any thread."""
    with desk.workspace.read() as connection:
        now = (*edition(connection), *_taking_part(connection))
        kept = _kept.get(desk.workspace)
        if kept is not None and kept[0] == now:
            return kept[1]
        made = _made(desk, connection)
    _kept[desk.workspace] = now, made
    return made


def structure_name(desk: Desk, reference: str) -> str:
    """Return the name of a structure of the directory, the reference itself for any other."""
    try:
        return desk_directory(desk).by_reference(reference).display_name
    except UnknownStructureError:
        return reference


def held_entries(connection: Any) -> Held:
    """Return what was imported, as published."""
    rows: dict[str, dict[tuple[str, str], Row]] = {STRUCTURE: {}, SERVICE: {}, FACT: {}}
    for entry in entries(connection):
        rows[entry.kind][entry.source, entry.id] = json.loads(entry.body)
    return Held(
        structures=rows[STRUCTURE],
        services=rows[SERVICE],
        spro={name: facts for (_, name), facts in rows[FACT].items()},
    )


def made_corrections(connection: Any) -> Corrections:
    """Return what people of this structure corrected, by what it is about.

    Two machines may have corrected one entry before they met: field by field, the later subject
    counts on every machine alike.
    """
    found: dict[str, dict[str, dict[str, Any]]] = {STRUCTURE: {}, SERVICE: {}, FACT: {}}
    for about, packed in corrections(connection):
        kind, _, reference = about.partition(":")
        fields = {name: value for name, value in unpack_map(packed).items() if name != ENTRY}
        if kind in found:
            found[kind].setdefault(reference, {}).update(_as_published(fields))
    return Corrections(structures=found[STRUCTURE], services=found[SERVICE], spro=found[FACT])


def entry_of(kind: str, row: Row) -> Entry:
    """Return a published row as it is kept."""
    return Entry(kind=kind, source=row["source"], id=row["id"], body=_text(row))


def fact_entry(identifier: str, facts: Row) -> Entry:
    """Return facts of ours as they are kept."""
    return Entry(kind=FACT, source="", id=identifier, body=_text(facts))


def _made(desk: Desk, connection: Any) -> Directory:
    held, better = held_entries(connection), made_corrections(connection)
    shipped = desk.reference.directory
    if not held.structures or is_for_practice(connection):
        examples = shipped.all()
    else:
        wanted = set(_taking_part(connection))
        examples = tuple(one for one in shipped.all() if one.reference in wanted)
    structures = [corrected(row, better.structures) for row in held.structures.values()]
    known = {row["id"] for row in structures}
    content = {
        "structures": structures,
        "services": [
            corrected(row, better.services)
            for row in held.services.values()
            if row["structure_id"] in known
        ],
        "spro": _facts(held, better, known),
    }
    shown = (with_corrections(one, better) for one in examples)
    return Directory([*shown, *directory_from(content).all()])


def _facts(held: Held, better: Corrections, known: Iterable[str]) -> Mapping[str, Row]:
    services = (row["id"] for row in held.services.values())
    return {
        name: corrected_facts(name, held.spro.get(name, {}), better)
        for name in {*known, *services}
        if name in held.spro or name in better.spro
    }


def _taking_part(connection: Any) -> list[str]:
    rows = connection.execute(
        "SELECT directory FROM structures WHERE directory <> ''"
        " UNION SELECT text FROM memos WHERE name = ? ORDER BY 1",
        (OWN_REFERENCE,),
    )
    return [reference for (reference,) in rows]


def _as_published(fields: Mapping[str, Any]) -> Fields:
    """Return corrected values as the schema has them: emptied ones are None, lists are lists."""
    return {
        name: None if value in ("", ()) else list(value) if isinstance(value, tuple) else value
        for name, value in fields.items()
    }


def _text(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
