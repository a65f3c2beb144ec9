"""Opening the relay's database, reading it, and one writer that commits for everybody at once.

Five hundred machines that each send a few bytes would be five hundred waits for the disk: what
waits when a commit begins shares it. Nobody is answered before the commit that holds their work.

All that is peculiar to SQLite is in this module; the rest is SQLAlchemy Core for any database.
"""

import queue
import threading
from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, insert, select
from sqlalchemy.exc import OperationalError
from starlette.concurrency import run_in_threadpool

from sync.relay.tables import FORMAT, meta, tables

Answer = TypeVar("Answer")

SHARED_COMMITS_MAX = 64
_BUSY_MS = 10_000
_WRITES = "deux_portes_writes"
_FORMAT_KEY = "format"


class DatabaseFromTheFutureError(Exception):
    """A newer relay wrote this database."""


class DatabaseFullError(Exception):
    """The disk has no room left; nothing that was acknowledged is lost."""


class DatabaseBusyError(Exception):
    """The database did not take the work now; the same work may succeed later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job(Generic[Answer]):
    work: Callable[[Connection], Answer]
    future: "Future[Answer]"


class Database:
    """The relay's database. Thread-safe; `close` ends its writer."""

    def __init__(self, url: str) -> None:
        """Open the database, and make its tables if there are none.

        Args:
            url: as SQLAlchemy writes them, such as `sqlite:///relay.sqlite3`.

        Raises:
            DatabaseFromTheFutureError: a newer relay wrote it.
        """
        # Parameters stay out of errors, hence out of logs.
        self._engine = create_engine(url, hide_parameters=True)
        if self._engine.dialect.name == "sqlite":
            _prepare_sqlite(self._engine)
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_for_ever, name="writer", daemon=True)
        self._writer.start()
        try:
            self.write(_make_tables)
        except BaseException:
            self.close()
            raise

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do some reading on one consistent state of the database."""
        with self._engine.connect() as connection:
            return work(connection)

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do some writing and return once it is durable.

        Raises:
            DatabaseFullError: the disk is full.
            DatabaseBusyError: the database does not take it now.
        """
        return self._submit(work).result()

    async def reading(self, work: Callable[[Connection], Answer]) -> Answer:
        """Like `read`, without holding the event loop."""
        return await run_in_threadpool(self.read, work)

    async def writing(self, work: Callable[[Connection], Answer]) -> Answer:
        """Like `write`, without holding the event loop."""
        return await wrap_future(self._submit(work))

    def close(self) -> None:
        """Finish what was asked for, then close."""
        self._jobs.put(None)
        self._writer.join()
        self._engine.dispose()

    def _submit(self, work: Callable[[Connection], Answer]) -> "Future[Answer]":
        future: Future[Answer] = Future()
        self._jobs.put(_Job(work=work, future=future))
        return future

    def _write_for_ever(self) -> None:
        is_open = True
        while is_open:
            waiting = [self._jobs.get()]
            while len(waiting) < SHARED_COMMITS_MAX and not self._jobs.empty():
                waiting.append(self._jobs.get())
            is_open = None not in waiting
            jobs = [job for job in waiting if job and job.future.set_running_or_notify_cancel()]
            if jobs:
                self._commit_together(jobs)

    def _commit_together(self, jobs: list[_Job[Any]]) -> None:
        try:
            with (
                self._engine.connect().execution_options(**{_WRITES: True}) as connection,
                connection.begin(),
            ):
                outcomes = [_outcome(connection, job) for job in jobs]
        except Exception as error:  # Whoever asked is told, whatever it is.
            outcomes = [_told(error)] * len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, _Failure):
                job.future.set_exception(outcome.error)
            else:
                job.future.set_result(outcome)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception


def _outcome(connection: Connection, job: _Job[Any]) -> Any:
    try:
        with connection.begin_nested():
            return job.work(connection)
    except OperationalError:
        # The database itself failed: nothing of this commit can be trusted.
        raise
    except Exception as error:  # One job’s failure is not the others’.
        return _Failure(error)


def _told(error: Exception) -> _Failure:
    if not isinstance(error, OperationalError):
        return _Failure(error)
    told = DatabaseFullError() if _is_full(error) else DatabaseBusyError()
    told.__cause__ = error
    return _Failure(told)


def _is_full(error: BaseException | None) -> bool:
    """Look for it in the whole chain: a full SQLite also ends the transaction, which hides it."""
    while error is not None:
        if isinstance(error, OperationalError) and "full" in str(error.orig):
            return True
        error = error.__context__
    return False


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # Transactions begin below, and nowhere else.
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            f"busy_timeout={_BUSY_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that first reads and then writes could not wait for another writer.
        writes = connection.get_execution_options().get(_WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _make_tables(connection: Connection) -> None:
    tables.create_all(connection)
    known = connection.scalar(select(meta.c.value).where(meta.c.key == _FORMAT_KEY))
    if known is None:
        connection.execute(insert(meta).values(key=_FORMAT_KEY, value=str(FORMAT).encode()))
    elif int(known) > FORMAT:
        raise DatabaseFromTheFutureError
