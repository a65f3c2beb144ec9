"""Opening a database: all that is peculiar to SQLite or to PostgreSQL is in this module.

On both, one transaction writes at a time, in whichever process: what is in order of commit is in
order of position, and two relays that are given the same bundle at once meet one after the other.
"""

from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    ArgumentError,
    DBAPIError,
    InterfaceError,
    InternalError,
    OperationalError,
)
from sqlalchemy.pool import NullPool

_BEGINS = "deux_portes_begins"
_WAIT_MS = 10_000
_GIVE_UP_MS = 60_000
# "deuxprte": the lock that whoever writes holds, of the one database it is connected to.
_ONE_WRITER = 0x6465757870727465
_POSTGRES_FULL = frozenset({"53100", "53000"})
# The second: not even the index of the journal has room.
_SQLITE_FULL = frozenset({"SQLITE_FULL", "SQLITE_IOERR_SHMSIZE"})
_SIZES = {
    "sqlite": text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"),
    "postgresql": text("SELECT pg_database_size(current_database())"),
}


def open_engine(url: str | URL) -> Engine:
    """Make ready to open a database; nothing is opened yet.

    Args:
        url: as SQLAlchemy writes them: `sqlite:///relay.sqlite3`, `postgresql+psycopg://...`.

    Raises:
        SQLAlchemyError: it is no such address, or of another kind of database.
    """
    kind = make_url(url).get_backend_name()
    if kind not in _PREPARATIONS:
        raise ArgumentError(kind)
    # Parameters stay out of errors, hence out of logs. A server may have been started again.
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=kind != "sqlite")
    _PREPARATIONS[kind](engine)
    return engine


def reading(engine: Engine) -> Engine:
    """Return the engine whose transactions see one state of the database from end to end."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine  # A transaction of SQLite sees nothing else.


def writing(engine: Engine) -> Engine:
    """Return the engine whose transactions write, one at a time in all processes."""
    return engine.execution_options(**{_BEGINS: "BEGIN IMMEDIATE"})


def without_transaction(engine: Engine) -> Engine:
    """Return the engine of a SQLite whose every statement stands alone."""
    return engine.execution_options(**{_BEGINS: ""})


def open_file(file: Path, *, may_write: bool = False) -> Engine:
    """Make ready to open the file of a backup, without the files that a served one has beside it.

    What may be written to is new: whoever writes makes it durable at the end.
    """
    address = URL.create(
        "sqlite",
        database=f"file:{quote(str(file.absolute()))}",
        query={"mode": "rw" if may_write else "ro", "uri": "true"},
    )
    engine = create_engine(address, hide_parameters=True, poolclass=NullPool)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=OFF")

    event.listen(engine, "begin", _begin_sqlite)
    return engine


def size_bytes(connection: Connection) -> int:
    """Return how much room the database takes, as it says itself."""
    return int(connection.scalar(_SIZES[connection.dialect.name]) or 0)


def is_of_the_database(error: BaseException) -> bool:
    """Did the database itself fail, so that nothing of the transaction can be trusted?

    A row that is refused is the fault of what asked for it, and of nothing else.
    """
    if isinstance(error, OperationalError | InternalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def is_full(error: BaseException | None) -> bool:
    """Look for a full disk in the chain of an error.

    In the whole of it: a full SQLite also ends the transaction, which hides it.
    """
    while error is not None:
        if isinstance(error, DBAPIError) and (
            getattr(error.orig, "sqlite_errorname", None) in _SQLITE_FULL
            or getattr(error.orig, "sqlstate", None) in _POSTGRES_FULL
        ):
            return True
        error = error.__context__
    return False


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # Transactions begin below, and nowhere else.
        # The wait first: several processes may open the database for the first time at once.
        for pragma in (
            f"busy_timeout={_WAIT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
        ):
            connection.execute(f"PRAGMA {pragma}")

    event.listen(engine, "begin", _begin_sqlite)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that first reads and then writes could not wait for another writer.
    begins = connection.get_execution_options().get(_BEGINS, "BEGIN")
    if begins:
        connection.exec_driver_sql(begins)


def _prepare_postgres(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        # A receipt says that the bundle is on the disk: the server may not be told otherwise. One
        # that died in the middle of its work must not hold the others up.
        for setting in (
            "synchronous_commit = on",
            f"lock_timeout = {_WAIT_MS}",
            f"idle_in_transaction_session_timeout = {_GIVE_UP_MS}",
        ):
            connection.execute(f"SET {setting}")
        connection.commit()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # Held until the commit is seen by everybody, as the lock of SQLite is.
        if connection.get_execution_options().get(_BEGINS):
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_ONE_WRITER,))


_PREPARATIONS = {"sqlite": _prepare_sqlite, "postgresql": _prepare_postgres}
