"""What has left, what waits, since when, why the last attempt failed: always true, in counts."""

import json
from dataclasses import dataclass
from typing import Any

from app.domain.events import ERASE
from app.usecases.desk import Desk


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why the last attempt to exchange failed."""

    code: str
    message: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeStatus:
    """Counts of events by state. Moments are ISO 8601 in UTC, "" when there is none.

    `pending` waits to leave, sealed or not; `sent` was handed over without a receipt yet;
    `acknowledged` has the relay's signed receipt; `pulled` came from other machines; `confined`
    stays here because the person refused; `quarantine` counts bundles kept aside.
    """

    pending: int
    sent: int
    acknowledged: int
    pulled: int
    confined: int
    quarantine: int
    oldest_pending_at_s: int | None
    last_contact_at: str
    last_failure: Failure | None


# Each follows an index: the status bar asks often, and events grow to a million.
_UNSEALED = """
    SELECT coalesce(sum(confined = 0), 0), coalesce(sum(confined = 1 AND kind <> ?), 0),
           min(CASE WHEN confined = 0 THEN at_s END)
    FROM events WHERE own = 1 AND bundle IS NULL AND body IS NOT NULL
"""
_WAITING = """
    SELECT count(*), min(nullif(e.at_s, 0)) FROM bundles b JOIN events e ON e.bundle = b.name
    WHERE b.own = 1 AND b.receipt IS NULL AND b.sent = 0
"""
_IN_BUNDLES = "SELECT count(*) FROM bundles b JOIN events e ON e.bundle = b.name WHERE "
_SENT = f"{_IN_BUNDLES} b.own = 1 AND b.receipt IS NULL AND b.sent = 1"
_ACKNOWLEDGED = f"{_IN_BUNDLES} b.own = 1 AND b.receipt IS NOT NULL"
_PULLED = f"{_IN_BUNDLES} b.own = 0"
_MEMOS = "SELECT name, text FROM memos WHERE name IN ('last_contact_at', 'last_failure')"


def exchange_status(desk: Desk) -> ExchangeStatus:
    """Return the state of the exchange, from the file alone."""
    with desk.workspace.read() as connection:

        def row(sql: str, *parameters: Any) -> tuple[Any, ...]:
            return tuple(connection.execute(sql, parameters).fetchone())

        unsealed, confined, oldest_unsealed = row(_UNSEALED, ERASE)
        sealed, oldest_sealed = row(_WAITING)
        (sent,), (acknowledged,), (pulled,) = row(_SENT), row(_ACKNOWLEDGED), row(_PULLED)
        (quarantine,) = row("SELECT count(*) FROM quarantine")
        memos = dict(connection.execute(_MEMOS).fetchall())
    oldest = [at_s for at_s in (oldest_unsealed, oldest_sealed) if at_s is not None]
    failure = json.loads(memos["last_failure"]) if memos.get("last_failure") else None
    return ExchangeStatus(
        pending=unsealed + sealed,
        sent=sent,
        acknowledged=acknowledged,
        pulled=pulled,
        confined=confined,
        quarantine=quarantine,
        oldest_pending_at_s=min(oldest, default=None),
        last_contact_at=memos.get("last_contact_at", ""),
        last_failure=Failure(**failure) if failure else None,
    )
