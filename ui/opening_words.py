"""Opening hours in French: the rule as it is written, the days to come, the state now. No Qt.

Directories write hours in the syntax of OpenStreetMap (`Mo-Fr 09:00-12:00`); people read
« du lundi au vendredi : 9 h à 12 h », « ouvert jusqu’à 12 h », « ouvre mardi à 9 h ».
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.reference.opening_hours import (
    MIDNIGHT,
    OpeningHours,
    Span,
    UnreadableHoursError,
    read_opening_hours,
)
from ui.moments import NARROW, NO_BREAK, WEEKDAYS, day, short_day, time_of_day

_DAYS: Final = dict(zip(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"), WEEKDAYS, strict=True))
_DAY: Final = "(?:Mo|Tu|We|Th|Fr|Sa|Su)"
_TIMES: Final = r"\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*"
_RULE: Final = re.compile(
    rf"({_DAY}(?:-{_DAY}|\[[1-5](?:,[1-5])*\])?(?:,{_DAY}(?:-{_DAY})?)*) ({_TIMES})"
)
_WEEKS: Final = re.compile(r"week 0?([12])-5[23]/2 (.+)")
_PARITY: Final = {"1": "semaines impaires", "2": "semaines paires"}
_NTH: Final = re.compile(rf"({_DAY})\[([1-5](?:,[1-5])*)\]")
_CLOSED: Final = {
    "PH off": "fermé les jours fériés",
    "SH off": "fermé pendant les vacances scolaires",
}
_COMMENTED: Final = re.compile(r'(.*?)\s*"([^"]*)"')
_DAYS_NAMED_BY_WEEKDAY: Final = 6
_DAYS_OF_A_WEEK: Final = 7
_TYPED_TIME: Final = re.compile(r"(\d{1,2})\s*[h:](?:\s*(\d{2}))?(?!\d)")
_TYPED_DAYS: Final = {name[:3]: code for code, name in _DAYS.items()}
_TYPED_DAY: Final = re.compile(
    r"\b(lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|edi|dredi|anche)?s?\b\.?"
)
_TYPED_NTH: Final = re.compile(
    r"\b((?:[1-5](?:er|e|eme)\b(?:\s*(?:,|et)\s*)?)+)\s*(Mo|Tu|We|Th|Fr|Sa|Su)\b(?:\s+du\s+mois)?"
)
_TYPED_RANK: Final = {
    r"\bpremiers?\b": "1er",
    r"\bdeuxiemes?\b": "2e",
    r"\btroisiemes?\b": "3e",
    r"\bquatriemes?\b": "4e",
    r"\bseconds?\b": "2e",
}
_TYPED_WEEKS: Final = re.compile(
    r"\b(?:(?:toutes\s+)?(?:les|en)\s+)?semaines?\s+(im)?paires?\b[\s:,]*"
)
_TYPED_RULES: Final = re.compile(r"[;\n]|(?<=[\dh])\s*,\s*(?=(?:lun|mar|mer|jeu|ven|sam|dim))")


class OpenState(StrEnum):
    """What is known of a place at one moment."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A place at one moment, in words without a capital: « ouvre mardi à 9 h »."""

    state: OpenState
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekDay:
    """A day to come and when a place is open then: « mardi 24 », « 9 h–12 h »."""

    name: str
    words: str


def opening_at(hours: str | None, at: dt.datetime) -> Opening:
    """Return the state of a place at a local, naive moment. What is unknown is never open."""
    if not hours:
        return Opening(state=OpenState.UNKNOWN, words="horaires non indiqués")
    try:
        read = read_opening_hours(hours)
    except UnreadableHoursError:
        return Opening(state=OpenState.UNKNOWN, words="horaires à vérifier")
    if not read.say_when:
        return Opening(state=OpenState.UNKNOWN, words=", ".join(read.notes))
    if read.is_open(at):
        return Opening(state=OpenState.OPEN, words=_open_words(read, at) + _holidays(read))
    return Opening(state=OpenState.CLOSED, words=_next_words(read, at))


def week_of(hours: str, today: dt.date) -> Sequence[WeekDay]:
    """Return the seven days from today on, nothing when the hours say no day.

    Raises:
        UnreadableHoursError: nobody should rely on these hours.
    """
    read = read_opening_hours(hours)
    if not read.say_when:
        return ()
    days = (today + dt.timedelta(days=ahead) for ahead in range(_DAYS_OF_A_WEEK))
    return tuple(
        WeekDay(
            name=f"{WEEKDAYS[on.weekday()]}{NO_BREAK}{on.day}",
            words=_spans_words(read.spans_on(on)) or "fermé",
        )
        for on in days
    )


def depends_on_school_holidays(hours: str | None) -> bool:
    """Tell whether nobody here knows if a place is open during school holidays."""
    try:
        return bool(hours) and read_opening_hours(hours or "").depends_on_school_holidays
    except UnreadableHoursError:
        return False


def next_days(hours: str | None, at: dt.datetime, most: int) -> Sequence[str]:
    """Return the next days a place is open, at most so many: « mar. 1er déc. 9 h–12 h ».

    Nothing when the hours say no day, or cannot be read.
    """
    try:
        read = read_opening_hours(hours) if hours else None
    except UnreadableHoursError:
        read = None
    found: list[str] = []
    while read is not None and len(found) < most:
        opening = read.next_opening(at)
        if opening is None:
            break
        on = opening.date()
        spans = _spans_words(read.spans_on(on))
        found.append(f"{short_day(on)} {spans}".replace(" ", NO_BREAK))
        at = dt.datetime.combine(on + dt.timedelta(days=1), dt.time.min)
    return found


def as_published(typed: str) -> str:
    """Return hours typed in French in the syntax of directories, when that makes them readable.

    « lundi au vendredi 9h-12h30 et 14h à 17h » gives « Mo-Fr 09:00-12:30,14:00-17:00 »; what is in
    that syntax already, or is understood in neither, comes back as it was typed.
    """
    if not typed.strip() or _is_readable(typed):
        return typed
    made = "; ".join(filter(None, map(_published_rule, _TYPED_RULES.split(_plain(typed)))))
    return made if _is_readable(made) else typed


def hours_words(hours: str) -> str:
    """Return hours as people read them, one line a rule; what is not understood stays as it is.

    « du lundi au vendredi : 9 h à 12 h 30 et 13 h 30 à 17 h ».
    """
    rules = [rule.strip() for rule in hours.split(";") if rule.strip()]
    lines = [_commented_words(rule) for rule in rules if rule not in _CLOSED]
    if not lines or "" in lines:
        return hours
    lines += [said for rule, said in _CLOSED.items() if rule in rules]
    return "\n".join(lines)


def _is_readable(hours: str) -> bool:
    try:
        return read_opening_hours(hours).say_when
    except UnreadableHoursError:
        return False


def _plain(typed: str) -> str:
    """Return a text in small letters without accents, its spaces and apostrophes plain."""
    letters = unicodedata.normalize("NFKD", typed.casefold().replace("’", " "))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _published_rule(typed: str) -> str:
    text, weeks = _without_weeks(typed)
    for words, rank in _TYPED_RANK.items():
        text = re.sub(words, rank, text)
    text = _TYPED_DAY.sub(lambda found: _TYPED_DAYS[found[1]], text)
    text = _TYPED_NTH.sub(_published_nth, text)
    text = _TYPED_TIME.sub(lambda found: f"{int(found[1]):02d}:{found[2] or '00'}", text)
    text = re.sub(r"\b(?:du|de|le|les|des|ouvert)\b", " ", text)
    text = re.sub(r"\s*(?:\b(?:au|a)\b|–|-)\s*", "-", text)
    text = re.sub(r"\s*(?:\bet\b|,|/)\s*", ",", text)
    return weeks + re.sub(r"\s+", " ", text.replace(" :", " ")).strip(" ,.")


def _without_weeks(typed: str) -> tuple[str, str]:
    """Return a rule without « semaines paires », and what says it in the syntax of directories."""
    found = _TYPED_WEEKS.search(typed)
    if found is None:
        return typed, ""
    weeks = "week 01-53/2 " if found[1] else "week 02-52/2 "
    return f"{typed[: found.start()]} {typed[found.end() :]}", weeks


def _published_nth(found: re.Match[str]) -> str:
    """Return « 2e et 4e Sa » as `Sa[2,4]`."""
    return f"{found[2]}[{','.join(re.findall('[1-5]', found[1]))}]"


def _open_words(read: OpeningHours, at: dt.datetime) -> str:
    now = at.hour * 60 + at.minute
    span = next((one for one in read.spans_on(at.date()) if one.start <= now < one.end), None)
    if span is None:
        return "ouvert"
    comment = f" ({span.comment})" if span.comment else ""
    if span.is_whole_day:
        return f"ouvert aujourd’hui{comment}"
    until = "minuit" if span.end == MIDNIGHT else _clock(span.end)
    return f"ouvert jusqu’à {until}{comment}"


def _next_words(read: OpeningHours, at: dt.datetime) -> str:
    opening = read.next_opening(at)
    if opening is None:
        return "aucune ouverture prévue"
    hour = f" à {time_of_day(opening)}" if opening.time() != dt.time.min else ""
    ahead = (opening.date() - at.date()).days
    if ahead > _DAYS_NAMED_BY_WEEKDAY:
        return f"ouvre le {day(opening.date())}{hour}{_holidays(read)}"
    near = ("", " demain")
    named = near[ahead] if ahead < len(near) else f" {WEEKDAYS[opening.weekday()]}"
    return f"ouvre{named or ('' if hour else ' aujourd’hui')}{hour}{_holidays(read)}"


def _holidays(read: OpeningHours) -> str:
    return " (vacances scolaires à vérifier)" if read.depends_on_school_holidays else ""


def _spans_words(spans: Sequence[Span]) -> str:
    comments = {span.comment for span in spans}
    if len(comments) == 1 and (said := comments.pop()):
        return f"{' et '.join(map(_span_hours, spans))} ({said})"
    return " et ".join(
        f"{_span_hours(span)} ({span.comment})" if span.comment else _span_hours(span)
        for span in spans
    )


def _span_hours(span: Span) -> str:
    return "ouvert" if span.is_whole_day else f"{_clock(span.start)}–{_clock(span.end)}"


def _clock(minutes: int) -> str:
    hour, minute = divmod(minutes, 60)
    return f"{hour}{NARROW}h" + (f"{NARROW}{minute:02d}" if minute else "")


def _commented_words(rule: str) -> str:
    """Return a rule with its comment kept beside it; a comment alone is the rule."""
    found = _COMMENTED.fullmatch(rule)
    if found is None:
        return _rule_words(rule)
    said = _rule_words(found[1]) if found[1] else ""
    if found[1] and not said:
        return ""
    return f"{said} ({found[2]})" if said else found[2]


def _rule_words(rule: str) -> str:
    weeks = _WEEKS.fullmatch(rule)
    if weeks is not None:
        said = _rule_words(weeks[2])
        return f"{_PARITY[weeks[1]]}, {said}" if said else ""
    found = _RULE.fullmatch(rule)
    if found is None:
        return ""
    spans = [span.split("-") for span in found[2].split(",")]
    times = " et ".join(f"{_time(start)} à {_time(end)}" for start, end in spans)
    return f"{_days_words(found[1])}{NARROW}: {times}"


def _days_words(days: str) -> str:
    if nth := _NTH.fullmatch(days):
        ranks = ["1er" if rank == "1" else f"{rank}e" for rank in nth[2].split(",")]
        plural = "s" if len(ranks) > 1 else ""
        return f"{_joined(ranks)} {_DAYS[nth[1]]}{plural} du mois"
    return _joined([_span_words(span) for span in days.split(",")])


def _span_words(span: str) -> str:
    first, _, last = span.partition("-")
    return f"du {_DAYS[first]} au {_DAYS[last]}" if last else _DAYS[first]


def _joined(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} et {names[-1]}"


def _time(text: str) -> str:
    hour, minute = text.split(":")
    said = f"{int(hour)}{NO_BREAK}h"
    return said if minute == "00" else f"{said}{NO_BREAK}{minute}"
