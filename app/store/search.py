"""Person search inside the encrypted file: forgiving, best first, nothing loaded at start.

Thin on purpose: words by prefix, one-letter mistakes by deletion, dates of birth with day and
month either way, telephones by either end, spoken codes. Each word gives a few candidates; a word
so common that it gives too many is checked on the candidates of the others; the best are ranked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.folding import fold, fold_tokens
from app.domain.identifiers import SubjectId
from app.store.person_index import bearing, bearing_beginning, bearing_beginnings
from app.store.person_tokens import NATIONAL_DIGITS, PREFIX, deletions, national_digits

CANDIDATES = 200
"""Persons that one word may bring; beyond, it is too common to choose by."""

RANKED = 60
"""Of the candidates, how many are compared letter by letter with what was typed."""

SHORTEST_NUMBER = 4
"""Digits below which a number says nothing: a year has four."""

_SHORT, _EXACT, _PREFIX, _ONE_LETTER, _TWO_LETTERS, _NUMBER = 5.0, 3.0, 2.0, 1.5, 1.0, 3.0
_BEARS = "SELECT words FROM person_search WHERE number = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFound:
    """A person as a list shows them."""

    person: SubjectId
    short_id: str
    display_name: str
    birth_on: str
    commune: str
    telephone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Term:
    """One thing typed: the tokens that bear it begin so, and whom it brings, how surely."""

    beginnings: tuple[str, ...]
    matches: Mapping[int, float]

    @property
    def is_common(self) -> bool:
        """Were there too many to bring them all?"""
        return len(self.matches) >= CANDIDATES


def search_persons(connection: Any, text: str, *, limit: int = 20) -> list[PersonFound]:
    """Return the persons that a few words, a date, a telephone or a code may mean, best first."""
    scores = _scores(connection, _terms(connection, text))
    best = sorted(scores, key=lambda number: (-scores[number], number))[:RANKED]
    asked = fold(_without_numbers(text))
    found = [
        (-scores[number] - _closeness(asked, row), row.display_name, number, row)
        for number in best
        if (row := _read(connection, number))
    ]
    return [row for *_, row in sorted(found)[:limit]]


def _terms(connection: Any, text: str) -> list[_Term]:
    words = dict.fromkeys(fold_tokens(_without_numbers(text)))
    terms = [
        _Term(beginnings=(word,), matches=_matches_of_word(connection, word)) for word in words
    ]
    if numbers := _numbers_in(text):
        terms.append(_Term(beginnings=numbers, matches=_matches_of_numbers(connection, numbers)))
    return [*terms, _Term(beginnings=(), matches=_matches_of_whole(connection, text))]


def _scores(connection: Any, terms: Sequence[_Term]) -> dict[int, float]:
    """Return the numbers of the candidates, with how surely they are meant."""
    scores: dict[int, float] = {}
    for term in terms:
        for person, score in term.matches.items():
            scores[person] = scores.get(person, 0.0) + score
    common = [term for term in terms if term.is_common and term.beginnings]
    rare = {person for term in terms if not term.is_common for person in term.matches}
    for person in rare or _bearing_both(connection, common):
        borne = sum(
            _EXACT
            for term in common
            if person not in term.matches and _bears(connection, person, term)
        )
        scores[person] = scores.get(person, 0.0) + borne
    return scores


def _matches_of_whole(connection: Any, text: str) -> dict[int, float]:
    """Return the persons of a code typed in pieces, or whose name is one word here, two there."""
    whole = "".join(fold_tokens(text))
    ways = ((PREFIX["short"] + whole, _SHORT), (whole, _EXACT)) if whole else ()
    return {
        person: score
        for token, score in reversed(ways)
        for person in bearing(connection, token, CANDIDATES)
    }


def _matches_of_word(connection: Any, word: str) -> dict[int, float]:
    """Return the persons a word may name, with how surely: exact, prefix, mistake."""
    scores: dict[int, float] = {}

    def note(persons: Iterable[int], score: float) -> None:
        for person in persons:
            scores[person] = max(score, scores.get(person, 0.0))

    for token, score in _ways_to_name(word):
        note(bearing(connection, token, CANDIDATES), score)
    note(bearing_beginning(connection, word, CANDIDATES), _PREFIX)
    return scores


def _ways_to_name(word: str) -> Iterator[tuple[str, float]]:
    yield word, _EXACT
    yield PREFIX["deletion"] + word, _ONE_LETTER
    for deletion in deletions(word):
        yield deletion.removeprefix(PREFIX["deletion"]), _ONE_LETTER
        yield deletion, _TWO_LETTERS


def _bearing_both(connection: Any, common: Sequence[_Term]) -> list[int]:
    """Return persons who bear two common things, whom neither brings alone."""
    beginnings = sorted((term.beginnings[0] for term in common), key=len)[-2:]
    if len(beginnings) < 2:  # noqa: PLR2004
        return []
    return bearing_beginnings(connection, beginnings, CANDIDATES)


def _bears(connection: Any, person: int, term: _Term) -> bool:
    row = connection.execute(_BEARS, (person,)).fetchone()
    return row is not None and any(f" {start}" in f" {row[0]}" for start in term.beginnings)


def _matches_of_numbers(connection: Any, numbers: Sequence[str]) -> dict[int, float]:
    return {
        person: _NUMBER
        for start in numbers
        for person in bearing_beginning(connection, start, CANDIDATES)
    }


def _numbers_in(text: str) -> tuple[str, ...]:
    """Return how the tokens begin of the dates and telephones that the digits typed may be."""
    tokens = [PREFIX["birth"] + date for date in _dates_in(text)]
    undated = _WHOLE_DATE.sub(" ", text)
    typed = "".join(sign for sign in undated if sign.isdecimal())
    if len(typed) >= SHORTEST_NUMBER:
        tokens.append(PREFIX["telephone_end"] + typed[-NATIONAL_DIGITS:][::-1])
    if len(typed) >= SHORTEST_NUMBER and (beginning := national_digits(undated)):
        tokens.append(PREFIX["telephone"] + beginning)
    return tuple(tokens)


_WHOLE_DATE = re.compile(
    r"\b(?P<day>\d{1,2})[/.\- ](?P<month>\d{1,2})[/.\- ](?P<year>\d{4})\b"
    r"|\b(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})\b"
)
_SHORT_DATES = (
    re.compile(r"\b(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2})\b"),
    re.compile(r"\b(\d{2})(\d{2})(\d{4}|\d{2})\b"),
)
"""What may be a date, or some pairs of digits of a telephone: both are looked for."""

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")


def _dates_in(text: str) -> list[str]:
    """Return the dates typed, as day, month and year in digits; else the years."""
    dates = [
        f"{int(found['day']):02d}{int(found['month']):02d}{found['year']}"
        if found["day"]
        else f"{found['iso_day']}{found['iso_month']}{found['iso_year']}"
        for found in _WHOLE_DATE.finditer(text)
    ]
    if not dates:
        short = (found for pattern in _SHORT_DATES for found in pattern.findall(text))
        for day, month, year in short:
            years = [year] if year[2:] else [f"19{year}", f"20{year}"]
            dates += [f"{int(day):02d}{int(month):02d}{full}" for full in years]
    return dates or _YEAR.findall(text)


def _without_numbers(text: str) -> str:
    return re.sub(r"\b\d[\d/. \-]*\b", " ", text)


def _closeness(asked: str, row: PersonFound) -> float:
    from rapidfuzz import fuzz

    return fuzz.token_sort_ratio(asked, fold(row.display_name)) / 100.0


def _read(connection: Any, number: int) -> PersonFound | None:
    row = connection.execute(
        "SELECT p.person, short_id, display_name, birth_on, commune, telephone"
        " FROM person_search s JOIN persons p ON p.person = s.person WHERE s.number = ?",
        (number,),
    ).fetchone()
    if row is None:
        return None
    person, short_id, display_name, birth_on, commune, telephone = row
    return PersonFound(
        person=SubjectId(person),
        short_id=short_id,
        display_name=display_name,
        birth_on=birth_on,
        commune=commune,
        telephone=telephone,
    )
