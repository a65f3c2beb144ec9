"""What people here know better than what was published, and what nobody has checked for long."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.changes import Changes
from app.domain.errors import CorrectionRefusedError, UnknownStructureError
from app.domain.events import Value
from app.domain.identifiers import SubjectId
from app.domain.personal_numbers import masked
from app.reference.directory import ServiceEntry, StructureEntry
from app.reference.opening_hours import UnreadableHoursError, read_opening_hours
from app.store.bodies import unpack_map
from app.store.directory_rows import FACT
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.directory.passed_over import passed_over
from app.usecases.directory.shelf import ENTRY, SERVICE, STRUCTURE, desk_directory

PUBLISHED: Final = (
    "nom", "telephone", "courriel", "site_web", "adresse", "complement_adresse", "commune",
    "code_postal", "code_insee", "horaires_accueil", "description", "date_maj",
)  # fmt: skip
"""Fields of the schema that may be corrected, of a structure or of a service."""

OURS: Final = (
    "network", "cep_operator", "spro_member_from", "spro_member_to", "ended_on", "replaced_by",
    "direct_telephone", "accessibility", "languages", "waiting_days", "capacity",
)  # fmt: skip
"""Facts of ours that may be corrected."""

_MINE: Final = "SELECT correction, details FROM directory_corrections WHERE entry = ?"
_CHECKED: Final = "date_maj"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unchecked:
    """A structure to check again; `checked_on` is the last day when somebody vouched for it.

    `doubted` counts who passed it over since then because its entry was wrong.
    """

    structure: StructureEntry
    checked_on: dt.date
    doubted: int = 0


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
    kind, entry = _found(desk, reference)
    today = desk.now().astimezone().date().isoformat()
    wanted = {_CHECKED: today, **{name: _cleaned(name, value) for name, value in fields.items()}}
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
    """Return the structures to check again, those said to be wrong and then the oldest first.

    Nobody has vouched for the others in so many months.
    """
    today = desk.now().astimezone().date()
    doubted = {reference: one.doubted for reference, one in passed_over(desk).items()}
    found = [
        Unchecked(structure=one, checked_on=one.checked_on, doubted=doubted.get(one.reference, 0))
        for one in desk_directory(desk).all()
        if (months_between(one.checked_on, today) >= months or doubted.get(one.reference))
        and not one.has_ended_on(today)
    ]
    return sorted(found, key=lambda one: (-one.doubted, one.checked_on, one.structure.reference))


def months_between(earlier: dt.date, later: dt.date) -> int:
    """Return how many whole months have passed; none when the days are the other way round."""
    months = (later.year - earlier.year) * 12 + later.month - earlier.month
    return max(0, months - (later.day < earlier.day))


def _found(desk: Desk, reference: str) -> tuple[str, StructureEntry | ServiceEntry]:
    for structure in desk_directory(desk).all():
        if structure.reference == reference:
            return STRUCTURE, structure
        for service in structure.services:
            if f"{service.source}/{service.id}" == reference:
                return SERVICE, service
    raise UnknownStructureError(reference)


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


def _cleaned(name: str, value: Value) -> Value:
    """Return a value as it is kept, without any number of a person's.

    Raises:
        CorrectionRefusedError: the field cannot be corrected, or the value has not its form.
    """
    check = _FORMS.get(name, _is_text)
    if name not in PUBLISHED + OURS or not check(value):
        raise CorrectionRefusedError(field=name, value=str(value))
    return masked(value.strip()) if isinstance(value, str) else value


def _is_text(value: Value) -> bool:
    return isinstance(value, str)


def _is_day(value: Value) -> bool:
    if value == "":
        return True
    try:
        return isinstance(value, str) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False


def _is_hours(value: Value) -> bool:
    if not isinstance(value, str):
        return False
    try:
        return value == "" or bool(read_opening_hours(value))
    except UnreadableHoursError:
        return False


def _is_name(value: Value) -> bool:
    return isinstance(value, str) and 3 <= len(value.strip()) <= 150  # noqa: PLR2004  (the schema)


def _is_days(value: Value) -> bool:
    return value == "" or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 999  # noqa: PLR2004
    )


def _is_flag(value: Value) -> bool:
    return isinstance(value, bool)


def _are_words(value: Value) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, str) for one in value)


_FORMS: Final = {
    "nom": _is_name,
    "date_maj": lambda value: value != "" and _is_day(value),
    "horaires_accueil": _is_hours,
    "cep_operator": _is_flag,
    "spro_member_from": _is_day,
    "spro_member_to": _is_day,
    "ended_on": _is_day,
    "languages": _are_words,
    "waiting_days": _is_days,
}
