"""The slip as an encrypted file: checked, made in memory, written where chosen, noted. No Qt.

Its passphrase is new each time and kept nowhere: whoever lost it is given another file.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from app.printing.encryption import encrypted, new_passphrase
from app.printing.pdf import pdf_of
from app.usecases.papers import read_slip
from app.usecases.referrals import open_referral
from app.usecases.slip_files import lacks_of_file, note_file_made
from ui.papers.making import SLIP, Subject, document_of

if TYPE_CHECKING:
    from app.changes import Changes
    from app.domain.identifiers import SubjectId
    from app.usecases.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipFile:
    """A file that was written; `passphrase` is shown once, in groups to be said aloud."""

    passphrase: tuple[str, ...] = field(repr=False)
    size_bytes: int
    changes: "Changes"


def may_be_locked(desk: "Desk", paper: str, subject: Subject) -> bool:
    """Is a paper the slip of a referral to a structure without the program, still to be read?"""
    if paper != SLIP or subject.referral is None:
        return False
    return read_slip(desk, subject.referral).may_be_file


def check_slip_file(desk: "Desk", referral: "SubjectId") -> str:
    """Return the name of the file, of nobody in it; refuse it by the first thing it lacks.

    Raises:
        UnknownRecordError, SlipFileRefusedError, ReceptionError: see `lacks_of_file`.
    """
    for lack in lacks_of_file(desk, referral):
        raise lack
    return f"fiche-chiffree-{open_referral(desk, referral).short_id}.pdf"


def write_slip_file(
    desk: "Desk",
    referral: "SubjectId",
    file: Path,
    write: Callable[[Path, bytes], None],
    *,
    is_large: bool = False,
) -> SlipFile:
    """Write the slip of a referral, locked, and note that it left so.

    Args:
        desk: where.
        referral: whose slip.
        file: where to.
        write: writes it whole or not at all.
        is_large: in large letters.

    Raises:
        UnknownRecordError, SlipFileRefusedError, ReceptionError: see `lacks_of_file`.
        PrintingError, DiskFullError, DiskRefusedError: nothing is noted.
    """
    check_slip_file(desk, referral)
    document = document_of(desk, SLIP, Subject(referral=referral), is_large=is_large)
    passphrase = new_passphrase()
    content = encrypted(pdf_of(document), passphrase)
    write(file, content)
    try:
        changes = note_file_made(desk, referral)
    except Exception:
        # Whatever went wrong, it is raised again: but a file of which nobody would ever know the
        # passphrase, and no history says that it left, must not stay.
        file.unlink(missing_ok=True)
        raise
    return SlipFile(passphrase=passphrase, size_bytes=len(content), changes=changes)
