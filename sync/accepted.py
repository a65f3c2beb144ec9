"""What is accepted of a machine that was removed: the last bundle of each of its chains, by name.

The name stands for all that lies below it: each bundle names the one before. Both ends of the wire
read removals here alone, so that they accept the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sync.statements import Revocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The last bundle accepted of one incarnation in one space; `sequence` 0 when none is."""

    sequence: int
    name: bytes


NOTHING = Accepted(sequence=0, name=b"")


def least_accepted(
    revocations: Iterable[Revocation], space: bytes, incarnation: bytes
) -> Accepted | None:
    """Return what all these removals accept of a chain; None when there is no removal.

    The least sequence counts. Two names for one place are two chains, and nothing says which of
    them is meant: then nothing is accepted until somebody signs again.
    """
    said = [_heads(revocation, space, incarnation) for revocation in revocations]
    if not said:
        return None
    least = min(max((head.sequence for head in heads), default=0) for heads in said)
    named = {head for heads in said for head in heads if head.sequence == least}
    return named.pop() if len(named) == 1 else NOTHING


def _heads(revocation: Revocation, space: bytes, incarnation: bytes) -> list[Accepted]:
    return [
        Accepted(sequence=sequence, name=name)
        for of_space, of_incarnation, sequence, name in revocation.accepted
        if (of_space, of_incarnation) == (space, incarnation)
    ]
