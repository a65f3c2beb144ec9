"""Gathers the rows of a file: each identifier once, each service with its structure."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.reference.directory import NO_NETWORK, Row
from app.reference.importing.carriers import Published
from app.reference.importing.commune_finding import departments_of
from app.reference.importing.drafts import Draft, RefusedRecordError
from app.reference.importing.findings import Kind, Noted, Rejected, RejectReason
from app.reference.importing.lookups import Lookups
from app.reference.importing.parsed import Format, Options, Parsed, Provenance
from app.reference.importing.rows import service_row, structure_row


class Gathering:
    """What was read so far of one file; `parsed` says it all at the end."""

    def __init__(self, lookups: Lookups, options: Options) -> None:
        self.lookups = lookups
        self.options = options
        self._structures: dict[str, Row] = {}
        self._elsewhere: dict[str, tuple[Row, tuple[str, ...]]] = {}
        self._services: dict[str, Row] = {}
        self._waiting: list[tuple[Draft, Row]] = []
        self._spro: dict[str, dict[str, Any]] = {}
        self._rejected: list[Rejected] = []
        self._noted: list[Noted] = []
        self._read = 0
        self._left_out = 0

    def count(self) -> None:
        """Count one more record of the file."""
        self._read += 1

    def leave_out(self) -> None:
        """Count a record that is of no use here."""
        self._left_out += 1

    def reject(self, rejected: Rejected) -> None:
        """Say that a record is not taken."""
        self._rejected.append(rejected)

    def note(self, notes: Iterable[Noted]) -> None:
        """Say what was left aside of records taken."""
        self._noted.extend(notes)

    def note_of(self, draft: Draft) -> None:
        """Say what was left aside of a record, unless it was said of the one it follows from."""
        if not draft.is_derived:
            self.note(draft.notes)

    def take_structure(
        self, draft: Draft, *, pivots: tuple[str, ...] = (), facts: Mapping[str, Any] | None = None
    ) -> None:
        """Take a structure, or say why not.

        Args:
            draft: the record.
            pivots: its kinds in the administration's directory, which tell its network.
            facts: facts of ours that the publisher gives.
        """
        try:
            row = structure_row(draft, self.lookups)
            if row["id"] in self._structures or row["id"] in self._elsewhere:
                raise draft.refuse(RejectReason.DUPLICATE_IDENTIFIER, "id", row["id"])
        except RefusedRecordError as error:
            self.reject(error.rejected)
            return
        if self._is_outside(row):
            self._elsewhere[row["id"]] = (row, pivots)
            self.leave_out()
            return
        self.note_of(draft)
        self._keep(row, pivots, facts or {})

    def take_service(self, draft: Draft) -> None:
        """Take a service once its structure is known, or say why not."""
        try:
            row = service_row(draft, self.lookups)
            if row["id"] in self._services:
                raise draft.refuse(RejectReason.DUPLICATE_IDENTIFIER, "id", row["id"])
        except RefusedRecordError as error:
            self.reject(error.rejected)
            return
        if self._is_known(row["structure_id"]):
            self._services[row["id"]] = row
            self.note_of(draft)
        else:
            self._waiting.append((draft, row))

    def take_facts(self, facts: Mapping[str, Mapping[str, Any]]) -> None:
        """Take facts of ours from a directory of the Region, over what was deduced."""
        for identifier, values in facts.items():
            self._spro.setdefault(identifier, {}).update(values)

    def give_up_waiting(self) -> None:
        """Settle the services whose structure has not come, when no structure can come any more."""
        waiting, self._waiting = self._waiting, []
        for draft, row in waiting:
            self._settle(draft, row)

    def parsed(self, of: Format, holds: frozenset[Kind], provenance: Provenance) -> Parsed:
        """Return all that was read, once every record was given."""
        self.give_up_waiting()
        identifiers = {row["id"] for row in self._kept()}
        return Parsed(
            format=of,
            provenance=provenance,
            structures=tuple(self._structures.values()),
            services=tuple(self._services.values()),
            spro={key: facts for key, facts in self._spro.items() if key in identifiers and facts},
            holds=holds,
            departments=self.options.departments,
            read=self._read,
            left_out=self._left_out,
            rejected=tuple(self._rejected),
            noted=tuple(self._noted),
        )

    def sources(self) -> tuple[str, ...]:
        """Return the codes of sources that the rows taken bear."""
        return tuple(sorted({row["source"] for row in self._kept()}))

    def latest_day(self) -> date | None:
        """Return the last day that a row taken was changed."""
        latest = max((row["date_maj"] for row in self._kept()), default=None)
        return date.fromisoformat(latest) if latest else None

    def _kept(self) -> Iterator[Row]:
        return itertools.chain(self._structures.values(), self._services.values())

    def _keep(self, row: Row, pivots: tuple[str, ...], facts: Mapping[str, Any]) -> None:
        identifier = row["id"]
        self._structures[identifier] = row
        membership = self.lookups.carriers.membership(
            Published(
                name=row["nom"],
                source=row["source"],
                carriers=tuple(row.get("reseaux_porteurs", ())),
                pivots=pivots,
            )
        )
        deduced = self._spro.setdefault(identifier, {})
        if membership is not None and membership.network != NO_NETWORK:
            deduced["network"] = membership.network
            deduced["network_known_by"] = membership.known_by.value
            deduced["cep_operator"] = membership.is_cep_operator
        deduced.update(facts)

    def _settle(self, draft: Draft, row: Row) -> None:
        """Take a service that waited, with a structure of elsewhere when it is rendered here."""
        structure_id = row["structure_id"]
        if row["id"] in self._services:
            self._refuse(draft, RejectReason.DUPLICATE_IDENTIFIER, "id", row["id"])
            return
        if structure_id in self._elsewhere and self._serves_within(row):
            structure, pivots = self._elsewhere.pop(structure_id)
            self._left_out -= 1
            self._keep(structure, pivots, {})
        if self._is_known(structure_id):
            self._services[row["id"]] = row
            self.note_of(draft)
        elif structure_id not in self._elsewhere and self._serves_within(row):
            self._refuse(draft, RejectReason.UNKNOWN_STRUCTURE, "structure_id", structure_id)
        elif not draft.is_derived:
            self.leave_out()

    def _refuse(self, draft: Draft, reason: RejectReason, name: str, value: str) -> None:
        if not draft.is_derived:
            self.reject(draft.refuse(reason, name, value).rejected)

    def _is_known(self, structure_id: str) -> bool:
        return structure_id in self._structures or structure_id in self.options.known_structures

    def _is_outside(self, row: Row) -> bool:
        return bool(self.options.departments) and not self._is_within(row)

    def _is_within(self, row: Row) -> bool:
        there = departments_of(row.get("code_insee"), row.get("code_postal"))
        return not self.options.departments.isdisjoint(there)

    def _serves_within(self, row: Row) -> bool:
        """Tell whether a service is rendered in the area asked for: there, or to its communes."""
        wanted = self.options.departments
        areas: Iterable[str] = row.get("zone_eligibilite", ())
        return (
            not wanted
            or self._is_within(row)
            or any(area in wanted or departments_of(area, None) & wanted for area in areas)
        )
