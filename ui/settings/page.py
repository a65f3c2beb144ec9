"""Settings as words: agents, structure, sources, and how strong a passphrase is. No Qt."""

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.folding import fold
from app.store.slots import PASSPHRASE_MIN_SIGNS
from app.usecases.agents import Agent
from ui.texts import count
from ui.widgets.page_values import Badge, Fact

ROLES = MappingProxyType(
    {
        "reception": "Accueil\u202f: fiche courte, notes d’accueil",
        "adviser": "Conseil\u202f: dossier complet, notes de conseil",
    }
)
"""The words of each role."""

THEMES = MappingProxyType(
    {
        "system": "Comme l’ordinateur",
        "light": "Clair",
        "dark": "Sombre",
        "contrast": "Contraste élevé",
    }
)
"""The words of each theme."""

CERTIFIED = "certified"
ASKED = "asked"
ALONE = "alone"

_SOLID_SIGNS = 16
_VARIED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAgent:
    """An agent to add. `repeated` is the passphrase typed a second time."""

    name: str
    role: str
    passphrase: str
    repeated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Theme (`system`, `light`, `dark`, `contrast`) and text size in percent."""

    theme: str
    scale: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A vocabulary or a table that travels with the program, and where it comes from.

    `name` is the code of a vocabulary, or words.
    """

    name: str
    version: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is true of this desk.

    `enrolment` is `certified` (by `region`), `asked` (its request is made) or `alone`. `members`
    are the other structures that take part. `sources` are the vocabularies that travel with the
    program.
    """

    structure: str
    reference: str
    enrolment: str
    region: str
    members: tuple[str, ...]
    folder: str
    version: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskPage:
    """A desk in words."""

    enrolment: Badge
    enrolment_means: str
    structure: tuple[Fact, ...]
    members: tuple[str, ...]
    machine: tuple[Fact, ...]
    sources: tuple[Source, ...]


_VOCABULARIES = MappingProxyType(
    {
        "age_band": "Tranches d’âge",
        "agreed_by": "Qui donne un accord",
        "barrier": "Freins",
        "beyond_reason": "Raisons d’un interlocuteur de plus",
        "cancellation_reason": "Raisons d’une annulation",
        "cep_level": "Niveaux du CEP",
        "deadline_reason": "Raisons d’une échéance",
        "door": "Portes",
        "go_day": "Jours où la personne peut aller chez un partenaire",
        "half_day": "Demi-journées",
        "handover_mode": "Façons de passer le relais",
        "how_they_came": "Façons de venir",
        "information_kind": "Informations données",
        "language": "Langues",
        "mode_wished": "Modes d’accueil souhaités chez un partenaire",
        "need": "Besoins",
        "next_step": "Suites convenues",
        "other_choice_reason": "Raisons d’un autre choix que le premier proposé",
        "outcome": "Suites d’un accueil",
        "place_type": "Lieux d’accueil",
        "public_status": "Situations",
        "purpose": "Visées d’une demande",
        "reception_mode": "Modes d’accueil",
        "referral_status": "États d’une mise en relation",
        "refusal_reason": "Raisons d’un refus",
        "request_answer": "Réponses à une demande sur ses données",
        "request_kind": "Demandes sur ses données",
        "request_motive": "Motifs d’une demande",
        "sensitive_words": "Mots sensibles, dont un rappel est fait",
        "sex": "Sexe déclaré",
        "structure_network": "Réseaux de structures",
        "training_level": "Niveaux de formation",
        "travel_distance": "Distances que la personne peut faire",
        "visitor": "Qui est venu",
    }
)
_SHIPPED = (
    Source(
        name="Communes",
        version="2026",
        source="Découpage administratif, Etalab et INSEE (Licence Ouverte 2.0)",
    ),
    Source(
        name="Coordonnées des communes",
        version="3.0.2",
        source="GeoNames (CC BY 4.0), rapprochées par nom, population et voisinage",
    ),
    Source(name="Icônes", version="", source="Lucide (licence ISC)"),
    Source(
        name="Caractères",
        version="",
        source="Atkinson Hyperlegible Next, Braille Institute (licence OFL 1.1)",
    ),
)


def agent_facts(agents: Sequence[Agent]) -> tuple[Fact, ...]:
    """Put agents in words: their name, their role, and which one is here."""
    return tuple(
        Fact(
            label=f"{agent.name} (vous)" if agent.is_here else agent.name,
            value=ROLES.get(agent.role, agent.role),
        )
        for agent in agents
    )


def desk_page(desk: Desk) -> DeskPage:
    """Put a desk in words."""
    badge, means = _enrolment(desk)
    return DeskPage(
        enrolment=badge,
        enrolment_means=means,
        structure=(
            Fact(label="Structure", value=desk.structure or "sans nom"),
            Fact(label="Référence", value=desk.reference or "aucune dans l’annuaire"),
        ),
        members=desk.members,
        machine=(
            Fact(label="Dossier de travail", value=desk.folder),
            Fact(label="Version", value=f"Deux Portes {desk.version}"),
        ),
        sources=(*_named(desk.sources), *_SHIPPED),
    )


def strength_words(passphrase: str) -> str:
    """Say what a passphrase being typed is worth, and what it lacks."""
    if not passphrase:
        return (
            f"Au moins {PASSPHRASE_MIN_SIGNS}\u00a0signes. Quatre ou cinq mots au hasard se"
            " retiennent mieux qu’un mot compliqué."
        )
    missing = PASSPHRASE_MIN_SIGNS - len(passphrase)
    if missing > 0:
        return f"Encore {count(missing, 'signe')}."
    if len(set(passphrase)) < _VARIED:
        return "Assez longue, mais facile à deviner\u202f: variez les signes."
    if len(passphrase) < _SOLID_SIGNS:
        return "Suffisante. Un mot de plus la rendrait solide."
    return "Solide."


def lack_of_passphrase(passphrase: str, repeated: str) -> str:
    """Return why a passphrase cannot be taken, in words, or nothing."""
    if len(passphrase) < PASSPHRASE_MIN_SIGNS:
        return f"La phrase de passe doit avoir au moins {PASSPHRASE_MIN_SIGNS}\u00a0signes."
    if passphrase != repeated:
        return "Les deux saisies sont différentes\u202f: retapez la seconde."
    return ""


def _named(sources: Sequence[Source]) -> list[Source]:
    """Give vocabularies their French names, in the order of these."""
    named = [
        Source(
            name=_VOCABULARIES.get(source.name, source.name),
            version=source.version,
            source=source.source,
        )
        for source in sources
    ]
    return sorted(named, key=lambda source: fold(source.name))


def _enrolment(desk: Desk) -> tuple[Badge, str]:
    if desk.enrolment == CERTIFIED:
        badge = Badge(text="Structure reconnue", icon="shield-check", colour="done")
        return badge, f"Reconnue par {desk.region or 'sa Région'}\u202f: les échanges sont ouverts."
    if desk.enrolment == ASKED:
        badge = Badge(text="Demande faite", icon="hourglass", colour="info")
        return badge, (
            "La Région n’a pas encore répondu. Tout fonctionne ici\u202f; rien ne part tant que la"
            " structure n’est pas reconnue."
        )
    badge = Badge(text="Poste isolé", icon="cloud-off", colour="soft")
    return badge, (
        "Cette structure n’est rattachée à aucune Région. Tout fonctionne ici\u202f; rien ne part."
    )
