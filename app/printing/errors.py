"""What can keep a paper from being made; nothing of its content is ever told."""

from app.domain.errors import AppError


class PrintingError(AppError):
    """A paper cannot be made, or not there."""


class PrintingMissingError(PrintingError):
    """The library that lays pages out is not installed, or cannot be loaded on this machine."""

    code = "printing_missing"


class PageRefusedError(PrintingError):
    """The pages could not be laid out. What they would say is not in this error."""

    code = "page_refused"


class PrinterRefusedError(PrintingError):
    """The printer does not take the pages."""

    code = "printer_refused"


class PaperExistsError(PrintingError):
    """A file has that name already: it is never written over."""

    code = "paper_exists"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class UnknownNoticeError(PrintingError):
    """No text of the information notice has that version."""

    code = "unknown_notice"

    def __init__(self, version: str) -> None:
        super().__init__(version=version[:40])


class NoticeTextError(PrintingError):
    """The text of the information notice cannot be read."""

    code = "unreadable_notice"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])
