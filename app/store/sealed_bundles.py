"""The bundles kept here with their exact bytes: sealing, taking back, what the relay lost."""

from collections.abc import Sequence
from typing import Any

from app.changes import Changes, Topic
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId, counter_of
from app.ports import SealedBundle, SequenceRange
from app.store.lives import note_sealed
from app.store.writer import Tx

EXCHANGE = Changes(topics=frozenset({Topic.EXCHANGE, Topic.REFERRALS}))

_COLUMNS = "name, space, incarnation, sequence, previous, bytes"
_HEAD = """
    SELECT sequence, name FROM bundles WHERE space = ? AND incarnation = ?
    ORDER BY sequence DESC LIMIT 1
"""
_ASSIGN = """
    UPDATE events SET bundle = ? WHERE event = ? AND space = ? AND own = 1 AND bundle IS NULL
    AND body IS NOT NULL AND confined = 0
"""
_RELEASE = "UPDATE events SET bundle = NULL WHERE bundle = ?"
_TAKEN_BACK = """
    SELECT name FROM bundles b WHERE own = 1 AND receipt IS NULL AND EXISTS (
      SELECT 1 FROM bundles f WHERE f.name = ? AND f.space = b.space
      AND f.incarnation = b.incarnation AND f.sequence <= b.sequence)
"""


def keep(tx: Tx, bundle: SealedBundle, events: Sequence[EventId]) -> bool:
    """Store a bundle and assign its events; see `app.ports.SyncPort.keep_sealed`."""
    head = tx.one(_HEAD, (bundle.space, bundle.incarnation)) or (0, b"")
    if (bundle.sequence, bundle.previous) != (head[0] + 1, head[1]):
        return False
    rows = [(bundle.name, event, bundle.space) for event in events]
    if tx.db.conn.executemany(_ASSIGN, rows).rowcount < len(events):
        tx.execute(_RELEASE, (bundle.name,))
        return False
    insert_bundle(tx, bundle, own=True)
    note_sealed(tx, max(map(counter_of, events), default=0))
    return True


def insert_bundle(tx: Tx, bundle: SealedBundle, *, own: bool) -> None:
    """Keep a bundle with its exact bytes."""
    row = (bundle.name, bundle.space, bundle.incarnation, bundle.sequence)
    tx.execute(
        f"INSERT INTO bundles ({_COLUMNS}, own) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (*row, bundle.previous, bundle.data, own),
    )


def unseal(tx: Tx, name: BundleName) -> None:
    """Take back a bundle that nobody received, and those after it: their events wait again."""
    for (taken_back,) in tx.execute(_TAKEN_BACK, (name,)).fetchall():
        tx.execute(_RELEASE, (taken_back,))
        tx.execute("DELETE FROM bundles WHERE name = ?", (taken_back,))


def note_lacking(tx: Tx, ranges: Sequence[SequenceRange], *, are_all: bool) -> None:
    """Mark the acknowledged bundles of these ranges; the others are kept again if these are all."""
    if are_all:
        tx.execute("UPDATE bundles SET lacking = 0 WHERE lacking = 1")
    for some in ranges:
        tx.execute(
            "UPDATE bundles SET lacking = 1 WHERE own = 1 AND receipt IS NOT NULL AND covered = 0"
            " AND space = ? AND incarnation = ? AND sequence BETWEEN ? AND ?",
            (some.space, some.incarnation, some.first, some.last),
        )


def columns_of(table: str) -> str:
    """Name the columns that `from_row` reads; a bundle set aside keeps its link in its bytes."""
    return _COLUMNS if table == "bundles" else _COLUMNS.replace("previous", "x''")


def from_row(row: Sequence[Any]) -> SealedBundle:
    """Read a bundle back."""
    return SealedBundle(
        name=BundleName(row[0]),
        space=SpaceId(row[1]),
        incarnation=Incarnation(row[2]),
        sequence=row[3],
        previous=row[4],
        data=row[5],
    )
