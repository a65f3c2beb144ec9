"""What importing a register by a plan would do: counts, refusals, samples. Nothing is written."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress, islice
from typing import Any, Final

from app.domain.errors import AppError
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.reference.register.book import RegisterBook
from app.reference.register.cells import one_line
from app.reference.register.guessing import Guesser, cells_under, chosen_sheets
from app.reference.register.headings import find_heading
from app.reference.register.plan import PlannedColumn, RegisterPlan
from app.reference.register.rows import Aside, read_rows
from app.reference.register.values import CODED, COMMUNE
from app.reference.register.words import register_words
from app.usecases.desk import Desk, Reference
from app.usecases.masking import masked_value
from app.usecases.receptions import CheckedReception, check_to_record
from app.usecases.register.marks import marks_taken, new_among
from app.usecases.register.people import People, Someone
from app.usecases.register.reading import ReadRow, RejectedRow, RowReader, Why, value_reader

SAMPLES: Final = 20
"""Receptions that a preview shows as they would be recorded."""

_TOLD_EVERY: Final = 200
_CELLS_SHOWN: Final = 3

Announce = Callable[[int, int], None]
"""Told how many lines were done, and of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRow:
    """A line ready to be recorded; `someone` is the person it names, as all their lines do."""

    row: ReadRow
    checked: CheckedReception
    someone: Someone | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an import would do.

    Attributes:
        lines: the marks of those that are receptions or would have been, by sheet and line.
        rows: those that would be recorded, in the order of the register.
        rejected: those that would not, each with why.
        already: how many were recorded by an import that still stands.
        aside: lines that are no receptions: titles, months, totals, by why.
        persons: how many files would be made.
        masked: lines in which a number that may not be kept is masked.
        standing: the import of the same file by the same plan, when there is one already.
    """

    key: str
    file: str
    named: bool
    lines: Mapping[tuple[str, int], bytes]
    rows: tuple[PreparedRow, ...]
    rejected: tuple[RejectedRow, ...]
    already: int
    aside: Mapping[Aside, int]
    persons: int
    masked: int
    standing: SubjectId | None

    @property
    def read(self) -> int:
        """How many lines are receptions or would have been."""
        return len(self.lines)

    @property
    def samples(self) -> tuple[ReadRow, ...]:
        """The first lines that would be recorded."""
        return tuple(one.row for one in self.rows[:SAMPLES])

    @property
    def days(self) -> tuple[str, str]:
        """The first and the last day of what would be recorded, "" when nothing is."""
        days = [one.checked.reception.received_at[:10] for one in self.rows]
        return (min(days), max(days)) if days else ("", "")

    def count(self, test: Callable[[ReadRow], bool]) -> int:
        """Return how many lines to be recorded pass a test."""
        return sum(test(one.row) for one in self.rows)

    def unknown(self) -> Mapping[tuple[str, str], int]:
        """Return the words that nobody knows, by field, the most frequent first."""
        said = (about for one in self.rows for about in one.row.unknown)
        return dict(Counter(said).most_common())


def guess_plan(
    reference: Reference, today: dt.date, book: RegisterBook, sheets: Sequence[str] = ()
) -> RegisterPlan:
    """Return how a register should be read, to be corrected by somebody.

    Raises:
        RegisterError: a sheet is not there, or no sheet has titles.
    """
    words = register_words()
    return Guesser(value_reader(reference, words), words, today).plan(book, sheets)


def cells_shown(book: RegisterBook, plan: RegisterPlan) -> Mapping[str, tuple[str, ...]]:
    """Return a few different cells of each column of a plan, to be shown beside its guess."""
    titles = [column.title for column in plan.columns]
    found: dict[str, dict[str, None]] = {title: {} for title in titles}
    for sheet in chosen_sheets(book, plan.sheets):
        heading = find_heading(sheet.lines, register_words(), wanted=titles)
        if heading is None:
            continue
        for title in titles:
            place = heading.place_of(title)
            cells = [] if place is None else cells_under(sheet, heading, place)
            texts = dict.fromkeys(filter(None, map(one_line, cells)))
            found[title] |= dict.fromkeys(islice(texts, _CELLS_SHOWN))
    return {
        title: tuple(str(masked_value(text)) for text in islice(texts, _CELLS_SHOWN))
        for title, texts in found.items()
    }


def preview_import(
    desk: Desk,
    book: RegisterBook,
    plan: RegisterPlan,
    announce: Announce = lambda _done, _all: None,
) -> Preview:
    """Return what importing a register would do.

    Raises:
        RegisterError: nothing can be read by that plan.
        UnknownVocabularyCodeError, UnknownCommuneError: the plan gives a code that nobody knows.
    """
    check_codes(desk.reference, plan)
    found = read_rows(book, plan, register_words())
    with desk.workspace.read() as connection:
        taken = marks_taken(connection, desk.own_structure().space.id)
        key = plan.fingerprint(book.digest)
        standing = standing_import(connection, key)
    is_new = new_among((row.mark for row in found.rows), taken)
    fresh = list(compress(found.rows, is_new))
    read, rejected = _told_apart(map(RowReader(desk, plan).read, fresh))
    rows, refused = _checked(desk, read, announce)
    everyone = {id(one.someone) for one in rows if one.someone is not None}
    return Preview(
        key=key,
        file=book.name,
        named=plan.with_names,
        lines={(row.sheet, row.line): row.mark for row in found.rows},
        rows=tuple(rows),
        rejected=tuple(sorted([*rejected, *refused], key=_place(book))),
        already=len(found.rows) - len(fresh),
        aside=found.aside,
        persons=len(everyone),
        masked=sum(bool(one.checked.masked) for one in rows),
        standing=standing,
    )


def check_codes(reference: Reference, plan: RegisterPlan) -> None:
    """Refuse a plan that gives codes that nobody knows.

    Raises:
        UnknownVocabularyCodeError, UnknownCommuneError: names the first one.
    """
    said = [(column.field, column.code) for column in plan.columns if column.code]
    for named, meanings in plan.values.items():
        said += [(named, code) for codes in meanings.values() for code in codes]
    for named, code in dict.fromkeys(said):
        if named == COMMUNE:
            reference.communes.by_code(code)
        else:
            reference.vocabularies.check(CODED[named], code)


def standing_import(connection: Any, key: str) -> SubjectId | None:
    """Return the import that has this key and was not undone."""
    row = connection.execute(
        "SELECT import FROM register_imports WHERE key = ? ORDER BY import", (key,)
    ).fetchone()
    return SubjectId(row[0]) if row is not None else None


def _told_apart(
    lines: Iterable[ReadRow | RejectedRow],
) -> tuple[list[ReadRow], list[RejectedRow]]:
    read: list[ReadRow] = []
    rejected: list[RejectedRow] = []
    for one in lines:
        if isinstance(one, RejectedRow):
            rejected.append(one)
        else:
            read.append(one)
    return read, rejected


def _checked(
    desk: Desk, read: Sequence[ReadRow], announce: Announce
) -> tuple[list[PreparedRow], list[RejectedRow]]:
    """Check each line as a reception typed on the page is; people are gathered on the way."""
    rows: list[PreparedRow] = []
    refused: list[RejectedRow] = []
    people = People()
    for done, row in enumerate(read, start=1):
        try:
            checked = check_to_record(desk, row.reception)
        except AppError as error:
            refused.append(
                RejectedRow(sheet=row.sheet, line=row.line, why=Why.REFUSED, error=error)
            )
        else:
            who = checked.reception.person
            someone = people.met(who) if isinstance(who, PersonDetails) else None
            rows.append(PreparedRow(row=row, checked=checked, someone=someone))
        if done % _TOLD_EVERY == 0:
            announce(done, len(read))
    return rows, refused


def _place(book: RegisterBook) -> Callable[[RejectedRow], tuple[int, int]]:
    order = {sheet.name: place for place, sheet in enumerate(book.sheets)}
    return lambda row: (order.get(row.sheet, 0), row.line)


def kept_as_notes(plan: RegisterPlan, *titles: str) -> RegisterPlan:
    """Return a plan that keeps these columns beneath the notes instead of leaving them out."""

    def kept(column: PlannedColumn) -> PlannedColumn:
        return replace(column, field="notes", code="") if column.title in titles else column

    return replace(plan, columns=tuple(map(kept, plan.columns)))
