"""The runner of the desk: a Python thread works, a queued Qt signal brings the answer back."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

T = TypeVar("T")


class ThreadRunner(QObject):
    """`Runner` over one thread of its own; the order of works is kept.

    Make it on the GUI thread. Long work (printing, exchange, import) deserves a second runner, so
    that a search does not wait behind it. The callbacks are held here until they are called:
    PySide6 keeps no bound method alive.
    """

    _came_back = Signal(object)

    def __init__(self, name: str = "desk", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._works: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._waiting: set[_Task] = set()
        self._is_closed = False
        # A queued connection delivers in the GUI thread, whichever thread sends.
        self._came_back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """See `Runner.run`. After `close` nothing is taken any more and no callback comes."""
        if self._is_closed:
            return
        task = _Task(work=work, done=done, failed=failed)
        self._waiting.add(task)
        self._works.put(task)

    def is_idle(self) -> bool:
        """Say whether every answer was given back."""
        return not self._waiting

    def forget_answers(self) -> None:
        """Drop the answers nobody can show now; the works given are still done."""
        self._waiting.clear()

    def stop(self) -> None:
        """Take nothing more and drop the answers, without waiting for the works given."""
        if not self._is_closed:
            self._is_closed = True
            self._works.put(None)
        self.forget_answers()

    def close(self, timeout_s: float = 10.0) -> bool:
        """Stop, and wait until what was given is finished; any thread may wait.

        Returns:
            Whether everything was finished in time.
        """
        self.stop()
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (task := self._works.get()) is not None:
            task.do()
            self._came_back.emit(task)
            del task

    @Slot(object)
    def _deliver(self, task: "_Task") -> None:
        if task in self._waiting:
            self._waiting.discard(task)
            task.answer()
        else:
            task.let_go()


@dataclass(slots=True, eq=False)
class _Task:
    """One work and where its answer goes. What the work carried is let go as soon as it is done."""

    work: Callable[[], Any] | None
    done: Callable[[Any], None] | None
    failed: Callable[[Exception], None] | None
    value: Any = None
    error: Exception | None = None

    def do(self) -> None:
        """Do the work; the answer or the failure waits for the screen."""
        assert self.work is not None  # noqa: S101 -- a task is done once
        try:
            self.value = self.work()
        except Exception as error:  # the presenter tells refusals from faults
            self.error = error
        finally:
            # A work may hold a passphrase: nothing keeps it once it was tried.
            self.work = None

    def answer(self) -> None:
        """Call back. The failure is let go first: its frames hold what the work carried."""
        error, self.error = self.error, None
        done, failed = self.done, self.failed
        self.let_go()
        if error is not None and failed is not None:
            failed(error)
        elif done is not None:
            done(self.value)

    def let_go(self) -> None:
        """Forget who waits, on the GUI thread: their windows must not end with the other thread."""
        self.done = self.failed = None
