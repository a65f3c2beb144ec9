"""The state of the exchange as words: counts and what they mean, causes, results. No Qt."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.usecases.exchange_status import ExchangeStatus, Failure
from ui.texts import count, exchange_line, moment, number, recent_moment, sentence, since
from ui.widgets.page_values import Badge, Fact

PENDING = "pending"
SENT = "sent"
ACKNOWLEDGED = "acknowledged"
PULLED = "pulled"
CONFINED = "confined"
QUARANTINE = "quarantine"

_KILO = 1_000
_UNITS = ("octet", "Ko", "Mo", "Go")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event, or a bundle set aside, as the list of a count holds it.

    `kind` is that of the event (`person`, `encounter`…), or the reason of a quarantine; `partner`
    names the structure it goes to or comes from, "" for one's own.
    """

    kind: str
    at_s: int
    author: str = ""
    partner: str = ""


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
    """A record as a row, in words; `at_s` sorts it."""

    what: str
    when: str
    at_s: int
    author: str
    partner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangePage:
    """Everything the screen shows of a status."""

    badge: Badge
    facts: tuple[Fact, ...]
    tiles: tuple[Tile, ...]


_TILES: tuple[tuple[str, str, str, str], ...] = (
    (PENDING, "À envoyer", "Enregistrés ici, partiront au prochain échange.", "upload"),
    (SENT, "Remis, sans accusé", "Remis au relais, qui n’a pas encore accusé réception.", "send"),
    (ACKNOWLEDGED, "Accusés", "Le relais a signé qu’il les garde.", "circle-check"),
    (PULLED, "Reçus", "Venus d’autres postes et d’autres structures.", "download"),
    (CONFINED, "Gardés sur ce poste", "La personne a refusé\u202f: ils ne partiront pas.", "lock"),
    (
        QUARANTINE,
        "En quarantaine",
        "Arrivés sans pouvoir être lus\u202f: gardés de côté, réessayés à chaque échange.",
        "shield-check",
    ),
)

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "person": "Fiche d’une personne",
        "demand": "Demande",
        "encounter": "Accueil",
        "agreement": "Accord",
        "referral": "Mise en relation",
        "shared_referral": "Mise en relation partagée",
        "referral_answer": "Réponse à une mise en relation",
        "erase": "Effacement",
    }
)
"""The words of each kind of event."""


def exchange_page(status: ExchangeStatus, now: dt.datetime) -> ExchangePage:
    """Put a status in words."""
    figures = {
        PENDING: status.pending,
        SENT: status.sent,
        ACKNOWLEDGED: status.acknowledged,
        PULLED: status.pulled,
        CONFINED: status.confined,
        QUARANTINE: status.quarantine,
    }
    return ExchangePage(
        badge=Badge(text=exchange_line(status, now), icon=_icon(status), colour="accent"),
        facts=tuple(_facts(status, now)),
        tiles=tuple(
            Tile(state=state, figure=figures[state], title=title, meaning=meaning, icon=icon)
            for state, title, meaning, icon in _TILES
        ),
    )


def record_rows(records: Sequence[Record], now: dt.datetime) -> tuple[RecordRow, ...]:
    """Put the records of a count in words; a kind nobody knows yet says so."""
    return tuple(
        RecordRow(
            what=_what(record.kind),
            when=moment(record.at_s, now) if record.at_s else "",
            at_s=record.at_s,
            author=record.author,
            partner=record.partner,
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


def _facts(status: ExchangeStatus, now: dt.datetime) -> list[Fact]:
    contact = recent_moment(status.last_contact_at, now) if status.last_contact_at else "aucun"
    facts = [Fact(label="Dernier contact avec le relais", value=contact)]
    if status.oldest_pending_at_s is not None:
        waits = since(status.oldest_pending_at_s, now)
        at = moment(status.oldest_pending_at_s, now)
        facts.append(Fact(label="Le plus ancien à envoyer", value=f"attend {waits} ({at})"))
    if status.last_failure is not None:
        at = recent_moment(status.last_failure.at, now)
        cause = _cause(status.last_failure)
        facts.append(Fact(label="Dernier essai sans succès", value=f"{at}\n{cause}"))
    return facts


def _cause(failure: Failure) -> str:
    try:
        return sentence(failure.code)
    except LookupError:
        return f"Cause inconnue de ce poste ({failure.code}). Tout est gardé ici\u202f; réessayez."


def _what(kind: str) -> str:
    if kind in KINDS:
        return KINDS[kind]
    try:
        return sentence(kind)
    except LookupError:
        return f"Enregistrement d’une version plus récente ({kind})"


def _icon(status: ExchangeStatus) -> str:
    if status.last_failure is not None:
        return "cloud-off"
    return "upload" if status.pending or status.sent else "circle-check"
