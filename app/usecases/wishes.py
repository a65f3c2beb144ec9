"""What somebody wishes of the second door, in the words of the matcher: how far, how, and when."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from app.domain.reception import Reception
from app.reference.vocabulary import Attribute, Vocabularies

_A_WEEK: Final = 8
"""Days among which a day of the week comes back, today among them."""


def limit_km(reception: Reception, vocabularies: Vocabularies) -> float | None:
    """Return how far they can go, None when they did not say, or in a word of another version."""
    km = _facts(vocabularies, "travel_distance", reception.can_travel).get("km")
    return float(km) if isinstance(km, int) else None


def mode_asked(reception: Reception, vocabularies: Vocabularies) -> str:
    """Return the data·inclusion mode in which they wish to be received, "" for any."""
    mode = _facts(vocabularies, "mode_wished", reception.mode_wished).get("mode")
    return mode if isinstance(mode, str) else ""


def moment_asked(
    reception: Reception, now: dt.datetime, vocabularies: Vocabularies
) -> tuple[dt.datetime, dt.datetime | None]:
    """Return from when and until when they can go: the next such moment that is not over.

    Both are local and naive, as `now` is. Without a wish they go now, with no end; so they do when
    what they wished is over.
    """
    if not (reception.go_day or reception.go_half) or reception.go_day == "maintenant":
        return now, None
    day = _facts(vocabularies, "go_day", reception.go_day)
    half = _facts(vocabularies, "half_day", reception.go_half)
    most = 1 if reception.go_day and "weekday" not in day else _A_WEEK
    for ahead in range(most):
        on = now.date() + dt.timedelta(days=ahead)
        start, end = _span(on, half)
        if day.get("weekday") in {None, on.isoweekday()} and end > now:
            return max(start, now), end
    return now, None


def _span(on: dt.date, half: Mapping[str, Attribute]) -> tuple[dt.datetime, dt.datetime]:
    midnight = dt.datetime.combine(on, dt.time.min)
    first, last = half.get("from"), half.get("to")
    if not (isinstance(first, str) and isinstance(last, str)):
        return midnight, midnight + dt.timedelta(days=1)
    start, end = map(dt.time.fromisoformat, (first, last))
    return dt.datetime.combine(on, start), dt.datetime.combine(on, end)


def _facts(vocabularies: Vocabularies, name: str, code: str) -> Mapping[str, Attribute]:
    entries = vocabularies.get(name).entries
    return next((entry.attributes for entry in entries if entry.code == code), {})
