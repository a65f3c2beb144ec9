"""The words of registers, held as data: titles of columns, abbreviations, lines to be set aside.

An office adds its own in `resources/register`, without a release of the program.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final

from app.domain.folding import fold
from resources import resource_path

_WHOLE: Final = "="
"""Before a word: the whole cell must say it, and not only contain it."""

_CLOSE_TITLE: Final = 82
"""How alike a title of six letters or more must be, of a hundred: « prénon » is 83."""

_WORD_WEIGHS: Final = 1_000

_LONGEST_TITLE: Final = 12
"""Words of a title that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """What a title of column means: a field, or why it is left out; `is_whole` when exactly so."""

    field: str
    left_out: str
    is_whole: bool


class PhraseIndex:
    """Phrases looked for in a text, whole words only, by what they mean. The longest wins."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._meanings: dict[tuple[str, ...], str] = {}
        self._alone: dict[tuple[str, ...], str] = {}
        for meaning, written in phrases.items():
            for phrase in written:
                words = tuple(fold(phrase.removeprefix(_WHOLE)).split())
                kept = self._alone if phrase.startswith(_WHOLE) else self._meanings
                if words:
                    kept.setdefault(words, meaning)
        self._longest = max(map(len, self._meanings), default=0)

    def whole(self, folded: str) -> str:
        """Return what a folded text means when it is exactly a phrase, else ""."""
        words = tuple(folded.split())
        return self._alone.get(words) or self._meanings.get(words, "")

    def inside(self, folded: str) -> Iterator[tuple[str, int]]:
        """Give each meaning found in a folded text, left to right, with what it weighs.

        More words weigh more, then more letters.
        """
        words = tuple(folded.split())
        place = 0
        while place < len(words):
            length, meaning = self._at(words, place)
            if meaning:
                letters = sum(map(len, words[place : place + length]))
                yield meaning, length * _WORD_WEIGHS + letters
            place += length or 1

    def phrases(self) -> Mapping[str, str]:
        """Return what each folded phrase means, those that must stand alone included."""
        return {" ".join(words): said for words, said in (self._meanings | self._alone).items()}

    def _at(self, words: Sequence[str], place: int) -> tuple[int, str]:
        for length in range(min(self._longest, len(words) - place), 0, -1):
            if meaning := self._meanings.get(tuple(words[place : place + length])):
                return length, meaning
        return 0, ""


class RegisterWords:
    """Everything that `resources/register` says; each file is read when first asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def title(self, text: str) -> Titled | None:
        """Return what a title means: by the longest of our phrases that it holds, None if none."""
        return next(iter(self.titles(text)), None)

    def titles(self, text: str) -> tuple[Titled, ...]:
        """Return everything that a title may mean, the likeliest first."""
        folded = " ".join(fold(text).split()[:_LONGEST_TITLE])
        if meaning := self._titles.whole(folded):
            return (_titled(meaning, is_whole=True),)
        found = sorted(self._titles.inside(folded), key=lambda pair: -pair[1])
        return tuple(_titled(one, is_whole=False) for one in dict.fromkeys(one for one, _ in found))

    def close_title(self, text: str) -> Titled | None:
        """Return what a title means when it is one of ours but for a slip of the fingers."""
        from rapidfuzz import fuzz, process

        folded = fold(text)
        if len(folded) < len("motif"):
            return None
        known = self._titles.phrases()
        cutoff = self.closest if len(folded) == len("motif") else _CLOSE_TITLE
        best = process.extractOne(folded, list(known), scorer=fuzz.ratio, score_cutoff=cutoff)
        return None if best is None else _titled(known[best[0]], is_whole=False)

    def says_nothing(self, text: str) -> bool:
        """Is a cell one of those that say that nothing is known: « NC », « - », « ? »?"""
        return text.strip().lower() in self._nothing

    def is_tick(self, text: str) -> bool:
        """Is a cell a cross, a one, a yes?"""
        return text.strip().lower() in self._ticks

    def is_no_tick(self, text: str) -> bool:
        """Is a cell of a column of crosses left without one?"""
        return text.strip().lower() in self._not_ticks

    def says_yes(self, text: str) -> bool:
        """Is an agreement given? Anything that is not clearly yes is no."""
        return text.strip().lower() in self._yes

    def sums_up(self, text: str) -> bool:
        """Does a line that begins so sum up the others?"""
        folded = f"{fold(text)} "
        return any(folded.startswith(f"{begun} ") for begun in self._sums)

    def words_for(self, vocabulary: str) -> Mapping[str, Sequence[str]]:
        """Return the words of the field for each code of a vocabulary."""
        found: Mapping[str, Sequence[str]] = self._values.get(vocabulary, {})
        return found

    @property
    def fields(self) -> Mapping[str, str]:
        """The fields that a column may hold, with what each is called."""
        return {field: about["label"] for field, about in self._columns["fields"].items()}

    @property
    def shared(self) -> frozenset[str]:
        """The fields that several columns may hold together."""
        return frozenset(self._columns["several_columns"])

    @property
    def civilities(self) -> frozenset[str]:
        """The words before a name that are no part of it, folded."""
        return frozenset(map(fold, self._columns["civilities"]))

    @property
    def particles(self) -> frozenset[str]:
        """The words that begin a name and go with what follows, folded."""
        return frozenset(map(fold, self._columns["particles"]))

    @property
    def closest(self) -> int:
        """How alike two words must be to be taken for one, of a hundred."""
        return int(self._columns["closest"])

    @cached_property
    def _titles(self) -> PhraseIndex:
        phrases = {name: about["titles"] for name, about in self._columns["fields"].items()}
        left_out = {f"-{one['reason']}": one["titles"] for one in self._columns["left_out"]}
        return PhraseIndex(phrases | left_out)

    @cached_property
    def _columns(self) -> Mapping[str, Any]:
        return _read(self._folder / "columns.json")

    @cached_property
    def _values(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        return _read(self._folder / "values.json")["values"]  # type: ignore[no-any-return]  # JSON

    @cached_property
    def _nothing(self) -> frozenset[str]:
        return self._lowered("nothing")

    @cached_property
    def _ticks(self) -> frozenset[str]:
        return self._lowered("ticks")

    @cached_property
    def _not_ticks(self) -> frozenset[str]:
        return self._lowered("not_ticks")

    @cached_property
    def _yes(self) -> frozenset[str]:
        return self._lowered("yes")

    @cached_property
    def _sums(self) -> tuple[str, ...]:
        return tuple(map(fold, self._columns["set_aside"]))

    def _lowered(self, name: str) -> frozenset[str]:
        return frozenset(word.lower() for word in self._columns[name])


@cache
def register_words() -> RegisterWords:
    """Return the words that travel with the program."""
    return RegisterWords(resource_path("register"))


def _titled(meaning: str, *, is_whole: bool) -> Titled:
    is_left_out = meaning.startswith("-")
    return Titled(
        field="" if is_left_out else meaning,
        left_out=meaning[1:] if is_left_out else "",
        is_whole=is_whole,
    )


def _read(path: Path) -> Mapping[str, Any]:
    content: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
