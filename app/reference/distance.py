"""How far two places are from each other, as the crow flies."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from app.reference.communes import Commune

EARTH_RADIUS_KM: Final = 6371.0
NEIGHBOURS_KM: Final = 7.0
"""What is said of two communes that are only known to be in the same small area."""


class Place(Protocol):
    """A commune, or a point known by its coordinates alone; `insee_code` is "" for the latter."""

    @property
    def insee_code(self) -> str: ...  # noqa: D102
    @property
    def latitude(self) -> float: ...  # noqa: D102
    @property
    def longitude(self) -> float: ...  # noqa: D102
    @property
    def is_approximate(self) -> bool: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A place known by its coordinates (degrees), whose commune is in no table."""

    latitude: float
    longitude: float
    insee_code: str = ""
    is_approximate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """Kilometres as the crow flies; to be shown with « environ » when approximate.

    `is_approximate` is False only when both ends are places of their own: a commune's, or that of
    an address. It is True as soon as one of them is the middle of its neighbours'.
    """

    km: float
    is_approximate: bool


def distance_km(origin: Commune, destination: Place) -> Distance:
    """Return the distance from a commune to another, or to a point.

    A commune is at 0 km from itself, exactly. Two communes whose places are both drawn from the
    same neighbours would be found at 0 km too: they are said to be at `NEIGHBOURS_KM`, about.
    """
    return Measured([destination]).distances_from(origin)[0]


class Measured:
    """Places whose directions from the middle of the Earth are computed once, to measure often."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places = [(one.insee_code, one.is_approximate, *_direction(one)) for one in places]

    def distances_from(self, origin: Commune) -> list[Distance]:
        """Return the distance from a commune to each place; see `distance_km`."""
        x, y, z = _direction(origin)
        code, is_about = origin.insee_code, origin.is_approximate
        found = []
        for place_code, place_is_about, place_x, place_y, place_z in self._places:
            if place_code == code:
                found.append(_HERE)
                continue
            # The straight line through the ground, then the arc above it.
            chord = math.hypot(x - place_x, y - place_y, z - place_z)
            km = 2 * EARTH_RADIUS_KM * math.asin(min(1.0, chord / 2))
            if is_about or place_is_about:
                found.append(Distance(km=max(km, NEIGHBOURS_KM), is_approximate=True))
            else:
                found.append(Distance(km=km, is_approximate=False))
        return found


_HERE: Final = Distance(km=0.0, is_approximate=False)


def _direction(place: Place) -> tuple[float, float, float]:
    """Return the unit vector from the middle of the Earth to a place."""
    latitude, longitude = math.radians(place.latitude), math.radians(place.longitude)
    across = math.cos(latitude)
    return across * math.cos(longitude), across * math.sin(longitude), math.sin(latitude)
