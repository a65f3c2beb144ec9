"""What a relay does by itself while it serves: forgetting what was abandoned, and compacting.

Now and then, and each time something came that may complete a checkpoint. A relay that is stopped
in the middle goes on when it is started again.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from functools import partial

from starlette.concurrency import run_in_threadpool

from sync.relay.compaction import Compaction
from sync.relay.database import Database, DatabaseBusyError, DatabaseFullError
from sync.relay.directory import Directory
from sync.relay.quotas import Quotas
from sync.relay.serving import Serving
from sync.relay.uploads import forget_old_parts

_EVERY_S = 6 * 3_600


class Housekeeping:
    """Keeps one relay's house. To be used on the event loop."""

    def __init__(
        self, database: Database, directory: Directory | None, quotas: Quotas, serving: Serving
    ) -> None:
        """Prepare; nothing is done before `keep`.

        Args:
            database: the relay's own.
            directory: what is believed, if the Region's authority is known.
            quotas: what is told that room was made.
            serving: the clock, and where what is dropped is counted.
        """
        self._database = database
        self._quotas = quotas
        self._serving = serving
        self._compaction = (
            Compaction(database=database, directory=directory, dropped=self._note_dropped)
            if directory
            else None
        )
        self._asked = asyncio.Event()
        # After a start, everywhere: the last relay may have been stopped in the middle.
        self._spaces: set[bytes] | None = None

    def ask(self, spaces: Iterable[bytes]) -> None:
        """Ask for another look at some spaces soon: something may have become useless there."""
        if self._spaces is not None:
            self._spaces.update(spaces)
        self._asked.set()

    async def keep(self) -> None:
        """Work until cancelled."""
        while True:
            self._asked.clear()
            with suppress(DatabaseFullError, DatabaseBusyError):
                now = int(self._serving.clock())
                await self._database.writing(partial(forget_old_parts, now=now))
                await self._compact()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._asked.wait(), _EVERY_S)

    async def _compact(self) -> None:
        if self._compaction is None:
            return
        spaces, self._spaces = self._spaces, set()
        try:
            await run_in_threadpool(self._compaction.run, spaces)
        except BaseException:
            self._spaces = None  # Another time, and everywhere.
            raise

    def _note_dropped(self, kind: str, count: int) -> None:
        self._serving.metrics.dropped(kind, count)
        self._quotas.count_again()
