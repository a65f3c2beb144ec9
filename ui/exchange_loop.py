"""Exchanges by itself when it is time, beside the screen, and says what came of it."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError
from ui.running import Runner

FIRST_S = 1.5
"""After the desk opens, so that its first screen comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPorts:
    """What the loop may ask for.

    Attributes:
        exchange: exchanges once, on the runner's thread; raises the refusals of the exchange.
        waiting: whether events wait to leave, read on the runner's thread.
        next_attempt_in_s: seconds to wait, from failures in a row, waiting, jitter.
        back_off_s: seconds to wait after failures, those of before a restart included; 0 after a
            success. Read on the runner's thread.
    """

    exchange: Callable[[], Any]
    waiting: Callable[[], bool]
    next_attempt_in_s: Callable[[int, bool, float], float]
    back_off_s: Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ended:
    """How an attempt ended, and what is known of the next one."""

    report: Any = None
    error: Exception | None = None
    waiting: bool = False
    back_off_s: float = 0.0


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
        self._is_failing = False
        self._is_running = False
        self._is_stopped = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.exchange_now)

    def start(self) -> None:
        """Begin with an exchange soon after the desk opens, or when its last pause is over."""
        self._runner.run(self._ports.back_off_s, self._begin, lambda _error: self._begin(0.0))

    def stop(self) -> None:
        """Start nothing more; the exchange under way is finished by its runner."""
        self._is_stopped = True
        self._timer.stop()

    def something_waits(self) -> None:
        """Plan an exchange sooner: something was just written here."""
        if not self._is_running and not self._is_failing:
            self._wait(self._next_s(waiting=True))

    def exchange_now(self) -> None:
        """Exchange now; asking again while one runs does nothing."""
        if self._is_running:
            return
        self._is_running = True
        self._timer.stop()
        self.began.emit()
        self._runner.run(self._once, self._ended, self._broken)

    def _begin(self, back_off_s: float) -> None:
        if not self._is_running:
            self._is_failing = back_off_s > 0
            self._wait(max(back_off_s, FIRST_S))

    def _once(self) -> _Ended:
        try:
            report = self._ports.exchange()
        except AppError as error:
            return _Ended(error=error, back_off_s=self._ports.back_off_s())
        return _Ended(report=report, waiting=self._ports.waiting())

    def _ended(self, ended: _Ended) -> None:
        self._is_running = False
        self._is_failing = ended.error is not None
        if ended.error is not None:
            # A refusal that called for no pause, such as no Region yet, waits like a quiet desk.
            self._wait(ended.back_off_s or self._next_s(waiting=False))
            self.failed.emit(ended.error)
        else:
            self._wait(self._next_s(waiting=ended.waiting))
            self.finished.emit(ended.report)

    def _broken(self, error: Exception) -> None:
        self._is_running = False
        self._wait(self._next_s(waiting=False))
        self.failed.emit(error)
        raise error  # our fault: the program's own report of faults must hear of it

    def _next_s(self, *, waiting: bool) -> float:
        jitter = random.random()  # noqa: S311  (spreads the load, protects nothing)
        return self._ports.next_attempt_in_s(0, waiting, jitter)

    def _wait(self, pause_s: float) -> None:
        if not self._is_stopped:
            self._timer.start(int(pause_s * 1_000))
