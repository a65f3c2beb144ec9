"""What a cell means in the words of the trade: a label, an abbreviation, a slip of the fingers.

What is not understood stays so: nothing is invented, and somebody is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from app.domain.folding import fold
from app.domain.reception_rules import VOCABULARY_OF
from app.reference.communes import Communes
from app.reference.register.ages import ages_of, band_of
from app.reference.register.communes import CommuneReader
from app.reference.register.words import PhraseIndex, RegisterWords
from app.reference.suggestions import MotiveSuggestions
from app.reference.vocabulary import Entry, Vocabularies

CODED: Final[Mapping[str, str]] = MappingProxyType(
    {
        field: VOCABULARY_OF[field]
        for field in (
            *("mode", "place", "visitor", "how_they_came", "status", "level_reached"),
            *("diploma_obtained", "sex", "motives", "barriers", "information_given", "outcome"),
        )
    }
    | {"age": VOCABULARY_OF["age_band"]}
)
"""The vocabulary of each field whose cells are words of a list."""

COMMUNE: Final = "commune"
WITH_VALUES: Final = (*CODED, COMMUNE)
"""The fields whose cells are mapped one by one, and may be corrected."""

SEVERAL: Final = frozenset({"motives", "barriers", "information_given"})
"""The fields of which a cell may say several things."""

_MOST_MOTIVES: Final = 2
_SHORTEST_CLOSE: Final = 5
_LONGEST: Final = 400
"""Signs of a cell that are read for words of a list."""
_SEPARATORS: Final = ("\n", ";", "/", "+", ",", "|", " et ", "&")


class How(StrEnum):
    """How a cell was understood."""

    SAME = "same"
    KNOWN = "known"
    CLOSE = "close"
    WORDS = "words"
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What a cell means: codes of a vocabulary or of communes, none when it is not understood."""

    codes: tuple[str, ...] = ()
    how: How = How.NOT


_NOT_UNDERSTOOD: Final = Understood()


class ValueReader:
    """Reads cells of columns of words; each different one is read once."""

    def __init__(
        self,
        vocabularies: Vocabularies,
        communes: Communes,
        suggestions: MotiveSuggestions,
        words: RegisterWords,
    ) -> None:
        self._vocabularies = vocabularies
        self._suggestions = suggestions
        self._words = words
        self.communes = CommuneReader(communes, closest=words.closest)
        self._known: dict[str, _Known] = {}
        self._read: dict[tuple[str, str], Understood] = {}

    def read(self, field: str, text: str) -> Understood:
        """Return what a cell of a column means; `field` is one of `WITH_VALUES`."""
        key = (field, text)
        if key not in self._read:
            self._read[key] = self._understood(field, text[:_LONGEST])
        return self._read[key]

    def bands(self) -> tuple[Entry, ...]:
        """Return the bands of ages in use."""
        return self._vocabularies.get(CODED["age"]).active()

    def _understood(self, field: str, text: str) -> Understood:
        if not fold(text) or self._words.says_nothing(text):
            return _NOT_UNDERSTOOD
        if field == COMMUNE:
            return self._commune(text)
        if field == "age" and (ages := ages_of(text)) is not None:
            band = band_of(ages, self.bands())
            return Understood(codes=(band,), how=How.KNOWN) if band else _NOT_UNDERSTOOD
        if field in SEVERAL:
            return self._several(field, text)
        return self._one(field, fold(text))

    def _commune(self, text: str) -> Understood:
        if code := self.communes.exactly(text):
            return Understood(codes=(code,), how=How.SAME)
        if code := self.communes.closely(text):
            return Understood(codes=(code,), how=How.CLOSE)
        return _NOT_UNDERSTOOD

    def _one(self, field: str, folded: str) -> Understood:
        known = self._of(CODED[field])
        if code := known.labels.get(folded):
            return Understood(codes=(code,), how=How.SAME)
        if code := known.phrases.whole(folded):
            return Understood(codes=(code,), how=How.KNOWN)
        found = list(known.phrases.inside(folded))
        if found:
            longest = max(length for _, length in found)
            codes = dict.fromkeys(code for code, length in found if length == longest)
            # Two words of equal weight that say two things: nobody can tell which.
            return Understood(codes=tuple(codes), how=How.WORDS) if len(codes) == 1 else _one_of()
        return self._close(known, folded)

    def _several(self, field: str, text: str) -> Understood:
        whole = self._one(field, fold(text))
        if whole.how in {How.SAME, How.KNOWN}:
            return whole
        parts = [self._one(field, fold(part)) for part in _split(text)]
        sure = [part for part in parts if part.how in {How.SAME, How.KNOWN}]
        if parts and len(sure) == len(parts):
            return Understood(codes=_each(sure), how=How.KNOWN)
        inside = self._of(CODED[field]).phrases.inside(fold(text))
        codes = tuple(dict.fromkeys([*_each(sure), *(code for code, _ in inside)]))
        if not codes and field == "motives":
            codes = self._suggestions.motives(text, most=_MOST_MOTIVES)
        if codes:
            return Understood(codes=codes, how=How.WORDS)
        return whole

    def _close(self, known: "_Known", folded: str) -> Understood:
        from rapidfuzz import fuzz, process

        if len(folded) < _SHORTEST_CLOSE:
            return _NOT_UNDERSTOOD
        near = process.extract(
            folded, known.spellings, scorer=fuzz.ratio, score_cutoff=self._words.closest, limit=4
        )
        codes = {known.meanings[spelt] for spelt, score, _ in near if score == near[0][1]}
        return Understood(codes=tuple(codes), how=How.CLOSE) if len(codes) == 1 else _one_of()

    def _of(self, vocabulary: str) -> "_Known":
        if vocabulary not in self._known:
            self._known[vocabulary] = _known(
                self._vocabularies.get(vocabulary).active(), self._words.words_for(vocabulary)
            )
        return self._known[vocabulary]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a vocabulary: its own words, those of the field, and all their spellings."""

    labels: Mapping[str, str]
    phrases: PhraseIndex
    meanings: Mapping[str, str]

    @property
    def spellings(self) -> list[str]:
        """Everything that a cell may nearly say."""
        return [spelt for spelt in self.meanings if len(spelt) >= _SHORTEST_CLOSE]


def _known(entries: Iterable[Entry], of_the_field: Mapping[str, Iterable[str]]) -> _Known:
    entries = tuple(entries)
    labels = {fold(entry.code): entry.code for entry in entries}
    labels |= {fold(entry.label): entry.code for entry in entries}
    phrases = {code: [*written] for code, written in of_the_field.items()}
    for code, written in _former_levels(entries).items():
        phrases.setdefault(code, []).extend(written)
    index = PhraseIndex(phrases)
    return _Known(labels, index, {**index.phrases(), **labels})


def _former_levels(entries: tuple[Entry, ...]) -> Mapping[str, list[str]]:
    """Return how levels were named before 2019 and are elsewhere; one that named two says neither.

    The level V of before is the 3 of today (décret 2019-14), and France Travail's codes run the
    other way.
    """
    found: dict[str, list[str]] = {}
    formers = [entry.attributes.get("former_level") for entry in entries]
    for entry in entries:
        names = []
        if (level := entry.attributes.get("level")) is not None:
            names += [f"niveau {level}", f"niv {level}"]
        former = entry.attributes.get("former_level")
        if former and formers.count(former) == 1:
            names += [f"niveau {former}", f"niv {former}", f"={former}"]
            names.append(f"={entry.attributes['france_travail']}")
        if names:
            found[entry.code] = names
    return found


def _split(text: str) -> list[str]:
    parts = [text]
    for separator in _SEPARATORS:
        parts = [piece for part in parts for piece in part.split(separator)]
    return [part for part in parts if fold(part)]


def _each(found: Iterable[Understood]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for one in found for code in one.codes))


def _one_of() -> Understood:
    """Return what stands for several meanings of equal weight: none."""
    return _NOT_UNDERSTOOD
