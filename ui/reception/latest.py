"""Asks the same kind of question again and again, and hears only the newest answer. No Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ui.running import Runner

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    work: Callable[[], Any]
    done: Callable[[Any], None]
    failed: Callable[[Exception], None]


class Latest:
    """One question at a time through a runner; while one is out, only the newest waits.

    A stale answer is dropped, and somebody who types fast leaves no queue behind.
    """

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._out: _Question | None = None
        self._waiting: _Question | None = None

    def ask(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Ask; what was asked before is not answered any more."""
        question = _Question(work=work, done=done, failed=failed)
        if self._is_free():
            self._send(question)
        else:
            self._waiting = question

    def drop(self) -> None:
        """Forget the question that waits, and the answer of the one that is out."""
        self._waiting = None
        if self._out is not None:
            self._out = _Question(work=_nothing, done=_ignore, failed=_ignore)

    def _is_free(self) -> bool:
        return self._out is None

    def _send(self, question: _Question) -> None:
        self._out = question
        self._runner.run(question.work, self._done, self._failed)

    def _done(self, answer: Any) -> None:
        heard = self._next()
        if heard is not None:
            heard.done(answer)

    def _failed(self, error: Exception) -> None:
        heard = self._next()
        if heard is not None:
            heard.failed(error)

    def _next(self) -> _Question | None:
        """Send what waits; return the question just answered unless a newer one replaced it."""
        answered, self._out = self._out, None
        waiting, self._waiting = self._waiting, None
        if waiting is None:
            return answered
        self._send(waiting)
        return None


def _nothing() -> None:
    return None


def _ignore(_answer: object) -> None:
    return None
