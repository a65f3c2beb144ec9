"""Correcting the plan of a register: what a column holds, what a word means. Nothing is written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from app.domain.folding import fold
from app.reference.register.book import RegisterBook
from app.reference.register.cells import one_line
from app.reference.register.guessing import MOST_VALUES, cells_under, chosen_sheets
from app.reference.register.headings import find_heading
from app.reference.register.looks import distinct
from app.reference.register.plan import Codes, PlannedColumn, RegisterPlan
from app.reference.register.values import WITH_VALUES
from app.reference.register.words import register_words
from app.usecases.desk import Reference
from app.usecases.register.reading import value_reader

CHOSEN: Final = "chosen"
MOVED: Final = "another_column"
"""Why a column holds what it holds, when somebody said so or gave its field to another one."""

_SURE: Final = 100


def with_field(
    reference: Reference, book: RegisterBook, plan: RegisterPlan, *, title: str, field: str
) -> RegisterPlan:
    """Return a plan in which a column holds another field, "" to leave it out.

    A field that one column alone may hold leaves the one that had it. The words of a column of
    words join those to be corrected, as they are understood.
    """
    shared = register_words().shared

    def changed(column: PlannedColumn) -> PlannedColumn:
        if column.title == title:
            kept = column.code if column.field == field else ""
            return replace(column, field=field, code=kept, confidence=_SURE, reason=CHOSEN)
        if field and field not in shared and column.field == field and not column.code:
            return replace(column, field="", reason=MOVED)
        return column

    found = replace(plan, columns=tuple(map(changed, plan.columns)))
    if field not in WITH_VALUES or field == "age":
        return found
    reader = value_reader(reference, register_words())
    known = dict(found.values.get(field, {}))
    for text in _words_of(book, found, title):
        known.setdefault(text, reader.read(field, text).codes)
    return replace(found, values=MappingProxyType({**found.values, field: known}))


def with_meaning(plan: RegisterPlan, *, field: str, text: str, codes: Codes) -> RegisterPlan:
    """Return a plan in which a word means these codes; without codes nobody knows it."""
    said = {**plan.values.get(field, {}), text: codes}
    return replace(plan, values=MappingProxyType({**plan.values, field: said}))


def words_to_map(plan: RegisterPlan) -> Mapping[str, Mapping[str, Codes]]:
    """Return the words of the columns that are read, by field; crosses are not words."""
    read = {column.field for column in plan.columns if column.field and not column.code}
    return {field: said for field, said in plan.values.items() if field in read and said}


def _words_of(book: RegisterBook, plan: RegisterPlan, title: str) -> Iterable[str]:
    words, texts = register_words(), []
    for sheet in chosen_sheets(book, plan.sheets):
        heading = find_heading(sheet.lines, words, wanted=[one.title for one in plan.columns])
        place = None if heading is None else heading.place_of(title)
        if heading is not None and place is not None:
            texts += [one_line(cell) for cell in cells_under(sheet, heading, place)]
    told = (text for text in texts if fold(text) and not words.says_nothing(text))
    return [text for text, _ in distinct(told, MOST_VALUES)]
