"""Writing one more step of a referral: where it goes, and what it keeps from leaving."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.errors import UnknownRecordError
from app.domain.events import Append, Value
from app.domain.identifiers import SpaceId, StructureId, SubjectId, id_text
from app.domain.referral import CANCELLED, RESUMED, WITHDRAWN
from app.domain.spaces import pair_space
from app.store.confined import confine, is_confined, release_confined
from app.store.log import Pen
from app.store.writer import Tx
from app.usecases.desk import OwnStructure
from app.usecases.referral_lines import ReferralLine

_ENDS: Final = frozenset({CANCELLED, WITHDRAWN})


def note_step(tx: Tx, pen: Pen, line: ReferralLine, value: Mapping[str, Value]) -> None:
    """Append a step to the copy that both doors read, or to the referral when only paper went.

    What has not left this machine and is ended here never leaves: the copy stays, and colleagues
    read the end on their own structure's record. It leaves again once the end is taken back. The
    caller folds `pen.touched`.

    Raises:
        UnknownRecordError: the copy has not reached this machine, nor its answers.
    """
    subject = line.shared or line.referral
    space = space_of(tx, subject)
    if line.shared is not None and not has_left(tx.db.conn, line.shared):
        if value["status"] in _ENDS:
            confine(tx, line.shared)
            subject, space = line.referral, space_of(tx, line.referral)
        elif value["status"] == RESUMED and is_confined(tx, line.shared):
            release_confined(tx, [line.shared])
            pen.touched[line.shared] = space
            subject, space = line.referral, space_of(tx, line.referral)
    item = Append(list_name="answers", value=value)
    pen.change(space, subject, "referral_answer", {}, appends=(item,))


def hand_over(
    pen: Pen, own: OwnStructure, line: ReferralLine, content: Mapping[str, Value]
) -> SubjectId:
    """Make one more copy of a referral, for both doors; return its name.

    Raises:
        UnknownRecordError: the copy has not reached this machine: nobody knows whom it goes to.
    """
    recipient = line.details.get("to_structure")
    if not isinstance(recipient, bytes):
        raise UnknownRecordError(id_text(line.referral))
    pair = pair_space(own.id, StructureId(recipient))
    return pen.create(pair, "shared_referral", content)


def has_left(connection: Any, subject: SubjectId) -> bool:
    """Is a subject in a bundle, or did it come in one?"""
    sql = "SELECT own = 0 OR bundle IS NOT NULL FROM events WHERE event = ?"
    row = connection.execute(sql, (subject,)).fetchone()
    return row is not None and bool(row[0])


def space_of(tx: Tx, subject: SubjectId) -> SpaceId:
    """Return the space in which a subject lives.

    Raises:
        UnknownRecordError: it is not here. A copy travels in another bundle than its referral.
    """
    row = tx.one("SELECT space FROM events WHERE event = ?", (subject,))
    if row is None:
        raise UnknownRecordError(id_text(subject))
    return SpaceId(row[0])
