"""What survives of a space up to a cover: events read back from the log, and their digest.

An event belongs to a cover when the bundle that carried it does. Of a subject erased within the
cover the erasures alone survive; of one erased since, the log keeps no content but digests.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

from app.checkpoint_port import SubjectWeight
from app.domain.events import ERASE, KNOWN_KINDS, Event
from app.domain.identifiers import EventId, Incarnation, SpaceId, SubjectId
from app.store.bodies import content_digest
from app.store.log import event_from_row

EVENT_WEIGHT_BYTES = 64
"""What an event weighs beside its body."""

Cover: TypeAlias = Mapping[Incarnation, int]

_DIGEST = b"deux-portes/survivors/1\0"
_AT_ONCE = 1_000
_EVENT = "e.event, e.space, e.subject, e.kind, e.version, e.lamport, e.at_s, e.doubtful, e.author,"
_PAGE = (
    f"SELECT {_EVENT} e.body, e.digest, b.incarnation, b.sequence"  # noqa: S608
    " FROM events e JOIN bundles b ON b.name = e.bundle WHERE e.space = ?"
    " AND b.space = e.space AND e.event > ? ORDER BY e.event LIMIT ?"
)
_ERASURES = (
    "SELECT e.subject, b.incarnation, b.sequence FROM events e"  # noqa: S608
    " JOIN bundles b ON b.name = e.bundle"
    f" WHERE e.kind = '{ERASE}' AND e.version <= ? AND e.space = ? AND b.space = e.space"
)
_WEIGHTS = (
    "SELECT e.subject, e.kind, count(*), coalesce(sum(length(e.body)), 0) FROM events e"
    " JOIN bundles b ON b.name = e.bundle WHERE e.space = ? AND b.space = e.space"
    " GROUP BY e.subject, e.kind"
)
_BODY, _STORED, _INCARNATION, _SEQUENCE = 9, 10, 11, 12


def survivors_digest(connection: Any, space: SpaceId, cover: Cover) -> bytes:
    """Return the digest of what survives; none when the content of some is nowhere."""
    erased = erased_within(connection, space, cover)
    total = hashlib.sha256(_DIGEST + space)
    for row in _covered_rows(connection, space, cover):
        if row[3] == ERASE or row[2] not in erased:
            one = row[_STORED] if row[_BODY] is None else content_digest((row[0], *row[2:10]))
            if one is None:
                return b""
            total.update(one)
    return total.digest()


def erased_within(
    connection: Any, space: SpaceId, cover: Cover | None = None
) -> frozenset[SubjectId]:
    """Return the subjects that a covered event erases; without a cover, any bundle's."""
    parameters = (KNOWN_KINDS[ERASE], space)
    return frozenset(
        SubjectId(subject)
        for subject, incarnation, sequence in connection.execute(_ERASURES, parameters)
        if cover is None or sequence <= cover.get(incarnation, 0)
    )


def survivor_weights(connection: Any, space: SpaceId) -> list[SubjectWeight]:
    """Return what survives of all the bundles held, by subject."""
    erased = erased_within(connection, space)
    weights: Counter[SubjectId] = Counter()
    for subject, kind, count, size_bytes in connection.execute(_WEIGHTS, (space,)):
        if kind == ERASE or subject not in erased:
            weights[subject] += count * EVENT_WEIGHT_BYTES + size_bytes
    return [SubjectWeight(subject=name, size_bytes=size) for name, size in weights.items()]


def survivors_of(connection: Any, space: SpaceId, subjects: Sequence[SubjectId]) -> list[Event]:
    """Return what survives of some subjects; what has no content any more is left out."""
    erased = erased_within(connection, space)
    found = []
    for start in range(0, len(subjects), _AT_ONCE):
        some = subjects[start : start + _AT_ONCE]
        sql = (
            f"SELECT {_EVENT} e.body FROM events e JOIN bundles b ON b.name = e.bundle"  # noqa: S608
            " WHERE e.space = ? AND b.space = e.space AND e.body IS NOT NULL"
            f" AND e.subject IN ({', '.join('?' * len(some))})"
        )
        rows = connection.execute(sql, (space, *some))
        found += [row for row in rows if row[3] == ERASE or row[2] not in erased]
    return [event_from_row(row) for row in found]


def contradicts(
    connection: Any,
    space: SpaceId,
    cover: Cover,
    survivors: frozenset[EventId],
    erased: frozenset[SubjectId],
) -> bool:
    """Is an event held within a cover, of a subject not erased, that is no survivor?"""
    rows = connection.execute("SELECT subject FROM erased WHERE space = ?", (space,))
    gone = {row[0] for row in rows} | erased
    return any(
        row[0] not in survivors and row[2] not in gone
        for row in _covered_rows(connection, space, cover)
    )


def _covered_rows(connection: Any, space: SpaceId, cover: Cover) -> Iterator[Any]:
    """Give the events of a cover by identifier, a page at a time."""
    after = b""
    while rows := connection.execute(_PAGE, (space, after, _AT_ONCE)).fetchall():
        for row in rows:
            if row[_SEQUENCE] <= cover.get(row[_INCARNATION], 0):
                yield row
        after = rows[-1][0]
