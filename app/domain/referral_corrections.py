"""Correcting what was handed over: which fields may be, and what they say once they were.

A correction is a step of the referral's history, so that it converges as answers do: steps only
grow, in one order for every machine. What was first handed over is never rewritten.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from app.domain.events import Value
from app.domain.referral import FieldChange, Step
from app.domain.referral_errors import NotCoveredByAgreementError, NothingToCorrectError

RELAY_FIELDS: Final = ("handover", "deadline_on", "deadline_reason", "message")
"""How the relay is passed: these may be said later, they say nothing more of the person."""

HELD_FIELDS: Final = (
    "family_name",
    "given_name",
    "birth_on",
    "telephone",
    "email",
    "address",
    "expressed",
    "analysed",
)
"""What the person agreed to hand over: it is put right or taken out, never added to."""

CORRECTABLE: Final = (*HELD_FIELDS, *RELAY_FIELDS)

VOCABULARY_OF_RELAY: Mapping[str, str] = MappingProxyType(
    {"handover": "handover_mode", "deadline_reason": "deadline_reason"}
)
"""The vocabulary of the fields that hold a code."""


def changes_wanted(
    details: Mapping[str, Value], wanted: Mapping[str, str]
) -> tuple[FieldChange, ...]:
    """Return what a correction changes; an empty text takes a field out.

    Raises:
        NotCoveredByAgreementError: it would hand over something of the person that did not leave.
        NothingToCorrectError: everything says that already.
    """
    changes = []
    for field in (name for name in CORRECTABLE if name in wanted):
        was, became = details.get(field), wanted[field].strip() or None
        if became == was:
            continue
        if field in HELD_FIELDS and was is None:
            raise NotCoveredByAgreementError(field=field)
        changes.append(FieldChange(field=field, was=was, became=became))
    if not changes:
        raise NothingToCorrectError
    return tuple(changes)


def corrected(
    handed: Mapping[str, Value], steps: Iterable[Step]
) -> tuple[Mapping[str, Value], tuple[str, ...]]:
    """Return what was handed over as it stands corrected, and the fields corrected twice at once.

    Args:
        handed: what the creating event said.
        steps: the corrections of those who handed it over, in causal order. One that was made
            without knowing the one before says that the field was something else.
    """
    standing, disputed = dict(handed), set[str]()
    for change in (change for step in steps for change in step.changes):
        if change.field not in CORRECTABLE:
            continue
        if standing.get(change.field) in (change.was, change.became):
            disputed.discard(change.field)
        else:
            disputed.add(change.field)
        if change.became is None:
            standing.pop(change.field, None)
        else:
            standing[change.field] = change.became
    return standing, tuple(sorted(disputed))
