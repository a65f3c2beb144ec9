"""The log as the exchange sees it: every method one durable transaction or one read."""

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from app.changes import Changes
from app.domain.errors import DiskFullError, DiskRefusedError
from app.domain.events import Event
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId
from app.domain.spaces import Space, SpaceKind
from app.ports import (
    ChainHead,
    PlaceAside,
    PulledBundle,
    Quarantined,
    SealedBundle,
    SequenceRange,
    Settled,
)
from app.store import sealed_bundles
from app.store.bodies import unpack
from app.store.checkpoint_store import StoreCheckpoints
from app.store.log import unsealed
from app.store.pack_shelf import StorePacks
from app.store.reserve import give_back_reserve, keep_reserve
from app.store.rewriting import rewrite_former
from app.store.sealed_bundles import EXCHANGE
from app.store.settling import settle
from app.store.writer import Priority, Tx

T = TypeVar("T")

_ASIDE = "name, space, reason, incarnation, sequence, epoch"


class StoreSyncPort(StoreCheckpoints, StorePacks):
    """`app.ports.SyncPort` over a workspace; see the protocol for what each method promises."""

    def secrets(self) -> Mapping[str, bytes]:
        """Return private keys and epoch keys by name."""
        return dict(self._rows("SELECT name, bytes FROM secrets"))

    def keep_secrets(self, secrets: Mapping[str, bytes]) -> None:
        """Keep keys; a name already kept stays as it was."""
        if secrets:
            sql = "INSERT OR IGNORE INTO secrets (name, bytes) VALUES (?, ?)"
            self._many(sql, list(secrets.items()))

    def statements(self) -> Sequence[bytes]:
        """Return every signed statement known here."""
        return [row[0] for row in self._rows("SELECT bytes FROM statements ORDER BY name")]

    def keep_statements(self, statements: Mapping[bytes, bytes]) -> None:
        """Keep signed statements by name."""
        if statements:
            sql = "INSERT OR IGNORE INTO statements (name, bytes) VALUES (?, ?)"
            self._many(sql, list(statements.items()))

    def note_machines(self, incarnations: Mapping[Incarnation, bytes]) -> None:
        """Remember which structure each believed incarnation belongs to."""
        known = {row[0] for row in self._rows("SELECT incarnation FROM incarnations")}
        new = [(name, structure) for name, structure in incarnations.items() if name not in known]
        if new:
            sql = "INSERT OR REPLACE INTO incarnations (incarnation, structure) VALUES (?, ?)"
            self._many(sql, new)

    def note_structures(self, structures: Sequence[tuple[bytes, str, str]]) -> None:
        """Remember the structures that take part, and these alone."""
        known = set(self._rows("SELECT structure, name, directory FROM structures"))
        if gone := [(row[0],) for row in known - set(structures)]:
            self._many("DELETE FROM structures WHERE structure = ?", gone)
        if new := [row for row in structures if row not in known]:
            sql = "INSERT OR REPLACE INTO structures (structure, name, directory) VALUES (?, ?, ?)"
            self._many(sql, new)

    def structures(self) -> Sequence[tuple[bytes, str, str]]:
        """Return the structures known to take part, the first root of each reference kept."""
        return self._rows("SELECT structure, name, directory FROM structures ORDER BY rowid")

    def incarnation(self) -> Incarnation:
        """Return the incarnation of the present life."""
        return self._workspace.incarnation

    def former_lives(self) -> frozenset[Incarnation]:
        """Return the incarnations under which this file wrote before."""
        return frozenset(Incarnation(row[0]) for row in self._rows("SELECT * FROM lives"))

    def begin_life(self) -> Incarnation:
        """Begin another life."""
        self._workspace.life.begin_another()
        return self.incarnation()

    def begin_life_if_copied(self) -> None:
        """Begin another life if a copy of this file leads the present one."""
        self._workspace.life.begin_if_copied()

    def mark_life(self) -> None:
        """Write outside the file what was sealed."""
        self._workspace.life.mark()

    def has_looked(self) -> bool:
        """Was everything pulled once, since the workspace was opened?"""
        return self._workspace.life.has_looked

    def note_looked(self) -> None:
        """Remember, until the workspace is closed, that everything was pulled."""
        self._workspace.life.has_looked = True

    def unseal(self, name: BundleName) -> None:
        """Take back a bundle whose place is taken, and those after it."""
        self._write(lambda tx: sealed_bundles.unseal(tx, name))

    def rewrite_former(self, lives: Collection[Incarnation] = ()) -> Changes:
        """Give lasting identifiers to what former lives left to be sealed."""
        return rewrite_former(self._workspace, lives)

    def spaces_with_pending(self) -> Sequence[Space]:
        """Return the spaces in which events wait to be sealed."""
        rows = self._rows(
            "SELECT kind, members FROM spaces WHERE EXISTS (SELECT 1 FROM events e"
            " WHERE e.space = spaces.space AND e.own = 1 AND e.bundle IS NULL"
            " AND e.confined = 0 AND e.body IS NOT NULL AND substr(e.event, 1, 8) ="
            " (SELECT incarnation FROM identity)) ORDER BY space"
        )
        return [_space(kind, members) for kind, members in rows]

    def pending(self, space: SpaceId, *, limit: int) -> Sequence[Event]:
        """Return unsealed events of this machine in counter order."""
        with self._workspace.read() as connection:
            return unsealed(connection, space, limit)

    def head(self, space: SpaceId) -> ChainHead:
        """Return the last bundle sealed here in a space."""
        return self.head_of(space, self.incarnation())

    def head_of(self, space: SpaceId, incarnation: Incarnation) -> ChainHead:
        """Return the last bundle held here of an incarnation in a space."""
        rows = self._rows(
            "SELECT sequence, name FROM bundles WHERE space = ? AND incarnation = ?"
            " ORDER BY sequence DESC LIMIT 1",
            (space, incarnation),
        )
        return (
            ChainHead(sequence=rows[0][0], name=rows[0][1])
            if rows
            else ChainHead(sequence=0, name=b"")
        )

    def acknowledged_head(self, space: SpaceId) -> int:
        """Return the sequence of the last own bundle that the relay acknowledged, or is covered."""
        ((last,),) = self._rows(
            "SELECT coalesce(max(sequence), 0) FROM bundles WHERE space = ? AND incarnation ="
            " (SELECT incarnation FROM identity) AND (receipt IS NOT NULL OR covered = 1)",
            (space,),
        )
        return int(last)

    def seen(self, space: SpaceId) -> Mapping[Incarnation, int]:
        """Return, for every other incarnation, the end of the unbroken run held from its first."""
        rows = self._rows(
            "SELECT b.incarnation, min(b.sequence) FROM bundles b WHERE b.space = ?1"
            " AND b.incarnation <> (SELECT incarnation FROM identity)"
            " AND EXISTS (SELECT 1 FROM bundles f WHERE f.space = b.space"
            "  AND f.incarnation = b.incarnation AND (f.sequence = 1 OR f.covered = 1))"
            " AND NOT EXISTS (SELECT 1 FROM bundles c WHERE c.covered = 1 AND c.space = b.space"
            "  AND c.incarnation = b.incarnation AND c.sequence > b.sequence)"
            " AND NOT EXISTS (SELECT 1 FROM bundles n WHERE n.space = b.space"
            "  AND n.incarnation = b.incarnation AND n.sequence = b.sequence + 1)"
            " GROUP BY b.incarnation",
            (space,),
        )
        return {Incarnation(incarnation): sequence for incarnation, sequence in rows}

    def events_in(self, names: Sequence[BundleName]) -> int:
        """Return how many events these bundles carry."""
        sql = "SELECT count(*) FROM events WHERE bundle = ?"
        return sum(self._rows(sql, (name,))[0][0] for name in names)

    def keep_sealed(self, bundle: SealedBundle, events: Sequence[EventId]) -> bool:
        """Store a bundle and assign its events, unless the chain or the events moved."""
        return self._write(lambda tx: sealed_bundles.keep(tx, bundle, events))

    def unsent(self) -> Iterator[SealedBundle]:
        """Give own bundles without a receipt, in the order they must leave."""
        sql = "SELECT name FROM bundles WHERE own = 1 AND receipt IS NULL AND covered = 0"
        return self._one_by_one(self._rows(f"{sql} ORDER BY rowid"))

    def bundles_in(self, some: SequenceRange) -> Iterator[SealedBundle]:
        """Give the bundles held in a range, those set aside for want of a key included."""
        place = "space = ? AND incarnation = ? AND sequence BETWEEN ? AND ?"
        rows = self._rows(
            f"SELECT name, sequence FROM bundles WHERE {place} AND covered = 0"  # noqa: S608
            " UNION SELECT name, sequence FROM quarantine"
            f" WHERE reason = 'missing_key' AND {place} ORDER BY sequence",
            (some.space, some.incarnation, some.first, some.last) * 2,
        )
        return self._one_by_one(rows)

    def mark_sent(self, names: Sequence[BundleName]) -> Changes:
        """Note that these bytes were handed over entirely."""
        if names:
            self._many("UPDATE bundles SET sent = 1 WHERE name = ?", [(name,) for name in names])
        return EXCHANGE

    def note_lacking(self, ranges: Sequence[SequenceRange], *, are_all: bool) -> Changes:
        """Remember which acknowledged bundles the relay no longer keeps."""
        if not ranges and not self._rows("SELECT 1 FROM bundles WHERE lacking = 1 LIMIT 1"):
            return Changes()
        self._write(lambda tx: sealed_bundles.note_lacking(tx, ranges, are_all=are_all))
        return EXCHANGE

    def keep_receipts(self, receipts: Mapping[BundleName, tuple[bytes, int]]) -> Changes:
        """Keep checked receipts."""
        rows = [(receipt, at_s, name) for name, (receipt, at_s) in receipts.items()]
        if rows:
            sql = "UPDATE bundles SET sent = 1, lacking = 0, receipt = ?, received_at_s = ?"
            self._many(f"{sql} WHERE name = ?", rows)
        return EXCHANGE

    def settle(self, pulled: PulledBundle) -> Settled:
        """Apply a bundle by short transactions; the last one writes its bytes and coverage."""
        return settle(self._workspace, pulled)

    def keep_aside(self, quarantined: Quarantined) -> None:
        """Put a bundle in quarantine, or write its new reason."""
        one = quarantined
        row = (one.name, one.space, one.reason, one.incarnation, one.sequence, one.epoch, one.data)
        sql = f"INSERT OR REPLACE INTO quarantine ({_ASIDE}, bytes) VALUES (?, ?, ?, ?, ?, ?, ?)"  # noqa: S608
        self._many(sql, [row])

    def set_aside(self) -> Iterator[Quarantined]:
        """Give what is in quarantine, one read at a time."""
        for place in self.places_aside():
            if data := self.bytes_aside(place.name):
                yield Quarantined(
                    name=place.name,
                    space=place.space,
                    reason=place.reason,
                    data=data,
                    incarnation=place.incarnation,
                    sequence=place.sequence,
                    epoch=place.epoch,
                )

    def places_aside(self) -> Sequence[PlaceAside]:
        """Return what is in quarantine, without the bytes."""
        rows = self._rows(f"SELECT {_ASIDE} FROM quarantine ORDER BY rowid")  # noqa: S608
        return [
            PlaceAside(
                name=BundleName(name),
                space=SpaceId(space),
                reason=reason,
                incarnation=Incarnation(incarnation),
                sequence=sequence,
                epoch=epoch,
            )
            for name, space, reason, incarnation, sequence, epoch in rows
        ]

    def bytes_aside(self, name: BundleName) -> bytes:
        """Return the bytes of a bundle in quarantine; none if it is not there."""
        rows = self._rows("SELECT bytes FROM quarantine WHERE name = ?", (name,))
        return bytes(rows[0][0]) if rows else b""

    def release(self, name: BundleName) -> None:
        """Take a bundle out of quarantine."""
        self._many("DELETE FROM quarantine WHERE name = ?", [(name,)])

    def note_contact(self, at: dt.datetime) -> None:
        """Remember a real answer of the relay, and forget the last failure."""
        keep_reserve(self._workspace.folder)
        self.keep_memo("last_contact_at", at.isoformat())
        self.keep_memo("last_failure", "")
        self._workspace.failure_unwritten = ""

    def note_failure(self, *, code: str, message: str, at: dt.datetime) -> None:
        """Remember why the last attempt failed; a full disk gives back the room kept for that."""
        failure = json.dumps({"code": code, "message": message, "at": at.isoformat()})
        written = self._note(failure) or (
            give_back_reserve(self._workspace.folder) and self._note(failure)
        )
        self._workspace.failure_unwritten = "" if written else failure

    def _note(self, failure: str) -> bool:
        try:
            self.keep_memo("last_failure", failure)
        except (DiskFullError, DiskRefusedError):
            return False
        return True

    def memo(self, name: str) -> str:
        """Return a small text remembered between runs."""
        rows = self._rows("SELECT text FROM memos WHERE name = ?", (name,))
        return str(rows[0][0]) if rows else ""

    def keep_memo(self, name: str, text: str) -> None:
        """Remember a small text between runs."""
        if self.memo(name) != text:
            self._many("INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)", [(name, text)])

    def _rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        with self._workspace.read() as connection:
            return list(connection.execute(sql, parameters).fetchall())

    def _one_by_one(self, names: Sequence[tuple[Any, ...]]) -> Iterator[SealedBundle]:
        """Read bundles as they are asked for: a backlog of any size takes the room of one."""
        for name, *_ in names:
            for table in ("bundles", "quarantine"):
                columns = sealed_bundles.columns_of(table)
                if rows := self._rows(f"SELECT {columns} FROM {table} WHERE name = ?", (name,)):  # noqa: S608
                    yield sealed_bundles.from_row(rows[0])
                    break

    def _many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        def work(tx: Tx) -> None:
            for row in rows:
                tx.execute(sql, row)

        self._write(work)

    def _write(self, work: Callable[[Tx], T]) -> T:
        return self._workspace.writer.write(work, priority=Priority.EXCHANGE)


def _space(kind: int, members: bytes) -> Space:
    names = unpack(members)
    parts = (
        tuple(bytes(name) for name in names if isinstance(name, bytes))
        if isinstance(names, tuple)
        else ()
    )
    return Space(kind=SpaceKind(kind), members=parts)
