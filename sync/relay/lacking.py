"""What this relay no longer has of what a machine holds, so that the machine sends it again.

A relay restored from an older backup knows less than it once acknowledged. A pull says up to where
its caller holds everything; what is missing below that is named at the beginning of the answer,
in one frame under a name that no bundle can have.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, func, literal, select

from sync.frames import encode_frame
from sync.heads import heads_mark
from sync.lacking import LACKING_NAME, RANGES_MAX, LackingRange, encode_lacking
from sync.registry import Registry
from sync.relay.covers import Covers
from sync.relay.tables import bundles


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is kept of one incarnation in one space: how many bundles, the first and the last."""

    count: int
    first: int
    last: int


NOTHING = Held(count=0, first=0, last=0)


# Written once: to write a question costs more than its answer.
_COUNTED = (
    select(
        bundles.c.incarnation,
        func.count().label("kept"),
        func.min(bundles.c.sequence).label("first"),
        func.max(bundles.c.sequence).label("last"),
    )
    .where(bundles.c.space == bindparam("of_space"))
    .group_by(bundles.c.incarnation)
    .order_by(bundles.c.incarnation)
)


def held_in(connection: Connection, space: bytes) -> dict[bytes, Held]:
    """Count what is kept of each incarnation in a space, in one reading of its index."""
    return {
        bytes(row.incarnation): Held(count=row.kept, first=row.first, last=row.last)
        for row in connection.execute(_COUNTED, {"of_space": space})
    }


def lacking_ranges(
    connection: Connection,
    covers: Covers,
    *,
    space: bytes,
    above: Mapping[bytes, int],
    held: Mapping[bytes, Held],
) -> Iterator[LackingRange]:
    """Give the ranges within 1 to `above` that should be here and are not, in order.

    What a complete checkpoint stands for does not lack: nothing is asked for up to its cover.
    Nothing is read of an incarnation whose count says that nothing is missing.
    """
    for incarnation in sorted(above):
        last = _expected(covers.registry, space, incarnation, above[incarnation])
        kept = held.get(incarnation, NOTHING)
        floor = covers.of(space).get(incarnation, 0)
        if last > floor and not _is_whole(kept, floor, last):
            for first, end in _missing(connection, (space, incarnation), floor, last):
                yield LackingRange(space=space, incarnation=incarnation, first=first, last=end)


def heads_mark_of(connection: Connection, covers: Covers, spaces: Iterable[bytes]) -> str:
    """Return the mark of what is kept in spaces: who holds as much has nothing to pull.

    Nothing at all when something lacks: a pull names it.
    """
    heads: dict[bytes, dict[bytes, int]] = {}
    for space in spaces:
        heads[space] = {}
        held, cover = held_in(connection, space), covers.of(space)
        for incarnation in held.keys() | cover.keys():
            kept, floor = held.get(incarnation, NOTHING), cover.get(incarnation, 0)
            if kept.last > floor and not _is_whole(kept, floor, kept.last):
                return ""
            heads[space][incarnation] = max(kept.last, floor)
    return heads_mark(heads)


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


def _is_whole(kept: Held, floor: int, last: int) -> bool:
    """Is everything above the floor to `last` here? Holes that lie higher make it look closer."""
    begins_low = kept.first <= floor + 1
    return begins_low and kept.last >= last and kept.count == kept.last - kept.first + 1


def _missing(
    connection: Connection, place: tuple[bytes, bytes], floor: int, last: int
) -> Iterator[tuple[int, int]]:
    """Find the holes between the floor and `last`: before each bundle kept, and after them all."""
    space, incarnation = place
    before = func.lag(bundles.c.sequence, 1, literal(floor)).over(order_by=bundles.c.sequence)
    steps = (
        select(bundles.c.sequence, before.label("before"))
        .where(
            bundles.c.space == space,
            bundles.c.incarnation == incarnation,
            bundles.c.sequence > floor,
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
        yield row.before + 1, row.sequence - 1
    reached = connection.scalar(select(func.max(steps.c.sequence))) or floor
    if reached < last:
        yield reached + 1, last
