"""A structure that no directory lists: its name as somebody typed it, and how to reach it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.domain.events import Value

OUTSIDE: Final = "to_outside"
"""The field of a referral that says it goes to such a structure."""

CONTACT_FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {"telephone": "to_telephone", "email": "to_email", "address": "to_address"}
)
"""Where a referral keeps how that structure is reached."""

OUTSIDE_FIELDS: Final = frozenset({OUTSIDE, *CONTACT_FIELDS.values()})

_SHORTEST_TELEPHONE: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideStructure:
    """How such a structure is reached, as far as it is known. `WantedReferral.to` is its name."""

    telephone: str = ""
    email: str = ""
    address: str = ""

    def misspelt(self) -> tuple[str, ...]:
        """Return the fields that say something and reach nobody."""
        name, _, host = self.email.strip().partition("@")
        digits = sum(sign.isdecimal() for sign in self.telephone)
        wrong = {
            "telephone": bool(self.telephone.strip()) and digits < _SHORTEST_TELEPHONE,
            "email": bool(self.email.strip()) and not (name and host),
        }
        return tuple(field for field, is_wrong in wrong.items() if is_wrong)

    def as_fields(self) -> dict[str, Value]:
        """Return what a referral keeps of it."""
        said = {kept: getattr(self, field) or None for field, kept in CONTACT_FIELDS.items()}
        return {OUTSIDE: True, **said}


def outside_of(details: Mapping[str, Value]) -> OutsideStructure | None:
    """Return how the structure of a referral is reached when no directory lists it, else None."""
    if details.get(OUTSIDE) is not True:
        return None
    said = {field: details.get(kept) for field, kept in CONTACT_FIELDS.items()}
    return OutsideStructure(**{name: text for name, text in said.items() if isinstance(text, str)})
