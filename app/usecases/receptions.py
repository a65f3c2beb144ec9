"""Receiving somebody: checking, showing what will leave, saving."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace

from app.changes import Changes, Topic
from app.domain.errors import ReceptionError, UnknownRecordError
from app.domain.events import Value
from app.domain.identifiers import SpaceId, SubjectId, id_text
from app.domain.reception import PersonDetails, Reception, WantedReferral
from app.domain.reception_rules import (
    check_reception,
    missing_to_send,
    sensitive_codes,
    what_leaves,
)
from app.domain.referral import BY_PAPER, BY_RELAY, SERVICE, SERVICE_NAME
from app.domain.spaces import pair_space
from app.store.batch_pen import NO_MARKS, BatchPen, EventBatch, Marks
from app.store.confined import is_confined, release_confined
from app.store.log import Pen, read_state
from app.store.merged import members_of
from app.store.rows import fold_subjects
from app.store.writer import Tx
from app.usecases.continuing import led_nowhere
from app.usecases.desk import Desk, OwnStructure
from app.usecases.masking import without_numbers
from app.usecases.minors import young_advice
from app.usecases.notices import version_given
from app.usecases.reception_fields import (
    DEMAND_FIELDS,
    ENCOUNTER_FIELDS,
    NOTES,
    PERSON_FIELDS,
)
from app.usecases.reception_words import check_words, dated
from app.usecases.recipients import Recipient, recipient_of
from app.usecases.withdrawals import check_still_agreed

_REFERRAL_FIELDS = {field.name for field in fields(WantedReferral)} - {
    *("to", "agreement", "outside", "service")
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedReception:
    """What saving a reception made. The caller owns nothing: everything is durable already.

    `masked` names the fields where a number that may not be kept was masked.
    """

    encounter: SubjectId
    demand: SubjectId
    person: SubjectId | None
    referral: SubjectId | None
    route: str
    stays_here: bool
    changes: Changes
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """What a recipient would receive if the reception were saved now, and what is missing.

    `content` is exactly what leaves, shown before the person says yes; it is empty when nobody is
    named and when the person refused.
    """

    recipient: Recipient
    content: Mapping[str, Value]
    missing: tuple[ReceptionError, ...]

    @property
    def may_leave(self) -> bool:
        """Would this referral go out through the program?"""
        return self.recipient.takes_part and not self.missing


def preview(desk: Desk, reception: Reception) -> Leaving | None:
    """Return what will leave and to whom, None when no hand-over is wanted."""
    reception, _numbers = without_numbers(reception)
    if reception.referral is None:
        return None
    recipient = recipient_of(desk, reception.referral)
    person = _whole_person(desk, reception)
    missing = missing_to_send(
        reception, person, young_advice(desk, reception, person).who_may_agree
    )
    shown: Mapping[str, Value] = {}
    if person is not None and not reception.was_refused:
        shown = what_leaves(
            dated(desk, reception),
            person,
            reception.referral,
            service_name=recipient.service_name,
        )
    return Leaving(recipient=recipient, content=shown, missing=missing)


def record_reception(desk: Desk, reception: Reception, *, draft: str = "") -> RecordedReception:
    """Save a reception, in one durable transaction; nothing is written when it is refused.

    A referral agreed to goes out sealed when the recipient takes part, on paper otherwise. When the
    person refused that anything be recorded or transmitted, every event stays on this machine; so
    it does when the reception goes on with a demand kept here for that reason, until they agree.

    Args:
        desk: where.
        reception: what happened.
        draft: the name of the draft it was typed in, forgotten in the same transaction.

    Raises:
        ReceptionError: a rule of the trade refuses it.
        UnknownVocabularyCodeError, UnknownCommuneError, UnknownStructureError,
            UnknownServiceError: a word is unknown.
        UnreadableInputError: a moment, a day or a text that cannot be kept.
        UnknownRecordError: the person or the demand named is not here, or not together.
    """
    checked = check_to_record(desk, reception)

    def work(tx: Tx) -> RecordedReception:
        tx.execute("DELETE FROM drafts WHERE draft = ?", (draft,))
        recording = _Recording(desk, tx, checked, lambda stays: desk.pen(tx, confined=stays))
        recorded = recording.record()
        return replace(recorded, changes=fold_subjects(tx, recording.touched))

    recorded = desk.workspace.writer.write(work)
    if draft:
        forgotten = Changes(topics=frozenset({Topic.DRAFTS}))
        recorded = replace(recorded, changes=recorded.changes | forgotten)
    return recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedReception:
    """A reception that may be kept as it stands, with whom it speaks of and who gets it."""

    reception: Reception
    own: OwnStructure
    recipient: Recipient | None
    person: PersonDetails | None
    masked: tuple[str, ...]


def check_to_record(desk: Desk, reception: Reception) -> CheckedReception:
    """Return a reception ready to be saved; it raises what `record_reception` does."""
    whole, numbers = without_numbers(dated(desk, reception))
    check_reception(whole)
    check_words(desk, whole)
    check_still_agreed(desk, whole)
    own = desk.own_structure()
    recipient = recipient_of(desk, whole.referral) if whole.referral else None
    person = _whole_person(desk, whole)
    if recipient is not None and recipient.takes_part and not whole.was_refused:
        who_may_agree = young_advice(desk, whole, person).who_may_agree
        for problem in missing_to_send(whole, person, who_may_agree):
            raise problem
    return CheckedReception(
        reception=whole, own=own, recipient=recipient, person=person, masked=numbers
    )


def record_in_batch(
    desk: Desk,
    batch: EventBatch,
    checked: CheckedReception,
    *,
    at_s: int,
    marks: Marks = NO_MARKS,
) -> RecordedReception:
    """Write a reception into a batch, as of a past moment; its rows come when the batch is written.

    A person or a demand it names must be in the file already. `marks`: see `BatchPen`.
    """
    author = desk.workspace.agent_name

    def pen(stays: bool) -> Pen:  # noqa: FBT001  (said by the recording alone)
        return BatchPen(batch, author=author, at_s=at_s, confined=stays, marks=marks)

    return _Recording(desk, batch.tx, checked, pen).record()


class _Recording:
    """The writes of one reception, in one transaction."""

    def __init__(
        self, desk: Desk, tx: Tx, checked: CheckedReception, pen: Callable[[bool], Pen]
    ) -> None:
        self._desk = desk
        self._tx = tx
        self._checked = checked
        self._own = checked.own
        self._reception = checked.reception
        self._check_records()
        self._stays_here = self._must_stay()
        self._pen = pen(self._stays_here)

    @property
    def touched(self) -> Mapping[SubjectId, SpaceId]:
        """The subjects written, for the fold that ends the transaction."""
        return self._pen.touched

    def record(self) -> RecordedReception:
        """Write everything; the rows come with the fold."""
        recipient, person = self._checked.recipient, self._checked.person
        who = self._person()
        demand = self._demand(who)
        encounter = self._encounter(demand, who)
        self._agreements(who, encounter, recipient)
        referral = shared = None
        if recipient is not None and self._reception.referral is not None:
            shared = self._shared(recipient, person, self._reception.referral)
            referral = self._referral(
                recipient, shared, demand=demand, encounter=encounter, who=who
            )
        return RecordedReception(
            encounter=encounter,
            demand=demand,
            person=who,
            referral=referral,
            route="" if recipient is None else (BY_RELAY if shared else BY_PAPER),
            stays_here=self._stays_here,
            changes=Changes(),
            masked=self._checked.masked,
        )

    def _check_records(self) -> None:
        """Refuse to write about a person or a demand that is not here, or not that person's."""
        details, demand = self._reception.person, self._reception.demand
        known = details.known if details is not None else None
        here = "SELECT 1 FROM persons WHERE person = ?"
        if known is not None and self._tx.one(here, (known,)) is None:
            raise UnknownRecordError(id_text(known))
        if demand is not None:
            row = self._tx.one("SELECT person FROM demands WHERE demand = ?", (demand,))
            of_another = (
                details is not None
                and row is not None
                and row[0] not in {None, *self._files_of(known)}
            )
            if row is None or of_another:
                raise UnknownRecordError(id_text(demand))

    def _files_of(self, known: SubjectId | None) -> tuple[SubjectId, ...]:
        return members_of(self._tx.db.conn, known) if known is not None else ()

    def _must_stay(self) -> bool:
        """Say whether everything stays here; an agreement frees what stayed until now."""
        reception = self._reception
        known = reception.person.known if reception.person is not None else None
        before = [subject for subject in (known, reception.demand) if subject is not None]
        if reception.was_refused:
            return True
        if reception.agreement_to_record is True:
            release_confined(self._tx, before)
        return any(is_confined(self._tx, subject) for subject in before)

    def _person(self) -> SubjectId | None:
        details = self._reception.person
        if details is None:
            return None
        fields = {name: getattr(details, name) or None for name in PERSON_FIELDS}
        if details.known is None:
            return self._pen.create(self._own.space, "person", fields)
        state = read_state(self._tx.db.conn, self._own.space.id, details.known)
        moved = {
            name: value for name, value in fields.items() if value not in {None, state.value(name)}
        }
        if moved:
            self._pen.change(self._own.space.id, details.known, "person", moved)
        return details.known

    def _demand(self, who: SubjectId | None) -> SubjectId:
        fields: dict[str, Value] = {"person": who}
        fields |= {name: getattr(self._reception, name) or None for name in DEMAND_FIELDS}
        if self._reception.demand is None:
            return self._pen.create(self._own.space, "demand", fields)
        written = {name: value for name, value in fields.items() if value is not None}
        self._pen.change(self._own.space.id, self._reception.demand, "demand", written)
        return self._reception.demand

    def _encounter(self, demand: SubjectId, who: SubjectId | None) -> SubjectId:
        name = self._pen.reserve()
        fields: dict[str, Value] = {"demand": demand, "person": who}
        fields |= {field: getattr(self._reception, field) or None for field in ENCOUNTER_FIELDS}
        fields["duration_min"] = self._reception.duration_min
        fields["executive"] = self._reception.executive
        fields["mixite_addressed"] = self._reception.mixite_addressed or None
        if self._reception.notice_given:
            fields["notice_given"] = True
            fields["notice_version"] = version_given(self._tx, self._reception.received_at)
        for field, compartment in NOTES.items():
            if text := getattr(self._reception, field):
                fields[field] = self._desk.workspace.compartments.seal(
                    text, compartment=compartment, subject=name, field=field
                )
        return self._pen.create(self._own.space, "encounter", fields, subject=name)

    def _agreements(
        self, who: SubjectId | None, encounter: SubjectId, recipient: Recipient | None
    ) -> None:
        asked: list[tuple[str, str, bool]] = []
        if self._reception.agreement_to_record is not None:
            asked.append(("record", "", self._reception.agreement_to_record))
        wanted = self._reception.referral
        if recipient is not None and wanted is not None and wanted.agreement is not None:
            asked.append(("transmit", recipient.reference, wanted.agreement))
        asked += [("sensitive", code, True) for code in sensitive_codes(self._reception)]
        for kind, about, given in asked:
            fields: dict[str, Value] = {"kind": kind, "recipient": about, "given": given}
            fields |= {"person": who, "encounter": encounter}
            if self._reception.agreed_by:
                fields["agreed_by"] = self._reception.agreed_by
            self._pen.create(self._own.space, "agreement", fields)

    def _shared(
        self, recipient: Recipient, person: PersonDetails | None, wanted: WantedReferral
    ) -> SubjectId | None:
        if recipient.structure is None or person is None or self._stays_here:
            return None
        fields: dict[str, Value] = {
            "from_structure": self._own.id,
            "from_name": self._own.name,
            "to_structure": recipient.structure,
            "to_name": recipient.name,
            **what_leaves(self._reception, person, wanted, service_name=recipient.service_name),
        }
        space = pair_space(self._own.id, recipient.structure)
        return self._pen.create(space, "shared_referral", fields)

    def _referral(
        self,
        recipient: Recipient,
        shared: SubjectId | None,
        *,
        demand: SubjectId,
        encounter: SubjectId,
        who: SubjectId | None,
    ) -> SubjectId:
        wanted = self._reception.referral
        fields: dict[str, Value] = {
            "demand": demand,
            "encounter": encounter,
            "person": who,
            "shared": shared,
            "route": BY_RELAY if shared else BY_PAPER,
            "to_reference": recipient.reference,
            "to_name": recipient.name,
            SERVICE: recipient.service or None,
            SERVICE_NAME: recipient.service_name or None,
            "agreed": wanted.agreement if wanted else None,
            "follows": led_nowhere(self._desk, self._tx.db.conn, self._reception),
            **{name: getattr(wanted, name, "") or None for name in sorted(_REFERRAL_FIELDS)},
            **(recipient.outside.as_fields() if recipient.outside else {}),
        }
        return self._pen.create(self._own.space, "referral", fields)


def _whole_person(desk: Desk, reception: Reception) -> PersonDetails | None:
    """Return what is known of the person: the existing file, completed by what was just said."""
    details = reception.person
    if details is None or details.known is None:
        return details
    space = desk.own_structure().space.id
    with desk.workspace.read() as connection:
        state = read_state(connection, space, details.known)
    known = {name: value for name in PERSON_FIELDS if isinstance(value := state.value(name), str)}
    said = {name: value for name in PERSON_FIELDS if (value := getattr(details, name))}
    # What was kept before, or by another desk, may hold a number still: it goes no further.
    return without_numbers(PersonDetails(known=details.known, **(known | said)))[0]
