"""Puts what was read beside what is held: new, changed, the same, gone. Nothing is written here.

Entries are the same when their source and identifier are. What is held is kept as published, and
corrections made here beside it, field by field: they stay on top whatever is published later.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from app.reference.communes import CommunePlace
from app.reference.directory import Row
from app.reference.importing.commune_finding import departments_of
from app.reference.importing.findings import Kind
from app.reference.importing.parsed import Parsed

Key: TypeAlias = tuple[str, str]
"""Source and identifier."""

_COMMUNE: Final = "code_insee"
_POINT: Final = ("latitude", "longitude")

Fields: TypeAlias = Mapping[str, Any]
"""Values by field of the schema; None for one that is to be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """What people of this place know better, by reference (`source/id`) then field.

    `spro` corrects the facts that are ours, by identifier: a network deduced wrongly, for instance.
    """

    structures: Mapping[str, Fields] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[str, Fields] = field(default_factory=lambda: MappingProxyType({}))
    spro: Mapping[str, Fields] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held, as it was published: rows by key, facts by identifier, places by commune."""

    structures: Mapping[Key, Row] = field(default_factory=lambda: MappingProxyType({}))
    services: Mapping[Key, Row] = field(default_factory=lambda: MappingProxyType({}))
    spro: Mapping[str, Row] = field(default_factory=lambda: MappingProxyType({}))
    places: Mapping[str, CommunePlace] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An entry that is published otherwise than before."""

    before: Row
    after: Row

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields whose value differs, in the order of the schema, new ones last."""
        names = dict.fromkeys((*self.before, *self.after))
        return tuple(name for name in names if self.before.get(name) != self.after.get(name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of the structures, or of the services.

    Attributes:
        added: rows that were not held.
        updated: rows to replace.
        unchanged: keys of those published as before.
        outdated: those that the file gives older than what is held, which stays.
        absent: keys of those held that the file no longer gives, although it gives their source and
            covers their place. They are never removed by merging: records cite them.
    """

    added: tuple[Row, ...] = ()
    updated: tuple[Change, ...] = ()
    unchanged: tuple[Key, ...] = ()
    outdated: tuple[Change, ...] = ()
    absent: tuple[Key, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionNews:
    """A corrected field of which the publisher now says something else than when it was held.

    When `published` is what was corrected, the correction is of no use any more.
    """

    kind: Kind
    reference: str
    name: str
    corrected: Any
    published_before: Any
    published: Any

    @property
    def is_settled(self) -> bool:
        """Tell whether the publisher came to say the same."""
        return bool(self.published == self.corrected)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What to store, and what to say of it.

    `spro` holds the facts that are new or changed, all of those of an identifier together, and
    `places` those of communes that were not known to be there.
    """

    structures: Outcome
    services: Outcome
    spro: Mapping[str, Row]
    news: tuple[CorrectionNews, ...]
    places: Mapping[str, CommunePlace] = field(default_factory=lambda: MappingProxyType({}))


def merge(held: Held, parsed: Parsed, *, corrections: Corrections) -> Merged:
    """Return what a file that was read changes to what is held.

    Merging the same file again changes nothing. Corrections are never touched: `news` says which
    of them somebody may look at again.
    """
    structures = _outcome(held.structures, parsed.structures, parsed, Kind.STRUCTURE)
    services = _outcome(held.services, parsed.services, parsed, Kind.SERVICE)
    return Merged(
        structures=structures,
        services=services,
        spro=_changed_facts(held.spro, parsed.spro),
        places={
            code: place for code, place in parsed.places.items() if held.places.get(code) != place
        },
        news=(
            *_news(structures.updated, corrections.structures, Kind.STRUCTURE),
            *_news(services.updated, corrections.services, Kind.SERVICE),
        ),
    )


def corrected(row: Row, corrections: Mapping[str, Fields]) -> Row:
    """Return a row with the corrections of its reference on top; an emptied field has no key.

    What moved to another commune is no longer at the coordinates that were published.
    """
    fields = corrections.get(reference_of(row), {})
    if fields.get(_COMMUNE, row.get(_COMMUNE)) != row.get(_COMMUNE):
        fields = {**dict.fromkeys(_POINT), **fields}
    return _on_top(row, fields)


def corrected_facts(identifier: str, facts: Row, corrections: Corrections) -> Row:
    """Return the facts of an identifier with what was corrected on top."""
    return _on_top(facts, corrections.spro.get(identifier, {}))


def key_of(row: Row) -> Key:
    """Return by what an entry is the same from one file to the next."""
    return row["source"], row["id"]


def reference_of(row: Row) -> str:
    """Return the name by which records and corrections cite an entry."""
    return f"{row['source']}/{row['id']}"


def _on_top(row: Row, fields: Fields) -> Row:
    values = {**row, **fields}
    return {name: value for name, value in values.items() if value is not None}


def _outcome(held: Mapping[Key, Row], read: Iterable[Row], parsed: Parsed, kind: Kind) -> Outcome:
    added: list[Row] = []
    updated: list[Change] = []
    outdated: list[Change] = []
    unchanged: list[Key] = []
    given: set[Key] = set()
    for row in read:
        key = key_of(row)
        given.add(key)
        before = held.get(key)
        if before is None:
            added.append(row)
        elif before == row:
            unchanged.append(key)
        elif row["date_maj"] < before["date_maj"]:
            outdated.append(Change(before=before, after=row))
        else:
            updated.append(Change(before=before, after=row))
    return Outcome(
        added=tuple(added),
        updated=tuple(updated),
        unchanged=tuple(unchanged),
        outdated=tuple(outdated),
        # An older file says nothing of what came after it.
        absent=() if outdated else tuple(_absent(held, given, parsed, kind)),
    )


def _absent(held: Mapping[Key, Row], given: set[Key], parsed: Parsed, kind: Kind) -> Iterable[Key]:
    if kind not in parsed.holds:
        return
    refused = {value for each in parsed.rejected for value in each.facts.values()}
    for key, row in held.items():
        source, identifier = key
        is_covered = source in parsed.provenance.sources and _is_covered(row, parsed)
        if is_covered and key not in given and identifier not in refused:
            yield key


def _is_covered(row: Row, parsed: Parsed) -> bool:
    there = departments_of(row.get("code_insee"), row.get("code_postal"))
    return not parsed.departments or (bool(there) and there <= parsed.departments)


def _changed_facts(held: Mapping[str, Row], read: Mapping[str, Row]) -> Mapping[str, Row]:
    return {
        identifier: facts for identifier, facts in read.items() if held.get(identifier) != facts
    }


def _news(
    updated: Iterable[Change], corrections: Mapping[str, Fields], kind: Kind
) -> Iterable[CorrectionNews]:
    for change in updated:
        reference = reference_of(change.after)
        for name, value in corrections.get(reference, {}).items():
            if name in change.fields:
                yield CorrectionNews(
                    kind=kind,
                    reference=reference,
                    name=name,
                    corrected=value,
                    published_before=change.before.get(name),
                    published=change.after.get(name),
                )
