"""What the Region publishes: of each kind the pack made last, taken from a file, given by parts.

A pack is public, and signed by the authority that the relay serves: that is checked before it is
kept. What it holds is for desks to open.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from sync.pack_marks import PackMark
from sync.relay.tables import pack_parts, packs
from sync.signed_packs import PackError, signed_mark

PART_BYTES = 131_072
MOST_AHEAD_S = 86_400
"""How far ahead of the relay's clock a pack may have been made: one of a wrong century would stand
in the way of every later one."""


class Published(StrEnum):
    """What was done with a pack. The last three refuse it, beside the codes of `PackError`."""

    KEPT = "kept"
    KNOWN = "known"
    OLDER = "older"
    TOO_EARLY = "too_early"


def publish(connection: Connection, data: bytes, authority_key: bytes, *, now: int) -> str:
    """Keep a pack in the place of an older one of its kind; say what was done, or why not.

    Returns:
        A `Published`, or a code of `PackError`.
    """
    try:
        mark = signed_mark(data, authority_key)
    except PackError as error:
        return error.code
    held = kept_packs(connection).get(mark.kind)
    if held is not None and held.name == mark.name:
        return Published.KNOWN
    if held is not None and held.made_s >= mark.made_s:
        return Published.OLDER
    if mark.made_s > now + MOST_AHEAD_S:
        return Published.TOO_EARLY
    _drop(connection, held)
    connection.execute(insert(packs).values(_row(mark) | {"at": now}))
    for offset in range(0, len(data), PART_BYTES):
        part = {"name": mark.name, "offset": offset, "bytes": data[offset : offset + PART_BYTES]}
        connection.execute(insert(pack_parts).values(part))
    return Published.KEPT


def kept_packs(connection: Connection) -> Mapping[str, PackMark]:
    """Return the packs that are kept, by their kinds."""
    rows = connection.execute(select(packs).order_by(packs.c.kind)).all()
    return {
        row.kind: PackMark(kind=row.kind, made_s=row.made, name=bytes(row.name), size=row.size)
        for row in rows
    }


def later_packs(connection: Connection, held: Mapping[str, int]) -> list[PackMark]:
    """Return the packs of those kinds that were made later than the ones that a machine holds."""
    kept = kept_packs(connection)
    return [kept[kind] for kind in sorted(kept.keys() & held) if kept[kind].made_s > held[kind]]


def pack_size(connection: Connection, name: bytes) -> int | None:
    """Return the length of a pack that is kept."""
    return connection.scalar(select(packs.c.size).where(packs.c.name == name))


def bytes_of(connection: Connection, name: bytes) -> Iterator[bytes]:
    """Give the parts of a pack that follow each other from its first byte on."""
    rows = select(pack_parts).where(pack_parts.c.name == name).order_by(pack_parts.c.offset)
    end = 0
    for row in connection.execution_options(yield_per=8).execute(rows):
        if row.offset != end:
            return
        end += len(row.bytes)
        yield bytes(row.bytes)


def count_stray_parts(connection: Connection) -> int:
    """Count the parts of packs that are not kept: none, unless something else wrote them."""
    return connection.scalar(select(func.count()).where(_stray())) or 0


def remove_stray_parts(connection: Connection) -> int:
    """Remove the parts of packs that are not kept, and say how many there were."""
    return connection.execute(delete(pack_parts).where(_stray())).rowcount


@dataclass(kw_only=True)
class PackOut:
    """A pack on its way out, from an offset. `next_slice` is called until it `is_over`.

    One that is replaced meanwhile ends early: whoever receives it knows its length.
    """

    name: bytes
    offset: int
    size: int
    _is_cut: bool = field(default=False, init=False)

    @property
    def is_over(self) -> bool:
        """Was everything given?"""
        return self._is_cut or self.offset >= self.size

    def next_slice(self, connection: Connection) -> bytes:
        """Return the next bytes, up to the end of a part."""
        if self.is_over:
            return b""
        within = self.offset % PART_BYTES
        wanted = select(pack_parts.c.bytes).where(
            pack_parts.c.name == self.name, pack_parts.c.offset == self.offset - within
        )
        given = bytes(connection.scalar(wanted) or b"")[within:]
        self.offset += len(given)
        self._is_cut = not given
        return given


def _stray() -> ColumnElement[bool]:
    return pack_parts.c.name.not_in(select(packs.c.name))


def _row(mark: PackMark) -> dict[str, object]:
    return {"kind": mark.kind, "name": mark.name, "made": mark.made_s, "size": mark.size}


def _drop(connection: Connection, held: PackMark | None) -> None:
    if held is not None:
        connection.execute(delete(pack_parts).where(pack_parts.c.name == held.name))
        connection.execute(delete(packs).where(packs.c.kind == held.kind))
