"""A person's file as words: what the screen shows, made of what the use case read. No Qt."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from app.domain.events import SealedValue, Value
from app.domain.fold import StandingValue
from app.domain.folding import fold
from app.domain.identifiers import SubjectId
from app.store.search import PersonFound
from app.usecases.persons import EncounterLine, PersonFile
from app.usecases.record_states import RecordState
from app.usecases.referrals import ReferralLine
from ui.person.merging_words import MergedRow, merged_rows
from ui.texts import count, day, moment
from ui.widgets.history_words import history_entries
from ui.widgets.page_values import Badge, Fact, TimelineEntry
from ui.widgets.referral_words import Label, recipient_name, status_badge, telephone_words
from ui.widgets.state_words import referral_state_badge, state_badge, state_words

States = Mapping[SubjectId, RecordState]
"""How far each record of a file has got on its way to others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What turns codes into words. All are quick, and answer for codes nobody knows."""

    label: Label
    commune_name: Callable[[str], str]
    structure_name: Callable[[str], str]
    today: Callable[[], dt.date]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as a row: words, and `birth_on` (ISO) to sort by.

    `is_homonym` says that another row bears the same name, so that one looks at the date of birth.
    """

    person: SubjectId
    name: str
    birth_on: str
    born: str
    commune: str
    telephone: str
    code: str
    is_homonym: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralSummary:
    """A referral as a file shows it; `sent` says how far its record has got."""

    referral: SubjectId
    to_name: str
    badge: Badge
    sent: Badge | None
    history: tuple[TimelineEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Everything the file shows, in words."""

    person: SubjectId
    name: str
    code: str
    born: str
    commune: str
    telephone: str
    facts: tuple[Fact, ...]
    disputes: tuple[Fact, ...]
    meetings: tuple[TimelineEntry, ...]
    referrals: tuple[ReferralSummary, ...]
    merged: tuple[MergedRow, ...] = ()


_FIELDS = (
    ("family_name", "Nom"),
    ("given_name", "Prénom"),
    ("birth_name", "Nom de naissance"),
    ("usual_name", "Nom d’usage"),
    ("birth_on", "Date de naissance"),
    ("telephone", "Téléphone"),
    ("email", "Courriel"),
    ("address", "Adresse"),
    ("commune", "Commune"),
)
_FIELD_NAMES = dict(_FIELDS)
_NOTES = {
    "reception_note": "Note d’accueil",
    "counselling_note": "Note de conseil",
    "private_note": "Note personnelle",
}
_FOUND = (
    ("analysed", "", "Demande reformulée"),
    ("purpose", "purpose", "Visée"),
    ("motives", "request_motive", "Motifs"),
    ("needs", "need", "Besoins"),
    ("barriers", "barrier", "Freins"),
    ("information_given", "information_kind", "Information donnée"),
    ("outcome", "outcome", "Suite"),
)


def person_page(
    file: PersonFile,
    standing: Mapping[str, Sequence[StandingValue]],
    states: States,
    words: Words,
) -> PersonPage:
    """Put a file in words. `standing` gives the values of disputed fields, the shown one last."""
    person = file.person
    return PersonPage(
        person=person.person,
        name=person.display_name or "Sans nom",
        code=person.short_id,
        born=birth_words(person.birth_on, words.today()),
        commune=words.commune_name(person.commune) if person.commune else "",
        telephone=telephone_words(person.telephone),
        facts=tuple(_facts(file, states, words)),
        disputes=tuple(_dispute(field, standing.get(field, ()), words) for field in file.disputed),
        meetings=tuple(_meeting(line, states, words) for line in file.encounters),
        referrals=tuple(_referral(line, states, words) for line in file.referrals),
        merged=merged_rows(file.merged),
    )


def person_rows(found: Sequence[PersonFound], words: Words) -> tuple[PersonRow, ...]:
    """Put persons found in words, in the same order, those of one name marked."""
    names = Counter(fold(person.display_name) for person in found)
    return tuple(
        PersonRow(
            person=person.person,
            name=person.display_name or "Sans nom",
            birth_on=person.birth_on,
            born=_short_day(person.birth_on),
            commune=words.commune_name(person.commune) if person.commune else "",
            telephone=telephone_words(person.telephone),
            code=person.short_id,
            is_homonym=names[fold(person.display_name)] > 1,
        )
        for person in found
    )


def birth_words(birth_on: str, today: dt.date) -> str:
    """Say a date of birth and the age: « 12 mars 1978 (48 ans) »; "" when unknown."""
    try:
        born = dt.date.fromisoformat(birth_on)
    except ValueError:
        return birth_on
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return f"{day(born)} ({count(age, 'an')})"


def _short_day(birth_on: str) -> str:
    """Write « 12/03/1978 », which two homonyms are told apart by at a glance."""
    try:
        return dt.date.fromisoformat(birth_on).strftime("%d/%m/%Y")
    except ValueError:
        return birth_on


def records_of(file: PersonFile) -> list[SubjectId]:
    """Return the records that a file shows: the person, their meetings, their referrals."""
    meetings = [line.encounter for line in file.encounters]
    return [file.person.person, *meetings, *map(_record_of, file.referrals)]


def _facts(file: PersonFile, states: States, words: Words) -> list[Fact]:
    facts = []
    for field, label in _FIELDS:
        value = file.details.get(field)
        if isinstance(value, str) and value:
            note = "plusieurs valeurs" if field in file.disputed else ""
            facts.append(Fact(label=label, value=_field_words(field, value, words), note=note))
    if (found := states.get(file.person.person)) is not None:
        facts.append(Fact(label="Échange", value=state_words(found)))
    return facts


def _field_words(field: str, value: Value, words: Words) -> str:
    text = value if isinstance(value, str) else ""
    if field == "commune":
        return words.commune_name(text)
    if field == "telephone":
        return telephone_words(text)
    if field == "birth_on":
        return birth_words(text, words.today())
    return text


def _dispute(field: str, values: Sequence[StandingValue], words: Words) -> Fact:
    said = [
        f"{_field_words(field, each.value, words) or 'effacé'} ({each.author}, {moment(each.at_s)})"
        for each in reversed(values)
    ]
    return Fact(label=_FIELD_NAMES.get(field, field), value="\n".join(said))


def _meeting(line: EncounterLine, states: States, words: Words) -> TimelineEntry:
    door = words.label("door", _code(line.details.get("door")) or "premiere")
    mode = words.label("reception_mode", _code(line.details.get("mode")))
    sent = state_badge(states.get(line.encounter))
    return TimelineEntry(
        title=" · ".join(part for part in (door, mode.lower()) if part),
        when=moment(line.received_at),
        icon="door-open",
        colour="accent",
        who=line.author,
        quote=line.expressed,
        lines=(*_found(line.details, words), *_notes(line)),
        badges=(*([sent] if sent else []), *_reserved(line)),
    )


def _found(details: Mapping[str, Value], words: Words) -> list[str]:
    lines = []
    for field, vocabulary, label in _FOUND:
        value = details.get(field)
        codes = value if isinstance(value, tuple) else (value,)
        said = [
            words.label(vocabulary, code) if vocabulary else code
            for code in codes
            if isinstance(code, str) and code
        ]
        if said:
            lines.append(f"{label}\u202f: {', '.join(said)}")
    return lines


def _notes(line: EncounterLine) -> list[str]:
    return [f"{_NOTES.get(field, field)}\u202f: {text}" for field, text in line.notes.items()]


def _reserved(line: EncounterLine) -> list[Badge]:
    sealed = [
        field
        for field, value in line.details.items()
        if isinstance(value, SealedValue) and field not in line.notes
    ]
    return [Badge(text="Note réservée", icon="lock", colour="soft") for _ in sealed]


def _record_of(line: ReferralLine) -> SubjectId:
    """Return the record that travels: the copy that both doors read, when there is one."""
    return line.shared or line.referral


def _referral(line: ReferralLine, states: States, words: Words) -> ReferralSummary:
    return ReferralSummary(
        referral=line.referral,
        to_name=recipient_name(line),
        badge=status_badge(line.status, words.label),
        sent=referral_state_badge(states.get(_record_of(line)), line.status),
        history=history_entries(line.history, words.label),
    )


def _code(value: Value) -> str:
    return value if isinstance(value, str) else ""
