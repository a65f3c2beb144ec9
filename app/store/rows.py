"""The read tables, folded from the log and nothing else: the only writer of them.

Each subject owns its rows: they are deleted and written again from its folded state, so any order
or repetition of events gives the same tables, and `rebuild` gives them again from nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Any

from app.changes import Changes, Topic
from app.domain.events import KNOWN_KINDS, Event, Value
from app.domain.fold import SubjectState, fold
from app.domain.identifiers import SpaceId, SubjectId, spoken_code
from app.domain.spaces import SpaceKind
from app.store.bodies import pack, unpack_body
from app.store.log import read_state
from app.store.migrations import ROW_TABLES
from app.store.person_tokens import tokens_of
from app.store.writer import Tx

_ROWS_OF: Mapping[str, tuple[str, str]] = {
    "person": ("persons", "person"),
    "demand": ("demands", "demand"),
    "encounter": ("encounters", "encounter"),
    "agreement": ("agreements", "agreement"),
    "referral": ("referrals", "referral"),
    "shared_referral": ("shared_referrals", "shared"),
}

_TOPICS: Mapping[str, frozenset[Topic]] = {
    "person": frozenset({Topic.PERSONS}),
    "demand": frozenset({Topic.RECEPTIONS, Topic.PERSONS}),
    "encounter": frozenset({Topic.RECEPTIONS}),
    "agreement": frozenset({Topic.PERSONS}),
    "referral": frozenset({Topic.REFERRALS}),
    "shared_referral": frozenset({Topic.REFERRALS}),
}

_FOLDED_KINDS = "folded_kinds"

_SPACE_OF: Mapping[str, SpaceKind] = {"shared_referral": SpaceKind.PAIR}


def fold_subjects(
    tx: Tx,
    touched: Mapping[SubjectId, SpaceId],
    whole: Mapping[SubjectId, Sequence[Event]] = MappingProxyType({}),
) -> Changes:
    """Write again the rows of these subjects, and say which topics moved.

    Args:
        tx: the transaction that added the events.
        touched: the subjects, with their spaces.
        whole: the events of the subjects of which the log holds nothing else, and that have no
            rows yet.
    """
    topics: set[Topic] = set()
    spaces = {space: _kind_of(tx, space) for space in set(touched.values())}
    for subject, space in touched.items():
        its = whole.get(subject)
        state = read_state(tx.db.conn, space, subject) if its is None else fold(subject, its)
        # Without its creating event the subject has no row from this space; rows of that name, if
        # any, come from another space and are not this one's to touch.
        if state.kind is not None and _belongs(spaces[space], state.kind):
            if its is None:
                _forget(tx, state.kind, subject)
            topics |= _TOPICS[state.kind]
            if state.is_shown:
                _WRITERS[state.kind](tx, space, state)
    return Changes(topics=frozenset(topics))


def forget_rows(tx: Tx, kind: str, subject: SubjectId) -> None:
    """Take away the rows of a subject that has another name from now on."""
    if kind in _ROWS_OF:
        _forget(tx, kind, subject)


def rebuild(tx: Tx) -> int:
    """Empty every read table and fold the whole log again; return the number of subjects."""
    for table in ROW_TABLES:
        tx.execute(f"DELETE FROM {table}")  # noqa: S608
    subjects = tx.execute("SELECT DISTINCT subject, space FROM events ORDER BY subject").fetchall()
    for subject, space in subjects:
        fold_subjects(tx, {SubjectId(subject): SpaceId(space)})
    remember_folded_kinds(tx)
    return len(subjects)


def kinds_have_moved(connection: Any) -> bool:
    """Does the file hold rows folded by a program that knew other kinds of events?"""
    row = connection.execute("SELECT text FROM memos WHERE name = ?", (_FOLDED_KINDS,)).fetchone()
    return row is None or row[0] != _known_kinds()


def remember_folded_kinds(tx: Tx) -> None:
    """Note which kinds of events the rows were folded with."""
    memo = (_FOLDED_KINDS, _known_kinds())
    tx.execute("INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)", memo)


def _known_kinds() -> str:
    return " ".join(f"{kind}/{version}" for kind, version in sorted(KNOWN_KINDS.items()))


def _kind_of(tx: Tx, space: SpaceId) -> int | None:
    row = tx.one("SELECT kind FROM spaces WHERE space = ?", (space,))
    return None if row is None else int(row[0])


def _belongs(kind_of_space: int | None, kind: str) -> bool:
    """May a subject of this kind live there? Another structure cannot invent our persons."""
    return kind in _WRITERS and kind_of_space == _SPACE_OF.get(kind, SpaceKind.STRUCTURE)


def _forget(tx: Tx, kind: str, subject: SubjectId) -> None:
    table, key = _ROWS_OF[kind]
    gone = tx.execute(f"DELETE FROM {table} WHERE {key} = ?", (subject,)).rowcount  # noqa: S608
    if gone and kind == "person":
        tx.execute("DELETE FROM person_tokens WHERE person = ?", (subject,))
    if gone and kind in {"referral", "shared_referral"}:
        tx.execute("DELETE FROM referral_answers WHERE subject = ?", (subject,))


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _bytes(value: Value) -> bytes | None:
    return value if isinstance(value, bytes) else None


def _shown(state: SubjectState) -> bytes:
    return pack({name: state.value(name) for name in sorted(state.fields)})


def _insert(tx: Tx, table: str, row: Mapping[str, Any]) -> None:
    tx.execute(_insertion(table, *row), tuple(row.values()))


@cache
def _insertion(table: str, *columns: str) -> str:
    places = ", ".join("?" for _ in columns)
    return f"INSERT OR REPLACE INTO {table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608


def _write_person(tx: Tx, _space: SpaceId, state: SubjectState) -> None:
    family, given = _text(state.value("family_name")), _text(state.value("given_name"))
    short_id = spoken_code(state.subject)
    _insert(
        tx,
        "persons",
        {
            "person": state.subject,
            "display_name": f"{given} {family}".strip(),
            "family_name": family,
            "given_name": given,
            "birth_on": _text(state.value("birth_on")),
            "commune": _text(state.value("commune")),
            "telephone": _text(state.value("telephone")),
            "short_id": short_id,
            "details": _shown(state),
            "disputed": " ".join(state.disputed),
            "created_at_s": state.created_at_s,
        },
    )
    named = {name: _text(state.value(name)) for name in state.fields}
    tokens = sorted(tokens_of({**named, "short_id": short_id}))
    tx.db.conn.executemany(
        "INSERT OR IGNORE INTO person_tokens (token, person) VALUES (?, ?)",
        [(token, state.subject) for token in tokens],
    )


def _write_demand(tx: Tx, _space: SpaceId, state: SubjectState) -> None:
    _insert(
        tx,
        "demands",
        {
            "demand": state.subject,
            "person": _bytes(state.value("person")),
            "created_at_s": state.created_at_s,
            "details": _shown(state),
        },
    )


def _write_encounter(tx: Tx, _space: SpaceId, state: SubjectState) -> None:
    _insert(
        tx,
        "encounters",
        {
            "encounter": state.subject,
            "demand": _bytes(state.value("demand")) or b"",
            "person": _bytes(state.value("person")),
            "received_at": _text(state.value("received_at")),
            "author": state.created_by,
            "short_id": spoken_code(state.subject),
            "details": _shown(state),
        },
    )


def _write_agreement(tx: Tx, _space: SpaceId, state: SubjectState) -> None:
    _insert(
        tx,
        "agreements",
        {
            "agreement": state.subject,
            "person": _bytes(state.value("person")),
            "encounter": _bytes(state.value("encounter")),
            "kind": _text(state.value("kind")),
            "recipient": _text(state.value("recipient")),
            "given": state.value("given") is True,
            "at_s": state.created_at_s,
        },
    )


def _write_referral(tx: Tx, _space: SpaceId, state: SubjectState) -> None:
    _insert(
        tx,
        "referrals",
        {
            "referral": state.subject,
            "demand": _bytes(state.value("demand")) or b"",
            "encounter": _bytes(state.value("encounter")) or b"",
            "person": _bytes(state.value("person")),
            "shared": _bytes(state.value("shared")),
            "route": _text(state.value("route")),
            "to_reference": _text(state.value("to_reference")),
            "to_name": _text(state.value("to_name")),
            "created_at_s": state.created_at_s,
            "author": state.created_by,
            "details": _shown(state),
        },
    )
    _write_answers(tx, state)


def _write_shared_referral(tx: Tx, space: SpaceId, state: SubjectState) -> None:
    """Write a copy as it was handed over: the other member answers it and cannot rewrite it."""
    handed = _creation(tx, state.subject)
    given, family = _text(handed.get("given_name")), _text(handed.get("family_name"))
    _insert(
        tx,
        "shared_referrals",
        {
            "shared": state.subject,
            "space": space,
            "from_structure": _bytes(handed.get("from_structure")) or b"",
            "to_structure": _bytes(handed.get("to_structure")) or b"",
            "from_name": _text(handed.get("from_name")),
            "to_name": _text(handed.get("to_name")),
            "display_name": f"{given} {family}".strip(),
            "short_id": spoken_code(state.subject),
            "created_at_s": state.created_at_s,
            "author": state.created_by,
            "details": pack(handed),
        },
    )
    _write_answers(tx, state)


def _creation(tx: Tx, subject: SubjectId) -> Mapping[str, Value]:
    """Return what the event that created a subject wrote."""
    row = tx.one("SELECT body FROM events WHERE event = ?", (subject,))
    writes, _ = unpack_body(row[0]) if row and row[0] is not None else ((), ())
    return {write.field: write.value for write in writes}


def _write_answers(tx: Tx, state: SubjectState) -> None:
    for item in state.lists.get("answers", ()):
        answer = item.value if isinstance(item.value, Mapping) else {}
        _insert(
            tx,
            "referral_answers",
            {
                "event": item.event,
                "position": item.position,
                "subject": state.subject,
                "lamport": item.lamport,
                "status": _text(answer.get("status")),
                "at_s": item.at_s,
                "doubtful": item.clock_doubtful,
                "author": item.author,
                "route": _text(answer.get("route")),
                "details": pack(answer),
            },
        )


_WRITERS: Mapping[str, Callable[[Tx, SpaceId, SubjectState], None]] = {
    "person": _write_person,
    "demand": _write_demand,
    "encounter": _write_encounter,
    "agreement": _write_agreement,
    "referral": _write_referral,
    "shared_referral": _write_shared_referral,
}
