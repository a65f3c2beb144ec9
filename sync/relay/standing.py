"""What the relay holds, in figures: for whoever looks after it, and for nobody else.

No figure names a machine, a structure or a space.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from sync.relay import engines, identity
from sync.relay.directory import Directory
from sync.relay.published import kept_packs
from sync.relay.tables import bundles, nonces, parts, pieces, statements


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is held. Moments are seconds since 1970, by the relay's clock; None when there is none.

    Attributes:
        kind: of database, `sqlite` or `postgresql`.
        database_bytes: the room it takes.
        has_authority: was it told whom it serves?
        structures: certified ones, removed or not; `machines` and `spaces` likewise.
        statements: how many of each kind.
        size_bytes: of the bundles, as they came.
        oldest_at: when the oldest bundle came.
        newest_at: when the newest did.
        pieces: of checkpoints; `pieces_bytes` is their size.
        partial_uploads: bundles begun and not ended.
        partial_bytes: what is kept of them.
        packs: when each pack of the Region that is kept was made, by its kind.
        last_contact_at: when a machine last proved who it is.
    """

    kind: str
    database_bytes: int
    has_authority: bool
    structures: int
    machines: int
    spaces: int
    statements: dict[str, int]
    bundles: int
    size_bytes: int
    oldest_at: int | None
    newest_at: int | None
    pieces: int
    pieces_bytes: int
    partial_uploads: int
    partial_bytes: int
    packs: dict[str, int]
    last_contact_at: int | None


def standing(connection: Connection) -> Standing:
    """Count what is held, all of it on one state of the database."""
    count, size_bytes, oldest_at, newest_at = connection.execute(
        select(
            func.count(),
            func.coalesce(func.sum(bundles.c.size), 0),
            func.min(bundles.c.at),
            func.max(bundles.c.at),
        ).select_from(bundles)
    ).one()
    pieces_kept, pieces_bytes = connection.execute(
        select(func.count(), func.coalesce(func.sum(pieces.c.size), 0)).select_from(pieces)
    ).one()
    begun = func.coalesce(func.sum(func.length(parts.c.bytes)), 0)
    uploads, begun_bytes = connection.execute(
        select(func.count(parts.c.name.distinct()), begun)
    ).one()
    by_kind = select(statements.c.kind, func.count().label("kept"))
    by_kind = by_kind.group_by(statements.c.kind).order_by(statements.c.kind)
    authority_key = identity.served_authority(connection)
    structures, machines, spaces = _known(connection, authority_key)
    return Standing(
        kind=connection.dialect.name,
        database_bytes=engines.size_bytes(connection),
        has_authority=authority_key is not None,
        structures=structures,
        machines=machines,
        spaces=spaces,
        statements={row.kind: row.kept for row in connection.execute(by_kind)},
        bundles=count,
        size_bytes=int(size_bytes),
        oldest_at=oldest_at,
        newest_at=newest_at,
        pieces=pieces_kept,
        pieces_bytes=int(pieces_bytes),
        partial_uploads=uploads,
        partial_bytes=int(begun_bytes),
        packs={kind: mark.made_s for kind, mark in kept_packs(connection).items()},
        last_contact_at=connection.scalar(select(func.max(nonces.c.at))),
    )


def _known(connection: Connection, authority_key: bytes | None) -> tuple[int, int, int]:
    if authority_key is None:
        return 0, 0, 0
    registry = Directory(authority_key).refreshed(connection).registry
    return len(registry.structures), len(registry.machines), len(registry.spaces)
