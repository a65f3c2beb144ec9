"""The schema, as numbered steps that are never edited once shipped.

Two families of tables: the *log* (events, bundles, statements, secrets: the truth) and the *rows*
(persons, encounters...: folded from the log, thrown away and rebuilt at will).
"""

from collections.abc import Callable, Iterable
from itertools import groupby
from operator import itemgetter

from app.domain.errors import WorkspaceFromTheFutureError
from app.domain.identifiers import EventId, counter_of
from app.store import directory_rows, pack_shelf
from app.store.bodies import unpack_map
from app.store.encrypted import Database, Migrations, as_refusals
from app.store.person_tokens import words_of_person

FORMAT = 2
"""Written as SQLite's `user_version`; a greater one means a newer program wrote the file."""


ROW_TABLES = (
    "persons",
    "demands",
    "encounters",
    "agreements",
    "referrals",
    "shared_referrals",
    "referral_answers",
    "requests",
    "notices",
    "register_imports",
    "directory_corrections",
)

_LOG_TABLES = (
    """CREATE TABLE identity (
        one INTEGER PRIMARY KEY CHECK (one = 1), incarnation BLOB NOT NULL,
        counter INTEGER NOT NULL, lamport INTEGER NOT NULL
    ) STRICT""",
    "CREATE TABLE memos (name TEXT PRIMARY KEY, text TEXT NOT NULL) STRICT",
    "CREATE TABLE secrets (name TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    "CREATE TABLE statements (name BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
    """CREATE TABLE spaces (
        space BLOB PRIMARY KEY, kind INTEGER NOT NULL, members BLOB NOT NULL
    ) STRICT""",
    "CREATE TABLE incarnations (incarnation BLOB PRIMARY KEY, structure BLOB NOT NULL) STRICT",
    """CREATE TABLE structures (
        structure BLOB PRIMARY KEY, name TEXT NOT NULL, directory TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE events (
        event BLOB PRIMARY KEY, space BLOB NOT NULL, subject BLOB NOT NULL, kind TEXT NOT NULL,
        version INTEGER NOT NULL, lamport INTEGER NOT NULL, at_s INTEGER NOT NULL,
        doubtful INTEGER NOT NULL, author TEXT NOT NULL, body BLOB,
        own INTEGER NOT NULL, confined INTEGER NOT NULL DEFAULT 0, bundle BLOB
    ) STRICT""",
    "CREATE INDEX events_by_subject ON events (subject, space)",
    "CREATE INDEX events_to_seal ON events (space, event) WHERE own = 1 AND bundle IS NULL",
    "CREATE INDEX events_by_bundle ON events (bundle) WHERE bundle IS NOT NULL",
    """CREATE TABLE erased (
        subject BLOB NOT NULL, space BLOB NOT NULL, PRIMARY KEY (subject, space)
    ) STRICT""",
    """CREATE TABLE bundles (
        name BLOB PRIMARY KEY, space BLOB NOT NULL, incarnation BLOB NOT NULL,
        sequence INTEGER NOT NULL, previous BLOB NOT NULL, bytes BLOB NOT NULL,
        own INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0, receipt BLOB,
        received_at_s INTEGER, UNIQUE (space, incarnation, sequence)
    ) STRICT""",
    "CREATE INDEX bundles_to_send ON bundles (own, receipt) WHERE own = 1 AND receipt IS NULL",
    """CREATE TABLE peers_saw (
        space BLOB NOT NULL, structure BLOB NOT NULL, incarnation BLOB NOT NULL,
        sequence INTEGER NOT NULL, PRIMARY KEY (space, structure, incarnation)
    ) STRICT""",
    """CREATE TABLE quarantine (
        name BLOB PRIMARY KEY, space BLOB NOT NULL, reason TEXT NOT NULL, bytes BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE drafts (
        draft TEXT PRIMARY KEY, body BLOB NOT NULL, updated_at_s INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE agents (
        agent TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL
    ) STRICT""",
)

_ROW_TABLES_SQL = (
    """CREATE TABLE persons (
        person BLOB PRIMARY KEY, display_name TEXT NOT NULL, family_name TEXT NOT NULL,
        given_name TEXT NOT NULL, birth_on TEXT NOT NULL, commune TEXT NOT NULL,
        telephone TEXT NOT NULL, short_id TEXT NOT NULL, details BLOB NOT NULL,
        disputed TEXT NOT NULL, created_at_s INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX persons_by_short_id ON persons (short_id)",
    """CREATE TABLE person_tokens (
        token TEXT NOT NULL, person BLOB NOT NULL, PRIMARY KEY (token, person)
    ) STRICT, WITHOUT ROWID""",
    "CREATE INDEX person_tokens_by_person ON person_tokens (person)",
    """CREATE TABLE demands (
        demand BLOB PRIMARY KEY, person BLOB, created_at_s INTEGER NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX demands_by_person ON demands (person)",
    """CREATE TABLE encounters (
        encounter BLOB PRIMARY KEY, demand BLOB NOT NULL, person BLOB, received_at TEXT NOT NULL,
        author TEXT NOT NULL, short_id TEXT NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX encounters_by_moment ON encounters (received_at)",
    "CREATE INDEX encounters_by_demand ON encounters (demand)",
    "CREATE INDEX encounters_by_person ON encounters (person)",
    """CREATE TABLE agreements (
        agreement BLOB PRIMARY KEY, person BLOB, encounter BLOB, kind TEXT NOT NULL,
        recipient TEXT NOT NULL, given INTEGER NOT NULL, at_s INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX agreements_by_person ON agreements (person)",
    """CREATE TABLE referrals (
        referral BLOB PRIMARY KEY, demand BLOB NOT NULL, encounter BLOB NOT NULL, person BLOB,
        shared BLOB, route TEXT NOT NULL, to_reference TEXT NOT NULL, to_name TEXT NOT NULL,
        created_at_s INTEGER NOT NULL, author TEXT NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX referrals_by_shared ON referrals (shared)",
    """CREATE TABLE shared_referrals (
        shared BLOB PRIMARY KEY, space BLOB NOT NULL, from_structure BLOB NOT NULL,
        to_structure BLOB NOT NULL, from_name TEXT NOT NULL, to_name TEXT NOT NULL,
        display_name TEXT NOT NULL, short_id TEXT NOT NULL, created_at_s INTEGER NOT NULL,
        author TEXT NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    """CREATE TABLE referral_answers (
        event BLOB NOT NULL, position INTEGER NOT NULL, subject BLOB NOT NULL,
        lamport INTEGER NOT NULL, status TEXT NOT NULL, at_s INTEGER NOT NULL,
        doubtful INTEGER NOT NULL, author TEXT NOT NULL, route TEXT NOT NULL,
        details BLOB NOT NULL, PRIMARY KEY (event, position)
    ) STRICT""",
    "CREATE INDEX referral_answers_by_subject ON referral_answers (subject)",
)

_LIVES_TABLES = (
    # What the marker outside the file must say too: see `app.store.lives`.
    "ALTER TABLE identity ADD COLUMN nonce BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE identity ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0",
    "CREATE TABLE lives (incarnation BLOB PRIMARY KEY) STRICT",
    "ALTER TABLE bundles ADD COLUMN lacking INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX bundles_lacking ON bundles (lacking) WHERE lacking = 1",
    "ALTER TABLE quarantine ADD COLUMN incarnation BLOB NOT NULL DEFAULT x''",
    "ALTER TABLE quarantine ADD COLUMN sequence INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE quarantine ADD COLUMN epoch BLOB NOT NULL DEFAULT x''",
)

_STICK_TABLES = (
    "ALTER TABLE bundles ADD COLUMN on_stick INTEGER NOT NULL DEFAULT 0",
    "CREATE INDEX bundles_to_give_back ON bundles (space, incarnation, sequence)"
    " WHERE own = 0 AND receipt IS NOT NULL",
    "CREATE TABLE stick_manifests (machine BLOB PRIMARY KEY, bytes BLOB NOT NULL) STRICT",
)

_CHECKPOINT_TABLES = (
    # Of an event whose content was destroyed by an erasure that no checkpoint covers yet.
    "ALTER TABLE events ADD COLUMN digest BLOB",
    # A covered bundle keeps its place and name; its bytes are gone.
    "ALTER TABLE bundles ADD COLUMN covered INTEGER NOT NULL DEFAULT 0",
    """CREATE TABLE checkpoints (
        space BLOB PRIMARY KEY, checkpoint BLOB NOT NULL, number INTEGER NOT NULL,
        at_s INTEGER NOT NULL, cover BLOB NOT NULL, finished INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE pieces (
        name BLOB PRIMARY KEY, space BLOB NOT NULL, bytes BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX pieces_by_space ON pieces (space)",
    "CREATE INDEX events_erasing ON events (space) WHERE kind = 'erase'",
)

_PERSON_INDEX_TABLES = (
    """CREATE TABLE person_search (
        number INTEGER PRIMARY KEY, person BLOB NOT NULL UNIQUE, words TEXT NOT NULL
    ) STRICT""",
    # Words come folded and between spaces; these signs tell the sorts of words apart.
    """CREATE VIRTUAL TABLE person_words USING fts5(
        words, content = 'person_search', content_rowid = 'number', columnsize = 0, detail = none,
        tokenize = "ascii tokenchars '~#+-!'"
    )""",
    "INSERT INTO person_words (person_words, rank) VALUES ('secure-delete', 1)",
    "CREATE VIRTUAL TABLE person_word_list USING fts5vocab(person_words, instance)",
)

_FIRST_DOOR_TABLES = (
    """CREATE TABLE requests (
        request BLOB PRIMARY KEY, person BLOB NOT NULL, kind TEXT NOT NULL, asked_on TEXT NOT NULL,
        answered_on TEXT NOT NULL, author TEXT NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    "CREATE INDEX requests_by_person ON requests (person)",
    "CREATE INDEX requests_open ON requests (asked_on) WHERE answered_on = ''",
    """CREATE TABLE notices (
        notice BLOB PRIMARY KEY, version TEXT NOT NULL, dated_on TEXT NOT NULL,
        created_at_s INTEGER NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    "ALTER TABLE agreements ADD COLUMN withdrawn_on TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE agreements ADD COLUMN agreed_by TEXT NOT NULL DEFAULT ''",
    # What follows a meeting, "" once it is done.
    "ALTER TABLE encounters ADD COLUMN next_step TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE encounters ADD COLUMN next_on TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX encounters_followed ON encounters (next_on) WHERE next_step <> ''",
    "ALTER TABLE persons ADD COLUMN merged_into BLOB",
    "CREATE INDEX persons_merged ON persons (merged_into) WHERE merged_into IS NOT NULL",
    # Two files that may be of one person: proposed here, decided by people.
    """CREATE TABLE duplicates (
        one BLOB NOT NULL, other BLOB NOT NULL, PRIMARY KEY (one, other)
    ) STRICT, WITHOUT ROWID""",
)

_REGISTER_TABLES = (
    """CREATE TABLE register_imports (
        import BLOB PRIMARY KEY, key TEXT NOT NULL, author TEXT NOT NULL,
        created_at_s INTEGER NOT NULL, details BLOB NOT NULL
    ) STRICT""",
    # What an import of an old register recorded, so that the whole of it can be undone.
    "ALTER TABLE persons ADD COLUMN register_import BLOB",
    "ALTER TABLE demands ADD COLUMN register_import BLOB",
    "ALTER TABLE encounters ADD COLUMN register_import BLOB",
    *(
        f"CREATE INDEX {table}_of_register ON {table} (register_import)"
        " WHERE register_import IS NOT NULL"
        for table in ("persons", "demands", "encounters")
    ),
)

_PERSONS_TO_INDEX = """
    SELECT number, short_id, details FROM person_search s JOIN persons p ON p.person = s.person
    WHERE number > ? ORDER BY number LIMIT 1000
"""

migrations = Migrations("deux_portes")
_known: set[str] = set()


def _step(name: str) -> Callable[[Callable[[Database], None]], Callable[[Database], None]]:
    """Register a step, in the order of their numbers."""
    _known.add(name)
    return migrations(name=name)


@_step("001_log")
def _log(db: Database) -> None:
    _run(db, _LOG_TABLES)


@_step("002_rows")
def _rows(db: Database) -> None:
    _run(db, _ROW_TABLES_SQL)


@_step("003_lives")
def _lives(db: Database) -> None:
    _run(db, _LIVES_TABLES)
    sealed = "SELECT max(event) FROM events WHERE own = 1 AND bundle IS NOT NULL"
    (last,) = db.conn.execute(sealed).fetchone()
    if last is not None:
        db.conn.execute("UPDATE identity SET sealed = ?", (counter_of(EventId(last)),))


@_step("004_stick")
def _stick(db: Database) -> None:
    _run(db, _STICK_TABLES)


@_step("005_checkpoints")
def _checkpoints(db: Database) -> None:
    _run(db, _CHECKPOINT_TABLES)


@_step("006_person_index")
def _person_index(db: Database) -> None:
    _run(db, _PERSON_INDEX_TABLES)
    words = "SELECT person, token FROM person_tokens ORDER BY person, token"
    for person, some in groupby(db.conn.execute(words), key=itemgetter(0)):
        row = (person, " ".join(token for _, token in some))
        db.conn.execute("INSERT INTO person_search (person, words) VALUES (?, ?)", row)
    db.conn.execute("INSERT INTO person_words (person_words) VALUES ('rebuild')")
    db.conn.execute("DROP TABLE person_tokens")


@_step("007_first_door")
def _first_door(db: Database) -> None:
    _run(db, _FIRST_DOOR_TABLES)


@_step("008_sounds")
def _sounds(db: Database) -> None:
    """Have persons found by how their names sound: each has its words made again."""
    last = 0
    while some := db.conn.execute(_PERSONS_TO_INDEX, (last,)).fetchall():
        words = [
            (words_of_person(unpack_map(details), short_id), number)
            for number, short_id, details in some
        ]
        db.conn.executemany("UPDATE person_search SET words = ? WHERE number = ?", words)
        last = some[-1][0]
    db.conn.execute("INSERT INTO person_words (person_words) VALUES ('rebuild')")


@_step("009_register")
def _register(db: Database) -> None:
    _run(db, _REGISTER_TABLES)


@_step("010_directory")
def _directory(db: Database) -> None:
    _run(db, directory_rows.TABLES)


@_step("011_lost_lives")
def _lost_lives(db: Database) -> None:
    """Tell what a former life wrote elsewhere, and came, from what it wrote in this very file."""
    _run(db, ["ALTER TABLE events ADD COLUMN came_back INTEGER NOT NULL DEFAULT 0"])


@_step("012_packs")
def _packs(db: Database) -> None:
    _run(db, pack_shelf.TABLES)
    _run(db, directory_rows.SLICED_IMPORTS)


def migrate(db: Database) -> None:
    """Bring a file up to this program's schema; repeating it does nothing.

    Raises:
        WorkspaceFromTheFutureError: a newer program wrote the file; it is left untouched.
    """
    with as_refusals():
        found = db.conn.execute("PRAGMA user_version").fetchone()[0]
        if found > FORMAT or _unknown_steps(db):
            raise WorkspaceFromTheFutureError
        if migrations.pending(db):
            migrations.apply(db)
        if found < FORMAT:
            db.conn.execute(f"PRAGMA user_version = {FORMAT}")


def _unknown_steps(db: Database) -> bool:
    return any(step.name not in _known for step in migrations.applied(db))


def _run(db: Database, statements: Iterable[str]) -> None:
    for statement in statements:
        db.execute(statement)
