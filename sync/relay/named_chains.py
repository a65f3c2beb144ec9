"""Bundles of removed machines: the chain that the removal names keeps its places here.

A removal names the last bundle accepted. As long as that one is here, and those below it, each
tells the name of the one before: another bundle is refused there, and one that was taken before
anybody could tell gives its place. Desks find the same out by themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, delete, select

from sync.accepted import Accepted
from sync.registry import Registry
from sync.relay.tables import bundles
from sync.wire import Header, parse_bundle

_ROWS_READ_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A bundle that gave its place: its size counts for nobody any more."""

    name: bytes
    size_bytes: int


def accepted_of(registry: Registry, header: Header) -> Accepted | None:
    """Return what is accepted of the author of a bundle; None: it was not removed."""
    author = registry.incarnations[header.incarnation]
    return registry.accepted(author, header.space, header.incarnation)


def name_at(connection: Connection, head: Accepted, header: Header) -> bytes:
    """Return the name that the accepted chain has at the place of a bundle, "" if unknown yet."""
    wanted = header.sequence
    for sequence, name in _down(connection, head, header):
        if sequence == wanted:
            return name
    return b""


def drop_contradicted(connection: Connection, head: Accepted, header: Header) -> Dropped | None:
    """Drop the first bundle below the named chain that is none of it, if there is one.

    It was taken when nobody could tell. Machines that hold the right one learn that it lacks.
    """
    sequence, name = list(_down(connection, head, header))[-1]
    here = select(bundles.c.name, bundles.c.size).where(
        bundles.c.space == header.space,
        bundles.c.incarnation == header.incarnation,
        bundles.c.sequence == sequence,
    )
    row = connection.execute(here).one_or_none()
    if row is None or bytes(row.name) == name:
        return None
    connection.execute(delete(bundles).where(bundles.c.name == row.name))
    return Dropped(name=bytes(row.name), size_bytes=row.size)


def _down(connection: Connection, head: Accepted, header: Header) -> Iterator[tuple[int, bytes]]:
    """Give the places of the accepted chain from its last down, as far as its bundles are here.

    The last one given may not be here: it is named by the one above.
    """
    kept = (
        select(bundles.c.sequence, bundles.c.name, bundles.c.body)
        .where(
            bundles.c.space == header.space,
            bundles.c.incarnation == header.incarnation,
            bundles.c.sequence <= head.sequence,
        )
        .order_by(bundles.c.sequence.desc())
    )
    sequence, name = head.sequence, head.name
    yield sequence, name
    rows = connection.execute(kept, execution_options={"yield_per": _ROWS_READ_AT_ONCE})
    for row in rows:
        if (row.sequence, bytes(row.name)) != (sequence, name) or sequence == 1:
            return
        sequence, name = sequence - 1, parse_bundle(bytes(row.body)).header.previous
        yield sequence, name
