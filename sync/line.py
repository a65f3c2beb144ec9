"""The way to the relay during one exchange: left when it is silent and a new call is answered.

A link that was cut tells nobody. The kernel repeats what it sent with longer and longer pauses and
finds out seconds after the link is back, of which a bad one lives few. So when the other end gives
no sign for a while, one knocks beside the connection, which goes on. If it gives a sign, the knocks
are dropped; if a knock is answered first, what was sent before it is lost: the old connection is
ended, whoever waits for it learns that at once, and finds the new one open. A slow link is never
cut by that: what travels on it arrives in order.
"""

import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from sync.knocking import Address, Knocks

SILENT_S = 2.5
"""Without an awaited sign for so long, or two and a half round trips, one knocks beside."""
LOOK_EVERY_S = 0.2
STAYS_OPEN_S = 5.0
"""How long a connection that nobody has taken yet is kept."""
GOES_ON_S = 3.0
"""How long one goes on knocking for somebody who pauses between two attempts."""

_INFO_BYTES = 104
_COUNTS = "=8x24I"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What the system knows of a connection.

    `expects` is whether the other end owes a sign; `sign_s` the time since it gave one.
    """

    is_open: bool = True
    expects: bool = False
    sign_s: float = 0.0
    round_trip_s: float = 0.0


def signs_of(sock: socket.socket) -> Signs:
    """Ask the system about a connection. Only Linux answers; elsewhere it is never silent."""
    if sys.platform != "linux":
        return Signs()
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    except OSError:
        return Signs(is_open=False)
    state, probes = info[0], info[3]
    counts = struct.unpack(_COUNTS, info)
    unanswered, sign_ms, round_trip_us = counts[4], counts[12], counts[15]
    return Signs(
        is_open=state == 1,
        expects=bool(unanswered or probes),
        sign_s=sign_ms / 1_000,
        round_trip_s=round_trip_us / 1_000_000,
    )


class Line:
    """One connection at a time, watched from a thread of its own. All methods are of another's."""

    def __init__(
        self,
        look: Callable[[socket.socket], Signs] = signs_of,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch nothing yet.

        Args:
            look: what the system knows of a connection.
            clock: seconds that only grow.
        """
        self._look = look
        self._clock = clock
        self._news = threading.Condition()
        self._address: Address | None = None
        self._round_trip_s = 0.0
        self._watched: socket.socket | None = None
        self._expects_since: float | None = None
        self._open: socket.socket | None = None
        self._open_at = self._wanted_until = 0.0
        self._refusal: OSError | None = None
        self._thread: threading.Thread | None = None

    def watch(self, sock: socket.socket, options: Sequence[tuple[int, int, int]]) -> None:
        """Watch a connection that has just opened."""
        if sys.platform != "linux":
            return
        with self._news:
            self._forget()
            self._address = Address(
                family=sock.family, place=sock.getpeername(), options=tuple(options)
            )
            self._watched = sock.dup()
            self._wanted_until = 0.0
            self._go_on()

    def take(self, wait_s: float) -> socket.socket | None:
        """Return a connection to where the last one led; None when there was none.

        Raises:
            TimeoutError: nobody answers.
            OSError: somebody said no.
        """
        with self._news:
            if self._address is None:
                return None
            self._refusal = None
            until = self._clock() + wait_s
            self._wanted_until = until + GOES_ON_S
            self._go_on()
            while self._open is None and self._refusal is None:
                left_s = until - self._clock()
                if left_s <= 0:
                    raise TimeoutError
                self._news.wait(left_s)
            if self._open is None:
                raise self._refusal or TimeoutError
            opened, self._open = self._open, None
            self._wanted_until = 0.0
            return opened

    def leave(self) -> None:
        """The watched connection is over. If it was silent, somebody will soon want another."""
        with self._news:
            if self._watched is None:
                return
            if self._is_silent():
                self._wanted_until = self._clock() + GOES_ON_S
            self._forget()

    def close(self) -> None:
        """End everything."""
        with self._news:
            self._address, self._wanted_until = None, 0.0
            self._forget()
            self._put_away()
            thread = self._thread
            self._news.notify_all()
        if thread is not None:
            thread.join()

    def _forget(self) -> None:
        if self._watched is not None:
            self._watched.close()
            self._watched = self._expects_since = None

    def _put_away(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _go_on(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="line", daemon=True)
            self._thread.start()
        self._news.notify_all()

    def _run(self) -> None:
        knocks: Knocks | None = None
        while (address := self._step()) is not None:
            if not isinstance(address, Address):
                if knocks is not None:
                    knocks.close()
                    knocks = None
                continue
            knocks = knocks or Knocks(address=address, round_trip_s=self._round_trip_s)
            try:
                opened = knocks.wait(LOOK_EVERY_S / 2)
            except OSError as refusal:
                self._note_refusal(refusal)
                knocks = None
            else:
                if opened is not None:
                    self._note_open(opened)
                    knocks = None
        if knocks is not None:
            knocks.close()

    def _step(self) -> Address | bool | None:
        """Return where to knock, True after a pause in which there was no need, None to end."""
        with self._news:
            now = self._clock()
            if self._open is not None and now - self._open_at > STAYS_OPEN_S:
                self._put_away()
            is_wanted = now < self._wanted_until and self._open is None
            if is_wanted or (self._is_silent() and self._open is None):
                return self._address
            if self._address is None or (self._watched is None and self._open is None):
                self._thread = None
                return None
            self._news.wait(LOOK_EVERY_S)
            return True

    def _is_silent(self) -> bool:
        """Has the other end of the watched connection owed a sign for too long?"""
        if self._watched is None:
            return False
        signs = self._look(self._watched)
        if not signs.is_open:
            self._forget()
        if not (signs.is_open and signs.expects):
            self._expects_since = None
            return False
        self._round_trip_s = signs.round_trip_s or self._round_trip_s
        if self._expects_since is None:
            # The last sign may be old when nothing was owed meanwhile.
            self._expects_since = self._clock()
        silent_s = min(signs.sign_s, self._clock() - self._expects_since)
        return silent_s > max(SILENT_S, 2.5 * self._round_trip_s)

    def _note_open(self, opened: socket.socket) -> None:
        """Keep a connection that somebody wants, or that proves the watched one dead."""
        with self._news:
            is_wanted = self._clock() < self._wanted_until
            if not is_wanted and not self._gives_place():
                opened.close()
                return
            self._open, self._open_at = opened, self._clock()
            self._news.notify_all()

    def _gives_place(self) -> bool:
        if self._watched is None or not self._is_silent():
            return False
        with suppress(OSError):
            self._watched.shutdown(socket.SHUT_RDWR)
        self._forget()
        return True

    def _note_refusal(self, refusal: OSError) -> None:
        with self._news:
            self._refusal = refusal
            self._wanted_until = 0.0
            self._forget()
            self._news.notify_all()
