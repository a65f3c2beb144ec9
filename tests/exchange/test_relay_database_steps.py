"""The steps of the relay's database: old ones are brought up to date, newer ones are left alone."""

import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import MetaData, create_engine, inspect, select, text
from sqlalchemy.exc import SQLAlchemyError

from sync.relay import upgrading
from sync.relay.database import Database, DatabaseBusyError, DatabaseFromTheFutureError
from sync.relay.tables import FORMAT, REVISION, bundles, meta, parts, statements, tables
from sync.relay.verification import Verification
from tests.relay_process import ROOT, new_database

OF_VERSION_0_1_0 = Path(__file__).parent / "old_files" / "relay-0.1.0.sqlite3"
HELD = {"statements": 9, "bundles": 8, "parts": 2}


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    return new_database(request) or f"sqlite:///{tmp_path / 'relay.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgres"])
def old_url(request, tmp_path):
    """A database as version 0.1.0 left it: its tables, its rows, and no mark of a step."""
    url = new_database(request)
    if not url:
        file = tmp_path / "old.sqlite3"
        shutil.copy(OF_VERSION_0_1_0, file)
        return f"sqlite:///{file}"
    engine = create_engine(url)
    with engine.begin() as connection:
        upgrading.upgrade(connection, to="0001")
        connection.execute(text("DROP TABLE alembic_version"))
        connection.execute(text("DELETE FROM meta"))
        present = MetaData()
        present.reflect(connection)
        for table in present.sorted_tables:
            names = [column.name for column in table.columns]
            found = [dict(zip(names, row, strict=True)) for row in rows(table.name, names)]
            if found:
                connection.execute(table.insert(), found)
    engine.dispose()
    return url


def rows(table, columns=("*",)):
    """What version 0.1.0 kept."""
    listed = ", ".join(name if name == "*" else f'"{name}"' for name in columns)
    with sqlite3.connect(OF_VERSION_0_1_0) as connection:
        found = connection.execute(f'SELECT {listed} FROM "{table}"').fetchall()  # noqa: S608
    connection.close()
    return found


def seen_in(url, look):
    """Look at a database without the steps being taken."""
    engine = create_engine(url)
    with engine.connect() as connection:
        seen = look(connection)
    engine.dispose()
    return seen


def differences(connection):
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return compare_metadata(context, tables)


def test_steps_lead_to_the_tables_that_the_relay_uses(url):
    database = Database(url)
    assert database.read(differences) == []
    assert database.read(upgrading.revision_of) == REVISION
    database.close()


def test_database_of_version_0_1_0_loses_nothing(old_url):
    database = Database(old_url)
    assert database.read(differences) == []
    assert database.read(upgrading.revision_of) == REVISION
    for table in (statements, bundles, parts):
        columns = [column for column in table.c if column.name != "machine"]
        kept = database.read(
            lambda connection, columns=columns: connection.execute(select(*columns)).all()
        )
        assert set(map(tuple, kept)) == set(rows(table.name))
    verification = Verification()
    assert database.read(lambda connection: list(verification.of(connection))) == []
    assert verification.counts == HELD | {"pieces": 0, "packs": 0}
    database.close()


def test_version_0_1_0_refuses_what_was_brought_up_to_date(url):
    """It compares the format with 1, and knows no steps."""
    database = Database(url)
    told = select(meta.c.value).where(meta.c.key == "format")
    assert int(database.read(lambda connection: connection.scalar(told))) == FORMAT > 1
    database.close()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE alembic_version SET version_num = '9999'",
        "DROP TABLE alembic_version",
    ],
)
def test_database_of_a_newer_relay_is_refused(url, change):
    first = Database(url)
    first.write(lambda connection: connection.execute(text(change)))
    first.write(
        lambda connection: connection.execute(meta.update().values(value=str(FORMAT + 1).encode()))
    )
    first.close()
    with pytest.raises(DatabaseFromTheFutureError):
        Database(url)


def test_many_processes_may_open_a_new_database_at_once(url):
    opening = "import sys; from sync.relay.database import Database; Database(sys.argv[1]).close()"
    processes = [
        subprocess.Popen([sys.executable, "-c", opening, url], cwd=ROOT, stderr=subprocess.PIPE)
        for _ in range(6)
    ]
    told = [process.communicate(timeout=60)[1] for process in processes]
    assert told == [b""] * len(processes)
    database = Database(url)
    assert database.read(differences) == []
    database.close()


def test_many_processes_may_bring_one_database_up_to_date_at_once(old_url):
    test_many_processes_may_open_a_new_database_at_once(old_url)
    database = Database(old_url)
    count = text("SELECT count(*) FROM bundles")
    assert database.read(lambda connection: connection.scalar(count)) == HELD["bundles"]
    database.close()


def test_step_that_fails_leaves_the_database_as_it_was(old_url):
    engine = create_engine(old_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE parts_by_machine (x INTEGER)"))  # An index to come.
    engine.dispose()
    with pytest.raises((DatabaseBusyError, SQLAlchemyError)):
        Database(old_url)
    columns = seen_in(old_url, lambda connection: inspect(connection).get_columns("parts"))
    assert [column["name"] for column in columns] == ["name", "offset", "bytes", "at"]
    names = seen_in(old_url, lambda connection: inspect(connection).get_table_names())
    assert "alembic_version" not in names
    count = text("SELECT count(*) FROM bundles")
    assert seen_in(old_url, lambda connection: connection.scalar(count)) == HELD["bundles"]


def test_nothing_is_written_when_the_database_is_up_to_date(url):
    Database(url).close()
    held = Database(url)
    with held.engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT 1"))
        again = Database(url)
        assert again.read(lambda beside: inspect(beside).has_table("bundles"))
        again.close()
    held.close()
