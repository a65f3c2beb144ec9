"""The information notice of the structure: each text it gave, from when, and the present one.

A text is never changed: another one follows it, under a version of its own, and every machine of
the structure has them all. What was given to somebody at a meeting can thus be read years later.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from app.changes import Changes
from app.domain.events import Value
from app.domain.identifiers import SubjectId
from app.domain.personal_numbers import masked
from app.printing.errors import UnknownNoticeError
from app.printing.notice import NoticeText, notice_from, notice_map, read_notice
from app.store.bodies import unpack_map
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from resources import resource_path

_NOTICES = """
    SELECT notice, created_at_s, details,
           coalesce((SELECT author FROM events WHERE event = notice), '')
    FROM notices ORDER BY created_at_s DESC, notice DESC
"""
_GIVEN_AT = """
    SELECT version FROM notices WHERE created_at_s <= ?
    ORDER BY created_at_s DESC, notice DESC LIMIT 1
"""
_OF_THE_DAY = "SELECT count(*) FROM notices WHERE dated_on = ?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A text of the notice, and who put it when; the program's own has neither."""

    text: NoticeText
    notice: SubjectId | None = None
    author: str = ""
    created_at_s: int | None = None

    @property
    def is_own(self) -> bool:
        """Is it a text of the structure?"""
        return self.notice is not None


def notices(desk: Desk) -> Sequence[Notice]:
    """Return every text, the latest first; the program's, given before any other, is the last.

    One that this program cannot read, written by a later one, is left out.
    """
    with desk.workspace.read() as connection:
        rows = connection.execute(_NOTICES).fetchall()
    return [*filter(None, map(_notice, rows)), programs_notice()]


def current_notice(desk: Desk) -> Notice:
    """Return the text that is given today: the structure's latest, else the program's."""
    now_s = int(desk.now().timestamp())
    return next(one for one in notices(desk) if (one.created_at_s or 0) <= now_s)


def notice_named(desk: Desk, version: str) -> Notice:
    """Return the text of a version.

    Raises:
        UnknownNoticeError: no text here has that version.
    """
    found = next((one for one in notices(desk) if one.text.version == version), None)
    if found is None:
        raise UnknownNoticeError(version)
    return found


@cache
def programs_notice() -> Notice:
    """Return the text that travels with the program."""
    return Notice(text=read_notice(resource_path("notice", "default.json")))


def write_notice(desk: Desk, text: NoticeText) -> tuple[Notice, Changes]:
    """Give another text from now on; its version and its day are set here.

    A text that is given already is left as it is: repeating it writes nothing.
    """
    present = current_notice(desk)
    wanted = _cleaned(text)
    if present.is_own and _words(present.text) == _words(wanted):
        return present, Changes()
    own = desk.own_structure().space
    today = desk.now().astimezone().date()

    def work(tx: Tx) -> tuple[Notice, Changes]:
        ((before,),) = tx.execute(_OF_THE_DAY, (today.isoformat(),)).fetchall()
        given = replace(
            wanted, version=f"{today:%Y.%m.%d}-{before + 1}", dated_on=today.isoformat()
        )
        pen = desk.pen(tx)
        made = pen.create(own, "notice", _fields(given))
        changes = fold_subjects(tx, pen.touched)
        author, at_s = desk.workspace.agent_name, int(desk.now().timestamp())
        return Notice(text=given, notice=made, author=author, created_at_s=at_s), changes

    return desk.workspace.writer.write(work)


def version_given(tx: Tx, received_at: str) -> str:
    """Return the version of the text that was given at a moment (ISO 8601, with its offset)."""
    at_s = int(dt.datetime.fromisoformat(received_at).timestamp())
    row = tx.one(_GIVEN_AT, (at_s,))
    return str(row[0]) if row is not None else programs_notice().text.version


def _notice(row: tuple[Any, ...]) -> Notice | None:
    notice, created_at_s, details, author = row
    try:
        text = notice_from(unpack_map(details))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
    return Notice(text=text, notice=SubjectId(notice), author=author, created_at_s=created_at_s)


def _cleaned(text: NoticeText) -> NoticeText:
    return notice_from(_masked(notice_map(text)))


def _masked(part: Any) -> Any:
    if isinstance(part, str):
        return masked(part)
    if isinstance(part, dict):
        return {name: _masked(each) for name, each in part.items()}
    return [_masked(each) for each in part]


def _words(text: NoticeText) -> NoticeText:
    return replace(text, version="", dated_on="")


def _fields(text: NoticeText) -> dict[str, Value]:
    return {name: _frozen(value) for name, value in notice_map(text).items()}


def _frozen(value: Any) -> Value:
    """Return a part as an event keeps it: lists are tuples."""
    if isinstance(value, dict):
        return {name: _frozen(each) for name, each in value.items()}
    return tuple(map(_frozen, value)) if isinstance(value, list) else str(value)
