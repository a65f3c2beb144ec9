"""The JSON Schema of a reception, made from the vocabularies: what scripts can rely on."""

from collections.abc import Mapping
from typing import Any

from app.domain.reception import TEXT_MAX
from app.domain.reception_rules import VOCABULARY_OF
from app.reference.vocabulary import Vocabularies

SCHEMA_ID = "urn:deux-portes:reception:1"

_DATE = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_SHORT = {"type": "string", "maxLength": 200}
_LONG = {"type": "string", "maxLength": TEXT_MAX}
_FLAG = {"type": "boolean"}
_COMMUNE = {"type": "string", "pattern": r"^[0-9AB]{5}$"}

_TEXTS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "expressed": (_LONG, "Ce que la personne demande, dans ses mots."),
    "received_at": (
        {"type": "string", "format": "date-time"},
        "Moment de l’accueil (ISO 8601 avec décalage) ; maintenant par défaut.",
    ),
    "already_met": (
        {"type": "array", "items": _SHORT, "maxItems": 20},
        "Structures déjà rencontrées pour cette demande\u202f: référence de l’annuaire ou nom.",
    ),
    "analysed": (_LONG, "La demande reformulée avec la personne."),
    "commune": (_COMMUNE, "Code INSEE de la commune où vit la personne (Le Blanc\u202f: 36018)."),
    "mixite_addressed": (_FLAG, "La mixité des métiers a été abordée."),
    "duration_min": (
        {"type": "integer", "minimum": 0, "maximum": 1440},
        "Durée de l’accueil, en minutes.",
    ),
    "notice_given": (_FLAG, "La note d’information a été remise."),
    "agreement_to_record": (
        _FLAG,
        "La personne accepte que son nom soit gardé. Faux\u202f: rien de cet accueil ne quitte le"
        " poste.",
    ),
    "demand": (_SHORT, "Identifiant d’une demande déjà ouverte ici, pour la poursuivre."),
    "reception_note": (_LONG, "Note réservée aux agents d’accueil de la structure."),
    "counselling_note": (_LONG, "Note réservée aux conseillers de la structure."),
    "private_note": (_LONG, "Note réservée à l’agent qui l’écrit."),
}

_LABELS: Mapping[str, str] = {
    "door": "Porte\u202f: première ou seconde.",
    "mode": "Comment la personne a été reçue.",
    "place": "Où elle a été reçue.",
    "visitor": "Qui est là\u202f: la personne, un parent, un tiers.",
    "how_they_came": "Comment la personne est venue.",
    "purpose": "Visée de la demande.",
    "motives": "Motifs de la demande, le principal en premier.",
    "needs": "Besoins trouvés ensemble.",
    "barriers": "Freins, si utile.",
    "status": "Situation de la personne.",
    "level_reached": "Niveau atteint.",
    "diploma_obtained": "Niveau du plus haut diplôme obtenu.",
    "sex": "Sexe, tel que la personne le dit.",
    "age_band": "Tranche d’âge.",
    "information_given": "Informations données.",
    "outcome": "Suite de l’accueil.",
}

_PERSON: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "id": (_SHORT, "Identifiant d’une personne déjà connue ici, dont la fiche est complétée."),
    "family_name": (_SHORT, "Nom."),
    "given_name": (_SHORT, "Prénom."),
    "birth_name": (_SHORT, "Nom de naissance, s’il est différent."),
    "usual_name": (_SHORT, "Nom d’usage."),
    "birth_on": (_DATE, "Date de naissance (AAAA-MM-JJ)."),
    "telephone": (_SHORT, "Téléphone."),
    "email": (_SHORT, "Courriel."),
    "address": (_SHORT, "Adresse."),
    "commune": (_COMMUNE, "Code INSEE de la commune."),
}


def reception_schema(vocabularies: Vocabularies) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `reception add` accepts, every field described."""
    properties = {name: {**rule, "description": text} for name, (rule, text) in _TEXTS.items()}
    for field, vocabulary in VOCABULARY_OF.items():
        codes = list(vocabularies.get(vocabulary).codes())
        one: dict[str, Any] = {"enum": codes}
        many = {"type": "array", "items": one, "uniqueItems": True}
        is_list = field in {"motives", "needs", "barriers", "information_given"}
        properties[field] = {**(many if is_list else one), "description": _LABELS[field]}
    properties["person"] = {
        **_closed({name: {**rule, "description": text} for name, (rule, text) in _PERSON.items()}),
        "description": "Qui est la personne\u202f; demande agreement_to_record à vrai.",
    }
    properties["referral"] = _referral(vocabularies)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": "Accueil",
        "description": "Un accueil, tel que le prend «\u00a0deux-portes reception add\u00a0».",
        **_closed(properties),
        "required": ["expressed"],
    }


def _referral(vocabularies: Vocabularies) -> dict[str, Any]:
    def codes(vocabulary: str, description: str) -> dict[str, Any]:
        return {"enum": list(vocabularies.get(vocabulary).codes()), "description": description}

    properties: dict[str, Any] = {
        "to": {
            **_SHORT,
            "description": "Structure choisie\u202f: référence «\u00a0source/id\u00a0» de"
            " l’annuaire, identifiant ou nom.",
        },
        "agreement": {
            **_FLAG,
            "description": "La personne accepte que cette structure reçoive sa fiche."
            " Faux\u202f: rien ne part.",
        },
        "handover": codes("handover_mode", "Comment le relais est passé."),
        "deadline_on": {**_DATE, "description": "Échéance (AAAA-MM-JJ)."},
        "deadline_reason": codes("deadline_reason", "Raison de l’échéance."),
        "message": {**_LONG, "description": "Mot pour le destinataire."},
    }
    return {
        **_closed(properties),
        "required": ["to", "agreement"],
        "description": "Mise en relation voulue\u202f; demande la note, un nom, un contact et"
        " l’accord.",
    }


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}
