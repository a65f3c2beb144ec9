"""What the cells of lists say in one line of a register: codes, never one that was not said."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.folding import fold
from app.domain.reception_rules import SENSITIVE_CODES, VOCABULARY_OF
from app.reference.register.ages import ages_of, ages_of_birth, ages_of_birth_year, band_of
from app.reference.register.cells import one_line
from app.reference.register.communes import postal_code_of
from app.reference.register.plan import Codes, RegisterPlan
from app.reference.register.rows import RegisterRow
from app.reference.register.values import CODED, COMMUNE, SEVERAL, ValueReader
from app.reference.register.words import RegisterWords
from app.reference.vocabulary import Vocabularies

NOT_TOLD: Final = "non_communique"

_AGE: Final = "age"
_AGE_BAND: Final = "age_band"
_FIELDS: Final = tuple(name for name in CODED if name != _AGE)
_HANDED_OVER: Final = "mise_en_relation"
_LONGEST_COUNT: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidCodes:
    """The codes of one line, by field of a reception.

    `unknown` are the words that no list knows, with their fields; `is_sensitive_left` says that
    something the law calls sensitive was left out: nobody agreed to each of them.
    """

    codes: Mapping[str, Codes]
    unknown: tuple[tuple[str, str], ...]
    is_sensitive_left: bool

    @property
    def commune(self) -> str:
        """The commune where the person lives, "" when it is not known."""
        return "".join(self.codes[COMMUNE][:1])

    def fields(self) -> dict[str, Any]:
        """Return the fields of a reception."""
        return {
            name: codes if name in SEVERAL else "".join(codes[:1])
            for name, codes in self.codes.items()
        }


@dataclass(slots=True)
class _Gathered:
    codes: dict[str, Codes] = field(default_factory=dict)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    is_sensitive_left: bool = False


class CodeReader:
    """Reads the cells of lists by a plan: crosses by their column, words by what they mean."""

    def __init__(
        self,
        plan: RegisterPlan,
        values: ValueReader,
        vocabularies: Vocabularies,
        words: RegisterWords,
    ) -> None:
        self._meanings = plan.meanings()
        self._values = values
        self._words = words
        self._has_not_told = {
            name for name in _FIELDS if NOT_TOLD in vocabularies.get(VOCABULARY_OF[name]).codes()
        }

    def read(self, row: RegisterRow, day: dt.date, born: dt.date | None) -> SaidCodes:
        """Return what a line says; ages are those of the day of the reception."""
        said = _Gathered()
        for name in _FIELDS:
            self._read_field(row, name, said)
        said.codes[COMMUNE] = self._commune(row, said)
        said.codes[_AGE_BAND] = self._age_band(row, said, day) or self._band_of_birth(born, day)
        if not said.codes["outcome"] and row.texts("handed_to"):
            said.codes["outcome"] = (_HANDED_OVER,)
        return SaidCodes(
            codes=said.codes,
            unknown=tuple(said.unknown),
            is_sensitive_left=said.is_sensitive_left,
        )

    def _read_field(self, row: RegisterRow, name: str, said: _Gathered) -> None:
        codes: list[str] = []
        before = len(said.unknown)
        for column, cell in row.cells.get(name, ()):
            text = one_line(cell)
            if column.code:
                codes += [column.code] if self._is_ticked(text) else []
            elif self._says(text):
                codes += self._meaning(name, text, said)
        kept = tuple(dict.fromkeys(code for code in codes if code not in SENSITIVE_CODES))
        is_left = len(kept) < len(set(codes))
        said.is_sensitive_left |= is_left
        if not kept and name in self._has_not_told and (is_left or len(said.unknown) > before):
            kept = (NOT_TOLD,)
        said.codes[name] = kept if name in SEVERAL else kept[:1]

    def _meaning(self, name: str, text: str, said: _Gathered) -> Codes:
        """Return what a cell means: as somebody said, else as it is read; else it is unknown."""
        told = self._meanings.get(name, {}).get(fold(text))
        codes = self._values.read(name, text).codes if told is None else told
        if not codes:
            said.unknown.append((name, text))
        return codes

    def _commune(self, row: RegisterRow, said: _Gathered) -> Codes:
        postal = postal_code_of(one_line(row.first("postal_code")))
        text = one_line(row.first(COMMUNE))
        if not self._says(text):
            return self._values.read(COMMUNE, postal).codes if postal else ()
        told = self._meanings.get(COMMUNE, {}).get(fold(text))
        if told:
            return told
        found = self._values.read(COMMUNE, f"{postal} {text}".strip()).codes
        return found or self._meaning(COMMUNE, text, said)

    def _age_band(self, row: RegisterRow, said: _Gathered, day: dt.date) -> Codes:
        for column, cell in row.cells.get(_AGE, ()):
            text = one_line(cell)
            if column.code and self._is_ticked(text):
                return (column.code,)
            if not column.code and self._says(text):
                told = self._meanings.get(_AGE, {}).get(fold(text))
                ages = ages_of_birth_year(text, day) or ages_of(text)
                band = band_of(ages, self._values.bands()) if ages and told is None else ""
                return (band,) if band else self._meaning(_AGE, text, said) or (NOT_TOLD,)
        return ()

    def _band_of_birth(self, born: dt.date | None, day: dt.date) -> Codes:
        ages = ages_of_birth(born, day) if born is not None else None
        band = band_of(ages, self._values.bands()) if ages else ""
        return (band,) if band else ()

    def _says(self, text: str) -> bool:
        return bool(fold(text)) and not self._words.says_nothing(text)

    def _is_ticked(self, text: str) -> bool:
        """Is there a cross, or how many times there would be one?"""
        is_count = text.isascii() and text.isdecimal() and len(text) <= _LONGEST_COUNT
        return self._words.is_tick(text) or (is_count and int(text) > 0)
