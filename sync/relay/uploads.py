"""Bundles as they arrive: every byte is kept at once, and what is whole is acknowledged.

A request may never end. What it brought is durable before the next bytes are read, so that the
next request goes on at the byte; a bundle that comes whole with others is written once, as such.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, delete, insert, select

from sync.frames import FrameReader, Piece
from sync.relay.looking import look
from sync.relay.quotas import begun_by, structure_of
from sync.relay.receipts import Storekeeper
from sync.relay.tables import parts
from sync.wire import WireError

PART_BYTES = 4_096
PARTS_KEPT_S = 90 * 86_400

_MAY_BECOME_KNOWN = frozenset({"unknown_incarnation", "unknown_space"})
"""Refusals that a statement may lift: what had arrived of the bundle stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """A bundle whose last bytes came with this chunk; `is_begun` when its first came before."""

    name: bytes
    is_begun: bool
    data: bytes


@dataclass(kw_only=True)
class Upload:
    """One request that brings bundles. `take` is called in order, each time in one transaction.

    Attributes:
        receipts: of the bundles that are whole and kept.
        refused: names of refused bundles, and why.
        pieces: names of the pieces of checkpoints that are whole and kept; they get no receipt.
        flaw: what is wrong with the frames, after which nothing more is read.
    """

    storekeeper: Storekeeper
    receipts: list[bytes] = field(default_factory=list)
    refused: list[tuple[bytes, str]] = field(default_factory=list)
    pieces: list[bytes] = field(default_factory=list)
    flaw: str = ""
    _frames: FrameReader = field(default_factory=FrameReader)
    _name: bytes = b""
    _kept: int = 0
    _pending: bytearray = field(default_factory=bytearray)
    _is_inside: bool = False
    _skips: bool = False
    _receipts_here: Mapping[bytes, bytes] = field(default_factory=dict)
    _pieces_here: Collection[bytes] = ()
    _begun_here: Mapping[bytes, int] = field(default_factory=dict)
    _wholes: dict[bytes, _Whole] = field(default_factory=dict)
    _ended: list[bytes] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Did the last frame come whole?"""
        return not self.flaw and self._frames.is_between_frames

    @property
    def spaces(self) -> set[bytes]:
        """The spaces of the pieces that are kept: a checkpoint may be whole there."""
        live = self.storekeeper.view.covers.live_pieces
        return {live[name].space for name in self.pieces if name in live}

    def take(self, connection: Connection, chunk: bytes, *, now: int) -> None:
        """Keep what a chunk brings, and acknowledge or refuse the bundles that it completes."""
        pieces = self._pieces(chunk)
        self._look_up(connection, {self._name, *(piece.name for piece in pieces)})
        if self._is_inside and not self._skips:
            # Another request may have brought the same bundle meanwhile.
            self._begin(self._name)
        for piece in pieces:
            self._take_piece(piece)
        self._keep_wholes(connection, now=now)
        self._flush(connection, now=now)

    def _pieces(self, chunk: bytes) -> list[Piece]:
        pieces = []
        try:
            for piece in self._frames.feed(chunk):
                pieces.append(piece)  # noqa: PERF402  (what comes before a flaw stands)
        except WireError as error:
            self.flaw = error.code
        return pieces

    def _look_up(self, connection: Connection, names: set[bytes]) -> None:
        """Find at once what is here already of all that the chunk is about."""
        here = look(connection, names)
        # What a checkpoint has made useless must not be taken after it was dropped.
        self.storekeeper = self.storekeeper.seeing(connection, here.position)
        self._receipts_here = self.storekeeper.visible(here)
        self._pieces_here = self.storekeeper.pieces.sizes_of(connection, names)
        self._begun_here = here.begun

    def _take_piece(self, piece: Piece) -> None:
        if not self._is_inside:
            self._is_inside = True
            self._begin(piece.name)
        if not self._skips:
            self._add(piece)
        if piece.reaches_end:
            self._is_inside = False
            if not self._skips:
                self._end()
            self._pending.clear()

    def _begin(self, name: bytes) -> None:
        self._name, self._kept = name, self._begun_here.get(name, 0)
        # One that comes twice is answered twice.
        is_kept = name in self._receipts_here or name in self._pieces_here
        self._skips = is_kept or name in self._wholes
        if self._skips:
            self._ended.append(name)

    def _add(self, piece: Piece) -> None:
        """Take what is new in a piece: what is kept already may come again, a hole may not."""
        expected = self._kept + len(self._pending)
        if piece.offset > expected:
            self._refuse("wrong_offset")
            return
        self._pending += piece.data[expected - piece.offset :]

    def _end(self) -> None:
        self._wholes[self._name] = _Whole(
            name=self._name, is_begun=self._kept > 0, data=bytes(self._pending)
        )
        self._ended.append(self._name)

    def _keep_wholes(self, connection: Connection, *, now: int) -> None:
        """Keep the bundles that are whole, and answer for all that ended, in their order."""
        outcomes = self.storekeeper.keep(
            connection,
            ((whole.name, _all_of(connection, whole)) for whole in self._wholes.values()),
            now=now,
        )
        for name in self._ended:
            outcome = outcomes.get(name)
            receipt = outcome.receipt if outcome else self._receipts_here.get(name)
            if receipt:
                self.receipts.append(receipt)
            elif outcome and outcome.code:
                self.refused.append((name, outcome.code))
            else:
                self.pieces.append(name)
        done = [
            whole.name
            for whole in self._wholes.values()
            if whole.is_begun and outcomes[whole.name].code not in _MAY_BECOME_KNOWN
        ]
        if done:
            connection.execute(delete(parts).where(parts.c.name.in_(done)))
        self._wholes.clear()
        self._ended.clear()

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
                "machine": self.storekeeper.caller.machine,
            }
            for start in range(0, len(self._pending), PART_BYTES)
        ]
        if rows and self._has_room(connection):
            connection.execute(insert(parts), rows)
            self._kept += len(self._pending)
            self._pending.clear()

    def _has_room(self, connection: Connection) -> bool:
        """Is there room for the beginning of a bundle? If not, the bundle is refused."""
        keeper, size_bytes = self.storekeeper, len(self._pending)
        registry, machine = keeper.view.registry, keeper.caller.machine
        begun = begun_by(connection, machine, beside=self._name)
        piece = keeper.pieces.owner_of(self._name)
        more = self._kept + size_bytes
        is_there = keeper.quotas.may_begin(begun, more) and (
            keeper.pieces.has_room(connection, piece, more)
            if piece
            else keeper.quotas.has_room(connection, registry, structure_of(registry, machine), more)
        )
        if not is_there:
            self._refuse("quota_exceeded")
        return is_there


def forget_old_parts(connection: Connection, *, now: int) -> None:
    """Drop the beginnings of bundles that nobody has gone on with for months."""
    recent = select(parts.c.name).where(parts.c.at >= now - PARTS_KEPT_S)
    connection.execute(delete(parts).where(parts.c.name.not_in(recent)))


def _all_of(connection: Connection, whole: _Whole) -> bytes:
    if not whole.is_begun:
        return whole.data
    rows = select(parts.c.bytes).where(parts.c.name == whole.name).order_by(parts.c.offset)
    return b"".join(connection.scalars(rows)) + whole.data
