"""The JSON Schema of a reception, made from the vocabularies: what scripts can rely on."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.reception import TEXT_MAX
from app.domain.reception_rules import LONG_TEXT, ONE_LINE, VOCABULARY_OF
from app.reference.vocabulary import Vocabularies

SCHEMA_ID = "urn:deux-portes:reception:1"

_DATE = {"type": "string", "format": "date", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_MOMENT = {"type": "string", "format": "date-time", "pattern": ONE_LINE}
_SHORT = {"type": "string", "maxLength": 200, "pattern": ONE_LINE}
_LONG = {"type": "string", "maxLength": TEXT_MAX, "pattern": LONG_TEXT}
_FLAG = {"type": "boolean"}
_COMMUNE = {"type": "string", "pattern": r"^[0-9AB]{5}$"}

_TEXTS: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "expressed": (_LONG, "Ce que la personne demande, dans ses mots."),
    "received_at": (
        _MOMENT,
        "Moment de l’accueil (ISO 8601 avec décalage) ; maintenant par défaut.",
    ),
    "already_met": (
        {"type": "array", "items": _SHORT, "maxItems": 20},
        "Structures déjà rencontrées pour cette demande\u202f: référence de l’annuaire ou nom.",
    ),
    "analysed": (_LONG, "La demande reformulée avec la personne."),
    "commune": (_COMMUNE, "Code INSEE de la commune où vit la personne (Le Blanc\u202f: 36018)."),
    "executive": (_FLAG, "La personne est cadre, ou ne l’est pas."),
    "mixite_addressed": (_FLAG, "La mixité des métiers a été abordée."),
    "duration_min": (
        {"type": "integer", "minimum": 0, "maximum": 1440},
        "Durée de l’accueil, en minutes.",
    ),
    "is_simple": (
        _FLAG,
        "Question simple, réglée en passant\u202f: aucun mot n’est demandé (`expressed` peut être"
        " vide).",
    ),
    "next_on": (_DATE, "Jour de la suite convenue (AAAA-MM-JJ)."),
    "sensitive_agreed": (
        {"type": "array", "items": _SHORT, "maxItems": 20, "uniqueItems": True},
        "Codes sensibles (santé, arrêt…) que la personne a demandé de noter, un à un.",
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
    "languages": "Langues dans lesquelles elle souhaite être reçue par le partenaire.",
    "can_travel": "Jusqu’où elle peut aller.",
    "mode_wished": "Comment elle souhaite être reçue par le partenaire.",
    "go_day": "Quel jour elle peut y aller.",
    "go_half": "À quel moment de ce jour.",
    "information_given": "Informations données.",
    "outcome": "Suite de l’accueil.",
    "next_step": "Ce qui vient ensuite.",
    "next_reason": "Raison de ce jour.",
    "beyond_reason": "Pourquoi plus d’interlocuteurs que l’objectif pour cette demande.",
    "agreed_by": "Qui a donné ou refusé l’accord, pour une personne mineure.",
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

_REFERRAL: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "to": (
        _SHORT,
        "Structure choisie\u202f: référence «\u00a0source/id\u00a0» de l’annuaire, identifiant"
        " ou nom.",
    ),
    "service": (
        _SHORT,
        "Service de cette structure où la personne est attendue, une permanence par exemple\u202f:"
        " référence «\u00a0source/id\u00a0» ou identifiant de l’annuaire\u202f; facultatif.",
    ),
    "agreement": (
        _FLAG,
        "La personne accepte que cette structure reçoive sa fiche. Faux\u202f: rien ne part.",
    ),
    "deadline_on": (_DATE, "Échéance (AAAA-MM-JJ)."),
    "message": (_LONG, "Mot pour le destinataire."),
    "instead_of": (
        _SHORT,
        "Structure proposée en premier et laissée de côté\u202f: référence «\u00a0source/id\u00a0»"
        " de l’annuaire\u202f; ne part jamais.",
    ),
}

_OUTSIDE: Mapping[str, tuple[Mapping[str, Any], str]] = {
    "telephone": (_SHORT, "Téléphone de cette structure."),
    "email": (_SHORT, "Courriel de cette structure."),
    "address": (_SHORT, "Son adresse, ou sa commune."),
}

_CHOSEN_TOGETHER = frozenset({"motives", "needs", "barriers", "languages", "information_given"})
_IDENTIFIER = "0000000000000001-17"
_EXAMPLES: Mapping[str, Sequence[Any]] = {
    "expressed": ["Je voudrais travailler le bois, je ne sais pas par où commencer."],
    "received_at": ["2026-11-24T09:15:00+01:00"],
    "already_met": [["La mairie (exemple)"]],
    "analysed": ["Découvrir les métiers du bois avant de choisir une formation."],
    "commune": ["36018"],
    "is_simple": [True],
    "next_on": ["2026-12-01"],
    "sensitive_agreed": [["sante"]],
    "executive": [False],
    "mixite_addressed": [True],
    "duration_min": [30],
    "notice_given": [True],
    "agreement_to_record": [True],
    "demand": [_IDENTIFIER],
    "reception_note": ["Préfère venir le matin (exemple)."],
    "counselling_note": ["Revoir le projet dans un mois (exemple)."],
    "private_note": ["Rappeler jeudi (exemple)."],
    "id": [_IDENTIFIER],
    "family_name": ["Exemplier"],
    "given_name": ["Nadia"],
    "birth_name": ["Exemplaire"],
    "usual_name": ["Exemplier"],
    "birth_on": ["2008-02-29"],
    "telephone": ["06 39 98 00 01"],
    "email": ["nadia@exemple.example"],
    "address": ["1, rue de l’Exemple"],
    "to": ["deux-portes-exemple/deux-portes-exemple--mission-locale-le-blanc"],
    "service": ["deux-portes-exemple/deux-portes-exemple--mission-locale-le-blanc-1"],
    "agreement": [True],
    "deadline_on": ["2026-12-24"],
    "message": ["Disponible le mercredi (exemple)."],
    "instead_of": ["deux-portes-exemple/deux-portes-exemple--cio-le-blanc"],
}
"""By field, what may be written there: invented people, numbers that nobody answers."""


def reception_schema(vocabularies: Vocabularies) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of what `reception add` accepts, every field described."""
    properties = _described(_TEXTS)
    for field, vocabulary in VOCABULARY_OF.items():
        codes = list(vocabularies.get(vocabulary).codes())
        properties[field] = {
            **(_some_of(codes) if field in _CHOSEN_TOGETHER else _one_of(codes)),
            "description": _LABELS[field],
        }
    properties["person"] = {
        **_closed(_described(_PERSON)),
        "description": "Qui est la personne\u202f; demande agreement_to_record à vrai, sauf pour un"
        " identifiant seul.",
        "examples": [_first_examples("family_name", "given_name", "birth_on", "telephone")],
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
        one = _one_of(list(vocabularies.get(vocabulary).codes()))
        return {**one, "description": description}

    properties = _described(_REFERRAL)
    properties["handover"] = codes("handover_mode", "Comment le relais est passé.")
    properties["deadline_reason"] = codes("deadline_reason", "Raison de l’échéance.")
    properties["for_barrier"] = codes(
        "barrier", "Frein dont il s’agit, si ce relais n’est pas pour la demande d’orientation."
    )
    properties["other_choice"] = codes(
        "other_choice_reason",
        "Pourquoi une autre structure que la première proposée\u202f; ne part jamais.",
    )
    properties["outside"] = {
        **_closed(_described(_OUTSIDE)),
        "description": "Structure d’aucun annuaire\u202f: «\u00a0to\u00a0» est son nom, et la fiche"
        " va sur papier ou en fichier chiffré.",
        "examples": [{"telephone": "02 54 00 00 00"}],
    }
    return {
        **_closed(properties),
        "required": ["to", "agreement"],
        "description": "Mise en relation voulue\u202f; demande la note, un nom, un contact et"
        " l’accord.",
        "examples": [_first_examples("to", "agreement", "deadline_on")],
    }


def _described(fields: Mapping[str, tuple[Mapping[str, Any], str]]) -> dict[str, Any]:
    return {
        name: {**rule, "description": text, "examples": list(_EXAMPLES[name])}
        for name, (rule, text) in fields.items()
    }


def _one_of(codes: Sequence[str]) -> dict[str, Any]:
    return {"enum": list(codes), "examples": [codes[0]]}


def _some_of(codes: Sequence[str]) -> dict[str, Any]:
    items = {"enum": list(codes)}
    return {"type": "array", "items": items, "uniqueItems": True, "examples": [list(codes[:2])]}


def _first_examples(*fields: str) -> dict[str, Any]:
    return {field: _EXAMPLES[field][0] for field in fields}


def _closed(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}
