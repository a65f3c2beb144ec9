"""What an event says once what it speaks of has other names."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NewType

from app.domain.errors import CompartmentClosedError
from app.domain.events import Append, Event, SealedValue, Value, Write
from app.domain.identifiers import EventId, SubjectId
from app.store.compartments import Compartments
from app.store.log import mentions

Names = NewType("Names", dict[bytes, EventId])
"""From old identifiers to new ones."""

_ANY = EventId(bytes(16))


def renamed(event: Event, names: Names, compartments: Compartments) -> Event:
    """Return an event with the new names in place of the old ones.

    Raises:
        CompartmentClosedError: a field of its subject is sealed for another agent.
    """
    if names.keys().isdisjoint({bytes(event.id), *mentions(event)}):
        return event
    subject = SubjectId(bytes(names.get(bytes(event.subject), event.subject)))
    moved = _Moved(names, compartments, event.subject, subject)
    return replace(
        event,
        id=names.get(bytes(event.id), event.id),
        subject=subject,
        writes=tuple(
            Write(
                field=write.field,
                value=moved.value(write.value, write.field),
                replaces=tuple(names.get(bytes(old), old) for old in write.replaces),
            )
            for write in event.writes
        ),
        appends=tuple(
            Append(list_name=item.list_name, value=moved.value(item.value, item.list_name))
            for item in event.appends
        ),
    )


def can_move(event: Event, compartments: Compartments) -> bool:
    """Can the agent who is here seal again what an event of a renamed subject holds?"""
    if not has_sealed(event):
        return True
    try:
        renamed(event, Names({bytes(event.subject): _ANY}), compartments)
    except CompartmentClosedError:
        return False
    return True


def has_sealed(event: Event) -> bool:
    """Does an event hold a field sealed for some agents?"""
    values = [write.value for write in event.writes] + [item.value for item in event.appends]
    return any(map(_is_sealed, values))


@dataclass(frozen=True, slots=True)
class _Moved:
    """Values of a subject under its new name."""

    names: Names
    compartments: Compartments
    before: SubjectId
    after: SubjectId

    def value(self, value: Value, field: str) -> Value:
        if isinstance(value, bytes):
            return bytes(self.names.get(value, value))
        if isinstance(value, SealedValue) and self.before != self.after:
            text = self.compartments.open(value, subject=self.before, field=field)
            return self.compartments.seal(
                text, compartment=value.compartment, subject=self.after, field=field
            )
        if isinstance(value, tuple):
            return tuple(self.value(item, field) for item in value)
        if isinstance(value, Mapping):
            return {key: self.value(item, field) for key, item in value.items()}
        return value


def _is_sealed(value: Value) -> bool:
    if isinstance(value, tuple):
        return any(map(_is_sealed, value))
    if isinstance(value, str | bytes):
        return False
    if isinstance(value, Mapping):
        return any(map(_is_sealed, value.values()))
    return isinstance(value, SealedValue)
