"""What was written here of somebody erased elsewhere meanwhile: it dies, and its author is told."""

from collections.abc import Iterable

from app.domain.events import ERASE, Event
from app.store.writer import Tx

LATE_EDITS = "late_edits"
"""Memo: how many events written here died unsent, because their subject was erased elsewhere."""

_UNSENT = """
    SELECT count(*) FROM events e WHERE e.subject = ? AND e.space = ? AND e.kind <> ? AND e.own = 1
    AND e.confined = 0 AND e.body IS NOT NULL AND (e.bundle IS NULL OR EXISTS (
      SELECT 1 FROM bundles b WHERE b.name = e.bundle AND b.receipt IS NULL AND b.covered = 0))
"""


def release_erasures(tx: Tx, events: Iterable[Event]) -> None:
    """Let the erasures leave of subjects thought to be known here alone, when they had left.

    A restored file did not know that its lost copy had sent them.
    """
    for space, subject in {(event.space, event.subject) for event in events}:
        sql = "UPDATE events SET confined = 0 WHERE subject = ? AND space = ? AND kind = ?"
        tx.execute(f"{sql} AND own = 1 AND confined = 1", (subject, space, ERASE))


def note_late_edits(tx: Tx, erasures: Iterable[Event]) -> None:
    """Count, before erasures of another machine are applied, what they end here unsent."""
    ended = sum(tx.one(_UNSENT, (one.subject, one.space, ERASE))[0] for one in erasures)
    if ended:
        known = tx.one("SELECT text FROM memos WHERE name = ?", (LATE_EDITS,))
        total = ended + (int(known[0]) if known else 0)
        sql = "INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)"
        tx.execute(sql, (LATE_EDITS, str(total)))
