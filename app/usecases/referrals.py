"""Referrals, out and in: where each stands, answering, noting that one arrived."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.changes import Changes
from app.domain.errors import (
    AnswerNotAllowedError,
    RefusalReasonMissingError,
    UnknownRecordError,
)
from app.domain.events import Append, Value
from app.domain.follow_up import Known, overdue
from app.domain.identifiers import SpaceId, SubjectId, id_text
from app.domain.referral import (
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    BY_RELAY,
    HERE,
    RECEIVED,
    REFUSED,
    ROUTES,
    may_follow,
)
from app.store.bodies import unpack_map
from app.store.rows import fold_subjects
from app.store.writer import Priority, Tx
from app.usecases.desk import Desk
from app.usecases.directory.shelf import structure_name
from app.usecases.erasure import erase_left_behind
from app.usecases.masking import masked_value
from app.usecases.referral_lines import (
    IN,
    IN_ROWS,
    OUT,
    OUT_ROWS,
    ReferralLine,
    in_line,
    linked,
    out_line,
)
from app.usecases.referral_steps import note_step

__all__ = [
    "IN",
    "OUT",
    "Answer",
    "ReferralLine",
    "acknowledge_arrivals",
    "answer_referral",
    "list_referrals",
    "open_referral",
    "referrals_of_encounter",
    "referrals_of_person",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered to a referral. `route` says how the answer came (here, telephone, paper).

    `proposed` is, with a refusal, the directory reference of the structure that would do, if any.
    """

    status: str
    reason: str = ""
    message: str = ""
    route: str = BY_RELAY
    proposed: str = ""


_ACKNOWLEDGED_AT_ONCE = 64
_UNACKNOWLEDGED = """
    SELECT shared, space FROM shared_referrals WHERE to_structure = ? AND NOT EXISTS
    (SELECT 1 FROM referral_answers a WHERE a.subject = shared AND a.status = ?)
"""


def list_referrals(desk: Desk, direction: str = "") -> list[ReferralLine]:
    """Return referrals sent (`out`), received (`in`) or both, the latest first."""
    own = desk.own_structure()
    lines: list[ReferralLine] = []
    with desk.workspace.read() as connection:
        if direction in {"", OUT}:
            rows = connection.execute(f"{OUT_ROWS} ORDER BY r.created_at_s DESC, r.referral DESC")
            lines += [out_line(connection, own.name, row) for row in rows.fetchall()]
        if direction in {"", IN}:
            sql = f"{IN_ROWS} WHERE to_structure = ? ORDER BY created_at_s DESC, shared DESC"
            rows = connection.execute(sql, (own.id,))
            lines += [in_line(connection, row) for row in rows.fetchall()]
        known = _known_until(desk, connection)
    rule = desk.reference.rules.follow_up
    return [
        replace(line, overdue=late)
        if not line.continued_by and (late := overdue(line.history, line.route, rule, known))
        else line
        for line in linked(lines)
    ]


def _known_until(desk: Desk, connection: Any) -> Known:
    row = connection.execute("SELECT text FROM memos WHERE name = 'last_contact_at'").fetchone()
    contact = dt.datetime.fromisoformat(row[0]).timestamp() if row and row[0] else None
    return Known(
        now_s=int(desk.now().timestamp()), contact_s=None if contact is None else int(contact)
    )


def open_referral(desk: Desk, referral: SubjectId) -> ReferralLine:
    """Return one referral, named by its own identifier or by that of its shared copy.

    Raises:
        UnknownRecordError: no referral here has that identifier.
    """
    own = desk.own_structure()
    with desk.workspace.read() as connection:
        row = connection.execute(
            f"{OUT_ROWS} WHERE r.referral = ? OR r.shared = ?", (referral, referral)
        ).fetchone()
        if row is not None:
            line = out_line(connection, own.name, row)
            return replace(line, continued_by=_continuing_out(connection, line))
        row = connection.execute(
            f"{IN_ROWS} WHERE shared = ? AND to_structure = ?", (referral, own.id)
        ).fetchone()
        if row is None:
            raise UnknownRecordError(id_text(referral))
        line = in_line(connection, row)
        return replace(line, continued_by=_continuing_in(connection, line))


def referrals_of_person(desk: Desk, person: SubjectId) -> list[ReferralLine]:
    """Return the referrals made for one person, the latest first."""
    own = desk.own_structure()
    with desk.workspace.read() as connection:
        rows = connection.execute(
            f"{OUT_ROWS} WHERE p.person = ? ORDER BY r.created_at_s DESC, r.referral DESC",
            (person,),
        )
        return [out_line(connection, own.name, row) for row in rows.fetchall()]


def referrals_of_encounter(desk: Desk, encounter: SubjectId) -> list[ReferralLine]:
    """Return the referrals made at one meeting, the latest first."""
    own = desk.own_structure()
    with desk.workspace.read() as connection:
        rows = connection.execute(
            f"{OUT_ROWS} WHERE r.encounter = ? ORDER BY r.created_at_s DESC, r.referral DESC",
            (encounter,),
        )
        return [out_line(connection, own.name, row) for row in rows.fetchall()]


def answer_referral(desk: Desk, referral: SubjectId, answer: Answer) -> Changes:
    """Answer a referral; the answer leaves at the next exchange when it came by the program.

    The recipient accepts, refuses with a reason, meets, closes; the sender cancels, notes a
    withdrawal, or writes down what the recipient told them by telephone or on paper. Numbers
    that may not be kept are masked in the message.

    Raises:
        UnknownRecordError: no such referral here, or not yet what the other structure received.
        AnswerNotAllowedError: that answer does not follow from where the referral stands.
        RefusalReasonMissingError: a refusal needs a reason.
    """
    line = open_referral(desk, referral)
    _check_answer(desk, line, answer)
    value: dict[str, Value] = {"status": answer.status, "route": answer.route}
    said = (("reason", answer.reason), ("message", masked_value(answer.message)))
    value |= {name: text for name, text in said if text}
    if answer.status == REFUSED and answer.proposed:
        name = structure_name(desk, answer.proposed)
        value["proposed"] = {"reference": answer.proposed, "name": name}

    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        note_step(tx, pen, line, value)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def acknowledge_arrivals(desk: Desk) -> Changes:
    """Note, for every referral that reached this structure and has no acknowledgement, that it did.

    Run after each exchange; repeating it adds nothing. The note travels like an answer, so that the
    first door reads when the referral arrived, whatever the route. What arrived about a person
    erased here meanwhile is erased too.
    """
    own = desk.own_structure()
    with desk.workspace.read() as connection:
        waiting = connection.execute(_UNACKNOWLEDGED, (own.id, RECEIVED)).fetchall()
        erases = connection.execute("SELECT 1 FROM erased LIMIT 1").fetchone() is not None

    def work(tx: Tx, some: Sequence[tuple[bytes, bytes]]) -> Changes:
        pen = desk.pen(tx)
        for shared, space in some:
            item = Append(list_name="answers", value={"status": RECEIVED, "route": BY_RELAY})
            pen.change(SpaceId(space), SubjectId(shared), "referral_answer", {}, appends=(item,))
        if erases:
            erase_left_behind(tx, pen, own)
        return fold_subjects(tx, pen.touched)

    changes = Changes()
    # Few at a time, so that a save at the screen never waits for all of them.
    for start in range(0, max(len(waiting), erases), _ACKNOWLEDGED_AT_ONCE):
        some = waiting[start : start + _ACKNOWLEDGED_AT_ONCE]
        write = partial(work, some=some)
        changes |= desk.workspace.writer.write(write, priority=Priority.EXCHANGE)
    return changes


def _check_answer(desk: Desk, line: ReferralLine, answer: Answer) -> None:
    reported = line.direction == OUT and answer.route not in {BY_RELAY, HERE}
    allowed = set(ANSWERS_OF_RECIPIENT) if line.direction == IN or reported else set()
    if line.direction == OUT:
        allowed |= set(ANSWERS_OF_SENDER)
    known = answer.status in allowed and answer.route in ROUTES
    if not known or not may_follow(line.status, answer.status):
        raise AnswerNotAllowedError(status=answer.status, present=line.status)
    if answer.status == REFUSED:
        if not answer.reason:
            raise RefusalReasonMissingError
        desk.reference.vocabularies.check("refusal_reason", answer.reason)


def _continuing_out(connection: Any, line: ReferralLine) -> tuple[SubjectId, ...]:
    """Return the referrals of the same demand that go on from one, or send it again."""
    rows = connection.execute(
        "SELECT referral, details FROM referrals WHERE demand = ? ORDER BY created_at_s, referral",
        (line.demand,),
    ).fetchall()
    told = ((name, unpack_map(details)) for name, details in rows)
    return tuple(
        SubjectId(name)
        for name, details in told
        if line.referral in (details.get("follows"), details.get("resends"))
    )


def _continuing_in(connection: Any, line: ReferralLine) -> tuple[SubjectId, ...]:
    """Return the copies that the same structure sent of one it thought lost."""
    rows = connection.execute(
        "SELECT o.shared, o.details FROM shared_referrals s JOIN shared_referrals o"
        " USING (space, from_structure, to_structure)"
        " WHERE s.shared = ? ORDER BY o.created_at_s, o.shared",
        (line.shared,),
    ).fetchall()
    told = ((name, unpack_map(details)) for name, details in rows)
    return tuple(SubjectId(name) for name, one in told if one.get("resends") == line.shared)
