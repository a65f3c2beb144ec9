"""Values as publishers write them, turned into what the directory keeps: text, codes, days, lists.

Publishers go through pandas, Excel and databases, and each leaves its marks: « NaN » for nothing,
« 45300.0 » for a code, `['a', 'b']` or `['a' 'b']` for a list, milliseconds for a day.
"""

import datetime as dt
import math
import re
from typing import Any, Final

from app.reference.importing.encodings import repaired

_NOTHING: Final = frozenset({"nan", "NaN", "None", "null", "NULL", "<NA>", "NaT", "#N/A"})
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_ENDS: Final = re.compile(r"\r\n?")
_SPACES: Final = re.compile(r"[ \t\n\f\v]+")
_SCIENTIFIC: Final = re.compile(r"\d+(?:[.,]\d+)?[eE]\+\d+")
_WHOLE: Final = re.compile(r"(\d+)[.,]0+")
_EXACT_WHOLE: Final = 2**53
_QUOTED: Final = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"")
_BETWEEN: Final = re.compile(r"[,;|\n]")
_CUT: Final = "..."
_FRENCH_DAY: Final = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?:[ T].*)?", re.DOTALL)
_COMPACT_DAY: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_ISO_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[ T].*)?", re.DOTALL)
_EXCEL_ORIGIN: Final = dt.date(1899, 12, 30)
_EXCEL_DAYS: Final = range(36_526, 80_000)
"""From 2000 on; smaller numbers are not days of an entry."""
_SECONDS: Final = range(946_684_800, 10_000_000_000)
_MILLISECONDS: Final = range(946_684_800_000, 10_000_000_000_000)


def text(value: Any) -> str | None:
    """Return a value as clean text, None for nothing; Any since JSON and sheets hold anything."""
    if value is None or isinstance(value, bool | list | tuple | dict):
        return None
    if isinstance(value, float):
        return _number_text(value)
    if not isinstance(value, str):
        return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)
    cleaned = _LINE_ENDS.sub("\n", _UNPRINTABLE.sub("", repaired(value))).strip()
    return None if not cleaned or cleaned in _NOTHING else cleaned


def line(value: Any) -> str | None:
    """Return a value as text on one line, its spaces single; no-break ones stay."""
    found = text(value)
    return None if found is None else _SPACES.sub(" ", found)


def code(value: Any, *, digits: int = 0) -> str | None:
    """Return a code as text: « 45300.0 » is 45300, and zeroes that a number lost come back.

    Args:
        value: what was published.
        digits: how many a code made of digits must have.
    """
    found = line(value)
    if found is None:
        return None
    whole = _WHOLE.fullmatch(found)
    found = whole[1] if whole else found
    return found.zfill(digits) if found.isascii() and found.isdigit() else found


def is_scientific(value: Any) -> bool:
    """Tell whether a number lost its last figures: « 2,17003E+13 », or more than a sheet holds."""
    if isinstance(value, float):
        return abs(value) >= _EXACT_WHOLE
    return isinstance(value, str) and _SCIENTIFIC.fullmatch(value.strip()) is not None


def day(value: Any) -> dt.date | None:
    """Return a day, None for nothing.

    ISO with or without a time, « JJ/MM/AAAA », « AAAAMMJJ », a day of a sheet, and the numbers
    that Excel and pandas put for one are read.

    Raises:
        ValueError: something is there, and it is no day.
    """
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _numbered_day(value)
    found = line(value)
    return None if found is None else _written_day(found)


def number(value: Any) -> float | None:
    """Return a number, None for nothing; a decimal comma is one.

    Raises:
        ValueError: something is there, and it is no number.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if math.isfinite(value) else None
    found = line(value)
    if found is None:
        return None
    read = float("".join(found.split()).replace(",", "."))
    if not math.isfinite(read):
        message = "not a finite number"
        raise ValueError(message)
    return read


def items(value: Any) -> tuple[str, ...]:
    """Return a list, whichever way it was written, each item once and in its order.

    A JSON list, `['a', 'b']` of Python, `['a' 'b']` of numpy, `{a,b}` of PostgreSQL, « a, b ».
    """
    if isinstance(value, list | tuple):
        found = [code(item) for item in value]
    else:
        written = text(value)
        found = [] if written is None else [code(item) for item in _written_items(written)]
    return tuple(dict.fromkeys(item for item in found if item and item != _CUT))


def _written_items(written: str) -> list[str]:
    if written[0] in "[({" and written[-1] in "])}":
        quoted = _QUOTED.findall(written)
        if quoted:
            return [single or double for single, double in quoted]
        written = written[1:-1]
    return [item.strip(" \"'") for item in _BETWEEN.split(written)]


def _number_text(value: float) -> str | None:
    if not math.isfinite(value):
        return None
    return str(int(value)) if value.is_integer() and abs(value) < _EXACT_WHOLE else repr(value)


def _written_day(written: str) -> dt.date:
    if iso := _ISO_DAY.fullmatch(written) or _COMPACT_DAY.fullmatch(written):
        return dt.date(int(iso[1]), int(iso[2]), int(iso[3]))
    if french := _FRENCH_DAY.fullmatch(written):
        return dt.date(int(french[3]), int(french[2]), int(french[1]))
    if written.isascii() and written.isdigit():
        return _numbered_day(int(written[:14]))
    message = "not a day"
    raise ValueError(message)


def _numbered_day(value: float) -> dt.date:
    whole = int(value) if math.isfinite(value) else 0
    if whole in _EXCEL_DAYS:
        return _EXCEL_ORIGIN + dt.timedelta(days=whole)
    if whole in _SECONDS:
        return dt.datetime.fromtimestamp(whole, dt.UTC).date()
    if whole in _MILLISECONDS:
        return dt.datetime.fromtimestamp(whole // 1_000, dt.UTC).date()
    message = "not the number of a day"
    raise ValueError(message)
