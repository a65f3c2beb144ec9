"""No question that a request asks makes the relay's database read a whole table."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, event, select

from sync.frames import encode_frame
from sync.information_packs import DIRECTORY, make_pack
from sync.keys import RelayKey
from sync.relay.chunks import Fetch
from sync.relay.compaction import KINDS
from sync.relay.contacts import Contacts, was_heard_lately
from sync.relay.database import Database
from sync.relay.directory import Directory, keep_statements
from sync.relay.nonces import Nonces
from sync.relay.published import PackOut, later_packs, pack_size, publish
from sync.relay.pulls import Pull, Wanted
from sync.relay.quotas import Quotas
from sync.relay.receipts import Storekeeper
from sync.relay.tables import bundles, nonces, parts, pieces
from sync.relay.uploads import Upload
from sync.statements import read_statement, statement_name
from tests.fakes.region import Region

NOW_S = 1_800_000_000
TABLES = ("bundles", "parts", "pieces", "nonces", "statements", "contacts", "pack_parts")
"""Their rows grow; `meta` has a handful."""


@pytest.fixture
def database(tmp_path) -> Iterator[Database]:
    """A SQLite database: its plans are told in a few words."""
    opened = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    yield opened
    opened.close()


def asked(database: Database, work) -> list[str]:
    """Do some work in a transaction; return the plan of each question that it asked."""
    questions = []

    def note(_connection, _cursor, statement, parameters, _context, _many):
        if statement.lstrip().upper().startswith(("SELECT", "DELETE", "UPDATE")):
            questions.append((statement, parameters))

    def explained(connection: Connection) -> list[str]:
        event.listen(connection, "before_cursor_execute", note)
        work(connection)
        event.remove(connection, "before_cursor_execute", note)
        return [
            f"{statement}: {row[3]}"
            for statement, parameters in questions
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        ]

    plans = database.write(explained)
    assert questions
    return plans


def whole_tables(plans: list[str]) -> list[str]:
    return [plan for plan in plans if any(f": SCAN {table}" in plan for table in TABLES)]


@pytest.fixture
def known(database):
    """A machine, and a relay that believes it and has begun and whole bundles of it."""
    region = Region()
    machine = region.structure().machine()
    said = {statement_name(data): data for data in machine.introduction()}
    kept = {name: (read_statement(data).body.kind, data) for name, data in said.items()}
    database.write(lambda connection: keep_statements(connection, kept, now=NOW_S))
    directory = Directory(region.authority.public)
    view = database.read(directory.refreshed)
    storekeeper = Storekeeper(
        key=RelayKey.generate(),
        directory=directory,
        view=view,
        caller=view.caller(machine.id),
        quotas=Quotas(),
    )
    return machine, storekeeper


def test_no_question_of_a_push_reads_a_whole_table(database, known):
    machine, storekeeper = known
    whole, begun = machine.bundle(), machine.bundle(size=9_000)
    body = encode_frame(*whole) + encode_frame(*begun)[:5_000]
    upload = Upload(storekeeper=storekeeper)
    plans = asked(database, lambda connection: upload.take(connection, body, now=NOW_S))
    assert len(upload.receipts) == 1
    assert whole_tables(plans) == []
    again = Upload(storekeeper=storekeeper)
    rest = encode_frame(*begun, 4_960)
    plans = asked(database, lambda connection: again.take(connection, rest, now=NOW_S))
    assert len(again.receipts) == 1
    assert whole_tables(plans) == []


def test_no_question_of_a_pull_reads_a_whole_table(database, known):
    machine, storekeeper = known
    upload = Upload(storekeeper=storekeeper)
    body = b"".join(encode_frame(*machine.bundle()) for _ in range(6))
    database.write(lambda connection: upload.take(connection, body, now=NOW_S))
    gone = bundles.c.sequence == 2
    database.write(lambda connection: connection.execute(bundles.delete().where(gone)))
    wanted = [Wanted(space=machine.own_space, above={machine.incarnation: 3})]
    pull = Pull(wanted=wanted, resumed=None, covers=storekeeper.view.covers)
    assert whole_tables(asked(database, pull.next_slice)) == []
    assert pull.is_over


def test_no_question_about_nonces_contacts_and_pieces_reads_a_whole_table(database, known):
    machine, storekeeper = known
    spending = Nonces(clock=lambda: NOW_S)
    fetch = Fetch(space=machine.own_space, names=[os.urandom(32)], resumed=None)

    def work(connection: Connection) -> None:
        spending.spend(connection, [(machine.id, os.urandom(16).hex())])
        Contacts().note(connection, [machine.id], now=NOW_S)
        was_heard_lately(connection, machine.id, [os.urandom(32)], now=NOW_S)
        storekeeper.directory.seen_from(connection)
        fetch.next_slice(connection)
        for kind in KINDS:
            list(kind.find(connection, storekeeper.view.covers, machine.own_space))

    assert whole_tables(asked(database, work)) == []


def test_no_question_about_packs_reads_the_whole_of_one(database):
    region = Region()
    first, second = (
        make_pack(os.urandom(300_000), kind=DIRECTORY, made_s=at_s, key=region.authority)
        for at_s in (1, 2)
    )
    served = region.authority.public

    def work(connection: Connection) -> None:
        publish(connection, first, served, now=NOW_S)
        publish(connection, second, served, now=NOW_S)
        (mark,) = later_packs(connection, {DIRECTORY: 1})
        assert pack_size(connection, mark.name) == len(second)
        assert PackOut(name=mark.name, offset=200_000, size=mark.size).next_slice(connection)

    assert whole_tables(asked(database, work)) == []


@pytest.mark.parametrize("column", [bundles.c.body, parts.c.bytes, pieces.c.size, nonces.c.nonce])
def test_whole_table_would_be_noticed(database, column):
    query = select(column.table).where(column == b"")
    plans = asked(database, lambda connection: connection.execute(query).all())
    assert whole_tables(plans) == plans
