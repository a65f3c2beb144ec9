"""Words about what the law protects, found in free text so that whoever writes is reminded.

Article 9 of the GDPR names health, origin, opinions, beliefs, union membership and sexual life;
article 10, offences. The program refuses none of these words: it only says that the person may read
what is written. Which words, is data (`resources/vocabulary/sensitive_words.json`).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from app.domain.folding import fold

Phrase: TypeAlias = tuple[str, ...]

_WORD: Final = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_ANY_ENDING: Final = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensitiveWord:
    """Words found in a text, from `start` to before `end`, with the family they belong to."""

    family: str
    start: int
    end: int


class SensitiveWords:
    """Phrases to be found, by family. Matched on whole words, without accents or capitals.

    A phrase is words separated by spaces; a word that ends with `*` stands for all that begin so.
    A longer phrase wins over those inside it: one that belongs to no family (« assurance maladie »)
    keeps its words from being found.
    """

    def __init__(self, phrases: Mapping[str, Iterable[str]], unless: Iterable[str] = ()) -> None:
        self._by_first: dict[str, list[tuple[Phrase, str]]] = {}
        for family, written in (*phrases.items(), ("", unless)):
            for phrase in written:
                self._add(_phrase(phrase), family)
        stems = (len(first) for first in self._by_first if first.endswith(_ANY_ENDING))
        self._longest_stem = max(stems, default=0)
        for known in self._by_first.values():
            known.sort(key=lambda each: (-len(each[0]), each[1]))

    def find(self, text: str) -> tuple[SensitiveWord, ...]:
        """Return what is found in a text, in its order; the time taken grows as its length."""
        places = [
            (word, match.start(), match.end())
            for match in _WORD.finditer(text)
            for word in fold(match.group()).split()
        ]
        words = [word for word, _start, _end in places]
        found, place = [], 0
        while place < len(words):
            length, family = self._longest(words, place)
            if family:
                start, end = places[place][1], places[place + length - 1][2]
                found.append(SensitiveWord(family=family, start=start, end=end))
            place += length or 1
        return tuple(found)

    def families(self, text: str) -> tuple[str, ...]:
        """Return the families found in a text, each once, in its order."""
        return tuple(dict.fromkeys(word.family for word in self.find(text)))

    def _add(self, phrase: Phrase, family: str) -> None:
        self._by_first.setdefault(phrase[0], []).append((phrase, family))

    def _longest(self, words: list[str], place: int) -> tuple[int, str]:
        """Return how many words the longest phrase here has, and its family; 0 when none does."""
        best = (0, "")
        for key in self._keys(words[place]):
            for phrase, family in self._by_first.get(key, ()):
                if len(phrase) <= best[0]:
                    break
                if _matches(phrase, words[place : place + len(phrase)]):
                    best = (len(phrase), family)
                    break
        return best

    def _keys(self, word: str) -> Iterable[str]:
        """Give what a phrase that begins with this word may be kept under."""
        yield word
        for length in range(1, min(len(word) + 1, self._longest_stem)):
            yield word[:length] + _ANY_ENDING


def _phrase(written: str) -> Phrase:
    """Fold a phrase as a text is, keeping the mark of what ends anyhow."""
    return tuple(
        word
        for part in written.split()
        for word in _marked(fold(part).split(), is_stem=part.endswith(_ANY_ENDING))
    )


def _marked(words: list[str], *, is_stem: bool) -> list[str]:
    return [*words[:-1], words[-1] + _ANY_ENDING] if is_stem else words


def _matches(phrase: Phrase, words: list[str]) -> bool:
    return len(phrase) == len(words) and all(
        word.startswith(wanted[:-1]) if wanted.endswith(_ANY_ENDING) else word == wanted
        for wanted, word in zip(phrase, words, strict=True)
    )
