"""Days, hours and durations as registers write them: « 12/3/24 », « 12 mars 2024 à 10 h », 1h15.

Nothing is guessed: what is no day is None, and somebody is told. The American order is not read.
"""

import datetime as dt
import re
from typing import Final

from app.domain.folding import fold
from app.reference.register.cells import Cell, is_number, text_of

_FIRST_DAY: Final = dt.date(1899, 12, 30)
_SERIALS: Final = range(20_000, 80_000)
"""Days as spreadsheets number them, from 1954 to 2119: no other number is taken for a day."""
_HOURS_A_DAY: Final = 24
_MINUTES_AN_HOUR: Final = 60
_MINUTES_A_DAY: Final = _HOURS_A_DAY * _MINUTES_AN_HOUR
_SHORT_YEAR: Final = 2
_LONGEST: Final = 60
"""Signs beyond which a text is no day."""

_MONTHS: Final = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout"),
    *("septembre", "octobre", "novembre", "decembre"),
)
_BEFORE: Final = re.compile(
    r"(?:le )?(?:(?:lun|mar|mer|jeu|ven|sam|dim)(?:di|credi|dredi|edi|anche|i)? )?(?:le )?"
)
_HOUR: Final = re.compile(r"(\d{1,2})\s*(?:[hH:]\s*(\d{2})?(?::\d{2})?(?:\.\d+)?)\s*(?:mn|min)?")
_AFTER_DAY: Final = re.compile(rf"(?<=\d)(?:[\s,T]+(?:à|a|vers)?\s*){_HOUR.pattern}Z?$")
_DAY_FIRST: Final = re.compile(r"(\d{1,2}) (\d{1,2}) (\d{4}|\d{2})")
_YEAR_FIRST: Final = re.compile(r"(\d{4}) (\d{1,2}) (\d{1,2})")
_WORDS: Final = re.compile(r"(\d{1,2})(?:er)? ?([a-z]{3,9}) ?(\d{4}|\d{2})")
_NO_YEAR: Final = re.compile(r"(\d{1,2}) (\d{1,2})|(\d{1,2})(?:er)? ?([a-z]{3,9})")
_RUN: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")
_RUN_YEAR_FIRST: Final = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(\d{2})")
_MINUTES: Final = re.compile(r"(\d{1,4})(?:[.,]0+)? ?(?:m|mn|min|mins|minutes?|['’])?\.?")
_HOURS: Final = re.compile(
    r"(\d{1,2}) ?(?:h|hr|heures?|:) ?(?:(\d{1,2}) ?(?:mn|min|minutes|['’])?)?(?::00)?"
)
_HALF_HOUR: Final = re.compile(r"(?:1/2|½) ?(?:h|heure)")


def day_of(cell: Cell, *, latest: dt.date, year: int | None = None) -> dt.date | None:
    """Return the day that a cell says, None when it says none.

    Args:
        cell: typed as a day, numbered as spreadsheets do, or written.
        latest: a year of two digits is of the last century that does not end after that day.
        year: the year of a day written without one; without it such a day is not read.
    """
    if isinstance(cell, dt.datetime):
        return cell.date()
    if isinstance(cell, dt.date):
        return cell
    if is_number(cell) and int(cell) in _SERIALS:
        return _FIRST_DAY + dt.timedelta(days=int(cell))
    written = text_of(cell) if isinstance(cell, str) or is_number(cell) else ""
    return _written_day(written, latest, year) if len(written) <= _LONGEST else None


def hour_of(cell: Cell) -> dt.time | None:
    """Return the hour that a cell says, alone or after a day; None when it says none."""
    if isinstance(cell, dt.datetime):
        return _time(cell.hour, cell.minute) if cell.time() != dt.time() else None
    if isinstance(cell, dt.time):
        return _time(cell.hour, cell.minute)
    if is_number(cell):
        minutes = _fraction_minutes(float(cell))
        whole = int(cell) if cell == int(cell) else -1
        return _time(whole, 0) if minutes is None else _time(*divmod(minutes, 60))
    if not isinstance(cell, str) or len(cell) > _LONGEST:
        return None
    text = cell.strip()
    found = _HOUR.fullmatch(text) or _AFTER_DAY.search(text)
    if found is not None:
        return _time(int(found[1]), int(found[2] or 0))
    return _time(int(text), 0) if text.isdecimal() else None


def minutes_of(cell: Cell) -> int | None:
    """Return the minutes that a duration says, None when it says none: 20, « 1h15 », a time."""
    if isinstance(cell, dt.timedelta):
        return _within_a_day(cell.total_seconds() / 60)
    if isinstance(cell, dt.time):
        return cell.hour * 60 + cell.minute
    if is_number(cell):
        number = float(cell)
        fraction = _fraction_minutes(number)
        whole = _within_a_day(number) if number == int(number) else None
        return whole if fraction is None else fraction
    return _written_minutes(" ".join(cell.lower().split())) if isinstance(cell, str) else None


def _written_day(text: str, latest: dt.date, year: int | None) -> dt.date | None:
    folded = fold(_AFTER_DAY.sub("", text))
    said = folded[_end_of(_BEFORE.match(folded)) :]
    if found := _YEAR_FIRST.fullmatch(said) or _RUN_YEAR_FIRST.fullmatch(said):
        return _day(found[3], int(found[2]), found[1], latest)
    if found := _DAY_FIRST.fullmatch(said) or _RUN.fullmatch(said):
        return _day(found[1], int(found[2]), found[3], latest)
    if found := _WORDS.fullmatch(said):
        return _day(found[1], _month(found[2]), found[3], latest)
    if year is not None and (found := _NO_YEAR.fullmatch(said)):
        month = int(found[2]) if found[2] else _month(found[4])
        return _day(found[1] or found[3], month, f"{year:04}", latest)
    return None


def _end_of(found: re.Match[str] | None) -> int:
    return 0 if found is None else found.end()


def _time(hour: int, minute: int) -> dt.time | None:
    is_hour = 0 <= hour < _HOURS_A_DAY and 0 <= minute < _MINUTES_AN_HOUR
    return dt.time(hour, minute) if is_hour else None


def _month(word: str) -> int:
    """Return the number of the only month that begins so, else 0."""
    found = [number for number, name in enumerate(_MONTHS, start=1) if name.startswith(word)]
    return found[0] if len(found) == 1 else 0


def _day(day: str, month: int, year: str, latest: dt.date) -> dt.date | None:
    number = int(year)
    if len(year) == _SHORT_YEAR:
        number += latest.year // 100 * 100
        number -= 100 if number > latest.year else 0
    try:
        return dt.date(number, month, int(day))
    except ValueError:
        return None


def _fraction_minutes(number: float) -> int | None:
    """Return the minutes of an hour typed in a spreadsheet: a part of a day."""
    return min(round(number * _MINUTES_A_DAY), _MINUTES_A_DAY - 1) if 0 < number < 1 else None


def _within_a_day(minutes: float) -> int | None:
    return round(minutes) if 0 <= minutes <= _MINUTES_A_DAY else None


def _written_minutes(said: str) -> int | None:
    if _HALF_HOUR.fullmatch(said):
        return 30
    if found := _MINUTES.fullmatch(said):
        return _within_a_day(int(found[1]))
    if found := _HOURS.fullmatch(said):
        return _within_a_day(int(found[1]) * 60 + int(found[2] or 0))
    return None
