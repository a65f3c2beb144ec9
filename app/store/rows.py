"""The read tables, folded from the log and nothing else: the only writer of them.

Each subject owns its rows: they are deleted and written again from its folded state, so any order
or repetition of events gives the same tables, and `rebuild` gives them again from nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby, islice
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from app.changes import Changes, Topic
from app.domain.events import KNOWN_KINDS, Event
from app.domain.fold import Shown, shown
from app.domain.identifiers import SpaceId, SubjectId, read_spoken_code, spoken_code
from app.domain.referral import KNOWN_AS
from app.domain.spaces import SpaceKind
from app.store.bodies import pack_map
from app.store.log import read_events
from app.store.migrations import ROW_TABLES
from app.store.person_index import empty_index, index_persons, rename_person
from app.store.person_tokens import words_of_person
from app.store.writer import Tx

_ROWS_OF: Mapping[str, tuple[str, str]] = {
    "person": ("persons", "person"),
    "demand": ("demands", "demand"),
    "encounter": ("encounters", "encounter"),
    "agreement": ("agreements", "agreement"),
    "referral": ("referrals", "referral"),
    "shared_referral": ("shared_referrals", "shared"),
    "request": ("requests", "request"),
    "notice": ("notices", "notice"),
    "register_import": ("register_imports", "import"),
    "directory_correction": ("directory_corrections", "correction"),
}

_TOPICS: Mapping[str, frozenset[Topic]] = {
    "person": frozenset({Topic.PERSONS}),
    "demand": frozenset({Topic.RECEPTIONS, Topic.PERSONS}),
    "encounter": frozenset({Topic.RECEPTIONS}),
    "agreement": frozenset({Topic.PERSONS}),
    "referral": frozenset({Topic.REFERRALS}),
    "shared_referral": frozenset({Topic.REFERRALS}),
    "request": frozenset({Topic.PERSONS}),
    "notice": frozenset({Topic.PERSONS}),
    "register_import": frozenset({Topic.RECEPTIONS}),
    "directory_correction": frozenset({Topic.DIRECTORY}),
}

_FOLDED_KINDS = "folded_kinds"

_FOLDED_AT_ONCE = 256

_IMPORT = "register_import"
"""The field, and the column, of what an import of an old register recorded."""

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
    rows = _Rows()
    spaces = {space: _kind_of(tx, space) for space in set(touched.values())}
    for subject, space in touched.items():
        its = whole.get(subject)
        state = shown(subject, read_events(tx.db.conn, space, subject) if its is None else its)
        # Without its creating event the subject has no row from this space; rows of that name, if
        # any, come from another space and are not this one's to touch.
        if state.kind is not None and _belongs(spaces[space], state.kind):
            if its is None:
                _forget(tx, state.kind, subject)
                rows.forget(state.kind, subject)
            topics |= _TOPICS[state.kind]
            if state.is_shown:
                _WRITERS[state.kind](rows, space, state)
    rows.write(tx)
    return Changes(topics=frozenset(topics))


class _Rows:
    """The rows to write, gathered by table: each table takes them all at once."""

    def __init__(self) -> None:
        self._of_table: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)
        self._words: dict[SubjectId, str] = {}

    def add(self, table: str, *row: Any) -> None:
        self._of_table[table].append(row)

    def find_by(self, person: SubjectId, words: str) -> None:
        self._words[person] = words

    def forget(self, kind: str, subject: SubjectId) -> None:
        if kind == "person":
            self._words[subject] = ""

    def write(self, tx: Tx) -> None:
        for table, rows in self._of_table.items():
            tx.db.conn.executemany(_INSERTIONS[table], rows)
        if self._words:
            index_persons(tx, self._words)


def forget_rows(
    tx: Tx, kind: str, subject: SubjectId, *, known_as: SubjectId | None = None
) -> None:
    """Take away the rows of a subject; it has another name from now on, about to be folded."""
    if kind in _ROWS_OF:
        _forget(tx, kind, subject)
    if kind == "person":
        if known_as is None:
            index_persons(tx, {subject: ""})
        else:
            rename_person(tx, subject, known_as)


def rebuild(tx: Tx) -> int:
    """Empty every read table and fold the whole log again; return the number of subjects."""
    for table in ROW_TABLES:
        tx.execute(f"DELETE FROM {table}")  # noqa: S608
    empty_index(tx)
    sql = "SELECT DISTINCT space, subject FROM events ORDER BY space, subject"
    subjects = tx.execute(sql).fetchall()
    for space, its in groupby(subjects, key=itemgetter(0)):
        names = (SubjectId(subject) for _, subject in its)
        while some := dict.fromkeys(islice(names, _FOLDED_AT_ONCE), SpaceId(space)):
            fold_subjects(tx, some)
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
    if gone and kind in {"referral", "shared_referral"}:
        tx.execute("DELETE FROM referral_answers WHERE subject = ?", (subject,))


_TABLES: Mapping[str, str] = {
    "persons": "person, display_name, family_name, given_name, birth_on, commune, telephone,"
    " short_id, details, disputed, created_at_s, merged_into, register_import",
    "demands": "demand, person, created_at_s, details, register_import",
    "encounters": "encounter, demand, person, received_at, author, short_id, details, next_step,"
    " next_on, register_import",
    "agreements": "agreement, person, encounter, kind, recipient, given, at_s, withdrawn_on,"
    " agreed_by",
    "referrals": "referral, demand, encounter, person, shared, route, to_reference, to_name,"
    " created_at_s, author, details",
    "shared_referrals": "shared, space, from_structure, to_structure, from_name, to_name,"
    " display_name, short_id, created_at_s, author, details",
    "referral_answers": "event, position, subject, lamport, status, at_s, doubtful, author, route,"
    " details",
    "requests": "request, person, kind, asked_on, answered_on, author, details",
    "notices": "notice, version, dated_on, created_at_s, details",
    "register_imports": "import, key, author, created_at_s, details",
    "directory_corrections": "correction, entry, author, created_at_s, details",
}


def _insertion(table: str, columns: str) -> str:
    places = ", ".join("?" for _ in columns.split(","))
    return f"INSERT OR REPLACE INTO {table} ({columns}) VALUES ({places})"  # noqa: S608


_INSERTIONS = {table: _insertion(table, columns) for table, columns in _TABLES.items()}


def _write_person(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    family, given = state.text("family_name"), state.text("given_name")
    short_id = spoken_code(state.subject)
    rows.add(
        "persons",
        state.subject,
        f"{given} {family}".strip(),
        family,
        given,
        state.text("birth_on"),
        state.text("commune"),
        state.text("telephone"),
        short_id,
        pack_map(state.values),
        " ".join(state.disputed),
        state.created_at_s,
        state.name("merged_into"),
        state.name(_IMPORT),
    )
    rows.find_by(state.subject, words_of_person(state.values, short_id))


def _write_demand(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "demands",
        state.subject,
        state.name("person"),
        state.created_at_s,
        pack_map(state.values),
        state.name(_IMPORT),
    )


def _write_encounter(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    is_done = bool(state.text("next_done_on"))
    rows.add(
        "encounters",
        state.subject,
        state.name("demand") or b"",
        state.name("person"),
        state.text("received_at"),
        # An old register says who received the person; who imported it is another matter.
        state.text("received_by") or state.created_by,
        spoken_code(state.subject),
        pack_map(state.values),
        "" if is_done else state.text("next_step"),
        "" if is_done else state.text("next_on"),
        state.name(_IMPORT),
    )


def _write_agreement(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "agreements",
        state.subject,
        state.name("person"),
        state.name("encounter"),
        state.text("kind"),
        state.text("recipient"),
        state.values.get("given") is True,
        state.created_at_s,
        state.text("withdrawn_on"),
        state.text("agreed_by"),
    )


def _write_request(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "requests",
        state.subject,
        state.name("person") or b"",
        state.text("kind"),
        state.text("asked_on"),
        state.text("answered_on"),
        state.created_by,
        pack_map(state.values),
    )


def _write_notice(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "notices",
        state.subject,
        state.text("version"),
        state.text("dated_on"),
        state.created_at_s,
        pack_map(state.values),
    )


def _write_register_import(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "register_imports",
        state.subject,
        state.text("key"),
        state.created_by,
        state.created_at_s,
        pack_map(state.values),
    )


def _write_directory_correction(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "directory_corrections",
        state.subject,
        state.text("entry"),
        state.created_by,
        state.created_at_s,
        pack_map(state.values),
    )


def _write_referral(rows: _Rows, _space: SpaceId, state: Shown) -> None:
    rows.add(
        "referrals",
        state.subject,
        state.name("demand") or b"",
        state.name("encounter") or b"",
        state.name("person"),
        state.name("shared"),
        state.text("route"),
        state.text("to_reference"),
        state.text("to_name"),
        state.created_at_s,
        state.created_by,
        pack_map(state.values),
    )
    _write_answers(rows, state)


def _write_shared_referral(rows: _Rows, space: SpaceId, state: Shown) -> None:
    """Write a copy as it was handed over: the other member answers it and cannot rewrite it."""
    handed = state.as_handed_over()
    rows.add(
        "shared_referrals",
        state.subject,
        space,
        handed.name("from_structure") or b"",
        handed.name("to_structure") or b"",
        handed.text("from_name"),
        handed.text("to_name"),
        f"{handed.text('given_name')} {handed.text('family_name')}".strip(),
        read_spoken_code(handed.text(KNOWN_AS)) or spoken_code(state.subject),
        state.created_at_s,
        state.created_by,
        pack_map(handed.values),
    )
    _write_answers(rows, state)


def _write_answers(rows: _Rows, state: Shown) -> None:
    for item in state.lists.get("answers", ()):
        answer = item.value if isinstance(item.value, Mapping) else {}
        status, route = answer.get("status"), answer.get("route")
        rows.add(
            "referral_answers",
            item.event,
            item.position,
            state.subject,
            item.lamport,
            status if isinstance(status, str) else "",
            item.at_s,
            item.clock_doubtful,
            item.author,
            route if isinstance(route, str) else "",
            pack_map(answer),
        )


_WRITERS: Mapping[str, Callable[[_Rows, SpaceId, Shown], None]] = {
    "person": _write_person,
    "demand": _write_demand,
    "encounter": _write_encounter,
    "agreement": _write_agreement,
    "referral": _write_referral,
    "shared_referral": _write_shared_referral,
    "request": _write_request,
    "notice": _write_notice,
    "register_import": _write_register_import,
    "directory_correction": _write_directory_correction,
}
