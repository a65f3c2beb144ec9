"""Files in the data·inclusion v1 shape: their records need no conversion, only care.

A directory that the Region publishes has the same shape, and `spro` beside: facts of ours.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app.reference.directory import PLACE_KINDS
from app.reference.importing.drafts import Draft
from app.reference.importing.findings import Kind, Place
from app.reference.importing.gathering import Gathering
from app.reference.importing.values import items, line, text
from app.reference.vocabulary import Vocabulary

SERVICE_MARKS: Final = (
    "structure_id",
    "zone_eligibilite",
    "modes_accueil",
    "modes_mobilisation",
    "mobilisable_par",
    "frais",
)
"""Fields that only a service has: one of them tells it from a structure."""

_ACCESSIBILITY: Final = frozenset({"accessible", "on_request", "not_accessible"})
_DAYS: Final = ("spro_member_from", "spro_member_to", "ended_on")
_TEXTS: Final = ("replaced_by", "direct_telephone", "capacity", "team")
_LISTS: Final = ("languages", "motives")


def take(record: Mapping[str, Any], place: Place, kind: Kind, gathering: Gathering) -> None:
    """Take one record as a structure or as a service."""
    draft = Draft(values=record, place=place, kind=kind)
    if kind is Kind.SERVICE:
        gathering.take_service(draft)
    else:
        gathering.take_structure(draft)


def facts_of(value: Any, networks: Vocabulary) -> dict[str, dict[str, Any]]:
    """Return the facts of `spro` that are known here and well formed, by identifier.

    Others are left out without a word: a newer program may have written them.
    """
    if not isinstance(value, Mapping):
        return {}
    return {
        identifier: _facts(facts, networks)
        for identifier, facts in value.items()
        if isinstance(facts, Mapping)
    }


def _facts(given: Mapping[str, Any], networks: Vocabulary) -> dict[str, Any]:
    facts: dict[str, Any] = {}
    if given.get("network") in networks.codes():
        facts["network"] = given["network"]
    if isinstance(given.get("cep_operator"), bool):
        facts["cep_operator"] = given["cep_operator"]
    if given.get("accessibility") in _ACCESSIBILITY:
        facts["accessibility"] = given["accessibility"]
    facts |= {name: _iso_day(given.get(name)) for name in _DAYS}
    facts |= {name: text(given.get(name)) for name in _TEXTS}
    if given.get("place_kind") in PLACE_KINDS:
        facts["place_kind"] = given["place_kind"]
    facts |= {name: list(items(given.get(name))) for name in _LISTS}
    waiting = given.get("waiting_days")
    if isinstance(waiting, int) and not isinstance(waiting, bool) and waiting >= 0:
        facts["waiting_days"] = waiting
    return {name: fact for name, fact in facts.items() if fact not in (None, [])}


def _iso_day(value: Any) -> str | None:
    written = line(value)
    try:
        return date.fromisoformat(written).isoformat() if written else None
    except ValueError:
        return None
