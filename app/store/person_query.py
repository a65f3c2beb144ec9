"""What was typed to find somebody, as things to look for: words, dates, telephones, a code.

Each thing knows how it is looked for: as it stands (`exact`), as the beginning of a word (`begins`)
and with its mistakes forgiven. These are expressions of SQLite's inverted index.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.folding import fold_tokens
from app.store.person_tokens import (
    NATIONAL_DIGITS,
    PREFIX,
    deletions,
    national_digits,
    sounds,
)

SHORTEST_NUMBER = 4
"""Digits below which a number says nothing: a year has four."""

MOST_WORDS = 6
"""Words that are read: nobody types more to find somebody."""

SHORTEST_BEGINNING = 3
"""Letters below which a beginning is looked for among those whom the other words bring."""

CODE_SIGNS = 6
"""Signs of the code by which people name a file aloud."""

LONGEST_TEXT = 200
"""Signs of what was typed that are read."""

LONGEST_WORD = 40
"""Letters of a word that are read."""

_PARTICLES = frozenset({"de", "la", "le", "les", "du", "des", "d", "l", "da", "dos", "el", "van"})
"""Small words that half of those who bear them leave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One thing typed; `word` is "" for a number, `starts` how its tokens begin in the index.

    `sound` is the token of how the word sounds, "" when it says too little.
    """

    word: str
    starts: tuple[str, ...]
    exact: str
    begins: str
    sound: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Another way to read what was typed: neighbouring words as one, which is `joined`."""

    joined: str
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Everything typed: `terms` in their order, other readings, and the token of a code, or ""."""

    terms: tuple[Term, ...]
    readings: tuple[Reading, ...]
    code: str

    @property
    def short(self) -> tuple[Term, ...]:
        """The words that begin too many others for the index to gather them."""
        return tuple(one for one in self.terms if one.word and len(one.word) < SHORTEST_BEGINNING)

    @property
    def telling(self) -> tuple[Term, ...]:
        """The other words, and the numbers."""
        return tuple(one for one in self.terms if one not in self.short)

    @property
    def is_unfinished(self) -> bool:
        """Is a short word there beside others, likely the one being typed?"""
        return len(self.terms) > 1 and bool(self.short)


def read_query(text: str) -> Query:
    """Return what a text asks for; any text is read."""
    read = fold_tokens(_without_numbers(text[:LONGEST_TEXT]))
    words = [word[:LONGEST_WORD] for word in read][:MOST_WORDS]
    telling = [word for word in words if word not in _PARTICLES] or words
    numbers = _number(text[:LONGEST_TEXT])
    others = () if numbers is None else (numbers,)
    whole = "".join(fold_tokens(text[:LONGEST_TEXT]))
    return Query(
        terms=(*map(word_term, dict.fromkeys(telling)), *others),
        readings=tuple(
            Reading(joined=joined, terms=(*map(word_term, dict.fromkeys(way)), *others))
            for joined, way in _joined(words, telling)
        ),
        code=quoted(PREFIX["short"] + whole) if len(whole) == CODE_SIGNS else "",
    )


def word_term(word: str) -> Term:
    """Return the term of one folded word."""
    exact = quoted(word)
    sound = next(sounds(word), "")
    return Term(word=word, starts=(word,), exact=exact, begins=f"{exact} *", sound=sound)


def forgiving(term: Term) -> str:
    """Return the expression of a term with its mistakes forgiven: one letter, or how it sounds."""
    if not term.word:
        return term.begins
    marked = list(deletions(term.word))
    mark = PREFIX["deletion"]
    ways = [term.word, *filter(None, (term.sound,))]
    if marked:
        ways += [mark + term.word, *(one.removeprefix(mark) for one in marked), *marked]
    return either(map(quoted, dict.fromkeys(ways)))


def either(expressions: Iterable[str]) -> str:
    """Return the expression of who has one of these."""
    return f"({' OR '.join(expressions)})"


def quoted(word: str) -> str:
    """Return the expression of a word as it stands."""
    return '"' + word.replace('"', '""') + '"'


def _joined(words: Sequence[str], telling: Sequence[str]) -> Iterator[tuple[str, Sequence[str]]]:
    """Give the ways to read neighbours as one: « de la Roche » may be kept « Delaroche »."""
    if len(words) > len(telling):
        way = list(_with_particles(words))
        yield next(word for word in way if word not in words), way
    for place in range(len(telling) - 1):
        joined = telling[place] + telling[place + 1]
        yield joined, [*telling[:place], joined, *telling[place + 2 :]]


def _with_particles(words: Sequence[str]) -> Iterator[str]:
    """Give the words, each particle in one with what follows, the last with what comes before."""
    held, last = "", ""
    for word in words:
        held += word
        if word not in _PARTICLES:
            if last:
                yield last
            last, held = held, ""
    yield last + held


def _number(text: str) -> Term | None:
    """Return the dates and telephones that the digits typed may be."""
    dates = [PREFIX["birth"] + date for date in _dates_in(text)]
    undated = _WHOLE_DATE.sub(" ", text)
    typed = "".join(sign for sign in undated if sign.isdecimal())[: 2 * NATIONAL_DIGITS]
    starts = list(dates)
    if len(typed) >= SHORTEST_NUMBER:
        starts.append(PREFIX["telephone_end"] + typed[-NATIONAL_DIGITS:][::-1])
    # People who tell a telephone from its beginning say its 0 or its country.
    is_begun = undated.strip(" (.").startswith("+") or typed.startswith("0")
    if len(typed) >= SHORTEST_NUMBER and is_begun and (beginning := national_digits(undated)):
        starts.append(PREFIX["telephone"] + beginning)
    if not starts:
        return None
    exact = either(map(quoted, starts))
    begins = either(f"{quoted(start)} *" for start in starts)
    return Term(word="", starts=tuple(starts), exact=exact, begins=begins)


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
    return re.sub(r"\+?\b\d[\d/. \-]*\b", " ", text)
