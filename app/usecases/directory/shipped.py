"""Corrections of the structures that travel with the program, which no file published here."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from app.reference.directory import StructureEntry
from app.reference.importing.merging import Corrections


def _text(value: Any) -> str:
    return value or ""


def _as_is(value: Any) -> Any:
    return value


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None


_PUBLISHED: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "nom": ("name", _text),
    "telephone": ("telephone", _as_is),
    "courriel": ("email", _as_is),
    "adresse": ("address", _text),
    "complement_adresse": ("address_complement", _text),
    "commune": ("commune_name", _text),
    "code_postal": ("postal_code", _text),
    "code_insee": ("commune_code", _as_is),
    "horaires_accueil": ("hours", _as_is),
    "description": ("description", _text),
    "date_maj": ("checked_on", dt.date.fromisoformat),
}
_OURS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "network": ("network", _text),
    "cep_operator": ("is_cep_operator", bool),
    "spro_member_from": ("membership_from", _day),
    "spro_member_to": ("membership_to", _day),
    "ended_on": ("ended_on", _day),
    "replaced_by": ("replaced_by", _text),
    "direct_telephone": ("direct_telephone", _as_is),
    "accessibility": ("accessibility", _text),
    "languages": ("languages", lambda value: tuple(value or ())),
    "waiting_days": ("waiting_days", _as_is),
    "capacity": ("capacity", _text),
}
"""By corrected field, that of an entry and what makes its value."""


def with_corrections(entry: StructureEntry, corrections: Corrections) -> StructureEntry:
    """Return a shipped structure as people here know it; its services stay as they are."""
    published = corrections.structures.get(entry.reference, {})
    ours = corrections.spro.get(entry.id, {})
    changed = {
        name: make(fields[field])
        for fields, table in ((published, _PUBLISHED), (ours, _OURS))
        for field, (name, make) in table.items()
        if field in fields
    }
    return replace(entry, **changed) if changed else entry
