"""Each signed request serves once, whatever happens to the relay's clock.

Nonces are in the database, so that several relays over one database share them. They are dated and
dropped by seconds that only grow: a clock set an hour ahead and back again must not make a relay
forget what it saw, and then believe it fresh.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from sync.http_signatures import CREATED_TOLERANCE_S
from sync.relay.tables import nonces

Nonce = tuple[bytes, str]
"""The machine that signed a request, and what it will never sign again."""

KEPT_S = 2 * CREATED_TOLERANCE_S + 60
"""As long as a copy could pass for fresh, whichever way the machine's clock was wrong."""

# Two relays over one database may meet the same request at the same instant.
_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


class Nonces:
    """The nonces already used. To be called inside writing transactions, one at a time."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Start with no idea of what is in the database.

        Args:
            clock: seconds since 1970, read once.
            monotonic: seconds that only grow.
        """
        self._clock = clock
        self._monotonic = monotonic
        self._cleaned_at = monotonic()
        self._ahead_s: float | None = None

    def spend(self, connection: Connection, used: Sequence[Nonce]) -> set[Nonce]:
        """Remember nonces, and return those that were never used before."""
        now = self._now(connection)
        rows = [{"machine": machine, "nonce": nonce, "at": now} for machine, nonce in used]
        inserting = _INSERTS[connection.dialect.name](nonces).on_conflict_do_nothing()
        new = connection.execute(inserting.returning(nonces.c.machine, nonces.c.nonce), rows)
        fresh = {(bytes(row.machine), row.nonce) for row in new}
        if self._monotonic() - self._cleaned_at >= KEPT_S:
            # Only after as long as any nonce matters: what was here at the start is old by then.
            connection.execute(delete(nonces).where(nonces.c.at < now - KEPT_S))
            self._cleaned_at = self._monotonic()
        return fresh

    def _now(self, connection: Connection) -> int:
        """Return a time never behind that of a nonce kept here, which then goes at its own pace."""
        if self._ahead_s is None:
            latest = connection.scalar(select(func.max(nonces.c.at))) or 0
            self._ahead_s = max(self._clock(), latest) - self._monotonic()
        return int(self._ahead_s + self._monotonic())
