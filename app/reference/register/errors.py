"""Why a register cannot be taken at all. A line alone that is refused is a value: see `rows`."""

from collections.abc import Sequence

from app.domain.errors import AppError


class RegisterError(AppError):
    """A register or its plan that is refused whole; nothing of it is kept."""


class TooManyLinesError(RegisterError):
    """The register holds more lines than one import takes."""

    code = "register_too_many_lines"

    def __init__(self, most: int) -> None:
        super().__init__(most=most)


class NoTitlesError(RegisterError):
    """No line of any sheet looks like titles of columns."""

    code = "register_no_titles"

    def __init__(self, file: str) -> None:
        super().__init__(file=file[:80])


class NoSuchSheetError(RegisterError):
    """The register has no sheet of that name; `sheets` are those it has."""

    code = "register_no_such_sheet"

    def __init__(self, sheet: str, sheets: Sequence[str]) -> None:
        super().__init__(sheet=sheet[:60], sheets=", ".join(sheets)[:300])


class NoDateColumnError(RegisterError):
    """No column says on which day people were received: nothing could be dated."""

    code = "register_no_date_column"


class UnreadablePlanError(RegisterError):
    """The plan of an import is not one, or says what no import does; `where` is the place."""

    code = "register_unreadable_plan"

    def __init__(self, *, where: str = "", problem: str) -> None:
        super().__init__(where=where[:120], problem=problem[:200])
