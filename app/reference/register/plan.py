"""The plan of an import: which column holds what, what each word means. As JSON, to be repeated."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from app.domain.folding import fold
from app.reference.register.errors import UnreadablePlanError
from app.reference.register.values import SEVERAL, WITH_VALUES

VERSION: Final = 1
_YEARS: Final = range(2000, 2100)
_MOST_COLUMNS: Final = 500

Codes = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedColumn:
    """A column of the register, and the field it holds.

    `field` is "" for a column left out. `code` is what a cross in that column means, "" when its
    cells are read. `confidence`, of a hundred, and `reason` say where the guess comes from.
    """

    title: str
    field: str = ""
    code: str = ""
    confidence: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPlan:
    """How a register is read. What it does not say is done as a register usually wants.

    Attributes:
        columns: the columns, in their order; one that the register lacks is passed over.
        values: by field, what its cells mean; without codes, a cell stays one that nobody knows.
        sheets: the sheets to read, all of them when none is named.
        date_above: a line without a date takes that of the line above.
        year: the year of dates written without one.
        keeps_unknown: words that no list knows are kept beneath the notes.
        with_names: people agreed that their names be kept. It is never read from a file: whoever
            imports says it each time.
    """

    columns: tuple[PlannedColumn, ...]
    values: Mapping[str, Mapping[str, Codes]] = field(default_factory=lambda: MappingProxyType({}))
    sheets: tuple[str, ...] = ()
    date_above: bool = False
    year: int | None = None
    keeps_unknown: bool = True
    with_names: bool = False

    def columns_of(self, *fields: str) -> tuple[PlannedColumn, ...]:
        """Return the columns that hold these fields."""
        return tuple(column for column in self.columns if column.field in fields)

    def meanings(self) -> Mapping[str, Mapping[str, Codes]]:
        """Return what somebody said that words mean, by field and by folded words."""
        return {
            named: {fold(text): codes for text, codes in said.items() if fold(text)}
            for named, said in self.values.items()
        }

    def fingerprint(self, digest: bytes) -> str:
        """Name the import of a file by this plan: the same file and plan have the same name."""
        content = {**plan_as_json(self), "with_names": self.with_names}
        for column in content["columns"]:
            del column["confidence"], column["reason"]
        written = json.dumps(content, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(digest + written.encode()).hexdigest()


def plan_as_json(plan: RegisterPlan) -> dict[str, Any]:
    """Return a plan as JSON: {"version", "sheets", "columns", "values", "options"}."""
    return {
        "version": VERSION,
        "sheets": list(plan.sheets),
        "columns": [
            {
                "title": column.title,
                "field": column.field or None,
                **({"code": column.code} if column.code else {}),
                "confidence": column.confidence,
                "reason": column.reason,
            }
            for column in plan.columns
        ],
        "values": {
            named: {text: _shown(named, codes) for text, codes in said.items()}
            for named, said in plan.values.items()
        },
        "options": {
            "date_above": plan.date_above,
            "year": plan.year,
            "keeps_unknown": plan.keeps_unknown,
        },
    }


def plan_from_json(content: object, fields: Mapping[str, str]) -> RegisterPlan:
    """Read a plan.

    Args:
        content: what JSON gave.
        fields: the fields that a column may hold.

    Raises:
        UnreadablePlanError: it is no plan; names the place.
    """
    whole = _map(content, "", {"version", "sheets", "columns", "values", "options"})
    if whole.get("version", VERSION) != VERSION:
        raise UnreadablePlanError(where="version", problem=f"seule la version {VERSION} est connue")
    columns = _list(whole.get("columns"), "columns")
    if len(columns) > _MOST_COLUMNS:
        raise UnreadablePlanError(where="columns", problem=f"au plus {_MOST_COLUMNS} colonnes")
    options = _map(whole.get("options", {}), "options", {"date_above", "year", "keeps_unknown"})
    return RegisterPlan(
        columns=tuple(
            _column(one, f"columns.{place}", fields) for place, one in enumerate(columns)
        ),
        values=_values(whole.get("values", {})),
        sheets=tuple(_text(one, "sheets") for one in _list(whole.get("sheets", []), "sheets")),
        date_above=_flag(options, "date_above", default=False),
        year=_year(options.get("year")),
        keeps_unknown=_flag(options, "keeps_unknown", default=True),
    )


def _column(content: object, where: str, fields: Mapping[str, str]) -> PlannedColumn:
    column = _map(content, where, {"title", "field", "code", "confidence", "reason"})
    named = column.get("field") or ""
    if named and named not in fields:
        known = ", ".join(fields)
        raise UnreadablePlanError(where=f"{where}.field", problem=f"choisissez parmi {known}")
    code = _text(column.get("code", ""), f"{where}.code")
    if code and named not in WITH_VALUES:
        problem = "une croix ne peut rien vouloir dire dans ce champ"
        raise UnreadablePlanError(where=f"{where}.code", problem=problem)
    confidence = column.get("confidence", 0)
    return PlannedColumn(
        title=_text(column.get("title"), f"{where}.title"),
        field=str(named),
        code=code,
        confidence=confidence if type(confidence) is int else 0,
        reason=_text(column.get("reason", ""), f"{where}.reason"),
    )


def _values(content: object) -> Mapping[str, Mapping[str, Codes]]:
    found: dict[str, Mapping[str, Codes]] = {}
    for named, said in _map(content, "values", set(WITH_VALUES)).items():
        where = f"values.{named}"
        found[named] = {text: _codes(codes, where) for text, codes in _map(said, where).items()}
    return MappingProxyType(found)


def _codes(content: object, where: str) -> Codes:
    if content is None:
        return ()
    if isinstance(content, str):
        return (content,)
    return tuple(_text(one, where) for one in _list(content, where))


def _shown(named: str, codes: Codes) -> str | list[str] | None:
    if not codes:
        return None
    return list(codes) if named in SEVERAL else codes[0]


def _map(content: object, where: str, known: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(content, Mapping):
        raise UnreadablePlanError(where=where, problem="il faut un objet")
    for name in content:
        if known is not None and name not in known:
            raise UnreadablePlanError(where=where, problem=f"« {name} » n’est pas connu ici")
    return content


def _list(content: object, where: str) -> list[Any]:
    if not isinstance(content, list):
        raise UnreadablePlanError(where=where, problem="il faut une liste")
    return content


def _text(content: object, where: str) -> str:
    if not isinstance(content, str):
        raise UnreadablePlanError(where=where, problem="il faut un texte")
    return content


def _flag(options: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = options.get(name, default)
    if not isinstance(value, bool):
        raise UnreadablePlanError(where=f"options.{name}", problem="il faut vrai ou faux")
    return value


def _year(content: object) -> int | None:
    if content is None:
        return None
    if type(content) is not int or content not in _YEARS:
        raise UnreadablePlanError(where="options.year", problem="il faut une année depuis 2000")
    return content
