"""The day that a file's name gives: a hint that publishers leave, never what a file is told by."""

import datetime as dt
import re
from typing import Final

from app.domain.folding import fold

_MONTHS: Final = (
    "janvier",
    "fevrier",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "aout",
    "septembre",
    "octobre",
    "novembre",
    "decembre",
)
_DAY: Final = re.compile(r"(?<!\d)(20\d\d)[-_. ]?(\d\d)[-_. ]?(\d\d)(?!\d)")
_MONTH: Final = re.compile(rf"\b({'|'.join(_MONTHS)}) (20\d\d)\b")


def dated_by_name(name: str, today: dt.date) -> dt.date | None:
    """Return the day or month in a name (« …-2026-11-20.json », « …_janvier_2026.csv »).

    A month counts from its first day. What is no day, or is still to come, is not one.
    """
    if found := _DAY.search(name):
        parts = (int(found[1]), int(found[2]), int(found[3]))
    elif found := _MONTH.search(fold(name)):
        parts = (int(found[2]), _MONTHS.index(found[1]) + 1, 1)
    else:
        return None
    try:
        day = dt.date(*parts)
    except ValueError:
        return None
    return day if day <= today else None
