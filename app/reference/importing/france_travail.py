"""The agencies of France Travail, as the API « Référentiel des agences » gives them.

No record is dated: the day of the file must be known. An agency whose communes are listed renders
there the service that the law gives to its network.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from app.reference.importing.area_services import area_service
from app.reference.importing.drafts import Draft
from app.reference.importing.findings import Kind, NoteReason, Place
from app.reference.importing.gathering import Gathering
from app.reference.importing.parsed import Format
from app.reference.importing.values import code, line
from app.reference.importing.week import UnreadableWeekError, agency_hours

MARKS: Final = ("codeSafir", "adressePrincipale", "libelleEtendu")
"""Fields that only these records have: one of them tells them."""

_NETWORK: Final = "france_travail"
_ESCAPED: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_CITY: Final = re.compile(r"(\d{5})\s+(.+)")
_CITY_LINE: Final = "ligne6"


def take(record: Mapping[str, Any], place: Place, gathering: Gathering, dated_on: str) -> None:
    """Take one agency.

    Args:
        record: an agency as published.
        place: where it is in the file.
        gathering: what takes it.
        dated_on: the day of the file.
    """
    source = gathering.lookups.tables.publisher(Format.FRANCE_TRAVAIL).source
    identifier = code(record.get("code")) or code(record.get("codeSafir"))
    hours, is_readable = _hours(record.get("horaires"))
    values = {
        "source": source,
        "id": f"{source}--{identifier}" if identifier else None,
        "nom": _unescaped(record.get("libelleEtendu")) or _unescaped(record.get("libelle")),
        "date_maj": dated_on,
        "siret": record.get("siret"),
        "horaires_accueil": hours,
        "reseaux_porteurs": [source],
        **_address(_part(record, "adressePrincipale")),
        **_contact(_part(record, "contact")),
    }
    draft = Draft(values=values, place=place, kind=Kind.STRUCTURE)
    if not is_readable:
        draft.note(NoteReason.HOURS_DROPPED, "horaires", str(record.get("horaires")))
    gathering.take_structure(draft)
    communes = _communes(record.get("zoneCompetences"))
    if communes and identifier:
        gathering.take_service(area_service(draft, _NETWORK, communes, gathering.lookups))


def _address(address: Mapping[str, Any]) -> dict[str, Any]:
    city = _CITY.fullmatch(_unescaped(address.get(_CITY_LINE)) or "")
    complements = [_unescaped(address.get(key)) for key in ("ligne3", "ligne5")]
    return {
        "commune": city[2] if city else None,
        "code_postal": city[1] if city else address.get("bureauDistributeur"),
        "code_insee": address.get("communeImplantation"),
        "adresse": _unescaped(address.get("ligne4")),
        "complement_adresse": ", ".join(filter(None, complements)) or None,
        "longitude": address.get("gpsLon"),
        "latitude": address.get("gpsLat"),
    }


def _contact(contact: Mapping[str, Any]) -> dict[str, Any]:
    return {"telephone": contact.get("telephonePublic"), "courriel": contact.get("email")}


def _communes(zones: Any) -> list[str]:
    """Return the codes of `zoneCompetences` (key `communeInsee`)."""
    if not isinstance(zones, list):
        return []
    codes = [
        code(zone.get("communeInsee"), digits=5) for zone in zones if isinstance(zone, Mapping)
    ]
    return [found for found in codes if found]


def _hours(days: Any) -> tuple[str | None, bool]:
    try:
        return agency_hours(days if isinstance(days, list) else []), True
    except UnreadableWeekError:
        return None, False


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = record.get(name)
    return part if isinstance(part, Mapping) else {}


def _unescaped(value: Any) -> str | None:
    r"""Return a text, its letters that were escaped twice (« P\u00f4le ») made letters again."""
    written = line(value)
    if written is None:
        return None
    return line(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), written))
