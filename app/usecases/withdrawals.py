"""Agreements taken back, as people ask: what they allowed stops, at once.

A withdrawal is dated, traced and kept as events, so that every machine of the structure knows it,
and the recipient of what had been handed over too.
"""

from dataclasses import dataclass
from typing import Any

from app.changes import Changes
from app.domain.errors import (
    AgreementAlreadyWithdrawnError,
    AgreementToRecordMissingError,
    UnknownRecordError,
)
from app.domain.identifiers import SpaceId, SubjectId, id_text
from app.domain.reception import Reception
from app.domain.referral import HERE, WITHDRAWN, may_follow
from app.store.log import Pen, read_state
from app.store.merged import members_of
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.referral_steps import note_step
from app.usecases.referrals import ReferralLine, open_referral

_AGREEMENT = "SELECT kind, recipient, person, encounter, withdrawn_on FROM agreements"
_LAST_AGREED = """
    SELECT withdrawn_on FROM agreements WHERE kind = 'record' AND given = 1 AND person IN ({places})
    ORDER BY at_s DESC, agreement DESC LIMIT 1
"""
_GIVEN_AGAIN = """
    SELECT agreement FROM agreements
    WHERE kind = ? AND recipient = ? AND agreement <> ? AND given = 1 AND withdrawn_on = ''
      AND person IN ({places})
"""
_GIVEN_FOR = """
    SELECT r.referral FROM referrals r
    WHERE r.to_reference = ?1 AND (r.encounter = ?2 OR r.person = ?3)
"""
_SENSITIVE_FIELDS = {"status": "encounter", "needs": "demand", "barriers": "demand"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    """What taking an agreement back would stop.

    `kind` and `about` are those of the agreement. `referrals` are withdrawn, and their recipients
    told. `same` are the agreements to the same thing that are taken back with it.
    """

    kind: str
    about: str
    referrals: tuple[ReferralLine, ...]
    same: tuple[SubjectId, ...]


def withdraw_agreement(desk: Desk, agreement: SubjectId) -> Changes:
    """Take an agreement back, as the person asks: what it allowed stops.

    A referral that it allowed and that goes on is withdrawn, and its recipient told; what was
    sensitive is no more written. What was recorded stays until its erasure is asked for. An
    agreement to the same thing given on another day is taken back with it, but for what is
    sensitive, which is agreed to each time.

    Raises:
        UnknownRecordError: no such agreement here.
        AgreementAlreadyWithdrawnError: it was refused, or taken back already.
    """
    own = desk.own_structure().space.id
    stopping, encounter = _stopping(desk, agreement)

    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        today = desk.now().astimezone().date().isoformat()
        for name in (agreement, *stopping.same):
            pen.change(own, name, "agreement", {"withdrawn_on": today})
        for line in stopping.referrals:
            _stop(tx, pen, line)
        if stopping.kind == "sensitive" and encounter is not None:
            _unwrite(tx, pen, own, encounter, stopping.about)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def check_still_agreed(desk: Desk, reception: Reception) -> None:
    """Refuse to write under a name whose agreement was taken back, unless another one is given.

    Raises:
        AgreementToRecordMissingError: ask the person again.
    """
    known = reception.person.known if reception.person is not None else None
    if known is None or reception.agreement_to_record is True:
        return
    with desk.workspace.read() as connection:
        names = members_of(connection, known)
        places = ", ".join("?" * len(names))
        row = connection.execute(_LAST_AGREED.format(places=places), names).fetchone()
    if row is not None and row[0]:
        raise AgreementToRecordMissingError


def what_stops(desk: Desk, agreement: SubjectId) -> Stopping:
    """Return what `withdraw_agreement` would stop, to be said before.

    Raises:
        UnknownRecordError: no such agreement here.
        AgreementAlreadyWithdrawnError: it was refused, or taken back already.
    """
    return _stopping(desk, agreement)[0]


def _stopping(desk: Desk, agreement: SubjectId) -> tuple[Stopping, SubjectId | None]:
    """Return what would stop, and the meeting at which the agreement was given."""
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
        same = _given_again(connection, agreement, (kind, about, person))
    lines = [open_referral(desk, SubjectId(one)) for (one,) in allowed if kind == "transmit"]
    going_on = tuple(line for line in lines if may_follow(line.status, WITHDRAWN))
    met = SubjectId(encounter) if encounter else None
    return Stopping(kind=kind, about=about, referrals=going_on, same=same), met


def _given_again(
    connection: Any, agreement: SubjectId, what: tuple[str, str, bytes | None]
) -> tuple[SubjectId, ...]:
    """Return the other agreements to the same thing that a person gave and that stand."""
    kind, about, person = what
    if kind == "sensitive" or person is None:
        return ()
    names = members_of(connection, SubjectId(person))
    sql = _GIVEN_AGAIN.format(places=", ".join("?" * len(names)))
    rows = connection.execute(sql, (kind, about, agreement, *names)).fetchall()
    return tuple(SubjectId(name) for (name,) in rows)


def _stop(tx: Tx, pen: Pen, line: ReferralLine) -> None:
    subject = line.shared or line.referral
    if tx.one("SELECT 1 FROM events WHERE event = ?", (subject,)) is not None:
        note_step(tx, pen, line, {"status": WITHDRAWN, "route": HERE})


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
