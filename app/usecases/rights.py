"""What people may ask about what is kept of them: agreements taken back, requests and their month.

A withdrawal stops a transmission at once. Access, rectification, objection and erasure are
requests, answered within a month (`app.domain.rights`); both are dated, traced and kept as events,
so that every machine of the structure knows them.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.changes import Changes
from app.domain.errors import (
    AgreementAlreadyWithdrawnError,
    RequestAlreadyAnsweredError,
    UnknownRecordError,
    UnreadableInputError,
)
from app.domain.events import Append, Value
from app.domain.identifiers import SpaceId, SubjectId, id_text
from app.domain.referral import HERE, WITHDRAWN, may_follow
from app.domain.rights import RequestClock, request_clock
from app.store.bodies import unpack_map
from app.store.log import Pen, read_state
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.masking import masked_value
from app.usecases.referrals import open_referral

_REQUESTS = """
    SELECT r.request, r.person, r.kind, r.asked_on, r.answered_on, r.author, r.details,
           coalesce(p.display_name, '')
    FROM requests r LEFT JOIN persons p ON p.person = r.person
"""
_AGREEMENT = "SELECT kind, recipient, person, encounter, withdrawn_on FROM agreements"
_GIVEN_FOR = """
    SELECT r.referral FROM referrals r
    WHERE r.to_reference = ?1 AND (r.encounter = ?2 OR r.person = ?3)
"""
_SENSITIVE_FIELDS = {"status": "encounter", "needs": "demand", "barriers": "demand"}


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
    """
    desk.reference.vocabularies.check("request_answer", answer.answer)
    own = desk.own_structure().space.id
    today = desk.now().astimezone().date().isoformat()

    def work(tx: Tx) -> Changes:
        row = tx.one("SELECT answered_on FROM requests WHERE request = ?", (request,))
        if row is None:
            raise UnknownRecordError(id_text(request))
        if row[0]:
            raise RequestAlreadyAnsweredError
        pen = desk.pen(tx)
        fields: dict[str, Value] = {"answered_on": today, "answer": answer.answer}
        if answer.words.strip():
            fields["answer_words"] = masked_value(answer.words)
        pen.change(own, request, "request", fields)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def requests(
    desk: Desk, *, person: SubjectId | None = None, only_open: bool = False
) -> Sequence[RequestLine]:
    """Return requests, those that must be answered first before the others."""
    today = desk.now().astimezone().date()
    where, values = [], []
    if person is not None:
        where, values = ["r.person = ?"], [person]
    if only_open:
        where.append("r.answered_on = ''")
    sql = f"{_REQUESTS} WHERE {' AND '.join(where)}" if where else _REQUESTS
    with desk.workspace.read() as connection:
        rows = connection.execute(f"{sql} ORDER BY r.asked_on, r.request", values).fetchall()
    lines = [_line(row, today) for row in rows]
    return sorted(lines, key=lambda line: (bool(line.answered_on), line.asked_on))


def withdraw_agreement(desk: Desk, agreement: SubjectId) -> Changes:
    """Take an agreement back, as the person asks: what it allowed stops.

    A referral that it allowed and that goes on is withdrawn, and its recipient told; what was
    sensitive is no more written. What was recorded stays until its erasure is asked for.

    Raises:
        UnknownRecordError: no such agreement here.
        AgreementAlreadyWithdrawnError: it was refused, or taken back already.
    """
    own = desk.own_structure().space.id
    with desk.workspace.read() as connection:
        row = connection.execute(
            f"{_AGREEMENT} WHERE agreement = ? AND given = 1", (agreement,)
        ).fetchone()
        if row is None:
            raise UnknownRecordError(id_text(agreement))
        kind, about, person, encounter, withdrawn_on = row
        if withdrawn_on:
            raise AgreementAlreadyWithdrawnError
        allowed = connection.execute(_GIVEN_FOR, (about, encounter, person)).fetchall()
    lines = [open_referral(desk, SubjectId(one)) for (one,) in allowed if kind == "transmit"]
    stopped = [line.shared or line.referral for line in lines if may_follow(line.status, WITHDRAWN)]

    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        today = desk.now().astimezone().date().isoformat()
        pen.change(own, agreement, "agreement", {"withdrawn_on": today})
        for subject in stopped:
            _stop(tx, pen, subject)
        if kind == "sensitive" and encounter:
            _unwrite(tx, pen, own, SubjectId(encounter), about)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


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


def _stop(tx: Tx, pen: Pen, subject: SubjectId) -> None:
    row = tx.one("SELECT space FROM events WHERE event = ?", (subject,))
    if row is not None:
        item = Append(list_name="answers", value={"status": WITHDRAWN, "route": HERE})
        pen.change(SpaceId(row[0]), subject, "referral_answer", {}, appends=(item,))


def _unwrite(tx: Tx, pen: Pen, own: SpaceId, encounter: SubjectId, code: str) -> None:
    """Take a sensitive code out of what was written at a meeting."""
    meeting = read_state(tx.db.conn, own, encounter)
    subjects = {"encounter": encounter}
    if isinstance(demand := meeting.value("demand"), bytes):
        subjects["demand"] = SubjectId(demand)
    for field, kind in _SENSITIVE_FIELDS.items():
        if kind not in subjects:
            continue
        value = read_state(tx.db.conn, own, subjects[kind]).value(field)
        if value == code:
            pen.change(own, subjects[kind], kind, {field: None})
        elif isinstance(value, tuple) and code in value:
            left = tuple(one for one in value if one != code)
            pen.change(own, subjects[kind], kind, {field: left or None})


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
