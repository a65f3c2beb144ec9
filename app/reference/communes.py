"""The communes of the region: their codes, names and place on the map.

The table is read once, the first time somebody asks. It is made by `docs/data/make_communes.py`.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from sys import intern
from types import MappingProxyType
from typing import Final, NamedTuple

from app.domain.errors import UnknownCommuneError
from app.reference.commune_search import CommuneIndex, SearchableName


class CoordinateSource(StrEnum):
    """Where the coordinates of a commune come from, the best first."""

    EXACT = "exact"
    POSTAL_CODE = "postal_code"
    EPCI = "epci"


class CommunePlace(NamedTuple):
    """A place on Earth, in degrees."""

    latitude: float
    longitude: float


_AS_SHIPPED: Final[Mapping[str, CommunePlace]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Commune:
    """One commune of today, with the codes and names it took over from merged ones."""

    insee_code: str
    name: str
    postal_codes: tuple[str, ...]
    department: str
    epci_code: str
    epci_name: str
    population: int
    latitude: float
    longitude: float
    coordinates: CoordinateSource
    former_codes: tuple[str, ...] = ()
    former_names: tuple[str, ...] = ()

    @property
    def is_approximate(self) -> bool:
        """Tell whether the place is only that of its neighbours: distances are « environ ».

        Otherwise it is the commune's own, which stands for every address there.
        """
        return self.coordinates is not CoordinateSource.EXACT


class Communes:
    """The table of communes, read from its file at the first question.

    `places` are exact ones, by INSEE code, in place of those of the file.
    """

    def __init__(self, path: Path, places: Mapping[str, CommunePlace] = _AS_SHIPPED) -> None:
        self._path = path
        self._places = places

    def placed_at(self, places: Mapping[str, CommunePlace]) -> "Communes":
        """Return the same communes at other places; those that are not named stay."""
        return Communes(self._path, places)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Commune]:
        """Yield every commune, in the order of INSEE codes."""
        return iter(self._rows)

    def by_code(self, code: str) -> Commune:
        """Return the commune of an INSEE code; a former code gives the commune of today.

        Raises:
            UnknownCommuneError: no commune has or had that code; names those that come close.
        """
        commune = self._by_code.get(code.strip().upper())
        if commune is None:
            close = [f"{near.name} ({near.insee_code})" for near in self.search(code, 3)]
            raise UnknownCommuneError(code, close)
        return commune

    def search(self, text: str, limit: int = 10) -> list[Commune]:
        """Return at most `limit` communes that `text` may mean, the best first.

        `text` is a name or its beginning (accents, hyphens, « st » and former names forgiven, and
        one wrong letter when nothing else fits), a postal code, an INSEE code, or both together.
        """
        return [self._rows[position] for position in self._index.search(text, limit)]

    @cached_property
    def _rows(self) -> tuple[Commune, ...]:
        with self._path.open(encoding="utf-8", newline="") as file:
            return tuple(self._placed(_commune(row)) for row in csv.DictReader(file))

    def _placed(self, commune: Commune) -> Commune:
        place = self._places.get(commune.insee_code)
        if place is None:
            return commune
        return replace(
            commune,
            latitude=place.latitude,
            longitude=place.longitude,
            coordinates=CoordinateSource.EXACT,
        )

    @cached_property
    def _by_code(self) -> dict[str, Commune]:
        former = {code: commune for commune in self._rows for code in commune.former_codes}
        return former | {commune.insee_code: commune for commune in self._rows}

    @cached_property
    def _index(self) -> CommuneIndex:
        return CommuneIndex(
            SearchableName(
                names=(commune.name, *commune.former_names),
                numbers=(commune.insee_code, *commune.postal_codes, *commune.former_codes),
                weight=commune.population,
            )
            for commune in self._rows
        )


def _commune(row: Mapping[str, str]) -> Commune:
    return Commune(
        insee_code=row["insee_code"],
        name=row["name"],
        postal_codes=tuple(row["postal_codes"].split()),
        department=intern(row["department"]),
        epci_code=intern(row["epci_code"]),
        epci_name=intern(row["epci_name"]),
        population=int(row["population"]),
        latitude=float(row["latitude"]),
        longitude=float(row["longitude"]),
        coordinates=CoordinateSource(row["coordinates"]),
        former_codes=tuple(row["former_codes"].split()),
        former_names=tuple(filter(None, row["former_names"].split("|"))),
    )
