"""Where structures are and how far from here, and the map of a département as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from app.reference.communes import Commune, Communes
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.distance import Distance, Point, distance_km
from ui.texts import number

_DEPARTMENTS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "18": ("le ", "Cher"),
        "28": ("l’", "Eure-et-Loir"),
        "36": ("l’", "Indre"),
        "37": ("l’", "Indre-et-Loire"),
        "41": ("le ", "Loir-et-Cher"),
        "45": ("le ", "Loiret"),
    }
)
"""By code, the article and the name."""

_WIDE: Final[Mapping[str, str]] = MappingProxyType(
    {"24": "toute la région", "france": "toute la France"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point of the map, in degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MapGround:
    """What the map draws under the structures.

    Attributes:
        name: the département as it is said: « l’Indre ».
        communes: a dot each.
        here: where the desk is, or the commune chosen.
    """

    name: str = ""
    communes: tuple[Spot, ...] = ()
    here: Spot | None = None


class Places:
    """Finds the place of a structure: its commune, else its coordinates."""

    def __init__(self, communes: Communes) -> None:
        self._communes = communes

    def commune(self, code: str | None) -> Commune | None:
        """Return a commune by its code of today or of before, None when it is not of the region."""
        return self._table.get(code or "")

    def spot(self, entry: StructureEntry | ServiceEntry) -> Spot | None:
        """Return where to draw a structure, or a service held elsewhere.

        Its own coordinates come first, else its commune's.
        """
        if entry.latitude is not None and entry.longitude is not None:
            return Spot(latitude=entry.latitude, longitude=entry.longitude)
        commune = self.commune(entry.commune_code)
        return _spot(commune) if commune else None

    def distance(
        self, origin: Commune | None, entry: StructureEntry | ServiceEntry
    ) -> Distance | None:
        """Return how far a structure or a service is, None when a place is unknown."""
        if origin is None:
            return None
        if commune := self.commune(entry.commune_code):
            return distance_km(origin, commune)
        if entry.latitude is None or entry.longitude is None:
            return None
        return distance_km(origin, Point(latitude=entry.latitude, longitude=entry.longitude))

    def ground(self, origin: Commune | None) -> MapGround:
        """Return the map of the département around a commune, an empty one around nothing."""
        if origin is None:
            return MapGround()
        here = origin.department
        return MapGround(
            name="".join(_DEPARTMENTS.get(here, ("le département ", here))),
            communes=tuple(_spots(one for one in self._communes if one.department == here)),
            here=_spot(origin),
        )

    def departments(self) -> list[str]:
        """Return the codes of the départements of the region, in order."""
        return sorted({one.department for one in self._communes})

    def area_words(self, code: str) -> str:
        """Return a part of the country by its code: commune, group of communes, département."""
        if code in _DEPARTMENTS:
            return department_label(code)
        commune = self.commune(code)
        if commune is not None:
            return commune.name
        return _WIDE.get(code) or self._groups.get(code, code)

    @cached_property
    def _groups(self) -> Mapping[str, str]:
        return {one.epci_code: one.epci_name for one in self._communes}

    @cached_property
    def _table(self) -> Mapping[str, Commune]:
        former = {code: commune for commune in self._communes for code in commune.former_codes}
        return former | {commune.insee_code: commune for commune in self._communes}


def department_label(code: str) -> str:
    """Return a département as a choice shows it: « Indre (36) »."""
    return f"{_DEPARTMENTS[code][1]} ({code})" if code in _DEPARTMENTS else code


def distance_words(distance: Distance | None) -> str:
    """Return a distance where there is little room: « environ 12 km », « même commune »."""
    if distance is None:
        return ""
    about = "environ " if distance.is_approximate else ""
    if distance.km == 0:
        return "même commune"
    if distance.km < 1:
        return f"{about}moins d’1\u00a0km"
    return f"{about}{number(round(distance.km))}\u00a0km"


def _spots(communes: Iterable[Commune]) -> Iterable[Spot]:
    return (_spot(one) for one in communes)


def _spot(commune: Commune) -> Spot:
    return Spot(latitude=commune.latitude, longitude=commune.longitude)
