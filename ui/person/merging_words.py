"""Files that may be of one person, or were merged into one, in words. No Qt."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.events import Value
from app.domain.identifiers import SubjectId
from app.usecases.merging import Proposal
from app.usecases.persons import MergedFile
from ui.texts import day
from ui.widgets.duplicate_words import reasons_words, who_words

_MERGED_FACTS: Final = ("family_name", "given_name", "birth_name", "birth_on", "telephone", "email")


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateRow:
    """Two files to compare: who each is in a line, and why they may be one."""

    one: SubjectId
    other: SubjectId
    one_words: str
    other_words: str
    reasons: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedRow:
    """A file that the one shown stands for: its name, and what it says."""

    person: SubjectId
    name: str
    details: str


def duplicate_rows(
    proposals: Sequence[Proposal], commune_name: Callable[[str], str]
) -> tuple[DuplicateRow, ...]:
    """Put pairs of files in words."""
    return tuple(
        DuplicateRow(
            one=pair.one.person,
            other=pair.other.person,
            one_words=who_words(pair.one, commune_name),
            other_words=who_words(pair.other, commune_name),
            reasons=reasons_words(pair.reasons),
        )
        for pair in proposals
    )


def merged_rows(merged: Sequence[MergedFile]) -> tuple[MergedRow, ...]:
    """Put in words what the files merged into one say."""
    return tuple(
        MergedRow(
            person=one.person,
            name=one.display_name or "Sans nom",
            details=", ".join(filter(None, (_fact(name, one.details) for name in _MERGED_FACTS))),
        )
        for one in merged
    )


def _fact(name: str, details: Mapping[str, Value]) -> str:
    value = details.get(name)
    if not isinstance(value, str) or not value:
        return ""
    return f"né(e) le {day(value)}" if name == "birth_on" else value
