"""What somebody who waits for an exchange is told, and how they make it stop."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from sync.errors import ExchangeCancelledError


class ExchangeStage(StrEnum):
    """What is being done."""

    CALLING = "calling"
    SENDING = "sending"
    RECEIVING = "receiving"
    DIRECTORY = "directory"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeProgress:
    """How far it is, in bytes on the wire since the exchange began.

    While sending, `to_send_bytes` is what `bytes_up` will be at the end of this stage; else it is
    0: nobody knows beforehand how much there is to receive.
    """

    stage: ExchangeStage
    bytes_up: int
    bytes_down: int
    to_send_bytes: int = 0


def _tell_nobody(_progress: ExchangeProgress) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeWatch:
    """Both are called from the thread that exchanges, some times a second when the link is good."""

    progress: Callable[[ExchangeProgress], None] = _tell_nobody
    cancelled: Callable[[], bool] = _never

    def tell(self, progress: ExchangeProgress) -> None:
        """Tell how far it is.

        Raises:
            ExchangeCancelledError: somebody wants it to stop.
        """
        if self.cancelled():
            raise ExchangeCancelledError
        self.progress(progress)
