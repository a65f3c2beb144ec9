"""Motives that the words of somebody suggest: never chosen for the agent, only proposed.

The words are data (`resources/suggestions`), so that those who hear people every day can add
theirs without a release.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from app.domain.folding import fold_tokens

MOST_PROPOSED: Final = 3

_WIDEST_GAP: Final = 2
"""Words that may stand between those of a phrase: « changer un peu de métier »."""

_LONGEST_READ: Final = 600
"""Words of a text that are read: the first ones say what somebody wants."""


@dataclass(frozen=True, slots=True)
class _Phrase:
    words: tuple[str, ...]

    def begins_at(self, tokens: Sequence[str], place: int) -> bool:
        """Do the words of the phrase follow each other from there, with little between them?"""
        for word in self.words[1:]:
            reach = tokens[place + 1 : place + 2 + _WIDEST_GAP]
            found = next((n for n, token in enumerate(reach) if _matches(word, token)), None)
            if found is None:
                return False
            place += found + 1
        return True


class MotiveSuggestions:
    """What words suggest which motives. The file is read when first asked."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def motives(self, text: str, *, most: int = MOST_PROPOSED) -> tuple[str, ...]:
        """Return the codes of the motives that a text suggests, the likeliest first.

        A longer phrase says more than a word. Of equal ones, the order of the file decides; how
        often somebody repeats a word changes nothing.
        """
        tokens = fold_tokens(text)[:_LONGEST_READ]
        weights: dict[str, int] = {}
        for motive, phrase in dict.fromkeys(self._said(tokens)):
            weights[motive] = weights.get(motive, 0) + len(phrase.words) ** 2
        ranked = sorted(weights, key=lambda motive: (-weights[motive], self._rank[motive]))
        return tuple(ranked[:most])

    def _said(self, tokens: Sequence[str]) -> list[tuple[str, _Phrase]]:
        return [
            (motive, phrase)
            for place, token in enumerate(tokens)
            for motive, phrase in self._by_first.get(token[:_KEY], ())
            if _matches(phrase.words[0], token) and phrase.begins_at(tokens, place)
        ]

    @cached_property
    def _words(self) -> Mapping[str, Sequence[str]]:
        words: Mapping[str, Sequence[str]] = json.loads(self._file.read_text(encoding="utf-8"))[
            "words"
        ]
        return words

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        return {motive: rank for rank, motive in enumerate(self._words)}

    @cached_property
    def _by_first(self) -> Mapping[str, Sequence[tuple[str, _Phrase]]]:
        """Phrases by the first letters of their first word, so that few are tried at each word."""
        found: dict[str, list[tuple[str, _Phrase]]] = {}
        for motive, phrases in self._words.items():
            for text in phrases:
                words = tuple(text.split())
                key = words[0].removesuffix("*")[:_KEY]
                found.setdefault(key, []).append((motive, _Phrase(words)))
        return found


_KEY: Final = 2


def _matches(word: str, token: str) -> bool:
    return token.startswith(word[:-1]) if word.endswith("*") else token == word
