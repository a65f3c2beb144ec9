"""How a presenter has work done elsewhere; it knows no thread and no Qt."""

from collections.abc import Callable
from typing import Protocol, TypeVar

T = TypeVar("T")


class Runner(Protocol):
    """Does work away from the screen and gives the answer back to the screen."""

    def run(
        self,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Have `work` done; later `done` or `failed` is called, once, on the screen's side.

        Works of one runner are done in the order they were given. `work` gets and returns values:
        it touches no widget.
        """
        ...
