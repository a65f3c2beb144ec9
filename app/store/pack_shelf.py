"""The Region's packs in the encrypted file: those that come, by parts, and the last that came.

They are public and dated; they lie here because a desk has no other place that is its own.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from app.changes import Changes, Topic
from app.pack_port import IS_THE_REGIONS, PackHere, PackState, WholePack
from app.store.writer import Priority, Tx

if TYPE_CHECKING:
    from app.store.workspace import Workspace

TABLES: Final = (
    """CREATE TABLE region_packs (
        name BLOB PRIMARY KEY, kind TEXT NOT NULL, made_s INTEGER NOT NULL, size INTEGER NOT NULL,
        state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT ''
    ) STRICT""",
    """CREATE TABLE region_pack_parts (
        part INTEGER PRIMARY KEY, name BLOB NOT NULL, bytes BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX region_pack_parts_by_name ON region_pack_parts (name)",
)

PART_BYTES: Final = 65_536
_PARTS_AT_ONCE: Final = 16
"""A megabyte at most: a save never waits long behind what goes."""

_PACKS = """
    SELECT p.name, p.kind, p.made_s, p.size, p.state, p.reason,
        (SELECT coalesce(sum(length(bytes)), 0) FROM region_pack_parts WHERE name = p.name)
    FROM region_packs p ORDER BY p.made_s DESC, p.name
"""
_STRAY = """
    DELETE FROM region_pack_parts WHERE part IN (SELECT part FROM region_pack_parts
        WHERE name NOT IN (SELECT name FROM region_packs WHERE state <> 'refused') LIMIT ?)
"""
_MOVED: Final = Changes(topics=frozenset({Topic.PACKS}))


class StorePacks:
    """`app.pack_port.PackPort` over a workspace: see there for what is promised."""

    def __init__(self, workspace: "Workspace") -> None:
        self._workspace = workspace

    def packs(self) -> Sequence[PackHere]:
        """Return the packs known here, the one made last first."""
        with self._workspace.read() as connection:
            rows = connection.execute(_PACKS).fetchall()
        return [
            PackHere(
                name=bytes(name),
                kind=kind,
                made_s=made_s,
                size=size,
                held_bytes=held,
                state=PackState(state),
                reason=reason,
            )
            for name, kind, made_s, size, state, reason, held in rows
        ]

    def begin_pack(self, *, name: bytes, kind: str, made_s: int, size: int) -> int:
        """Make ready for the bytes of a pack; return how many are here already."""

        def work(tx: Tx) -> None:
            tx.execute(
                "DELETE FROM region_packs WHERE kind = ? AND state = ? AND name <> ?",
                (kind, PackState.ARRIVING, name),
            )
            tx.execute(
                "INSERT OR IGNORE INTO region_packs (name, kind, made_s, size, state)"
                " VALUES (?, ?, ?, ?, ?)",
                (name, kind, made_s, size, PackState.ARRIVING),
            )

        self._do(work)
        self._drop_strays()
        return next(one.held_bytes for one in self.packs() if one.name == name)

    def add_to_pack(self, name: bytes, data: bytes) -> None:
        """Keep the next bytes of a pack that is arriving."""
        sql = "INSERT INTO region_pack_parts (name, bytes) VALUES (?, ?)"
        self._do(lambda tx: tx.execute(sql, (name, data)))

    def pack_bytes(self, name: bytes) -> bytes:
        """Return what is here of a pack."""
        sql = "SELECT bytes FROM region_pack_parts WHERE name = ? ORDER BY part"
        with self._workspace.read() as connection:
            return b"".join(row[0] for row in connection.execute(sql, (name,)))

    def settle_pack(self, name: bytes, state: PackState, *, reason: str = "") -> Changes:
        """Write what became of a pack."""

        def work(tx: Tx) -> None:
            settle_pack(tx, name, state, reason=reason)

        self._do(work)
        self._drop_strays()
        return _MOVED

    def forget_pack(self, name: bytes) -> None:
        """Forget a pack that no longer comes."""
        self._do(lambda tx: tx.execute("DELETE FROM region_packs WHERE name = ?", (name,)))
        self._drop_strays()

    def keep_imported(self, pack: WholePack) -> None:
        """Keep a pack that somebody imported by hand, unless a later one is here.

        It is not fetched any more, and goes on by sticks.
        """
        held = [one for one in self.packs() if one.kind == pack.kind]
        if any(one.state in IS_THE_REGIONS and one.made_s >= pack.made_s for one in held):
            return
        self.forget_pack(pack.name)
        self.begin_pack(name=pack.name, kind=pack.kind, made_s=pack.made_s, size=len(pack.data))
        for start in range(0, len(pack.data), PART_BYTES):
            self.add_to_pack(pack.name, pack.data[start : start + PART_BYTES])
        self.settle_pack(pack.name, PackState.ARRIVED)
        self.settle_pack(pack.name, PackState.IMPORTED)

    def written_here(self) -> int:
        """Return a number that moves with each event written on this machine."""
        with self._workspace.read() as connection:
            return int(connection.execute("SELECT counter FROM identity").fetchone()[0])

    def _drop_strays(self) -> None:
        """Let go of the bytes of packs that are not kept any more, some at a time."""
        while self._do(lambda tx: tx.execute(_STRAY, (_PARTS_AT_ONCE,)).rowcount):
            pass

    def _do(self, work: Any) -> Any:
        return self._workspace.writer.write(work, priority=Priority.EXCHANGE)


def settle_pack(tx: Tx, name: bytes, state: PackState, *, reason: str = "") -> None:
    """Write what became of a pack; one that arrived takes the place of the others of its kind."""
    if state is PackState.ARRIVED:
        tx.execute(
            "DELETE FROM region_packs WHERE name <> ?"
            " AND kind = (SELECT kind FROM region_packs WHERE name = ?)",
            (name, name),
        )
    row = (state, reason, name)
    tx.execute("UPDATE region_packs SET state = ?, reason = ? WHERE name = ?", row)
