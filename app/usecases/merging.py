"""Two files of one person: proposing it with its reasons, merging, taking it back.

Merging writes one field of one file and moves nothing else, so that it loses nothing and is taken
back at will. It joins files of one structure: others keep their own, which referrals link.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from app.changes import Changes, Topic
from app.domain.duplicates import Reason, reasons_for
from app.domain.errors import NothingToMergeError, UnknownRecordError
from app.domain.events import Append
from app.domain.identifiers import SubjectId, id_text
from app.domain.reception import PersonDetails
from app.store.bodies import unpack_map
from app.store.log import read_state
from app.store.merged import members_of, standing, stands_for
from app.store.rows import fold_subjects
from app.store.search import PERSON_COLUMNS, PersonFound, person_in, search_persons
from app.store.writer import Priority, Tx
from app.usecases.desk import Desk
from app.usecases.reception_fields import PERSON_FIELDS

_CHECKED = "duplicates_checked"
_DISTINCT = "distinct"
_COMPARED = 12
_AT_ONCE = 32

_NEW = """
    SELECT rowid, subject FROM events
    WHERE kind = 'person' AND event = subject AND rowid > ? ORDER BY rowid LIMIT ?
"""
_ROW = f"SELECT {PERSON_COLUMNS}, p.details FROM persons p WHERE p.person = ?"  # noqa: S608


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """Two files that may be of one person, and why. `one` was opened first."""

    one: PersonFound
    other: PersonFound
    reasons: tuple[Reason, ...]


def alike(desk: Desk, known: PersonDetails, *, but: SubjectId | None = None) -> list[Proposal]:
    """Return the files here that may be of the person described, while they are being typed.

    `one` of each proposal is the file found; `other` is nobody's yet.
    """
    nobody = PersonFound(
        person=but or SubjectId(bytes(16)),
        short_id="",
        display_name=f"{known.given_name} {known.family_name}".strip(),
        birth_on=known.birth_on,
        commune=known.commune,
        telephone=known.telephone,
    )
    with desk.workspace.read() as connection:
        return [
            Proposal(one=person_in(row), other=nobody, reasons=reasons)
            for row, reasons in _likely(connection, known)
            if row[0] != but
        ]


def look_for_duplicates(desk: Desk) -> int:
    """Compare the files that came since the last time with the others; return how many pairs.

    To be called after an exchange, beside the screens. It goes on where it stopped; what people set
    apart or merged is not proposed again.
    """
    proposed = 0
    while True:
        with desk.workspace.read() as connection:
            last = _last_checked(connection)
            new = connection.execute(_NEW, (last, _AT_ONCE)).fetchall()
            pairs = [pair for _, person in new for pair in _pairs(connection, SubjectId(person))]
        if not new:
            return proposed
        proposed += len(pairs)
        note = partial(_note, pairs=pairs, upto=new[-1][0])
        desk.workspace.writer.write(note, priority=Priority.EXCHANGE)


def proposals(desk: Desk) -> list[Proposal]:
    """Return the pairs still worth a look, with the reasons as they are now."""
    own = desk.own_structure().space.id
    found = []
    with desk.workspace.read() as connection:
        for pair in connection.execute("SELECT one, other FROM duplicates").fetchall():
            one, other = map(SubjectId, pair)
            rows = [connection.execute(_ROW, (name,)).fetchone() for name in (one, other)]
            if None in rows or stands_for(connection, one) == stands_for(connection, other):
                continue
            reasons = reasons_for(*(_known(row) for row in rows))
            if reasons and not _are_distinct(connection, own, one, other):
                found.append(
                    Proposal(one=person_in(rows[0]), other=person_in(rows[1]), reasons=reasons)
                )
    return sorted(found, key=lambda one: (-len(one.reasons), one.one.display_name))


def merge_persons(desk: Desk, kept: SubjectId, other: SubjectId) -> Changes:
    """Have one file stand for two: `kept` is shown, and everything of both with it.

    Raises:
        UnknownRecordError: one of them is not here.
        NothingToMergeError: it is one file already.
    """

    def work(tx: Tx) -> Changes:
        first, second = (_standing_file(tx, name) for name in (kept, other))
        if first == second:
            raise NothingToMergeError
        pen = desk.pen(tx)
        own = desk.own_structure().space.id
        pen.change(own, second, "person", {"merged_into": first})
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def separate_person(desk: Desk, person: SubjectId) -> Changes:
    """Have a file stand for itself again; what was merged into it before stays with it.

    Raises:
        UnknownRecordError: it is not here.
        NothingToMergeError: it was merged into none.
    """
    own = desk.own_structure().space.id

    def work(tx: Tx) -> Changes:
        row = tx.one("SELECT merged_into FROM persons WHERE person = ?", (person,))
        if row is None:
            raise UnknownRecordError(id_text(person))
        if row[0] is None:
            raise NothingToMergeError
        pen = desk.pen(tx)
        pen.change(own, person, "person", {"merged_into": None})
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def set_apart(desk: Desk, one: SubjectId, other: SubjectId) -> Changes:
    """Note that two files are of two persons: nobody of the structure is asked again.

    Raises:
        UnknownRecordError: one of them is not here.
    """
    own = desk.own_structure().space.id

    def work(tx: Tx) -> Changes:
        for name in (one, other):
            _standing_file(tx, name)
        pen = desk.pen(tx)
        item = Append(list_name=_DISTINCT, value=bytes(other))
        pen.change(own, one, "person", {}, appends=(item,))
        tx.execute("DELETE FROM duplicates WHERE one = ? AND other = ?", _in_order(one, other))
        return fold_subjects(tx, pen.touched) | Changes(topics=frozenset({Topic.PERSONS}))

    return desk.workspace.writer.write(work)


def _standing_file(tx: Tx, person: SubjectId) -> SubjectId:
    if tx.one("SELECT 1 FROM persons WHERE person = ?", (person,)) is None:
        raise UnknownRecordError(id_text(person))
    return stands_for(tx.db.conn, person)


def _last_checked(connection: Any) -> int:
    row = connection.execute("SELECT text FROM memos WHERE name = ?", (_CHECKED,)).fetchone()
    return int(row[0]) if row else 0


def _note(tx: Tx, pairs: Sequence[tuple[SubjectId, SubjectId]], upto: int) -> None:
    insert = "INSERT OR IGNORE INTO duplicates (one, other) VALUES (?, ?)"
    tx.db.conn.executemany(insert, pairs)
    memo = (_CHECKED, str(upto))
    tx.execute("INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)", memo)


def _pairs(connection: Any, person: SubjectId) -> Iterator[tuple[SubjectId, SubjectId]]:
    row = connection.execute(_ROW, (person,)).fetchone()
    if row is None:
        return
    for other, _ in _likely(connection, _known(row)):
        if other[0] != person and stands_for(connection, other[0]) != stands_for(
            connection, person
        ):
            yield _in_order(person, SubjectId(other[0]))


def _likely(connection: Any, known: PersonDetails) -> list[tuple[Any, tuple[Reason, ...]]]:
    """Return the rows of those who may be the one described, with why."""
    names = f"{known.given_name} {known.family_name}".strip()
    asked = [text for text in (names, known.telephone, known.birth_on) if text.strip()]
    if known.birth_name:
        asked.append(f"{known.given_name} {known.birth_name}")
    found = [
        one.person for text in asked for one in search_persons(connection, text, limit=_COMPARED)
    ]
    rows = [connection.execute(_ROW, (name,)).fetchone() for name in standing(connection, found)]
    judged = [(row, reasons_for(known, _known(row))) for row in rows if row is not None]
    return [(row, reasons) for row, reasons in judged if reasons]


def _are_distinct(connection: Any, own: Any, one: SubjectId, other: SubjectId) -> bool:
    for name, against in ((one, other), (other, one)):
        items = read_state(connection, own, name).lists.get(_DISTINCT, ())
        if any(item.value == bytes(against) for item in items):
            return True
    return False


def _in_order(one: SubjectId, other: SubjectId) -> tuple[SubjectId, SubjectId]:
    return (one, other) if one < other else (other, one)


def _known(row: Any) -> PersonDetails:
    details = unpack_map(row[6])
    texts = {name: text for name in PERSON_FIELDS if isinstance(text := details.get(name), str)}
    return PersonDetails(known=SubjectId(row[0]), **texts)


__all__ = [
    "Proposal",
    "alike",
    "look_for_duplicates",
    "members_of",
    "merge_persons",
    "proposals",
    "separate_person",
    "set_apart",
]
