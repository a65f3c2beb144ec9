"""Which mission locale covers which commune (UNML): a line a commune, a structure a mission locale.

Nothing is dated but the file's name, and no telephone is given: the address and the area are what
this file is worth.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from app.reference.importing.area_services import area_service
from app.reference.importing.columns import Record
from app.reference.importing.drafts import Draft
from app.reference.importing.findings import (
    Counted,
    Kind,
    Noted,
    NoteReason,
    Place,
    Rejected,
    RejectReason,
)
from app.reference.importing.gathering import Gathering
from app.reference.importing.parsed import Format
from app.reference.importing.values import code, is_scientific, line

COMMUNE: Final = "Code INSEE"
CODE: Final = "Code ML"
NAME: Final = "Nom Officiel ML"
REQUIRED: Final = (COMMUNE, CODE, NAME)
FIELDS: Final = (*REQUIRED, "Adresse ML", "Code Postal ML", "Ville ML")

_NETWORK: Final = "mission_locale"
_CARRIER: Final = "mission-locale"
_DIGITS: Final = 5
_PREFIX: Final = re.compile(r"(?:\d{2,3}|2[AB])\s*-\s*ML\s+(?=\S)", re.IGNORECASE)
"""« 18-ML BOURGES… »: the department, then the abbreviation."""


@dataclass(slots=True)
class _Mission:
    """A mission locale, as its first line describes it, and the communes of every line."""

    place: Place
    facts: dict[str, str | None]
    communes: dict[str, None] = field(default_factory=dict)
    contradicted: set[str] = field(default_factory=set)


def take_all(records: Iterable[Record], table: str, gathering: Gathering, dated_on: str) -> None:
    """Take the missions locales of a whole table.

    Args:
        records: its lines, one a commune.
        table: the name of the sheet, « » for text.
        gathering: what takes them.
        dated_on: the day of the file.
    """
    missions: dict[str, _Mission] = {}
    for record in records:
        place = Place(number=record.line, counted=Counted.LINE, table=table)
        refused = _add(record, place, missions, gathering)
        if refused is not None:
            gathering.reject(refused)
    for identifier, mission in missions.items():
        _take(identifier, mission, gathering, dated_on)


def _add(
    record: Record, place: Place, missions: dict[str, _Mission], gathering: Gathering
) -> Rejected | None:
    """Add a line to its mission locale, or return why it is not taken."""
    for name in REQUIRED:
        if is_scientific(record.values[name]):
            return _refused(place, RejectReason.SCIENTIFIC_IDENTIFIER, name, record.values[name])
        if line(record.values[name]) is None:
            return _refused(place, RejectReason.MISSING_FIELD, name, None)
    identifier = code(record.values[CODE], digits=_DIGITS) or ""
    commune = code(record.values[COMMUNE], digits=_DIGITS) or ""
    facts = {name: line(record.values[name]) for name in FIELDS if name not in (COMMUNE, CODE)}
    mission = missions.setdefault(identifier, _Mission(place, facts))
    if commune in mission.communes:
        return _refused(place, RejectReason.DUPLICATE_IDENTIFIER, COMMUNE, commune)
    mission.communes[commune] = None
    gathering.note(_contradictions(mission, facts, place))
    return None


def _contradictions(
    mission: _Mission, facts: dict[str, str | None], place: Place
) -> Iterable[Noted]:
    """Yield what a line says otherwise than the first of the same mission locale, once a fact."""
    for name, value in facts.items():
        if value != mission.facts[name] and name not in mission.contradicted:
            mission.contradicted.add(name)
            yield Noted(
                place=place,
                kind=Kind.COVERAGE,
                reason=NoteReason.CONFLICTING_FACT,
                facts={"field": name, "value": value or ""},
            )


def _take(identifier: str, mission: _Mission, gathering: Gathering, dated_on: str) -> None:
    source = gathering.lookups.tables.publisher(Format.MISSIONS_LOCALES).source
    draft = Draft(
        values={
            "source": source,
            "id": f"{source}--{identifier}",
            "nom": _PREFIX.sub("Mission locale ", mission.facts[NAME] or ""),
            "date_maj": dated_on,
            "adresse": mission.facts["Adresse ML"],
            "code_postal": mission.facts["Code Postal ML"],
            "commune": mission.facts["Ville ML"],
            "reseaux_porteurs": [_CARRIER],
        },
        place=mission.place,
        kind=Kind.STRUCTURE,
    )
    gathering.take_structure(draft)
    gathering.take_service(area_service(draft, _NETWORK, list(mission.communes), gathering.lookups))


def _refused(place: Place, reason: RejectReason, name: str, value: Any) -> Rejected:
    facts = {"field": name}
    if value is not None:
        facts["value"] = str(value)
    return Rejected(place=place, kind=Kind.COVERAGE, reason=reason, facts=facts)
