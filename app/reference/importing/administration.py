"""The administration's directory (DILA): its file, and the API's, where lists are JSON in strings.

Only the kinds of local services that `carriers.json` names are taken. A structure gets no service:
the directory says where somebody is received and when, not what for.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from app.reference.importing.carriers import Published
from app.reference.importing.drafts import Draft
from app.reference.importing.findings import Kind, NoteReason, Place
from app.reference.importing.gathering import Gathering
from app.reference.importing.parsed import Format
from app.reference.importing.values import code, line, text
from app.reference.importing.week import UnreadableWeekError, administration_hours

REQUIRED: Final = ("id", "nom", "pivot")
FIELDS: Final = (
    *REQUIRED,
    "code_insee_commune",
    "adresse",
    "telephone",
    "adresse_courriel",
    "site_internet",
    "plage_ouverture",
    "commentaire_plage_ouverture",
    "siret",
    "mission",
    "date_modification",
    "date_creation",
    "url_service_public",
    "statut_de_diffusion",
)
MARKS: Final = ("pivot", "plage_ouverture", "ancien_code_pivot")
"""Fields that only this directory has: one of them tells it."""

_ACCESSIBILITY: Final = {"ACC": "accessible", "DEM": "on_request", "NAC": "not_accessible"}
_POSTAL_ADDRESS: Final = "adresse postale"
_PIVOT: Final = "type_service_local"


def take(record: Mapping[str, Any], place: Place, gathering: Gathering) -> None:
    """Take one record, or leave it out when its kind serves no guidance."""
    known = gathering.lookups.carriers.pivots() | gathering.options.more_pivots
    pivots = tuple(each for each in _pivots(record.get("pivot")) if each in known)
    if not pivots or line(record.get("statut_de_diffusion")) == "false":
        gathering.leave_out()
        return
    address = _address(record.get("adresse"))
    openings = _decoded(record.get("plage_ouverture"))
    hours, is_readable = _hours(openings, line(record.get("commentaire_plage_ouverture")))
    values = _values(record, address, pivots, gathering) | {"horaires_accueil": hours}
    draft = Draft(values=values, place=place, kind=Kind.STRUCTURE)
    if not is_readable:
        draft.note(NoteReason.HOURS_DROPPED, "plage_ouverture", json.dumps(openings))
    access = _ACCESSIBILITY.get(line(address.get("accessibilite")) or "")
    gathering.take_structure(
        draft, pivots=pivots, facts={"accessibility": access} if access else None
    )


def _values(
    record: Mapping[str, Any],
    address: Mapping[str, Any],
    pivots: tuple[str, ...],
    gathering: Gathering,
) -> dict[str, Any]:
    lookups = gathering.lookups
    source = lookups.tables.publisher(Format.ADMINISTRATION).source
    identifier, name = code(record.get("id")), line(record.get("nom"))
    published = Published(name=name or "", source=source, pivots=pivots)
    membership = lookups.carriers.membership(published)
    return {
        "source": source,
        "id": f"{source}--{identifier}" if identifier else None,
        "nom": name,
        "date_maj": text(record.get("date_modification")) or record.get("date_creation"),
        "description": record.get("mission"),
        "lien_source": record.get("url_service_public"),
        "siret": record.get("siret"),
        "commune": address.get("nom_commune"),
        "code_postal": address.get("code_postal"),
        "code_insee": record.get("code_insee_commune"),
        "adresse": address.get("numero_voie"),
        "complement_adresse": _complement(address),
        "longitude": address.get("longitude"),
        "latitude": address.get("latitude"),
        "telephone": _first(record.get("telephone")),
        "courriel": _first(record.get("adresse_courriel")),
        "site_web": _first(record.get("site_internet")),
        "reseaux_porteurs": list(lookups.carriers.carriers_of(membership)),
    }


def _hours(openings: Any, general: str | None) -> tuple[str | None, bool]:
    """Return hours in the syntax of OpenStreetMap, and whether they could be read."""
    try:
        return administration_hours(openings if _is_list(openings) else [], general), True
    except UnreadableWeekError:
        return None, False


def _pivots(value: Any) -> list[str]:
    decoded = _decoded(value)
    found = decoded if isinstance(decoded, list) else [decoded]
    kinds = [each.get(_PIVOT) if isinstance(each, Mapping) else each for each in found]
    return [kind for kind in map(line, kinds) if kind]


def _address(value: Any) -> Mapping[str, Any]:
    """Return where people are received, rather than where letters go."""
    decoded = _decoded(value)
    found = [each for each in decoded if isinstance(each, Mapping)] if _is_list(decoded) else []
    for each in found:
        if (line(each.get("type_adresse")) or "").lower() != _POSTAL_ADDRESS:
            return each
    return found[0] if found else {}


def _complement(address: Mapping[str, Any]) -> str | None:
    parts = [line(address.get(key)) for key in ("complement1", "complement2")]
    parts.append(line(address.get("service_distribution")))
    return ", ".join(part for part in parts if part) or None


def _first(value: Any) -> str | None:
    """Return the first value of a list of `{"valeur": …}` or of texts, or a text itself."""
    decoded = _decoded(value)
    for each in decoded if _is_list(decoded) else [decoded]:
        found = line(each.get("valeur") if isinstance(each, Mapping) else each)
        if found:
            return found
    return None


def _decoded(value: Any) -> Any:
    """Return what a string of the API holds as JSON, or the value itself."""
    written = text(value)
    if written is None or written[0] not in "[{":
        return value
    try:
        return json.loads(written, strict=False)
    except (ValueError, RecursionError):
        return value


def _is_list(value: Any) -> bool:
    return isinstance(value, list)
