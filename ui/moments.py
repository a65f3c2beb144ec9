"""Moments, days, delays and counts in French, on any machine: no locale is asked."""

import datetime as dt
from typing import Final, TypeAlias

NARROW: Final = "\u202f"
NO_BREAK: Final = "\u00a0"

Moment: TypeAlias = str | float | dt.datetime
"""A moment as records hold it: ISO 8601 text, seconds since 1970, or an aware datetime."""

MONTHS: Final = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
"""The months in order, as they are written."""

_SHORT_MONTHS: Final = (
    "janv.",
    "févr.",
    "mars",
    "avr.",
    "mai",
    "juin",
    "juil.",
    "août",
    "sept.",
    "oct.",
    "nov.",
    "déc.",
)
WEEKDAYS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
"""The days of a week in order, as they are written."""

_LONGEST_DELAY_IN_DAYS: Final = 60
_DAYS_NAMED_BY_WEEKDAY: Final = 6

_FIRST_S = int(dt.datetime.min.replace(tzinfo=dt.UTC).timestamp())
_LAST_S = int(dt.datetime.max.replace(tzinfo=dt.UTC, microsecond=0).timestamp())


def moment(at: Moment, now: dt.datetime | None = None) -> str:
    """Return a moment in local time: « mar. 24 nov. à 10 h 42 », « mar. 24 nov. » at midnight.

    The year is said when it is not the year of `now` (of this day, without one). A text that is no
    moment comes back as it is.
    """
    local = _local(at)
    if local is None:
        return str(at)
    year = "" if local.year == _present(now).year else f"{NO_BREAK}{local.year}"
    hour = f" à {time_of_day(local)}" if _has_hour(local) else ""
    return f"{short_day(local)}{year}{hour}"


def recent_moment(at: Moment, now: dt.datetime | None = None) -> str:
    """Return a moment as one says it: « hier à 10 h 42 », « mardi à 10 h 42 », then the date."""
    local = _local(at)
    if local is None:
        return str(at)
    days = (_present(now).date() - local.date()).days
    if not 0 <= days <= _DAYS_NAMED_BY_WEEKDAY:
        return moment(at, now)
    near = ("aujourd’hui", "hier")
    name = near[days] if days < len(near) else WEEKDAYS[local.weekday()]
    return f"{name} à {time_of_day(local)}" if _has_hour(local) else name


def time_of_day(local: dt.datetime) -> str:
    """Return an hour: « 10 h 42 », « 9 h » at the hour itself."""
    minutes = f"{NARROW}{local.minute:02d}" if local.minute else ""
    return f"{local.hour}{NARROW}h{minutes}"


def day(on: str | dt.date) -> str:
    """Return a day in words: « 24 novembre 2026 », « 1er mars 1990 ».

    Takes `AAAA-MM-JJ`, or any ISO moment, of which the day is kept; any other text comes back as it
    is.
    """
    if isinstance(on, str):
        try:
            return day(dt.date.fromisoformat(on[:10]))
        except ValueError:
            return on
    return f"{_ordinal(on.day)}{NO_BREAK}{MONTHS[on.month - 1]}{NO_BREAK}{on.year}"


def short_day(on: dt.date) -> str:
    """Return a day near enough to need no year: « mar. 24 nov. »."""
    weekday = f"{WEEKDAYS[on.weekday()][:3]}."
    return f"{weekday} {_ordinal(on.day)}{NO_BREAK}{_SHORT_MONTHS[on.month - 1]}"


def short_date(at_s: float) -> str:
    """Return a day where there is little room: « 26 nov. 2029 »."""
    local = _local(at_s)
    if local is None:
        return str(at_s)
    return f"{_ordinal(local.day)}{NO_BREAK}{_SHORT_MONTHS[local.month - 1]}{NO_BREAK}{local.year}"


def since(at: Moment, now: dt.datetime | None = None) -> str:
    """Return how long ago: « depuis 3 jours »; a clock set back counts as just now."""
    local = _local(at)
    if local is None:
        return ""
    seconds = (_present(now) - local).total_seconds()
    minutes, hours, days = int(seconds // 60), int(seconds // 3600), int(seconds // 86_400)
    if minutes < 1:
        return "depuis moins d’une minute"
    if hours < 1:
        return f"depuis {count(minutes, 'minute')}"
    if days < 1:
        return f"depuis {count(hours, 'heure')}"
    if days <= _LONGEST_DELAY_IN_DAYS:
        return f"depuis {count(days, 'jour')}"
    return f"depuis {count(days // 30, 'mois', 'mois')}"


def count(n: int, singular: str, plural: str = "") -> str:
    """Return a number with its noun; zero and one are singular in French.

    Args:
        n: how many.
        singular: « accueil ».
        plural: « accueils »; the singular with an s when it is not given.
    """
    noun = singular if abs(n) < 2 else plural or f"{singular}s"  # noqa: PLR2004  (the plural rule)
    return f"{number(n)}{NO_BREAK}{noun}"


def number(n: int) -> str:
    """Return a number with its thousands apart: « 200 000 »."""
    return f"{n:,}".replace(",", NARROW)


def duration(minutes: int) -> str:
    """Return a length in words: « 45 min », « 1 h 05 »."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NARROW}min"
    return f"{hours}{NARROW}h" + (f"{NARROW}{rest:02d}" if rest else "")


def utc_text(at_s: float) -> str:
    """Write seconds since 1970 for scripts: ISO 8601 in UTC, ended by Z.

    A moment out of any calendar, which a wrong clock can write, is brought to its first or last.
    """
    within = max(_FIRST_S, min(int(at_s), _LAST_S))
    return dt.datetime.fromtimestamp(within, dt.UTC).replace(tzinfo=None).isoformat() + "Z"


def _local(at: Moment) -> dt.datetime | None:
    try:
        if isinstance(at, str):
            at = dt.datetime.fromisoformat(at)
        if isinstance(at, dt.datetime):
            return at.astimezone()
        return dt.datetime.fromtimestamp(at, dt.UTC).astimezone()
    except (ValueError, OverflowError, OSError):
        return None


def _has_hour(local: dt.datetime) -> bool:
    """Is an hour known? What an old register dates by its day alone is at midnight."""
    return (local.hour, local.minute, local.second) != (0, 0, 0)


def _present(now: dt.datetime | None) -> dt.datetime:
    return (now or dt.datetime.now(dt.UTC)).astimezone()


def _ordinal(number_of_day: int) -> str:
    return "1er" if number_of_day == 1 else str(number_of_day)
