"""A clock that stands still until a test moves it."""

import datetime as dt

A_MORNING = dt.datetime(2026, 11, 24, 9, 15, tzinfo=dt.UTC)


class TickingClock:
    """`app.ports.Clock` whose hands are moved by the test, backwards if it likes."""

    def __init__(self, now: dt.datetime = A_MORNING) -> None:
        self._now = now

    def now(self) -> dt.datetime:
        return self._now

    def tick(self, **later: float) -> None:
        """Move by a `timedelta`: `tick(minutes=5)`, `tick(days=-1)`."""
        self._now += dt.timedelta(**later)
