"""What both faces say of the exchange: kinds of records, reasons to set aside, notices. No Qt."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from ui.texts import count, sentence, typeset

if TYPE_CHECKING:
    from app.usecases.exchange_status import ExchangeStatus

ASIDE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "revoked": "écrit après le retrait du poste",
        "unproven": "signé par un poste retiré, sans preuve que ce soit bien son travail",
        "unknown_suite": "envoyé par une version plus récente du programme",
        "cannot_open": "illisible avec cette version du programme",
        "missing_key": "clé pas encore reçue",
        "gap": "un envoi précédent manque",
        "unknown_incarnation": "auteur pas encore connu",
        "not_a_member": "auteur étranger à cet échange",
        "unknown_space_kind": "écrit par un programme plus récent",
        "forked": "deux envois pour la même place",
        "event_forged": "contredit une fiche connue",
        "waits_for_agent": "attend l’agent qui peut lire une note réservée",
        "wrong_name": "abîmé en chemin",
        "malformed": "abîmé en chemin, ou d’un autre programme",
        "bad_signature": "signature fausse",
        "too_large": "trop volumineux",
        "unreadable": "illisible, sans doute abîmé en chemin",
    }
)
"""Why something that came is set aside, by the code of the reason."""

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "person": "Fiche d’une personne",
        "demand": "Demande",
        "encounter": "Accueil",
        "agreement": "Accord",
        "referral": "Mise en relation",
        "shared_referral": "Mise en relation partagée",
        "referral_answer": "Réponse à une mise en relation",
        "request": "Demande sur ses données",
        "notice": "Note d’information",
        "register_import": "Import d’un ancien registre",
        "erase": "Effacement",
    }
)
"""The words of each kind of event."""

_UNMARKED: Final = (
    "Ce poste ne peut rien noter hors du dossier : une copie restaurée ne serait reconnue qu’à"
    " l’échange. Le travail n’est pas gêné."
)

_UNITS: Final = ((86_400, "jour", "jours"), (3_600, "heure", "heures"), (60, "minute", "minutes"))


def kind_words(kind: str) -> str:
    """Say what a record is; a kind that only a later program knows says so."""
    if kind in KINDS:
        return KINDS[kind]
    try:
        return sentence(kind)
    except LookupError:
        return f"Enregistrement d’une version plus récente ({kind})"


def status_notices(status: "ExchangeStatus") -> list[str]:
    """Return what is to be known of the exchange beside its counts; most desks have nothing."""
    said = []
    if status.waiting_for_agent:
        said.append(_waiting_for_agent(status.waiting_for_agent))
    if status.late_edits:
        said.append(_late_edits(status.late_edits))
    if status.lacking:
        said.append(_lacking(status.lacking))
    if status.clock_offset_s:
        said.append(_clock(status.clock_offset_s))
    if not status.is_marked:
        said.append(_UNMARKED)
    return [typeset(text) for text in said]


def _waiting_for_agent(events: int) -> str:
    waiting = count(events, "enregistrement attend", "enregistrements attendent")
    return (
        f"{waiting} l’agent qui peut lire une note réservée : ce dossier a été restauré, et ils"
        " partiront au premier échange fait quand cet agent aura ouvert le poste."
    )


def _clock(offset_s: int) -> str:
    way = "retarde" if offset_s > 0 else "avance"
    return (
        f"L’horloge de ce poste {way} de {_span(abs(offset_s))} sur celle du relais : les dates"
        " de ce qui est noté ici sont marquées comme douteuses. Vérifiez l’heure de l’ordinateur."
    )


def _span(seconds: int) -> str:
    """Say a length of time by its greatest unit of which there are two at least."""
    fits = (unit for unit in _UNITS if seconds >= 2 * unit[0])
    unit_s, singular, plural = next(fits, _UNITS[-1])
    return count(seconds // unit_s, singular, plural)


def _late_edits(events: int) -> str:
    gone = count(events, "enregistrement fait ici", "enregistrements faits ici")
    return (
        f"{gone} sur une personne effacée entre-temps ailleurs, et effacé avec elle."
        if events == 1
        else f"{gone} sur des personnes effacées entre-temps ailleurs, et effacés avec elles."
    )


def _lacking(events: int) -> str:
    lost = count(
        events,
        "enregistrement que le relais avait reçu n’y est plus",
        "enregistrements que le relais avait reçus n’y sont plus",
    )
    again = "gardé ici, il repartira" if events == 1 else "gardés ici, ils repartiront"
    return f"{lost} : {again} au prochain échange."
