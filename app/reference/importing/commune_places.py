"""Where communes are, from the official file of postal codes (La Poste).

The file has a line a postal code and a hamlet, so that a commune comes several times, nearly always
at one place. When it has several, the place of most of its lines is taken, the first among equals:
a mean would invent a place where nobody is, and some of the others are fillers in the ocean.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.reference.communes import CommunePlace, Communes
from app.reference.importing.cells import Lines
from app.reference.importing.columns import Record, Table, header_score, normalised, table_of
from app.reference.importing.commune_finding import CommuneFinder
from app.reference.importing.drafts import Draft, RefusedRecordError
from app.reference.importing.errors import MissingColumnError
from app.reference.importing.files import DEFAULT_LIMITS, Limits, source_of
from app.reference.importing.findings import Counted, Kind, Noted, Place, Rejected, RejectReason
from app.reference.importing.locating import coordinates
from app.reference.importing.sheets import read_table
from app.reference.importing.values import code, is_scientific, line

_CODE: Final = "code"
_LATITUDE: Final = "latitude"
_LONGITUDE: Final = "longitude"
_POINT: Final = "point"
_ALIASES: Final = {
    "code commune insee": _CODE,
    "code_insee": _CODE,
    "_geopoint": _POINT,
    "coordonnees_gps": _POINT,
    "coordonnees_geographiques": _POINT,
}
_DIGITS: Final = 5
_WANTED: Final = (_CODE, _LATITUDE, _LONGITUDE, _POINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeveralPlaces:
    """A commune that the file puts at several places; `taken` is that of most of its lines."""

    code: str
    taken: CommunePlace
    others: tuple[CommunePlace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How many communes of a table have a place in the file; `missing` are codes of the others."""

    communes: int
    placed: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunePlaces:
    """What was read.

    Attributes:
        places: by INSEE code of today.
        several: communes that were at several places.
        former: codes of the file that are no more, and the commune of today of each.
        read: how many lines the file has.
        rejected: lines without a commune or a place.
        noted: places that cannot be.
    """

    places: Mapping[str, CommunePlace]
    several: tuple[SeveralPlaces, ...]
    former: Mapping[str, str]
    read: int
    rejected: tuple[Rejected, ...]
    noted: tuple[Noted, ...]

    def coverage(self, communes: Communes) -> Coverage:
        """Return how many communes of a table have a place."""
        missing = tuple(each.insee_code for each in communes if each.insee_code not in self.places)
        return Coverage(
            communes=len(communes), placed=len(communes) - len(missing), missing=missing
        )


def read_commune_places(
    content: Path | bytes,
    communes: Communes,
    *,
    name: str = "",
    limits: Limits = DEFAULT_LIMITS,
) -> CommunePlaces:
    """Read the places of communes, of France or of a part of it.

    Args:
        content: a file, or what it holds: columns of an INSEE code and of a latitude and a
            longitude, or of both together (« 47.1, 2.3 »), in any order.
        communes: the table that knows former codes of its communes.
        name: how messages call the file; without it, its own name.
        limits: sizes beyond which the file is refused.

    Raises:
        ImportingError: the file is refused whole; a former version whose degrees are radians has
            other columns, and is refused for those it lacks.
    """
    file = source_of(content, name, limits).name
    lines = read_table(content, name=name, limits=limits)
    return places_of(lines, CommuneFinder(communes), file=file)


def holds_places(lines: Lines) -> bool:
    """Tell by its header whether a table says where communes are."""
    names = {normalised(name): name for name in _WANTED}
    names |= {normalised(alias): name for alias, name in _ALIASES.items()}
    _, found = header_score(lines, names)
    known = {names[each] for each in found}
    return _CODE in known and (_POINT in known or {_LATITUDE, _LONGITUDE} <= known)


def places_of(lines: Lines, finder: CommuneFinder, *, file: str) -> CommunePlaces:
    """Read the places of communes in a table; `file` is how messages call it.

    Raises:
        ImportingError: the table lacks a column, or has one twice.
    """
    table = table_of(lines, wanted=_WANTED, required=(_CODE,), file=file, aliases=_ALIASES)
    if _POINT not in table.columns and not {_LATITUDE, _LONGITUDE} <= table.columns.keys():
        raise MissingColumnError(file, (_LATITUDE, _LONGITUDE))
    return _settled(table, finder)


def _settled(table: Table, finder: CommuneFinder) -> CommunePlaces:
    found: dict[str, Counter[CommunePlace]] = defaultdict(Counter)
    rejected: list[Rejected] = []
    noted: list[Noted] = []
    read = 0
    for record in table:
        read += 1
        draft = _draft(record)
        try:
            written, place = _commune_code(draft), _place(draft)
            found[written][place] += 1
        except RefusedRecordError as error:
            rejected.append(error.rejected)
        noted.extend(draft.notes)
    present = {written: finder.by_code(written) for written in found}
    former = {
        written: commune.insee_code
        for written, commune in present.items()
        if commune is not None and commune.insee_code != written
    }
    taken = {written: _most_frequent(places) for written, places in found.items()}
    inherited = {today: taken[written] for written, today in former.items() if today not in taken}
    return CommunePlaces(
        places=inherited | {each: place for each, place in taken.items() if each not in former},
        several=tuple(_several(found, taken)),
        former=former,
        read=read,
        rejected=tuple(rejected),
        noted=tuple(noted),
    )


def _several(
    found: Mapping[str, Counter[CommunePlace]], taken: Mapping[str, CommunePlace]
) -> Iterable[SeveralPlaces]:
    for written, places in found.items():
        others = tuple(place for place in places if place != taken[written])
        if others:
            yield SeveralPlaces(code=written, taken=taken[written], others=others)


def _draft(record: Record) -> Draft:
    values = dict(record.values)
    point = line(values.get(_POINT))
    if point is not None:
        latitude, _, longitude = point.replace(";", ",").partition(",")
        values |= {_LATITUDE: latitude, _LONGITUDE: longitude}
    place = Place(number=record.line, counted=Counted.LINE)
    return Draft(values=values, place=place, kind=Kind.COMMUNE)


def _commune_code(draft: Draft) -> str:
    value = draft.get(_CODE)
    if is_scientific(value):
        raise draft.refuse(RejectReason.SCIENTIFIC_IDENTIFIER, _CODE, value)
    found = code(value, digits=_DIGITS)
    if found is None or len(found) != _DIGITS:
        raise draft.refuse(RejectReason.MISSING_FIELD, _CODE, value)
    return found.upper()


def _place(draft: Draft) -> CommunePlace:
    latitude, longitude = coordinates(draft)
    if latitude is None or longitude is None:
        raise draft.refuse(RejectReason.MISSING_FIELD, _LATITUDE)
    return CommunePlace(latitude, longitude)


def _most_frequent(places: Counter[CommunePlace]) -> CommunePlace:
    return places.most_common(1)[0][0]
