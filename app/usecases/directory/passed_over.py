"""Why people here chose another structure than the one proposed first: what upkeep learns of it."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.store.bodies import unpack_map
from app.usecases.desk import Desk
from app.usecases.directory.shelf import desk_directory

_WITH_A_REASON: Final = """
    SELECT created_at_s, details FROM referrals
    WHERE instr(details, CAST('other_choice' AS BLOB)) > 0
"""
"""Bodies hold the names of their fields as they are: few rows are left to unpack."""

_DOUBTS: Final = "doubts_entry"


@dataclass(frozen=True, slots=True, kw_only=True)
class PassedOver:
    """How often a structure was passed over since its entry was checked, by reason.

    `reasons` are codes of `other_choice_reason`, the most frequent first; `doubted` counts those
    that say that the entry is wrong.
    """

    reasons: Mapping[str, int]
    doubted: int

    @property
    def times(self) -> int:
        """How often, whatever the reason."""
        return sum(self.reasons.values())


def passed_over(desk: Desk) -> Mapping[str, PassedOver]:
    """Return, by reference, the structures passed over since the day they were last checked."""
    checked = {one.reference: one.checked_on for one in desk_directory(desk).all()}
    entries = desk.reference.vocabularies.get("other_choice_reason").entries
    doubting = {entry.code for entry in entries if entry.attributes.get(_DOUBTS) is True}
    found: dict[str, Counter[str]] = {}
    with desk.workspace.read() as connection:
        for at_s, packed in connection.execute(_WITH_A_REASON):
            reason, reference = _told(unpack_map(packed))
            if reason and _day(at_s) > checked.get(reference, dt.date.max):
                found.setdefault(reference, Counter())[reason] += 1
    return {
        reference: PassedOver(
            reasons=dict(sorted(counts.items(), key=lambda one: (-one[1], one[0]))),
            doubted=sum(counts[code] for code in doubting),
        )
        for reference, counts in found.items()
    }


def _told(details: Mapping[str, Any]) -> tuple[str, str]:
    reason, reference = details.get("other_choice"), details.get("instead_of")
    return str(reason or ""), str(reference or "")


def _day(at_s: int) -> dt.date:
    return dt.datetime.fromtimestamp(at_s, dt.UTC).astimezone().date()
