"""What is handed over, in words: alike for who sends, before it leaves, and who receives. No Qt."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.events import Value
from app.domain.reception_rules import VOCABULARY_OF
from app.domain.referral import SERVICE_NAME
from ui.texts import day, moment
from ui.widgets.page_values import Fact
from ui.widgets.referral_words import Label, telephone_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Facts that belong together, under a title."""

    title: str
    facts: tuple[Fact, ...]


_PARTS: Final[tuple[tuple[str, Mapping[str, str]], ...]] = (
    (
        "La demande",
        {
            "expressed": "Demande",
            "analysed": "Demande reformulée",
            "purpose": "Visée",
            "motives": "Motifs",
            "needs": "Besoins",
            "barriers": "Freins",
            "received_at": "Accueil",
        },
    ),
    (
        "La personne",
        {
            "family_name": "Nom",
            "given_name": "Prénom",
            "birth_on": "Naissance",
            "telephone": "Téléphone",
            "email": "Courriel",
            "address": "Adresse",
            "commune": "Commune",
            "visitor": "Qui est venu",
            "status": "Situation",
            "level_reached": "Niveau atteint",
            "executive": "Cadre",
            "age_band": "Âge",
            "languages": "Langues souhaitées",
            "mode_wished": "Mode souhaité",
        },
    ),
    (
        "La suite convenue",
        {
            "agreed": "Accord pour transmettre",
            SERVICE_NAME: "Service",
            "handover": "Relais",
            "deadline_on": "Échéance",
            "deadline_reason": "Raison de l’échéance",
            "message": "Mot au partenaire",
        },
    ),
    (
        "Gardé ici, jamais transmis",
        {
            "for_barrier": "Relais pour un frein",
            "other_choice": "Pourquoi une autre structure que la première proposée",
            "instead_of": "Première proposée",
        },
    ),
)
_NAMED: Final = frozenset(field for _title, names in _PARTS for field in names)
_VOCABULARIES: Final[Mapping[str, str]] = {
    **VOCABULARY_OF,
    "handover": "handover_mode",
    "deadline_reason": "deadline_reason",
    "for_barrier": "barrier",
    "other_choice": "other_choice_reason",
}


def parts_of(
    content: Mapping[str, Value], label: Label, commune_name: Callable[[str], str]
) -> tuple[Part, ...]:
    """Return every field that says something, part by part, always in the same order.

    One that a newer version wrote is shown as it is, at the end, under its own name.
    """
    others = {field: field for field in content if field not in _NAMED}
    parts = (
        Part(
            title=title,
            facts=tuple(
                Fact(label=name, value=_said(field, content[field], label, commune_name))
                for field, name in names.items()
                if content.get(field) not in (None, "", ())
            ),
        )
        for title, names in (*_PARTS, ("Autres", others))
    )
    return tuple(part for part in parts if part.facts)


def field_name(field: str) -> str:
    """Return what a field is called; one of a newer version keeps its own name."""
    return next((names[field] for _title, names in _PARTS if field in names), field)


def field_words(field: str, value: Value, label: Label) -> str:
    """Return what a field that may be corrected says, as the page that shows all of them does."""
    return _said(field, value, label, str)


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
        "expressed": _quoted,
        "message": _quoted,
    }
    if field in speak:
        return speak[field](value)
    return label(_VOCABULARIES[field], value) if field in _VOCABULARIES else value


def _quoted(words: str) -> str:
    return f"«\u00a0{words}\u00a0»"
