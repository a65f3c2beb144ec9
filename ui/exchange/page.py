"""The state of the exchange as words: counts and what they mean, causes, results. No Qt."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.usecases.exchange_status import ExchangeStatus, Failure
from app.usecases.record_states import (
    ACKNOWLEDGED,
    CONFINED,
    ON_STICK,
    PENDING,
    PULLED,
    RECEIVED,
    SENT,
    RecordState,
)
from ui.exchange_words import ASIDE, kind_words, status_notices
from ui.texts import (
    count,
    due_sentence,
    exchange_line,
    moment,
    number,
    recent_moment,
    sentence,
    since,
)
from ui.widgets.page_values import Badge, Fact
from ui.widgets.state_words import state_words

QUARANTINE = "quarantine"

_KILO = 1_000
_UNITS = ("octet", "Ko", "Mo", "Go")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event, or a bundle set aside, as the list of a count holds it.

    `kind` is that of the event (`person`, `encounter`…), or the reason of a quarantine; `partner`
    names the structure it goes to or comes from, "" for one's own; `holders` are the structures
    that have shown that they hold it.
    """

    kind: str
    at_s: int
    author: str = ""
    partner: str = ""
    holders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """Something to see to: its sentence, the part of the machines' page that serves, its button.

    `part` and `action` are "" when there is nothing to press.
    """

    text: str
    part: str = ""
    action: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one exchange did: records that left and came, bytes on the wire, bundles set aside."""

    sent: int
    received: int
    bytes_sent: int
    bytes_received: int
    set_aside: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A count: its state, its words, and what the state means in one line."""

    state: str
    figure: int
    title: str
    meaning: str
    icon: str

    @property
    def spoken(self) -> str:
        """Say the whole tile in one breath."""
        return f"{self.title}\u202f: {number(self.figure)}. {self.meaning}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record as a row, in words; `at_s` sorts it.

    `state` says more than the list that it is in, "" when there is no more to say.
    """

    what: str
    when: str
    at_s: int
    author: str
    partner: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePage:
    """Everything the screen shows of a status.

    `oldest` says how old the oldest record is that has not left, "" when none waits; `notices` are
    sentences to know, which most desks never see.
    """

    badge: Badge
    oldest: str
    facts: tuple[Fact, ...]
    tiles: tuple[Tile, ...]
    notices: tuple[str, ...]


_TILES: tuple[tuple[str, str, str, str], ...] = (
    (PENDING, "À envoyer", "Enregistrés ici, partiront au prochain échange.", "upload"),
    (ON_STICK, "Remis sur clé", "Le relais ne les a pas encore.", "usb"),
    (SENT, "Envoyés", "Le relais n’en a pas encore accusé réception.", "send"),
    (ACKNOWLEDGED, "Reçus par le relais", "Il a signé qu’il les garde.", "circle-check"),
    (RECEIVED, "Reçus sans le relais", "Une autre structure a montré qu’elle les a.", "handshake"),
    (PULLED, "Arrivés ici", "Venus d’autres postes et d’autres structures.", "download"),
    (CONFINED, "Gardés sur ce poste", "Refusés, ou annulés avant l’envoi.", "lock"),
    (
        QUARANTINE,
        "En quarantaine",
        "Pas encore lisibles\u202f: gardés de côté, réessayés à chaque échange.",
        "shield-check",
    ),
)

_LEADS_TO: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "no_recovery_kit": ("recovery", "Faire le code de reprise"),
        "decision_awaited": ("quarrels", "Décider"),
        "structure_expires_soon": ("region", "Faire la demande"),
        "structure_expired": ("region", "Faire la demande"),
        "machine_expires_soon": ("machines", "Voir les postes"),
        "machine_expired": ("machines", "Voir les postes"),
    }
)


def due(code: str, until_s: int | None) -> Due:
    """Put something to see to in words, with where it leads."""
    part, action = _LEADS_TO.get(code, ("", ""))
    return Due(text=due_sentence(code, until_s, on_screen=True), part=part, action=action)


def exchange_page(status: ExchangeStatus, now: dt.datetime) -> ExchangePage:
    """Put a status in words."""
    figures = {
        PENDING: status.pending,
        ON_STICK: status.on_stick,
        SENT: status.sent,
        ACKNOWLEDGED: status.acknowledged,
        RECEIVED: status.received,
        PULLED: status.pulled,
        CONFINED: status.confined,
        QUARANTINE: status.quarantine,
    }
    return ExchangePage(
        badge=Badge(text=exchange_line(status, now), icon=_icon(status), colour="accent"),
        oldest=_oldest(status, now),
        facts=tuple(_facts(status, now)),
        tiles=tuple(
            Tile(state=state, figure=figures[state], title=title, meaning=meaning, icon=icon)
            for state, title, meaning, icon in _TILES
        ),
        notices=tuple(status_notices(status)),
    )


def record_rows(state: str, records: Sequence[Record], now: dt.datetime) -> tuple[RecordRow, ...]:
    """Put the records of a count in words; a kind nobody knows yet says so."""
    return tuple(
        RecordRow(
            what="Paquet scellé" if state == QUARANTINE else kind_words(record.kind),
            when=moment(record.at_s, now) if record.at_s else "",
            at_s=record.at_s,
            author=record.author,
            partner=record.partner,
            state=_state_of(state, record),
        )
        for record in records
    )


def outcome_words(outcome: Outcome) -> str:
    """Say what an exchange did: « 4 enregistrements partis, 2 arrivés, 3,1 Ko envoyés »."""
    is_whole = not outcome.refused and not outcome.set_aside
    if not outcome.sent and not outcome.received:
        said = "Rien n’est parti ni arrivé."
        if is_whole:
            said = "Rien à envoyer, rien à recevoir\u202f: tout est à jour."
    else:
        gone = count(outcome.sent, "enregistrement parti", "enregistrements partis")
        come = count(outcome.received, "arrivé")
        said = f"{gone}, {come}, {_bytes_words(outcome.bytes_sent, 'envoyé')}."
    if outcome.refused:
        said += f" {count(outcome.refused, 'paquet refusé', 'paquets refusés')} par le relais."
    if outcome.set_aside:
        said += f" {count(outcome.set_aside, 'paquet mis', 'paquets mis')} en quarantaine."
    return said


def size_words(size_bytes: int) -> str:
    """Say a size: « 812 octets », « 3,1 Ko », « 24 Mo »."""
    if size_bytes < _KILO:
        return count(size_bytes, _UNITS[0])
    size, unit = float(size_bytes), 0
    while size >= _KILO and unit < len(_UNITS) - 1:
        size, unit = size / _KILO, unit + 1
    digits = f"{size:.1f}".removesuffix(".0").replace(".", ",")
    return f"{digits}\u00a0{_UNITS[unit]}"


def _bytes_words(size_bytes: int, verb: str) -> str:
    plural = "" if size_bytes < 2 else "s"  # noqa: PLR2004  (the plural rule)
    return f"{size_words(size_bytes)} {verb}{plural}"


def _oldest(status: ExchangeStatus, now: dt.datetime) -> str:
    at_s = status.oldest_pending_at_s
    if not status.pending or at_s is None:
        return ""
    return f"Le plus ancien à envoyer attend {since(at_s, now)} ({moment(at_s, now)})."


def _facts(status: ExchangeStatus, now: dt.datetime) -> list[Fact]:
    contact = recent_moment(status.last_contact_at, now) if status.last_contact_at else "aucun"
    facts = [Fact(label="Dernier contact avec le relais", value=contact)]
    if (at_s := status.oldest_on_stick_at_s) is not None:
        waits = f"attend {since(at_s, now)} ({moment(at_s, now)})"
        facts.append(Fact(label="Le plus ancien remis sur clé", value=waits))
    if status.last_failure is not None:
        at = recent_moment(status.last_failure.at, now)
        cause = _cause(status.last_failure)
        facts.append(Fact(label="Dernier essai sans succès", value=f"{at}\n{cause}"))
    return facts


def _state_of(state: str, record: Record) -> str:
    """Say more of a record than the title of its list does: who holds it, why it is set aside."""
    if state == QUARANTINE:
        why = ASIDE.get(record.kind, record.kind)
        return f"{why[:1].upper()}{why[1:]}"
    return state_words(RecordState(state=state, holders=record.holders)) if record.holders else ""


def _cause(failure: Failure) -> str:
    try:
        return sentence(failure.code)
    except LookupError:
        return f"Cause inconnue de ce poste ({failure.code}). Tout est gardé ici\u202f; réessayez."


def _icon(status: ExchangeStatus) -> str:
    if status.last_failure is not None:
        return "cloud-off"
    return "upload" if status.pending or status.sent else "circle-check"
