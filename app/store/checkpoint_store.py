"""Checkpoints over the log: the part of `StoreSyncPort` that `CheckpointPort` promises."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.changes import Changes
from app.checkpoint_port import Adopted, Adoption, Applied, Backlog, CoveredPlace, SubjectWeight
from app.domain.events import ERASE, Event
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId, SubjectId
from app.domain.spaces import Space
from app.store import adopting
from app.store import survivors as surviving
from app.store.log import digest_of
from app.store.settling import settle_survivors
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

_HEADS = """
    SELECT b.incarnation, b.sequence, b.name FROM bundles b JOIN
      (SELECT incarnation, max(sequence) AS last FROM bundles WHERE space = ?1 GROUP BY incarnation)
      h ON h.incarnation = b.incarnation AND h.last = b.sequence
    WHERE b.space = ?1 ORDER BY b.incarnation
"""
_BACKLOG = "SELECT count(*), coalesce(sum(length(bytes)), 0) FROM bundles"
_ERASED = """
    SELECT 1 FROM events e JOIN bundles b ON b.name = e.bundle
    WHERE e.kind = ? AND e.space = ? AND b.covered = 0 LIMIT 1
"""


class StoreCheckpoints:
    """`app.checkpoint_port.CheckpointPort` over a workspace: see there for what is promised."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def adopted(self, space: SpaceId) -> Adopted | None:
        """Return the last checkpoint adopted here in a space."""
        with self._workspace.read() as connection:
            return adopting.adopted(connection, space)

    def backlog(self, space: SpaceId) -> Backlog:
        """Return what lies above the last cover of a space."""
        with self._workspace.read() as connection:
            where = f"{_BACKLOG} WHERE space = ? AND covered = 0"
            bundles, size = connection.execute(where, (space,)).fetchone()
            erased = connection.execute(_ERASED, (ERASE, space)).fetchone()
        return Backlog(bundles=bundles, size_bytes=size, has_erased=erased is not None)

    def heads(self, space: SpaceId) -> tuple[CoveredPlace, ...]:
        """Return the last bundle held of each incarnation."""
        with self._workspace.read() as connection:
            rows = connection.execute(_HEADS, (space,)).fetchall()
        return tuple(
            CoveredPlace(
                incarnation=Incarnation(incarnation), sequence=sequence, name=BundleName(name)
            )
            for incarnation, sequence, name in rows
        )

    def holds_place(self, space: SpaceId, place: CoveredPlace) -> bool:
        """Is that bundle held here, or was it, under that name?"""
        sql = "SELECT 1 FROM bundles WHERE name = ? AND space = ? AND incarnation = ?"
        row = (place.name, space, place.incarnation, place.sequence)
        with self._workspace.read() as connection:
            return connection.execute(f"{sql} AND sequence = ?", row).fetchone() is not None

    def survivors_digest(self, space: SpaceId, cover: Mapping[Incarnation, int]) -> bytes:
        """Return the digest of what survives here up to a cover."""
        with self._workspace.read() as connection:
            return surviving.survivors_digest(connection, space, cover)

    def content_digests(self, events: Sequence[Event]) -> list[tuple[EventId, bytes]]:
        """Return the digest of each event."""
        return [(event.id, digest_of(event)) for event in events]

    def survivor_weights(self, space: SpaceId) -> Sequence[SubjectWeight]:
        """Return the subjects that survive of all the bundles held."""
        with self._workspace.read() as connection:
            return surviving.survivor_weights(connection, space)

    def survivors_of(self, space: SpaceId, subjects: Sequence[SubjectId]) -> Sequence[Event]:
        """Return what survives of some subjects."""
        with self._workspace.read() as connection:
            return surviving.survivors_of(connection, space, subjects)

    def contradicts(
        self,
        space: SpaceId,
        cover: Mapping[Incarnation, int],
        survivors: frozenset[EventId],
        erased: frozenset[SubjectId],
    ) -> bool:
        """Is an event held within a cover that should survive and does not?"""
        with self._workspace.read() as connection:
            return surviving.contradicts(connection, space, cover, survivors, erased)

    def apply_survivors(
        self, space: Space, events: Sequence[Event], *, place: CoveredPlace
    ) -> Applied:
        """Apply survivors of one incarnation as those of a bundle are."""
        settled = settle_survivors(self._workspace, space, events, place)
        return Applied(events=settled.applied, changes=settled.changes)

    def adopt(self, adoption: Adoption) -> Changes:
        """Adopt a checkpoint."""
        return adopting.adopt(self._workspace, adoption)

    def finish_adoption(self, space: SpaceId) -> Changes:
        """Let go of covered bundles and dead events."""
        return adopting.finish(self._workspace, space)

    def keep_pieces(self, space: SpaceId, pieces: Mapping[bytes, bytes]) -> None:
        """Keep pieces of a checkpoint by name."""
        sql = "INSERT OR IGNORE INTO pieces (name, space, bytes) VALUES (?, ?, ?)"
        self._each(sql, [(name, space, data) for name, data in pieces.items()])

    def piece(self, name: bytes) -> bytes:
        """Return a piece; none if it is not here."""
        with self._workspace.read() as connection:
            sql = "SELECT bytes FROM pieces WHERE name = ?"
            row = connection.execute(sql, (name,)).fetchone()
        return bytes(row[0]) if row else b""

    def piece_names(self, space: SpaceId) -> frozenset[bytes]:
        """Return the names of the pieces kept of a space."""
        with self._workspace.read() as connection:
            rows = connection.execute("SELECT name FROM pieces WHERE space = ?", (space,))
            return frozenset(row[0] for row in rows)

    def drop_pieces(self, names: Sequence[bytes]) -> None:
        """Let go of pieces."""
        self._each("DELETE FROM pieces WHERE name = ?", [(name,) for name in names])

    def turn_keys(self, keep: Mapping[str, bytes], forget: Sequence[str]) -> None:
        """Overwrite secrets and keep others, in one transaction."""
        self._workspace.writer.write(
            lambda tx: adopting.turn_keys(tx, list(keep.items()), forget),
            priority=Priority.EXCHANGE,
        )
        self._workspace.empty_journal()

    def _each(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        def work(tx: Tx) -> None:
            for row in rows:
                tx.execute(sql, row)

        if rows:
            self._workspace.writer.write(work, priority=Priority.EXCHANGE)
