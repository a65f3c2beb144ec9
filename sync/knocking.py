"""Knocking where somebody opened a moment ago: many short calls rather than one long wait.

The kernel spaces its own attempts to connect more and more, and would miss a link that lives a few
seconds at a time. Here another attempt begins every half second beside those that still wait, and
the first that is answered is taken.
"""

import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from os import strerror
from typing import Any

KNOCK_EVERY_S, LATER_EVERY_S = 0.5, 2.0
"""Between two attempts; the second once the first have waited for `EAGER_S` in vain."""
EAGER_S = 10
WAITS_S, LATER_WAITS_S = 1.0, 6.0
"""For how long one attempt waits at least, before the kernel repeats it; later, for a link whose
answers have become slow."""

_UNDER_WAY = {0, 115, 10035, 36}  # none, and EINPROGRESS as three systems number it


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where somebody opened: the family and address of a socket, and the options that it takes."""

    family: int
    place: Any
    options: Sequence[tuple[int, int, int]] = ()


@dataclass(kw_only=True)
class Knocks:
    """The attempts to open one connection. `round_trip_s` is how long an answer took there."""

    address: Address
    round_trip_s: float = 0.0
    clock: Callable[[], float] = time.monotonic
    _began: float = field(init=False)
    _next: float = field(init=False)
    _waiting: list[tuple[float, socket.socket]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._began = self._next = self.clock()

    def wait(self, most_s: float) -> socket.socket | None:
        """Knock if it is time to, and return a connection if one opens within that time.

        Raises:
            OSError: somebody says no; all attempts are over.
        """
        self._knock()
        waiting = [one for _, one in self._waiting]
        _, ready, failed = select.select([], waiting, waiting, most_s)
        for one in dict.fromkeys([*ready, *failed]):
            if error := one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self.close()
                raise OSError(error, strerror(error))
            self._waiting = [(until, other) for until, other in self._waiting if other is not one]
            self.close()
            one.setblocking(True)
            return one
        return None

    def close(self) -> None:
        """Leave: nobody knocks any more."""
        for _, one in self._waiting:
            one.close()
        self._waiting.clear()

    def _knock(self) -> None:
        now = self.clock()
        for until, one in self._waiting:
            if until <= now:
                one.close()
        self._waiting = [(until, one) for until, one in self._waiting if until > now]
        if now < self._next:
            return
        is_eager = now - self._began < EAGER_S
        self._next = now + (KNOCK_EVERY_S if is_eager else LATER_EVERY_S)
        waits_s = max(WAITS_S if is_eager else LATER_WAITS_S, 2 * self.round_trip_s)
        one = socket.socket(self.address.family, socket.SOCK_STREAM)
        try:
            for option in self.address.options:
                one.setsockopt(*option)
            one.setblocking(False)
            error = one.connect_ex(self.address.place)
        except OSError:
            one.close()
            raise
        if error not in _UNDER_WAY:
            one.close()
            self.close()
            raise OSError(error, strerror(error))
        self._waiting.append((now + waits_s, one))
