"""When to try again: a pure function of the past, so that it survives a restart.

After a success the next exchange comes soon enough that an answer is not waited for; after
failures the pauses grow, with jitter so that a whole region does not knock at once when its relay
comes back. Records waiting never make the desk knock faster than that.
"""

QUIET_S = 300
"""Between two exchanges when nothing waits here."""

WAITING_S = 20
"""After something was written here, time for the agent to finish what they are doing."""

FIRST_PAUSE_S = 15
LONGEST_PAUSE_S = 900


def next_attempt_in_s(*, failures: int, waiting: bool, jitter: float) -> float:
    """Return the seconds before the next exchange.

    Args:
        failures: attempts that failed in a row, 0 after a success.
        waiting: whether events wait to leave.
        jitter: a number in [0, 1), drawn by the caller.
    """
    if failures:
        pause: float = min(FIRST_PAUSE_S * (1 << min(failures - 1, 16)), LONGEST_PAUSE_S)
        return pause * (0.5 + jitter)
    return float(WAITING_S if waiting else QUIET_S) * (0.75 + jitter / 2)
