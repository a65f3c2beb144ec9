"""What has left, what waits, since when, why the last attempt failed: always true, in counts."""

import json
from dataclasses import dataclass
from typing import Any

from app.domain.events import ERASE
from app.ports import CLOCK_DOUBT
from app.store.late_edits import LATE_EDITS
from app.store.rewriting import WAITING_FOR_AGENT
from app.store.stick_port import SEEN_ELSEWHERE
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

    `pending` waits to leave, sealed or not; `on_stick` was written on a stick; `received` another
    structure has shown to hold, without the relay's knowing; `sent` was handed over to the relay
    without a receipt yet, or the relay has lost it since; `acknowledged` has the relay's signed
    receipt; `pulled` came from other machines; `confined` stays here because the person refused;
    `quarantine` counts bundles kept aside; `waiting_for_agent`, of those pending, waits in a
    restored file for an agent entitled to a field. `late_edits` were written here, since the
    beginning, of people erased elsewhere meanwhile, and went with them. `lacking`, of those sent,
    had its receipt from a relay that has lost it since. `is_marked` is False where a restored copy
    is only recognised by the exchange. `clock_offset_s` is the relay's clock less this machine's at
    the last exchange, 0 when they agree well enough: what is written here meanwhile says so.
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
    waiting_for_agent: int = 0
    is_marked: bool = True
    on_stick: int = 0
    received: int = 0
    oldest_on_stick_at_s: int | None = None
    late_edits: int = 0
    lacking: int = 0
    clock_offset_s: int = 0


# Each follows an index: the status bar asks often, and events grow to a million.
_UNSEALED = """
    SELECT coalesce(sum(confined = 0), 0), coalesce(sum(confined = 1 AND kind <> ?), 0),
           min(CASE WHEN confined = 0 THEN at_s END)
    FROM events WHERE own = 1 AND bundle IS NULL AND body IS NOT NULL
"""
_WAITING = """
    SELECT count(*), min(nullif(e.at_s, 0)) FROM bundles b JOIN events e ON e.bundle = b.name
    WHERE b.own = 1 AND b.receipt IS NULL AND b.sent = 0 AND b.covered = 0
"""
_PENDING = f"{_WAITING} AND b.on_stick = 0 AND NOT {SEEN_ELSEWHERE}"
_ON_STICK = f"{_WAITING} AND b.on_stick = 1 AND NOT {SEEN_ELSEWHERE}"
_RECEIVED = f"{_WAITING} AND {SEEN_ELSEWHERE}"
_IN_BUNDLES = "SELECT count(*) FROM bundles b JOIN events e ON e.bundle = b.name WHERE "
_LOST = f"{_IN_BUNDLES} b.own = 1 AND b.lacking = 1"
_SENT = f"{_IN_BUNDLES} b.own = 1 AND b.receipt IS NULL AND b.sent = 1 AND b.covered = 0"
_ACKNOWLEDGED = f"{_IN_BUNDLES} b.own = 1 AND (b.receipt IS NOT NULL OR b.covered = 1)"
_PULLED = f"{_IN_BUNDLES} b.own = 0"
_MEMOS = "SELECT name, text FROM memos WHERE name IN (?, ?, ?, ?, ?)"


def exchange_status(desk: Desk) -> ExchangeStatus:
    """Return the state of the exchange, from the file alone."""
    with desk.workspace.read() as connection:

        def row(sql: str, *parameters: Any) -> tuple[Any, ...]:
            return tuple(connection.execute(sql, parameters).fetchone())

        unsealed, confined, oldest_unsealed = row(_UNSEALED, ERASE)
        sealed, oldest_sealed = row(_PENDING)
        (on_stick, oldest_on_stick), (received, _) = row(_ON_STICK), row(_RECEIVED)
        (sent,), (acknowledged,), (pulled,) = row(_SENT), row(_ACKNOWLEDGED), row(_PULLED)
        (lost,) = row(_LOST)
        (quarantine,) = row("SELECT count(*) FROM quarantine")
        names = ("last_contact_at", "last_failure", WAITING_FOR_AGENT, LATE_EDITS, CLOCK_DOUBT)
        memos = dict(connection.execute(_MEMOS, names).fetchall())
    oldest = [at_s for at_s in (oldest_unsealed, oldest_sealed) if at_s is not None]
    told = desk.workspace.failure_unwritten or memos.get("last_failure")
    failure = json.loads(told) if told else None
    return ExchangeStatus(
        pending=unsealed + sealed,
        sent=sent + lost,
        acknowledged=acknowledged - lost,
        pulled=pulled,
        confined=confined,
        quarantine=quarantine,
        oldest_pending_at_s=min(oldest, default=None),
        last_contact_at=memos.get("last_contact_at", ""),
        last_failure=Failure(**failure) if failure else None,
        waiting_for_agent=int(memos.get(WAITING_FOR_AGENT) or 0),
        is_marked=desk.workspace.life.is_marked,
        on_stick=on_stick,
        received=received,
        oldest_on_stick_at_s=oldest_on_stick,
        late_edits=int(memos.get(LATE_EDITS) or 0),
        lacking=lost,
        clock_offset_s=int(memos.get(CLOCK_DOUBT) or 0),
    )
