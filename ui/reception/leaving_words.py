"""What will leave, in words: every field of the preview, and nothing else. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.events import Value
from app.domain.reception import Reception
from app.domain.reception_rules import VOCABULARY_OF
from app.usecases.receptions import Leaving
from ui.reception.page_reading import Lack, lacks_to_send
from ui.texts import day, recent_moment, typeset


class LeavingKind(StrEnum):
    """Where things stand: it changes the icon and the words of the panel."""

    NOTHING = "nothing"
    STAYS_HERE = "stays_here"
    WAITS = "waits"
    LEAVES = "leaves"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingShown:
    """The panel: how things stand, why, each thing that leaves with its words, what is missing."""

    kind: LeavingKind
    headline: str
    explanation: str
    lines: tuple[tuple[str, str], ...] = ()
    lacks: tuple[Lack, ...] = ()


LABELS: Final[Mapping[str, str]] = {
    "given_name": "Prénom",
    "family_name": "Nom",
    "birth_on": "Naissance",
    "telephone": "Téléphone",
    "email": "Courriel",
    "address": "Adresse",
    "commune": "Commune",
    "visitor": "Qui est venu",
    "status": "Situation",
    "level_reached": "Niveau atteint",
    "age_band": "Âge",
    "purpose": "Visée",
    "motives": "Motifs",
    "expressed": "Demande",
    "analysed": "Demande reformulée",
    "needs": "Besoins",
    "barriers": "Freins",
    "handover": "Relais",
    "deadline_on": "Échéance",
    "deadline_reason": "Raison de l’échéance",
    "message": "Mot au partenaire",
    "received_at": "Accueil",
}
"""The name on screen of each field that can leave."""

_VOCABULARIES: Final = {
    **VOCABULARY_OF,
    "handover": "handover_mode",
    "deadline_reason": "deadline_reason",
}
_NOTHING: Final = LeavingShown(
    kind=LeavingKind.NOTHING,
    headline="Rien ne part vers un partenaire",
    explanation="L’accueil reste dans votre structure.",
)
_STAYS_HERE: Final = LeavingShown(
    kind=LeavingKind.STAYS_HERE,
    headline="Rien ne part",
    explanation=typeset(
        "La personne a refusé : rien de cet accueil ne quittera ce poste, pas même vers les autres"
        " postes de votre structure."
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What turns codes into words; both answer for codes nobody knows."""

    label: Callable[[str, str], str]
    commune_name: Callable[[str], str]


def leaving_shown(reception: Reception, leaving: Leaving | None, wording: Wording) -> LeavingShown:
    """Say what would leave if the reception were saved now."""
    if reception.was_refused:
        return _STAYS_HERE
    if leaving is None:
        return _NOTHING
    lines = content_lines(leaving.content, wording)
    if not leaving.recipient.takes_part:
        return _on_paper(leaving.recipient.name, lines)
    lacks = lacks_to_send(leaving.missing)
    if lacks:
        return LeavingShown(
            kind=LeavingKind.WAITS,
            headline="Rien ne part encore",
            explanation=typeset(f"Une fois complété, ceci partira vers {leaving.recipient.name} :"),
            lines=lines,
            lacks=lacks,
        )
    return LeavingShown(
        kind=LeavingKind.LEAVES,
        headline=f"Partira vers {leaving.recipient.name}",
        explanation=typeset(
            "Chiffré, lisible par cette structure seule, avec le nom de la vôtre. Voici tout ce"
            " qu’elle recevra :"
        ),
        lines=lines,
    )


def content_lines(content: Mapping[str, Value], wording: Wording) -> tuple[tuple[str, str], ...]:
    """Return each field that leaves as its name and its words, in the order of a letter."""
    order = [
        *(name for name in LABELS if name in content),
        *(c for c in content if c not in LABELS),
    ]
    return tuple((LABELS.get(name, name), _said(name, content[name], wording)) for name in order)


def _on_paper(name: str, lines: tuple[tuple[str, str], ...]) -> LeavingShown:
    explanation = (
        f"{name} n’est pas reliée au programme : seule la fiche papier, remise à la personne, lui"
        " parviendra."
    )
    if lines:
        explanation += " Elle portera :"
    return LeavingShown(
        kind=LeavingKind.PAPER,
        headline="Rien ne part par le réseau",
        explanation=typeset(explanation),
        lines=lines,
    )


def _said(name: str, value: Value, wording: Wording) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_said(name, item, wording) for item in value)
    text = str(value)
    if name == "commune":
        return wording.commune_name(text)
    if name in {"birth_on", "deadline_on"}:
        return day(text)
    if name == "received_at":
        return recent_moment(text)
    if name in _VOCABULARIES:
        return wording.label(_VOCABULARIES[name], text)
    return text


def saved_words(reception: Reception, *, route: str, names: Sequence[str]) -> str:
    """Say where a saved reception is, `names` being those of the recipient, if any."""
    if reception.was_refused:
        return "Enregistré ici · rien ne quittera ce poste"
    name = names[0] if names else ""
    if route == "relay":
        return f"Enregistré ici · fiche à envoyer à {name}"
    if route == "paper":
        return f"Enregistré ici · fiche papier à remettre pour {name}"
    return "Enregistré ici · à envoyer"
