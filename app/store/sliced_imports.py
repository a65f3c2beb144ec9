"""An import that is written by short transactions: a save never waits for a large one.

It has its number from the beginning, and counts once it is whole: until then it is in no list, and
the directory that was read before stands. One that was cut short goes on under its number.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any

from app.pack_port import PackState
from app.store.directory_rows import Entry, imports_edition, put_entry
from app.store.pack_shelf import settle_pack
from app.store.settling import LONGEST_SLICE_S, SLICE_S
from app.store.writer import Tx

ROWS_AT_ONCE = 64
"""At most, in one transaction."""
_ROWS_BETWEEN_LOOKS = 8


def begin_sliced_import(tx: Tx, *, pack: bytes, at_s: int, author: str, details: str) -> int:
    """Return the number of the import of a pack: that of the one cut short, or a new one.

    What another pack left half written stands as it is, as an import of its own.
    """
    begun = tx.one(
        "SELECT number FROM directory_imports WHERE unfinished = 1 AND pack = ?", (pack,)
    )
    if begun:
        return int(begun[0])
    tx.execute("UPDATE directory_imports SET unfinished = 0 WHERE unfinished = 1")
    made = tx.execute(
        "INSERT INTO directory_imports (at_s, author, details, unfinished, pack)"
        " VALUES (?, ?, ?, 1, ?)",
        (at_s, author, details, pack),
    )
    return int(made.lastrowid)


def is_begun(tx: Tx, pack: bytes) -> bool:
    """Was the import of a pack cut short?"""
    sql = "SELECT 1 FROM directory_imports WHERE unfinished = 1 AND pack = ?"
    return tx.one(sql, (pack,)) is not None


def write_slice(
    tx: Tx,
    number: int,
    rows: Sequence[Entry],
    *,
    expected: tuple[Any, ...],
    is_awaited: Callable[[], bool],
) -> int | None:
    """Write the first rows, for some milliseconds; return how many, at least one if there are any.

    Args:
        tx: the transaction.
        number: of the import.
        rows: what is left to write.
        expected: the imports that were whole (`imports_edition`) when the rows were found.
        is_awaited: whether somebody waits for the writer.

    Returns:
        None when another import came or went meanwhile: what is to be written must be found again.
    """
    if imports_edition(tx.db.conn) != expected:
        return None
    began, done = time.monotonic(), 0
    most = min(len(rows), ROWS_AT_ONCE)
    while done < most and not (done and _is_over(began, is_awaited)):
        for row in rows[done : done + _ROWS_BETWEEN_LOOKS]:
            put_entry(tx, number, row)
        done += _ROWS_BETWEEN_LOOKS
    return min(done, len(rows))


def finish_sliced_import(tx: Tx, number: int | None, pack: bytes) -> None:
    """Have an import count, if there is one, and note that its pack was imported."""
    tx.execute("UPDATE directory_imports SET unfinished = 0 WHERE number = ?", (number,))
    settle_pack(tx, pack, PackState.IMPORTED)


def _is_over(began: float, is_awaited: Callable[[], bool]) -> bool:
    took_s = time.monotonic() - began
    return took_s >= LONGEST_SLICE_S or (took_s >= SLICE_S and is_awaited())
