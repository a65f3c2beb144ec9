"""What a relay says it no longer keeps of what its caller holds: it was restored from a backup.

The answer to a pull may begin with one frame of this name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sync.canonical import CanonicalError, Flaw, canonical, read_canonical

LACKING_NAME = bytes(32)
"""Name of the frame: no bundle bears it."""

RANGES_MAX = 1_000
_MAX_BYTES = 64 * RANGES_MAX
_SPACE_BYTES, _INCARNATION_BYTES = 16, 8
_SEQUENCE_LIMIT = 2**48


@dataclass(frozen=True, slots=True, kw_only=True)
class LackingRange:
    """Sequences of one incarnation in one space, both ends included."""

    space: bytes
    incarnation: bytes
    first: int
    last: int


def encode_lacking(ranges: Sequence[LackingRange]) -> bytes:
    """Write ranges, the first thousand at most; the others are named by a later answer."""
    return canonical(
        [[one.space, one.incarnation, one.first, one.last] for one in ranges[:RANGES_MAX]]
    )


def read_lacking(data: bytes) -> tuple[LackingRange, ...]:
    """Read ranges.

    Raises:
        CanonicalError: they are not well formed.
    """
    found = read_canonical(data, _MAX_BYTES)
    if not isinstance(found, tuple) or len(found) > RANGES_MAX:
        raise CanonicalError(Flaw.MALFORMED)
    return tuple(_range(one) for one in found)


def _range(one: object) -> LackingRange:
    match one:
        case (bytes(space), bytes(incarnation), int(first), int(last)) if (
            (type(first), type(last)) == (int, int)  # `true` is none
            and len(space) == _SPACE_BYTES
            and len(incarnation) == _INCARNATION_BYTES
            and 1 <= first <= last < _SEQUENCE_LIMIT
        ):
            return LackingRange(space=space, incarnation=incarnation, first=first, last=last)
        case _:
            raise CanonicalError(Flaw.MALFORMED)
