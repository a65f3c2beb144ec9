"""Exchanges by itself when it is time, beside the screen, and says what came of it."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.domain.errors import AppError
from ui.progress_relay import ProgressRelay
from ui.running import Runner
from ui.turns import Turns

FIRST_S = 1.5
"""After the desk opens, so that its first screen comes first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopPorts:
    """What the loop may ask for.

    Attributes:
        exchange: exchanges once, on the runner's thread; it tells how far it is, asks whether to
            stop, and raises the refusals of the exchange.
        waiting: whether events wait to leave, read on the runner's thread.
        next_attempt_in_s: seconds to wait, from failures in a row, waiting, jitter.
        back_off_s: seconds to wait after failures, those of before a restart included; 0 after a
            success. Read on the runner's thread.
    """

    exchange: Callable[[Callable[[Any], None], Callable[[], bool]], Any]
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
    """One exchange at a time, on a runner of its own, in turn with the sticks.

    Signals:
        waits(): an exchange was asked for and waits for the stick under way.
        began(): an exchange starts.
        progressed(object): how far it is.
        finished(object): its report.
        stopped(): somebody made it stop, or gave up its turn.
        failed(object): the refusal that stopped it; being offline is one of them.
    """

    waits = Signal()
    began = Signal()
    progressed = Signal(object)
    finished = Signal(object)
    stopped = Signal()
    failed = Signal(object)

    def __init__(
        self,
        ports: LoopPorts,
        runner: Runner,
        turns: Turns | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._ports = ports
        self._runner = runner
        self._turns = turns or Turns()
        self._progress = ProgressRelay(self)
        self._progress.told.connect(self.progressed)
        self._asked_to_stop = threading.Event()
        self._is_failing = False
        self._is_running = False
        self._is_stopped = False
        self._is_wanted_again = False
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
        self._turns.withdraw(self._run)

    @property
    def is_exchanging(self) -> bool:
        """Whether an exchange runs, or waits for its turn."""
        return self._is_running

    def something_waits(self) -> None:
        """Plan an exchange sooner: something was just written here."""
        if not self._is_running and not self._is_failing:
            self._wait(self._next_s(waiting=True))

    def exchange_now(self) -> None:
        """Exchange now, or after the stick under way; asking again meanwhile does nothing."""
        if self._is_running:
            return
        self._is_running = True
        self._timer.stop()
        if not self._turns.ask(self._run):
            self.waits.emit()

    def spread(self) -> None:
        """Exchange now, and again after the one under way: it may have passed what was signed."""
        self._is_wanted_again = self._is_running
        self.exchange_now()

    def give_up(self) -> None:
        """Stop the exchange under way as soon as it can; what was done is kept."""
        if self._turns.withdraw(self._run):
            self._is_running = False
            self._wait(self._next_s(waiting=False))
            self.stopped.emit()
        else:
            self._asked_to_stop.set()

    def _begin(self, back_off_s: float) -> None:
        if not self._is_running:
            self._is_failing = back_off_s > 0
            self._wait(max(back_off_s, FIRST_S))

    def _run(self) -> None:
        # A fresh one each time: one exchange must not stop because of the wish about another.
        self._asked_to_stop = asked_to_stop = threading.Event()
        self.began.emit()
        self._runner.run(partial(self._once, asked_to_stop), self._ended, self._broken)

    def _once(self, asked_to_stop: threading.Event) -> _Ended:
        try:
            report = self._ports.exchange(self._progress.tell, asked_to_stop.is_set)
        except AppError as error:
            return _Ended(error=error, back_off_s=self._ports.back_off_s())
        return _Ended(report=report, waiting=self._ports.waiting())

    def _ended(self, ended: _Ended) -> None:
        self._is_running = False
        if ended.error is None:
            self._is_failing = False
            again, self._is_wanted_again = self._is_wanted_again, False
            self._wait(0.0 if again else self._next_s(waiting=ended.waiting))
            self.finished.emit(ended.report)
        else:
            was_asked = self._asked_to_stop.is_set()
            # What somebody chose is no failure, but does not forget those of before.
            self._is_failing = ended.back_off_s > 0 if was_asked else True
            # A refusal that called for no pause, such as no Region yet, waits like a quiet desk.
            self._wait(ended.back_off_s or self._next_s(waiting=False))
            if was_asked:
                self.stopped.emit()
            else:
                self.failed.emit(ended.error)
        self._turns.leave()

    def _broken(self, error: Exception) -> None:
        self._is_running = False
        self._wait(self._next_s(waiting=False))
        self.failed.emit(error)
        self._turns.leave()
        raise error  # our fault: the program's own report of faults must hear of it

    def _next_s(self, *, waiting: bool) -> float:
        jitter = random.random()  # noqa: S311  (spreads the load, protects nothing)
        return self._ports.next_attempt_in_s(0, waiting, jitter)

    def _wait(self, pause_s: float) -> None:
        if not self._is_stopped:
            self._timer.start(int(pause_s * 1_000))
