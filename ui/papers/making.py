"""Which paper is wanted, and how it is made from an open desk. No Qt."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from app.domain.errors import UnknownCommuneError
from app.printing.document import Document, in_large_print
from app.printing.errors import PaperExistsError
from app.printing.notice import read_notice
from app.store.durable_file import write_durably
from app.usecases.notices import current_notice
from app.usecases.papers import (
    read_person_papers,
    read_sheet_of_encounter,
    read_sheet_of_person,
    read_slip,
    structure_entry,
)
from app.usecases.recipients import recipients
from ui.papers.held import agreements_of, everything_of
from ui.papers.own_sheet import notice_of, own_sheet_of
from ui.papers.slip import slip_of, sms_of
from ui.papers.words import Words
from ui.qr_codes import squares_of_code

if TYPE_CHECKING:
    from app.domain.identifiers import SubjectId
    from app.printing.sms import Sms
    from app.usecases.desk import Desk

SLIP: Final = "slip"
OWN_SHEET: Final = "own_sheet"
NOTICE: Final = "notice"
AGREEMENTS: Final = "agreements"
EVERYTHING: Final = "everything"

PAPER_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        SLIP: "Fiche de liaison",
        OWN_SHEET: "Ma feuille",
        AGREEMENTS: "Accords",
        EVERYTHING: "Tout ce qui est gardé",
        NOTICE: "Note d’information",
    }
)
"""The papers, in the order in which they are proposed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Of whom or what papers are wanted: a referral, a meeting, a person; of nobody, the notice."""

    referral: "SubjectId | None" = None
    encounter: "SubjectId | None" = None
    person: "SubjectId | None" = None

    @property
    def papers(self) -> tuple[str, ...]:
        """Return the papers that can be made, in the order they are proposed."""
        possible = {NOTICE}
        if self.referral is not None:
            possible.add(SLIP)
        if self.encounter is not None or self.person is not None:
            possible.add(OWN_SHEET)
        if self.person is not None:
            possible |= {AGREEMENTS, EVERYTHING}
        return tuple(name for name in PAPER_NAMES if name in possible)


def document_of(desk: "Desk", paper: str, subject: Subject, *, is_large: bool = False) -> Document:
    """Make a paper.

    Raises:
        UnknownRecordError: the referral or the person is not here any more.
        NoticeTextError: the text of the notice cannot be read.
        LookupError: that paper is not one of `subject.papers`.
    """
    if paper not in subject.papers:
        raise LookupError(paper)
    document = _document(desk, paper, subject)
    return in_large_print(document) if is_large else document


def sms_for(desk: "Desk", referral: "SubjectId") -> "Sms":
    """Write the message that says where a referral leads.

    Raises:
        UnknownRecordError: no referral here has that identifier.
    """
    return sms_of(read_slip(desk, referral))


def write_new(file: Path, content: bytes) -> None:
    """Write a paper where somebody asked for it: whole or absent, for its owner alone.

    Raises:
        PaperExistsError: a file is there; it is left as it is.
        DiskFullError, DiskRefusedError.
    """
    refuse_existing(file)
    write_durably(file, content)


def refuse_existing(file: Path) -> None:
    """Say early that a file is there already.

    Raises:
        PaperExistsError: it is there.
    """
    if file.exists() or file.is_symlink():
        raise PaperExistsError(file.name)


def words_of(desk: "Desk", notice: Path | None = None) -> Words:
    """Return what the papers of a desk speak with; `notice` is a text of it to try.

    Raises:
        NoticeTextError: the text of the notice cannot be read.
    """
    own, reference = desk.own_structure(), desk.reference
    today = desk.now().astimezone().date()
    reasons = reference.vocabularies.get("refusal_reason").active(today)
    return Words(
        label=reference.vocabularies.label,
        commune_name=partial(_commune_name, desk),
        structure_name=partial(_structure_name, desk),
        refusals=tuple(entry.label for entry in reasons),
        structure=own.name,
        entry=structure_entry(desk, own.reference),
        notice=read_notice(notice) if notice is not None else current_notice(desk).text,
        squares=squares_of_code,
        now=lambda: desk.now().astimezone(),
    )


def _document(desk: "Desk", paper: str, subject: Subject) -> Document:
    words = words_of(desk)
    if paper == SLIP and subject.referral is not None:
        return slip_of(read_slip(desk, subject.referral), words)
    if paper == OWN_SHEET and subject.encounter is not None:
        return own_sheet_of(read_sheet_of_encounter(desk, subject.encounter), words)
    if paper == NOTICE or subject.person is None:
        return notice_of(words)
    if paper == OWN_SHEET:
        return own_sheet_of(read_sheet_of_person(desk, subject.person), words)
    of_person = agreements_of if paper == AGREEMENTS else everything_of
    return of_person(read_person_papers(desk, subject.person), words)


def _commune_name(desk: "Desk", code: str) -> str:
    try:
        return desk.reference.communes.by_code(code).name
    except UnknownCommuneError:
        return code


def _structure_name(desk: "Desk", reference: str) -> str:
    entry = structure_entry(desk, reference)
    if entry is not None:
        return entry.display_name
    return _names(desk).get(reference, reference)


def _names(desk: "Desk") -> Mapping[str, str]:
    """Return the names of those that take part and are in no directory."""
    return {one.reference: one.name for one in recipients(desk) if one.takes_part}
