"""From the events of a subject to what is shown: commutative, associative, idempotent.

The state of a subject is a function of the *set* of its events. Order of arrival, repetition and
route change nothing; no clock and no receipt is read. A write stands until another write of the
same field, made by somebody who had seen it, replaces it; two machines that wrote at the same
time leave two values standing, the greatest (Lamport, identifier) is shown and both are kept.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from app.domain.events import ERASE, Event, Value
from app.domain.identifiers import EventId, SubjectId


class StandingValue(NamedTuple):
    """A value of a field that nothing has replaced, and who wrote it.

    A tuple for its making, which is most of the time of a fold: a backlog has them by the hundred
    thousand.
    """

    event: EventId
    value: Value
    lamport: int
    at_s: int
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ListItem:
    """An item of a list that only grows, and who added it.

    `position` is its place among those its event added to that list.
    """

    event: EventId
    position: int
    value: Value
    lamport: int
    at_s: int
    author: str
    clock_doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectState:
    """What the events of one subject amount to.

    `kind` is None until the creating event is known: the subject is then not shown. `fields` maps
    each field to its standing values, the shown one last; more than one means people disagree.
    """

    subject: SubjectId
    kind: str | None
    erased: bool
    created_at_s: int
    created_by: str
    fields: Mapping[str, tuple[StandingValue, ...]]
    lists: Mapping[str, tuple[ListItem, ...]]

    @property
    def is_shown(self) -> bool:
        """Does the subject exist for the people at the screen?"""
        return self.kind is not None and not self.erased

    def value(self, field: str) -> Value:
        """Return the shown value of a field, None when nobody wrote it."""
        standing = self.fields.get(field)
        return standing[-1].value if standing else None

    def heads(self, field: str) -> tuple[EventId, ...]:
        """Return the events that a new write of this field must name as replaced."""
        return tuple(standing.event for standing in self.fields.get(field, ()))

    @property
    def disputed(self) -> tuple[str, ...]:
        """Fields with several standing values, for a person to settle."""
        return tuple(sorted(name for name, values in self.fields.items() if len(values) > 1))


class Shown(NamedTuple):
    """What of a subject's state goes into rows: of each field the value shown.

    `handed` is what the creating event wrote, whatever was written later.
    """

    subject: SubjectId
    kind: str | None
    is_shown: bool
    values: Mapping[str, Value]
    handed: Mapping[str, Value]
    disputed: tuple[str, ...]
    created_at_s: int
    created_by: str
    lists: Mapping[str, tuple[ListItem, ...]]

    def text(self, field: str) -> str:
        """Return the value of a field that is a text, nothing for any other."""
        value = self.values.get(field)
        return value if isinstance(value, str) else ""

    def as_handed_over(self) -> "Shown":
        """Return it as its creating event made it, whatever was written later."""
        return self._replace(values=self.handed)

    def name(self, field: str) -> bytes | None:
        """Return the identifier that a field holds."""
        value = self.values.get(field)
        return value if isinstance(value, bytes) else None


def shown(subject: SubjectId, events: Sequence[Event]) -> Shown:
    """Fold the events of one subject as `fold` does, and keep what is shown."""
    if len(events) == 1 and _says_all(events[0]):
        # Most subjects of a backlog are one event, which then is the whole state.
        (event,) = events
        values = {write.field: write.value for write in event.writes}
        return Shown(
            subject, event.kind, True, values, values, (), event.at_s, event.author, _NO_LISTS
        )
    state = fold(subject, events)
    handed = {
        write.field: write.value
        for event in events
        if event.creates_subject and state.is_shown
        for write in event.writes
    }
    return Shown(
        subject=subject,
        kind=state.kind,
        is_shown=state.is_shown,
        values={field: standing[-1].value for field, standing in state.fields.items()},
        handed=handed,
        disputed=state.disputed,
        created_at_s=state.created_at_s,
        created_by=state.created_by,
        lists=state.lists,
    )


_NO_LISTS: Mapping[str, tuple[ListItem, ...]] = MappingProxyType({})


def _says_all(event: Event) -> bool:
    is_living = event.is_known and event.kind != ERASE
    return is_living and event.creates_subject and not event.appends


def fold(subject: SubjectId, events: Iterable[Event]) -> SubjectState:
    """Fold the events of one subject, all of one space, in any order and with any repetition.

    Events of kinds or versions this program does not know are passed over: they wait in the log
    for a program that knows them. Erasure leaves nothing but the fact.
    """
    known = {event.id: event for event in events if event.is_known}
    ordered = sorted(known.values(), key=lambda event: event.order)
    creation = next((event for event in ordered if event.creates_subject), None)
    erased = any(event.kind == ERASE for event in ordered)
    readable = [] if erased else ordered
    return SubjectState(
        subject=subject,
        kind=creation.kind if creation else None,
        erased=erased,
        created_at_s=creation.at_s if creation and not erased else 0,
        created_by=creation.author if creation and not erased else "",
        fields=_fold_fields(readable),
        lists=_fold_lists(readable),
    )


def _fold_fields(ordered: list[Event]) -> dict[str, tuple[StandingValue, ...]]:
    if len(ordered) == 1:  # most subjects are written once
        (event,) = ordered
        return {write.field: (_standing(event, write.value),) for write in event.writes}
    written: dict[str, list[StandingValue]] = {}
    replaced: dict[str, set[EventId]] = {}
    order_of = {event.id: event.order for event in ordered}
    for event in ordered:
        for write in event.writes:
            written.setdefault(write.field, []).append(_standing(event, write.value))
            # A write replaces only what comes before it: a loop of them cannot empty a field.
            earlier = (
                name for name in write.replaces if order_of.get(name, event.order) < event.order
            )
            replaced.setdefault(write.field, set()).update(earlier)
    return {
        field: tuple(value for value in values if value.event not in replaced[field])
        for field, values in written.items()
    }


def _standing(event: Event, value: Value) -> StandingValue:
    return StandingValue(event.id, value, event.lamport, event.at_s, event.author)


def _fold_lists(ordered: list[Event]) -> dict[str, tuple[ListItem, ...]]:
    lists: dict[str, list[ListItem]] = {}
    for event in ordered:
        places: Counter[str] = Counter()
        for append in event.appends:
            item = ListItem(
                event=event.id,
                position=places[append.list_name],
                value=append.value,
                lamport=event.lamport,
                at_s=event.at_s,
                author=event.author,
                clock_doubtful=event.clock_doubtful,
            )
            places[append.list_name] += 1
            lists.setdefault(append.list_name, []).append(item)
    return {name: tuple(items) for name, items in lists.items()}
