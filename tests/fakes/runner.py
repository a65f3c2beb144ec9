"""A runner that works when told to, so that a test sees what shows in between."""

from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class StepRunner:
    """Keeps works until `step` or `run_all`; on one thread, in the order given."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Callable[..., Any], ...]] = []

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._waiting.append((work, done, failed))

    def waiting(self) -> int:
        """Return how many works were given and not done."""
        return len(self._waiting)

    def step(self) -> None:
        """Do the oldest work and give its answer."""
        work, done, failed = self._waiting.pop(0)
        try:
            value = work()
        except Exception as error:
            failed(error)
        else:
            done(value)

    def run_all(self) -> None:
        """Do every work, those that answers give included."""
        while self._waiting:
            self.step()


class DirectRunner:
    """Does each work at once."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        try:
            value = work()
        except Exception as error:
            failed(error)
        else:
            done(value)
