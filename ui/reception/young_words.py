"""What the rule of the young asks of the page, in words. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass

from app.domain.minors import PERSON
from app.usecases.minors import YoungAdvice
from ui.texts import typeset


@dataclass(frozen=True, slots=True, kw_only=True)
class YoungShown:
    """What is said beside the agreement of somebody young, "" for an adult."""

    words: str = ""


def young_shown(advice: YoungAdvice, label: Callable[[str, str], str]) -> YoungShown:
    """Say who may agree, and which network the law proposes first."""
    if not advice.is_minor:
        return YoungShown()
    if PERSON in advice.who_may_agree:
        said = "Personne mineure : elle peut donner son accord elle-même. Rien n’est dit à un"
        said += " parent sans qu’elle le demande."
    else:
        said = "Personne mineure : l’accord vient de son représentant légal, avec elle si possible."
    if advice.first_network:
        network = label("structure_network", advice.first_network)
        said += (
            f" Sans école, formation ni emploi avant 18 ans, proposez d’abord : {network} (code de"
            " l’éducation, article L.114-1)."
        )
    return YoungShown(words=typeset(said))
