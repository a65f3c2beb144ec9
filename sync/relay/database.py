"""Opening the relay's database, reading it, and one writer that commits for everybody at once.

Five hundred machines that each send a few bytes would be five hundred waits for the disk: what
waits when a commit begins shares it. Nobody is answered before the commit that holds their work.
"""

import queue
import threading
import time
from asyncio import wrap_future
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from sync.relay import engines
from sync.relay.tables import REVISION
from sync.relay.upgrading import DatabaseFromTheFutureError, revision_of, upgrade

__all__ = [
    "Database",
    "DatabaseBusyError",
    "DatabaseFromTheFutureError",
    "DatabaseFullError",
]

Answer = TypeVar("Answer")

SHARED_COMMITS_MAX = 64
READERS_MAX = 4
"""More threads would only wait for each other, and open connections to be closed again."""


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

    def __init__(self, url: str | URL) -> None:
        """Open the database, and bring it to its present form if it has another or none.

        Args:
            url: as SQLAlchemy writes them, such as `sqlite:///relay.sqlite3`.

        Raises:
            DatabaseFromTheFutureError: a newer relay wrote it.
            DatabaseFullError: the disk is full.
            DatabaseBusyError: it cannot be reached, or another holds it.
        """
        self._engine = engines.open_engine(url)
        self._reading = engines.reading(self._engine)
        self._writing = engines.writing(self._engine)
        self._readers = ThreadPoolExecutor(READERS_MAX, thread_name_prefix="reader")
        self._jobs: queue.SimpleQueue[_Job[Any] | None] = queue.SimpleQueue()
        self.on_commit: Callable[[float], object] = lambda _took_s: None
        """Told how long each shared commit took, with the work in it."""
        self._writer = threading.Thread(target=self._write_for_ever, name="writer", daemon=True)
        self._writer.start()
        try:
            if self.read(revision_of) != REVISION:
                self.write(upgrade)
        except BaseException:
            self.close()
            raise

    @property
    def engine(self) -> Engine:
        """What opens its connections."""
        return self._engine

    def read(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do some reading on one consistent state of the database.

        Raises:
            DatabaseFullError: the disk is full.
            DatabaseBusyError: the database does not answer now.
        """
        try:
            with self._reading.connect() as connection:
                return work(connection)
        except DBAPIError as error:
            if engines.is_of_the_database(error):
                raise _told(error).error from error
            raise

    def write(self, work: Callable[[Connection], Answer]) -> Answer:
        """Do some writing and return once it is durable.

        Raises:
            DatabaseFullError: the disk is full.
            DatabaseBusyError: the database does not take it now.
        """
        return self._submit(work).result()

    async def reading(self, work: Callable[[Connection], Answer]) -> Answer:
        """Like `read`, without holding the event loop."""
        return await wrap_future(self._readers.submit(self.read, work))

    async def writing(self, work: Callable[[Connection], Answer]) -> Answer:
        """Like `write`, without holding the event loop."""
        return await wrap_future(self._submit(work))

    @property
    def waiting(self) -> int:
        """How many works wait for the writer."""
        return self._jobs.qsize()

    def size_bytes(self) -> int:
        """Return how much room the database takes, as it says itself."""
        return self.read(engines.size_bytes)

    def close(self) -> None:
        """Finish what was asked for, then close."""
        self._jobs.put(None)
        self._readers.shutdown()
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
        started = time.monotonic()
        try:
            with self._writing.begin() as connection:
                outcomes = _outcomes(connection, jobs)
        except Exception as error:  # Whoever asked is told, whatever it is.
            outcomes = [_told(error)] * len(jobs)
        self.on_commit(time.monotonic() - started)
        for job, outcome in zip(jobs, outcomes, strict=True):
            if isinstance(outcome, _Failure):
                job.future.set_exception(outcome.error)
            else:
                job.future.set_result(outcome)


@dataclass(frozen=True, slots=True)
class _Failure:
    error: Exception


def _outcomes(connection: Connection, jobs: list[_Job[Any]]) -> list[Any]:
    if len(jobs) == 1:
        return [jobs[0].work(connection)]  # When it fails so does the commit: it is alone there.
    return [_outcome(connection, job) for job in jobs]


def _outcome(connection: Connection, job: _Job[Any]) -> Any:
    """Do one of several works of a commit. In plain SQL: there are many of them."""
    connection.exec_driver_sql("SAVEPOINT job")
    try:
        outcome = job.work(connection)
    except Exception as error:
        if engines.is_of_the_database(error):
            raise  # Nothing of this commit can be trusted.
        connection.exec_driver_sql("ROLLBACK TO SAVEPOINT job")
        outcome = _Failure(error)  # One job’s failure is not the others’.
    connection.exec_driver_sql("RELEASE SAVEPOINT job")
    return outcome


def _told(error: Exception) -> _Failure:
    if not engines.is_of_the_database(error):
        return _Failure(error)
    told = DatabaseFullError() if engines.is_full(error) else DatabaseBusyError()
    told.__cause__ = error
    return _Failure(told)
