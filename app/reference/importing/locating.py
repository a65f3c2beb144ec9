"""Where a record is: its address, its commune of today, and coordinates that can be trusted."""

import re
from typing import Any, Final

from app.reference.importing.commune_finding import CommuneFinder
from app.reference.importing.drafts import Draft
from app.reference.importing.findings import NoteReason
from app.reference.importing.values import code, line, number, text

_POSTAL: Final = re.compile(r"\d{5}")
_INSEE: Final = re.compile(r"(?:\d{2}|2[AB])\d{3}")
_DIGITS: Final = 5
_LATITUDES: Final = (-90.0, 90.0)
_LONGITUDES: Final = (-180.0, 180.0)
_SWAPPED_LATITUDES: Final = (-5.6, 10.0)
_SWAPPED_LONGITUDES: Final = (41.0, 51.6)
"""The longitudes and latitudes of France in Europe; where nothing French lies the other way."""


def located(draft: Draft, communes: CommuneFinder) -> dict[str, Any]:
    """Return the fields of the schema that say where something is.

    The commune is that of the code given, or else of postal code and name; former communes become
    those of today. Coordinates are a pair of floats or not there.
    """
    row: dict[str, Any] = {
        "commune": line(draft.get("commune")),
        "adresse": line(draft.get("adresse")),
        "complement_adresse": _joined(draft.get("complement_adresse")),
        "code_postal": _checked(draft, "code_postal", _POSTAL),
        "code_insee": _checked(draft, "code_insee", _INSEE),
    }
    _settle_commune(draft, row, communes)
    row["latitude"], row["longitude"] = coordinates(draft)
    return row


def coordinates(draft: Draft) -> tuple[float | None, float | None]:
    """Return latitude and longitude; nothing for « », for 0.0/0.0 and for what cannot be."""
    published = draft.get("latitude"), draft.get("longitude")
    try:
        latitude, longitude = map(number, published)
    except ValueError:
        latitude, longitude = _LATITUDES[1], None
    if latitude is None and longitude is None:
        return None, None
    if latitude is not None and longitude is not None:
        if latitude == longitude == 0.0:
            return None, None
        if _is_on_earth(latitude, longitude) and not _is_swapped(latitude, longitude):
            return latitude, longitude
    said = " / ".join(text(each) or "" for each in published)
    draft.note(NoteReason.COORDINATES_DROPPED, "latitude", said)
    return None, None


def _settle_commune(draft: Draft, row: dict[str, Any], communes: CommuneFinder) -> None:
    if row["code_insee"]:
        commune = communes.by_code(row["code_insee"])
    else:
        commune = communes.by_address(row["code_postal"], row["commune"])
        if commune is None and communes.covers(row["code_postal"]):
            draft.note(NoteReason.UNKNOWN_COMMUNE, "commune", row["commune"] or row["code_postal"])
    if commune is not None:
        row["code_insee"] = commune.insee_code
        row["commune"] = row["commune"] or commune.name


def _checked(draft: Draft, name: str, pattern: re.Pattern[str]) -> str | None:
    found = code(draft.get(name), digits=_DIGITS)
    if found is None:
        return None
    if not pattern.fullmatch(found.upper()):
        draft.note(NoteReason.VALUE_DROPPED, name, found)
        return None
    return found.upper()


def _is_on_earth(latitude: float, longitude: float) -> bool:
    return _within(latitude, _LATITUDES) and _within(longitude, _LONGITUDES)


def _is_swapped(latitude: float, longitude: float) -> bool:
    return _within(latitude, _SWAPPED_LATITUDES) and _within(longitude, _SWAPPED_LONGITUDES)


def _within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]


def _joined(value: Any) -> str | None:
    """Return an address of several lines on one."""
    found = text(value)
    if found is None:
        return None
    return ", ".join(filter(None, (" ".join(part.split()) for part in found.split("\n"))))
