"""Counting the interlocutors of a demand, as the files here and the person's own words say them."""

from collections.abc import Iterator

from app.domain.identifiers import SubjectId
from app.domain.interlocutors import (
    Interlocutor,
    InterlocutorCount,
    Known,
    count_interlocutors,
)
from app.domain.reception import Reception
from app.domain.referral import CLOSED, MET
from app.store.bodies import unpack_map
from app.usecases.desk import Desk
from app.usecases.directory.shelf import structure_name
from app.usecases.recipients import recipient_of

_RECORDED = """
    SELECT e.author, e.details FROM encounters e WHERE e.demand = ?
    ORDER BY e.received_at, e.encounter
"""
_MET_THERE = """
    SELECT r.to_name, r.details FROM referrals r WHERE r.demand = ?1 AND EXISTS (
      SELECT 1 FROM referral_answers a
      WHERE a.subject = coalesce(r.shared, r.referral) AND a.status IN (?2, ?3))
    ORDER BY r.created_at_s, r.referral
"""


def interlocutors_of(desk: Desk, demand: SubjectId) -> InterlocutorCount:
    """Return whom a person met for a demand, here, elsewhere as they said, and after a referral."""
    return count_interlocutors(_until_now(desk, demand), desk.reference.rules.interlocutors)


def interlocutors_with(desk: Desk, reception: Reception) -> InterlocutorCount:
    """Return whom a person will have met once a reception is saved, its hand-over included.

    Raises:
        UnknownStructureError: nobody knows whom it is handed over to.
    """
    everyone = list(_until_now(desk, reception.demand)) if reception.demand else []
    everyone += _declared(desk, reception.already_met)
    own = desk.own_structure().name
    if not reception.is_simple:
        agent = desk.workspace.agent_name
        everyone.append(Interlocutor(structure=own, agent=agent, known=Known.NOW))
    if (wanted := reception.referral) is not None and not wanted.for_barrier:
        recipient = recipient_of(desk, wanted)
        everyone.append(Interlocutor(structure=recipient.name, known=Known.NEXT))
    return count_interlocutors(everyone, desk.reference.rules.interlocutors)


def _until_now(desk: Desk, demand: SubjectId) -> Iterator[Interlocutor]:
    own = desk.own_structure().name
    with desk.workspace.read() as connection:
        recorded = connection.execute(_RECORDED, (demand,)).fetchall()
        met = connection.execute(_MET_THERE, (demand, MET, CLOSED)).fetchall()
    for author, packed in recorded:
        details = unpack_map(packed)
        declared = details.get("already_met")
        if isinstance(declared, tuple):
            yield from _declared(desk, tuple(str(one) for one in declared))
        if not details.get("is_simple"):
            yield Interlocutor(structure=own, agent=author)
    for name, packed in met:
        if not unpack_map(packed).get("for_barrier"):
            yield Interlocutor(structure=name, known=Known.MET)


def _declared(desk: Desk, references: tuple[str, ...]) -> list[Interlocutor]:
    """Return those whom the person named: a reference of the directory, or words of theirs."""
    return [
        Interlocutor(structure=structure_name(desk, reference), known=Known.DECLARED)
        for reference in references
    ]
