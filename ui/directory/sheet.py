"""One structure of the directory as its page shows it, and what may be corrected of it. No Qt."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import AppError
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.opening_hours import OpeningHours, read_opening_hours
from app.usecases.directory.histories import Corrected
from ui.directory.page import Asked, DirectoryRow, directory_row, names_of
from ui.directory.places import Places
from ui.matching_words import PUBLICS
from ui.opening_words import hours_words, week_of
from ui.texts import count, day, moment, typeset
from ui.widgets.entry_correction import Typed, typed_of
from ui.widgets.page_values import Badge, Fact, TimelineEntry
from ui.widgets.referral_words import telephone_words

_ACCESSIBILITY: Final = {
    "accessible": "lieu accessible",
    "on_request": "lieu accessible sur demande",
    "not_accessible": "lieu non accessible",
}
_MODES: Final = {"a-distance": "à distance", "en-presentiel": "sur place"}
_FEES: Final = {
    "gratuit": "gratuit",
    "gratuit-sous-conditions": "gratuit sous conditions",
    "payant": "payant",
    "adhesion": "adhésion",
    "pass-numerique": "pass numérique",
}
_HOLIDAYS: Final = (
    "Vacances scolaires\u202f: horaires inconnus, leurs dates ne sont pas sur ce poste"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceShown:
    """A service of the structure: its name, what it is, its facts."""

    name: str
    description: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StructurePage:
    """A structure, in words."""

    row: DirectoryRow
    about: str
    telephone: str
    direct: str
    contact: tuple[Fact, ...]
    week: tuple[Fact, ...]
    hours_notes: tuple[str, ...]
    facts: tuple[Fact, ...]
    services: tuple[ServiceShown, ...]
    checked: Badge
    entry_facts: tuple[Fact, ...]
    history: tuple[TimelineEntry, ...]
    typed: Typed


def structure_page(
    entry: StructureEntry,
    places: Places,
    asked: Asked,
    *,
    history: Sequence[Corrected],
    successor: str = "",
) -> StructurePage:
    """Put a structure in words, with who corrected it; `successor` is the name of who took over."""
    row = directory_row(entry, places, asked)
    week, notes = _hours(entry.hours, asked.at.date())
    far = f"{row.distance} à vol d’oiseau" if row.km else row.distance
    return StructurePage(
        row=row,
        about=" · ".join(filter(None, (row.about, far))),
        telephone=telephone_words(entry.telephone or ""),
        direct=telephone_words(entry.direct_telephone or ""),
        contact=_contact(entry),
        week=week,
        hours_notes=notes,
        facts=_facts(entry, asked, successor or entry.replaced_by),
        services=tuple(_service(one, asked) for one in entry.services),
        checked=_checked(row),
        entry_facts=_entry_facts(entry, history, _passed_over(entry, asked)),
        history=tuple(_step(one) for one in history),
        typed=typed_of(entry, asked.at.date()),
    )


def _hours(hours: str | None, today: dt.date) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """Return the days to come, and what the hours say beside them."""
    if not hours:
        return (), ("Horaires non indiqués.",)
    try:
        read = read_opening_hours(hours)
    except AppError:
        return (), (typeset(f"Horaires à vérifier, illisibles : « {hours} »"),)
    week = tuple(
        Fact(label=f"{'aujourd’hui, ' if place == 0 else ''}{one.name}", value=one.words)
        for place, one in enumerate(week_of(hours, today))
    )
    return week, tuple(_notes(read))


def _notes(read: OpeningHours) -> Iterable[str]:
    said = hours_words(read.text).replace("\n", " ; ")
    if read.say_when:
        yield typeset(f"Toute l’année : {said}")
    if any(comment not in said for comment in read.comments) or not read.say_when:
        yield typeset(f"Précisions : {', '.join(read.comments)}")
    if read.depends_on_school_holidays:
        yield _HOLIDAYS


def _contact(entry: StructureEntry) -> tuple[Fact, ...]:
    place = " ".join(filter(None, (entry.postal_code, entry.commune_name)))
    address = ", ".join(filter(None, (entry.address, entry.address_complement, place)))
    return _filled((("Courriel", entry.email or ""), ("Adresse", address)))


def _facts(entry: StructureEntry, asked: Asked, successor: str) -> tuple[Fact, ...]:
    return _filled(
        (
            ("À distance", _remote(entry)),
            ("Langues", _labels(asked.label, "language", entry.languages)),
            ("Accessibilité", _ACCESSIBILITY.get(entry.accessibility, entry.accessibility)),
            ("Délai annoncé", _waiting(entry.waiting_days)),
            ("Capacité", entry.capacity),
            ("Service public", _membership(entry, asked.at.date())),
            ("CEP", "opérateur du conseil en évolution" if entry.is_cep_operator else ""),
            ("Remplacée par", successor),
            ("Description", entry.description),
        )
    )


def _service(service: ServiceEntry, asked: Asked) -> ServiceShown:
    modes = ", ".join(_MODES.get(code, code) for code in service.reception_modes)
    publics = ", ".join(dict.fromkeys(PUBLICS.get(code, code) for code in service.audiences))
    publics = "tout le monde" if "tous-publics" in service.audiences else publics
    return ServiceShown(
        name=service.name,
        description=service.description,
        facts=_filled(
            (
                ("Reçoit", " · ".join(filter(None, (publics, service.audiences_note)))),
                ("Comment", modes),
                ("Conditions", service.access_conditions),
                ("Frais", _FEES.get(service.fees or "", service.fees or "")),
                ("Pour joindre", service.how_to_reach),
                ("Téléphone", telephone_words(service.telephone or "")),
                ("Horaires", hours_words(service.hours or "")),
                ("Langues", _labels(asked.label, "language", service.languages)),
                ("Délai annoncé", _waiting(service.waiting_days)),
                ("Capacité", service.capacity),
            )
        ),
    )


def _checked(row: DirectoryRow) -> Badge:
    said = f"{'à revérifier, ' if row.is_stale else ''}vérifiée le {day(row.checked_on)}"
    if row.is_stale:
        return Badge(text=said, icon="triangle-alert", colour="attention")
    return Badge(text=said, icon="circle-check", colour="done")


def _passed_over(entry: StructureEntry, asked: Asked) -> str:
    """Say how often another was chosen since the entry was checked, and why."""
    passed = asked.passed_over.get(entry.reference)
    if passed is None:
        return ""
    said = (
        f"{label[:1].lower()}{label[1:]} ({times})"
        for code, times in passed.reasons.items()
        if (label := asked.label("other_choice_reason", code))
    )
    return typeset(f"{passed.times} fois depuis cette vérification : {', '.join(said)}")


def _entry_facts(
    entry: StructureEntry, history: Sequence[Corrected], passed_over: str
) -> tuple[Fact, ...]:
    by = next((one.author for one in history if _day_of(one.at_s) == entry.checked_on), "")
    return _filled((("Vérifiée par", by), ("Écartée", passed_over), ("Publiée par", entry.source)))


def _day_of(at_s: int) -> dt.date:
    return dt.datetime.fromtimestamp(at_s, dt.UTC).astimezone().date()


def _step(one: Corrected) -> TimelineEntry:
    fields = names_of(one.fields)
    return TimelineEntry(
        title=typeset(f"Corrigé : {fields}") if fields else "Fiche vérifiée",
        when=moment(one.at_s),
        icon="pencil" if fields else "circle-check",
        who=one.author,
    )


def _remote(entry: StructureEntry) -> str:
    remote = [one.name for one in entry.services if "a-distance" in one.reception_modes]
    return ", ".join(remote)


def _waiting(days: int | None) -> str:
    if days is None:
        return ""
    return count(days, "jour") if days else "aucun"


def _membership(entry: StructureEntry, today: dt.date) -> str:
    if entry.membership_from is None:
        return ""
    if entry.is_member_on(today):
        return f"membre depuis le {day(entry.membership_from)}"
    return "n’en fait pas partie aujourd’hui"


def _labels(label: Callable[[str, str], str], vocabulary: str, codes: Sequence[str]) -> str:
    return ", ".join(label(vocabulary, code) for code in codes)


def _filled(pairs: Iterable[tuple[str, str]]) -> tuple[Fact, ...]:
    return tuple(Fact(label=label, value=typeset(value)) for label, value in pairs if value)
