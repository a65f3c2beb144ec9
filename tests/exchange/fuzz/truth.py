"""What must be seen at each door: people's own account of it, with neither events nor order.

It knows what everybody wrote, what they had before their eyes as they wrote, and the rules of the
trade: what two people wrote without having seen each other is kept twice, what was erased is gone,
what was refused stays where it was written. Nothing here is the program's: a value stands until
somebody who had seen it wrote another one.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from tests.exchange.fuzz.marks import copy_of

Places = frozenset[str]


@dataclass(kw_only=True)
class Claim:
    """Anything that desks must show.

    `is_known` becomes false when a disk or a relay that was put back may have taken it away;
    `is_late` is true as long as a removed machine wrote it and nobody has accepted it.
    """

    is_known: bool = True
    is_late: bool = False

    @property
    def is_sure(self) -> bool:
        return self.is_known and not self.is_late


@dataclass
class Written(Claim):
    """A value somebody wrote in a field. `at` is where it stays; None is everywhere entitled."""

    value: str
    seen: frozenset[str]
    at: Places | None


@dataclass
class Field:
    """A field of a record, and all that was written in it."""

    written: list[Written] = field(default_factory=list)

    @property
    def is_sure(self) -> bool:
        return all(one.is_sure for one in self.written)

    def standing(self, door: str) -> tuple[str, ...]:
        """What is before the eyes at a door: nobody who saw it wrote another value."""
        here = [one for one in self.written if one.at is None or door in one.at]
        replaced = frozenset().union(*(one.seen for one in here))
        return tuple(sorted(one.value for one in here if one.value not in replaced))

    def write(self, value: str, shown: Iterable[str], at: Places | None) -> None:
        """Write with `shown` before one's eyes, and all that it took the place of."""
        seen = set(shown)
        for one in self.written:
            if one.value in seen:
                seen |= one.seen
        self.written.append(Written(value, frozenset(seen), at))

    def release(self, door: str) -> None:
        for one in self.written:
            if one.at is not None and door in one.at:
                one.at = None


@dataclass
class Record(Claim):
    """Anything written about somebody, named by its mark."""

    mark: str
    structure: str
    at: Places | None
    is_erased: bool = False

    def is_seen_at(self, door: str) -> bool:
        return not self.is_erased and (self.at is None or door in self.at)


@dataclass
class Person(Record):
    """Somebody known by name; `erased_by` is the desk where they asked that nothing be kept."""

    telephone: Field = field(default_factory=Field)
    erased_by: str = ""


@dataclass
class Demand(Record):
    """What somebody asks; nobody's when `person` is None."""

    person: Person | None = None
    expressed: Field = field(default_factory=Field)


@dataclass
class Meeting(Record):
    """`agreements` are (kind, recipient, given)."""

    demand: Demand | None = None
    agreements: tuple[tuple[str, str, bool], ...] = ()


@dataclass
class Answered(Claim):
    """An answer of the second door to what was handed over."""

    mark: str
    status: str
    at: Places | None


@dataclass
class HandOver(Record):
    """A referral; `details` are what the person was shown, when a copy goes `to` another door."""

    demand: Demand | None = None
    to: str = ""
    is_shared: bool = False
    is_copy_known: bool = True
    is_copy_late: bool = False
    details: dict[str, object] = field(default_factory=dict)
    answers: list[Answered] = field(default_factory=list)

    @property
    def is_copy_sure(self) -> bool:
        return self.is_copy_known and not self.is_copy_late


@dataclass
class Truth:
    """All that people did, whatever became of the machines."""

    structure_of: dict[str, str] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    demands: dict[str, Demand] = field(default_factory=dict)
    meetings: dict[str, Meeting] = field(default_factory=dict)
    handovers: dict[str, HandOver] = field(default_factory=dict)
    released: set[str] = field(default_factory=set)

    @property
    def records(self) -> list[Record]:
        return [
            *self.persons.values(),
            *self.demands.values(),
            *self.meetings.values(),
            *self.handovers.values(),
        ]

    def release(self, record: Person | Demand, door: str) -> None:
        """The person agrees: what was kept back of this record leaves."""
        values = record.telephone if isinstance(record, Person) else record.expressed
        held = {one.value for one in values.written if one.at is not None and door in one.at}
        values.release(door)
        if record.at is not None and door in record.at:
            record.at = None
            held.add(record.mark)
        self.released |= held

    def erase(self, person: Person, door: str) -> None:
        """The person wants nothing kept: all that speaks of them goes, written before or since."""
        person.is_erased, person.erased_by = True, door

    def settle_erasures(self) -> None:
        """Whatever speaks of an erased person is erased too, whenever it was written."""
        for demand in self.demands.values():
            demand.is_erased |= demand.person is not None and demand.person.is_erased
        for record in (*self.meetings.values(), *self.handovers.values()):
            record.is_erased |= record.demand is not None and record.demand.is_erased

    def doubt(self, marks: Iterable[str]) -> None:
        """These may be lost, twice there, or there only: nothing is claimed of them."""
        doubted = frozenset(marks)
        for mark, one in self._marked():
            one.is_known &= mark not in doubted
        for given in self.handovers.values():
            given.is_copy_known &= copy_of(given.mark) not in doubted

    def set_late(self, marks: Iterable[str], *, is_late: bool) -> None:
        """A removed machine wrote these after what was accepted of it, or they are accepted now."""
        late = frozenset(marks)
        for mark, one in self._marked():
            one.is_late = is_late if mark in late else one.is_late
        for given in self.handovers.values():
            given.is_copy_late = is_late if copy_of(given.mark) in late else given.is_copy_late

    def forget_removal(self) -> None:
        """Nobody knows any more that a machine was removed: nothing is late."""
        for _, one in self._marked():
            one.is_late = False
        for given in self.handovers.values():
            given.is_copy_late = False

    def _marked(self) -> Iterator[tuple[str, Record | Written | Answered]]:
        yield from ((record.mark, record) for record in self.records)
        yield from ((one.value, one) for values in self._fields() for one in values.written)
        for given in self.handovers.values():
            yield from ((answer.mark, answer) for answer in given.answers)

    def doubt_overtaken(self, door: str, left: frozenset[str]) -> None:
        """What stayed at a door loses its name there: what took its place and left cannot tell."""
        for values in self._fields():
            taken = [one.seen for one in values.written if one.value in left]
            seen = frozenset().union(*taken)
            for one in values.written:
                one.is_known &= one.at is None or door not in one.at or one.value not in seen

    def _fields(self) -> list[Field]:
        values = [person.telephone for person in self.persons.values()]
        return values + [demand.expressed for demand in self.demands.values()]

    def doubt_erasures_of(self, door: str) -> None:
        """What was erased there may be there again."""
        self.settle_erasures()
        for person in self.persons.values():
            if person.erased_by == door:
                person.is_known = False
                self._doubt_all_of(person)

    def _doubt_all_of(self, person: Person) -> None:
        for demand in self.demands.values():
            demand.is_known &= demand.person is not person
        for record in (*self.meetings.values(), *self.handovers.values()):
            record.is_known &= record.demand is None or record.demand.person is not person
        for given in self.handovers.values():
            given.is_copy_known &= given.is_known

    def copy_desk(self, door: str, copy: str) -> None:
        """A copy of a desk shows what stays at that desk."""
        kept = [*self.records, *(one for value in self._fields() for one in value.written)]
        kept += [one for given in self.handovers.values() for one in given.answers]
        for one in kept:
            if one.at is not None and door in one.at:
                one.at |= {copy}

    def gone_words(self) -> frozenset[str]:
        """The marks of what was erased for sure: no file holds them any more."""
        self.settle_erasures()
        gone: set[str] = set()
        for person in self.persons.values():
            if person.is_erased and person.is_sure:
                gone |= {person.mark, *(one.value for one in person.telephone.written)}
        for demand in self.demands.values():
            if self.is_gone(demand):
                gone |= {demand.mark, *(one.value for one in demand.expressed.written)}
        for given in self.handovers.values():
            if self.is_gone(given):
                gone |= {given.mark, *(answer.mark for answer in given.answers)}
        return frozenset(gone | {one.mark for one in self.meetings.values() if self.is_gone(one)})

    @staticmethod
    def is_gone(record: Record) -> bool:
        """Is it sure that nobody may see this any more?"""
        if not record.is_erased:
            return False
        demand = record if isinstance(record, Demand) else getattr(record, "demand", None)
        person = record if isinstance(record, Person) else demand.person if demand else None
        return record.is_sure and (person is None or person.is_sure)
