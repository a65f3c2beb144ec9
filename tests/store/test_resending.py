"""Sent once more: to the same structure because it is lost, to another because it refused."""

import dataclasses

import pytest

from app.domain.errors import AnswerNotAllowedError, ReferralNeedsAgreementError
from app.domain.reception import Reception
from app.domain.referral import Proposed
from app.domain.referral_errors import NobodyToAskAgainError
from app.matching.reasons import ReasonCode
from app.usecases.interlocutors import interlocutors_of
from app.usecases.partners import partners
from app.usecases.receptions import preview, record_reception
from app.usecases.referral_changes import cancel_referral, correct_referral
from app.usecases.referral_codes import referrals_by_code
from app.usecases.referrals import IN, OUT, Answer, answer_referral, list_referrals, open_referral
from app.usecases.resending import reorienting, resend_referral
from app.usecases.today import the_day
from app.usecases.withdrawals import withdraw_agreement
from tests.builders import (
    ON_PAPER,
    SECOND_DOOR,
    a_reception,
    a_referral,
    dump,
    handed_over,
    person_of,
    referral_of,
)
from tests.fakes.courier import carry


def arrived(desk, second, **fields):
    referral = referral_of(handed_over(desk, **fields))
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    return referral, line.referral


def refused(desk, second, **fields):
    """Hand somebody over to the second door, which proposes the CIO instead."""
    referral, copy = arrived(desk, second, **fields)
    answer = Answer(status="refusee", reason="hors_competence", proposed=ON_PAPER)
    answer_referral(second, copy, answer)
    carry(second, desk)
    return referral


def agreement_to(desk, recipient):
    sql = "SELECT agreement FROM agreements WHERE kind = 'transmit' AND recipient = ?"
    with desk.workspace.read() as connection:
        return connection.execute(sql, (recipient,)).fetchone()[0]


# To the same structure.


def test_what_is_lost_is_sent_again_and_both_doors_see_one_case(desk, second):
    referral, copy = arrived(desk, second, referral=a_referral(message="Bonjour."))
    correct_referral(desk, referral, {"message": "Bonsoir."})
    resent = resend_referral(desk, referral)
    carry(desk, second)
    first, again = open_referral(desk, referral), open_referral(desk, resent.referral)
    assert (first.status, first.continued_by) == ("remplacee", (again.referral,))
    assert (again.status, again.resends) == ("transmise", referral)
    there, anew = open_referral(second, copy), open_referral(second, again.shared)
    assert (there.status, there.continued_by) == ("remplacee", (anew.referral,))
    assert anew.resends == there.referral
    assert anew.details["message"] == "Bonsoir."
    handed = {name for name in anew.details if name != "resends"}
    assert {name: anew.details[name] for name in handed} == there.details
    assert anew.short_id == again.short_id != first.short_id


def test_the_code_of_either_finds_both_on_either_side(desk, second):
    referral, _ = arrived(desk, second)
    again = resend_referral(desk, referral).referral
    carry(desk, second)
    codes = [open_referral(desk, one).short_id for one in (referral, again)]
    for place in (desk, second):
        for code in codes:
            found = referrals_by_code(place, code.lower())
            assert {line.short_id for line in found} == set(codes)


def test_nobody_counts_as_met_twice_because_it_was_sent_again(desk, second):
    referral, copy = arrived(desk, second)
    demand = open_referral(desk, referral).demand
    resend_referral(desk, referral)
    carry(desk, second)
    for name in (copy, list_referrals(second, IN)[0].referral):
        answer_referral(second, name, Answer(status="contact_effectif"))
    carry(second, desk)
    assert interlocutors_of(desk, demand).figure == 2


def test_a_copy_of_paper_takes_what_was_corrected(desk):
    referral = referral_of(handed_over(desk, referral=a_referral(to=ON_PAPER)))
    correct_referral(desk, referral, {"message": "Le matin."})
    again = open_referral(desk, resend_referral(desk, referral).referral)
    assert (again.status, again.route, again.details["message"]) == (
        *("transmise", "paper", "Le matin."),
    )
    assert open_referral(desk, referral).status == "remplacee"


def test_what_has_not_left_or_was_answered_is_not_sent_again(desk, second):
    referral = referral_of(handed_over(desk))
    with pytest.raises(AnswerNotAllowedError):
        resend_referral(desk, referral)
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    answer_referral(second, line.referral, Answer(status="acceptee"))
    carry(second, desk)
    for place, name in ((desk, referral), (second, line.referral)):
        with pytest.raises(AnswerNotAllowedError):
            resend_referral(place, name)


def test_what_is_sent_again_once_is_sent_again_from_its_copy(desk, second):
    referral, _ = arrived(desk, second)
    again = resend_referral(desk, referral).referral
    with pytest.raises(AnswerNotAllowedError):
        resend_referral(desk, referral)
    carry(desk, second)
    assert open_referral(desk, resend_referral(desk, again).referral).resends == again


def test_an_agreement_taken_back_is_asked_again(desk, second):
    referral, _ = arrived(desk, second)
    cancel_referral(desk, referral)
    withdraw_agreement(desk, agreement_to(desk, SECOND_DOOR))
    before = dump(desk, "events")
    with pytest.raises(ReferralNeedsAgreementError):
        resend_referral(desk, referral)
    assert dump(desk, "events") == before


# To somebody else.


def test_a_refusal_says_who_would_do_to_both_doors(desk, second):
    referral = refused(desk, second)
    proposed = Proposed(reference=ON_PAPER, name=_name(desk, ON_PAPER))
    assert open_referral(desk, referral).history[-1].proposed == proposed
    assert list_referrals(second, IN)[0].history[-1].proposed == proposed


def _name(desk, reference):
    return desk.reference.directory.by_reference(reference).display_name


def test_the_next_one_begins_with_all_that_was_said_but_the_agreement(desk, second):
    referral = refused(
        desk,
        second,
        motives=("trouver_formation",),
        barriers=("mobilite", "sante"),
        sensitive_agreed=("sante",),
        status="sans_activite",
        referral=a_referral(
            deadline_on="2026-12-24",
            deadline_reason="concours",
            handover="rdv_pris",
            message="Bref.",
        ),
    )
    begun = reorienting(desk, referral)
    reception = begun.reception
    assert (begun.proposed.reference, begun.proposed.takes_part) == (ON_PAPER, False)
    assert (reception.motives, reception.barriers) == (("trouver_formation",), ("mobilite",))
    assert (reception.status, reception.expressed) == ("sans_activite", "Je cherche une formation.")
    wanted = reception.referral
    assert (wanted.to, wanted.agreement, wanted.handover) == (ON_PAPER, None, "")
    assert (wanted.deadline_on, wanted.message) == ("2026-12-24", "Bref.")
    assert reception.demand == begun.line.demand
    with pytest.raises(ReferralNeedsAgreementError):
        record_reception(desk, reception)


def with_agreement(desk, reception: Reception, **fields) -> Reception:
    wanted = dataclasses.replace(reception.referral, agreement=True, **fields)
    return dataclasses.replace(reception, referral=wanted, notice_given=True)


def test_the_next_one_is_previewed_whole_and_linked_and_only_here(desk, second):
    referral = refused(desk, second)
    reception = with_agreement(desk, reorienting(desk, referral).reception)
    shown = preview(desk, reception)
    assert shown.content["family_name"] == "Aubrun"
    recorded = record_reception(desk, reception)
    line = open_referral(desk, referral_of(recorded))
    assert (line.follows, line.demand) == (referral, open_referral(desk, referral).demand)
    assert open_referral(desk, referral).continued_by == (line.referral,)
    assert "follows" not in shown.content
    assert {one.referral for one in referrals_by_code(desk, line.short_id)} == {
        *(referral, line.referral),
    }


def test_who_refused_is_set_aside_and_says_since_when(desk, second):
    referral = refused(desk, second, motives=("trouver_formation",), commune="36018")
    found = partners(desk, reorienting(desk, referral).reception)
    proposed = [one for one in (found.match.first, *found.match.fallbacks) if one]
    assert SECOND_DOOR not in {one.structure.reference for one in proposed}
    (aside,) = [one for one in found.match.set_aside if one.structure.reference == SECOND_DOOR]
    assert (aside.reason.code, aside.reason.facts) == (
        ReasonCode.REFUSED,
        {"on": desk.now().astimezone().date().isoformat()},
    )


def test_a_refusal_waits_to_be_reoriented_until_it_is(desk, second):
    referral = refused(desk, second)
    assert [line.referral for line in the_day(desk).to_reorient] == [referral]
    record_reception(desk, with_agreement(desk, reorienting(desk, referral).reception))
    assert the_day(desk).to_reorient == ()
    with pytest.raises(AnswerNotAllowedError):
        reorienting(desk, referral)


def test_one_that_was_reoriented_is_no_more_to_be_called_again(desk, clock):
    referral = referral_of(handed_over(desk, referral=a_referral(to=ON_PAPER)))
    clock.tick(days=30)
    answer_referral(desk, referral, Answer(status="sans_reponse"))
    assert [line.overdue for line in list_referrals(desk, OUT)] == ["answer"]
    reception = with_agreement(desk, reorienting(desk, referral).reception, to=SECOND_DOOR)
    record_reception(desk, reception)
    assert {line.referral: line.overdue for line in list_referrals(desk, OUT)}[referral] == ""


def test_nobody_is_reoriented_who_cannot_be_asked(desk, second):
    reception = a_reception(referral=a_referral(to=ON_PAPER))
    referral = referral_of(record_reception(desk, reception))
    with pytest.raises(AnswerNotAllowedError):
        reorienting(desk, referral)
    answer_referral(desk, referral, Answer(status="refusee", reason="complet", route="telephone"))
    with pytest.raises(NobodyToAskAgainError):
        reorienting(desk, referral)


def test_a_structure_that_is_in_their_directory_alone_is_named_and_not_chosen(desk, second):
    referral, copy = arrived(desk, second)
    answer = Answer(status="refusee", reason="hors_competence", proposed="ailleurs/inconnue")
    answer_referral(second, copy, answer)
    carry(second, desk)
    begun = reorienting(desk, referral)
    assert (begun.proposed, begun.reception.referral.to) == (None, "")
    assert open_referral(desk, referral).history[-1].proposed.name == "ailleurs/inconnue"


def test_another_demand_of_the_same_person_goes_on_from_nothing(desk, second):
    referral = refused(desk, second)
    person = open_referral(desk, referral).person
    other = handed_over(desk)
    assert person_of(other) != person
    assert open_referral(desk, referral_of(other)).follows is None
