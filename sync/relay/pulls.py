"""Bundles on their way out: all that lies above what the caller holds, slice by slice.

The caller says up to where it holds everything, so a relay restored from an older copy, or bundles
stored out of order, lose nothing: what the relay lacks of that is asked for first (`lacking`).
Nothing is remembered between two pulls.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from sqlalchemy import Connection, bindparam, select

from sync.frames import encode_frame
from sync.lacking import RANGES_MAX, LackingRange
from sync.relay.covers import Covers
from sync.relay.lacking import held_in, lacking_frame, lacking_ranges
from sync.relay.tables import bundles

SLICE_BYTES = 262_144
_ROWS_AT_ONCE = 256
_FEW = 2
"""So many bundles are read at once, whatever their sizes: most pulls bring no more."""


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


def frame_from(resumed: Resumed | None, name: bytes, body: bytes) -> bytes:
    """Frame what the caller lacks of some bytes: all of them, but for what it resumes."""
    offset = resumed.offset if resumed and resumed.name == name else 0
    return encode_frame(name, body, offset if offset <= len(body) else 0)


@dataclass(slots=True)
class _Run:
    """The bundles of one incarnation in one space that come after a sequence, up to the last."""

    space: bytes
    incarnation: bytes
    after: int
    last: int


@dataclass(kw_only=True)
class Pull:
    """One pull under way. `next_slice` is called until it `is_over`.

    `covers` says which of the incarnations that the caller names are members' at all, and what no
    longer lacks.
    """

    wanted: Sequence[Wanted]
    resumed: Resumed | None
    covers: Covers
    _runs: deque[_Run] | None = field(default=None, init=False)

    @property
    def is_over(self) -> bool:
        """Was everything given?"""
        return self._runs is not None and not self._runs

    def next_slice(self, connection: Connection) -> bytes:
        """Return the next frames, some hundred kilobytes of them, in order."""
        frames = bytearray()
        if self._runs is None:
            self._runs = deque()
            frames += lacking_frame(self._look_around(connection))
        while self._runs and len(frames) < SLICE_BYTES:
            run = self._runs[0]
            frames += self._frames_of(connection, run, SLICE_BYTES - len(frames))
            if run.after >= run.last:
                self._runs.popleft()
        return bytes(frames)

    def _look_around(self, connection: Connection) -> list[LackingRange]:
        """Note what there is to give, and return what is lacking, in the order of the spaces."""
        lacking: list[LackingRange] = []
        runs: list[_Run] = []
        for wanted in sorted(self.wanted, key=lambda one: one.space):
            held = held_in(connection, wanted.space)
            for incarnation, kept in held.items():
                after = wanted.above.get(incarnation, 0)
                if kept.last > after:
                    runs.append(_Run(wanted.space, incarnation, after, kept.last))
            found = lacking_ranges(
                connection, self.covers, space=wanted.space, above=wanted.above, held=held
            )
            lacking += islice(found, RANGES_MAX - len(lacking))
        self._runs = deque(runs)
        return lacking

    def _frames_of(self, connection: Connection, run: _Run, most_bytes: int) -> bytes:
        """Return the next frames of a run, at least one if there is any, and step over them."""
        is_short = run.last - run.after <= _FEW
        last = run.last if is_short else _end_of_slice(connection, run, most_bytes)
        rows = connection.execute(_BODIES, _of(run) | {"to_sequence": last})
        frames = b"".join(frame_from(self.resumed, row.name, row.body) for row in rows)
        # Nothing more is there when some were removed meanwhile.
        run.after = last if frames else run.last
        return frames


_AFTER = (
    (bundles.c.space == bindparam("of_space"))
    & (bundles.c.incarnation == bindparam("of_incarnation"))
    & (bundles.c.sequence > bindparam("after_sequence"))
)
# Written once: to write a question costs more than its answer.
_SIZES = (
    select(bundles.c.sequence, bundles.c.size)
    .where(_AFTER)
    .order_by(bundles.c.sequence)
    .limit(_ROWS_AT_ONCE)
)
_BODIES = (
    select(bundles.c.name, bundles.c.body)
    .where(_AFTER, bundles.c.sequence <= bindparam("to_sequence"))
    .order_by(bundles.c.sequence)
)


def _of(run: _Run) -> dict[str, bytes | int]:
    return {
        "of_space": run.space,
        "of_incarnation": run.incarnation,
        "after_sequence": run.after,
    }


def _end_of_slice(connection: Connection, run: _Run, most_bytes: int) -> int:
    """Return the sequence up to which a slice goes, without reading any bundle."""
    last, taken = run.after, 0
    for row in connection.execute(_SIZES, _of(run)).all():
        if taken and taken + row.size > most_bytes:
            break
        last, taken = row.sequence, taken + row.size
    return last
