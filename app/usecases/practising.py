"""A workspace for practice: marked at its making, the only kind that invented people enter."""

from typing import Any

from app.domain.errors import NotForPracticeError
from app.store.writer import Tx
from app.usecases.desk import Desk

_MARK = "practice"
_ANY_EVENT = "SELECT 1 FROM events LIMIT 1"


def mark_for_practice(desk: Desk) -> None:
    """Say, while nothing is written in it yet, that a workspace is for practice.

    Raises:
        NotForPracticeError: somebody wrote in it: it is a real one.
    """

    def work(tx: Tx) -> None:
        if tx.one(_ANY_EVENT):
            raise NotForPracticeError(str(desk.workspace.folder))
        tx.execute("INSERT OR REPLACE INTO memos (name, text) VALUES (?, ?)", (_MARK, "yes"))

    desk.workspace.writer.write(work)


def is_for_practice(connection: Any) -> bool:
    """Was the workspace marked at its making?"""
    mark = connection.execute("SELECT text FROM memos WHERE name = ?", (_MARK,)).fetchone()
    return mark is not None


def check_for_practice(desk: Desk) -> None:
    """Refuse a workspace that was not marked at its making.

    Raises:
        NotForPracticeError: real people may be in it.
    """
    with desk.workspace.read() as connection:
        is_marked = is_for_practice(connection)
    if not is_marked:
        raise NotForPracticeError(str(desk.workspace.folder))
