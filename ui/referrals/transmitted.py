"""Exactly what was handed over, in words, field by field. No Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from app.domain.events import Value
from app.domain.reception_rules import VOCABULARY_OF
from ui.texts import day, moment
from ui.widgets.page_values import Fact
from ui.widgets.referral_words import Label, telephone_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Facts that belong together, under a title."""

    title: str
    facts: tuple[Fact, ...]


_PARTS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "La demande",
        (
            ("expressed", "Demande"),
            ("analysed", "Demande reformulée"),
            ("purpose", "Visée"),
            ("motives", "Motifs"),
            ("needs", "Besoins"),
            ("barriers", "Freins"),
            ("received_at", "Accueil"),
        ),
    ),
    (
        "La personne",
        (
            ("family_name", "Nom"),
            ("given_name", "Prénom"),
            ("birth_on", "Naissance"),
            ("telephone", "Téléphone"),
            ("email", "Courriel"),
            ("address", "Adresse"),
            ("commune", "Commune"),
            ("visitor", "Qui est venu"),
            ("status", "Situation"),
            ("level_reached", "Niveau atteint"),
            ("age_band", "Âge"),
        ),
    ),
    (
        "La suite convenue",
        (
            ("agreed", "Accord pour transmettre"),
            ("handover", "Relais"),
            ("deadline_on", "Échéance"),
            ("deadline_reason", "Raison de l’échéance"),
            ("message", "Mot au partenaire"),
        ),
    ),
)
_NAMED = frozenset(field for _title, fields in _PARTS for field, _label in fields)
_VOCABULARIES: Mapping[str, str] = {
    **VOCABULARY_OF,
    "handover": "handover_mode",
    "deadline_reason": "deadline_reason",
}
# Links between records, and names the page shows at its head.
_NOT_CONTENT = frozenset(
    {
        "from_structure",
        "from_name",
        "to_structure",
        "to_name",
        "to_reference",
        "person",
        "demand",
        "encounter",
        "shared",
        "route",
    }
)


def transmitted_parts(
    details: Mapping[str, Value], label: Label, commune_name: Callable[[str], str]
) -> tuple[Part, ...]:
    """Return every field that was handed over. One that a newer version wrote is shown as it is."""

    def fact(field: str, name: str) -> Fact:
        return Fact(label=name, value=_said(field, details[field], label, commune_name))

    parts = [
        Part(
            title=title,
            facts=tuple(fact(field, name) for field, name in fields if _is_said(details, field)),
        )
        for title, fields in _PARTS
    ]
    others = [field for field in details if field not in _NAMED | _NOT_CONTENT]
    parts.append(Part(title="Autres", facts=tuple(fact(field, field) for field in others)))
    return tuple(part for part in parts if part.facts)


def _is_said(details: Mapping[str, Value], field: str) -> bool:
    return details.get(field) not in {None, "", ()}


def _said(field: str, value: Value, label: Label, commune_name: Callable[[str], str]) -> str:
    if isinstance(value, tuple):
        return ", ".join(_said(field, item, label, commune_name) for item in value)
    if isinstance(value, bool):
        return "oui" if value else "non"
    if not isinstance(value, str):
        return str(value) if isinstance(value, int) else "non lisible ici"
    speak: Mapping[str, Callable[[str], str]] = {
        "commune": commune_name,
        "birth_on": day,
        "deadline_on": day,
        "received_at": moment,
        "telephone": telephone_words,
        "expressed": lambda text: f"«\u00a0{text}\u00a0»",
        "message": lambda text: f"«\u00a0{text}\u00a0»",
    }
    if field in speak:
        return speak[field](value)
    return label(_VOCABULARIES[field], value) if field in _VOCABULARIES else value
