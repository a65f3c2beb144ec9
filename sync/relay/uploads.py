"""Bundles as they arrive: every byte is kept at once, and what is whole is acknowledged.

A request may never end. What it brought is durable before the next bytes are read, so that the
next request goes on at the byte; a bundle that comes whole with others is written once, as such.
"""

from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, func, insert, select

from sync.frames import FrameReader, Piece
from sync.relay.receipts import BundleRefusedError, Storekeeper
from sync.relay.tables import parts
from sync.wire import WireError

PART_BYTES = 4_096
PARTS_KEPT_S = 90 * 86_400

_MAY_BECOME_KNOWN = frozenset({"unknown_incarnation", "unknown_space"})
"""Refusals that a statement may lift: what had arrived of the bundle stays."""


@dataclass(kw_only=True)
class Upload:
    """One request that brings bundles. `take` is called in order, each time in one transaction.

    Attributes:
        receipts: of the bundles that are whole and kept.
        refused: names of refused bundles, and why.
        flaw: what is wrong with the frames, after which nothing more is read.
    """

    storekeeper: Storekeeper
    receipts: list[bytes] = field(default_factory=list)
    refused: list[tuple[bytes, str]] = field(default_factory=list)
    flaw: str = ""
    _frames: FrameReader = field(default_factory=FrameReader)
    _name: bytes = b""
    _kept: int = 0
    _pending: bytearray = field(default_factory=bytearray)
    _is_inside: bool = False
    _skips: bool = False

    @property
    def is_complete(self) -> bool:
        """Did the last frame come whole?"""
        return not self.flaw and self._frames.is_between_frames

    def take(self, connection: Connection, chunk: bytes, *, now: int) -> None:
        """Keep what a chunk brings, and acknowledge or refuse the bundles that it completes."""
        if self._is_inside and not self._skips:
            # Another request may have brought the same bundle meanwhile.
            self._look_up(connection)
        try:
            for piece in self._frames.feed(chunk):
                self._take_piece(connection, piece, now=now)
        except WireError as error:
            self.flaw = error.code
        self._flush(connection, now=now)

    def _take_piece(self, connection: Connection, piece: Piece, *, now: int) -> None:
        if not self._is_inside:
            self._name, self._is_inside, self._skips = piece.name, True, False
            self._look_up(connection)
        if not self._skips:
            self._add(piece)
        if piece.reaches_end:
            self._is_inside = False
            if not self._skips:
                self._end(connection, now=now)
            self._pending.clear()

    def _look_up(self, connection: Connection) -> None:
        receipt = self.storekeeper.receipt_of(connection, self._name)
        if receipt is not None:
            self.receipts.append(receipt)
            self._skips = True
        self._kept = kept_bytes(connection, [self._name]).get(self._name, 0)

    def _add(self, piece: Piece) -> None:
        """Take what is new in a piece: what is kept already may come again, a hole may not."""
        expected = self._kept + len(self._pending)
        if piece.offset > expected:
            self._refuse("wrong_offset")
            return
        self._pending += piece.data[expected - piece.offset :]

    def _end(self, connection: Connection, *, now: int) -> None:
        whole = _joined_parts(connection, self._name) if self._kept else b""
        try:
            receipt = self.storekeeper.keep(
                connection, self._name, whole + bytes(self._pending), now=now
            )
        except BundleRefusedError as refusal:
            self._refuse(refusal.code)
            if refusal.code in _MAY_BECOME_KNOWN:
                return
        else:
            self.receipts.append(receipt)
        if self._kept:
            connection.execute(delete(parts).where(parts.c.name == self._name))

    def _refuse(self, code: str) -> None:
        self.refused.append((self._name, code))
        self._skips = True
        self._pending.clear()

    def _flush(self, connection: Connection, *, now: int) -> None:
        rows = [
            {
                "name": self._name,
                "offset": self._kept + start,
                "bytes": bytes(self._pending[start : start + PART_BYTES]),
                "at": now,
            }
            for start in range(0, len(self._pending), PART_BYTES)
        ]
        if rows:
            connection.execute(insert(parts), rows)
            self._kept += len(self._pending)
            self._pending.clear()


def kept_bytes(connection: Connection, names: list[bytes]) -> dict[bytes, int]:
    """Return how many bytes have arrived of each bundle that is not whole yet."""
    end = func.max(parts.c.offset + func.length(parts.c.bytes))
    asked = select(parts.c.name, end.label("end")).where(parts.c.name.in_(names))
    rows = connection.execute(asked.group_by(parts.c.name))
    return {row.name: row.end for row in rows}


def forget_old_parts(connection: Connection, *, now: int) -> None:
    """Drop the beginnings of bundles that nobody has gone on with for months."""
    recent = select(parts.c.name).where(parts.c.at >= now - PARTS_KEPT_S)
    connection.execute(delete(parts).where(parts.c.name.not_in(recent)))


def _joined_parts(connection: Connection, name: bytes) -> bytes:
    rows = select(parts.c.bytes).where(parts.c.name == name).order_by(parts.c.offset)
    return b"".join(connection.scalars(rows))
