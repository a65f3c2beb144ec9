"""Reads a date as people type it, and writes it as people say it. No Qt."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ui import moments

_LONGEST_LIFE = timedelta(days=round(120 * 365.25))

_BETWEEN = r"[\s./\-]+"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{4}}|\d{{2}})")
_YEAR_FIRST = re.compile(rf"(\d{{4}}){_BETWEEN}(\d{{1,2}}){_BETWEEN}(\d{{1,2}})")
_RUN_DAY_FIRST = re.compile(r"(\d{2})(\d{2})(\d{4}|\d{2})")
_RUN_YEAR_FIRST = re.compile(r"(\d{4})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
_WORDS = re.compile(r"(\d{1,2})(?:er)?[\s./\-]*([a-z]{3,})[\s./\-]*(\d{4}|\d{2})")


class DateProblem(StrEnum):
    """Why a text is no date of the span."""

    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    NO_SUCH_DAY = "no_such_day"
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"


class DateTextError(Exception):
    """The text is no date that can be meant here; `problem` says why."""

    def __init__(self, problem: DateProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """The days that can be meant, both included; they decide the century of « 78 »."""

    earliest: date
    latest: date

    @classmethod
    def of_births(cls, today: date) -> "DateSpan":
        """Return the days on which somebody alive may be born."""
        return cls(earliest=today - _LONGEST_LIFE, latest=today)

    @classmethod
    def around(cls, today: date) -> "DateSpan":
        """Return the days of work: appointments to come, encounters of the last years."""
        return cls(
            earliest=today - timedelta(days=10 * 366),
            latest=today + timedelta(days=5 * 366),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadDate:
    """A date understood, and the other one when day and month could be swapped."""

    day: date
    swapped: date | None = None


def read_date(text: str, span: DateSpan) -> ReadDate:
    """Read 12031978, 12/3/78, 1978-03-12 or « 12 mars 1978 ».

    Two-digit years take the latest century that falls inside the span. The American order is
    taken only when the French one is no day at all.

    Raises:
        DateTextError: nothing of the span can be meant by the text.
    """
    folded = _fold(text)
    if found := _WORDS.fullmatch(folded):
        return ReadDate(day=_day(int(found[1]), _month_of(found[2]), found[3], span))
    if found := _YEAR_FIRST.fullmatch(folded) or _year_first_run(folded):
        return ReadDate(day=_day(int(found[3]), int(found[2]), found[1], span))
    if found := _DAY_FIRST.fullmatch(folded) or _RUN_DAY_FIRST.fullmatch(folded):
        return _read_numbers(int(found[1]), int(found[2]), found[3], span)
    has_digit = any(letter.isdigit() for letter in folded)
    raise DateTextError(DateProblem.INCOMPLETE if has_digit else DateProblem.UNREADABLE)


def long_date(day: date) -> str:
    """Write « 12 mars 1978 », « 1er mai 2026 », for a field where people go on typing."""
    return _as_typed(moments.day(day))


def short_date(day: date) -> str:
    """Write « mar. 24 nov. », for days near enough to need no year."""
    return _as_typed(moments.short_day(day))


def _as_typed(words: str) -> str:
    """Return words with the spaces of a keyboard."""
    return words.replace(moments.NO_BREAK, " ")


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return bare.strip().strip(".").strip()


def _year_first_run(folded: str) -> re.Match[str] | None:
    """Match 19781203, unless its figures are a day, a month and a year as well."""
    day_first = _RUN_DAY_FIRST.fullmatch(folded)
    if day_first and int(day_first[2]) <= len(moments.MONTHS):
        return None
    return _RUN_YEAR_FIRST.fullmatch(folded)


def _read_numbers(first: int, second: int, year: str, span: DateSpan) -> ReadDate:
    try:
        day = _day(first, second, year, span)
    except DateTextError as error:
        if error.problem is DateProblem.NO_SUCH_DAY and first <= len(moments.MONTHS) < second:
            return ReadDate(day=_day(second, first, year, span))
        raise
    return ReadDate(day=day, swapped=_other_reading(first, second, year, span))


def _other_reading(first: int, second: int, year: str, span: DateSpan) -> date | None:
    if first == second or first > len(moments.MONTHS):
        return None
    try:
        return _day(second, first, year, span)
    except DateTextError:
        return None


def _month_of(word: str) -> int:
    matches = [
        number
        for number, name in enumerate(moments.MONTHS, start=1)
        if _fold(name).startswith(word)
    ]
    if len(matches) != 1:
        raise DateTextError(DateProblem.UNREADABLE)
    return matches[0]


def _day(day: int, month: int, year: str, span: DateSpan) -> date:
    """Make the day, choosing the century of a short year inside the span."""
    years = _centuries_of(int(year), span) if len(year) == len("78") else [int(year)]
    possible = [made for made in (_make(day, month, each) for each in years) if made]
    inside = [made for made in possible if span.earliest <= made <= span.latest]
    if inside:
        return max(inside)
    if not possible:
        raise DateTextError(DateProblem.NO_SUCH_DAY)
    is_early = max(possible) < span.earliest
    raise DateTextError(DateProblem.TOO_EARLY if is_early else DateProblem.TOO_LATE)


def _centuries_of(short: int, span: DateSpan) -> list[int]:
    first, last = span.earliest.year // 100, span.latest.year // 100
    return [century * 100 + short for century in range(first, last + 1)]


def _make(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
