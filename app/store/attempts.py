"""Wrong passphrases: each makes the next attempt wait longer, and none ever locks anybody out.

The count lies beside the workspace so that closing the program does not reset the delay. It slows
a hand at the keyboard; what protects a stolen file is Argon2id.
"""

import contextlib
import datetime as dt
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from app.domain.errors import (
    DiskFullError,
    DiskRefusedError,
    TooSoonError,
    WrongPassphraseError,
)
from app.store.durable_file import write_durably

T = TypeVar("T")

FREE_ATTEMPTS = 2
LONGEST_WAIT_S = 60


def wait_after(failures: int) -> int:
    """Return the seconds to wait after that many wrong passphrases in a row: 0, 0, 1, 2, 4… 60."""
    if failures <= FREE_ATTEMPTS:
        return 0
    doublings = min(failures - FREE_ATTEMPTS - 1, LONGEST_WAIT_S.bit_length())
    return min(1 << doublings, LONGEST_WAIT_S)


class Attempts:
    """The wrong attempts counted for one workspace folder."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "attempts.json"

    def check(self, now: dt.datetime) -> None:
        """Refuse an attempt that comes too soon.

        A clock set back never makes anybody wait longer than the delay itself: the delay is then
        counted again from the new present.

        Raises:
            TooSoonError: with the seconds left.
        """
        failures, last_s = self._read()
        elapsed = now.timestamp() - last_s
        if elapsed < 0:
            self._write(failures, now)
            elapsed = 0
        left = wait_after(failures) - elapsed
        if left > 0:
            raise TooSoonError(wait_s=math.ceil(left))

    def guard(self, attempt: Callable[[], T], now: dt.datetime) -> T:
        """Make an attempt, count it when wrong, forget the count when right.

        Raises:
            WrongPassphraseError: with the seconds to wait before the next one.
        """
        failures, _ = self._read()
        try:
            result = attempt()
        except WrongPassphraseError as error:
            self._write(failures + 1, now)
            raise WrongPassphraseError(wait_s=wait_after(failures + 1)) from error
        if failures:
            self._write(0, now)
        return result

    def _read(self) -> tuple[int, float]:
        try:
            content = json.loads(self._path.read_bytes())
            return int(content["failures"]), float(content["last_s"])
        except (OSError, ValueError, KeyError, TypeError, OverflowError):
            return 0, 0.0

    def _write(self, failures: int, now: dt.datetime) -> None:
        content = {"failures": failures, "last_s": now.timestamp()}
        # A disk that cannot take this count must not keep out who knows the passphrase.
        with contextlib.suppress(DiskFullError, DiskRefusedError):
            write_durably(self._path, json.dumps(content).encode())
