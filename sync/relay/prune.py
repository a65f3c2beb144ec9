"""Dropping what nobody needs any more, a few rows at a time so that machines hardly wait.

What to drop is a list, `STEPS`: whatever comes to make something useless adds a step to it. What
checkpoints make useless is known by what is believed, which is read once for a run.
"""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Select, delete, func, select, union_all

from sync.relay import identity
from sync.relay.compaction import Compaction
from sync.relay.database import Database
from sync.relay.directory import Directory
from sync.relay.published import count_stray_parts, remove_stray_parts
from sync.relay.tables import bundles, nonces, parts, pieces
from sync.relay.uploads import PARTS_KEPT_S

ROWS_AT_ONCE = 500
_UPLOADS_AT_ONCE = 20
NONCES_KEPT_S = 86_400
"""Much longer than a nonce matters: whatever a relay's clock did meanwhile, it is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One kind of useless things.

    Attributes:
        name: under which they are counted.
        count: how many there are, given the time in seconds since 1970.
        remove_some: removes some of them and says how many; 0 once there are none. It is called in
            one transaction each time, and leaves the statement of the greatest position alone:
            positions are never given twice.
    """

    name: str
    count: Callable[[Connection, int], int]
    remove_some: Callable[[Connection, int], int]


def prune(database: Database, *, now: int) -> dict[str, int]:
    """Remove all that is useless, and return how many of each kind went."""
    removed = {step.name: _removed(database, step, now=now) for step in STEPS}
    for compaction in _compactions(database):
        removed |= compaction.run()
    return removed


def useless(database: Database, *, now: int) -> dict[str, int]:
    """Count what `prune` would remove, and remove nothing."""
    counts = database.read(
        lambda connection: {step.name: step.count(connection, now) for step in STEPS}
    )
    for compaction in _compactions(database):
        counts |= database.read(compaction.useless)
    return counts


def _compactions(database: Database) -> list[Compaction]:
    """Return what drops what checkpoints made useless; nothing where nobody is believed."""
    authority_key = database.read(identity.served_authority)
    if authority_key is None:
        return []
    return [Compaction(database=database, directory=Directory(authority_key))]


def _removed(database: Database, step: Step, *, now: int) -> int:
    total = 0
    while some := database.write(lambda connection: step.remove_some(connection, now)):
        total += some
    return total


def _count_old_uploads(connection: Connection, now: int) -> int:
    old = select(parts.c.name).group_by(parts.c.name).having(_is_old(now)).subquery()
    return connection.scalar(select(func.count()).select_from(old)) or 0


def _remove_old_uploads(connection: Connection, now: int) -> int:
    old = select(parts.c.name).group_by(parts.c.name).having(_is_old(now))
    names = connection.scalars(old.limit(_UPLOADS_AT_ONCE)).all()
    connection.execute(delete(parts).where(parts.c.name.in_(names)))
    return len(names)


def _is_old(now: int) -> ColumnElement[bool]:
    return func.max(parts.c.at) < now - PARTS_KEPT_S


def _count_finished_uploads(connection: Connection, _now: int) -> int:
    return connection.scalar(select(func.count()).select_from(_finished().subquery())) or 0


def _remove_finished_uploads(connection: Connection, _now: int) -> int:
    names = connection.scalars(_finished().limit(_UPLOADS_AT_ONCE)).all()
    connection.execute(delete(parts).where(parts.c.name.in_(names)))
    return len(names)


def _finished() -> Select[tuple[bytes]]:
    whole = union_all(select(bundles.c.name), select(pieces.c.name)).subquery()
    return select(parts.c.name).distinct().join(whole, whole.c.name == parts.c.name)


def _count_old_nonces(connection: Connection, now: int) -> int:
    before = _nonces_before(connection, now)
    return connection.scalar(select(func.count()).where(nonces.c.at < before)) or 0


def _remove_old_nonces(connection: Connection, now: int) -> int:
    before = _nonces_before(connection, now)
    some = select(nonces.c.machine, nonces.c.nonce).where(nonces.c.at < before)
    rows = connection.execute(some.limit(ROWS_AT_ONCE)).all()
    for row in rows:
        one = (nonces.c.machine == row.machine) & (nonces.c.nonce == row.nonce)
        connection.execute(delete(nonces).where(one))
    return len(rows)


def _nonces_before(connection: Connection, now: int) -> int:
    """Judge by the latest nonce too: this machine's clock may be the one that is wrong."""
    latest = connection.scalar(select(func.max(nonces.c.at))) or 0
    return min(now, latest) - NONCES_KEPT_S


STEPS: list[Step] = [
    Step(name="partial_uploads", count=_count_old_uploads, remove_some=_remove_old_uploads),
    Step(
        name="finished_uploads",
        count=_count_finished_uploads,
        remove_some=_remove_finished_uploads,
    ),
    Step(name="nonces", count=_count_old_nonces, remove_some=_remove_old_nonces),
    Step(
        name="stray_pack_parts",
        count=lambda connection, _now: count_stray_parts(connection),
        remove_some=lambda connection, _now: remove_stray_parts(connection),
    ),
]
