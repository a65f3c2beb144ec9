"""How far two places are from each other, as the crow flies."""

import math
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
    if origin.insee_code == destination.insee_code:
        return Distance(km=0.0, is_approximate=False)
    km = _haversine_km(origin, destination)
    is_approximate = origin.is_approximate or destination.is_approximate
    return Distance(
        km=max(km, NEIGHBOURS_KM) if is_approximate else km, is_approximate=is_approximate
    )


def _haversine_km(origin: Commune, destination: Place) -> float:
    latitude_a, longitude_a, latitude_b, longitude_b = map(
        math.radians,
        (origin.latitude, origin.longitude, destination.latitude, destination.longitude),
    )
    half_chord = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a)
        * math.cos(latitude_b)
        * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half_chord))
