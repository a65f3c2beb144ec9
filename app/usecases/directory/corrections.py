"""What people here know better than what was published, and what nobody has checked for long."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.changes import Changes
from app.domain.errors import UnknownStructureError
from app.domain.events import Value
from app.domain.identifiers import SubjectId
from app.reference.directory import ServiceEntry, StructureEntry
from app.store.bodies import unpack_map
from app.store.directory_rows import FACT
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.directory.fields import CHECKED, OURS, PUBLISHED, written
from app.usecases.directory.passed_over import passed_over
from app.usecases.directory.shelf import ENTRY, SERVICE, STRUCTURE, desk_directory

_MINE: Final = "SELECT correction, details FROM directory_corrections WHERE entry = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A structure to check again, or one of its services.

    `checked_on` is the last day when somebody vouched for it; `service` is None for the structure
    itself. `doubted` counts who passed it over since then because its entry was wrong.
    """

    structure: StructureEntry
    checked_on: dt.date
    doubted: int = 0
    service: ServiceEntry | None = None

    @property
    def reference(self) -> str:
        """Return how corrections cite it."""
        return (self.service or self.structure).reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Correctable:
    """An entry that may be corrected: a structure, or one of its services."""

    structure: StructureEntry
    service: ServiceEntry | None = None

    @property
    def entry(self) -> StructureEntry | ServiceEntry:
        """What is corrected."""
        return self.service or self.structure

    @property
    def name(self) -> str:
        """The name of the structure, and of the service when it is one."""
        structure = self.structure.display_name
        return structure if self.service is None else f"{structure}, {self.service.name}"


def correct(desk: Desk, reference: str, fields: Mapping[str, Value]) -> Changes:
    """Correct an entry of the directory, for every machine of this structure.

    Correcting is vouching: the entry is checked today, unless a day is given. A value of "" empties
    a field. What is published later never wins over it.

    Args:
        desk: where.
        reference: `source/id` of a structure or of a service.
        fields: those of `PUBLISHED` and of `OURS` that change.

    Raises:
        UnknownStructureError: the directory has no such entry.
        CorrectionRefusedError: a field cannot be corrected, or has not its form.
    """
    found = _found(desk, reference)
    kind = STRUCTURE if found.service is None else SERVICE
    entry = found.entry
    today = desk.now().astimezone().date().isoformat()
    wanted = {CHECKED: today, **written(desk.reference.communes, fields)}
    published = {name: value for name, value in wanted.items() if name in PUBLISHED}
    ours = {name: value for name, value in wanted.items() if name in OURS}

    def work(tx: Tx) -> Changes:
        return _write(desk, tx, f"{kind}:{reference}", published) | (
            _write(desk, tx, f"{FACT}:{entry.id}", ours) if ours else Changes()
        )

    return desk.workspace.writer.write(work)


def vouch(desk: Desk, reference: str) -> Changes:
    """Say that an entry was checked today and is right.

    Raises:
        UnknownStructureError: the directory has no such entry.
    """
    return correct(desk, reference, {})


def unchecked(desk: Desk, *, months: int) -> list[Unchecked]:
    """Return what to check again, structures said to be wrong first, then the oldest.

    Nobody has vouched for the others in so many months. A service is told of when it is older than
    its structure; nothing that is over is.
    """
    today = desk.now().astimezone().date()
    doubted = {reference: one.doubted for reference, one in passed_over(desk).items()}
    found = [
        one
        for structure in desk_directory(desk).all()
        if not structure.has_ended_on(today)
        for one in (
            Unchecked(
                structure=structure,
                checked_on=structure.checked_on,
                doubted=doubted.get(structure.reference, 0),
            ),
            *(
                Unchecked(structure=structure, checked_on=service.checked_on, service=service)
                for service in services_left_behind(structure, today)
            ),
        )
        if months_between(one.checked_on, today) >= months or one.doubted
    ]
    return sorted(
        found,
        key=lambda one: (-one.doubted, one.checked_on, one.structure.reference, one.reference),
    )


def services_left_behind(structure: StructureEntry, today: dt.date) -> list[ServiceEntry]:
    """Return the services that are still there and were checked longer ago than the structure."""
    return [
        service
        for service in structure.services
        if service.checked_on < structure.checked_on and not service.has_ended_on(today)
    ]


def months_between(earlier: dt.date, later: dt.date) -> int:
    """Return how many whole months have passed; none when the days are the other way round."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))


def correctable(desk: Desk, reference: str) -> Correctable | None:
    """Return what a reference names, None when the directory has no such entry. Any thread."""
    for structure in desk_directory(desk).all():
        if structure.reference == reference:
            return Correctable(structure=structure)
        for service in structure.services:
            if service.reference == reference:
                return Correctable(structure=structure, service=service)
    return None


def _found(desk: Desk, reference: str) -> Correctable:
    found = correctable(desk, reference)
    if found is None:
        raise UnknownStructureError(reference)
    return found


def _write(desk: Desk, tx: Tx, about: str, fields: Mapping[str, Value]) -> Changes:
    """Write in the correction there is, the last of several, or make one."""
    rows = tx.execute(f"{_MINE} ORDER BY correction", (about,)).fetchall()
    own = desk.own_structure().space
    pen = desk.pen(tx)
    if rows:
        correction, packed = rows[-1]
        before: Mapping[str, Any] = unpack_map(packed)
        changed = {name: value for name, value in fields.items() if before.get(name) != value}
        if changed:
            pen.change(own.id, SubjectId(correction), "directory_correction", changed)
    else:
        pen.create(own, "directory_correction", {ENTRY: about, **fields})
    return fold_subjects(tx, pen.touched)
