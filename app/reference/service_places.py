"""Where a service is held and when: its own place and hours, else those of its structure."""

from app.reference.directory import PERMANENCE, ROUND, ServiceEntry, StructureEntry


def is_elsewhere(structure: StructureEntry, service: ServiceEntry) -> bool:
    """Is a service held at another place than its structure?

    A permanence and a stop of a round are, even in the commune of the structure.
    """
    if service.place_kind in {PERMANENCE, ROUND}:
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
