"""What people may ask about what is kept of them: requests, and the month to answer them.

Access, rectification, objection and erasure are answered within a month (`app.domain.rights`). They
are dated, traced and kept as events, so that every machine of the structure knows them; taking an
agreement back waits for nobody (`app.usecases.withdrawals`).
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.changes import Changes
from app.domain.errors import (
    AnswerNeedsWordsError,
    RequestAlreadyAnsweredError,
    UnknownRecordError,
    UnreadableInputError,
)
from app.domain.identifiers import SubjectId, id_text
from app.domain.rights import DONE, ERASURE, NEEDS_WORDS, RequestClock, request_clock
from app.store.bodies import unpack_map
from app.store.merged import members_of
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.erasure import erase_person
from app.usecases.masking import masked_value

if TYPE_CHECKING:
    from app.domain.events import Value

_REQUESTS = """
    SELECT r.request, r.person, r.kind, r.asked_on, r.answered_on, r.author, r.details,
           coalesce(p.display_name, '')
    FROM requests r LEFT JOIN persons p ON p.person = r.person
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLine:
    """A request about what is kept of somebody, and how its month stands; None once answered.

    `display_name` is "" for somebody erased since: the trace of the request stays without a name.
    """

    request: SubjectId
    person: SubjectId
    kind: str
    asked_on: dt.date
    answered_on: str
    author: str
    display_name: str
    words: str
    answer: str
    answer_words: str
    clock: RequestClock | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestAnswer:
    """What was answered: a code of `request_answer`, and words for the person."""

    answer: str
    words: str = ""


def ask(
    desk: Desk, person: SubjectId, kind: str, *, asked_on: str = "", words: str = ""
) -> tuple[SubjectId, Changes]:
    """Note what somebody asks about what is kept of them; the month runs from `asked_on` or today.

    Raises:
        UnknownRecordError: nobody here has that identifier.
        UnknownVocabularyCodeError: nobody may ask that.
        UnreadableInputError: that day does not exist, or is to come.
    """
    desk.reference.vocabularies.check("request_kind", kind)
    day = _day_of_asking(desk, asked_on)
    own = desk.own_structure().space

    def work(tx: Tx) -> tuple[SubjectId, Changes]:
        if tx.one("SELECT 1 FROM persons WHERE person = ?", (person,)) is None:
            raise UnknownRecordError(id_text(person))
        pen = desk.pen(tx)
        fields: dict[str, Value] = {"person": person, "kind": kind, "asked_on": day.isoformat()}
        if words.strip():
            fields["words"] = masked_value(words)
        made = pen.create(own, "request", fields)
        return made, fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def answer_request(desk: Desk, request: SubjectId, answer: RequestAnswer) -> Changes:
    """Note what was answered, today. Erasing is done by `erase_person`, before or after.

    Raises:
        UnknownRecordError: no such request here.
        UnknownVocabularyCodeError: that is no answer.
        RequestAlreadyAnsweredError: somebody answered it.
        AnswerNeedsWordsError: a refusal, even in part, says why.
    """
    desk.reference.vocabularies.check("request_answer", answer.answer)
    own = desk.own_structure().space.id
    today = desk.now().astimezone().date().isoformat()

    def work(tx: Tx) -> Changes:
        _check_open(tx, request)
        if answer.answer in NEEDS_WORDS and not answer.words.strip():
            raise AnswerNeedsWordsError
        pen = desk.pen(tx)
        fields: dict[str, Value] = {"answered_on": today, "answer": answer.answer}
        if answer.words.strip():
            fields["answer_words"] = masked_value(answer.words)
        pen.change(own, request, "request", fields)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def reopen_request(desk: Desk, request: SubjectId) -> Changes:
    """Take back an answer noted by mistake: the month of the request runs as before.

    Raises:
        UnknownRecordError: no such request here.
    """
    own = desk.own_structure().space.id

    def work(tx: Tx) -> Changes:
        if tx.one("SELECT 1 FROM requests WHERE request = ?", (request,)) is None:
            raise UnknownRecordError(id_text(request))
        pen = desk.pen(tx)
        fields = dict.fromkeys(("answered_on", "answer", "answer_words"))
        pen.change(own, request, "request", fields)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def forget_request(desk: Desk, request: SubjectId) -> Changes:
    """Take back a request that was noted by mistake, as long as nobody answered it.

    That it was noted and taken back stays in the log; what it said does not.

    Raises:
        UnknownRecordError: no such request here.
        RequestAlreadyAnsweredError: its answer is there, and stays.
    """
    own = desk.own_structure().space.id

    def work(tx: Tx) -> Changes:
        _check_open(tx, request)
        pen = desk.pen(tx)
        pen.erase(own, request)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def erase_as_asked(desk: Desk, person: SubjectId) -> Changes:
    """Erase a person, then answer their open requests for it: « fait ».

    Raises:
        UnknownRecordError: nobody here has that identifier.
    """
    asked = [line for line in requests(desk, person=person, only_open=True) if line.kind == ERASURE]
    changes = erase_person(desk, person)
    for line in asked:
        changes |= answer_request(desk, line.request, RequestAnswer(answer=DONE))
    return changes


def open_request(desk: Desk, request: SubjectId) -> RequestLine:
    """Return one request.

    Raises:
        UnknownRecordError: no such request here.
    """
    with desk.workspace.read() as connection:
        row = connection.execute(f"{_REQUESTS} WHERE r.request = ?", (request,)).fetchone()
    if row is None:
        raise UnknownRecordError(id_text(request))
    return _line(row, desk.now().astimezone().date())


def requests(
    desk: Desk, *, person: SubjectId | None = None, only_open: bool = False
) -> Sequence[RequestLine]:
    """Return requests, those that must be answered first before the others.

    Those of a person are those noted in any of their files, when several are merged.
    """
    today = desk.now().astimezone().date()
    with desk.workspace.read() as connection:
        names = members_of(connection, person) if person is not None else ()
        where = [f"r.person IN ({', '.join('?' * len(names))})"] if names else []
        where += ["r.answered_on = ''"] if only_open else []
        sql = f"{_REQUESTS} WHERE {' AND '.join(where)}" if where else _REQUESTS
        rows = connection.execute(f"{sql} ORDER BY r.asked_on, r.request", names).fetchall()
    lines = [_line(row, today) for row in rows]
    return sorted(lines, key=lambda line: (bool(line.answered_on), line.asked_on))


def _check_open(tx: Tx, request: SubjectId) -> None:
    """Refuse a request that is not here, or that was answered."""
    row = tx.one("SELECT answered_on FROM requests WHERE request = ?", (request,))
    if row is None:
        raise UnknownRecordError(id_text(request))
    if row[0]:
        raise RequestAlreadyAnsweredError


def _day_of_asking(desk: Desk, asked_on: str) -> dt.date:
    today = desk.now().astimezone().date()
    try:
        day = dt.date.fromisoformat(asked_on) if asked_on else today
    except ValueError as error:
        problem = "ce n’est pas un jour (AAAA-MM-JJ)"
        raise UnreadableInputError(where="asked_on", problem=problem) from error
    if day > today:
        raise UnreadableInputError(where="asked_on", problem="ce jour est à venir")
    return day


def _line(row: tuple[Any, ...], today: dt.date) -> RequestLine:
    request, person, kind, asked_on, answered_on, author, packed, name = row
    details = unpack_map(packed)
    day = dt.date.fromisoformat(asked_on)
    return RequestLine(
        request=SubjectId(request),
        person=SubjectId(person),
        kind=kind,
        asked_on=day,
        answered_on=answered_on,
        author=author,
        display_name=name,
        words=str(details.get("words") or ""),
        answer=str(details.get("answer") or ""),
        answer_words=str(details.get("answer_words") or ""),
        clock=None if answered_on else request_clock(day, today),
    )
