"""What somebody may ask about what is kept of them, and until when it must be answered.

A month from the day it was asked (règlement (UE) 2016/679, article 12.3), reckoned as règlement
(CEE, Euratom) 1182/71, article 3, says: until the same date of the next month, or its last day;
when that is a Saturday, a Sunday or a holiday, until the end of the next working day.
"""

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

ACCESS: Final = "acces"
RECTIFICATION: Final = "rectification"
OBJECTION: Final = "opposition"
ERASURE: Final = "effacement"

DONE: Final = "fait"
PARTLY_DONE: Final = "fait_en_partie"
DENIED: Final = "refuse"

NEEDS_WORDS: Final = frozenset({PARTLY_DONE, DENIED})
"""Answers of which the person is told the reason, and that the CNIL may be asked (article 12.4)."""

_FRIDAY: Final = 4
_FIXED_HOLIDAYS: Final = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
_AFTER_EASTER_DAYS: Final = (1, 39, 50)


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClock:
    """How a request stands on a day: `days_left` is negative when it is late."""

    due_on: dt.date
    days_left: int

    @property
    def is_late(self) -> bool:
        """Should it have been answered already?"""
        return self.days_left < 0


def request_clock(asked_on: dt.date, today: dt.date) -> RequestClock:
    """Return until when a request must be answered, and how many days are left."""
    due_on = answer_due_on(asked_on)
    return RequestClock(due_on=due_on, days_left=(due_on - today).days)


def answer_due_on(asked_on: dt.date) -> dt.date:
    """Return the last day on which a request is answered in time."""
    year, month = asked_on.year + asked_on.month // 12, asked_on.month % 12 + 1
    day = min(asked_on.day, calendar.monthrange(year, month)[1])
    due_on = dt.date(year, month, day)
    while due_on.weekday() > _FRIDAY or due_on in holidays(due_on.year):
        due_on += dt.timedelta(days=1)
    return due_on


@cache
def holidays(year: int) -> frozenset[dt.date]:
    """Return the public holidays of a year (code du travail, article L.3133-1)."""
    easter = easter_on(year)
    moving = (easter + dt.timedelta(days=days) for days in _AFTER_EASTER_DAYS)
    return frozenset((*(dt.date(year, month, day) for month, day in _FIXED_HOLIDAYS), *moving))


def easter_on(year: int) -> dt.date:
    """Return Easter Sunday of the Gregorian calendar, by the anonymous method of Meeus."""
    golden, century, of_century = year % 19, year // 100, year % 100
    epact = (19 * golden + century - century // 4 - (8 * century + 13) // 25 + 15) % 30
    sunday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - epact - of_century % 4) % 7
    late = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)
