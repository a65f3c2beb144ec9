"""The relay's database: shared commits, failures that stay alone, a full disk, one writer."""

import os
import threading

import pytest
from sqlalchemy import insert, select, text

from sync.relay.database import Database, DatabaseBusyError, DatabaseFullError
from sync.relay.directory import Directory, keep_statements
from sync.relay.tables import meta, statements
from tests.exchange.parties import Region, Structure
from tests.relay_process import new_database


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    return new_database(request) or f"sqlite:///{tmp_path / 'relay.sqlite3'}"


@pytest.fixture
def database(url):
    database = Database(url)
    yield database
    database.close()


@pytest.fixture
def beside(database, url):
    """The same database, opened a second time."""
    beside = Database(url)
    yield beside
    beside.close()


def setting(key, value=b"value"):
    return lambda connection: connection.execute(insert(meta).values(key=key, value=value)) and key


def keys(database):
    return set(database.read(lambda connection: connection.scalars(select(meta.c.key)).all()))


def in_thread(work, *arguments):
    thread = threading.Thread(target=work, args=arguments)
    thread.start()
    return thread


def test_what_was_written_is_there_after_closing(url):
    first = Database(url)
    first.write(setting("one"))
    first.close()
    again = Database(url)
    assert "one" in keys(again)
    again.close()


def test_work_that_fails_spoils_no_other_of_the_same_commit(database):
    held, released = threading.Event(), threading.Event()

    def holding(_connection):
        held.set()
        released.wait(20)

    blocker = in_thread(database.write, holding)
    held.wait(20)
    outcomes = {}

    def attempt(name, work):
        try:
            outcomes[name] = database.write(work)
        except ZeroDivisionError:
            outcomes[name] = "failed"

    def failing(connection):
        setting("never")(connection)
        return 1 / 0

    jobs = {"one": setting("one"), "bad": failing, "two": setting("two")}
    threads = [in_thread(attempt, *job) for job in jobs.items()]
    released.set()
    for thread in [blocker, *threads]:
        thread.join()
    assert outcomes == {"one": "one", "bad": "failed", "two": "two"}
    assert {"one", "two"} <= keys(database)
    assert "never" not in keys(database)


def test_reading_sees_one_state_from_end_to_end(database, beside):
    def reading(connection):
        before = connection.scalars(select(meta.c.key)).all()
        beside.write(setting("meanwhile"))
        return before == connection.scalars(select(meta.c.key)).all()

    assert database.read(reading)
    assert "meanwhile" in keys(database)


def test_only_one_writes_at_a_time_whatever_opened_the_database(database, beside):
    began, released, order = threading.Event(), threading.Event(), []

    def slow(connection):
        setting("slow")(connection)
        began.set()
        released.wait(20)
        order.append("slow")

    def quick(connection):
        order.append("quick")
        assert connection.scalar(select(meta.c.key).where(meta.c.key == "slow")) == "slow"
        setting("quick")(connection)

    first = in_thread(database.write, slow)
    began.wait(20)
    second = in_thread(beside.write, quick)
    second.join(0.3)
    assert second.is_alive()
    assert "slow" not in keys(beside)
    released.set()
    first.join()
    second.join()
    assert order == ["slow", "quick"]


def test_what_a_writer_saw_and_was_rolled_back_is_forgotten(url, database):
    """Positions are given again after a rollback: what takes them must not be missed."""
    region, structures = Region(), [Structure(label) for label in ("un", "deux", "trois")]
    directory = Directory(region.key.public)

    def certify(structure):
        body = region.certify(structure)
        return lambda connection: keep_statements(
            connection, {structure.id * 2: ("structure", body)}, now=1
        )

    def dying(connection):
        certify(structures[0])(connection)
        assert structures[0].id in directory.seen_from(connection).registry.structures
        connection.invalidate()
        raise DatabaseBusyError

    with pytest.raises(Exception):  # noqa: B017, PT011 - whatever a connection that died says
        database.write(dying)
    for structure in structures[1:]:
        database.write(certify(structure))
    known = database.read(directory.refreshed).registry.structures
    assert known.keys() == {structure.id for structure in structures[1:]}


def test_full_disk_is_told_as_such_and_loses_nothing(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    database.write(setting("before"))

    def filling(connection):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        setting("large", bytes(2_000_000))(connection)

    with pytest.raises(DatabaseFullError):
        database.write(filling)
    assert "before" in keys(database)
    assert "large" not in keys(database)
    database.close()


def test_full_disk_of_a_server_is_told_as_such(postgres):
    """The server says so with the state 53100, whatever the words of its language."""
    database = Database(postgres.new_database())

    def filling(connection):
        connection.execute(
            text("DO $$ BEGIN RAISE EXCEPTION 'plus de place' USING ERRCODE = '53100'; END $$")
        )

    with pytest.raises(DatabaseFullError):
        database.write(filling)
    database.write(setting("after"))
    assert "after" in keys(database)
    database.close()


def test_connection_that_the_server_ended_fails_one_request_at_most(postgres):
    url = postgres.new_database()
    database, other = Database(url), Database(url)
    others = text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )

    def cut_in_the_middle(connection):
        setting("lost")(connection)
        other.read(lambda beside: beside.execute(others).all())
        connection.execute(select(1))

    with pytest.raises(DatabaseBusyError):
        database.write(cut_in_the_middle)
    database.write(setting("after"))
    assert keys(database) >= {"after"}
    assert "lost" not in keys(database)
    database.close()
    other.close()


def test_receipts_wait_for_the_disk_whatever_the_server_was_told(postgres):
    url = postgres.new_database()
    first = Database(url)
    first.write(
        lambda connection: connection.execute(
            text(
                "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off',"
                " current_database()); END $$"
            )
        )
    )
    first.close()
    again = Database(url)
    asked = text("SHOW synchronous_commit")
    assert again.write(lambda connection: connection.scalar(asked)) == "on"
    again.close()


def test_positions_are_seen_in_their_order_while_two_write(database, beside, url):
    """Whoever reads what came after the last position it saw must never miss a smaller one."""
    count, ended, seen = 60, threading.Event(), []

    def write(into, label):
        for number in range(count):
            name = f"{label}{number:07}".encode() * 4
            into.write(
                lambda connection, name=name: keep_statements(
                    connection, {name: ("exemple", os.urandom(200))}, now=1
                )
            )

    def follow():
        follower = Database(url)
        last, is_last_time = 0, False
        while not is_last_time:
            is_last_time = ended.is_set()
            after = select(statements.c.position).where(statements.c.position > last)
            new = follower.read(
                lambda connection, after=after: connection.scalars(
                    after.order_by(statements.c.position)
                ).all()
            )
            seen.extend(new)
            last = max([last, *new])
        follower.close()

    following = in_thread(follow)
    writers = [in_thread(write, *one) for one in ((database, "a"), (beside, "b"))]
    for writer in writers:
        writer.join()
    ended.set()
    following.join()
    kept = database.read(lambda connection: connection.scalars(select(statements.c.position)).all())
    assert sorted(kept) == seen
    assert len(seen) == 2 * count
