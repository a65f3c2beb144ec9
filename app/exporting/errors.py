"""Why a list could not be written to a file."""

from app.domain.errors import AppError


class ExportingError(AppError):
    """A list that could not be written; nothing was."""


class WorkbooksMissingError(ExportingError):
    """The library that writes workbooks is not installed, or cannot be loaded on this machine."""

    code = "export_workbooks_missing"


class ExportExistsError(ExportingError):
    """A file has that name already: it is never written over unasked."""

    code = "export_exists"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])
