"""The log as a stick sees it: what may be written there, and what one learnt from others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.changes import Changes, Topic
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.ports import Chain, ReceiptHeld
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

_EXCHANGE = Changes(topics=frozenset({Topic.EXCHANGE, Topic.REFERRALS}))
_AT_ONCE = 200
"""So many names in one query or one transaction: a save never waits long behind them."""

SEEN_ELSEWHERE = """EXISTS (SELECT 1 FROM peers_saw p WHERE p.space = b.space
    AND p.incarnation = b.incarnation AND p.sequence >= b.sequence
    AND lower(hex(p.structure)) <> (SELECT text FROM memos WHERE name = 'own_structure'))"""
"""Of a bundle `b`: has another structure shown that it holds it?"""

# Each part follows an index: the bytes of bundles, which come before `own` in a row, are not read.
_CHAINS = """
    SELECT c.incarnation, c.first, c.last,
        (SELECT own FROM bundles b WHERE (b.space, b.incarnation, b.sequence)
            = (c.space, c.incarnation, c.last)),
        (SELECT min(sequence) FROM bundles b WHERE b.own = 1 AND b.receipt IS NULL
            AND b.covered = 0 AND b.space = c.space AND b.incarnation = c.incarnation)
    FROM (SELECT space, incarnation,
        coalesce(min(CASE WHEN covered = 0 THEN sequence END), max(sequence) + 1) AS first,
        max(sequence) AS last FROM bundles
        WHERE space = ? GROUP BY incarnation) c ORDER BY c.incarnation
"""


class StoreStickPort:
    """`app.ports.StickPort` over a workspace; see the protocol for what each method promises."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def chains(self, space: SpaceId) -> Sequence[Chain]:
        """Return the chains held in a space."""
        return [_chain(row) for row in self._rows(_CHAINS, (space,))]

    def held(self, names: Sequence[BundleName]) -> frozenset[BundleName]:
        """Return which of these bundles are here."""
        return frozenset(BundleName(row[0]) for row in self._named("name", names))

    def receipts_of_others(self, space: SpaceId) -> Iterator[ReceiptHeld]:
        """Give the receipts of other machines' bundles in a space, some at a time."""
        after: tuple[bytes, int] = (b"", 0)
        while rows := self._rows(
            "SELECT incarnation, sequence, receipt FROM bundles"
            " WHERE own = 0 AND receipt IS NOT NULL AND space = ?"
            " AND (incarnation, sequence) > (?, ?) ORDER BY incarnation, sequence LIMIT ?",
            (space, *after, _AT_ONCE),
        ):
            for incarnation, sequence, data in rows:
                yield ReceiptHeld(
                    incarnation=Incarnation(incarnation), sequence=sequence, data=data
                )
            after = (rows[-1][0], rows[-1][1])

    def without_receipt(
        self, names: Sequence[BundleName]
    ) -> Mapping[BundleName, tuple[SpaceId, Incarnation, int]]:
        """Return the places of those of these bundles that lack a receipt."""
        columns = "name, space, incarnation, sequence, receipt IS NULL"
        return {
            BundleName(row[0]): (SpaceId(row[1]), Incarnation(row[2]), row[3])
            for row in self._named(columns, names)
            if row[4]
        }

    def mark_on_stick(self, names: Sequence[BundleName]) -> Changes:
        """Note that own bundles were written on a stick."""
        sql = "UPDATE bundles SET on_stick = 1 WHERE name = ? AND own = 1"
        for some in _some(names):
            self._each(sql, [(name,) for name in some])
        return _EXCHANGE

    def note_peer_saw(
        self, structure: bytes, space: SpaceId, seen: Mapping[Incarnation, int]
    ) -> Changes:
        """Note up to where a structure holds a space."""
        rows = [(space, structure, incarnation, last) for incarnation, last in seen.items() if last]
        sql = (
            "INSERT INTO peers_saw (space, structure, incarnation, sequence) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)"
        )
        self._each(sql, rows)
        return _EXCHANGE

    def manifests(self) -> Sequence[bytes]:
        """Return the last manifest read of each machine."""
        return [row[0] for row in self._rows("SELECT bytes FROM stick_manifests ORDER BY machine")]

    def keep_manifest(self, machine: bytes, data: bytes) -> None:
        """Keep the manifest of a machine."""
        sql = "INSERT OR REPLACE INTO stick_manifests (machine, bytes) VALUES (?, ?)"
        self._each(sql, [(machine, data)])

    def _named(self, columns: str, names: Sequence[BundleName]) -> Iterator[Any]:
        for some in _some(names):
            marks = ", ".join("?" * len(some))
            yield from self._rows(
                f"SELECT {columns} FROM bundles WHERE name IN ({marks})",  # noqa: S608
                tuple(some),
            )

    def _rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        with self._workspace.read() as connection:
            return list(connection.execute(sql, parameters).fetchall())

    def _each(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write some rows in one transaction."""

        def work(tx: Tx) -> None:
            for row in rows:
                tx.execute(sql, row)

        self._workspace.writer.write(work, priority=Priority.EXCHANGE)


def _some(names: Sequence[BundleName]) -> Iterator[Sequence[BundleName]]:
    for start in range(0, len(names), _AT_ONCE):
        yield names[start : start + _AT_ONCE]


def _chain(row: Sequence[Any]) -> Chain:
    incarnation, first, last, own, unacknowledged = row
    return Chain(
        incarnation=Incarnation(incarnation),
        own=bool(own),
        first=first,
        last=last,
        acknowledged=last if unacknowledged is None else unacknowledged - 1,
    )
