"""How far an exchange is: bytes as they move, and whoever waits for it told of each of them."""

from sync.exchange_watch import ExchangeProgress, ExchangeStage, ExchangeWatch
from sync.relay_port import NOTHING_AHEAD, Ahead


class MovedBytes:
    """What moved since the exchange began, and in which stage it is.

    Attributes:
        up: bytes sent: bodies as they are, headers about.
        down: bytes received, likewise.
        ahead: what is made ready while bytes leave.
    """

    def __init__(self, watch: ExchangeWatch) -> None:
        self.up = self.down = 0
        self.ahead: Ahead = NOTHING_AHEAD
        self._watch = watch
        self._stage, self._to_send_bytes = ExchangeStage.CALLING, 0

    def begin(self, stage: ExchangeStage, to_send_bytes: int = 0) -> None:
        """Begin a stage, in which so many bytes will leave if that is known."""
        self._stage = stage
        self._to_send_bytes = self.up + to_send_bytes if to_send_bytes else 0
        self._tell()

    def count_up(self, size_bytes: int) -> None:
        """Count bytes that left.

        Raises:
            ExchangeCancelledError: somebody wants it to stop.
        """
        self.up += size_bytes
        self._tell()

    def count_down(self, size_bytes: int) -> None:
        """Count bytes that came; see `count_up`."""
        self.down += size_bytes
        self._tell()

    def _tell(self) -> None:
        to_come = self.ahead.to_come_bytes if self._to_send_bytes else 0
        progress = ExchangeProgress(
            stage=self._stage,
            bytes_up=self.up,
            bytes_down=self.down,
            # Not known while what will follow is not sealed.
            to_send_bytes=self._to_send_bytes + to_come if to_come is not None else 0,
        )
        self._watch.tell(progress)
