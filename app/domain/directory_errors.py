"""What refuses to add to the directory; see `app.domain.errors`."""

from app.domain.errors import AppError


class AlreadyListedError(AppError):
    """The directory has a structure of that name in that commune; `reference` names it."""

    code = "already_listed"

    def __init__(self, *, name: str, reference: str) -> None:
        self.reference = reference
        super().__init__(name=name, reference=reference)
