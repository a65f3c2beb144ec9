"""Exactly what was handed over, in words, field by field. No Qt."""

from collections.abc import Callable, Mapping

from app.domain.events import Value
from app.domain.outside import OUTSIDE_FIELDS
from app.domain.referral import SERVICE
from ui.widgets.referral_words import Label
from ui.widgets.transmitted_fields import Part, parts_of

# Links between records, names the page shows at its head, and what is kept here alone.
_NOT_CONTENT = frozenset(
    {
        "from_structure",
        "from_name",
        "to_structure",
        "to_name",
        "to_reference",
        SERVICE,
        "person",
        "demand",
        "encounter",
        "shared",
        "route",
        "for_barrier",
        "other_choice",
        "instead_of",
        *OUTSIDE_FIELDS,
        "follows",
        "resends",
        "known_as",
    }
)


def transmitted_parts(
    details: Mapping[str, Value], label: Label, commune_name: Callable[[str], str]
) -> tuple[Part, ...]:
    """Return every field that was handed over, without what ties records or stays here."""
    content = {field: value for field, value in details.items() if field not in _NOT_CONTENT}
    return parts_of(content, label, commune_name)
