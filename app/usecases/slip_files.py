"""The slip as an encrypted file, for a recipient without the program: when it may be; its trace.

Something then leaves this desk by a network that is not ours: it asks for all that leaving by the
program asks for. Without it the slip goes on paper, in the person's hand.
"""

from typing import Any

from app.changes import Changes
from app.domain.errors import (
    AgreementToRecordMissingError,
    AppError,
    ReferralNeedsAgreementError,
    SlipFileRefusedError,
)
from app.domain.events import Append
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import missing_to_send
from app.domain.referral import BY_FILE, SENT
from app.store.bodies import unpack_map
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk
from app.usecases.minors import young_advice
from app.usecases.papers import SlipRead, read_slip
from app.usecases.reception_fields import PERSON_FIELDS
from app.usecases.referrals import OUT

_AGREED_BY = """
    SELECT a.agreed_by FROM agreements a JOIN referrals r ON r.to_reference = a.recipient
    WHERE r.referral = ?1 AND a.kind = 'transmit' AND (a.encounter = r.encounter OR a.person = ?2)
    ORDER BY a.at_s DESC, a.agreement DESC LIMIT 1
"""
_MEETINGS = """
    SELECT details FROM encounters
    WHERE encounter = (SELECT encounter FROM referrals WHERE referral = ?1) OR person = ?2
"""
_STAYS_HERE = "SELECT 1 FROM events WHERE event = ? AND confined = 1"


def lacks_of_file(desk: Desk, referral: SubjectId) -> tuple[AppError, ...]:
    """Return what is missing before the slip of a referral may leave as a file; nothing: it may.

    Raises:
        UnknownRecordError: no referral here has that identifier.
        SlipFileRefusedError: it goes by the program, or nobody waits for its slip any more.
    """
    read = read_slip(desk, referral)
    line = read.line
    if line.direction != OUT or line.shared is not None:
        raise SlipFileRefusedError
    if not read.is_agreed:
        return (ReferralNeedsAgreementError(),)
    if not read.may_be_file:
        raise SlipFileRefusedError
    with desk.workspace.read() as connection:
        if connection.execute(_STAYS_HERE, (line.referral,)).fetchone():
            return (AgreementToRecordMissingError(),)
        reception = _as_received(connection, read)
    person = PersonDetails(**_texts(read, PERSON_FIELDS))
    who_may_agree = young_advice(desk, reception, person).who_may_agree
    return missing_to_send(reception, person, who_may_agree)


def note_file_made(desk: Desk, referral: SubjectId) -> Changes:
    """Write in the history of a referral that its slip left as an encrypted file, now."""

    def work(tx: Tx) -> Changes:
        pen = desk.pen(tx)
        item = Append(list_name="answers", value={"status": SENT, "route": BY_FILE})
        own = desk.own_structure().space.id
        pen.change(own, referral, "referral_answer", {}, appends=(item,))
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def _as_received(connection: Any, read: SlipRead) -> Reception:
    """Return what counts of the reception: the notice, the age that was said, who agreed."""
    about = (read.line.referral, read.line.person)
    agreed = connection.execute(_AGREED_BY, about).fetchone()
    meetings = connection.execute(_MEETINGS, about).fetchall()
    return Reception(
        expressed="",
        notice_given=any(unpack_map(kept).get("notice_given") is True for (kept,) in meetings),
        agreed_by=agreed[0] if agreed else "",
        referral=WantedReferral(to=read.line.to_reference, agreement=True),
        **_texts(read, ("status", "age_band")),
    )


def _texts(read: SlipRead, names: tuple[str, ...]) -> dict[str, Any]:
    said = ((name, read.content.get(name)) for name in names)
    return {name: text for name, text in said if isinstance(text, str)}
