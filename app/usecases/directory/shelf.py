"""The directory as this desk sees it: what was imported, with its corrections on top.

Until something was imported, and in a workspace for practice, the invented structures that travel
with the program are there; otherwise only those that take part in the exchange, or this one's own.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from app.domain.errors import UnknownStructureError
from app.reference.communes import CommunePlace
from app.reference.directory import (
    Directory,
    Row,
    ServiceEntry,
    StructureEntry,
    directory_from,
    service_entry,
)
from app.reference.importing.merging import Corrections, Held, corrected, corrected_facts
from app.store.bodies import unpack_map
from app.store.directory_rows import FACT, PLACE, Entry, corrections, edition, entries
from app.usecases.desk import OWN_REFERENCE, Desk
from app.usecases.directory.added import Added, added_entries
from app.usecases.directory.fields import as_published
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
    rows: dict[str, dict[tuple[str, str], Row]] = {
        kind: {} for kind in (STRUCTURE, SERVICE, FACT, PLACE)
    }
    for entry in entries(connection):
        rows[entry.kind][entry.source, entry.id] = json.loads(entry.body)
    return Held(
        structures=rows[STRUCTURE],
        services=rows[SERVICE],
        spro={name: facts for (_, name), facts in rows[FACT].items()},
        places={code: CommunePlace(**place) for (_, code), place in rows[PLACE].items()},
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
            found[kind].setdefault(reference, {}).update(as_published(fields))
    return Corrections(structures=found[STRUCTURE], services=found[SERVICE], spro=found[FACT])


def entry_of(kind: str, row: Row) -> Entry:
    """Return a published row as it is kept."""
    return Entry(kind=kind, source=row["source"], id=row["id"], body=_text(row))


def fact_entry(identifier: str, facts: Row) -> Entry:
    """Return facts of ours as they are kept."""
    return Entry(kind=FACT, source="", id=identifier, body=_text(facts))


def place_entry(code: str, place: CommunePlace) -> Entry:
    """Return the place of a commune as it is kept."""
    return Entry(kind=PLACE, source="", id=code, body=_text(place._asdict()))


def _made(desk: Desk, connection: Any) -> Directory:
    held, better = held_entries(connection), made_corrections(connection)
    shipped = desk.reference.directory
    if not held.structures or is_for_practice(connection):
        examples = shipped.all()
    else:
        wanted = set(_taking_part(connection))
        examples = tuple(one for one in shipped.all() if one.reference in wanted)
    added = added_entries(connection)
    rows = (*held.structures.values(), *(one.row for one in added if not one.structure))
    structures = [corrected(row, better.structures) for row in rows]
    known = {row["id"] for row in structures}
    content = {
        "structures": structures,
        "services": [
            corrected(row, better.services)
            for row in held.services.values()
            if row["structure_id"] in known
        ],
        "spro": _facts(held, better, known, added),
    }
    shown = (with_corrections(one, better) for one in examples)
    return Directory(_with_services(added, better, (*shown, *directory_from(content).all())))


def _facts(
    held: Held, better: Corrections, known: Iterable[str], added: Iterable[Added]
) -> Mapping[str, Row]:
    services = (row["id"] for row in held.services.values())
    told = {**held.spro, **{one.row["id"]: one.spro for one in added}}
    return {
        name: corrected_facts(name, told.get(name, {}), better)
        for name in {*known, *services}
        if name in told or name in better.spro
    }


def _with_services(
    added: Iterable[Added], better: Corrections, structures: Iterable[StructureEntry]
) -> list[StructureEntry]:
    """Return structures with the services added here after their own.

    Those of a structure that is not held wait: an import may bring it again.
    """
    more: dict[str, list[ServiceEntry]] = defaultdict(list)
    for one in added:
        if one.structure:
            facts = corrected_facts(one.row["id"], one.spro, better)
            more[one.structure].append(service_entry(corrected(one.row, better.services), facts))
    return [
        replace(one, services=(*one.services, *more[one.reference]))
        if one.reference in more
        else one
        for one in structures
    ]


def _taking_part(connection: Any) -> list[str]:
    rows = connection.execute(
        "SELECT directory FROM structures WHERE directory <> ''"
        " UNION SELECT text FROM memos WHERE name = ? ORDER BY 1",
        (OWN_REFERENCE,),
    )
    return [reference for (reference,) in rows]


def _text(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
