"""Ranks names of places against what somebody types, without any knowledge of communes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from app.domain.folding import fold

_ABBREVIATIONS: Final = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes"}
_ARTICLES: Final = frozenset({"le", "la", "les", "l"})
_SUR: Final = re.compile(r"\bs/", re.IGNORECASE)
_CLOSE_MIN_LETTERS: Final = 4
"""Shorter words have too many neighbours one letter away."""
_INSEE_CODE_LETTERS: Final = re.compile(r"2[ab]\d{1,3}")
_NO_MATCH: Final = 99
_FORMER_NAME: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchableName:
    """What is known of one place: its name and former names, its numbers, and its weight.

    The first of `names` is the present one, the first of `numbers` the one that names the place.
    A greater `weight` comes first among equals.
    """

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True)
class _Indexed:
    text: str  # All its names, folded; a space before each word.
    keys: tuple[tuple[str, str], ...]  # Each name, folded, whole then without its article.
    numbers: tuple[str, ...]
    weight: int


class CommuneIndex:
    """Names folded once, looked through at each keystroke; answers with positions."""

    def __init__(self, places: Iterable[SearchableName]) -> None:
        self._places = [_indexed(place) for place in places]
        self._by_length: dict[int, list[tuple[str, int]]] = defaultdict(list)
        for position, place in enumerate(self._places):
            for key in {key for keys in place.keys for key in keys}:
                self._by_length[len(key)].append((key, position))

    def search(self, text: str, limit: int) -> list[int]:
        """Return the positions of at most `limit` places that `text` may mean, best first."""
        words, numbers = _split(text)
        if not words and not numbers:
            return []
        candidates = self._with_words(words) if words else range(len(self._places))
        found = list(self._ranked(candidates, words, numbers))
        if not found:
            found = list(self._ranked(self._one_slip_away(words), "", numbers))
        return [position for *_order, position in sorted(found)[:limit]]

    def _with_words(self, words: str) -> list[int]:
        """Return the places that have words beginning so, in any order: a quick first sieve."""
        beginnings = [f" {word}" for word in words.split()]
        rarest = max(beginnings, key=len)
        return [
            position
            for position, place in enumerate(self._places)
            if rarest in place.text and all(word in place.text for word in beginnings)
        ]

    def _one_slip_away(self, words: str) -> set[int]:
        """Return the places whose whole name is one wrong letter away."""
        if len(words) < _CLOSE_MIN_LETTERS:
            return set()
        return {
            position
            for length in range(len(words) - 1, len(words) + 2)
            for key, position in self._by_length.get(length, ())
            if _one_slip(words, key)
        }

    def _ranked(
        self, candidates: Iterable[int], words: str, numbers: list[str]
    ) -> Iterator[tuple[int, int, str, int]]:
        for position in candidates:
            place = self._places[position]
            rank = _number_rank(place, numbers)
            if words and rank != _NO_MATCH:
                rank = _name_rank(place, words)
            if rank != _NO_MATCH:
                yield rank, -place.weight, place.keys[0][0], position


def _indexed(place: SearchableName) -> _Indexed:
    wholes = [_key(name) for name in place.names]
    keys = tuple((whole, _without_article(whole)) for whole in wholes)
    text = "".join(f" {whole}" for whole in wholes)
    return _Indexed(text, keys, place.numbers, place.weight)


def _key(name: str) -> str:
    words = fold(_SUR.sub("sur ", name)).split()
    return " ".join(_ABBREVIATIONS.get(word, word) for word in words)


def _without_article(key: str) -> str:
    first, _, rest = key.partition(" ")
    return rest if rest and first in _ARTICLES else key


def _split(text: str) -> tuple[str, list[str]]:
    """Tell apart the words of a name and the numbers of a code, wherever they were typed."""
    tokens = _key(text).split()
    numbers = [token for token in tokens if token.isdecimal() or _INSEE_CODE_LETTERS.match(token)]
    return " ".join(token for token in tokens if token not in numbers), numbers


def _number_rank(place: _Indexed, numbers: list[str]) -> int:
    """Return 0 for the number that names the place, 1 for another one, 2 for a beginning."""
    worst = 0
    for number in numbers:
        if number == place.numbers[0]:
            rank = 0
        elif number in place.numbers:
            rank = 1
        elif any(own.startswith(number) for own in place.numbers):
            rank = 2
        else:
            return _NO_MATCH
        worst = max(worst, rank)
    return worst


def _name_rank(place: _Indexed, words: str) -> int:
    present, *former = place.keys
    rank = _key_rank(present, words)
    if rank == _NO_MATCH:
        rank = min((_key_rank(keys, words) for keys in former), default=_NO_MATCH)
        rank += _FORMER_NAME if rank != _NO_MATCH else 0
    return rank


def _key_rank(keys: tuple[str, str], words: str) -> int:
    """Return how well one name answers: whole name, its beginning, then words inside it."""
    whole, bare = keys
    if words in keys:
        return 0 if words == whole else 1
    if whole.startswith(words) or bare.startswith(words):
        return 2
    if f" {words}" in whole:
        return 3
    return 4 if _words_begin(whole, words) else _NO_MATCH


def _words_begin(whole: str, words: str) -> bool:
    """Tell whether each word typed begins a word of the name, in the same order."""
    remaining = iter(whole.split())
    return all(any(own.startswith(word) for own in remaining) for word in words.split())


def _one_slip(typed: str, key: str) -> bool:
    """Tell whether one letter too many, missing, wrong, or swapped separates two words."""
    shorter = min(len(typed), len(key))
    start = next((at for at in range(shorter) if typed[at] != key[at]), shorter)
    rest, own = typed[start:], key[start:]
    return (
        rest[1:] == own[1:]
        or rest[1:] == own
        or rest == own[1:]
        or (rest[1::-1] == own[:2] and rest[2:] == own[2:])
    )
