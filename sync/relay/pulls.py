"""Bundles on their way out: all that lies above what the caller holds, slice by slice.

The caller says up to where it holds everything, so a relay restored from an older copy, or bundles
stored out of order, lose nothing. Nothing is remembered between two pulls.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, func, select

from sync.frames import encode_frame
from sync.relay.tables import bundles

SLICE_BYTES = 262_144
_ROWS_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A space that the caller asks for, and what it holds of each incarnation."""

    space: bytes
    above: Mapping[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed:
    """The bundle of which the caller holds the first bytes already."""

    name: bytes
    offset: int


@dataclass(slots=True)
class _Run:
    """The bundles of one incarnation in one space that come after a sequence."""

    space: bytes
    incarnation: bytes
    after: int


@dataclass(kw_only=True)
class Pull:
    """One pull under way. `next_slice` is called until it gives nothing."""

    wanted: Sequence[Wanted]
    resumed: Resumed | None
    _runs: deque[_Run] | None = field(default=None, init=False)

    def next_slice(self, connection: Connection) -> bytes:
        """Return the next frames, some hundred kilobytes of them, in order; nothing at the end."""
        if self._runs is None:
            self._runs = deque(self._find_runs(connection))
        frames = bytearray()
        while self._runs and len(frames) < SLICE_BYTES:
            found = self._frames_of(connection, self._runs[0], SLICE_BYTES - len(frames))
            frames += found
            if not found:
                self._runs.popleft()
        return bytes(frames)

    def _find_runs(self, connection: Connection) -> list[_Run]:
        runs = []
        for wanted in sorted(self.wanted, key=lambda one: one.space):
            heads = (
                select(bundles.c.incarnation, func.max(bundles.c.sequence).label("last"))
                .where(bundles.c.space == wanted.space)
                .group_by(bundles.c.incarnation)
                .order_by(bundles.c.incarnation)
            )
            for row in connection.execute(heads):
                after = wanted.above.get(row.incarnation, 0)
                if row.last > after:
                    runs.append(_Run(wanted.space, row.incarnation, after))
        return runs

    def _frames_of(self, connection: Connection, run: _Run, most_bytes: int) -> bytes:
        """Return the next frames of a run, at least one if there is any, and step over them."""
        last = _end_of_slice(connection, run, most_bytes)
        chosen = select(bundles.c.name, bundles.c.body).where(
            _of(run), bundles.c.sequence > run.after, bundles.c.sequence <= last
        )
        rows = connection.execute(chosen.order_by(bundles.c.sequence))
        frames = b"".join(self._frame(row.name, row.body) for row in rows)
        run.after = last
        return frames

    def _frame(self, name: bytes, body: bytes) -> bytes:
        resumed = self.resumed
        offset = resumed.offset if resumed and resumed.name == name else 0
        return encode_frame(name, body, offset if offset <= len(body) else 0)


def _of(run: _Run) -> ColumnElement[bool]:
    return (bundles.c.space == run.space) & (bundles.c.incarnation == run.incarnation)


def _end_of_slice(connection: Connection, run: _Run, most_bytes: int) -> int:
    """Return the sequence up to which a slice goes, without reading any bundle."""
    sizes = select(bundles.c.sequence, bundles.c.size).where(
        _of(run), bundles.c.sequence > run.after
    )
    last, taken = run.after, 0
    ordered = sizes.order_by(bundles.c.sequence).limit(_ROWS_AT_ONCE)
    for row in connection.execute(ordered).all():
        if taken and taken + row.size > most_bytes:
            break
        last, taken = row.sequence, taken + row.size
    return last
