"""Several processes that answer on one socket, over one database: none holds anything of its own.

The first process only looks after the others: it starts again one that died, and ends them all
when it is told to. If it is killed itself, they notice and end too.
"""

import contextlib
import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import NoReturn

_STOPPING = (signal.SIGTERM, signal.SIGINT)
_BEFORE_ANOTHER_S = 1.0

Work = Callable[[int, Callable[[], None]], None]
"""What one process does: it is told its number, from 0, and what to call once it answers."""

_log = logging.getLogger(__name__)


class WorkerDidNotStartError(Exception):
    """A process ended before it answered."""


def can_have_several() -> bool:
    """Can this system share a socket among processes in this way?"""
    return hasattr(os, "fork")


class Workers:
    """Processes that do the same work. To be used by the main thread, before any other exists."""

    def __init__(self, count: int, work: Work) -> None:
        self._count = count
        self._work = work
        self._numbers: dict[int, int] = {}
        self._is_stopping = False
        # Whoever reads it learns that this process has ended, in whatever way.
        self._life, self._held = os.pipe()

    def run(self, when_ready: Callable[[], None]) -> None:
        """Work until SIGTERM or SIGINT, then until the last one has ended.

        Raises:
            WorkerDidNotStartError: one of them ended before it answered, and all were ended.
        """
        for one in _STOPPING:
            signal.signal(one, self._stop)
        started = all(self._start(number) for number in range(self._count))
        if started and not self._is_stopping:
            when_ready()
        if not started and not self._is_stopping:
            self._stop()
            self._wait_for_all()
            raise WorkerDidNotStartError
        self._wait_for_all()

    def _stop(self, *_signal: object) -> None:
        self._is_stopping = True
        for process in self._numbers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGTERM)

    def _start(self, number: int) -> bool:
        """Start a process, and say whether it came to answer."""
        ready, telling = os.pipe()
        with _signals_held_back():
            process = os.fork()
            if process == 0:
                os.close(ready)
                self._be_a_worker(number, telling)
            self._numbers[process] = number
        os.close(telling)
        if self._is_stopping:
            os.kill(process, signal.SIGTERM)
        with os.fdopen(ready, "rb") as told:
            return told.read(1) != b""

    def _wait_for_all(self) -> None:
        while self._numbers:
            process, status = os.wait()
            number = self._numbers.pop(process, None)
            if number is not None and not self._is_stopping:
                _log.warning("worker %d ended (%d); another is started", number, status)
                time.sleep(_BEFORE_ANOTHER_S)
                if not self._is_stopping:
                    self._start(number)

    def _be_a_worker(self, number: int, telling: int) -> NoReturn:
        """Do the work in the new process, which ends here whatever happens."""
        status = 1
        try:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            # Ctrl+C reaches everybody at once; the first process sees to it.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _STOPPING)
            os.close(self._held)
            threading.Thread(target=self._end_with_the_first, daemon=True).start()
            self._work(number, lambda: _tell(telling))
            status = 0
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except Exception:
            _log.exception("worker %d failed", number)
        finally:
            logging.shutdown()
            os._exit(status)

    def _end_with_the_first(self) -> None:
        os.read(self._life, 1)
        os.kill(os.getpid(), signal.SIGTERM)


@contextlib.contextmanager
def _signals_held_back() -> Iterator[None]:
    """Hold signals back while a process is made: the new one must not answer for this one."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOPPING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _tell(telling: int) -> None:
    os.write(telling, b"1")
    os.close(telling)
