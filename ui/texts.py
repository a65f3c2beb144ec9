"""What the program says in French: sentences of refusals, labels, moments, the status line. No Qt.

Both faces speak through this module. `sentence_for(error)` is the whole sentence of a refusal,
`sentence(code)` the same without the facts of one case.
"""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.errors import AppError
from app.domain.referral import BY_EMAIL, BY_FILE, BY_PAPER, BY_RELAY, BY_TELEPHONE, HERE
from ui.moments import (
    Moment,
    count,
    day,
    duration,
    moment,
    number,
    recent_moment,
    short_date,
    since,
    utc_text,
)
from ui.sentences import DUE, DUE_ON_SCREEN, SENTENCES, typeset

if TYPE_CHECKING:
    import datetime as dt
    from pathlib import Path

    from app.reference.vocabulary import Vocabularies
    from app.usecases.exchange_status import ExchangeStatus

__all__ = [
    "ROUTES",
    "SENTENCES",
    "Moment",
    "count",
    "day",
    "due_sentence",
    "duration",
    "exchange_line",
    "moment",
    "number",
    "recent_moment",
    "route_label",
    "sentence",
    "sentence_for",
    "short_date",
    "since",
    "status_label",
    "typeset",
    "unexpected",
    "utc_text",
]

_UNEXPECTED: Final = typeset(
    "Une erreur inattendue s’est produite dans le programme."
    " Ce qui était enregistré l’est toujours."
)

ROUTES: Final[Mapping[str, str]] = MappingProxyType(
    {
        BY_RELAY: "par le relais",
        BY_PAPER: "sur papier",
        BY_FILE: "par fichier chiffré",
        BY_EMAIL: "par courriel",
        BY_TELEPHONE: "par téléphone",
        HERE: "sur ce poste",
    }
)
"""How a referral or an answer travelled."""

_NO_FACTS: Final[Mapping[str, str | int]] = MappingProxyType({})
_SEPARATOR: Final = " · "
_STATES: Final[Mapping[str, str]] = MappingProxyType(
    dict.fromkeys(("relay_absent", "link_cut", "relay_stalled", "not_our_relay"), "Hors ligne")
    | dict.fromkeys(
        ("no_region", "not_enrolled", "not_admitted_yet", "relay_without_authority"),
        "Pas encore relié",
    )
    | {"disk_full": "Disque plein"}
)
"""What the status line says of the last failure; any other one is « Échange impossible »."""
_WORTH_SAYING_S: Final = 3_600
"""The age of the oldest record to send is said from then on."""

_OPTIONAL: Final = re.compile(r"\[([^\[\]]*)\]")
_FACT: Final = re.compile(r"\{(\w+)\}")


def sentence(code: str, facts: Mapping[str, str | int] = _NO_FACTS) -> str:
    """Return what to say of a refusal known by its code, with the facts that are known.

    Raises:
        LookupError: no refusal has that code.
    """
    return _filled(SENTENCES[code], {name: _said(name, fact) for name, fact in facts.items()})


def sentence_for(error: Exception) -> str:
    """Return what to say of an error. Never fails: an unknown one gets a calm general sentence."""
    if not isinstance(error, AppError):
        return _UNEXPECTED
    template = SENTENCES.get(error.code)
    if template is None:
        return typeset(
            f"Le programme n’a pas pu faire ce qui était demandé ({error.code or 'sans code'})."
            " Rien de ce qui était enregistré n’est perdu."
        )
    return _filled(template, {name: _said(name, fact) for name, fact in error.facts.items()})


def due_sentence(code: str, until_s: int | None, *, on_screen: bool = False) -> str:
    """Return what to say of something to see to, before or after the day it ends.

    Args:
        code: what it is.
        until_s: the day it ends, None for what has none.
        on_screen: a button beside it leads to the page, so that no command is named.
    """
    template = DUE_ON_SCREEN.get(code, DUE[code]) if on_screen else DUE[code]
    return template.format(until="" if until_s is None else day(utc_text(until_s)))


def unexpected(log: "Path | None") -> str:
    """Return what to say of a fault of ours, and where its technical log lies, if anywhere."""
    if log is None:
        return _UNEXPECTED
    return _UNEXPECTED + typeset(
        f" Le journal technique, sans donnée personnelle, peut nous être envoyé : {log}"
    )


def status_label(vocabularies: "Vocabularies", status: str) -> str:
    """Return the words of a referral's status, retired or newer ones shown as they are."""
    return vocabularies.label("referral_status", status)


def route_label(route: str) -> str:
    """Return how a referral or an answer travelled, in words."""
    return ROUTES.get(route, route)


def exchange_line(status: "ExchangeStatus", now: "dt.datetime") -> str:
    """Return the state of the exchange for the status bar, always true, in words and counts.

    « Hors ligne · 3 à envoyer depuis 2 jours · dernier échange mardi à 10 h 42 ».
    """
    waiting = [
        _to_send(status, now),
        f"{number(status.on_stick)}\u00a0sur clé" if status.on_stick else "",
        f"{count(status.sent, 'envoyé')}, accusé attendu" if status.sent else "",
        f"{number(status.quarantine)}\u00a0à vérifier" if status.quarantine else "",
    ]
    return _SEPARATOR.join(filter(None, [_state(status), *waiting, _last_contact(status, now)]))


def _to_send(status: "ExchangeStatus", now: "dt.datetime") -> str:
    if not status.pending:
        return ""
    said = f"{number(status.pending)}\u00a0à envoyer"
    at_s = status.oldest_pending_at_s
    is_old = at_s is not None and now.timestamp() - at_s >= _WORTH_SAYING_S
    return f"{said} {since(at_s, now)}" if at_s is not None and is_old else said


def _state(status: "ExchangeStatus") -> str:
    if status.last_failure is not None:
        return _STATES.get(status.last_failure.code, "Échange impossible")
    if status.pending or status.sent or status.on_stick:
        return ""
    return "Tout est à jour" if status.last_contact_at else "Rien à envoyer"


def _last_contact(status: "ExchangeStatus", now: "dt.datetime") -> str:
    if not status.last_contact_at:
        return "pas encore d’échange"
    return f"dernier échange {recent_moment(status.last_contact_at, now)}"


def _filled(template: str, facts: Mapping[str, str]) -> str:
    """Say the optional parts whose facts are all there, and start with a capital."""

    def said(part: re.Match[str]) -> str:
        names = _FACT.findall(part[1])
        return part[1].format_map(facts) if all(facts.get(name) for name in names) else ""

    text = _OPTIONAL.sub(said, template).strip()
    return text[:1].upper() + text[1:]


def _said(name: str, fact: str | int) -> str:
    """Return a fact as words; an unknown quantity, a zero, is left unsaid."""
    if name in {"status", "present"} and isinstance(fact, str):
        return status_label(_shipped_vocabularies(), fact)
    return "" if fact == 0 else str(fact)


@cache
def _shipped_vocabularies() -> "Vocabularies":
    from app.reference.vocabulary import Vocabularies
    from resources import resource_path

    return Vocabularies(resource_path("vocabulary"))
