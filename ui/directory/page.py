"""What the screen of the directory shows: rows and one structure, in words. No Qt."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.folding import fold
from app.reference.communes import Commune
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.service_places import is_elsewhere
from app.usecases.directory.corrections import months_between, services_left_behind
from app.usecases.directory.passed_over import PassedOver
from ui.directory.places import Places, Spot, distance_words
from ui.matching_words import at_commune
from ui.opening_words import Opening, OpenState, opening_at
from ui.texts import count, day
from ui.widgets.page_values import Badge
from ui.widgets.referral_words import telephone_words

STALE_MONTHS: Final = 6
DIRECT: Final = "Ligne directe, interne\u202f: à ne pas donner"
PUBLIC: Final = "Numéro public"
NO_NUMBER: Final = "Pas de téléphone"

_BADGES: Final = {
    OpenState.OPEN: ("door-open", "done"),
    OpenState.CLOSED: ("clock", "soft"),
    OpenState.UNKNOWN: ("circle-help", "soft"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the rows depend on beside the directory.

    Attributes:
        at: the local, naive moment.
        origin: the commune distances are counted from, if any.
        label: turns a code of a vocabulary into words.
        corrected: references of the structures corrected here.
        passed_over: by reference, why others were chosen instead (`passed_over`).
    """

    at: dt.datetime
    origin: Commune | None
    label: Callable[[str, str], str]
    corrected: frozenset[str] = frozenset()
    passed_over: Mapping[str, PassedOver] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryRow:
    """A structure in the list.

    `km` is None when a place is unknown. `telephone` is the direct line, else the public number, as
    read aloud, or ""; `telephone_kind` says which; `public` is what anybody may see. `doubted`
    counts those who found the entry wrong since it was checked. `searchable` is folded, each word
    after a space.
    """

    reference: str
    name: str
    about: str
    opening: Badge
    is_open: bool
    distance: str
    km: float | None
    checked: str
    checked_on: dt.date
    is_stale: bool
    doubted: int
    is_corrected: bool
    telephone: str
    telephone_kind: str
    public: str
    spot: Spot | None
    searchable: str
    spoken: str

    @property
    def key(self) -> str:
        """What names it in the list."""
        return self.reference

    @property
    def tip(self) -> str:
        """What may be cut where there is little room."""
        return f"{self.name}\n{self.opening.text}\n{self.about}"


def directory_row(entry: StructureEntry, places: Places, asked: Asked) -> DirectoryRow:
    """Put a structure in words for the list."""
    today = asked.at.date()
    has_ended = entry.has_ended_on(today)
    opening, held_at = opening_now(entry, asked.at)
    distance = places.distance(asked.origin, held_at)
    network = asked.label("structure_network", entry.network)
    about = " · ".join(filter(None, (entry.commune_name, network)))
    passed = asked.passed_over.get(entry.reference)
    doubted = passed.doubted if passed is not None and not has_ended else 0
    is_old = not has_ended and months_between(entry.checked_on, today) >= STALE_MONTHS
    checked_on, checked = entry.checked_on, "à revérifier" if is_old else "vérifiée"
    behind = () if has_ended else stale_services(entry, today)
    if behind:
        checked_on = min(one.checked_on for one in behind)
        checked = f"{count(len(behind), 'service')} à revérifier"
    checked = f"{checked} {checked_on:%m/%Y}"
    if doubted:
        checked = f"écartée {doubted} fois\u202f: fiche fausse"
    far = distance_words(distance)
    return DirectoryRow(
        reference=entry.reference,
        name=entry.display_name,
        about=about,
        opening=opening,
        is_open=opening.icon == "door-open",
        distance=far,
        km=None if distance is None else distance.km,
        checked=checked,
        checked_on=checked_on,
        is_stale=is_old or doubted > 0 or bool(behind),
        doubted=doubted,
        is_corrected=entry.reference in asked.corrected,
        telephone=telephone_words(entry.direct_telephone or entry.telephone or ""),
        telephone_kind=_kind_of(entry),
        public=telephone_words(entry.telephone or ""),
        spot=places.spot(held_at),
        searchable=f" {fold(f'{entry.name} {about} {entry.postal_code} {_services(entry)}')}",
        spoken=", ".join(filter(None, (entry.display_name, opening.text, far, about, checked))),
    )


def stale_services(entry: StructureEntry, today: dt.date) -> Sequence[ServiceEntry]:
    """Return the services to check again that are older than their structure."""
    return [
        one
        for one in services_left_behind(entry, today)
        if months_between(one.checked_on, today) >= STALE_MONTHS
    ]


def opening_now(
    entry: StructureEntry, at: dt.datetime
) -> tuple[Badge, StructureEntry | ServiceEntry]:
    """Return whether a structure is open, and where: a permanence may be when it is not."""
    badge = opening_badge(entry, at)
    if badge.icon == _BADGES[OpenState.OPEN][0] or entry.has_ended_on(at.date()):
        return badge, entry
    for service in entry.services:
        if is_elsewhere(entry, service) and not service.has_ended_on(at.date()):
            opening = opening_at(service.hours, at)
            if opening.state is OpenState.OPEN:
                icon, colour = _BADGES[OpenState.OPEN]
                where = at_commune(service.commune_name) if service.commune_name else "ailleurs"
                return Badge(text=f"{opening.words} {where}", icon=icon, colour=colour), service
    return badge, entry


def opening_badge(entry: StructureEntry, at: dt.datetime) -> Badge:
    """Return whether a structure is open, in words with an icon."""
    if entry.ended_on is not None and entry.has_ended_on(at.date()):
        words = f"n’existe plus depuis le {day(entry.ended_on)}"
        return Badge(text=words, icon="octagon-x", colour="refusal")
    opening: Opening = opening_at(entry.hours, at)
    icon, colour = _BADGES[opening.state]
    return Badge(text=opening.words, icon=icon, colour=colour)


def _kind_of(entry: StructureEntry) -> str:
    if entry.direct_telephone:
        return DIRECT
    return PUBLIC if entry.telephone else ""


def _services(entry: StructureEntry) -> str:
    return " ".join(f"{service.name} {service.commune_name}" for service in entry.services)


def names_of(fields: Sequence[str]) -> str:
    """Return corrected fields as people call them."""
    return ", ".join(dict.fromkeys(_FIELDS.get(name, name) for name in fields))


_FIELDS: Final = {
    "nom": "nom",
    "telephone": "téléphone",
    "direct_telephone": "ligne directe",
    "courriel": "courriel",
    "site_web": "site",
    "adresse": "adresse",
    "complement_adresse": "complément d’adresse",
    "commune": "commune",
    "code_postal": "code postal",
    "code_insee": "commune",
    "horaires_accueil": "horaires",
    "description": "description",
    "network": "réseau",
    "ended_on": "fin de la structure",
    "replaced_by": "structure qui la remplace",
    "accessibility": "accessibilité",
    "languages": "langues",
    "waiting_days": "délai annoncé",
    "capacity": "capacité",
    "cep_operator": "opérateur du CEP",
    "team": "équipe",
    "place_kind": "permanence ou tournée",
    "motives": "motifs",
    "publics": "publics",
    "modes_accueil": "modes d’accueil",
    "zone_eligibilite": "territoire",
    "thematiques": "thématiques",
    "spro_member_from": "entrée dans le service public",
    "spro_member_to": "sortie du service public",
}
