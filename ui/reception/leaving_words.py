"""What will leave, in words: every field of the preview, and nothing else. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.domain.events import Value
from app.domain.reception import Reception
from app.usecases.receptions import Leaving
from app.usecases.recipients import Recipient
from ui.reception.page_reading import Lack, lacks_to_send
from ui.texts import typeset
from ui.widgets.transmitted_fields import parts_of


class LeavingKind(StrEnum):
    """Where things stand: it changes the icon and the words of the panel."""

    NOTHING = "nothing"
    STAYS_HERE = "stays_here"
    WAITS = "waits"
    LEAVES = "leaves"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeavingShown:
    """The panel: how things stand, why, each thing that leaves with its words, what is missing.

    `lacks_title` says what it is missing for.
    """

    kind: LeavingKind
    headline: str
    explanation: str
    lines: tuple[tuple[str, str], ...] = ()
    lacks: tuple[Lack, ...] = ()
    lacks_title: str = "Il manque\u202f:"


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
    lacks = lacks_to_send(leaving.missing)
    if not leaving.recipient.takes_part:
        return _on_paper(leaving.recipient, lines, lacks)
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
    """Return each field that leaves as its name and its words, as the recipient will read them."""
    parts = parts_of(content, wording.label, wording.commune_name)
    return tuple((fact.label, fact.value) for part in parts for fact in part.facts)


def _on_paper(
    recipient: Recipient, lines: tuple[tuple[str, str], ...], lacks: tuple[Lack, ...]
) -> LeavingShown:
    where = "est hors annuaire" if recipient.outside else "n’est pas reliée au programme"
    explanation = f"{recipient.name} {where} : la fiche papier est remise à la personne."
    if not lacks:
        explanation += " Elle peut aussi partir en fichier chiffré, une fois l’accueil enregistré."
    if lines:
        explanation += " La fiche portera :"
    return LeavingShown(
        kind=LeavingKind.PAPER,
        headline="Rien ne part par le réseau",
        explanation=typeset(explanation),
        lines=lines,
        lacks=lacks,
        lacks_title=typeset("Pour l’envoyer en fichier chiffré, il faudrait :"),
    )


def question_words(reception: Reception, label: Callable[[str, str], str]) -> str:
    """Say what question was counted: « Question simple comptée : trouver une formation »."""
    motives = [label("request_motive", code) for code in reception.motives]
    told = ", ".join(f"{one[:1].lower()}{one[1:]}" for one in motives)
    return f"Question simple comptée\u202f: {told}" if told else "Question simple comptée"


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
