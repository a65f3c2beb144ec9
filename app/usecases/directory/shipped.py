"""Corrections of the structures that travel with the program, which no file published here."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final, TypeAlias

from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.importing.merging import Corrections, Fields


def _text(value: Any) -> str:
    return value or ""


def _as_is(value: Any) -> Any:
    return value


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


def _words(value: Any) -> tuple[str, ...]:
    return tuple(value or ())


_Table: TypeAlias = Mapping[str, tuple[str, Callable[[Any], Any]]]
"""By corrected field, that of an entry and what makes its value."""

_BOTH: Final[_Table] = {
    "nom": ("name", _text),
    "telephone": ("telephone", _as_is),
    "courriel": ("email", _as_is),
    "adresse": ("address", _text),
    "commune": ("commune_name", _text),
    "code_postal": ("postal_code", _text),
    "code_insee": ("commune_code", _as_is),
    "horaires_accueil": ("hours", _as_is),
    "description": ("description", _text),
    "date_maj": ("checked_on", dt.date.fromisoformat),
    "ended_on": ("ended_on", _day),
    "languages": ("languages", _words),
    "waiting_days": ("waiting_days", _as_is),
    "capacity": ("capacity", _text),
    "team": ("team", _text),
}
_OF_STRUCTURE: Final[_Table] = {
    **_BOTH,
    "complement_adresse": ("address_complement", _text),
    "network": ("network", _text),
    "cep_operator": ("is_cep_operator", bool),
    "spro_member_from": ("membership_from", _day),
    "spro_member_to": ("membership_to", _day),
    "replaced_by": ("replaced_by", _text),
    "direct_telephone": ("direct_telephone", _as_is),
    "accessibility": ("accessibility", _text),
}
_OF_SERVICE: Final[_Table] = {
    **_BOTH,
    "thematiques": ("themes", _words),
    "publics": ("audiences", _words),
    "modes_accueil": ("reception_modes", _words),
    "zone_eligibilite": ("area", _words),
    "place_kind": ("place_kind", _text),
    "motives": ("motives", _words),
}


def with_corrections(entry: StructureEntry, corrections: Corrections) -> StructureEntry:
    """Return a shipped structure as people here know it, with its services."""
    services = tuple(_service(one, corrections) for one in entry.services)
    fields = {**corrections.structures.get(entry.reference, {})}
    fields |= corrections.spro.get(entry.id, {})
    changed = _changed(entry, fields, _OF_STRUCTURE)
    if not changed and services == entry.services:
        return entry
    return replace(entry, services=services, **changed)


def _service(entry: ServiceEntry, corrections: Corrections) -> ServiceEntry:
    fields = {**corrections.services.get(entry.reference, {})}
    fields |= corrections.spro.get(entry.id, {})
    changed = _changed(entry, fields, _OF_SERVICE)
    return replace(entry, **changed) if changed else entry


def _changed(entry: StructureEntry | ServiceEntry, fields: Fields, table: _Table) -> dict[str, Any]:
    made = {name: make(fields[field]) for field, (name, make) in table.items() if field in fields}
    if made.get("commune_code", entry.commune_code) != entry.commune_code:
        made |= {"latitude": None, "longitude": None}
    return made
