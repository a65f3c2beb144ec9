"""Adopting a checkpoint: what a desk lets go of, and what stays for ever.

The decision is one transaction: the cover is noted, the keys of ended epochs are overwritten, and
what lay above the cover under them waits to be sealed again. Then, by short transactions, covered
bundles lose their bytes (a chain still begins with their places) and dead events go.
"""

from collections.abc import Sequence
from typing import Any

from app.changes import Changes, Topic
from app.checkpoint_port import KEYS_DESTROYED, Adopted, Adoption, CoveredPlace
from app.domain.events import ERASE
from app.domain.identifiers import BundleName, Incarnation, SpaceId
from app.store.bodies import pack, unpack
from app.store.survivors import erased_within
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

_EXCHANGE = Changes(topics=frozenset({Topic.EXCHANGE, Topic.REFERRALS}))
_AT_ONCE = 100
_HEAD = """
    SELECT sequence FROM bundles WHERE space = ? AND incarnation = ?
    ORDER BY sequence DESC LIMIT 1
"""
_FORMER = "SELECT 1 FROM lives WHERE incarnation = ? UNION SELECT 1 FROM identity WHERE incarnation"
_FORMERLY_COVERED = """
    SELECT incarnation, max(sequence) FROM bundles WHERE space = ? AND covered = 1
    GROUP BY incarnation
"""
_ABOVE = "SELECT name FROM bundles WHERE space = ? AND incarnation = ? AND sequence > ?"
_EMPTY = """
    UPDATE bundles SET bytes = x'', covered = 1 WHERE name IN (
      SELECT name FROM bundles WHERE space = ? AND incarnation = ? AND sequence <= ?
      AND covered = 0 LIMIT ?)
"""
# Also what a restored file never sealed of somebody erased: it comes in no bundle any more.
_BURY = """
    DELETE FROM events WHERE event IN (
      SELECT e.event FROM events e LEFT JOIN bundles b ON b.name = e.bundle WHERE e.subject = ?
      AND e.space = ? AND e.kind <> ?
      AND (b.covered = 1 OR (e.bundle IS NULL AND e.body IS NULL)))
"""


def adopted(connection: Any, space: SpaceId) -> Adopted | None:
    """Return the last checkpoint adopted in a space."""
    sql = "SELECT checkpoint, number, at_s, cover FROM checkpoints WHERE space = ?"
    row = connection.execute(sql, (space,)).fetchone()
    if row is None:
        return None
    cover = {place.incarnation: place.sequence for place in _places(row[3])}
    return Adopted(checkpoint=row[0], number=row[1], at_s=row[2], cover=cover)


def adopt(workspace: Workspace, adoption: Adoption) -> Changes:
    """Adopt a checkpoint; see `app.checkpoint_port.CheckpointPort.adopt`."""
    workspace.writer.write(lambda tx: _decide(tx, adoption), priority=Priority.EXCHANGE)
    return finish(workspace, adoption.space)


def finish(workspace: Workspace, space: SpaceId) -> Changes:
    """Let go of what an adopted checkpoint covers; it is gone on with after a cut."""
    with workspace.read() as connection:
        sql = "SELECT cover FROM checkpoints WHERE space = ? AND finished = 0"
        row = connection.execute(sql, (space,)).fetchone()
        if row is None:
            return Changes()
        places = _places(row[0])
        cover = {place.incarnation: place.sequence for place in places}
        dead = sorted(erased_within(connection, space, cover))
    for place in places:
        where = (space, place.incarnation, place.sequence, _AT_ONCE)
        while _write(workspace, _EMPTY, [where]):
            pass
    for start in range(0, len(dead), _AT_ONCE):
        some = dead[start : start + _AT_ONCE]
        _write(workspace, _BURY, [(subject, space, ERASE) for subject in some])
    if workspace.empty_journal():  # else somebody reads: the next exchange goes on
        _write(workspace, "UPDATE checkpoints SET finished = 1 WHERE space = ?", [(space,)])
    return _EXCHANGE


def turn_keys(tx: Tx, keep: Sequence[tuple[str, bytes]], forget: Sequence[str]) -> None:
    """Overwrite secrets (SQLite writes zeros in their place) and keep others."""
    for name in forget:
        tx.execute("DELETE FROM secrets WHERE name = ?", (name,))
    for name, secret in keep:
        tx.execute("INSERT OR REPLACE INTO secrets (name, bytes) VALUES (?, ?)", (name, secret))


def _decide(tx: Tx, adoption: Adoption) -> None:
    for name in (*adoption.void, *_uncovered(tx, adoption)):
        tx.execute("UPDATE events SET bundle = NULL WHERE bundle = ?", (name,))
        tx.execute("DELETE FROM bundles WHERE name = ?", (name,))
    for name in adoption.aside:
        tx.execute("DELETE FROM quarantine WHERE name = ?", (name,))
    for place in adoption.cover:
        _stand(tx, adoption.space, place)
    _note_seen(tx, adoption)
    turn_keys(tx, [], adoption.ended_keys)
    row = (adoption.space, adoption.checkpoint, adoption.number, adoption.at_s)
    cover = [[place.incarnation, place.sequence, place.name] for place in adoption.cover]
    tx.execute(
        "INSERT OR REPLACE INTO checkpoints (space, checkpoint, number, at_s, cover, finished)"
        " VALUES (?, ?, ?, ?, ?, 0)",
        (*row, pack(cover)),
    )
    memo = "INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)"
    tx.execute(memo, (KEYS_DESTROYED, "1"))
    # What is left aside may stand on the cover now.
    tx.execute(memo, ("quarantine_tried", ""))


def _uncovered(tx: Tx, adoption: Adoption) -> list[BundleName]:
    """Name what a former checkpoint covered and this one does not, with what follows it.

    Two parts of a space that each took the other for dormant made one each: of the one that does
    not count, each author seals again what is theirs.
    """
    cover = {place.incarnation: place.sequence for place in adoption.cover}
    rows = tx.execute(_FORMERLY_COVERED, (adoption.space,)).fetchall()
    found = []
    for (incarnation,) in (row[:1] for row in rows if row[1] > cover.get(row[0], 0)):
        place = (adoption.space, incarnation, cover.get(incarnation, 0))
        found += [BundleName(row[0]) for row in tx.execute(_ABOVE, place).fetchall()]
    return found


def _stand(tx: Tx, space: SpaceId, place: CoveredPlace) -> None:
    """Give a chain the covered place on which it goes on, when its bundles never came."""
    head = tx.one(_HEAD, (space, place.incarnation)) or (0,)
    if head[0] >= place.sequence:
        return
    own = tx.one(f"{_FORMER} = ?", (place.incarnation, place.incarnation)) is not None
    tx.execute(
        "INSERT INTO bundles (name, space, incarnation, sequence, previous, bytes, own, sent,"
        " covered) VALUES (?, ?, ?, ?, x'', x'', ?, 1, 1)",
        (place.name, space, place.incarnation, place.sequence, own),
    )


def _note_seen(tx: Tx, adoption: Adoption) -> None:
    """Every structure that confirmed holds all that is covered."""
    for structure in adoption.structures:
        for place in adoption.cover:
            tx.execute(
                "INSERT INTO peers_saw (space, structure, incarnation, sequence)"
                " VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE"
                " SET sequence = max(sequence, excluded.sequence)",
                (adoption.space, structure, place.incarnation, place.sequence),
            )


def _places(cover: bytes) -> tuple[CoveredPlace, ...]:
    found = []
    for listed in _lists(cover):
        match listed:
            case (bytes(incarnation), int(sequence), bytes(name)):
                place = CoveredPlace(
                    incarnation=Incarnation(incarnation), sequence=sequence, name=BundleName(name)
                )
                found.append(place)
    return tuple(found)


def _lists(cover: bytes) -> tuple[Any, ...]:
    listed = unpack(cover)
    return listed if isinstance(listed, tuple) else ()


def _write(workspace: Workspace, sql: str, rows: Sequence[tuple[Any, ...]]) -> int:
    """Write some rows in one transaction; return how many were touched."""

    def work(tx: Tx) -> int:
        return sum(tx.execute(sql, row).rowcount for row in rows)

    return workspace.writer.write(work, priority=Priority.EXCHANGE)
