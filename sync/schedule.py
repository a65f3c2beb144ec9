"""When to try again: a pure function of the past, so that it survives a restart.

After a success the next exchange comes soon enough that an answer is not waited for; after
failures the pauses grow, with jitter so that a whole region does not knock at once when its relay
comes back. A link that is away may come back any moment; a relay that says no will say it again, so
that it is left alone longer. Records waiting never make the desk knock faster than that.
"""

from dataclasses import dataclass

QUIET_S = 300
"""Between two exchanges when nothing waits here."""

WAITING_S = 20
"""After something was written here, time for the agent to finish what they are doing."""

FIRST_PAUSE_S = 15
FIRST_REFUSED_PAUSE_S = 120
LONGEST_PAUSE_S = 900
LONGEST_ASKED_S = 3_600
"""The longest that a relay may have us wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackOff:
    """The failures in a row until now, when the last one was, and the pause that follows it."""

    failures: int = 0
    failed_at_s: float = 0.0
    pause_s: float = 0.0

    def after_failure(
        self, now_s: float, *, jitter: float, is_refused: bool = False, asked_s: float = 0.0
    ) -> "BackOff":
        """Return what follows another failure.

        Args:
            now_s: the present moment, by a clock that may be wrong.
            jitter: a number in [0, 1), drawn by the caller.
            is_refused: whether the relay answered, and said no.
            asked_s: for how long the relay asked not to be called.
        """
        failures = self.failures + 1
        pause_s = next_attempt_in_s(
            failures=failures, waiting=True, jitter=jitter, is_refused=is_refused
        )
        wished_s = max(pause_s, min(asked_s, LONGEST_ASKED_S))
        return BackOff(failures=failures, failed_at_s=now_s, pause_s=wished_s)

    def remaining_s(self, now_s: float) -> float:
        """Return the seconds left to wait: never more than the pause, whatever the clock did."""
        return min(max(self.failed_at_s + self.pause_s - now_s, 0.0), self.pause_s)


def next_attempt_in_s(
    *, failures: int, waiting: bool, jitter: float, is_refused: bool = False
) -> float:
    """Return the seconds before the next exchange.

    Args:
        failures: attempts that failed in a row, 0 after a success.
        waiting: whether events wait to leave.
        jitter: a number in [0, 1), drawn by the caller.
        is_refused: whether the last one failed because the relay said no.
    """
    if failures:
        first = FIRST_REFUSED_PAUSE_S if is_refused else FIRST_PAUSE_S
        pause: float = min(first * (1 << min(failures - 1, 16)), LONGEST_PAUSE_S)
        return pause * (0.5 + jitter)
    return float(WAITING_S if waiting else QUIET_S) * (0.75 + jitter / 2)
