"""When a place is open, read from OpenStreetMap's syntax; the only module that knows its reader.

Moments are naive, in the local time of the place. Holidays are those of France. What the reader
takes without a word and would mislead people is looked at here first: hours past midnight, rules
made of a comment alone (which it takes for « always open »), school holidays (which it ignores).

Source: the `opening_hours` specification of OpenStreetMap, as data·inclusion v1 asks for it in
`horaires_accueil`.
"""

import datetime as dt
import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from app.domain.errors import AppError
from app.domain.folding import fold

if TYPE_CHECKING:
    import opening_hours

COUNTRY: Final = "FR"
MIDNIGHT: Final = 24 * 60
"""Minutes in a day."""

LOOKED_AHEAD_DAYS: Final = 62
"""How far an opening is looked for: a first Tuesday of the month is always found."""

_LONGEST_NIGHT: Final = 16 * 60
"""Minutes: a span over midnight that lasts longer is two hours put the wrong way round."""

_QUOTED: Final = re.compile(r'"[^"]*"')
_COMMENT_ALONE: Final = re.compile(r'\s*(?:unknown\s*)?"[^"]*"\s*')
_SPAN: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")
_SCHOOL_HOLIDAYS: Final = re.compile(r"\bSH\b")
_RULES: Final = re.compile(r'((?:"[^"]*"|[^";|]|\|(?!\|))+)(;|\|\||$)')


class HoursProblem(StrEnum):
    """Why opening hours are refused."""

    SYNTAX = "syntax"
    PAST_MIDNIGHT = "past_midnight"
    BACKWARDS = "backwards"


class UnreadableHoursError(AppError):
    """Opening hours that nobody should rely on; `problem` says why."""

    code = "unreadable_hours"

    def __init__(self, text: str, problem: HoursProblem) -> None:
        super().__init__(text=text[:80], problem=problem)
        self.problem = problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A part of one day when a place is open, in minutes since midnight; `end` is 1440 at most.

    `comment` is what the hours say beside it (« sur rendez-vous »), "" when they say nothing.
    """

    start: int
    end: int
    comment: str = ""

    @property
    def is_whole_day(self) -> bool:
        """Was a day given without any hour?"""
        return self.start == 0 and self.end == MIDNIGHT


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningHours:
    """Opening hours that were read.

    Attributes:
        text: what was written.
        notes: comments that stand alone, which say no hour (« sur rendez-vous »).
        comments: every comment, in order, each once.
        depends_on_school_holidays: the days of school holidays matter, and no calendar of them is
            held here: whether the place is open then is unknown.
    """

    text: str
    notes: tuple[str, ...]
    comments: tuple[str, ...]
    depends_on_school_holidays: bool
    _rules: "opening_hours.OpeningHours | None" = field(repr=False, compare=False)

    @property
    def say_when(self) -> bool:
        """Do they give any day or hour, or only notes?"""
        return self._rules is not None

    def is_open(self, at: dt.datetime) -> bool:
        """Is the place open at a local moment? What is unknown is not open."""
        return self._rules is not None and self._rules.is_open(at)

    def spans_on(self, day: dt.date) -> tuple[Span, ...]:
        """Return when the place is open on a day, in order."""
        if self._rules is None:
            return ()
        midnight = dt.datetime.combine(day, dt.time.min)
        found = self._rules.intervals(midnight, midnight + dt.timedelta(days=1))
        return tuple(
            Span(start=_minutes(start, day), end=_minutes(end, day), comment=comment)
            for start, end, state, comment in found
            if str(state) == "open"
        )

    def next_opening(
        self, at: dt.datetime, within_days: int = LOOKED_AHEAD_DAYS
    ) -> dt.datetime | None:
        """Return when the place opens next, `at` itself when it is open then.

        Args:
            at: the local moment to start from.
            within_days: how many days after that of `at` are looked at.

        Returns:
            None when it does not open by then.
        """
        if self._rules is None:
            return None
        if self._rules.is_open(at):
            return at
        for ahead in range(within_days + 1):
            day = at.date() + dt.timedelta(days=ahead)
            midnight = dt.datetime.combine(day, dt.time.min)
            for span in self.spans_on(day):
                opening = midnight + dt.timedelta(minutes=span.start)
                if opening > at:
                    return opening
        return None


@lru_cache(maxsize=8_192)
def read_opening_hours(text: str) -> OpeningHours:
    """Read opening hours.

    Spaces around and a last semicolon are forgiven; nothing else is guessed.

    Raises:
        UnreadableHoursError: they are not in that syntax, give an hour after 24:00, or a span that
            ends before it begins.
    """
    written = " ".join(text.split()).rstrip("; ")
    _check_spans(written)
    notes, rules = _apart(written)
    comments = tuple(dict.fromkeys(part.strip('" ') for part in _QUOTED.findall(written)))
    return OpeningHours(
        text=text,
        notes=notes,
        comments=comments,
        depends_on_school_holidays=_names_school_holidays(written, comments),
        _rules=_parsed(text, rules) if rules or not notes else None,
    )


def _check_spans(written: str) -> None:
    for hours in _SPAN.finditer(_QUOTED.sub("", written)):
        start_h, start_min, end_h, end_min = map(int, hours.groups())
        start, end = start_h * 60 + start_min, end_h * 60 + end_min
        if max(start, end) > MIDNIGHT:
            raise UnreadableHoursError(written, HoursProblem.PAST_MIDNIGHT)
        if end <= start and end + MIDNIGHT - start > _LONGEST_NIGHT:
            raise UnreadableHoursError(written, HoursProblem.BACKWARDS)


def _apart(written: str) -> tuple[tuple[str, ...], str]:
    """Return comments that stand alone as a rule, and the other rules as they are written."""
    notes, kept = [], ""
    for rule, separator in _RULES.findall(written):
        if _COMMENT_ALONE.fullmatch(rule):
            notes.append(rule.strip().removeprefix("unknown").strip('" '))
        else:
            kept += rule + separator
    return tuple(notes), kept.rstrip("|; ")


def _parsed(text: str, rules: str) -> "opening_hours.OpeningHours":
    # Ten megabytes that only the directory needs. Its stub forgets the error.
    from opening_hours import OpeningHours as Rules
    from opening_hours import ParserError  # type: ignore[attr-defined]

    try:
        return Rules(rules, country=COUNTRY, auto_country=False, auto_timezone=False)
    except ParserError as error:
        raise UnreadableHoursError(text, HoursProblem.SYNTAX) from error


def _names_school_holidays(written: str, comments: tuple[str, ...]) -> bool:
    if _SCHOOL_HOLIDAYS.search(_QUOTED.sub("", written)):
        return True
    return any("vacances" in fold(comment).split() for comment in comments)


def _minutes(moment: dt.datetime, day: dt.date) -> int:
    return MIDNIGHT if moment.date() > day else moment.hour * 60 + moment.minute
