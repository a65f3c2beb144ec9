"""Ages as registers write them: 34, « 34 ans », « 18-25 », « + de 55 ans », a year of birth."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from app.reference.vocabulary import Entry

OLDEST: Final = 130
"""The age of whoever is older than any band says."""

_FIRST_BIRTH_YEAR: Final = 1900
_BETWEEN: Final = re.compile(r"(?:de |entre )?(\d{1,3}) ?(?:-|/|a|et|–|—) ?(\d{1,3})")
_UNDER: Final = re.compile(r"(?:-|<|–|moins|- de|moins de|inferieur a) ?(\d{1,3})")
_OVER: Final = re.compile(
    r"(?:\+|>|plus|\+ de|plus de|superieur a) ?(\d{1,3})|(\d{1,3}) ?(?:\+|et \+|et plus|ou plus)"
)
_YEARS: Final = re.compile(r"\b(?:ans?|annees?)\b\.?(?: et demie?)?")


def ages_of(text: str) -> tuple[int, int] | None:
    """Return the least and the greatest age that words say, None when they say none."""
    said = " ".join(_YEARS.sub(" ", _unaccented(text)).split())
    if found := re.fullmatch(r"\d{1,3}", said):
        return _span(int(found[0]), int(found[0]))
    if found := _BETWEEN.fullmatch(said):
        return _span(int(found[1]), int(found[2]))
    if found := _UNDER.fullmatch(said):
        return _span(0, int(found[1]) - 1)
    if found := _OVER.fullmatch(said):
        return _span(int(found[1] or found[2]), OLDEST)
    return None


def ages_of_birth(born: dt.date, on: dt.date) -> tuple[int, int] | None:
    """Return the age, twice, that somebody born on a day has on another one."""
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return _span(age, age)


def ages_of_birth_year(text: str, on: dt.date) -> tuple[int, int] | None:
    """Return the two ages that somebody may have on a day, when words are their year of birth."""
    said = text.strip()
    if re.fullmatch(r"[0-9]{4}", said) is None or int(said) < _FIRST_BIRTH_YEAR:
        return None
    age = on.year - int(said)
    return _span(max(age - 1, 0), age)


def band_of(ages: tuple[int, int], bands: Iterable[Entry]) -> str:
    """Return the code of the only band that holds these ages, "" when they spread over several."""
    for entry in bands:
        bounds = entry.attributes
        least, most = bounds.get("age_from", 0), bounds.get("age_to", OLDEST)
        if not bounds.keys() & {"age_from", "age_to"} or not isinstance(least, int):
            continue
        if isinstance(most, int) and least <= ages[0] and ages[1] <= most:
            return entry.code
    return ""


def _span(low: int, high: int) -> tuple[int, int] | None:
    return (low, high) if 0 <= low <= high <= OLDEST else None


def _unaccented(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign)).strip()
