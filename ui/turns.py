"""Whose turn it is to exchange: by the network or by a stick, never both at once. No Qt."""

from collections import deque
from collections.abc import Callable

Begin = Callable[[], None]


class Turns:
    """Lets one exchange begin after the other. All of it is called on the screen's side."""

    def __init__(self) -> None:
        self._is_taken = False
        self._waiting: deque[Begin] = deque()

    def ask(self, begin: Begin) -> bool:
        """Call `begin` now, or when those who asked before have left.

        Returns:
            Whether it was called at once.
        """
        if self._is_taken:
            self._waiting.append(begin)
            return False
        self._is_taken = True
        begin()
        return True

    def withdraw(self, begin: Begin) -> bool:
        """Give up a turn that has not come; say whether there was one to give up."""
        if begin not in self._waiting:
            return False
        self._waiting.remove(begin)
        return True

    def leave(self) -> None:
        """End one's turn; the next one begins."""
        self._is_taken = False
        if self._waiting:
            self.ask(self._waiting.popleft())
