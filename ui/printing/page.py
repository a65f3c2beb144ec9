"""What the preview shows and has done: one thing to print, in several papers. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperChoice:
    """A paper that can be made of what is opened."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A paper laid out.

    `pictures` are its pages as the view draws them, `words` all that they say for those who hear
    the screen, `file_name` what is proposed to save it, with its ending. `may_be_locked` says that
    it can go as an encrypted file.
    """

    title: str
    file_name: str
    words: str
    pictures: tuple[object, ...]
    may_be_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A text to copy into an SMS, with what it weighs, in words."""

    text: str
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Locking:
    """Making an encrypted file of the slip; both are called by the runner.

    Attributes:
        check: refuses what may not leave, else returns the name proposed for the file.
        write: writes it, in large print or not, over another file or not, notes that it left, and
            returns the groups of its passphrase.
    """

    check: Callable[[], str]
    write: Callable[[Path, bool, bool], tuple[str, ...]] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintingActions:
    """What is done elsewhere, for one thing to print; all are called by the runner.

    Attributes:
        make: lays a paper out, in large print or not.
        pdf: the same paper as the bytes of a PDF.
        draw: the same paper on a printer, which the view chose.
        write: replaces a file by bytes; the person was asked whether it may.
        write_new: writes a file unless there is one.
        message: the text for an SMS; None where there is none.
        locking: makes an encrypted file; None where there is no slip.
    """

    make: Callable[[str, bool], Made]
    pdf: Callable[[str, bool], bytes]
    draw: Callable[[str, bool, object], None]
    write: Callable[[Path, bytes], None]
    write_new: Callable[[Path, bytes], None]
    message: Callable[[], Message] | None
    locking: Locking | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody wants printed: which papers can be made of it, which one comes first."""

    papers: tuple[PaperChoice, ...]
    first: str
    actions: PrintingActions
