"""How far two communes are from each other, as the crow flies."""

import math
from dataclasses import dataclass
from typing import Final

from app.reference.communes import Commune

EARTH_RADIUS_KM: Final = 6371.0
NEIGHBOURS_KM: Final = 7.0
"""What is said of two communes that are only known to be in the same small area."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """Kilometres as the crow flies; to be shown with « environ » when approximate."""

    km: float
    is_approximate: bool


def distance_km(origin: Commune, destination: Commune) -> Distance:
    """Return the distance between two communes.

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


def _haversine_km(origin: Commune, destination: Commune) -> float:
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
