"""A copy of everything the relay holds, in one SQLite file, and back into any database.

The file is itself a relay's database. It is whole or not there at all, and holds the relay's
private key: nobody but its owner may read it.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, MetaData, func, insert, select, text
from sqlalchemy.exc import DatabaseError, DBAPIError

from sync.relay import engines
from sync.relay.database import Database, DatabaseBusyError, DatabaseFullError
from sync.relay.tables import meta
from sync.relay.upgrading import (
    DatabaseFromTheFutureError,
    is_known,
    make_bare,
    revision_of,
    upgrade,
)

_ROWS_AT_ONCE = 50
"""A bundle may have a megabyte: memory stays flat however many there are."""


class NoBackupError(Exception):
    """The file is not a database of a relay."""


def back_up(database: Database, file: Path) -> None:
    """Write a copy of one state of the database, while it serves; an older file is replaced.

    Raises:
        OSError: the file cannot be written.
        DatabaseFullError: there is no room for it.
        DatabaseBusyError: it cannot be read or written now.
    """
    folder = file.absolute().parent
    descriptor, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=folder)  # Its owner’s alone.
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "r+b") as written:
            _copy_out(database, unfinished)
            os.fsync(written.fileno())
        unfinished.replace(file)
        _make_durable(folder)
    except BaseException:
        for left in folder.glob(f"{unfinished.name}*"):
            left.unlink()
        raise


def restore(file: Path, connection: Connection) -> None:
    """Fill an empty database from a backup, in the caller's transaction, and bring it up to date.

    Raises:
        NoBackupError: the file is none.
        DatabaseNotEmptyError: the database holds something.
        DatabaseFromTheFutureError: a newer relay wrote the backup.
    """
    make_bare(connection)
    engine = engines.open_file(file)
    try:
        with _reading(engine) as source:
            upgrade(connection, to=_revision(source))
            _copy(source, connection)
    finally:
        engine.dispose()
    upgrade(connection)


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    try:
        source = engine.connect()
    except DatabaseError as error:
        raise NoBackupError from error
    with source:
        yield source


def _revision(source: Connection) -> str:
    try:
        revision = revision_of(source)
    except DatabaseError as error:
        raise NoBackupError from error
    if revision is None:
        raise NoBackupError
    if not is_known(revision):
        raise DatabaseFromTheFutureError
    return revision


def _copy_out(database: Database, file: Path) -> None:
    try:
        if database.engine.dialect.name == "sqlite":
            # It reads one state of the database, and holds nobody up.
            alone = engines.without_transaction(database.engine)
            with alone.connect() as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(file),))
        else:
            database.read(lambda connection: _copy_into_file(connection, file))
    except DBAPIError as error:
        told = DatabaseFullError() if engines.is_full(error) else DatabaseBusyError()
        raise told from error


def _copy_into_file(source: Connection, file: Path) -> None:
    engine = engines.open_file(file, may_write=True)
    try:
        with engine.begin() as target:
            upgrade(target)
            _copy(source, target)
    finally:
        engine.dispose()


def _copy(source: Connection, target: Connection) -> None:
    """Copy every row of every table, the columns being the same on both sides."""
    there, here = MetaData(), MetaData()
    there.reflect(source)
    here.reflect(target)
    target.execute(here.tables[meta.name].delete())  # The mark of the format, which comes again.
    for table in there.sorted_tables:
        if table.name == "alembic_version":
            continue
        rows = source.execution_options(yield_per=_ROWS_AT_ONCE).execute(select(table))
        for some in rows.mappings().partitions():
            target.execute(insert(here.tables[table.name]), [dict(row) for row in some])
    if target.dialect.name == "postgresql":
        _go_on_counting(target, here)


def _go_on_counting(target: Connection, here: MetaData) -> None:
    """Numbers that the server gives go on after those that were copied."""
    for table in here.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        greatest = target.scalar(select(func.max(column)))
        if greatest is not None:
            target.execute(
                text("SELECT setval(pg_get_serial_sequence(:table, :column), :greatest)"),
                {"table": table.name, "column": column.name, "greatest": greatest},
            )


def _make_durable(folder: Path) -> None:
    """Write down the new name of the file too, where folders can be opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
