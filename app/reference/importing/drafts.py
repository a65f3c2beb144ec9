"""One record on its way to becoming a row: what it held, where it was, and what is said of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.reference.importing.findings import Kind, Noted, NoteReason, Place, Rejected, RejectReason
from app.reference.importing.values import text

LONGEST_FACT: Final = 120
"""Letters of a value that a message quotes."""


class RefusedRecordError(Exception):
    """A record cannot be taken; caught by whoever gathers rows, never shown as it is."""

    def __init__(self, rejected: Rejected) -> None:
        super().__init__(rejected.reason)
        self.rejected = rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A record with keys of data·inclusion and values as published; `notes` grows while it is read.

    Values may be anything that JSON or a sheet holds. One that `is_derived` is no record of the
    file but follows from another: whatever is to be said was said of that one.
    """

    values: Mapping[str, Any]
    place: Place
    kind: Kind
    is_derived: bool = False
    notes: list[Noted] = field(default_factory=list)

    def get(self, name: str) -> Any:
        """Return what was published for a field, None for nothing."""
        return self.values.get(name)

    def note(self, reason: NoteReason, name: str = "", value: Any = None) -> None:
        """Say that something of this record is left aside or kept with doubt."""
        facts = _facts(name, value)
        self.notes.append(Noted(place=self.place, kind=self.kind, reason=reason, facts=facts))

    def refuse(self, reason: RejectReason, name: str = "", value: Any = None) -> RefusedRecordError:
        """Return the error that refuses this record, to be raised."""
        facts = _facts(name, value)
        identifier = text(self.get("id")) or text(self.get("nom"))
        if identifier and facts.get("value") != identifier:
            facts["identifier"] = identifier[:LONGEST_FACT]
        return RefusedRecordError(
            Rejected(place=self.place, kind=self.kind, reason=reason, facts=facts)
        )


def _facts(name: str, value: Any) -> dict[str, str]:
    said = text(value) or ""
    facts = {"field": name, "value": " ".join(said.split())[:LONGEST_FACT]}
    return {key: fact for key, fact in facts.items() if fact}
