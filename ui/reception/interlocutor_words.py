"""Whom the person met for this demand, in words. No Qt."""

from dataclasses import dataclass

from app.domain.interlocutors import Interlocutor, InterlocutorCount, Known
from ui.texts import typeset

_HOW = {
    Known.RECORDED: "",
    Known.DECLARED: "déjà vu, dit la personne",
    Known.MET: "vu après le relais",
    Known.NOW: "vous",
    Known.NEXT: "à qui vous passez le relais",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InterlocutorsShown:
    """What is said of the count. `lines` names each; empty while it is not worth a word."""

    headline: str = ""
    lines: tuple[str, ...] = ()
    is_beyond: bool = False


def interlocutors_shown(count: InterlocutorCount) -> InterlocutorsShown:
    """Say how many people somebody will have met; a lonely one goes without saying."""
    if count.figure < 2:  # noqa: PLR2004 -- one is the agent who reads it
        return InterlocutorsShown()
    if count.is_beyond:
        headline = (
            f"{count.figure} interlocuteurs pour cette demande, l’objectif est de {count.target} au"
            " plus. Rien ne l’interdit : dites pourquoi."
        )
    else:
        headline = f"{count.figure} interlocuteurs pour cette demande, {count.target} au plus."
    return InterlocutorsShown(
        headline=typeset(headline),
        lines=tuple(_line(one) for one in count.met),
        is_beyond=count.is_beyond,
    )


def _line(one: Interlocutor) -> str:
    who = f"{one.agent}, {one.structure}" if one.agent and one.known is not Known.NOW else ""
    who = who or one.structure
    how = _HOW[one.known]
    return f"{who} ({how})" if how else who
