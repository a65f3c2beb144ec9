"""The log as the exchange sees it: every method one durable transaction or one read."""

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from app.changes import Changes, Topic
from app.domain.errors import ForgedEventError
from app.domain.events import Event
from app.domain.identifiers import BundleName, EventId, Incarnation, SpaceId
from app.domain.spaces import Space, SpaceKind
from app.ports import ChainHead, PulledBundle, Quarantined, SealedBundle, Settled
from app.store.bodies import unpack
from app.store.log import add_foreign, remember_space, unsealed
from app.store.rows import fold_subjects
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

T = TypeVar("T")

_EXCHANGE = Changes(topics=frozenset({Topic.EXCHANGE, Topic.REFERRALS}))
_BUNDLE = "name, space, incarnation, sequence, previous, bytes"


class StoreSyncPort:
    """`app.ports.SyncPort` over a workspace; see the protocol for what each method promises."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

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
        """Remember the structures that take part."""
        known = set(self._rows("SELECT structure, name, directory FROM structures"))
        if new := [row for row in structures if row not in known]:
            sql = "INSERT OR REPLACE INTO structures (structure, name, directory) VALUES (?, ?, ?)"
            self._many(sql, new)

    def structures(self) -> Sequence[tuple[bytes, str, str]]:
        """Return the structures known to take part, the first root of each reference kept."""
        return self._rows("SELECT structure, name, directory FROM structures ORDER BY rowid")

    def incarnation(self) -> Incarnation:
        """Return this file's incarnation."""
        return self._workspace.incarnation

    def spaces_with_pending(self) -> Sequence[Space]:
        """Return the spaces in which events wait to be sealed."""
        rows = self._rows(
            "SELECT kind, members FROM spaces WHERE EXISTS (SELECT 1 FROM events e"
            " WHERE e.space = spaces.space AND e.own = 1 AND e.bundle IS NULL"
            " AND e.confined = 0 AND e.body IS NOT NULL) ORDER BY space"
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

    def seen(self, space: SpaceId) -> Mapping[Incarnation, int]:
        """Return, for every other incarnation, the end of the unbroken run held from its first."""
        rows = self._rows(
            "SELECT b.incarnation, min(b.sequence) FROM bundles b WHERE b.space = ? AND b.own = 0"
            " AND EXISTS (SELECT 1 FROM bundles f WHERE f.space = b.space"
            "  AND f.incarnation = b.incarnation AND f.sequence = 1)"
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
        return self._write(lambda tx: _keep_sealed(tx, bundle, events))

    def unsent(self) -> Sequence[SealedBundle]:
        """Return own bundles without a receipt, in the order they must leave."""
        rows = self._rows(
            f"SELECT {_BUNDLE} FROM bundles WHERE own = 1 AND receipt IS NULL"  # noqa: S608
            " ORDER BY rowid"
        )
        return [_bundle(row) for row in rows]

    def mark_sent(self, names: Sequence[BundleName]) -> Changes:
        """Note that these bytes were handed over entirely."""
        self._many("UPDATE bundles SET sent = 1 WHERE name = ?", [(name,) for name in names])
        return _EXCHANGE

    def keep_receipts(self, receipts: Mapping[BundleName, tuple[bytes, int]]) -> Changes:
        """Keep checked receipts."""
        rows = [(receipt, at_s, name) for name, (receipt, at_s) in receipts.items()]
        sql = "UPDATE bundles SET sent = 1, receipt = ?, received_at_s = ? WHERE name = ?"
        self._many(sql, rows)
        return _EXCHANGE

    def settle(self, pulled: PulledBundle) -> Settled:
        """Apply a bundle in one transaction: bytes, coverage, events, fold."""
        return self._write(lambda tx: _settle(tx, pulled))

    def keep_aside(self, quarantined: Quarantined) -> None:
        """Put a bundle in quarantine, or write its new reason."""
        row = (quarantined.name, quarantined.space, quarantined.reason, quarantined.data)
        sql = "INSERT OR REPLACE INTO quarantine (name, space, reason, bytes) VALUES (?, ?, ?, ?)"
        self._many(sql, [row])

    def set_aside(self) -> Sequence[Quarantined]:
        """Return what is in quarantine."""
        rows = self._rows("SELECT name, space, reason, bytes FROM quarantine ORDER BY rowid")
        return [
            Quarantined(name=BundleName(name), space=SpaceId(space), reason=reason, data=data)
            for name, space, reason, data in rows
        ]

    def release(self, name: BundleName) -> None:
        """Take a bundle out of quarantine."""
        self._many("DELETE FROM quarantine WHERE name = ?", [(name,)])

    def note_contact(self, at: dt.datetime) -> None:
        """Remember a real answer of the relay, and forget the last failure."""
        self.keep_memo("last_contact_at", at.isoformat())
        self.keep_memo("last_failure", "")

    def note_failure(self, *, code: str, message: str, at: dt.datetime) -> None:
        """Remember why the last attempt failed."""
        failure = {"code": code, "message": message, "at": at.isoformat()}
        self.keep_memo("last_failure", json.dumps(failure))

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

    def _many(self, sql: str, rows: Sequence[tuple[Any, ...]]) -> None:
        def work(tx: Tx) -> None:
            for row in rows:
                tx.execute(sql, row)

        self._write(work)

    def _write(self, work: Callable[[Tx], T]) -> T:
        return self._workspace.writer.write(work, priority=Priority.EXCHANGE)


def _keep_sealed(tx: Tx, bundle: SealedBundle, events: Sequence[EventId]) -> bool:
    head = tx.one(
        "SELECT sequence, name FROM bundles WHERE space = ? AND incarnation = ?"
        " ORDER BY sequence DESC LIMIT 1",
        (bundle.space, bundle.incarnation),
    ) or (0, b"")
    if (bundle.sequence, bundle.previous) != (head[0] + 1, head[1]):
        return False
    free = (
        "SELECT 1 FROM events WHERE event = ? AND space = ? AND own = 1 AND bundle IS NULL"
        " AND body IS NOT NULL AND confined = 0"
    )
    if not all(tx.one(free, (event, bundle.space)) for event in events):
        return False
    _insert_bundle(tx, bundle, own=True)
    for event in events:
        tx.execute("UPDATE events SET bundle = ? WHERE event = ?", (bundle.name, event))
    return True


def _settle(tx: Tx, pulled: PulledBundle) -> Settled:
    if tx.one("SELECT 1 FROM bundles WHERE name = ?", (pulled.bundle.name,)):
        return Settled()
    taken = "SELECT 1 FROM bundles WHERE space = ? AND incarnation = ? AND sequence = ?"
    place = (pulled.bundle.space, pulled.bundle.incarnation, pulled.bundle.sequence)
    if tx.one(taken, place):
        raise ForgedEventError  # another bundle stands there already: its author forked the chain
    remember_space(tx, pulled.space)
    _insert_bundle(tx, pulled.bundle, own=False)
    tx.execute(
        "INSERT OR IGNORE INTO incarnations (incarnation, structure) VALUES (?, ?)",
        (pulled.bundle.incarnation, pulled.structure),
    )
    for incarnation, sequence in pulled.seen.items():
        tx.execute(
            "INSERT INTO peers_saw (space, structure, incarnation, sequence) VALUES (?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET sequence = max(sequence, excluded.sequence)",
            (pulled.bundle.space, pulled.structure, incarnation, sequence),
        )
    added = add_foreign(tx, pulled.events, bundle=pulled.bundle.name)
    changes = fold_subjects(tx, added.touched) | _EXCHANGE
    return Settled(applied=added.events, changes=changes)


def _insert_bundle(tx: Tx, bundle: SealedBundle, *, own: bool) -> None:
    tx.execute(
        f"INSERT INTO bundles ({_BUNDLE}, own) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            bundle.name,
            bundle.space,
            bundle.incarnation,
            bundle.sequence,
            bundle.previous,
            bundle.data,
            own,
        ),
    )


def _bundle(row: Sequence[Any]) -> SealedBundle:
    return SealedBundle(
        name=BundleName(row[0]),
        space=SpaceId(row[1]),
        incarnation=Incarnation(row[2]),
        sequence=row[3],
        previous=row[4],
        data=row[5],
    )


def _space(kind: int, members: bytes) -> Space:
    names = unpack(members)
    parts = (
        tuple(bytes(name) for name in names if isinstance(name, bytes))
        if isinstance(names, tuple)
        else ()
    )
    return Space(kind=SpaceKind(kind), members=parts)
