"""Dropping what complete checkpoints make useless: bundles they cover or end, pieces none names.

Only once all the pieces of a checkpoint are here: until then the bundles are all there is. Some
rows go at a time, each time in one transaction: it may stop anywhere, be done by several relays at
once, and go on another day.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, delete, func, select

from sync.relay.covers import Covers, pieces_of
from sync.relay.database import Database
from sync.relay.directory import Directory
from sync.relay.lacking import held_in
from sync.relay.tables import bundles, pieces
from sync.wire import parse_bundle

ROWS_AT_ONCE = 500
_ROWS_READ_AT_ONCE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of useless rows: the name under which they are counted, and how to find them."""

    name: str
    table: Table
    find: Callable[[Connection, Covers, bytes], Iterator[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """Drops what is useless, in the thread that calls it.

    Attributes:
        database: the relay's own.
        directory: what is believed.
        dropped: told how many rows of a kind went, each time.
    """

    database: Database
    directory: Directory
    dropped: Callable[[str, int], object] = lambda _kind, _count: None

    def run(self, spaces: Collection[bytes] | None = None) -> dict[str, int]:
        """Drop all that is useless in some spaces, or in all; return how many of each kind went.

        It is looked for beside the writer: what is useless once stays so.
        """
        counts = dict.fromkeys((kind.name for kind in KINDS), 0)
        for space in self._all_spaces() if spaces is None else sorted(spaces):
            for kind in KINDS:
                while names := self.database.read(partial(self._find, kind=kind, space=space)):
                    self.database.write(partial(_delete, kind=kind, names=names))
                    counts[kind.name] += len(names)
                    self.dropped(kind.name, len(names))
        return counts

    def useless(self, connection: Connection) -> dict[str, int]:
        """Count what `run` would drop, and drop nothing."""
        covers = self.directory.refreshed(connection).covers
        return {
            kind.name: sum(
                1 for space in covers.spaces for _ in kind.find(connection, covers, space)
            )
            for kind in KINDS
        }

    def _all_spaces(self) -> list[bytes]:
        return sorted(self.database.read(self.directory.refreshed).covers.spaces)

    def _find(self, connection: Connection, *, kind: Kind, space: bytes) -> list[bytes]:
        covers = self.directory.refreshed(connection).covers
        return list(islice(kind.find(connection, covers, space), ROWS_AT_ONCE))


def _delete(connection: Connection, *, kind: Kind, names: list[bytes]) -> None:
    connection.execute(delete(kind.table).where(kind.table.c.name.in_(names)))


def is_kept_whole(connection: Connection, covers: Covers, space: bytes) -> bool:
    """Is there a complete checkpoint of a space, with all its pieces here?"""
    body = covers.registry.complete_checkpoint(space)
    if body is None:
        return False
    names = pieces_of(body)
    here = select(func.count()).where(pieces.c.space == space, pieces.c.name.in_(names))
    return connection.scalar(here) == len(names)


def _useless_bundles(connection: Connection, covers: Covers, space: bytes) -> Iterator[bytes]:
    """Find the bundles that are covered, then those above the cover that are void."""
    if not is_kept_whole(connection, covers, space):
        return
    cover = covers.of(space)
    places = [(one, cover.get(one, 0)) for one in held_in(connection, space)]
    for incarnation, last in places:
        of_one = select(bundles.c.name).where(_of(space, incarnation), bundles.c.sequence <= last)
        for row in _in_order(connection, of_one):
            yield bytes(row.name)
    for incarnation, _ in places:
        # The last first: wherever one stops, what a void bundle follows is still here to tell.
        yield from reversed(void_bundles(connection, covers, space, incarnation))


def void_bundles(
    connection: Connection, covers: Covers, space: bytes, incarnation: bytes
) -> list[bytes]:
    """Name the bundles of a chain above the cover that are void, in their order.

    Those are of an ended epoch, or follow such a one in the chain: they would stand on nothing.
    There are few above a cover: a checkpoint is proposed before they are many.
    """
    last = covers.of(space).get(incarnation, 0)
    wanted = select(bundles.c.name, bundles.c.body)
    void: dict[bytes, None] = {}
    for row in _in_order(
        connection, wanted.where(_of(space, incarnation), bundles.c.sequence > last)
    ):
        header = parse_bundle(bytes(row.body)).header
        if covers.is_before(header) or header.previous in void:
            void[bytes(row.name)] = None
    return list(void)


def _of(space: bytes, incarnation: bytes) -> ColumnElement[bool]:
    return (bundles.c.space == space) & (bundles.c.incarnation == incarnation)


def _in_order(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    options = {"yield_per": _ROWS_READ_AT_ONCE}
    yield from connection.execute(query.order_by(bundles.c.sequence), execution_options=options)


def _useless_pieces(connection: Connection, covers: Covers, space: bytes) -> Iterator[bytes]:
    if not is_kept_whole(connection, covers, space):
        return
    here = select(pieces.c.name).where(pieces.c.space == space)
    for name in map(bytes, connection.scalars(here).all()):
        if name not in covers.live_pieces:
            yield name


BUNDLES = Kind(name="covered_bundles", table=bundles, find=_useless_bundles)
PIECES = Kind(name="unnamed_pieces", table=pieces, find=_useless_pieces)
KINDS = (BUNDLES, PIECES)
