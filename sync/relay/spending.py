"""Nonces of requests that come at the same time, spent together in one job of the writer.

While one job waits for the disk the next requests gather, so that many machines at once cost hardly
more writing than one.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import Connection, func, select

from sync.relay.contacts import Contacts
from sync.relay.database import Database
from sync.relay.nonces import Nonce, Nonces
from sync.relay.refusals import RefusalError
from sync.relay.tables import statements

_TOGETHER_MAX = 500

_Waiting = tuple[Nonce, "asyncio.Future[int]"]


class Spending:
    """Spends nonces. To be used on the event loop."""

    def __init__(
        self, database: Database, nonces: Nonces, clock: Callable[[], float] = time.time
    ) -> None:
        """Prepare to spend.

        Args:
            database: the relay's own.
            nonces: what was spent.
            clock: seconds since 1970, for the day on which a machine was heard.
        """
        self._database = database
        self._nonces = nonces
        self._contacts = Contacts()
        self._clock = clock
        self._waiting: list[_Waiting] = []
        self._spender: asyncio.Task[None] | None = None

    async def spend(self, nonce: Nonce) -> int:
        """Remember a nonce for good; return the position of the last statement then.

        Raises:
            RefusalError: `nonce_seen`.
        """
        told: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((nonce, told))
        if self._spender is None or self._spender.done():
            self._spender = asyncio.create_task(self._spend_all())
        return await told

    async def _spend_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:_TOGETHER_MAX], self._waiting[_TOGETHER_MAX:]
            used = [nonce for nonce, _ in some]
            try:
                fresh, position = await self._database.writing(partial(self._spend_some, used))
            except Exception as error:  # whoever waits is told, whatever it is
                _tell_all(some, error)
            else:
                _tell_each(some, fresh, position)

    def _spend_some(self, used: Sequence[Nonce], connection: Connection) -> tuple[set[Nonce], int]:
        fresh = self._nonces.spend(connection, used)
        heard = (machine for machine, _ in fresh)
        self._contacts.note(connection, heard, now=int(self._clock()))
        return fresh, connection.scalar(select(func.max(statements.c.position))) or 0


def _tell_each(some: Sequence[_Waiting], fresh: set[Nonce], position: int) -> None:
    """Let in the first that brought each nonce; a copy that came at once is refused."""
    for nonce, told in some:
        if nonce not in fresh:
            _tell(told, RefusalError(code="nonce_seen"))
            continue
        fresh.discard(nonce)
        if not told.done():
            told.set_result(position)


def _tell_all(some: Sequence[_Waiting], error: Exception) -> None:
    for _, told in some:
        _tell(told, error)


def _tell(told: "asyncio.Future[int]", error: Exception) -> None:
    if not told.done():
        told.set_exception(error)
