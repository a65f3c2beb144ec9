"""The directory that the Region publishes, imported by itself once it came: undone like any import.

It is reference data, dated and signed: nobody has to be asked for it. It is written by short
transactions behind whatever the screen saves; cut short anywhere, it goes on where it was.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from app.changes import Changes, Topic
from app.domain.errors import UnexpectedFormatError
from app.pack_port import IS_THE_REGIONS, PackHere, PackState
from app.reference.importing.errors import ImportingError
from app.reference.importing.merging import Merged, merge
from app.reference.importing.parsed import Format, Options
from app.store.directory_rows import Entry, imports_edition
from app.store.pack_shelf import StorePacks
from app.store.sliced_imports import (
    begin_sliced_import,
    finish_sliced_import,
    is_begun,
    write_slice,
)
from app.store.writer import Priority, Tx
from app.usecases.desk import Desk
from app.usecases.directory.imports import (
    MOVED,
    Imported,
    details_of,
    propose_import,
    rows_to_write,
)
from app.usecases.directory.shelf import held_entries, made_corrections

CHANGED: Final = Changes(topics=MOVED.topics | {Topic.PACKS})
"""What an import of a pack touches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackOpened:
    """What a pack holds: the day the Region made it, its content, how the list calls it."""

    name: bytes
    made_on: dt.date
    content: bytes
    title: str


def packs_here(desk: Desk) -> Sequence[PackHere]:
    """Return the packs known here, the one made last first."""
    return StorePacks(desk.workspace).packs()


def arrived_pack(desk: Desk) -> PackHere | None:
    """Return the pack that came whole and waits to be imported."""
    waiting = (one for one in packs_here(desk) if one.state is PackState.ARRIVED)
    return next(waiting, None)


def latest_pack(desk: Desk) -> PackHere | None:
    """Return the last pack of the Region that is here whole."""
    whole = (one for one in packs_here(desk) if one.state in IS_THE_REGIONS)
    return next(whole, None)


def import_pack(
    desk: Desk, opened: PackOpened, is_over: Callable[[], bool] = lambda: False
) -> Imported | None:
    """Import what a pack holds; not for the thread of the screen.

    Args:
        desk: the desk.
        opened: the pack.
        is_over: asked between two transactions; the rest is then written the next time.

    Returns:
        What was imported; None when it was stopped, or cannot be imported: the pack then says why.
    """
    try:
        proposed = propose_import(
            desk,
            opened.content,
            Options(name=opened.title, published_on=opened.made_on),
            expected=Format.DATA_INCLUSION,
        )
    except (ImportingError, UnexpectedFormatError) as error:
        shelf = StorePacks(desk.workspace)
        shelf.settle_pack(opened.name, PackState.UNREADABLE, reason=error.code)
        return None
    made = Imported(number=0, parsed=proposed.parsed, merged=proposed.merged)
    return _Slices(desk, opened, made, is_over).write()


class _Slices:
    """The rows of a pack that remain to be written."""

    def __init__(
        self, desk: Desk, opened: PackOpened, made: Imported, is_over: Callable[[], bool]
    ) -> None:
        self._desk = desk
        self._opened = opened
        self._made = made
        self._is_over = is_over

    def write(self) -> Imported | None:
        """Write slice after slice, each behind whatever the screen asks."""
        rows, expected = self._left()
        number = self._do(partial(self._begin, has_rows=bool(rows)))
        while rows:
            if self._is_over():
                return None
            done = self._do(partial(self._slice, number=number, rows=rows, expected=expected))
            if done is None:
                rows, expected = self._left()
            else:
                rows = rows[done:]
        self._do(partial(self._finish, number=number))
        made = self._made
        return Imported(number=number, parsed=made.parsed, merged=made.merged)

    def _left(self) -> tuple[list[Entry], tuple[Any, ...]]:
        with self._desk.workspace.read() as connection:
            expected = imports_edition(connection)
            return list(rows_to_write(self._merged(connection))), expected

    def _merged(self, connection: Any) -> Merged:
        better = made_corrections(connection)
        return merge(held_entries(connection), self._made.parsed, corrections=better)

    def _begin(self, tx: Tx, *, has_rows: bool) -> int | None:
        """Give the import its number; a pack that brings nothing new makes none."""
        if not has_rows and not is_begun(tx, self._opened.name):
            return None
        return begin_sliced_import(
            tx,
            pack=self._opened.name,
            at_s=int(self._desk.now().timestamp()),
            author="",
            details=details_of(self._made, self._opened.title),
        )

    def _slice(
        self, tx: Tx, *, number: int, rows: Sequence[Entry], expected: tuple[Any, ...]
    ) -> int | None:
        writer = self._desk.workspace.writer
        return write_slice(
            tx,
            number,
            rows,
            expected=expected,
            is_awaited=partial(writer.is_awaited, Priority.EXCHANGE),
        )

    def _finish(self, tx: Tx, *, number: int | None) -> None:
        finish_sliced_import(tx, number, self._opened.name)

    def _do(self, work: Callable[[Tx], Any]) -> Any:
        return self._desk.workspace.writer.write(work, priority=Priority.EXCHANGE)
