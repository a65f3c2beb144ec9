"""Why a file cannot be taken at all. A row alone that is refused is a value: see `findings`."""

from collections.abc import Sequence

from app.domain.errors import AppError


class ImportingError(AppError):
    """A file that is refused whole; nothing of it is kept."""


class UnreadableFileError(ImportingError):
    """The file is not there, or the disk does not let it be read."""

    code = "import_unreadable_file"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class EmptyFileError(ImportingError):
    """The file holds nothing, or nothing but blank lines."""

    code = "import_empty_file"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class FileTooLargeError(ImportingError):
    """The file is larger than any that is published; `limit_mb` is what is taken."""

    code = "import_file_too_large"

    def __init__(self, file: str, *, limit_mb: int) -> None:
        super().__init__(file=file[:80], limit_mb=limit_mb)


class SwollenFileError(ImportingError):
    """A small compressed file that would unfold into far too much."""

    code = "import_swollen_file"

    def __init__(self, file: str, *, limit_mb: int) -> None:
        super().__init__(file=file[:80], limit_mb=limit_mb)


class SprawlingSheetError(ImportingError):
    """A sheet that reaches so far, to `cell`, that its whole area cannot be held."""

    code = "import_sprawling_sheet"

    def __init__(self, file: str, *, cell: str) -> None:
        super().__init__(file=file[:80], cell=cell)


class BrokenFileError(ImportingError):
    """The file stops in the middle or breaks its format; `line` is where, 0 if unknown."""

    code = "import_broken_file"

    def __init__(self, file: str, *, line: int = 0) -> None:
        super().__init__(file=file[:80], line=line)


class NotTextError(ImportingError):
    """The file is neither text nor a workbook: a picture, a program, a page of a word processor."""

    code = "import_not_text"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class LockedWorkbookError(ImportingError):
    """A password protects the workbook."""

    code = "import_locked_workbook"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class SheetsMissingError(ImportingError):
    """The library that reads workbooks is not installed, or cannot be loaded on this machine."""

    code = "import_sheets_missing"


class UnknownSheetError(ImportingError):
    """The workbook has no sheet of that name; `sheets` are those it has."""

    code = "import_unknown_sheet"

    def __init__(self, sheet: str, sheets: Sequence[str]) -> None:
        super().__init__(sheet=sheet[:60], sheets=", ".join(sheets)[:300])


class MissingColumnError(ImportingError):
    """The table lacks columns that its format requires."""

    code = "import_missing_column"

    def __init__(self, file: str, columns: Sequence[str]) -> None:
        super().__init__(file=file[:80], columns=", ".join(columns)[:300])


class DuplicateColumnError(ImportingError):
    """Two columns of the table have the same name: nobody can say which one holds."""

    code = "import_duplicate_column"

    def __init__(self, file: str, columns: Sequence[str]) -> None:
        super().__init__(file=file[:80], columns=", ".join(columns)[:300])


class UnknownFormatError(ImportingError):
    """The content is none of the formats that are read here."""

    code = "import_unknown_format"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class UndatedFileError(ImportingError):
    """Nothing in the file says of which day it is, and nobody said it."""

    code = "import_undated_file"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class ArchiveWithoutDirectoryError(ImportingError):
    """The archive does not hold the file that the administration's directory is published in."""

    code = "import_archive_without_directory"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])
