"""The relay's database: shared commits, failures that stay alone, a full disk, a newer format."""

import threading

import pytest
from sqlalchemy import insert, select, update

from sync.relay.database import Database, DatabaseFromTheFutureError, DatabaseFullError
from sync.relay.tables import meta


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'relay.sqlite3'}"


@pytest.fixture
def database(url):
    database = Database(url)
    yield database
    database.close()


def setting(key, value=b"value"):
    return lambda connection: connection.execute(insert(meta).values(key=key, value=value)) and key


def keys(database):
    return set(database.read(lambda connection: connection.scalars(select(meta.c.key)).all()))


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

    blocker = threading.Thread(target=database.write, args=[holding])
    blocker.start()
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
    threads = [threading.Thread(target=attempt, args=job) for job in jobs.items()]
    for thread in threads:
        thread.start()
    released.set()
    for thread in [blocker, *threads]:
        thread.join()
    assert outcomes == {"one": "one", "bad": "failed", "two": "two"}
    assert {"one", "two"} <= keys(database)
    assert "never" not in keys(database)


def test_full_disk_is_told_as_such_and_loses_nothing(database):
    database.write(setting("before"))

    def filling(connection):
        connection.exec_driver_sql("PRAGMA max_page_count = 1")
        setting("large", bytes(2_000_000))(connection)

    with pytest.raises(DatabaseFullError):
        database.write(filling)
    assert "before" in keys(database)
    assert "large" not in keys(database)


def test_database_of_a_newer_relay_is_refused(url):
    first = Database(url)
    first.write(
        lambda connection: connection.execute(
            update(meta).where(meta.c.key == "format").values(value=b"2")
        )
    )
    first.close()
    with pytest.raises(DatabaseFromTheFutureError):
        Database(url)
