"""Gives each record to the reader of its format, and says what the whole file is."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.reference.importing import administration, data_inclusion, france_travail, missions_locales
from app.reference.importing.cells import Lines
from app.reference.importing.columns import Record
from app.reference.importing.commune_finding import departments_of
from app.reference.importing.commune_places import places_of
from app.reference.importing.errors import UndatedFileError, UnknownFormatError
from app.reference.importing.findings import Kind, Place
from app.reference.importing.gathering import Gathering
from app.reference.importing.lookups import Lookups
from app.reference.importing.naming import dated_by_name
from app.reference.importing.parsed import DatedBy, Format, Options, Parsed, Provenance
from app.reference.importing.recognising import Recognised
from app.reference.importing.values import day, line

_FACTS: Final = "spro"
_SAID: Final = frozenset({"publisher", "licence", "dated_on"})


class Taking:
    """One file being read: `file` is how messages call it, `dated` a name that may give its day."""

    def __init__(self, lookups: Lookups, options: Options, *, file: str, dated: str) -> None:
        self.file = file
        self.gathering = Gathering(lookups, options)
        self._lookups = lookups
        self._options = options
        self._dated = dated
        self._format: Format | None = None
        self._holds: set[Kind] = set()
        self._facts: dict[str, dict[str, Any]] = {}
        self._said: dict[str, str] = {}

    def expect(self, recognised: Recognised) -> None:
        """Say what the records to come are; the first format is that of the file."""
        self._format = self._format or recognised.format
        if recognised.kind is Kind.COVERAGE:
            self._holds |= {Kind.STRUCTURE, Kind.SERVICE}
        else:
            self._holds.add(recognised.kind)

    def take(self, recognised: Recognised, record: Mapping[str, Any], place: Place) -> None:
        """Take one record."""
        if recognised.format is Format.ADMINISTRATION:
            administration.take(record, place, self.gathering)
        elif recognised.format is Format.FRANCE_TRAVAIL:
            france_travail.take(record, place, self.gathering, self._day())
        else:
            data_inclusion.take(record, place, recognised.kind, self.gathering)

    def take_coverage(self, records: Iterable[Record], table: str) -> None:
        """Take a whole table that says who covers which commune."""
        missions_locales.take_all(records, table, self.gathering, self._day())

    def take_fact(self, name: str, value: Any) -> None:
        """Take what stands beside lists: `spro`, `publisher`, `licence`, `dated_on`."""
        if name == _FACTS:
            self._facts |= data_inclusion.facts_of(value, self._lookups.networks)
        elif name in _SAID and line(value):
            self._said[name] = line(value) or ""

    def parsed(self) -> Parsed:
        """Return all that was read.

        Raises:
            UnknownFormatError: nothing was recognised.
        """
        if self._format is None:
            raise UnknownFormatError(self.file)
        self.gathering.take_facts(self._facts)
        provenance = self._provenance(self._format)
        return self.gathering.parsed(self._format, frozenset(self._holds), provenance)

    def parsed_places(self, lines: Lines) -> Parsed:
        """Return where the communes of the region are, from a table that says it of many more.

        Raises:
            ImportingError: a column is there twice.
        """
        found = places_of(lines, self._lookups.communes, file=self.file)
        wanted = self._options.departments
        places = {
            code: place
            for code, place in found.places.items()
            if self._lookups.communes.by_code(code) is not None
            and (not wanted or departments_of(code, None) & wanted)
        }
        return Parsed(
            format=Format.COMMUNES,
            provenance=self._provenance(Format.COMMUNES),
            structures=(),
            services=(),
            spro={},
            places=places,
            holds=frozenset({Kind.COMMUNE}),
            departments=wanted,
            read=found.read,
            left_out=len(found.places) - len(places),
            rejected=found.rejected,
            noted=found.noted,
        )

    def _provenance(self, of: Format) -> Provenance:
        """Return where the file comes from: what it says itself, or who publishes the format."""
        publisher = self._lookups.tables.publisher(of)
        dated_on, dated_by = self._dated_on()
        return Provenance(
            publisher=self._said.get("publisher", publisher.name),
            licence=self._said.get("licence", publisher.licence),
            sources=self.gathering.sources(),
            dated_on=dated_on,
            dated_by=dated_by,
        )

    def _dated_on(self) -> tuple[dt.date | None, DatedBy]:
        if self._options.published_on is not None:
            return self._options.published_on, DatedBy.GIVEN
        written = _past_day(self._said.get("dated_on"), self._lookups.today)
        if written is not None:
            return written, DatedBy.CONTENT
        named = dated_by_name(self._dated, self._lookups.today)
        if named is not None:
            return named, DatedBy.NAME
        return self.gathering.latest_day(), DatedBy.LATEST_ENTRY

    def _day(self) -> str:
        """Return the day of a file whose records are not dated.

        Raises:
            UndatedFileError: neither somebody nor its name says it.
        """
        said = self._options.published_on or dated_by_name(self._dated, self._lookups.today)
        if said is None:
            raise UndatedFileError(self.file)
        return said.isoformat()


def _past_day(written: str | None, today: dt.date) -> dt.date | None:
    try:
        found = day(written)
    except ValueError:
        return None
    return found if found is not None and found <= today else None
