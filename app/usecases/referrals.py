"""Referrals, out and in: where each stands, answering, noting that one arrived."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
from app.domain.identifiers import (
    SpaceId,
    SubjectId,
    id_text,
    incarnation_of,
    spoken_code,
)
from app.domain.referral import (
    ANSWERS_OF_RECIPIENT,
    ANSWERS_OF_SENDER,
    BY_PAPER,
    BY_RELAY,
    HERE,
    RECEIVED,
    REFUSED,
    ROUTES,
    SENT,
    TO_SEND,
    WITHDRAWN,
    Step,
    may_follow,
    status_of,
)
from app.store.bodies import unpack_map
from app.store.rows import fold_subjects
from app.store.writer import Priority, Tx
from app.usecases.desk import Desk
from app.usecases.erasure import erase_left_behind
from app.usecases.masking import masked_value

OUT = "out"
IN = "in"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """A referral as lists and files show it. `details` is what the recipient received.

    `short_id` names the referral aloud: both doors have the same one when it went by the program.
    `overdue` says what it has waited for too long (`app.domain.follow_up`), in lists only.
    `to_reference` names in the directory the structure that one sent here goes to, or is "".
    `kept_here` are its details that never leave.
    """

    referral: SubjectId
    shared: SubjectId | None
    direction: str
    status: str
    from_name: str
    to_name: str
    display_name: str
    short_id: str
    person: SubjectId | None
    route: str
    created_at_s: int
    author: str
    history: tuple[Step, ...]
    details: Mapping[str, Value]
    overdue: str = ""
    to_reference: str = ""
    kept_here: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered to a referral. `route` says how the answer came (here, telephone, paper)."""

    status: str
    reason: str = ""
    message: str = ""
    route: str = BY_RELAY


_OUT = """
    SELECT r.referral, r.shared, r.route, r.to_name, r.created_at_s, r.author, p.person, r.details,
           coalesce(p.display_name, ''), s.details, r.to_reference
    FROM referrals r LEFT JOIN demands d ON d.demand = r.demand
    LEFT JOIN persons p ON p.person = coalesce(r.person, d.person)
    LEFT JOIN shared_referrals s ON s.shared = r.shared
"""
_KEPT_HERE = ("for_barrier", "other_choice", "instead_of")
_ACKNOWLEDGED_AT_ONCE = 64
_UNACKNOWLEDGED = """
    SELECT shared, space FROM shared_referrals WHERE to_structure = ? AND NOT EXISTS
    (SELECT 1 FROM referral_answers a WHERE a.subject = shared AND a.status = ?)
"""
_IN = """
    SELECT shared, from_name, to_name, display_name, short_id, created_at_s, author, details
    FROM shared_referrals
"""


def list_referrals(desk: Desk, direction: str = "") -> list[ReferralLine]:
    """Return referrals sent (`out`), received (`in`) or both, the latest first."""
    own = desk.own_structure()
    lines: list[ReferralLine] = []
    with desk.workspace.read() as connection:
        if direction in {"", OUT}:
            rows = connection.execute(f"{_OUT} ORDER BY r.created_at_s DESC, r.referral DESC")
            lines += [_out_line(connection, own.name, row) for row in rows.fetchall()]
        if direction in {"", IN}:
            rows = connection.execute(
                f"{_IN} WHERE to_structure = ? ORDER BY created_at_s DESC, shared DESC", (own.id,)
            )
            lines += [_in_line(connection, row) for row in rows.fetchall()]
        known = _known_until(desk, connection)
    rule = desk.reference.rules.follow_up
    return [
        replace(line, overdue=late)
        if (late := overdue(line.history, line.route, rule, known))
        else line
        for line in lines
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
            f"{_OUT} WHERE r.referral = ? OR r.shared = ?", (referral, referral)
        ).fetchone()
        if row is not None:
            return _out_line(connection, own.name, row)
        row = connection.execute(
            f"{_IN} WHERE shared = ? AND to_structure = ?", (referral, own.id)
        ).fetchone()
        if row is None:
            raise UnknownRecordError(id_text(referral))
        return _in_line(connection, row)


def referrals_of_person(desk: Desk, person: SubjectId) -> list[ReferralLine]:
    """Return the referrals made for one person, the latest first."""
    own = desk.own_structure()
    with desk.workspace.read() as connection:
        rows = connection.execute(
            f"{_OUT} WHERE p.person = ? ORDER BY r.created_at_s DESC, r.referral DESC", (person,)
        )
        return [_out_line(connection, own.name, row) for row in rows.fetchall()]


def referrals_of_encounter(desk: Desk, encounter: SubjectId) -> list[ReferralLine]:
    """Return the referrals made at one meeting, the latest first."""
    own = desk.own_structure()
    with desk.workspace.read() as connection:
        rows = connection.execute(
            f"{_OUT} WHERE r.encounter = ? ORDER BY r.created_at_s DESC, r.referral DESC",
            (encounter,),
        )
        return [_out_line(connection, own.name, row) for row in rows.fetchall()]


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
    subject = line.shared or line.referral

    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        value = {"status": answer.status, "route": answer.route}
        value |= {
            name: text
            for name, text in (("reason", answer.reason), ("message", masked_value(answer.message)))
            if text
        }
        space = _space_of(tx, subject)
        item = Append(list_name="answers", value=value)
        pen.change(space, subject, "referral_answer", {}, appends=(item,))
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


def _space_of(tx: Tx, subject: SubjectId) -> SpaceId:
    row = tx.one("SELECT space FROM events WHERE event = ?", (subject,))
    if row is None:
        # It travels in another bundle than the referral, and has not come to this machine yet: nor
        # have the answers that it may have had.
        raise UnknownRecordError(id_text(subject))
    return SpaceId(row[0])


def _out_line(connection: Any, own_name: str, row: tuple[Any, ...]) -> ReferralLine:
    referral, shared, route, to_name, created_at_s, author, person, details, *others = row
    name, copy, to_reference = others
    kept = unpack_map(details)
    begun = Step(
        status=TO_SEND,
        at_s=created_at_s,
        by=author,
        structure=own_name,
        route=HERE,
        clock_doubtful=_was_doubted(connection, referral),
    )
    first = _first_steps(connection, shared, begun, agreed=kept.get("agreed") is True)
    history = (*first, *_answers(connection, shared or referral))
    return ReferralLine(
        referral=SubjectId(referral),
        shared=SubjectId(shared) if shared else None,
        direction=OUT,
        status=status_of(history),
        from_name=own_name,
        to_name=to_name,
        display_name=name,
        short_id=spoken_code(shared or referral),
        person=SubjectId(person) if person else None,
        route=route,
        created_at_s=created_at_s,
        author=author,
        history=history,
        details=unpack_map(copy) if copy else kept,
        to_reference=to_reference,
        kept_here={name: kept[name] for name in _KEPT_HERE if kept.get(name)},
    )


def _in_line(connection: Any, row: tuple[Any, ...]) -> ReferralLine:
    shared, claimed, to_name, display_name, short_id, created_at_s, author, details = row
    from_name = _structure_name(connection, shared) or claimed
    sent = Step(
        status=SENT,
        at_s=created_at_s,
        by=author,
        structure=from_name,
        route=BY_RELAY,
        clock_doubtful=_was_doubted(connection, shared),
    )
    history = (sent, *_answers(connection, shared))
    return ReferralLine(
        referral=SubjectId(shared),
        shared=SubjectId(shared),
        direction=IN,
        status=status_of(history),
        from_name=from_name,
        to_name=to_name,
        display_name=display_name,
        short_id=short_id,
        person=None,
        route=BY_RELAY,
        created_at_s=created_at_s,
        author=author,
        history=history,
        details=unpack_map(details),
    )


def _first_steps(
    connection: Any, shared: bytes | None, begun: Step, *, agreed: bool
) -> Iterable[Step]:
    """Return how a referral left: on paper at once, or first here and then at the relay."""
    if shared is None:
        return [replace(begun, status=SENT if agreed else WITHDRAWN, route=BY_PAPER)]
    steps = [begun]
    row = connection.execute(
        "SELECT b.received_at_s FROM events e JOIN bundles b ON b.name = e.bundle"
        " WHERE e.event = ?",
        (shared,),
    ).fetchone()
    if row is not None and row[0] is not None:
        # By the relay's clock.
        sent = replace(begun, status=SENT, at_s=row[0], route=BY_RELAY, clock_doubtful=False)
        steps.append(sent)
    return steps


def _was_doubted(connection: Any, subject: bytes) -> bool:
    """Was the clock of the machine that made a subject known to be wrong at that moment?"""
    row = connection.execute("SELECT doubtful FROM events WHERE event = ?", (subject,)).fetchone()
    return bool(row and row[0])


def _answers(connection: Any, subject: bytes) -> list[Step]:
    rows = connection.execute(
        "SELECT a.event, a.status, a.at_s, a.author, a.route, a.doubtful, a.details"
        " FROM referral_answers a WHERE a.subject = ? ORDER BY a.lamport, a.event, a.position",
        (subject,),
    ).fetchall()
    return [
        Step(
            status=status,
            at_s=at_s,
            by=author,
            structure=_structure_name(connection, event),
            route=route,
            clock_doubtful=bool(doubtful),
            reason=str(unpack_map(details).get("reason", "")),
            message=str(unpack_map(details).get("message", "")),
        )
        for event, status, at_s, author, route, doubtful, details in rows
    ]


def _structure_name(connection: Any, event: bytes) -> str:
    """Return who answered, by the machine that signed, never by what the answer claims."""
    row = connection.execute(
        "SELECT s.name FROM incarnations i JOIN structures s ON s.structure = i.structure"
        " WHERE i.incarnation = ?",
        (incarnation_of(SubjectId(event)),),
    ).fetchone()
    if row is not None:
        return str(row[0])
    own = connection.execute(
        "SELECT text FROM memos WHERE name = 'own_name' AND ? IN"
        " (SELECT incarnation FROM identity UNION SELECT incarnation FROM lives)",
        (incarnation_of(SubjectId(event)),),
    ).fetchone()
    return str(own[0]) if own else ""
