"""Which survivors lie together: the subjects of a space by buckets of about the same weight.

A bucket holds the subjects of which the SHA-256 begins with some bits; one that grows too heavy is
divided in two. So what one subject gains or loses moves one bucket alone.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.identifiers import SubjectId

BUCKET_BYTES = 65_536
"""What a bucket weighs at most, when it holds several subjects."""

MOST_BUCKETS = 1_000
"""Beyond, buckets are twice as heavy, and so on: their names must fit in one statement."""

_HASH_BITS = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A subject and about how many bytes its survivors hold."""

    subject: SubjectId
    size_bytes: int


def buckets(weights: Sequence[Weight]) -> list[list[SubjectId]]:
    """Divide subjects among buckets; the same subjects and weights give the same buckets."""
    limit = BUCKET_BYTES
    while sum(weight.size_bytes for weight in weights) > limit * MOST_BUCKETS:
        limit *= 2
    placed = [
        (int.from_bytes(hashlib.sha256(weight.subject).digest(), "big"), weight)
        for weight in sorted(weights, key=lambda one: one.subject)
    ]
    return [
        [weight.subject for _, weight in bucket]
        for bucket in _divided(placed, _HASH_BITS, limit)
        if bucket
    ]


def _divided(
    placed: list[tuple[int, Weight]], bits_left: int, limit: int
) -> Iterator[list[tuple[int, Weight]]]:
    if len(placed) <= 1 or sum(weight.size_bytes for _, weight in placed) <= limit:
        yield placed
        return
    bit = 1 << (bits_left - 1)
    yield from _divided([one for one in placed if not one[0] & bit], bits_left - 1, limit)
    yield from _divided([one for one in placed if one[0] & bit], bits_left - 1, limit)
