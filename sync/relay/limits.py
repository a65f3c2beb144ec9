"""How much of the relay one machine, one structure or one stranger may take, each with a figure.

The figures are generous: a desk that works never meets them. They bound what a mistake, a stolen
key or a stranger can cost the others.
"""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil

MIB = 1_048_576


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests a second in the long run, and so many at once after a silence."""

    per_s: float
    burst: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the relay allows.

    Attributes:
        kept_bytes: bundles and beginnings of bundles kept for one structure.
        partial_uploads: bundles that one machine may have begun and not ended.
        partial_bytes: what is kept of those.
        machine_rate: requests that one machine signs.
        stranger_rate: what one address asks without proving who it is: hello, bad signatures.
        statement_rate: kilobytes of statements that one machine brings.
        stall_s: how long the relay waits for the next byte, and for a reader to read.
        head_s: how long a connection may take to say what it wants.
        head_bytes: how long the head of a request may be.
        connections: open at once; more are told to come back later.
        push_bytes: one body of bundles.
        json_bytes: one body of JSON or of statements.
        names: names in one question.
        spaces: spaces in one pull.
    """

    kept_bytes: int = 2_048 * MIB
    partial_uploads: int = 1_000
    partial_bytes: int = 256 * MIB
    machine_rate: Rate = Rate(per_s=50, burst=2_000)
    stranger_rate: Rate = Rate(per_s=50, burst=2_000)
    statement_rate: Rate = Rate(per_s=10, burst=32_768)
    stall_s: float = 120
    head_s: float = 30
    head_bytes: int = 32_768
    connections: int = 900
    push_bytes: int = 64 * MIB
    json_bytes: int = MIB
    names: int = 5_000
    spaces: int = 5_000


class Allowances:
    """What each of many still has of a rate, in memory. For one thread.

    Each key is remembered by one moment: when what it took so far would have been earned at the
    long-run rate. Keys whose moment has passed are as good as new, and are forgotten.
    """

    def __init__(
        self,
        rate: Rate,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        most_keys: int = 50_000,
    ) -> None:
        self._rate = rate
        self._monotonic = monotonic
        self._most_keys = most_keys
        self._earned_at: dict[Hashable, float] = {}

    def wait_s(self, key: Hashable, amount: float = 1) -> int:
        """Return the whole seconds until so much would be allowed; 0 when it is now."""
        ahead_s = self._earned_at.get(key, 0.0) - self._monotonic()
        too_much_s = ahead_s - (self._rate.burst - amount) / self._rate.per_s
        return ceil(too_much_s) if too_much_s > 0 else 0

    def take(self, key: Hashable, amount: float = 1) -> int:
        """Take so much if it is allowed, and return 0; else return the seconds to wait."""
        wait_s = self.wait_s(key, amount)
        if not wait_s:
            self._make_room()
            start = max(self._earned_at.get(key, 0.0), self._monotonic())
            self._earned_at[key] = start + amount / self._rate.per_s
        return wait_s

    def _make_room(self) -> None:
        if len(self._earned_at) < self._most_keys:
            return
        now = self._monotonic()
        kept = {key: moment for key, moment in self._earned_at.items() if moment > now}
        # Those that have waited longest are nearest to being as good as new.
        surplus = len(kept) - self._most_keys // 2
        for key in sorted(kept, key=kept.__getitem__)[: max(surplus, 0)]:
            del kept[key]
        self._earned_at = kept
