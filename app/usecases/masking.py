"""Numbers that identify somebody for life never enter the log: masked before anything is written.

Every use case that writes a text typed or imported passes here first, so that no door is forgotten.
What others wrote is kept and shown as it came.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from app.domain.outside import OutsideStructure
from app.domain.personal_numbers import masked
from app.domain.reception import PersonDetails, Reception, WantedReferral

_NAMES_OF_RECORDS: Final = frozenset({"to", "service", "received_at"})
"""Fields that name a structure, its service or a moment. Every other text passes, codes too, which
hold no such number: a field added later is covered without a word here."""

_NOT_TEXTS: Final = frozenset({"id", "code", "codes", "reach", "service", "demand", "started_at"})

_MAY_HOLD: Final = re.compile(r"(?=.{11}).*?\d", re.DOTALL)
"""A number has eleven signs at least, some of them digits of whatever script: most of what is typed
has not, and is read no further."""

_Part = TypeVar("_Part", bound=Reception | PersonDetails | WantedReferral | OutsideStructure)


def without_numbers(part: _Part) -> tuple[_Part, tuple[str, ...]]:
    """Return what was said with its numbers masked, and the fields where there was one.

    Fields are named as a refusal names them: `expressed`, `person.address`, `referral.message`.
    """
    changed: dict[str, Any] = {}
    places: list[str] = []
    for field in dataclasses.fields(part):
        value = getattr(part, field.name)
        if isinstance(value, PersonDetails | WantedReferral | OutsideStructure):
            kept, inside = without_numbers(value)
            found = [f"{field.name}.{place}" for place in inside]
        else:
            kept = value if _names_a_record(part, field.name) else masked_value(value)
            found = [] if kept == value else [field.name]
        if found:
            changed[field.name] = kept
            places += found
    return (dataclasses.replace(part, **changed) if changed else part), tuple(places)


def _names_a_record(part: object, field: str) -> bool:
    """Is that field a name that is never masked? A structure of no directory is named by hand."""
    is_typed = isinstance(part, WantedReferral) and part.outside is not None
    return field in _NAMES_OF_RECORDS and not is_typed


def masked_value(value: Any) -> Any:
    """Return a text, a tuple of texts or anything else, the texts masked."""
    if isinstance(value, str):
        return masked(value) if _MAY_HOLD.match(value) else value
    return tuple(map(masked_value, value)) if isinstance(value, tuple) else value


def masked_body(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the JSON of a page half-filled, its texts masked; identifiers and codes stay."""
    return {name: part if name in _NOT_TEXTS else _masked_part(part) for name, part in body.items()}


def _masked_part(part: Any) -> Any:
    if isinstance(part, str):
        return masked(part)
    if isinstance(part, Mapping):
        return masked_body(part)
    return [_masked_part(each) for each in part] if isinstance(part, list | tuple) else part
