"""What reading leans on: communes, tables of networks and codes, and the day it is."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from app.reference.communes import Communes
from app.reference.importing.carriers import Carriers
from app.reference.importing.commune_finding import CommuneFinder
from app.reference.importing.parsed import Format
from app.reference.vocabulary import Vocabulary

Codes: TypeAlias = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who publishes a format; `source` is the code of entries whose format gives none."""

    name: str
    licence: str
    source: str


class ImportTables:
    """The tables of a folder, `resources/networks`, each read the first time it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def structure_codes(self) -> Codes:
        """By field of a structure, the codes that the schema of data·inclusion knows."""
        return _codes(self._read("data_inclusion_codes")["structure"])

    @cached_property
    def service_codes(self) -> Codes:
        """By field of a service, the codes that the schema of data·inclusion knows."""
        return _codes(self._read("data_inclusion_codes")["service"])

    def publisher(self, of: Format) -> Publisher:
        """Return who publishes a format."""
        row = self._read("publishers")["formats"][of.value]
        return Publisher(name=row["publisher"], licence=row["licence"], source=row["source"])

    def area_service(self, network: str) -> Mapping[str, Any]:
        """Return what a structure of a network does where it is said to be in charge.

        Keys: those of a service of data·inclusion, without identifiers, day nor area.
        """
        service: Mapping[str, Any] = self._read("area_services")["entries"][network]["service"]
        return service

    def _read(self, name: str) -> Mapping[str, Any]:
        text = (self._folder / f"{name}.json").read_text(encoding="utf-8")
        content: Mapping[str, Any] = json.loads(text)
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookups:
    """What every reader is given; `networks` is the vocabulary `structure_network`."""

    communes: CommuneFinder
    carriers: Carriers
    tables: ImportTables
    networks: Vocabulary
    today: date


def lookups_of(folder: Path, *, communes: Communes, networks: Vocabulary, today: date) -> Lookups:
    """Return what reading leans on, from the folder `resources/networks` and tables at hand."""
    return Lookups(
        communes=CommuneFinder(communes),
        carriers=Carriers(folder / "carriers.json", networks),
        tables=ImportTables(folder),
        networks=networks,
        today=today,
    )


def _codes(rows: Mapping[str, Any]) -> Codes:
    return {field: frozenset(codes) for field, codes in rows.items()}
