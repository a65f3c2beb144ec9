"""One thread writes, whoever asks: the screen first, the exchange after.

SQLite's own lock is unfair: beside a settlement of ten thousand events a save waited more than a
second. Here every write is a piece of work in a priority queue, run alone inside one BEGIN
IMMEDIATE transaction on the only writing connection.
"""

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, TypeVar

from app.store.encrypted import Database, as_refusals

T = TypeVar("T")


class Priority(IntEnum):
    """Who goes first: a smaller number is served before."""

    SCREEN = 0
    EXCHANGE = 1
    LAST = 9


@dataclass(frozen=True, slots=True)
class Tx:
    """An open BEGIN IMMEDIATE transaction; only the writer makes one.

    Functions that write take a `Tx`, so that nothing can write outside a transaction.
    """

    db: Database

    def execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Run one statement inside the transaction and return its cursor."""
        return self.db.conn.execute(sql, parameters)

    def one(self, sql: str, parameters: tuple[Any, ...] = ()) -> Any:
        """Run one query and return its first row, or None."""
        return self.db.conn.execute(sql, parameters).fetchone()


@dataclass(order=True, slots=True)
class _Job:
    priority: int
    turn: int
    work: Callable[[Tx], Any] | None = field(compare=False)
    future: "Future[Any]" = field(compare=False)


class Writer:
    """The writing thread and its queue; owns the writing connection."""

    def __init__(self, open_connection: Callable[[], Database]) -> None:
        self._queue: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._turns = itertools.count()
        self._open = open_connection
        self._opened: Future[None] = Future()
        self._closed = False
        self._gate = threading.Lock()  # nothing slips into the queue behind the closing job
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()
        self._opened.result()

    def submit(
        self, work: Callable[[Tx], T], *, priority: Priority = Priority.SCREEN
    ) -> "Future[T]":
        """Queue a piece of work; it runs in one transaction, committed when it returns.

        The future gives what `work` returned, after the commit is durable, or its exception, after
        everything was rolled back. `work` must not submit and wait for other work.
        """
        future: Future[T] = Future()
        with self._gate:
            if self._closed:
                message = "the store is closed"
                raise RuntimeError(message)
            self._queue.put(_Job(priority, next(self._turns), work, future))
        return future

    def write(self, work: Callable[[Tx], T], *, priority: Priority = Priority.SCREEN) -> T:
        """Queue a piece of work and wait until it is durable."""
        return self.submit(work, priority=priority).result()

    def is_awaited(self, priority: Priority) -> bool:
        """Does somebody wait who goes before this priority? Asked by work that can be cut short."""
        with self._queue.mutex:
            waiting = self._queue.queue
            return bool(waiting) and waiting[0].priority < priority

    def close(self) -> None:
        """Do what is queued, then close the connection. Repeating it does nothing."""
        with self._gate:
            if not self._closed:
                self._closed = True
                self._queue.put(_Job(Priority.LAST, next(self._turns), None, Future()))
        self._thread.join()

    def _serve(self) -> None:
        try:
            db = self._open()
        except BaseException as error:
            self._opened.set_exception(error)
            return
        self._opened.set_result(None)
        while (job := self._queue.get()).work is not None:
            self._run(db, job)
        db.close()

    @staticmethod
    def _run(db: Database, job: _Job) -> None:
        if job.work is None or not job.future.set_running_or_notify_cancel():
            return
        try:
            with as_refusals():
                result = _in_transaction(db, job.work)
        except BaseException as error:
            job.future.set_exception(error)
        else:
            job.future.set_result(result)


def _in_transaction(db: Database, work: Callable[[Tx], T]) -> T:
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        result = work(Tx(db))
        db.conn.execute("COMMIT")
    except BaseException:
        if db.conn.in_transaction:  # a full disk has SQLite roll back by itself
            db.conn.execute("ROLLBACK")
        raise
    return result
