"""One line of a register becomes a reception, or is refused with its reason. Nothing is written."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.errors import AppError
from app.domain.folding import fold
from app.domain.reception import PersonDetails, Reception
from app.reference.register.cells import one_line, text_of
from app.reference.register.moments import day_of, hour_of, minutes_of
from app.reference.register.names import split_name, telephone_of, without_identity
from app.reference.register.plan import RegisterPlan
from app.reference.register.rows import RegisterRow
from app.reference.register.values import ValueReader
from app.reference.register.words import RegisterWords, register_words
from app.reference.sensitive_words import sensitive_words
from app.usecases.desk import Desk, Reference
from app.usecases.reception_words import FIRST_BIRTH_YEAR
from app.usecases.register.codes import CodeReader, SaidCodes

NOT_WRITTEN: Final = "Demande non notée dans le registre."
"""What a reception asks when the register does not say it: without words it would be refused."""

_NAMES: Final = ("full_name", "family_name", "given_name", "birth_name", "email")


class Why(StrEnum):
    """Why a line is no reception; `REFUSED` has an error that says more."""

    NO_DATE = "no_date"
    UNREADABLE_DATE = "unreadable_date"
    NOTHING_SAID = "nothing_said"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectedRow:
    """A line that is not recorded; `said` is what its date holds, to be masked when shown."""

    sheet: str
    line: int
    why: Why
    said: str = ""
    error: AppError | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A line as it would be recorded.

    `received_by` is who received the person, as the register says. `unknown` are the words of lists
    that nobody knows, with their fields; `is_sensitive_left` says that something the law calls
    sensitive was left out, and `may_hurt` that its texts still speak of such things.
    """

    sheet: str
    line: int
    mark: bytes
    reception: Reception
    received_by: str = ""
    unknown: tuple[tuple[str, str], ...] = ()
    is_sensitive_left: bool = False
    may_hurt: bool = False


class RowReader:
    """Reads the lines of one register by one plan."""

    def __init__(self, desk: Desk, plan: RegisterPlan) -> None:
        vocabularies = desk.reference.vocabularies
        self._plan = plan
        self._words = register_words()
        self._sensitive = sensitive_words(vocabularies)
        values = value_reader(desk.reference, self._words)
        self._codes = CodeReader(plan, values, vocabularies, self._words)
        self._today = desk.now().astimezone().date()
        self._several_notes = len(plan.columns_of("notes")) > 1

    def read(self, row: RegisterRow) -> ReadRow | RejectedRow:
        """Return the reception of a line, or why there is none."""
        moment = self._moment(row)
        if isinstance(moment, RejectedRow):
            return moment
        if not row.says_something:
            return RejectedRow(sheet=row.sheet, line=row.line, why=Why.NOTHING_SAID)
        said = self._codes.read(row, moment.date(), self._birth(row))
        person = self._person(row, said) if self._keeps_name(row) else None
        texts = self._texts(row, said)
        if person is None:
            hidden = [text for name in _NAMES for text in row.texts(name)]
            texts = {name: without_identity(text, hidden) for name, text in texts.items()}
        return ReadRow(
            sheet=row.sheet,
            line=row.line,
            mark=row.mark,
            reception=_reception(row, moment, person, {**said.fields(), **texts}),
            received_by=" ".join(row.texts("agent")),
            unknown=said.unknown,
            is_sensitive_left=said.is_sensitive_left,
            may_hurt=any(self._sensitive.find(text) for text in texts.values()),
        )

    def _moment(self, row: RegisterRow) -> dt.datetime | RejectedRow:
        """Return the day and the hour, in the time of this machine; midnight without an hour."""
        cell = row.first("date")
        if not one_line(cell) and self._plan.date_above:
            cell = row.above
        written = one_line(cell)
        if not written:
            return RejectedRow(sheet=row.sheet, line=row.line, why=Why.NO_DATE)
        tomorrow = self._today + dt.timedelta(days=1)
        day = day_of(cell, latest=tomorrow, year=self._plan.year)
        if day is None:
            why = Why.UNREADABLE_DATE
            return RejectedRow(sheet=row.sheet, line=row.line, why=why, said=written)
        hour = hour_of(row.first("hour")) or hour_of(cell if isinstance(cell, str) else None)
        if hour is None and isinstance(cell, dt.datetime):
            hour = hour_of(cell)
        return dt.datetime.combine(day, hour or dt.time())

    def _birth(self, row: RegisterRow) -> dt.date | None:
        born = day_of(row.first("birth_on"), latest=self._today)
        if born is None or born.year < FIRST_BIRTH_YEAR or born > self._today:
            return None
        return born

    def _keeps_name(self, row: RegisterRow) -> bool:
        """May who it is be kept: people agreed, as whoever imports says, and this one said yes."""
        if not self._plan.with_names:
            return False
        if not self._plan.columns_of("agreement"):
            return True
        return self._words.says_yes(one_line(row.first("agreement")))

    def _person(self, row: RegisterRow, said: SaidCodes) -> PersonDetails | None:
        family, given = one_line(row.first("family_name")), one_line(row.first("given_name"))
        for column, cell in row.cells.get("full_name", ()):
            given_first = fold(column.title).startswith("prenom")
            split = split_name(one_line(cell), self._words, given_first=given_first)
            family, given = family or split[0], given or split[1]
        if self._words.says_nothing(family) and self._words.says_nothing(given):
            return None
        born = self._birth(row)
        return PersonDetails(
            family_name=family,
            given_name=given,
            birth_name=one_line(row.first("birth_name")),
            birth_on=born.isoformat() if born is not None else "",
            telephone=telephone_of(one_line(row.first("telephone"))),
            email=one_line(row.first("email")),
            address=" ".join(row.texts("address")),
            commune=said.commune,
        )

    def _texts(self, row: RegisterRow, said: SaidCodes) -> dict[str, str]:
        """Return what was asked, how it was understood, and what no field holds as a note."""
        asked = _joined(row, "expressed") or self._motives(row) or NOT_WRITTEN
        notes = [
            self._note(column.title, text_of(cell)) for column, cell in row.cells.get("notes", ())
        ]
        if handed := row.texts("handed_to"):
            notes.append(f"Mise en relation notée au registre\u202f: {', '.join(handed)}")
        if self._plan.keeps_unknown:
            notes += [
                f"{self._words.fields[name]}\u202f: {text}"
                for name, text in said.unknown
                if text not in asked and not self._sensitive.find(text)
            ]
        return {
            "expressed": asked,
            "analysed": _joined(row, "analysed"),
            "reception_note": "\n".join(filter(None, notes)),
        }

    def _motives(self, row: RegisterRow) -> str:
        """Return the motives in the words of the register: what stands for the demand."""
        told = []
        for column, cell in row.cells.get("motives", ()):
            text = one_line(cell)
            if column.code:
                told += [column.title] if self._words.is_tick(text) else []
            elif fold(text) and not self._words.says_nothing(text):
                told.append(text)
        return " ; ".join(told)

    def _note(self, title: str, text: str) -> str:
        known = self._words.title(title)
        is_plain = not self._several_notes and known is not None and known.field == "notes"
        return text if is_plain or not text else f"{title}\u202f: {text}"


def value_reader(reference: Reference, words: RegisterWords) -> ValueReader:
    """Return what reads the words of a register with the reference data of a desk."""
    return ValueReader(reference.vocabularies, reference.communes, reference.suggestions, words)


def _reception(
    row: RegisterRow, moment: dt.datetime, person: PersonDetails | None, said: dict[str, Any]
) -> Reception:
    return Reception(
        received_at=moment.isoformat(timespec="seconds"),
        duration_min=minutes_of(row.first("duration")),
        person=person,
        agreement_to_record=True if person is not None else None,
        **said,
    )


def _joined(row: RegisterRow, name: str) -> str:
    return "\n".join(filter(None, (text_of(cell) for _, cell in row.cells.get(name, ()))))
