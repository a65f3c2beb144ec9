"""The services of one structure as its page shows them, and what may be corrected. No Qt."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from app.reference.directory import PERMANENCE, ROUND, SITE, ServiceEntry, StructureEntry
from app.reference.service_places import is_elsewhere
from app.reference.vocabulary import Entry
from app.usecases.directory.added import ADDED_SOURCE
from app.usecases.directory.corrections import months_between
from app.usecases.directory.histories import Corrected
from ui.directory.page import STALE_MONTHS, Asked
from ui.directory.places import Places
from ui.matching_words import PUBLICS, at_commune
from ui.opening_words import depends_on_school_holidays, hours_words, next_days
from ui.texts import count, day, typeset
from ui.widgets.entry_correction import Typed, commune_words, typed_of
from ui.widgets.page_values import Badge, Fact
from ui.widgets.referral_words import telephone_words

MODES: Final[Mapping[str, str]] = MappingProxyType(
    {"en-presentiel": "sur place", "a-distance": "à distance"}
)
PLACE_KIND_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {SITE: "dans ses locaux", PERMANENCE: "permanence", ROUND: "arrêt d’une tournée"}
)
FEES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "gratuit": "gratuit",
        "gratuit-sous-conditions": "gratuit sous conditions",
        "payant": "payant",
        "adhesion": "adhésion",
        "pass-numerique": "pass numérique",
    }
)
HOLIDAYS: Final = (
    "Vacances scolaires\u202f: horaires inconnus, leurs dates ne sont pas sur ce poste"
)
_EVERYBODY: Final = "tous-publics"
_AUDIENCES: Final = (
    _EVERYBODY, "demandeurs-emploi", "actifs", "jeunes", "etudiants", "seniors", "femmes",
    "familles", "beneficiaires-des-minimas-sociaux", "personnes-en-situation-de-handicap",
    "personnes-exilees", "personnes-en-situation-durgence",
    "personnes-en-situation-juridique-specifique", "residents-qpv-frr",
)  # fmt: skip
_DATES: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """What may be chosen for a service, code and words: motives, publics, parts of the country."""

    motives: tuple[tuple[str, str], ...]
    publics: tuple[tuple[str, str], ...]
    area: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceShown:
    """A service of the structure.

    Attributes:
        reference: how it is cited.
        name, description, facts: what is read of it.
        checked: who vouched for it, and when.
        typed: what may be corrected, as it is.
        offered: what may be chosen.
        is_added: it was added here, and may be taken back.
    """

    reference: str
    name: str
    description: str
    facts: tuple[Fact, ...]
    checked: Badge
    typed: Typed
    offered: Offered
    is_added: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceWords:
    """Puts the services of a structure in words; `motives` are the words of the vocabulary."""

    places: Places
    asked: Asked
    motives: Sequence[Entry]

    def shown(
        self, structure: StructureEntry, service: ServiceEntry, history: Sequence[Corrected]
    ) -> ServiceShown:
        """Put one service in words, with what people here wrote about it."""
        today = self.asked.at.date()
        over = service.has_ended_on(today) and service.ended_on
        return ServiceShown(
            reference=service.reference,
            name=service.name,
            description=service.description,
            facts=filled(
                (
                    ("Arrêté", f"depuis le {day(over)}" if over else ""),
                    *self._place(structure, service),
                    *self._whom(service),
                    *_practical(service),
                    ("Langues", self._labels("language", service.languages)),
                )
            ),
            checked=checked_badge(service, history, today, is_over=bool(over)),
            typed=self._typed(service),
            offered=self.offered(structure, service),
            is_added=service.source == ADDED_SOURCE,
        )

    def offered(self, structure: StructureEntry, service: ServiceEntry | None) -> Offered:
        """Return what may be chosen for a service, or for one to add."""
        commune = self.places.commune(
            (service.commune_code if service else None) or structure.commune_code
        )
        near = (commune.insee_code, commune.epci_code) if commune else ()
        held = service.area if service else ()
        areas = dict.fromkeys((*held, *near, *self.places.departments(), "france"))
        return replace(
            addable_service(self.motives, service.audiences if service else ()),
            area=tuple((code, self.places.area_words(code)) for code in areas if code),
        )

    def _place(self, structure: StructureEntry, service: ServiceEntry) -> Iterable[tuple[str, str]]:
        """Say where and when: « permanence à Bélâbre », the rule of its days, the next ones."""
        kind = service.place_kind
        is_moving = kind in {PERMANENCE, ROUND}
        where = at_commune(service.commune_name) if service.commune_name else ""
        elsewhere = where if is_elsewhere(structure, service) else ""
        said = PLACE_KIND_WORDS[kind] if is_moving else ""
        address = service.address if service.address != structure.address else ""
        yield "Où", ", ".join(filter(None, (" ".join((said, elsewhere)).strip(), address)))
        yield "Équipe", service.team
        yield "Horaires", hours_words(service.hours or "")
        yield "À vérifier", HOLIDAYS if depends_on_school_holidays(service.hours) else ""
        days = next_days(service.hours, self.asked.at, _DATES) if is_moving else ()
        if kind == ROUND and days:
            yield "Prochain passage", days[0]
            days = days[1:]
        yield ("Puis" if kind == ROUND else "Prochaines dates"), " · ".join(days)

    def _whom(self, service: ServiceEntry) -> Iterable[tuple[str, str]]:
        publics = ", ".join(dict.fromkeys(map(_public, service.audiences)))
        publics = "tout le monde" if _EVERYBODY in service.audiences else publics
        yield "Répond à", self._labels("request_motive", self._motives(service)).lower()
        yield "Reçoit", " · ".join(filter(None, (publics, service.audiences_note)))
        yield "Territoire", self._area(service.area)
        yield "Comment", ", ".join(MODES.get(code, code) for code in service.reception_modes)

    def _area(self, codes: Sequence[str]) -> str:
        words = [self.places.area_words(code) for code in codes[:_MOST_AREAS]]
        more = len(codes) - _MOST_AREAS
        return ", ".join((*words, f"et {count(more, 'autre')}") if more > 0 else words)

    def _motives(self, service: ServiceEntry) -> tuple[str, ...]:
        """Return the motives said here, else those that its themes answer."""
        if service.motives:
            return service.motives
        return tuple(one.code for one in self.motives if any(map(one.covers_theme, service.themes)))

    def _typed(self, service: ServiceEntry) -> Typed:
        return replace(
            typed_of(service, self.asked.at.date()),
            name=service.name,
            commune=commune_words(service.commune_name, service.postal_code),
            capacity=service.capacity,
            team=service.team,
            place_kind=service.place_kind,
            modes=service.reception_modes,
            motives=self._motives(service),
            publics=service.audiences,
            area=service.area,
        )

    def _labels(self, vocabulary: str, codes: Sequence[str]) -> str:
        return ", ".join(self.asked.label(vocabulary, code) for code in codes)


_MOST_AREAS: Final = 4


def addable_service(motives: Sequence[Entry], publics: Sequence[str] = ()) -> Offered:
    """Return what may be chosen for a service wherever it is; `publics` are its own so far."""
    return Offered(
        motives=tuple((one.code, one.label) for one in motives),
        publics=tuple((code, _public(code)) for code in dict.fromkeys((*_AUDIENCES, *publics))),
        area=(),
    )


def checked_badge(
    entry: StructureEntry | ServiceEntry,
    history: Sequence[Corrected],
    today: dt.date,
    *,
    is_over: bool,
    is_doubted: bool = False,
) -> Badge:
    """Return when an entry was vouched for and by whom: somebody here, else who published it.

    What somebody said to be wrong since then is to be checked again, however recent.
    """
    is_old = months_between(entry.checked_on, today) >= STALE_MONTHS
    is_stale = not is_over and (is_old or is_doubted)
    by = next((one.author for one in history if day_of(one.at_s) == entry.checked_on), "")
    who = f" par {by}" if by else f", d’après {entry.source}"
    if not by and entry.source == ADDED_SOURCE:
        who = ""
    checked = "vérifié" if isinstance(entry, ServiceEntry) else "vérifiée"
    said = f"{'à revérifier, ' if is_stale else ''}{checked} le {day(entry.checked_on)}{who}"
    icon, colour = ("triangle-alert", "attention") if is_stale else ("circle-check", "done")
    return Badge(text=typeset(said), icon=icon, colour=colour)


def day_of(at_s: int) -> dt.date:
    """Return the day of a moment (seconds since 1970) on this machine."""
    return dt.datetime.fromtimestamp(at_s, dt.UTC).astimezone().date()


def waiting_words(days: int | None) -> str:
    """Return the wait before a first appointment, "" when nobody said it."""
    if days is None:
        return ""
    return count(days, "jour") if days else "aucun"


def filled(pairs: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    """Return the facts that are known."""
    return tuple(Fact(label=label, value=typeset(value)) for label, value in pairs if value)


def _practical(service: ServiceEntry) -> Iterable[tuple[str, str]]:
    yield "Conditions", service.access_conditions
    yield "Frais", FEES.get(service.fees or "", service.fees or "")
    yield "Pour joindre", service.how_to_reach
    yield "Téléphone", telephone_words(service.telephone or "")
    yield "Délai annoncé", waiting_words(service.waiting_days)
    yield "Capacité", service.capacity


def _public(code: str) -> str:
    return "tout le monde" if code == _EVERYBODY else PUBLICS.get(code, code)
