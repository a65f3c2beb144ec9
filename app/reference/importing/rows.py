"""Records checked against the schema of data·inclusion v1, and cleaned, one by one.

What the schema requires and is missing refuses the record. What is optional and cannot be relied on
is left out, and said: a structure without hours is better than hours that close a door.
"""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any, Final

from app.reference.importing.drafts import Draft
from app.reference.importing.findings import NoteReason, RejectReason
from app.reference.importing.locating import located
from app.reference.importing.lookups import Codes, Lookups
from app.reference.importing.telephones import telephone
from app.reference.importing.values import code, day, is_scientific, items, line, number, text
from app.reference.importing.week import checked_hours

STRUCTURE_REQUIRED: Final = ("source", "id", "nom", "date_maj")
SERVICE_REQUIRED: Final = ("source", "structure_id", "id", "nom", "description", "date_maj")
_PLACE: Final = (
    "commune",
    "code_postal",
    "code_insee",
    "adresse",
    "complement_adresse",
    "longitude",
    "latitude",
)
STRUCTURE_FIELDS: Final = (
    *STRUCTURE_REQUIRED,
    "description",
    "lien_source",
    "siret",
    *_PLACE,
    "telephone",
    "courriel",
    "site_web",
    "horaires_accueil",
    "accessibilite_lieu",
    "reseaux_porteurs",
)
SERVICE_FIELDS: Final = (
    *SERVICE_REQUIRED,
    "lien_source",
    "type",
    "thematiques",
    "frais",
    "frais_precisions",
    "publics",
    "publics_precisions",
    "conditions_acces",
    *_PLACE,
    "telephone",
    "courriel",
    "modes_accueil",
    "zone_eligibilite",
    "lien_mobilisation",
    "modes_mobilisation",
    "mobilisable_par",
    "mobilisation_precisions",
    "volume_horaire_hebdomadaire",
    "nombre_semaines",
    "horaires_accueil",
)
"""`contact_nom_prenom` is not kept: the name of somebody who may have left serves nobody."""

_EARLIEST: Final = date(2000, 1, 1)
_NAME_LENGTHS: Final = range(3, 151)
_DESCRIPTION_LENGTHS: Final = range(5, 10_001)
_LONGEST_LINK: Final = 2_083
_SIRET: Final = re.compile(r"\d{14}")
_EMAIL: Final = re.compile(r"[^@\s<>\"',;()\[\]]+@[^@\s<>\"',;()\[\]]+\.[^@\s<>\"',;()\[\]]+")
_LINK: Final = re.compile(r"https?://[^\s<>\"]+", re.IGNORECASE)
_LINK_WITHOUT_SCHEME: Final = re.compile(
    r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/[^\s<>\"]*)?", re.IGNORECASE
)
_AREA: Final = re.compile(r"france|\d{9}|[0-9AB]{5}|\d{2,3}|2[AB]", re.IGNORECASE)
_SINGLE_CODES: Final = frozenset({"type", "frais"})


def structure_row(draft: Draft, lookups: Lookups) -> dict[str, Any]:
    """Return a structure as a row of the directory.

    Raises:
        RefusedRecordError: it lacks what the schema requires.
    """
    row = _identity(draft, STRUCTURE_REQUIRED, lookups.today)
    row["description"] = _optional_description(draft)
    row["siret"] = _siret(draft)
    row |= located(draft, lookups.communes)
    row |= _contacts(draft, links=("lien_source", "site_web", "accessibilite_lieu"))
    row |= _coded(draft, lookups.tables.structure_codes)
    return _kept(row, STRUCTURE_FIELDS)


def service_row(draft: Draft, lookups: Lookups) -> dict[str, Any]:
    """Return a service as a row of the directory; that its structure exists is seen to elsewhere.

    Raises:
        RefusedRecordError: it lacks what the schema requires.
    """
    row = _identity(draft, SERVICE_REQUIRED, lookups.today)
    if len(row["description"]) not in _DESCRIPTION_LENGTHS:
        raise draft.refuse(RejectReason.DESCRIPTION_LENGTH, "description", row["description"])
    row |= located(draft, lookups.communes)
    row |= _contacts(draft, links=("lien_source", "lien_mobilisation"))
    row |= _coded(draft, lookups.tables.service_codes)
    row["zone_eligibilite"] = _area(draft, lookups)
    for name in ("frais_precisions", "publics_precisions", "conditions_acces"):
        row[name] = text(draft.get(name))
    row["mobilisation_precisions"] = text(draft.get("mobilisation_precisions"))
    row["volume_horaire_hebdomadaire"] = _quantity(draft, "volume_horaire_hebdomadaire", 0)
    row["nombre_semaines"] = _quantity(draft, "nombre_semaines", 1)
    return _kept(row, SERVICE_FIELDS)


def _identity(draft: Draft, required: Iterable[str], today: date) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name in required:
        if name in ("id", "structure_id") and is_scientific(draft.get(name)):
            raise draft.refuse(RejectReason.SCIENTIFIC_IDENTIFIER, name, draft.get(name))
        row[name] = _required(draft, name)
    if len(row["nom"]) not in _NAME_LENGTHS:
        raise draft.refuse(RejectReason.NAME_LENGTH, "nom", row["nom"])
    row["date_maj"] = _checked_day(draft, today)
    return row


def _required(draft: Draft, name: str) -> str:
    value = draft.get(name)
    found = text(value) if name == "description" else code(value)
    if found is None:
        raise draft.refuse(RejectReason.MISSING_FIELD, name)
    return found


def _checked_day(draft: Draft, today: date) -> str:
    value = draft.get("date_maj")
    try:
        found = day(value)
    except (ValueError, OverflowError) as error:
        raise draft.refuse(RejectReason.UNREADABLE_DATE, "date_maj", value) from error
    if found is None or not _EARLIEST <= found <= today:
        raise draft.refuse(RejectReason.DATE_OUT_OF_REACH, "date_maj", value)
    return found.isoformat()


def _optional_description(draft: Draft) -> str | None:
    found = text(draft.get("description"))
    if found is not None and len(found) not in _DESCRIPTION_LENGTHS:
        draft.note(NoteReason.DESCRIPTION_DROPPED, "description", found)
        return None
    return found


def _siret(draft: Draft) -> str | None:
    value = draft.get("siret")
    found = code(value)
    if found is None:
        return None
    packed = "".join(found.split())
    if not _SIRET.fullmatch(packed):
        draft.note(NoteReason.VALUE_DROPPED, "siret", value)
        return None
    return packed


def _contacts(draft: Draft, links: Iterable[str]) -> dict[str, Any]:
    row: dict[str, Any] = {name: _link(draft, name) for name in links}
    row["telephone"] = _telephone(draft)
    email = line(draft.get("courriel"))
    if email is not None and not _EMAIL.fullmatch(email):
        draft.note(NoteReason.VALUE_DROPPED, "courriel", email)
        email = None
    row["courriel"] = email
    hours = line(draft.get("horaires_accueil"))
    row["horaires_accueil"] = checked_hours(hours) if hours else None
    if hours and row["horaires_accueil"] is None:
        draft.note(NoteReason.HOURS_DROPPED, "horaires_accueil", hours)
    return row


def _telephone(draft: Draft) -> str | None:
    value = draft.get("telephone")
    written = code(value)
    if written is None:
        return None
    if is_scientific(value):
        draft.note(NoteReason.VALUE_DROPPED, "telephone", value)
        return None
    said, is_sure = telephone(written)
    if not is_sure:
        draft.note(NoteReason.TELEPHONE_AS_PUBLISHED, "telephone", said)
    return said


def _link(draft: Draft, name: str) -> str | None:
    found = line(draft.get(name))
    if found is None:
        return None
    if len(found) <= _LONGEST_LINK:
        if _LINK.fullmatch(found):
            return found
        if _LINK_WITHOUT_SCHEME.fullmatch(found):
            return f"https://{found}"
    draft.note(NoteReason.VALUE_DROPPED, name, found)
    return None


def _coded(draft: Draft, codes: Codes) -> dict[str, Any]:
    """Return the fields that hold codes; unknown ones are kept, since publishers may be ahead."""
    row: dict[str, Any] = {}
    for name, known in codes.items():
        found = items(draft.get(name))
        for unknown in (each for each in found if each not in known):
            draft.note(NoteReason.UNKNOWN_CODE, name, unknown)
        if name in _SINGLE_CODES:
            row[name] = found[0] if found else None
        else:
            row[name] = list(found)
    return row


def _area(draft: Draft, lookups: Lookups) -> list[str]:
    """Return where a service may be had, former communes by the code of today."""
    found: dict[str, None] = {}
    for written in items(draft.get("zone_eligibilite")):
        area = _area_code(written)
        if not _AREA.fullmatch(area):
            draft.note(NoteReason.UNKNOWN_CODE, "zone_eligibilite", written)
        commune = lookups.communes.by_code(area)
        found[commune.insee_code if commune else area] = None
    return list(found)


def _area_code(written: str) -> str:
    """Give back the zero that a number lost: one figure is a department, four a commune."""
    lengths = {1: 2, 4: 5}
    if written.isascii() and written.isdigit():
        return written.zfill(lengths.get(len(written), 0))
    return written.lower() if written.isalpha() else written.upper()


def _quantity(draft: Draft, name: str, least: int) -> float | int | None:
    value = draft.get(name)
    try:
        found = number(value)
    except ValueError:
        found = -1.0
    if found is None or found >= least:
        return int(found) if found is not None and found.is_integer() else found
    draft.note(NoteReason.VALUE_DROPPED, name, value)
    return None


def _kept(row: dict[str, Any], names: Iterable[str]) -> dict[str, Any]:
    """Put what is known in the order of the schema; what is not has no key."""
    return {name: row[name] for name in names if row.get(name) not in (None, "", [])}
