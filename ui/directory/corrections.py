"""From what was typed to the fields of a correction. No Qt."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from app.domain.events import Value
from app.reference.opening_hours import read_opening_hours
from ui.directory.sheet import Typed
from ui.opening_words import as_published


def _hours(typed: str) -> Value:
    """Return hours as they are kept.

    Raises:
        UnreadableHoursError: nobody could rely on them.
    """
    published = as_published(typed)
    if published:
        read_opening_hours(published)
    return published


def _as_typed(typed: str) -> Value:
    return typed


def _days(typed: str) -> Value:
    """Return a number of days; what is none is refused where corrections are kept."""
    return int(typed) if typed.isascii() and typed.isdecimal() else typed


_MADE: Final[Mapping[str, tuple[str, Callable[[str], Value]]]] = MappingProxyType(
    {
        "telephone": ("telephone", _as_typed),
        "direct": ("direct_telephone", _as_typed),
        "hours": ("horaires_accueil", _hours),
        "address": ("adresse", _as_typed),
        "waiting": ("waiting_days", _days),
        "ended_on": ("ended_on", _as_typed),
    }
)
"""By what is typed, the field corrected and what makes its value."""


def corrected_fields(before: Typed, typed: Typed) -> Mapping[str, Value]:
    """Return the fields that differ; an emptied one is "".

    Raises:
        UnreadableHoursError: the hours typed cannot be read.
    """
    return {
        field: make(str(getattr(typed, name)).strip())
        for name, (field, make) in _MADE.items()
        if getattr(typed, name).strip() != getattr(before, name).strip()
    }
