"""One structure of the directory as its page shows it, and what may be corrected of it. No Qt."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.errors import AppError
from app.reference.directory import StructureEntry
from app.reference.opening_hours import OpeningHours, read_opening_hours
from app.usecases.directory.added import ADDED_SOURCE
from app.usecases.directory.histories import Corrected
from ui.directory.page import Asked, DirectoryRow, directory_row, names_of
from ui.directory.services import (
    HOLIDAYS,
    Offered,
    ServiceShown,
    ServiceWords,
    checked_badge,
    filled,
    waiting_words,
)
from ui.opening_words import hours_words, week_of
from ui.texts import day, moment, typeset
from ui.widgets.entry_correction import Typed, typed_of
from ui.widgets.page_values import Badge, Fact, TimelineEntry
from ui.widgets.referral_words import telephone_words

_ACCESSIBILITY: Final = {
    "accessible": "lieu accessible",
    "on_request": "lieu accessible sur demande",
    "not_accessible": "lieu non accessible",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StructurePage:
    """A structure, in words; one that `is_added` here may be taken back."""

    row: DirectoryRow
    about: str
    telephone: str
    direct: str
    contact: tuple[Fact, ...]
    week: tuple[Fact, ...]
    hours_notes: tuple[str, ...]
    facts: tuple[Fact, ...]
    services: tuple[ServiceShown, ...]
    blank: Offered
    checked: Badge
    entry_facts: tuple[Fact, ...]
    history: tuple[TimelineEntry, ...]
    typed: Typed
    is_added: bool


def structure_page(
    entry: StructureEntry,
    words: ServiceWords,
    *,
    history: Sequence[Corrected],
    services: Mapping[str, Sequence[Corrected]],
    successor: str = "",
) -> StructurePage:
    """Put a structure in words.

    `history` is who wrote about it, `services` who wrote about each of its services, by reference;
    `successor` is the name of who took over.
    """
    places, asked = words.places, words.asked
    today = asked.at.date()
    row = directory_row(entry, places, asked)
    in_order = sorted(entry.services, key=lambda one: one.has_ended_on(today))
    week, notes = _hours(entry.hours, today)
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
        services=tuple(
            words.shown(entry, one, services.get(one.reference, ())) for one in in_order
        ),
        blank=words.offered(entry, None),
        checked=_checked(entry, history, today, row),
        entry_facts=_entry_facts(entry, asked),
        history=tuple(_step(one) for one in history),
        typed=typed_of(entry, today),
        is_added=entry.source == ADDED_SOURCE,
    )


def _checked(
    entry: StructureEntry, history: Sequence[Corrected], today: dt.date, row: DirectoryRow
) -> Badge:
    is_over, is_doubted = entry.has_ended_on(today), row.doubted > 0
    return checked_badge(entry, history, today, is_over=is_over, is_doubted=is_doubted)


def _entry_facts(entry: StructureEntry, asked: Asked) -> tuple[Fact, ...]:
    publisher = "ajoutée ici" if entry.source == ADDED_SOURCE else entry.source
    return filled((("Écartée", _passed_over(entry, asked)), ("Publiée par", publisher)))


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
        yield HOLIDAYS


def _contact(entry: StructureEntry) -> tuple[Fact, ...]:
    place = " ".join(filter(None, (entry.postal_code, entry.commune_name)))
    address = ", ".join(filter(None, (entry.address, entry.address_complement, place)))
    return filled((("Courriel", entry.email or ""), ("Adresse", address)))


def _facts(entry: StructureEntry, asked: Asked, successor: str) -> tuple[Fact, ...]:
    return filled(
        (
            ("À distance", _remote(entry)),
            ("Langues", _labels(asked.label, "language", entry.languages)),
            ("Accessibilité", _ACCESSIBILITY.get(entry.accessibility, entry.accessibility)),
            ("Délai annoncé", waiting_words(entry.waiting_days)),
            ("Capacité", entry.capacity),
            ("Équipe", entry.team),
            ("Service public", _membership(entry, asked.at.date())),
            ("CEP", "opérateur du conseil en évolution" if entry.is_cep_operator else ""),
            ("Remplacée par", successor),
            ("Description", entry.description),
        )
    )


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


def _step(one: Corrected) -> TimelineEntry:
    fields = names_of(one.fields)
    corrected = typeset(f"Corrigé : {fields}") if fields else "Fiche vérifiée"
    return TimelineEntry(
        title="Fiche ajoutée" if one.adds else corrected,
        when=moment(one.at_s),
        icon="pencil" if fields else "circle-check",
        who=one.author,
    )


def _remote(entry: StructureEntry) -> str:
    remote = [one.name for one in entry.services if "a-distance" in one.reception_modes]
    return ", ".join(remote)


def _membership(entry: StructureEntry, today: dt.date) -> str:
    if entry.membership_from is None:
        return ""
    if entry.is_member_on(today):
        return f"membre depuis le {day(entry.membership_from)}"
    return "n’en fait pas partie aujourd’hui"


def _labels(label: Callable[[str, str], str], vocabulary: str, codes: Sequence[str]) -> str:
    return ", ".join(label(vocabulary, code) for code in codes)
