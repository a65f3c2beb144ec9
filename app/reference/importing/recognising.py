"""What a file is, told by its records or by the header of its tables, never by its name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.reference.importing import administration, data_inclusion, france_travail, missions_locales
from app.reference.importing.cells import Lines
from app.reference.importing.columns import header_score, normalised
from app.reference.importing.findings import Kind
from app.reference.importing.parsed import Format
from app.reference.importing.rows import (
    SERVICE_FIELDS,
    SERVICE_REQUIRED,
    STRUCTURE_FIELDS,
    STRUCTURE_REQUIRED,
)

_LEAST: Final = 2
"""Fields of a structure without which nothing says that a record describes one."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """What records are: their format, and what they describe."""

    format: Format
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """The columns of a table that is recognised."""

    recognised: Recognised
    required: tuple[str, ...]
    wanted: tuple[str, ...]


_STRUCTURES: Final = Recognised(Format.DATA_INCLUSION, Kind.STRUCTURE)
_SERVICES: Final = Recognised(Format.DATA_INCLUSION, Kind.SERVICE)
_ADMINISTRATION: Final = Recognised(Format.ADMINISTRATION, Kind.STRUCTURE)
_FRANCE_TRAVAIL: Final = Recognised(Format.FRANCE_TRAVAIL, Kind.STRUCTURE)

_SERVICES_SHAPE: Final = TableShape(
    recognised=_SERVICES, required=SERVICE_REQUIRED, wanted=SERVICE_FIELDS
)
_STRUCTURES_SHAPE: Final = TableShape(
    recognised=_STRUCTURES, required=STRUCTURE_REQUIRED, wanted=STRUCTURE_FIELDS
)
_OTHER_SHAPES: Final = (
    TableShape(
        recognised=Recognised(Format.MISSIONS_LOCALES, Kind.COVERAGE),
        required=missions_locales.REQUIRED,
        wanted=missions_locales.FIELDS,
    ),
    TableShape(
        recognised=_ADMINISTRATION,
        required=administration.REQUIRED,
        wanted=administration.FIELDS,
    ),
)
_TITLES: Final = (*STRUCTURE_FIELDS, *SERVICE_FIELDS)
_BY_LIST: Final = {
    "structures": _STRUCTURES,
    "services": _SERVICES,
    "service": _ADMINISTRATION,
}
"""The lists whose name says what they hold, when no record of theirs does."""


def recognised_record(record: Any) -> Recognised | None:
    """Return what a record of a JSON list is, None when it does not say."""
    if not isinstance(record, Mapping):
        return None
    for marks, found in (
        (administration.MARKS, _ADMINISTRATION),
        (france_travail.MARKS, _FRANCE_TRAVAIL),
        (data_inclusion.SERVICE_MARKS, _SERVICES),
    ):
        if any(mark in record for mark in marks):
            return found
    fields = sum(name in record for name in STRUCTURE_REQUIRED)
    return _STRUCTURES if fields >= _LEAST else None


def recognised_list(name: str) -> Recognised | None:
    """Return what a list of a JSON object holds by its name, None when that says nothing."""
    return _BY_LIST.get(name)


def recognised_table(lines: Lines) -> tuple[TableShape, int] | None:
    """Return the shape that the header of a table fits best, and how many columns it lacks.

    None when it has less than half of what any shape requires.
    """
    # On the line of the titles alone: a cell below may say « frais » as well.
    _, titles = header_score(lines, [normalised(name) for name in _TITLES])
    marks = titles.intersection(map(normalised, data_inclusion.SERVICE_MARKS))
    ranked: list[tuple[int, int, TableShape]] = []
    for shape in (_SERVICES_SHAPE if marks else _STRUCTURES_SHAPE, *_OTHER_SHAPES):
        _, found = header_score(lines, [normalised(name) for name in shape.required])
        missing = len(shape.required) - len(found)
        if missing * _LEAST <= len(shape.required):
            ranked.append((missing, -len(found), shape))
    if not ranked:
        return None
    missing, _, nearest = min(ranked, key=lambda each: each[:2])
    return nearest, missing
