"""The log: events appended, never changed; the truth from which every row is folded."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.domain.errors import ForgedEventError
from app.domain.events import (
    ERASE,
    KNOWN_KINDS,
    LAMPORT_CEILING,
    Append,
    Event,
    Value,
    Write,
)
from app.domain.fold import SubjectState, fold
from app.domain.identifiers import EventId, Incarnation, SpaceId, SubjectId, event_id
from app.domain.spaces import Space
from app.store.bodies import content_digest, pack, pack_body, unpack_body
from app.store.confined import is_confined, replaced_by_new
from app.store.late_edits import note_late_edits, release_erasures
from app.store.lives import left_by_former_lives
from app.store.writer import Tx

IDENTIFIER_BYTES = 16
_COLUMNS = "event, space, subject, kind, version, lamport, at_s, doubtful, author, body"
_BODY = 9
_CONTENT = "event, subject, kind, version, lamport, at_s, doubtful, author, body"
_INSERT = (
    f"INSERT INTO events ({_COLUMNS}, own, came_back, confined, bundle, digest)"  # noqa: S608
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_NAMES_AT_ONCE = 256


class Pen:
    """Writes events by one author at one moment, inside one transaction.

    `confined` events stay on this machine until the person agrees: they are never sealed; nor is
    anything written later about a subject that is confined. `touched` gathers the subjects written,
    for the fold that ends the transaction.
    """

    def __init__(
        self, tx: Tx, *, author: str, at_s: int, doubtful: bool = False, confined: bool = False
    ) -> None:
        self._tx = tx
        self._author = author
        self._at_s = at_s
        self._doubtful = doubtful
        self._confined = confined
        self.touched: dict[SubjectId, SpaceId] = {}

    def reserve(self) -> SubjectId:
        """Return the identifier of a subject about to be created, for values bound to it."""
        return SubjectId(bytes(self._next_id()))

    def create(
        self,
        space: Space,
        kind: str,
        fields: Mapping[str, Value],
        *,
        subject: SubjectId | None = None,
    ) -> SubjectId:
        """Create a subject in a space with its first fields; fields that are None are left out."""
        name = subject if subject is not None else self.reserve()
        remember_space(self._tx, space)
        written = tuple(
            Write(field=field, value=value) for field, value in fields.items() if value is not None
        )
        event = self._event(EventId(bytes(name)), space.id, name, kind)
        self._append(replace(event, writes=written))
        return name

    def change(
        self,
        space: SpaceId,
        subject: SubjectId,
        kind: str,
        fields: Mapping[str, Value],
        *,
        appends: tuple[Append, ...] = (),
    ) -> EventId:
        """Write fields of a subject, replacing what stands, and append items to its lists."""
        state = read_state(self._tx.db.conn, space, subject)
        written = tuple(
            Write(field=name, value=value, replaces=replaced_by_new(self._tx, space, state, name))
            for name, value in fields.items()
            if value is not None or state.heads(name)
        )
        event = self._event(self._next_id(), space, subject, kind)
        self._append(
            replace(event, writes=written, appends=appends),
            confined=is_confined(self._tx, subject),
        )
        return event.id

    def erase(self, space: SpaceId, subject: SubjectId, *, has_left: bool = False) -> None:
        """End a subject for ever, here and everywhere the event reaches.

        A subject of which nothing ever left is erased here alone: its name does not leave either.
        `has_left` says that it is elsewhere, though nothing of it is here.
        """
        left = "SELECT 1 FROM events WHERE subject = ? AND space = ? AND bundle IS NOT NULL LIMIT 1"
        stays = not has_left and self._tx.one(left, (subject, space)) is None
        self._append(self._event(self._next_id(), space, subject, ERASE), confined=stays)
        bury(self._tx, space, subject)

    def _event(self, name: EventId, space: SpaceId, subject: SubjectId, kind: str) -> Event:
        return Event(
            id=name,
            space=space,
            subject=subject,
            kind=kind,
            version=KNOWN_KINDS[kind],
            lamport=self._next_lamport(),
            at_s=self._at_s,
            author=self._author,
            clock_doubtful=self._doubtful,
        )

    def _append(self, event: Event, *, confined: bool = False) -> None:
        append_own(self._tx, [(event, self._confined or confined)])
        self.touched[event.subject] = event.space

    def _next_id(self) -> EventId:
        row = self._tx.one(
            "UPDATE identity SET counter = counter + 1 RETURNING incarnation, counter"
        )
        return event_id(Incarnation(row[0]), row[1])

    def _next_lamport(self) -> int:
        row = self._tx.one("UPDATE identity SET lamport = lamport + 1 RETURNING lamport")
        return int(row[0])


def remember_space(tx: Tx, space: Space) -> None:
    """Keep the kind and members that a space's name commits to."""
    tx.execute(
        "INSERT OR IGNORE INTO spaces (space, kind, members) VALUES (?, ?, ?)",
        (space.id, int(space.kind), pack(space.members)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """What foreign events brought: how many were new, and the subjects to fold.

    `whole` gives the events of the subjects of which the log holds nothing else: most of those of a
    backlog, which need not be read back to be folded.
    """

    events: int
    touched: Mapping[SubjectId, SpaceId]
    whole: Mapping[SubjectId, Sequence[Event]]


def add_foreign(tx: Tx, events: Sequence[Event], *, bundle: bytes, own: bool = False) -> Added:
    """Add the events of a pulled bundle to the log.

    An event known already is passed over; an event of an erased subject is kept as a name without
    content, so that it never comes back. When a former life of this file wrote them, they are its
    own, and those that waited here to be sealed wait no more.

    Raises:
        ForgedEventError: a known identifier comes with other content.
    """
    known = _known_among(tx.db.conn, events)
    # Those that waited here, and those whose bundle a checkpoint made void, have one now.
    left = (
        "UPDATE events SET bundle = ?, confined = 0,"
        " digest = CASE WHEN body IS NULL THEN ? END WHERE event = ? AND bundle IS NULL"
    )
    again = [event for event in events if event.id in known]
    tx.db.conn.executemany(left, [(bundle, digest_of(event), event.id) for event in again])
    release_erasures(tx, events if own else ())
    new = [event for event in events if event.id not in known]
    erased = _erased_among(tx.db.conn, new)
    dead = [event.kind != ERASE and event.subject in erased for event in new]
    rows = [
        (*_row(event, dead=is_dead), own, own, False, bundle, digest_of(event) if is_dead else None)
        for event, is_dead in zip(new, dead, strict=True)
    ]
    tx.db.conn.executemany(_INSERT, rows)
    ends = [event for event in new if event.kind == ERASE and event.is_known]
    note_late_edits(tx, ends)
    for event in ends:
        bury(tx, event.space, event.subject)
    greatest = max((event.lamport for event in events), default=0)
    tx.execute("UPDATE identity SET lamport = max(lamport, ?)", (min(greatest, LAMPORT_CEILING),))
    return Added(
        events=len(new),
        touched={event.subject: event.space for event in new},
        whole={} if erased or ends else _whole_among(tx.db.conn, new),
    )


def check_not_forged(connection: Any, events: Iterable[Event]) -> None:
    """Check, before any is added, that no known identifier comes with other content.

    Raises:
        ForgedEventError: one does.
    """
    _known_among(connection, list(events))


def is_known(connection: Any, event: Event) -> bool:
    """Is this event in the log already?

    Raises:
        ForgedEventError: its identifier is, with other content.
    """
    sql = f"SELECT {_COLUMNS} FROM events WHERE event = ?"  # noqa: S608
    row = connection.execute(sql, (event.id,)).fetchone()
    if row is None:
        return False
    _check_same(event, row)
    return True


def _check_same(event: Event, row: Sequence[Any]) -> None:
    came = _row(event, dead=row[_BODY] is None)  # of an erased event, only its name is left
    if tuple(row) != came:
        raise ForgedEventError


def _known_among(connection: Any, events: Sequence[Event]) -> frozenset[EventId]:
    """Return which of these events are in the log already, all of them with the same content."""
    sql = f"SELECT {_COLUMNS} FROM events WHERE event IN "  # noqa: S608
    rows = {row[0]: row for row in _each(connection, sql, [event.id for event in events])}
    for event in events:
        if event.id in rows:
            _check_same(event, rows[event.id])
    return frozenset(rows)


def _erased_among(connection: Any, events: Sequence[Event]) -> frozenset[SubjectId]:
    """Return the erased subjects of these events, all of one space."""
    subjects = list({event.subject for event in events})
    rows = _each(connection, "SELECT space, subject FROM erased WHERE subject IN ", subjects)
    spaces = {event.space for event in events}
    return frozenset(subject for space, subject in rows if space in spaces)


def _whole_among(connection: Any, events: Sequence[Event]) -> Mapping[SubjectId, Sequence[Event]]:
    """Return the subjects of which the log holds these events and no other, in any space."""
    by_subject: dict[SubjectId, list[Event]] = {}
    for event in events:
        by_subject.setdefault(event.subject, []).append(event)
    held = _each(connection, "SELECT subject FROM events WHERE subject IN ", list(by_subject))
    counts = Counter(row[0] for row in held)
    return {subject: its for subject, its in by_subject.items() if counts[subject] == len(its)}


def _each(connection: Any, sql: str, names: Sequence[bytes]) -> Iterator[Any]:
    """Give the rows of a query that ends with `IN`, so many names at a time."""
    for start in range(0, len(names), _NAMES_AT_ONCE):
        some = names[start : start + _NAMES_AT_ONCE]
        places = ", ".join("?" * len(some))
        yield from connection.execute(f"{sql}({places})", some).fetchall()


def bury(tx: Tx, space: SpaceId, subject: SubjectId) -> None:
    """Destroy the content of every event of a subject; what was never sealed will never leave."""
    tx.execute("INSERT OR IGNORE INTO erased (subject, space) VALUES (?, ?)", (subject, space))
    # Others still hold what left: until a checkpoint covers the erasure, desks compare by digests.
    left = tx.execute(
        f"SELECT {_CONTENT} FROM events WHERE subject = ? AND space = ? AND kind <> ?"  # noqa: S608
        " AND body IS NOT NULL AND bundle IS NOT NULL",
        (subject, space, ERASE),
    ).fetchall()
    for row in left:
        tx.execute("UPDATE events SET digest = ? WHERE event = ?", (content_digest(row), row[0]))
    tx.execute(
        "UPDATE events SET body = NULL, author = '', at_s = 0"
        " WHERE subject = ? AND space = ? AND kind <> ?",
        (subject, space, ERASE),
    )


def digest_of(event: Event) -> bytes:
    """Return the digest by which desks compare events: see `app.store.bodies.content_digest`."""
    row = _row(event, dead=False)
    return content_digest((row[0], *row[2:]))


def is_erased(connection: Any, space: SpaceId, subject: SubjectId) -> bool:
    """Has this subject been erased, here or elsewhere?"""
    row = connection.execute(
        "SELECT 1 FROM erased WHERE subject = ? AND space = ?", (subject, space)
    ).fetchone()
    return row is not None


def read_state(connection: Any, space: SpaceId, subject: SubjectId) -> SubjectState:
    """Fold one subject from the log."""
    return fold(subject, read_events(connection, space, subject))


def read_events(connection: Any, space: SpaceId, subject: SubjectId) -> list[Event]:
    """Return the events of one subject."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM events WHERE subject = ? AND space = ?",  # noqa: S608
        (subject, space),
    )
    return [event_from_row(row) for row in rows]


def event_from_row(row: Sequence[Any]) -> Event:
    """Read an event back; one whose content was destroyed comes back without writes."""
    writes, appends = unpack_body(row[_BODY]) if row[_BODY] is not None else ((), ())
    return Event(
        id=EventId(row[0]),
        space=SpaceId(row[1]),
        subject=SubjectId(row[2]),
        kind=row[3],
        version=row[4],
        lamport=row[5],
        at_s=row[6],
        clock_doubtful=bool(row[7]),
        author=row[8],
        writes=writes,
        appends=appends,
    )


def unsealed(connection: Any, space: SpaceId, limit: int) -> list[Event]:
    """Return events of the present life that wait for a bundle, in counter order.

    Confined or erased ones never leave. What speaks of an event that a former life left waits until
    that one has its lasting identifier.
    """
    left = left_by_former_lives(connection)
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM events WHERE space = ? AND own = 1 AND bundle IS NULL"  # noqa: S608
        " AND confined = 0 AND body IS NOT NULL AND substr(event, 1, 8) ="
        " (SELECT incarnation FROM identity) ORDER BY event LIMIT ?",
        (space, -1 if left else limit),
    )
    events = [event_from_row(row) for row in rows]
    if left:
        events = [event for event in events if left.isdisjoint(mentions(event))]
    return events[:limit]


def mentions(event: Event) -> Iterator[bytes]:
    """Give the identifiers that an event speaks of: its subject, what it replaces, its values."""
    yield event.subject
    for write in event.writes:
        yield from write.replaces
        yield from _names_in(write.value)
    for append in event.appends:
        yield from _names_in(append.value)


def _names_in(value: Value) -> Iterator[bytes]:
    if isinstance(value, bytes) and len(value) == IDENTIFIER_BYTES:
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _names_in(item)
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _names_in(item)


def append_own(tx: Tx, events: Iterable[tuple[Event, bool]]) -> None:
    """Add events written here, each with whether it is confined."""
    for event, stays in events:
        dead = event.kind != ERASE and is_erased(tx.db.conn, event.space, event.subject)
        tx.execute(_INSERT, (*_row(event, dead=dead), True, False, stays, None, None))


def _row(event: Event, *, dead: bool) -> tuple[Any, ...]:
    return (
        event.id,
        event.space,
        event.subject,
        event.kind,
        event.version,
        event.lamport,
        0 if dead else event.at_s,
        event.clock_doubtful,
        "" if dead else event.author,
        None if dead else pack_body(event),
    )
