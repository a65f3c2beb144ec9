"""Writing again, under the present life, what a former life of this file left unsealed.

A restored or cloned file holds events that were never sealed here: the life that wrote them may
have sealed them elsewhere, or given their identifiers to others. Once everything which that life
had sealed was pulled, those that nobody received are given identifiers of the present life, and
every mention of the old ones follows: subjects, replaced values, links between records, rows.

A field sealed for some agents is bound to its subject. It is sealed again under the new name by an
agent entitled to read it; until one is here, its subject waits, and so does what speaks of it.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NewType

from app.changes import Changes
from app.domain.errors import CompartmentClosedError, ForgedEventError
from app.domain.events import Append, Event, SealedValue, Value, Write
from app.domain.identifiers import (
    EventId,
    Incarnation,
    SpaceId,
    SubjectId,
    event_id,
    id_text,
    incarnation_of,
)
from app.store.bodies import pack_body
from app.store.compartments import Compartments
from app.store.log import (
    Pen,
    event_from_row,
    is_known,
    left_by_former_lives,
    mentions,
    read_state,
)
from app.store.rows import fold_subjects, forget_rows
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

WAITING_FOR_AGENT = "waiting_for_agent"
"""Memo: how many events wait for an agent entitled to read a field of their subject."""

Names = NewType("Names", dict[bytes, EventId])
"""From old identifiers to new ones."""

_ANY = EventId(bytes(16))
_EVENT = "event, space, subject, kind, version, lamport, at_s, doubtful, author, body"
_BODY = 9
# What was erased keeps the name under which its erasure knows it.
_UNSEALED = (
    f"SELECT {_EVENT} FROM events WHERE own = 1 AND bundle IS NULL"  # noqa: S608
    " AND (body IS NOT NULL OR kind = 'erase') ORDER BY event"
)
_SET_ASIDE = "SELECT DISTINCT space, incarnation FROM quarantine"
_SPEAK_OF_IT = "SELECT space, subject FROM events WHERE own = 1 AND bundle IS NOT NULL"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unsealed:
    """The events that were never sealed here, of every life, and the subjects they created.

    `dead` are those whose content was destroyed, `left` what former lives left.
    """

    events: tuple[Event, ...]
    dead: frozenset[EventId]
    left: frozenset[bytes]

    def named_anew(self, chosen: Iterable[Event], compartments: Compartments) -> list[Event]:
        """Return those, of some events, whose subject can take another name now."""
        closed = {
            event.subject
            for event in self.events
            if bytes(event.subject) in self.left and not _can_move(event, compartments)
        }
        return [event for event in chosen if event.subject not in closed]

    def that_follow(self, chosen: Iterable[Event]) -> list[Event]:
        """Return what the present life wrote of the subjects that some events create.

        An event comes after the one that creates its subject: where that is named anew, so is it.
        """
        renamed = {bytes(event.id) for event in chosen}
        return [
            event
            for event in self.events
            if bytes(event.subject) in renamed
            and bytes(event.id) not in renamed
            and bytes(event.id) not in self.left
        ]


def rewrite_former(workspace: Workspace) -> Changes:
    """Give lasting identifiers to what former lives left; see `SyncPort.rewrite_former`."""
    with workspace.read() as connection:
        left = left_by_former_lives(connection)
        if not left and not _is_waiting(connection):
            return Changes()
        # Sealed events never change: what they say of the others is looked for beforehand.
        spoken = _speaking_of(connection, left)

    def work(tx: Tx) -> Changes:
        unsealed = _unsealed(tx)
        aside = set(tx.execute(_SET_ASIDE).fetchall())
        free = [
            event
            for event in unsealed.events
            if bytes(event.id) in unsealed.left
            and (event.space, incarnation_of(event.id)) not in aside
        ]
        chosen = unsealed.named_anew(free, workspace.compartments)
        _note_waiting(tx, len(free) - len(chosen))
        return _rewrite(tx, unsealed, chosen, workspace.compartments, spoken)

    return workspace.writer.write(work, priority=Priority.EXCHANGE)


def make_way(tx: Tx, pulled: Sequence[Event], compartments: Compartments) -> Changes:
    """Give other identifiers to events that a former life, lost since, gave to these.

    Raises:
        CompartmentClosedError: one of them waits for another agent than the one who is here.
    """
    changes = Changes()
    # What spoke of a renamed event has other content from then on: look again.
    while colliding := {event.id for event in pulled if _collides(tx, event)}:
        unsealed = _unsealed(tx)
        wanted = [event for event in unsealed.events if event.id in colliding]
        chosen = unsealed.named_anew(wanted, compartments)
        if len(chosen) < len(wanted):
            raise CompartmentClosedError(WAITING_FOR_AGENT)
        # Sealed events that name one mean the pulled one: the life that was lost wrote them too.
        changes |= _rewrite(tx, unsealed, chosen, compartments, spoken=())
    return changes


def _collides(tx: Tx, event: Event) -> bool:
    if tx.one("SELECT 1 FROM events WHERE event = ? AND own = 1 AND bundle IS NULL", (event.id,)):
        try:
            is_known(tx.db.conn, event)
        except ForgedEventError:
            return True
    return False


def _unsealed(tx: Tx) -> _Unsealed:
    rows = tx.execute(_UNSEALED).fetchall()
    return _Unsealed(
        events=tuple([event_from_row(row) for row in rows]),
        dead=frozenset(EventId(row[0]) for row in rows if row[_BODY] is None),
        left=left_by_former_lives(tx.db.conn),
    )


def _speaking_of(connection: Any, names: Iterable[bytes]) -> list[tuple[SpaceId, SubjectId]]:
    """Return the subjects of sealed events that name a life which left events behind."""
    subjects: dict[tuple[SpaceId, SubjectId], None] = {}
    for life in {Incarnation(bytes(name[:8])) for name in names}:
        sql = f"{_SPEAK_OF_IT} AND instr(body, ?) > 0"
        for space, subject in connection.execute(sql, (b"\x50" + life,)).fetchall():
            subjects[SpaceId(space), SubjectId(subject)] = None
    return list(subjects)


def _is_waiting(connection: Any) -> bool:
    sql = "SELECT 1 FROM memos WHERE name = ? AND text <> ''"
    return connection.execute(sql, (WAITING_FOR_AGENT,)).fetchone() is not None


def _note_waiting(tx: Tx, count: int) -> None:
    sql = "INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)"
    tx.execute(sql, (WAITING_FOR_AGENT, str(count) if count else ""))


def _rewrite(
    tx: Tx,
    unsealed: _Unsealed,
    chosen: Sequence[Event],
    compartments: Compartments,
    spoken: Iterable[tuple[SpaceId, SubjectId]],
) -> Changes:
    names = _new_names(tx, [*chosen, *unsealed.that_follow(chosen)])
    if not names:
        return Changes()
    moved = [
        (event, again)
        for event in unsealed.events
        if (again := _again(event, names, compartments)) is not event
    ]
    _replace(tx, moved, unsealed.dead)
    touched = {again.subject: again.space for _, again in moved}
    _rename_in_drafts(tx, names)
    for space, subject in spoken:
        touched |= _correct(tx, space, subject, names)
    return fold_subjects(tx, touched)


def _new_names(tx: Tx, chosen: Iterable[Event]) -> Names:
    old = dict.fromkeys(bytes(event.id) for event in chosen)
    sql = "UPDATE identity SET counter = counter + ? RETURNING incarnation, counter"
    life, last = tx.one(sql, (len(old),))
    first = last - len(old) + 1
    new = (event_id(Incarnation(life), counter) for counter in range(first, last + 1))
    return Names(dict(zip(old, new, strict=True)))


def _again(event: Event, names: Names, compartments: Compartments) -> Event:
    """Return an event with the new names in place of the old ones."""
    if names.keys().isdisjoint({bytes(event.id), *mentions(event)}):
        return event
    subject = SubjectId(bytes(names.get(bytes(event.subject), event.subject)))
    moved = _Moved(names, compartments, event.subject, subject)
    return replace(
        event,
        id=names.get(bytes(event.id), event.id),
        subject=subject,
        writes=tuple(
            Write(
                field=write.field,
                value=moved.value(write.value, write.field),
                replaces=tuple(names.get(bytes(old), old) for old in write.replaces),
            )
            for write in event.writes
        ),
        appends=tuple(
            Append(list_name=item.list_name, value=moved.value(item.value, item.list_name))
            for item in event.appends
        ),
    )


@dataclass(frozen=True, slots=True)
class _Moved:
    """Values of a subject under its new name."""

    names: Names
    compartments: Compartments
    before: SubjectId
    after: SubjectId

    def value(self, value: Value, field: str) -> Value:
        if isinstance(value, bytes):
            return bytes(self.names.get(value, value))
        if isinstance(value, SealedValue) and self.before != self.after:
            text = self.compartments.open(value, subject=self.before, field=field)
            return self.compartments.seal(
                text, compartment=value.compartment, subject=self.after, field=field
            )
        if isinstance(value, tuple):
            return tuple(self.value(item, field) for item in value)
        if isinstance(value, Mapping):
            return {key: self.value(item, field) for key, item in value.items()}
        return value


def _can_move(event: Event, compartments: Compartments) -> bool:
    """Can the agent who is here seal again what an event of a renamed subject holds?"""
    values = [write.value for write in event.writes] + [item.value for item in event.appends]
    if not any(map(_is_sealed, values)):
        return True
    try:
        _again(event, Names({bytes(event.subject): _ANY}), compartments)
    except CompartmentClosedError:
        return False
    return True


def _is_sealed(value: Value) -> bool:
    """Does a value hold a field sealed for some agents?"""
    if isinstance(value, tuple):
        return any(map(_is_sealed, value))
    if isinstance(value, str | bytes):
        return False
    if isinstance(value, Mapping):
        return any(map(_is_sealed, value.values()))
    return isinstance(value, SealedValue)


def _replace(tx: Tx, moved: Sequence[tuple[Event, Event]], dead: Container[EventId]) -> None:
    """Write events again under their new names, and take away the rows of the old ones."""
    rows = [
        (after.id, after.subject, None if before.id in dead else pack_body(after), before.id)
        for before, after in moved
    ]
    sql = "UPDATE events SET event = ?, subject = ?, body = ? WHERE event = ?"
    tx.db.conn.executemany(sql, rows)
    renamed = [(before, after) for before, after in moved if before.subject != after.subject]
    places = {(after.subject, before.subject, before.space) for before, after in renamed}
    sql = "UPDATE OR IGNORE erased SET subject = ? WHERE subject = ? AND space = ?"
    tx.db.conn.executemany(sql, sorted(places))
    for before, after in renamed:
        if before.creates_subject:
            forget_rows(tx, before.kind, before.subject, known_as=after.subject)


def _rename_in_drafts(tx: Tx, names: Names) -> None:
    """Let the page that an agent left half-typed name the same records."""
    for draft, body in tx.execute("SELECT draft, body FROM drafts").fetchall():
        moved = bytes(body)
        for before, after in names.items():
            old, new = (f'"{id_text(name)}"'.encode() for name in (EventId(before), after))
            moved = moved.replace(old, new)
        if moved != body:
            tx.execute("UPDATE drafts SET body = ? WHERE draft = ?", (moved, draft))


def _correct(
    tx: Tx, space: SpaceId, subject: SubjectId, names: Names
) -> Mapping[SubjectId, SpaceId]:
    """Write anew the fields in which a sealed event names what has another name now."""
    state = read_state(tx.db.conn, space, subject)
    touched: dict[SubjectId, SpaceId] = {}
    for field, standing in state.fields.items():
        shown = standing[-1]
        if state.kind is not None and isinstance(shown.value, bytes) and shown.value in names:
            pen = Pen(tx, author=shown.author, at_s=shown.at_s)
            pen.change(space, subject, state.kind, {field: bytes(names[shown.value])})
            touched |= pen.touched
    return touched
