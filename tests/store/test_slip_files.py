"""The slip as an encrypted file: only where the program would have been allowed to carry it."""

from dataclasses import replace

import pytest

from app.domain.errors import AnswerNotAllowedError, SlipFileRefusedError, UnknownRecordError
from app.domain.identifiers import SubjectId
from app.domain.reception import WantedReferral
from app.domain.referral import BY_EMAIL, BY_FILE, BY_PAPER, BY_TELEPHONE, status_of
from app.usecases.papers import read_slip
from app.usecases.partners import partners
from app.usecases.receptions import record_reception
from app.usecases.referrals import Answer, answer_referral, list_referrals, open_referral
from app.usecases.slip_files import lacks_of_file, note_file_made
from app.usecases.withdrawals import withdraw_agreement
from tests.builders import (
    LE_BLANC,
    ON_PAPER,
    a_handed_over_reception,
    a_named_reception,
    a_person,
    a_reception,
    handed_over,
    person_of,
    referral_of,
)


def on_paper(**fields):
    return WantedReferral(**({"to": ON_PAPER, "agreement": True} | fields))


@pytest.fixture
def referral(desk):
    return referral_of(handed_over(desk, referral=on_paper()))


def codes(desk, referral):
    return [lack.code for lack in lacks_of_file(desk, referral)]


def steps(desk, referral):
    return [(step.status, step.route) for step in open_referral(desk, referral).history]


def test_with_all_that_the_program_asks_for_a_file_may_leave(desk, referral):
    assert codes(desk, referral) == []
    assert read_slip(desk, referral).may_be_file


def test_without_a_name_only_paper_is_left(desk):
    recorded = record_reception(desk, a_reception(referral=on_paper(), notice_given=True))
    assert codes(desk, referral_of(recorded)) == [
        "referral_needs_person",
        "referral_needs_contact",
    ]


def test_without_a_way_to_reach_the_person_only_paper_is_left(desk):
    nobody_rings = a_person(telephone="", email="", address="")
    made = handed_over(desk, referral=on_paper(), person=nobody_rings)
    assert codes(desk, referral_of(made)) == ["referral_needs_contact"]


def test_without_the_notice_only_paper_is_left_until_it_is_given(desk):
    made = handed_over(desk, referral=on_paper(), notice_given=False)
    assert codes(desk, referral_of(made)) == ["referral_needs_notice"]
    known = a_person(known=person_of(made))
    record_reception(desk, a_named_reception(person=known, notice_given=True))
    assert codes(desk, referral_of(made)) == []


def test_a_minor_s_file_waits_for_who_may_agree(desk):
    child = a_person(birth_on="2014-05-02")
    made = handed_over(desk, referral=on_paper(), person=child)
    assert codes(desk, referral_of(made)) == ["minor_agreement_missing"]
    agreed = handed_over(desk, referral=on_paper(), person=child, agreed_by="ensemble")
    assert codes(desk, referral_of(agreed)) == []


def test_an_age_said_without_a_birth_counts_too(desk):
    young = {"person": a_person(birth_on=""), "age_band": "moins_16"}
    made = handed_over(desk, referral=on_paper(), **young)
    assert codes(desk, referral_of(made)) == ["minor_agreement_missing"]


def test_after_a_refusal_nothing_leaves_as_a_file_either(desk):
    made = handed_over(desk, referral=on_paper(agreement=False))
    assert codes(desk, referral_of(made)) == ["referral_needs_agreement"]
    assert not read_slip(desk, referral_of(made)).may_be_file


def test_an_agreement_taken_back_stops_the_file(desk):
    made = handed_over(desk, referral=on_paper())
    with desk.workspace.read() as connection:
        (agreement,) = connection.execute(
            "SELECT agreement FROM agreements WHERE kind = 'transmit'"
        ).fetchone()
    withdraw_agreement(desk, SubjectId(agreement))
    assert codes(desk, referral_of(made)) == ["referral_needs_agreement"]


def test_what_must_stay_on_this_machine_is_not_put_in_a_file(desk):
    refused = record_reception(desk, a_named_reception(agreement_to_record=False, person=None))
    going_on = a_handed_over_reception(
        demand=refused.demand, referral=on_paper(), agreement_to_record=None, person=None
    )
    made = record_reception(desk, going_on)
    assert made.stays_here
    assert codes(desk, referral_of(made)) == ["agreement_to_record_missing"]


def test_a_structure_with_the_program_gets_no_file(desk):
    made = handed_over(desk)
    with pytest.raises(SlipFileRefusedError):
        lacks_of_file(desk, referral_of(made))
    assert not read_slip(desk, referral_of(made)).may_be_file


@pytest.mark.parametrize("status", ["annulee", "cloturee"])
def test_a_referral_that_is_over_gets_no_file(desk, referral, status):
    if status == "cloturee":
        answer_referral(desk, referral, Answer(status="contact_effectif", route=BY_TELEPHONE))
    answer_referral(desk, referral, Answer(status=status, route=BY_TELEPHONE))
    with pytest.raises(SlipFileRefusedError):
        lacks_of_file(desk, referral)


def test_nobody_s_referral_gets_no_file(desk):
    with pytest.raises(UnknownRecordError):
        lacks_of_file(desk, SubjectId(bytes(16)))


def test_the_history_says_that_it_left_as_a_file(desk, referral):
    note_file_made(desk, referral)
    assert steps(desk, referral) == [("transmise", BY_PAPER), ("transmise", BY_FILE)]
    assert open_referral(desk, referral).status == "transmise"
    note_file_made(desk, referral)
    assert len(steps(desk, referral)) == 3


def test_a_file_made_after_the_answer_does_not_hide_it(desk, referral):
    """They said yes by telephone and asked for the slip."""
    answer_referral(desk, referral, Answer(status="acceptee", route=BY_TELEPHONE))
    assert codes(desk, referral) == []
    note_file_made(desk, referral)
    assert open_referral(desk, referral).status == "acceptee"
    person = open_referral(desk, referral).person
    again = a_reception(person=a_person(known=person), commune=LE_BLANC)
    followers = partners(desk, again).match.first.structure
    assert followers.reference == ON_PAPER


def test_a_file_made_after_silence_is_a_new_wait(desk, referral):
    answer_referral(desk, referral, Answer(status="sans_reponse", route="here"))
    note_file_made(desk, referral)
    assert open_referral(desk, referral).status == "transmise"


def test_the_wait_counts_from_the_file(desk, referral):
    desk.clock.tick(days=9)
    note_file_made(desk, referral)
    desk.clock.tick(days=9)
    assert list_referrals(desk)[0].overdue == ""
    desk.clock.tick(days=1)
    assert list_referrals(desk)[0].overdue == "answer"


def test_an_answer_that_came_by_mail_is_marked_so(desk, referral):
    note_file_made(desk, referral)
    answer_referral(desk, referral, Answer(status="acceptee", route=BY_EMAIL, message="Vu."))
    assert steps(desk, referral)[-1] == ("acceptee", BY_EMAIL)


def test_nobody_answers_by_the_file_itself(desk, referral):
    with pytest.raises(AnswerNotAllowedError):
        answer_referral(desk, referral, Answer(status="acceptee", route=BY_FILE))


def test_a_status_of_a_newer_program_is_not_hidden_by_a_file(desk, referral):
    note_file_made(desk, referral)
    first, last = open_referral(desk, referral).history
    assert status_of([first, replace(last, status="nouvelle"), last]) == "nouvelle"
