"""The words of the trade: vocabularies kept as dated data files, read when first asked for.

A vocabulary changes without a release of the program. A code retired, or written by a newer
version, stays readable and never blocks: `label` always answers, only `check` refuses.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from app.domain.errors import UnknownVocabularyCodeError
from app.domain.folding import fold

Attribute: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word of a vocabulary.

    `data_inclusion` holds codes of the data·inclusion schema: themes, or whole categories of
    themes. A `is_sensitive` word is off by default and recorded only at the person's request.
    `attributes` are facts that only some vocabularies have, named in their file.
    """

    code: str
    label: str
    family: str | None = None
    hint: str = ""
    retired_on: date | None = None
    is_sensitive: bool = False
    data_inclusion: tuple[str, ...] = ()
    attributes: Mapping[str, Attribute] = field(default_factory=lambda: MappingProxyType({}))

    def covers_theme(self, theme: str) -> bool:
        """Tell whether a data·inclusion theme answers this word, alone or by its category."""
        return any(theme == own or theme.startswith(f"{own}--") for own in self.data_inclusion)


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A heading under which entries are shown together."""

    code: str
    label: str


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """One vocabulary, in the order its words are to be shown."""

    name: str
    version: str
    source: str
    entries: tuple[Entry, ...]
    families: tuple[Family, ...] = ()

    def label(self, code: str) -> str:
        """Return the words of a code, retired or not; an unknown code is shown as it is."""
        entry = self._by_code.get(code)
        return code if entry is None else entry.label

    def codes(self) -> tuple[str, ...]:
        """Return every code, retired ones included."""
        return tuple(self._by_code)

    def active(self, on: date | None = None) -> tuple[Entry, ...]:
        """Return the words to propose on a day; without a day, those never retired."""
        return tuple(
            entry
            for entry in self.entries
            if entry.retired_on is None or (on is not None and on < entry.retired_on)
        )

    def check(self, code: str) -> Entry:
        """Return the word of a code; a retired one passes, since old records hold it.

        Raises:
            UnknownVocabularyCodeError: names the vocabulary, the code and those that come close.
        """
        entry = self._by_code.get(code)
        if entry is None:
            raise UnknownVocabularyCodeError(self.name, code, self._close_to(code))
        return entry

    @cached_property
    def _by_code(self) -> Mapping[str, Entry]:
        return {entry.code: entry for entry in self.entries}

    def _close_to(self, code: str) -> list[str]:
        """Return codes that look like what was written, or whose words do."""
        from difflib import get_close_matches  # Only a mistake pays for it.

        code_by_words = {fold(entry.label): entry.code for entry in self.active()}
        code_by_words |= {fold(entry.code): entry.code for entry in self.active()}
        close = get_close_matches(fold(code), code_by_words, n=3, cutoff=0.6)
        return list(dict.fromkeys(code_by_words[words] for words in close))


class Vocabularies:
    """Every vocabulary of a folder, each read the first time it is asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Vocabulary] = {}

    def get(self, name: str) -> Vocabulary:
        """Return a vocabulary by the name of its file, without suffix.

        Raises:
            LookupError: there is no such vocabulary, which is a mistake of the program.
        """
        if name not in self._read:
            if name not in self.names():
                message = f"no vocabulary is named {name!r}"
                raise LookupError(message)
            self._read[name] = read_vocabulary(self._folder / f"{name}.json")
        return self._read[name]

    def label(self, name: str, code: str) -> str:
        """Return the words of a code of a vocabulary."""
        return self.get(name).label(code)

    def check(self, name: str, code: str) -> Entry:
        """Return the word of a code of a vocabulary.

        Raises:
            UnknownVocabularyCodeError: the vocabulary has no such code.
        """
        return self.get(name).check(code)

    def names(self) -> tuple[str, ...]:
        """Return the names of the vocabularies, sorted."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))


def read_vocabulary(path: Path) -> Vocabulary:
    """Read one vocabulary file.

    Keys: `vocabulary`, `version`, `source`, `entries` (each `code`, `label` and, when there are
    any, `family`, `hint`, `retired_on`, `sensitive`, `data_inclusion`, `attributes`), `families`.
    """
    content = json.loads(path.read_text(encoding="utf-8"))
    return Vocabulary(
        name=content["vocabulary"],
        version=content["version"],
        source=content["source"],
        entries=tuple(_entry(row) for row in content["entries"]),
        families=tuple(
            Family(code=row["code"], label=row["label"]) for row in content.get("families", ())
        ),
    )


def _entry(row: Mapping[str, Any]) -> Entry:
    retired_on = row.get("retired_on")
    return Entry(
        code=row["code"],
        label=row["label"],
        family=row.get("family"),
        hint=row.get("hint", ""),
        retired_on=date.fromisoformat(retired_on) if retired_on else None,
        is_sensitive=row.get("sensitive", False),
        data_inclusion=tuple(row.get("data_inclusion", ())),
        attributes=MappingProxyType(dict(row.get("attributes", {}))),
    )
