"""Where the directory that the Region publishes is: on its way, here, or refused. No Qt."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final

from app.pack_port import PackHere, PackState
from ui.pack_words import day_made
from ui.texts import day, typeset
from ui.widgets.page_values import Badge

_REFUSED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "bad_signature": "la Région ne l’a pas signé",
        "wrong_identifier": "il est d’une autre Région",
        "announced_otherwise": "il n’est pas celui que le relais annonçait",
    }
)
_DAMAGED: Final = "il est abîmé"


def pack_badge(packs: Sequence[PackHere]) -> Badge | None:
    """Say where the Region's directory is; None when none ever came.

    Args:
        packs: those known here, the one made last first.
    """
    refused = [one for one in packs if one.state is PackState.REFUSED]
    others = [one for one in packs if one.state is not PackState.REFUSED]
    if refused and not any(one.state is PackState.ARRIVING for one in others):
        why = _REFUSED.get(refused[0].reason, _DAMAGED)
        text = f"Un annuaire a été refusé : {why}. Rien n’a changé sur ce poste ; prévenez la"
        return Badge(text=typeset(f"{text} Région."), icon="triangle-alert", colour="attention")
    return _badge(others[0]) if others else None


def _badge(pack: PackHere) -> Badge:
    what = f"L’annuaire de la Région, du {day(day_made(pack.made_s))},"
    match pack.state:
        case PackState.ARRIVING:
            share = pack.held_bytes * 100 // pack.size
            said = f"{what} arrive : {share} %. La suite viendra au prochain échange."
            return Badge(text=typeset(said), icon="download")
        case PackState.ARRIVED:
            return Badge(text=typeset(f"{what} est arrivé : il est bientôt importé."), icon="clock")
        case PackState.UNREADABLE:
            said = f"{what} est arrivé, mais n’a pas pu être lu. Rien n’a changé ; prévenez la"
            text = typeset(f"{said} Région.")
            return Badge(text=text, icon="triangle-alert", colour="attention")
    text = typeset(f"{what} est sur ce poste.")
    return Badge(text=text, icon="circle-check", colour="done")
