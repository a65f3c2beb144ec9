"""Writing again, under the present life, what a former life of this file left unsealed.

A restored or cloned file holds events that were never sealed here: the life that wrote them may
have sealed them elsewhere, or given their identifiers to others. Once everything which that life
had sealed was pulled, those that nobody received are given identifiers of the present life, and
every mention of the old ones follows: subjects, replaced values, links between records, rows.
What stays on this machine keeps its name as long as it does, so that every other copy of this file,
and what was sealed, still find it; it takes another one when the person agrees, or when another
event comes under its own.

A field sealed for some agents is bound to its subject. It is sealed again under the new name by an
agent entitled to read it; until one is here, its subject waits, and so does what speaks of it.
"""

from collections.abc import Collection, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.changes import Changes
from app.domain.errors import CompartmentClosedError, ForgedEventError
from app.domain.events import Event
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
from app.store.lives import left_by_former_lives
from app.store.log import (
    Pen,
    bury,
    event_from_row,
    is_erased,
    is_known,
    read_state,
)
from app.store.recognising import recognised
from app.store.renaming import Names, can_move, renamed
from app.store.rows import fold_subjects, forget_rows
from app.store.workspace import Workspace
from app.store.writer import Priority, Tx

WAITING_FOR_AGENT = "waiting_for_agent"
"""Memo: how many events wait for an agent entitled to read a field of their subject."""

_EVENT = "event, space, subject, kind, version, lamport, at_s, doubtful, author, body"
_BODY = 9
# What was erased keeps the name under which its erasure knows it.
_UNSEALED = (
    f"SELECT {_EVENT} FROM events WHERE own = 1 AND bundle IS NULL"  # noqa: S608
    " AND (body IS NOT NULL OR kind = 'erase') ORDER BY event"
)
_SET_ASIDE = "SELECT DISTINCT space, incarnation FROM quarantine"
_OWN_LIVES = "SELECT incarnation FROM identity UNION SELECT incarnation FROM lives"
# What a life that was lost said of an identifier is of what it had given it to, not of what had it
# in this file: that may only not have come yet.
_SPEAK_OF_IT = "SELECT space, subject FROM events WHERE bundle IS NOT NULL AND came_back = 0"
_CAME_BACK = "SELECT 1 FROM events WHERE event = ? AND came_back = 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Spoken:
    """The subjects of sealed events that may name what takes another name.

    `by` are the lives whose events do; without any, whoever's.
    """

    places: tuple[tuple[SpaceId, SubjectId], ...]
    by: frozenset[Incarnation] | None = None


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
            if bytes(event.subject) in self.left and not can_move(event, compartments)
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


def rewrite_former(workspace: Workspace, lives: Collection[Incarnation] = ()) -> Changes:
    """Give lasting identifiers to what former lives left; see `SyncPort.rewrite_former`."""
    with workspace.read() as connection:
        own = {row[0] for row in connection.execute(_OWN_LIVES).fetchall()}
        copies = frozenset(life for life in lives if life not in own)
        left = left_by_former_lives(connection)
        knows = copies and _known(_unsealed(connection), connection, copies, workspace.compartments)
        if not left and not knows and not _is_waiting(connection):
            return Changes()
        # Sealed events never change: what they say of the others is looked for beforehand.
        spoken = _speaking_of(connection, left)

    def work(tx: Tx) -> Changes:
        changes = _take_names(tx, copies, workspace.compartments) if copies else Changes()
        unsealed = _unsealed(tx.db.conn)
        free = _free(tx, unsealed, copies)
        chosen = unsealed.named_anew(free, workspace.compartments)
        _note_waiting(tx, len(free) - len(chosen))
        return changes | _rewrite(tx, unsealed, chosen, workspace.compartments, spoken)

    return workspace.writer.write(work, priority=Priority.EXCHANGE)


def _free(tx: Tx, unsealed: _Unsealed, copies: Iterable[Incarnation]) -> list[Event]:
    """Return what was left where nothing is set aside of its life, or of a copy's."""
    aside = set(tx.execute(_SET_ASIDE).fetchall())
    return [
        event
        for event in unsealed.events
        if bytes(event.id) in unsealed.left
        and aside.isdisjoint((event.space, life) for life in (incarnation_of(event.id), *copies))
    ]


def _take_names(tx: Tx, copies: Collection[Incarnation], compartments: Compartments) -> Changes:
    """Let go of what a copy of this file has sent already, and speak of it by the name it came by.

    What is known there as erased is erased here.
    """
    unsealed = _unsealed(tx.db.conn)
    names = _known(unsealed, tx.db.conn, copies, compartments)
    if not names:
        return Changes()
    known = [event for event in unsealed.events if bytes(event.id) in names]
    spoken = _speaking_of(tx.db.conn, names)
    tx.db.conn.executemany("DELETE FROM events WHERE event = ?", [(one.id,) for one in known])
    others = [event for event in unsealed.events if bytes(event.id) not in names]
    touched = _write_again(tx, others, names, compartments, unsealed.dead)
    for event in known:
        subject = SubjectId(bytes(names.get(bytes(event.subject), event.subject)))
        touched[subject] = event.space
        if event.creates_subject:
            forget_rows(tx, event.kind, event.subject)
    for subject, space in touched.items():
        if is_erased(tx.db.conn, space, subject):
            bury(tx, space, subject)
    return fold_subjects(tx, touched | _corrected(tx, names, spoken))


def _known(
    unsealed: _Unsealed,
    connection: Any,
    copies: Collection[Incarnation],
    compartments: Compartments,
) -> Names:
    waiting = [event for event in unsealed.events if event.id not in unsealed.dead]
    return recognised(connection, waiting, copies, compartments)


def make_way(tx: Tx, pulled: Sequence[Event], compartments: Compartments) -> Changes:
    """Give other identifiers to events that a former life, lost since, gave to these.

    Raises:
        CompartmentClosedError: one of them waits for another agent than the one who is here.
    """
    changes = Changes()
    # What spoke of a renamed event has other content from then on: look again.
    while colliding := {event.id for event in pulled if _collides(tx, event)}:
        unsealed = _unsealed(tx.db.conn)
        wanted = [event for event in unsealed.events if event.id in colliding]
        chosen = unsealed.named_anew(wanted, compartments)
        if len(chosen) < len(wanted):
            raise CompartmentClosedError(WAITING_FOR_AGENT)
        changes |= _rewrite(tx, unsealed, chosen, compartments, _meaning_ours(tx, colliding))
    return changes


def _collides(tx: Tx, event: Event) -> bool:
    if tx.one("SELECT 1 FROM events WHERE event = ? AND own = 1 AND bundle IS NULL", (event.id,)):
        try:
            is_known(tx.db.conn, event)
        except ForgedEventError:
            return True
    return False


def _unsealed(connection: Any) -> _Unsealed:
    rows = connection.execute(_UNSEALED).fetchall()
    return _Unsealed(
        events=tuple([event_from_row(row) for row in rows]),
        dead=frozenset(EventId(row[0]) for row in rows if row[_BODY] is None),
        left=left_by_former_lives(connection),
    )


def _speaking_of(connection: Any, names: Iterable[bytes]) -> _Spoken:
    """Return the subjects of sealed events that name a life which left events behind."""
    subjects: dict[tuple[SpaceId, SubjectId], None] = {}
    for life in {Incarnation(bytes(name[:8])) for name in names}:
        sql = f"{_SPEAK_OF_IT} AND instr(body, ?) > 0"
        for space, subject in connection.execute(sql, (b"\x50" + life,)).fetchall():
            subjects[SpaceId(space), SubjectId(subject)] = None
    return _Spoken(places=tuple(subjects))


def _meaning_ours(tx: Tx, colliding: Iterable[EventId]) -> _Spoken:
    """Return what this file sealed of events that give way, in lives that began after theirs.

    Whoever else names one means the event that came: the life that was lost, and whoever heard it.
    """
    ours = {Incarnation(row[0]) for row in tx.execute(_OWN_LIVES).fetchall()}
    names = [bytes(name) for name in colliding]
    spoken = _speaking_of(tx.db.conn, names)
    return replace(spoken, by=frozenset(ours - {incarnation_of(EventId(name)) for name in names}))


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
    spoken: _Spoken,
) -> Changes:
    names = _new_names(tx, [*chosen, *unsealed.that_follow(chosen)])
    if not names:
        return Changes()
    touched = _write_again(tx, unsealed.events, names, compartments, unsealed.dead)
    return fold_subjects(tx, touched | _corrected(tx, names, spoken))


def _write_again(
    tx: Tx,
    events: Iterable[Event],
    names: Names,
    compartments: Compartments,
    dead: Container[EventId],
) -> dict[SubjectId, SpaceId]:
    """Write the new names in what was never sealed; return what it is about."""
    moved = [
        (event, again)
        for event in events
        if (again := renamed(event, names, compartments)) is not event
    ]
    _replace(tx, moved, dead)
    _rename_in_drafts(tx, names)
    return {again.subject: again.space for _, again in moved}


def _corrected(tx: Tx, names: Names, spoken: _Spoken) -> dict[SubjectId, SpaceId]:
    """Write anew what sealed events say of what has another name; return what it is about."""
    touched: dict[SubjectId, SpaceId] = {}
    for space, subject in spoken.places:
        touched |= _correct(tx, space, subject, names, spoken.by)
    return touched


def _new_names(tx: Tx, chosen: Iterable[Event]) -> Names:
    old = dict.fromkeys(bytes(event.id) for event in chosen)
    sql = "UPDATE identity SET counter = counter + ? RETURNING incarnation, counter"
    life, last = tx.one(sql, (len(old),))
    first = last - len(old) + 1
    new = (event_id(Incarnation(life), counter) for counter in range(first, last + 1))
    return Names(dict(zip(old, new, strict=True)))


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
    tx: Tx, space: SpaceId, subject: SubjectId, names: Names, by: Container[Incarnation] | None
) -> Mapping[SubjectId, SpaceId]:
    """Write anew the fields in which a sealed event names what has another name now."""
    state = read_state(tx.db.conn, space, subject)
    touched: dict[SubjectId, SpaceId] = {}
    for field, standing in state.fields.items():
        shown = standing[-1]
        is_meant = by is None or incarnation_of(shown.event) in by
        if not is_meant or tx.one(_CAME_BACK, (shown.event,)) is not None:
            continue
        if state.kind is not None and isinstance(shown.value, bytes) and shown.value in names:
            pen = Pen(tx, author=shown.author, at_s=shown.at_s)
            pen.change(space, subject, state.kind, {field: bytes(names[shown.value])})
            touched |= pen.touched
    return touched
