"""What this relay no longer has of what a machine holds, so that the machine sends it again.

A relay restored from an older backup knows less than it once acknowledged. A pull says up to where
its caller holds everything; what is missing below that is named at the beginning of the answer,
in one frame under a name that no bundle can have.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, literal, select

from sync.frames import encode_frame
from sync.lacking import LACKING_NAME, RANGES_MAX, LackingRange, encode_lacking
from sync.registry import Registry
from sync.relay.tables import bundles


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is kept of one incarnation in one space: how many bundles, the first and the last."""

    count: int
    first: int
    last: int


NOTHING = Held(count=0, first=0, last=0)


def floor(_space: bytes, _incarnation: bytes) -> int:
    """Return the sequence up to which a completed checkpoint stands for the bundles themselves."""
    return 0


def held_in(connection: Connection, space: bytes) -> dict[bytes, Held]:
    """Count what is kept of each incarnation in a space, in one reading of its index."""
    counted = (
        select(
            bundles.c.incarnation,
            func.count().label("kept"),
            func.min(bundles.c.sequence).label("first"),
            func.max(bundles.c.sequence).label("last"),
        )
        .where(bundles.c.space == space)
        .group_by(bundles.c.incarnation)
        .order_by(bundles.c.incarnation)
    )
    return {
        bytes(row.incarnation): Held(count=row.kept, first=row.first, last=row.last)
        for row in connection.execute(counted)
    }


def lacking_ranges(
    connection: Connection,
    registry: Registry,
    *,
    space: bytes,
    above: Mapping[bytes, int],
    held: Mapping[bytes, Held],
) -> Iterator[LackingRange]:
    """Give the ranges within 1 to `above` that should be here and are not, in order.

    Nothing is read of an incarnation whose count says that nothing is missing.
    """
    for incarnation in sorted(above):
        last = _expected(registry, space, incarnation, above[incarnation])
        kept = held.get(incarnation, NOTHING)
        if last > floor(space, incarnation) and not _is_whole(kept, space, incarnation, last):
            yield from _missing(connection, space, incarnation, last)


def lacking_frame(ranges: Sequence[LackingRange]) -> bytes:
    """Write the frame that tells what is lacking; nothing at all when nothing is."""
    return encode_frame(LACKING_NAME, encode_lacking(ranges)) if ranges else b""


def _expected(registry: Registry, space: bytes, incarnation: bytes, above: int) -> int:
    """Return up to where bundles of an incarnation may be here; 0 if it is no member's."""
    author = registry.incarnations.get(incarnation)
    if author is None or not registry.machine_is_member(space, author):
        return 0
    accepted = registry.accepted_sequence(author, space, incarnation)
    return above if accepted is None else min(above, accepted)


def _is_whole(kept: Held, space: bytes, incarnation: bytes, last: int) -> bool:
    """Is everything from the floor to `last` here? Holes that lie higher make it look closer."""
    begins_low = kept.first <= floor(space, incarnation) + 1
    return begins_low and kept.last >= last and kept.count == kept.last - kept.first + 1


def _missing(
    connection: Connection, space: bytes, incarnation: bytes, last: int
) -> Iterator[LackingRange]:
    """Find the holes between the floor and `last`: before each bundle kept, and after them all."""
    start = floor(space, incarnation)
    before = func.lag(bundles.c.sequence, 1, literal(start)).over(order_by=bundles.c.sequence)
    steps = (
        select(bundles.c.sequence, before.label("before"))
        .where(
            bundles.c.space == space,
            bundles.c.incarnation == incarnation,
            bundles.c.sequence > start,
            bundles.c.sequence <= last,
        )
        .subquery()
    )
    holes = (
        select(steps.c.before, steps.c.sequence)
        .where(steps.c.sequence > steps.c.before + 1)
        .order_by(steps.c.sequence)
        .limit(RANGES_MAX)
    )
    for row in connection.execute(holes).all():
        yield LackingRange(
            space=space, incarnation=incarnation, first=row.before + 1, last=row.sequence - 1
        )
    reached = connection.scalar(select(func.max(steps.c.sequence))) or start
    if reached < last:
        yield LackingRange(space=space, incarnation=incarnation, first=reached + 1, last=last)
