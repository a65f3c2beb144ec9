"""The services of a directory as the choice reads them: what they share is looked at once.

Thousands of services have few different networks, lists of themes, audiences, areas and places.
Each list is kept once and rows hold its number, so that a situation is compared with each list
once, and with each service by looking numbers up.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Generic, NamedTuple, TypeVar

from app.domain.folding import fold
from app.reference.communes import Communes
from app.reference.directory import Directory, ServiceEntry, StructureEntry
from app.reference.distance import Place, Point
from app.reference.matching_rules import MatchingRules

T = TypeVar("T")

PAID: Final = "payant"
"""What data·inclusion says of a service that is not free."""

DAYS_OF_A_WEEK: Final = 7

_FRANCE: Final = (41.0, 52.0, -6.0, 10.0)
"""Degrees: coordinates out of these are of no place in mainland France, or are swapped."""


class Kept(Generic[T]):
    """Different values, all hashable, each kept once and known by its number."""

    def __init__(self) -> None:
        self._numbers: dict[T, int] = {}

    def number(self, value: T) -> int:
        """Return the number of a value, a new one for a new value."""
        return self._numbers.setdefault(value, len(self._numbers))

    def __iter__(self) -> Iterator[T]:
        """Yield the values in the order of their numbers."""
        return iter(self._numbers)


class Row(NamedTuple):
    """One service of one structure, or a structure of which no service is known.

    From `network` to `checked`, fields are numbers of `Columns`. `worth` is what does not depend on
    the situation, in kilometres. `order` decides between rows that are worth the same, whatever the
    order of the directory.
    """

    structure: StructureEntry
    service: ServiceEntry | None
    order: tuple[str, str]
    network: int
    subjects: int
    audiences: int
    areas: int
    modes: int
    languages: int
    place: int
    life: int
    checked: int
    worth: float
    is_counselling: bool

    @property
    def checked_on(self) -> date:
        """The last day somebody vouched for the service, or for the structure without any."""
        return (self.service or self.structure).checked_on

    @property
    def is_paid(self) -> bool:
        """Is the service not free?"""
        return self.service is not None and self.service.fees == PAID


class Subjects(NamedTuple):
    """What a service is about: its motives when people here said them, else its themes."""

    themes: tuple[str, ...]
    motives: tuple[str, ...]


class Life(NamedTuple):
    """The days of a structure: in the regional service, and its first day of no longer being.

    That of one of its services is its own, when it is over before.
    """

    member_from: date | None
    member_to: date | None
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class Columns:
    """The different values of each column of the rows."""

    networks: Kept[str] = field(default_factory=Kept)
    subjects: Kept[Subjects] = field(default_factory=Kept)
    audiences: Kept[tuple[str, ...]] = field(default_factory=Kept)
    areas: Kept[tuple[str, ...]] = field(default_factory=Kept)
    modes: Kept[tuple[str, ...]] = field(default_factory=Kept)
    languages: Kept[tuple[str, ...]] = field(default_factory=Kept)
    places: Kept[Place | None] = field(default_factory=Kept)
    lives: Kept[Life] = field(default_factory=Kept)
    checked: Kept[date] = field(default_factory=Kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A directory made ready; `named` holds structures by reference and by identifier."""

    rows: tuple[Row, ...]
    columns: Columns
    named: Mapping[str, StructureEntry]


def build_index(directory: Directory, communes: Communes, rules: MatchingRules) -> Index:
    """Make a directory ready; done once for each directory."""
    structures = directory.all()
    columns = Columns()
    where = _places(communes)
    return Index(
        rows=tuple(
            _row(columns, structure, service, rules, where(structure, service))
            for structure in structures
            for service in structure.services or (None,)
        ),
        columns=columns,
        named=_named(structures),
    )


def _named(structures: Sequence[StructureEntry]) -> dict[str, StructureEntry]:
    """Return structures by name; of two publishers' that share one, the order decides nothing."""
    ordered = sorted(structures, key=lambda one: one.reference, reverse=True)
    return {one.id: one for one in ordered} | {one.reference: one for one in ordered}


def waiting_days(structure: StructureEntry, service: ServiceEntry | None) -> int | None:
    """Return the wait before a first appointment, the service's own first; None if unsaid."""
    own = service.waiting_days if service is not None else None
    return structure.waiting_days if own is None else own


def ended_on(structure: StructureEntry, service: ServiceEntry | None) -> date | None:
    """Return the first day without a service, or without its structure if it went before."""
    days = [structure.ended_on, service.ended_on if service is not None else None]
    return min((day for day in days if day is not None), default=None)


def _subjects(service: ServiceEntry | None) -> Subjects:
    if service is None:
        return Subjects(themes=(), motives=())
    if service.motives:
        return Subjects(themes=(), motives=service.motives)
    return Subjects(themes=service.themes, motives=())


def _row(
    columns: Columns,
    structure: StructureEntry,
    service: ServiceEntry | None,
    rules: MatchingRules,
    place: Place | None,
) -> Row:
    one = service or structure
    return Row(
        structure=structure,
        service=service,
        order=(structure.reference, service.id if service else ""),
        network=columns.networks.number(structure.network),
        subjects=columns.subjects.number(_subjects(service)),
        audiences=columns.audiences.number(service.audiences if service else ()),
        areas=columns.areas.number(service.area if service else ()),
        modes=columns.modes.number(service.reception_modes if service else ()),
        languages=columns.languages.number(one.languages or structure.languages),
        place=columns.places.number(place),
        life=columns.lives.number(
            Life(structure.membership_from, structure.membership_to, ended_on(structure, service))
        ),
        checked=columns.checked.number(one.checked_on),
        worth=_worth(structure, service, rules),
        is_counselling=service is not None
        and structure.is_cep_operator
        and _is_named(service, rules.counselling.service_words),
    )


def _worth(structure: StructureEntry, service: ServiceEntry | None, rules: MatchingRules) -> float:
    """Return what the wait, the price and the kind of service are worth, in kilometres."""
    weeks = (waiting_days(structure, service) or 0) // DAYS_OF_A_WEEK
    worth = min(weeks, rules.most["waiting_weeks"]) * rules.weights.waiting_week
    if service is None:
        return worth
    worth += rules.kinds_km.get(service.kind or "", 0.0)
    return worth + (rules.weights.paid if service.fees == PAID else 0.0)


def _is_named(service: ServiceEntry, words: tuple[str, ...]) -> bool:
    name = f" {fold(service.name)} "
    return any(f" {phrase} " in name for phrase in words)


def _places(communes: Communes) -> Callable[[StructureEntry, ServiceEntry | None], Place | None]:
    """Return what finds the place of a service: its commune, its coordinates, the structure's."""
    table = {code: commune for commune in communes for code in commune.former_codes}
    table |= {commune.insee_code: commune for commune in communes}

    def where(structure: StructureEntry, service: ServiceEntry | None) -> Place | None:
        for one in (service, structure) if service else (structure,):
            place = table.get(one.commune_code or "") or _point(one)
            if place is not None:
                return place
        return None

    return where


def _point(one: StructureEntry | ServiceEntry) -> Point | None:
    if one.latitude is None or one.longitude is None:
        return None
    south, north, west, east = _FRANCE
    if not (south <= one.latitude <= north and west <= one.longitude <= east):
        return None
    return Point(latitude=one.latitude, longitude=one.longitude)
