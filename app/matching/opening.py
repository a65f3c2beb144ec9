"""When a service is open around the moment asked for: what that is worth, and what to say of it."""

import datetime as dt
from collections.abc import Iterator

from app.matching.index import Row
from app.matching.reasons import Reason, ReasonCode, reason
from app.matching.situation import Situation
from app.reference.matching_rules import MatchingRules
from app.reference.opening_hours import (
    LOOKED_AHEAD_DAYS,
    OpeningHours,
    UnreadableHoursError,
    read_opening_hours,
)
from app.reference.service_places import hours_of


def hours_text(row: Row) -> str:
    """Return the hours of a service where it is held."""
    return hours_of(row.structure, row.service)


def opening_worth(row: Row, situation: Situation, rules: MatchingRules) -> float:
    """Return what being open when the person can go, or soon after, is worth in kilometres.

    Where the days of school holidays matter, an opening is not sure: it counts as a later one.
    """
    hours = _read(hours_text(row))
    if hours is None:
        return 0.0
    at, until = situation.at, situation.until
    opens_at = hours.next_opening(at, rules.opens_soon_days)
    if opens_at is None:
        return 0.0
    is_then = opens_at == at or (until is not None and opens_at < until)
    is_sure = is_then and not hours.depends_on_school_holidays
    return rules.weights.open_at if is_sure else rules.weights.opens_soon


def opening_reasons(row: Row, at: dt.datetime) -> Iterator[Reason]:
    """Yield what to say of the hours of a service around a moment."""
    text = hours_text(row)
    if not text.strip():
        yield reason(ReasonCode.HOURS_UNKNOWN)
        return
    hours = _read(text)
    if hours is None:
        yield reason(ReasonCode.HOURS_UNREADABLE, text=text)
        return
    if hours.say_when:
        yield _next(hours, at)
    if hours.notes:
        yield reason(ReasonCode.HOURS_NOTE, comments=hours.notes)
    if hours.depends_on_school_holidays:
        yield reason(ReasonCode.SCHOOL_HOLIDAYS)


def _next(hours: OpeningHours, at: dt.datetime) -> Reason:
    """Say the hours of that day when it opens then or later that day, else when it opens next."""
    opens_at = hours.next_opening(at)
    if opens_at is None:
        return reason(ReasonCode.CLOSED, days=LOOKED_AHEAD_DAYS)
    day = opens_at.date()
    spans = hours.spans_on(day)
    comments = tuple(dict.fromkeys(span.comment for span in spans if span.comment))
    if day != at.date():
        return reason(ReasonCode.OPENS, at=opens_at.isoformat(), comments=comments)
    return reason(
        ReasonCode.OPEN,
        on=day.isoformat(),
        now=opens_at == at,
        spans=tuple((span.start, span.end) for span in spans),
        comments=comments,
    )


def _read(text: str) -> OpeningHours | None:
    """Return hours that were read, None when there are none or they cannot be."""
    try:
        return read_opening_hours(text) if text.strip() else None
    except UnreadableHoursError:
        return None
