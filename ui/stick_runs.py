"""Writes and reads sticks beside the screen, in turn with the exchanges by the network."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.domain.errors import AppError
from ui.progress_relay import ProgressRelay
from ui.running import Runner
from ui.turns import Turns

_Carry = Callable[[Path, Callable[[Any], None], Callable[[], bool]], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class StickPorts:
    """What is done with a stick, on the runner's thread.

    Both take the folder, tell how far they are, ask whether to stop, say what they did, and raise
    the refusals of sticks.
    """

    write: _Carry
    read: _Carry


class StickRuns(QObject):
    """One stick at a time, and never while the network exchanges.

    Signals:
        waits(): a stick was asked for and waits for the exchange under way.
        began(): a stick is being written or read.
        progressed(object): how far it is.
        written(object): what a writing did, cut short or not.
        taken(object): what a reading did, cut short or not.
        stopped(): somebody gave up before its turn came.
        failed(object): the refusal that stopped it.
    """

    waits = Signal()
    began = Signal()
    progressed = Signal(object)
    written = Signal(object)
    taken = Signal(object)
    stopped = Signal()
    failed = Signal(object)

    def __init__(
        self, ports: StickPorts, runner: Runner, turns: Turns, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._ports = ports
        self._runner = runner
        self._turns = turns
        self._progress = ProgressRelay(self)
        self._progress.told.connect(self.progressed)
        self._asked_to_stop = threading.Event()
        self._begin: Callable[[], None] | None = None

    def write(self, folder: Path) -> None:
        """Write on a stick; nothing happens while another one is under way."""
        self._ask(self._ports.write, folder, self._wrote)

    def read(self, folder: Path) -> None:
        """Read a stick; nothing happens while another one is under way."""
        self._ask(self._ports.read, folder, self._took)

    def give_up(self) -> None:
        """Stop what is under way between two files, or give up its turn."""
        if self._begin is not None and self._turns.withdraw(self._begin):
            self._begin = None
            self.stopped.emit()
        else:
            self._asked_to_stop.set()

    def stop(self) -> None:
        """Start nothing more; what is under way is finished by its runner."""
        if self._begin is not None:
            self._turns.withdraw(self._begin)

    def _ask(self, carry: _Carry, folder: Path, done: Callable[[Any], None]) -> None:
        if self._begin is not None:
            return
        self._begin = partial(self._run, carry, folder, done)
        if not self._turns.ask(self._begin):
            self.waits.emit()

    def _run(self, carry: _Carry, folder: Path, done: Callable[[Any], None]) -> None:
        self._asked_to_stop = asked_to_stop = threading.Event()
        self.began.emit()
        self._runner.run(
            lambda: carry(folder, self._progress.tell, asked_to_stop.is_set), done, self._failed
        )

    def _wrote(self, written: Any) -> None:
        self._begin = None
        self.written.emit(written)
        self._turns.leave()

    def _took(self, taken: Any) -> None:
        self._begin = None
        self.taken.emit(taken)
        self._turns.leave()

    def _failed(self, error: Exception) -> None:
        self._begin = None
        self.failed.emit(error)
        self._turns.leave()
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
