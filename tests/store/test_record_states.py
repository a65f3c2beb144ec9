"""How far each record has got, for a whole page at once, by what was written here of it."""

from app.domain.identifiers import Incarnation
from app.store.stick_port import StoreStickPort
from app.store.sync_port import StoreSyncPort
from app.usecases.exchange_records import exchange_records
from app.usecases.persons import open_person
from app.usecases.receptions import record_reception
from app.usecases.record_states import RecordState, record_states
from app.usecases.referrals import Answer, answer_referral, list_referrals
from tests.builders import (
    REFERENCE,
    SECOND_DOOR,
    a_reception,
    a_structure,
    handed_over,
    person_of,
    received,
    referral_of,
)
from tests.fakes.courier import acknowledged, carry, deliver, sealed_by

SECOND_NAME = REFERENCE.directory.by_reference(SECOND_DOOR).display_name


def encounter_of(desk, made):
    (line,) = open_person(desk, person_of(made)).encounters
    return line.encounter


def state_of(desk, subject):
    return record_states(desk, [subject]).get(subject)


def test_a_record_goes_from_here_to_the_relay_step_after_step(desk):
    encounter = encounter_of(desk, received(desk))
    assert state_of(desk, encounter) == RecordState(state="pending")
    bundles = sealed_by(desk)
    names = [pulled.bundle.name for pulled in bundles]
    assert state_of(desk, encounter) == RecordState(state="pending")
    StoreStickPort(desk.workspace).mark_on_stick(names)
    assert state_of(desk, encounter) == RecordState(state="on_stick")
    StoreSyncPort(desk.workspace).mark_sent(names)
    assert state_of(desk, encounter) == RecordState(state="sent")
    acknowledged(desk, bundles, at_s=1_800_000_000)
    assert state_of(desk, encounter) == RecordState(state="acknowledged", at_s=1_800_000_000)


def test_a_record_that_another_structure_holds_names_it_whatever_the_way(desk):
    handed_over(desk)
    shared = list_referrals(desk, "out")[0].shared
    bundles = sealed_by(desk)
    StoreStickPort(desk.workspace).mark_on_stick([pulled.bundle.name for pulled in bundles])
    for pulled in bundles:
        if len(pulled.space.members) > 1:
            seen = {Incarnation(pulled.bundle.incarnation): pulled.bundle.sequence}
            StoreStickPort(desk.workspace).note_peer_saw(
                a_structure(SECOND_DOOR), pulled.space.id, seen
            )
    assert state_of(desk, shared) == RecordState(state="received", holders=(SECOND_NAME,))
    (record,) = exchange_records(desk, "received")
    assert record.holders == (SECOND_NAME,)


def test_what_is_written_later_of_a_record_holds_it_back(desk, second):
    made = handed_over(desk)
    carry(desk, second)
    shared = list_referrals(desk, "out")[0].shared
    assert state_of(desk, shared).state == "acknowledged"
    answer_referral(desk, referral_of(made), Answer(status="annulee"))
    assert state_of(desk, shared) == RecordState(state="pending")


def test_what_the_person_refused_stays_here(desk):
    made = record_reception(desk, a_reception(agreement_to_record=False))
    assert state_of(desk, made.encounter) == RecordState(state="confined")


def test_what_came_from_elsewhere_says_so(desk, second):
    handed_over(desk)
    deliver(sealed_by(desk), second)
    (line,) = list_referrals(second, "in")
    assert state_of(second, line.referral) == RecordState(state="pulled")


def test_a_record_nobody_knows_is_left_out(desk):
    encounter = encounter_of(desk, received(desk))
    assert record_states(desk, []) == {}
    assert record_states(desk, [type(encounter)(b"\0" * len(encounter))]) == {}


def test_a_page_reads_all_its_records_at_once(desk):
    encounters = [encounter_of(desk, received(desk)) for _ in range(3)]
    assert set(record_states(desk, encounters)) == set(encounters)
