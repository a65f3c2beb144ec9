"""What refuses to change a referral that was handed over; see `app.domain.errors`."""

from app.domain.errors import AppError


class NotCoveredByAgreementError(AppError):
    """The person agreed to what left: nothing more of them may be added to it."""

    code = "not_covered_by_agreement"

    def __init__(self, *, field: str) -> None:
        super().__init__(field=field)


class NothingToCorrectError(AppError):
    """What was handed over says that already."""

    code = "nothing_to_correct"


class UnknownServiceError(AppError):
    """The structure that was chosen has no such service in the directory."""

    code = "unknown_service"

    def __init__(self, service: str) -> None:
        super().__init__(service=service)


class NobodyToAskAgainError(AppError):
    """The referral has no named person here: nobody can be asked for another agreement."""

    code = "nobody_to_ask_again"
