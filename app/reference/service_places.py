"""Where a service is held and when: its own place and hours, else those of its structure."""

from dataclasses import dataclass
from typing import Final

from app.reference.directory import PERMANENCE, ROUND, ServiceEntry, StructureEntry

_HELD_ON_DAYS: Final = frozenset({PERMANENCE, ROUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody is expected and when, and how that place is reached; "" is unknown.

    `kind` is that of a place where the structure is on given days only (`PERMANENCE`, `ROUND`), or
    is "". `hours` are in the syntax of directories.
    """

    kind: str
    address: str
    address_complement: str
    postal_code: str
    commune_name: str
    telephone: str
    email: str
    hours: str


def place_of(structure: StructureEntry, service: ServiceEntry | None) -> Place:
    """Return where a service receives: what is said of it first, then what is of its structure."""
    there = service if service is not None and _has_own_address(structure, service) else None
    at = there or structure
    said = service or structure
    return Place(
        kind=there.place_kind if there and there.place_kind in _HELD_ON_DAYS else "",
        address=at.address,
        address_complement="" if there else structure.address_complement,
        postal_code=at.postal_code,
        commune_name=at.commune_name,
        telephone=said.telephone or structure.telephone or "",
        email=said.email or structure.email or "",
        hours=hours_of(structure, service),
    )


def _has_own_address(structure: StructureEntry, service: ServiceEntry) -> bool:
    is_written_otherwise = bool(service.address) and service.address != structure.address
    return is_written_otherwise or is_elsewhere(structure, service)


def is_elsewhere(structure: StructureEntry, service: ServiceEntry) -> bool:
    """Is a service held at another place than its structure?

    A permanence and a stop of a round are, even in the commune of the structure.
    """
    if service.place_kind in _HELD_ON_DAYS:
        return True
    return bool(service.commune_code) and service.commune_code != structure.commune_code


def hours_of(structure: StructureEntry, service: ServiceEntry | None) -> str:
    """Return the hours of a service in the syntax of directories, "" when nobody knows them.

    Those of its structure stand in only where it is held there: a permanence is not open all week.
    """
    if service is None:
        return structure.hours or ""
    if service.hours or is_elsewhere(structure, service):
        return service.hours or ""
    return structure.hours or ""
