"""The directory of structures: who receives whom, where and when, in the data·inclusion shape.

A file holds `structures` and `services` exactly as the data·inclusion v1 schema describes them,
and beside them `spro`, facts of the regional service by identifier. All of them may be missing.

Of a structure: `network` (a code of the vocabulary `structure_network`), `cep_operator`,
`spro_member_from`, `spro_member_to`, `ended_on` (its first day of no longer being there),
`replaced_by` (the reference or identifier of who took over), `direct_telephone` (for professionals,
never printed for the person), `accessibility` (`accessible`, `on_request` or `not_accessible`).

Of a structure or of a service, the service's own coming first: `languages` (codes of the vocabulary
`language`), `waiting_days` (before a first appointment), `capacity` (a few words: « complet en
janvier »), `team` (the name of a team, never of a person).

Of a service: `ended_on`, `motives` (codes of `request_motive`, which then count in place of its
themes) and `place_kind`: `site`, `permanence` (held elsewhere on given days) or `round` (one stop
of several).
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Final, TypeAlias

from app.domain.errors import DirectoryError, UnknownStructureError
from app.domain.folding import fold

EXAMPLE_SOURCE: Final = "deux-portes-exemple"
EXAMPLE_MARK: Final = "(exemple)"
NO_NETWORK: Final = "autre"

SITE, PERMANENCE, ROUND = "site", "permanence", "round"
PLACE_KINDS: Final = (SITE, PERMANENCE, ROUND)

Row: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceEntry:
    """What a structure does for people; codes are those of data·inclusion.

    `languages`, `waiting_days`, `capacity` and `team` are empty when only the structure's are
    known. `latitude` and `longitude` are degrees. `place_kind` is one of `PLACE_KINDS`, or "";
    `motives`, when there are any, count in place of `themes`. From `ended_on` on it is over.
    """

    source: str
    id: str
    structure_id: str
    name: str
    description: str
    checked_on: date
    kind: str | None
    themes: tuple[str, ...]
    audiences: tuple[str, ...]
    audiences_note: str
    access_conditions: str
    fees: str | None
    reception_modes: tuple[str, ...]
    mobilisation_modes: tuple[str, ...]
    mobilisable_by: tuple[str, ...]
    how_to_reach: str
    area: tuple[str, ...]
    commune_code: str | None
    telephone: str | None
    email: str | None
    hours: str | None
    latitude: float | None = None
    longitude: float | None = None
    languages: tuple[str, ...] = ()
    waiting_days: int | None = None
    capacity: str = ""
    team: str = ""
    place_kind: str = ""
    motives: tuple[str, ...] = ()
    ended_on: date | None = None
    commune_name: str = ""
    postal_code: str = ""
    address: str = ""

    @property
    def reference(self) -> str:
        """Return the name by which corrections cite this service: `source/id`."""
        return f"{self.source}/{self.id}"

    def has_ended_on(self, day: date) -> bool:
        """Tell whether the service is over that day."""
        return self.ended_on is not None and self.ended_on <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureEntry:
    """One structure of the directory, with its services.

    `telephone` is as published (« +33… » preferred), `hours` follow OpenStreetMap's syntax,
    `checked_on` is the last day somebody vouched for the entry. `membership_from` and
    `membership_to` bound the structure's part in the regional service, when known. From `ended_on`
    on it is no longer there, and `replaced_by` names who took over, or is "". `direct_telephone` is
    for professionals. `accessibility_link` leads to a public description of the place.
    """

    source: str
    id: str
    name: str
    network: str
    description: str
    checked_on: date
    commune_code: str | None
    commune_name: str
    postal_code: str
    address: str
    address_complement: str
    latitude: float | None
    longitude: float | None
    telephone: str | None
    email: str | None
    hours: str | None
    carriers: tuple[str, ...]
    is_cep_operator: bool
    membership_from: date | None
    membership_to: date | None
    services: tuple[ServiceEntry, ...]
    ended_on: date | None = None
    replaced_by: str = ""
    direct_telephone: str | None = None
    accessibility: str = ""
    accessibility_link: str | None = None
    languages: tuple[str, ...] = ()
    waiting_days: int | None = None
    capacity: str = ""
    team: str = ""

    @property
    def reference(self) -> str:
        """Return the name by which records cite this entry: `source/id`."""
        return f"{self.source}/{self.id}"

    @property
    def is_example(self) -> bool:
        """Tell whether the structure is invented, for practice."""
        return self.source == EXAMPLE_SOURCE

    @property
    def display_name(self) -> str:
        """Return the name to show; an invented structure always says so."""
        if self.is_example and EXAMPLE_MARK not in self.name:
            return f"{self.name} {EXAMPLE_MARK}"
        return self.name

    def is_member_on(self, day: date) -> bool:
        """Tell whether the structure belongs to the regional service that day."""
        return (
            self.membership_from is not None
            and self.membership_from <= day
            and (self.membership_to is None or day <= self.membership_to)
        )

    def has_ended_on(self, day: date) -> bool:
        """Tell whether the structure is no longer there that day."""
        return self.ended_on is not None and self.ended_on <= day


class Directory:
    """A directory held in memory, in the order of its file."""

    def __init__(self, structures: Sequence[StructureEntry]) -> None:
        self._structures = tuple(structures)
        self._by_id = {structure.id: structure for structure in self._structures}
        self._by_reference = {structure.reference: structure for structure in self._structures}

    def __len__(self) -> int:
        return len(self._structures)

    def all(self) -> tuple[StructureEntry, ...]:
        """Return every structure."""
        return self._structures

    def by_id(self, identifier: str) -> StructureEntry:
        """Return the structure of an identifier.

        Raises:
            UnknownStructureError: the directory has no such structure.
        """
        return _found(self._by_id, identifier)

    def by_reference(self, reference: str) -> StructureEntry:
        """Return the structure that a record cites as `source/id`.

        Raises:
            UnknownStructureError: the directory has no such structure.
        """
        return _found(self._by_reference, reference)

    def search(self, text: str, limit: int = 10) -> list[StructureEntry]:
        """Return at most `limit` structures in which every word typed begins a word.

        Those that have the words in their name come first, then those that have them in their
        commune too, then those whose services or network speak of them.
        """
        words = fold(text).split()
        if not words:
            return []
        ranked = (
            (_rank(fields, words), structure.name, position)
            for position, (structure, fields) in enumerate(self._searchable)
        )
        found = sorted(entry for entry in ranked if entry[0] is not None)
        return [self._structures[position] for *_order, position in found[:limit]]

    @cached_property
    def _searchable(self) -> tuple[tuple[StructureEntry, tuple[str, str, str]], ...]:
        """Pair each structure with ever wider texts, folded, each starting with a space."""
        return tuple((structure, _fields(structure)) for structure in self._structures)


def read_directory(path: Path) -> Directory:
    """Read a directory file, whole or not at all.

    Raises:
        DirectoryError: the file cannot be read, or an entry lacks what the schema requires; its
            facts name the file and the problem.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return Directory(_structures(content))
    except (OSError, ValueError) as error:
        raise DirectoryError(file=path.name, problem=str(error)) from error
    except (KeyError, TypeError, AttributeError) as error:
        raise DirectoryError(file=path.name, problem=f"{type(error).__name__} {error}") from error


def directory_from(content: Row) -> Directory:
    """Return the directory of rows in hand, in the shape of a file.

    Raises:
        ValueError, KeyError: an entry lacks what the schema requires, or a service its structure.
    """
    return Directory(_structures(content))


def _found(entries: Mapping[str, StructureEntry], text: str) -> StructureEntry:
    structure = entries.get(text.strip())
    if structure is None:
        raise UnknownStructureError(text)
    return structure


def _fields(structure: StructureEntry) -> tuple[str, str, str]:
    name = f" {fold(structure.name)}"
    place = f"{name} {fold(structure.commune_name)} {structure.postal_code}"
    services = (
        f"{service.name} {service.description} {service.commune_name}"
        for service in structure.services
    )
    wide = fold(f"{structure.network} {structure.description} {' '.join(services)}")
    return name, place, f"{place} {wide}"


def _rank(fields: tuple[str, ...], words: Sequence[str]) -> int | None:
    return next(
        (rank for rank, text in enumerate(fields) if all(f" {word}" in text for word in words)),
        None,
    )


def _structures(content: Row) -> list[StructureEntry]:
    services: dict[str, list[ServiceEntry]] = defaultdict(list)
    facts: Mapping[str, Row] = content.get("spro", {})
    for row in content["services"]:
        services[row["structure_id"]].append(service_entry(row, facts.get(row["id"], {})))
    structures = [
        _structure(row, facts.get(row["id"], {}), services.pop(row["id"], []))
        for row in content["structures"]
    ]
    if services:
        message = f"services of no structure: {', '.join(sorted(services))}"
        raise ValueError(message)
    return structures


def _structure(row: Row, facts: Row, services: Sequence[ServiceEntry]) -> StructureEntry:
    return StructureEntry(
        source=row["source"],
        id=row["id"],
        name=row["nom"],
        network=facts.get("network", NO_NETWORK),
        description=row.get("description") or "",
        checked_on=date.fromisoformat(row["date_maj"]),
        commune_code=row.get("code_insee"),
        commune_name=row.get("commune") or "",
        postal_code=row.get("code_postal") or "",
        address=row.get("adresse") or "",
        address_complement=row.get("complement_adresse") or "",
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
        telephone=row.get("telephone"),
        email=row.get("courriel"),
        hours=row.get("horaires_accueil"),
        carriers=_codes(row, "reseaux_porteurs"),
        is_cep_operator=facts.get("cep_operator", False),
        membership_from=_day(facts, "spro_member_from"),
        membership_to=_day(facts, "spro_member_to"),
        services=tuple(services),
        ended_on=_day(facts, "ended_on"),
        replaced_by=facts.get("replaced_by") or "",
        direct_telephone=facts.get("direct_telephone"),
        accessibility=facts.get("accessibility") or "",
        accessibility_link=row.get("accessibilite_lieu"),
        languages=_codes(facts, "languages"),
        waiting_days=_number(facts, "waiting_days"),
        capacity=facts.get("capacity") or "",
        team=facts.get("team") or "",
    )


def service_entry(row: Row, facts: Row) -> ServiceEntry:
    """Return the service of a row and of facts of ours; raises as `directory_from`."""
    return ServiceEntry(
        source=row["source"],
        id=row["id"],
        structure_id=row["structure_id"],
        name=row["nom"],
        description=row["description"],
        checked_on=date.fromisoformat(row["date_maj"]),
        kind=row.get("type"),
        themes=_codes(row, "thematiques"),
        audiences=_codes(row, "publics"),
        audiences_note=row.get("publics_precisions") or "",
        access_conditions=row.get("conditions_acces") or "",
        fees=row.get("frais"),
        reception_modes=_codes(row, "modes_accueil"),
        mobilisation_modes=_codes(row, "modes_mobilisation"),
        mobilisable_by=_codes(row, "mobilisable_par"),
        how_to_reach=row.get("mobilisation_precisions") or "",
        area=_codes(row, "zone_eligibilite"),
        commune_code=row.get("code_insee"),
        telephone=row.get("telephone"),
        email=row.get("courriel"),
        hours=row.get("horaires_accueil"),
        latitude=row.get("latitude"),
        longitude=row.get("longitude"),
        languages=_codes(facts, "languages"),
        waiting_days=_number(facts, "waiting_days"),
        capacity=facts.get("capacity") or "",
        team=facts.get("team") or "",
        place_kind=facts.get("place_kind") or "",
        motives=_codes(facts, "motives"),
        ended_on=_day(facts, "ended_on"),
        commune_name=row.get("commune") or "",
        postal_code=row.get("code_postal") or "",
        address=row.get("adresse") or "",
    )


def _codes(row: Row, key: str) -> tuple[str, ...]:
    return tuple(row.get(key) or ())


def _day(facts: Row, key: str) -> date | None:
    text = facts.get(key)
    return date.fromisoformat(text) if text else None


def _number(facts: Row, key: str) -> int | None:
    number = facts.get(key)
    return None if number is None else int(number)
