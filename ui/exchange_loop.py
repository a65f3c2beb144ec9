"""Exchanges by itself when it is time, beside the screen, and says what came of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError
from ui.running import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPorts:
    """What the loop may ask for.

    Attributes:
        exchange: exchanges once, on the runner's thread; raises the refusals of the exchange.
        waiting: whether events wait to leave, read on the runner's thread.
        next_attempt_in_s: seconds to wait, from failures in a row, waiting, jitter.
    """

    exchange: Callable[[], Any]
    waiting: Callable[[], bool]
    next_attempt_in_s: Callable[[int, bool, float], float]


class ExchangeLoop(QObject):
    """One exchange at a time, on a runner of its own.

    Signals:
        began(): an exchange starts.
        finished(object): its report.
        failed(object): the refusal that stopped it; being offline is one of them.
    """

    began = Signal()
    finished = Signal(object)
    failed = Signal(object)

    def __init__(self, ports: LoopPorts, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ports = ports
        self._runner = runner
        self._failures = 0
        self._is_running = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.exchange_now)

    def start(self) -> None:
        """Begin with an exchange soon after the desk opens."""
        self._timer.start(1_500)

    def stop(self) -> None:
        """Start nothing more; the exchange under way is finished by its runner."""
        self._timer.stop()

    def something_waits(self) -> None:
        """Plan an exchange sooner: something was just written here."""
        if not self._is_running and not self._failures:
            self._plan(waiting=True)

    def exchange_now(self) -> None:
        """Exchange now; asking again while one runs does nothing."""
        if self._is_running:
            return
        self._is_running = True
        self._timer.stop()
        self.began.emit()
        self._runner.run(self._once, self._done, self._refused)

    def _once(self) -> tuple[Any, bool]:
        return self._ports.exchange(), self._ports.waiting()

    def _done(self, outcome: tuple[Any, bool]) -> None:
        report, waiting = outcome
        self._is_running, self._failures = False, 0
        self._plan(waiting=waiting)
        self.finished.emit(report)

    def _refused(self, error: Exception) -> None:
        self._is_running = False
        self._failures += 1
        self._plan(waiting=True)
        self.failed.emit(error)
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def _plan(self, *, waiting: bool) -> None:
        jitter = random.random()  # noqa: S311  (spreads the load, protects nothing)
        pause_s = self._ports.next_attempt_in_s(self._failures, waiting, jitter)
        self._timer.start(int(pause_s * 1_000))
