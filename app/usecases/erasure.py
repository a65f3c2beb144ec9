"""Erasing a person for ever, with everything that says something of them."""

from app.changes import Changes
from app.domain.errors import UnknownRecordError
from app.domain.identifiers import SpaceId, StructureId, SubjectId, id_text
from app.domain.spaces import pair_space
from app.store.log import Pen, is_erased
from app.store.merged import members_of
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.desk import Desk, OwnStructure

_ERASED = "(SELECT subject FROM erased WHERE space = ?1)"
_SPOKEN_OF = f"""
    SELECT person FROM encounters WHERE person IS NOT NULL AND encounter NOT IN {_ERASED}
    UNION SELECT person FROM demands WHERE person IS NOT NULL AND demand NOT IN {_ERASED}
    UNION SELECT person FROM referrals WHERE person IS NOT NULL AND referral NOT IN {_ERASED}
    UNION SELECT person FROM requests WHERE request NOT IN {_ERASED}
    UNION SELECT merged_into FROM persons WHERE merged_into IS NOT NULL AND person NOT IN {_ERASED}
"""  # noqa: S608
_LEFT_BEHIND = f"""
    SELECT demand, ?1 FROM demands WHERE person IN {_ERASED}
    UNION SELECT encounter, ?1 FROM encounters WHERE person IN {_ERASED} OR demand IN {_ERASED}
    UNION SELECT agreement, ?1 FROM agreements WHERE person IN {_ERASED} OR encounter IN {_ERASED}
    UNION SELECT referral, ?1 FROM referrals
      WHERE person IN {_ERASED} OR demand IN {_ERASED} OR encounter IN {_ERASED}
    UNION SELECT s.shared, s.space FROM referrals r JOIN shared_referrals s ON s.shared = r.shared
      WHERE r.referral IN {_ERASED}
    UNION SELECT encounter, ?1 FROM encounters WHERE register_import IN {_ERASED}
    UNION SELECT demand, ?1 FROM demands WHERE register_import IN {_ERASED}
      AND demand NOT IN (SELECT demand FROM encounters WHERE encounter NOT IN {_ERASED})
    UNION SELECT person, ?1 FROM persons WHERE register_import IN {_ERASED}
      AND person NOT IN ({_SPOKEN_OF})
    EXCEPT SELECT subject, space FROM erased
"""  # noqa: S608
_COPIES_TO_COME = f"""
    SELECT r.shared, s.structure FROM referrals r
    JOIN structures s ON s.directory = r.to_reference OR lower(hex(s.structure)) = r.to_reference
    WHERE r.referral IN {_ERASED} AND r.shared IS NOT NULL
      AND r.shared NOT IN (SELECT shared FROM shared_referrals)
"""  # noqa: S608


def erase_person(desk: Desk, person: SubjectId) -> Changes:
    """Erase a person for ever: file, demands, meetings, agreements, referrals and their copies.

    Files merged with it go too. The erasure leaves as events that beat everything late or replayed;
    the recipient of a referral keeps its own record, which is its own to erase, but the shared copy
    goes.

    Raises:
        UnknownRecordError: nobody here has that identifier.
    """
    own = desk.own_structure()

    def work(tx: Tx) -> Changes:
        if tx.one("SELECT 1 FROM persons WHERE person = ?", (person,)) is None:
            raise UnknownRecordError(id_text(person))
        pen = desk.pen(tx)
        for name in members_of(tx.db.conn, person):
            pen.erase(own.space.id, name)
        erase_left_behind(tx, pen, own)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def erase_meeting(desk: Desk, encounter: SubjectId) -> Changes:
    """Erase a meeting written by mistake, its demand if it had no other, and what came of it.

    Raises:
        UnknownRecordError: no meeting here has that identifier.
    """
    own = desk.own_structure()

    def work(tx: Tx) -> Changes:
        row = tx.one("SELECT demand FROM encounters WHERE encounter = ?", (encounter,))
        if row is None:
            raise UnknownRecordError(id_text(encounter))
        pen = desk.pen(tx)
        pen.erase(own.space.id, encounter)
        others = "SELECT 1 FROM encounters WHERE demand = ? AND encounter <> ?"
        is_ours = tx.one("SELECT 1 FROM demands WHERE demand = ?", row) is not None
        if is_ours and tx.one(others, (row[0], encounter)) is None:
            pen.erase(own.space.id, SubjectId(row[0]))
        erase_left_behind(tx, pen, own)
        return fold_subjects(tx, pen.touched)

    return desk.workspace.writer.write(work)


def erase_left_behind(tx: Tx, pen: Pen, own: OwnStructure) -> None:
    """Erase every record that speaks of an erased one: a demand of a person, its meetings...

    Of an erased import of a register, that is what it recorded, but for people and demands that
    something else speaks of.
    Another machine, not knowing yet, may have written some since: they are erased as they arrive.
    Repeating it adds nothing; the caller folds `pen.touched`.
    """
    space_id = own.space.id
    if tx.one("SELECT 1 FROM erased WHERE space = ? LIMIT 1", (space_id,)) is None:
        return
    while left := tx.execute(_LEFT_BEHIND, (space_id,)).fetchall():
        for subject, space in left:
            pen.erase(SpaceId(space), SubjectId(subject))
    _erase_copies_to_come(tx, pen, own)


def _erase_copies_to_come(tx: Tx, pen: Pen, own: OwnStructure) -> None:
    """Erase what another machine sent of a referral and has not come here: nothing will tell then.

    It travels in the bundles of another space than the referral.
    """
    for shared, structure in tx.execute(_COPIES_TO_COME, (own.space.id,)).fetchall():
        space = pair_space(own.id, StructureId(structure)).id
        if not is_erased(tx.db.conn, space, SubjectId(shared)):
            pen.erase(space, SubjectId(shared), has_left=True)
