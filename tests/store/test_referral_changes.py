"""A referral cancelled, taken up again, corrected: what leaves, and what the other door reads."""

import pytest

from app.domain.errors import (
    AnswerNotAllowedError,
    PersonNameMissingError,
    ReferralNeedsContactError,
    UnknownVocabularyCodeError,
    UnreadableInputError,
)
from app.domain.events import Append
from app.domain.referral import FieldChange
from app.domain.referral_errors import NotCoveredByAgreementError
from app.domain.spaces import pair_space
from app.store.rows import fold_subjects
from app.usecases.record_states import record_states
from app.usecases.referral_changes import (
    cancel_referral,
    correct_referral,
    note_corrections_read,
    preview_correction,
    resume_referral,
)
from app.usecases.referrals import (
    IN,
    OUT,
    Answer,
    acknowledge_arrivals,
    answer_referral,
    list_referrals,
    open_referral,
)
from app.usecases.withdrawals import withdraw_agreement
from tests.builders import (
    ON_PAPER,
    a_referral,
    dump,
    handed_over,
    referral_of,
)
from tests.fakes.courier import carry, deliver, sealed_by

MESSAGE = "Plutôt le matin (exemple)."


def arrived(desk, second, **fields):
    referral = referral_of(handed_over(desk, **fields))
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    return referral, line.referral


def statuses(line):
    return [step.status for step in line.history]


def everything_of(desk):
    return repr(dump(desk, "events", "bundles", "shared_referrals", "referral_answers"))


# Cancelling.


def test_a_referral_cancelled_before_it_left_never_leaves(desk, second, colleague):
    referral = referral_of(handed_over(desk, referral=a_referral(message=MESSAGE)))
    cancel_referral(desk, referral, reason="erreur_de_structure")
    carry(desk, second, colleague)
    assert list_referrals(second) == []
    assert (
        dump(second, "shared_referrals")
        == dump(second, "referral_answers") | {"shared_referrals": []}
        or list_referrals(second) == []
    )
    line = open_referral(desk, referral)
    assert (line.status, line.history[-1].reason) == ("annulee", "erreur_de_structure")
    assert record_states(desk, [line.shared])[line.shared].state == "confined"
    (theirs,) = list_referrals(colleague, OUT)
    assert theirs.status == "annulee"


def test_one_cancelled_before_it_left_leaves_once_that_is_taken_back(desk, second):
    referral = referral_of(handed_over(desk))
    cancel_referral(desk, referral)
    resume_referral(desk, referral)
    line = open_referral(desk, referral)
    assert line.status == "a_transmettre"
    assert record_states(desk, [line.shared])[line.shared].state == "pending"
    carry(desk, second)
    (theirs,) = list_referrals(second, IN)
    assert (theirs.status, statuses(theirs)) == ("transmise", ["transmise"])
    assert statuses(open_referral(desk, referral)) == [
        *("a_transmettre", "transmise", "annulee", "retablie"),
    ]


def test_one_cancelled_after_it_left_is_read_so_by_the_other_door(desk, second):
    referral, copy = arrived(desk, second)
    cancel_referral(desk, referral, reason="autre_solution", message=MESSAGE)
    carry(desk, second)
    theirs = open_referral(second, copy)
    assert (theirs.status, theirs.history[-1].reason) == ("annulee", "autre_solution")
    assert theirs.history[-1].message == MESSAGE
    with pytest.raises(AnswerNotAllowedError):
        answer_referral(second, copy, Answer(status="acceptee"))


def test_a_cancellation_that_left_is_taken_back_in_the_open(desk, second):
    referral, copy = arrived(desk, second)
    cancel_referral(desk, referral)
    carry(desk, second)
    resume_referral(desk, referral)
    carry(desk, second)
    theirs = open_referral(second, copy)
    assert (theirs.status, statuses(theirs)[-2:]) == ("transmise", ["annulee", "retablie"])
    answer_referral(second, copy, Answer(status="acceptee"))


def test_a_cancelled_referral_waits_for_nothing(desk, second, clock):
    referral, _ = arrived(desk, second)
    clock.tick(days=30)
    cancel_referral(desk, referral)
    clock.tick(days=300)
    assert [line.overdue for line in list_referrals(desk, OUT)] == [""]


def test_only_the_sender_cancels_with_a_reason_somebody_knows(desk, second):
    referral, copy = arrived(desk, second)
    with pytest.raises(AnswerNotAllowedError):
        cancel_referral(second, copy)
    with pytest.raises(UnknownVocabularyCodeError):
        cancel_referral(desk, referral, reason="humeur")
    with pytest.raises(AnswerNotAllowedError):
        resume_referral(desk, referral)
    assert open_referral(desk, referral).status == "transmise"


def test_what_somebody_takes_back_before_it_left_never_leaves(desk, second):
    referral = referral_of(handed_over(desk))
    kinds = "SELECT agreement FROM agreements WHERE kind = 'transmit'"
    with desk.workspace.read() as connection:
        (agreement,) = connection.execute(kinds).fetchone()
    withdraw_agreement(desk, agreement)
    assert open_referral(desk, referral).status == "retiree_par_la_personne"
    carry(desk, second)
    assert list_referrals(second) == []
    with pytest.raises(AnswerNotAllowedError):
        resume_referral(desk, referral)


# Correcting.


def test_the_recipient_reads_what_changed_from_what_to_what_until_opened(desk, second):
    referral, copy = arrived(desk, second, referral=a_referral(message="Bonjour."))
    acknowledge_arrivals(second)
    assert open_referral(second, copy).unread == ()
    correct_referral(desk, referral, {"telephone": "06 39 98 00 02", "message": ""})
    carry(desk, second)
    theirs = open_referral(second, copy)
    assert len(theirs.unread) == 1
    assert theirs.history[-1].changes == (
        FieldChange(field="telephone", was="06 39 98 00 01", became="06 39 98 00 02"),
        FieldChange(field="message", was="Bonjour.", became=None),
    )
    assert theirs.details["telephone"] == "06 39 98 00 02"
    assert "message" not in theirs.details
    assert theirs.details == open_referral(desk, referral).details
    assert theirs.status == "recue"
    note_corrections_read(second, copy)
    assert open_referral(second, copy).unread == ()
    before = dump(second, "events")
    note_corrections_read(second, copy)
    assert dump(second, "events") == before
    carry(second, desk)
    assert statuses(open_referral(desk, referral))[-1] == "mise_a_jour_lue"


def test_a_later_correction_is_unread_again(desk, second):
    referral, copy = arrived(desk, second)
    correct_referral(desk, referral, {"message": "Un"})
    carry(desk, second)
    correct_referral(desk, referral, {"message": "Deux"})
    note_corrections_read(second, copy)
    carry(desk, second)
    assert len(open_referral(second, copy).unread) == 1


def test_a_corrected_name_is_the_one_that_the_recipient_lists(desk, second):
    referral, _ = arrived(desk, second)
    correct_referral(desk, referral, {"given_name": "Maëlle"})
    carry(desk, second)
    (theirs,) = list_referrals(second, IN)
    assert theirs.display_name == "Maëlle Aubrun"


def test_what_is_corrected_before_it_left_goes_once_under_its_code(desk, second):
    referral = referral_of(handed_over(desk, referral=a_referral(message="À ne pas dire.")))
    before = open_referral(desk, referral)
    assert preview_correction(desk, referral, {"message": MESSAGE}).waits
    correct_referral(desk, referral, {"message": MESSAGE})
    sealed = sealed_by(desk)
    assert "À ne pas dire" not in repr([one for one in sealed if len(one.space.members) == 2])
    deliver(sealed, second)
    (theirs,) = list_referrals(second, IN)
    ours = open_referral(desk, referral)
    assert theirs.details["message"] == ours.details["message"] == MESSAGE
    assert theirs.short_id == ours.short_id == before.short_id
    assert (theirs.unread, statuses(theirs)) == ((), ["transmise"])
    assert "À ne pas dire" not in everything_of(second)
    assert statuses(ours) == ["a_transmettre", "corrigee"]
    assert [line.referral for line in list_referrals(desk, OUT)] == [referral]


def test_what_was_corrected_before_it_left_is_corrected_again_after(desk, second):
    referral = referral_of(handed_over(desk))
    for message in ("Un", "Deux"):
        correct_referral(desk, referral, {"message": message})
    carry(desk, second)
    correct_referral(desk, referral, {"message": "Trois"})
    carry(desk, second)
    (theirs,) = list_referrals(second, IN)
    assert theirs.details["message"] == "Trois"
    assert theirs.history[-1].changes == (FieldChange(field="message", was="Deux", became="Trois"),)
    assert theirs.disputed == open_referral(desk, referral).disputed == ()


def test_nothing_leaves_that_the_agreement_did_not_cover(desk, second):
    referral, _ = arrived(desk, second)
    for wanted, refusal in (
        ({"email": "maelys@exemple.example"}, NotCoveredByAgreementError),
        ({"telephone": ""}, ReferralNeedsContactError),
        ({"given_name": "", "family_name": ""}, PersonNameMissingError),
        ({"deadline_on": "demain"}, UnreadableInputError),
        ({"handover": "pigeon"}, UnknownVocabularyCodeError),
    ):
        with pytest.raises(refusal):
            preview_correction(desk, referral, wanted)
        with pytest.raises(refusal):
            correct_referral(desk, referral, wanted)
    assert statuses(open_referral(desk, referral)) == ["a_transmettre", "transmise"]


def test_a_number_that_may_not_be_kept_is_masked_in_a_correction(desk, second):
    referral, copy = arrived(desk, second)
    correct_referral(desk, referral, {"message": "Son numéro : 1 84 12 76 451 089 46."})
    carry(desk, second)
    assert "451" not in everything_of(second) + repr(open_referral(second, copy).details)


def test_the_preview_is_exactly_what_the_recipient_then_holds(desk, second):
    referral, copy = arrived(desk, second)
    wanted = {"deadline_on": "2026-12-24", "deadline_reason": "", "expressed": "Une formation."}
    preview = preview_correction(desk, referral, wanted)
    assert not preview.waits
    correct_referral(desk, referral, wanted)
    carry(desk, second)
    assert open_referral(second, copy).details == preview.leaves


def test_what_is_over_or_belongs_to_another_is_not_corrected(desk, second):
    referral, copy = arrived(desk, second)
    with pytest.raises(AnswerNotAllowedError):
        correct_referral(second, copy, {"message": "Un"})
    answer_referral(second, copy, Answer(status="refusee", reason="complet"))
    carry(second, desk)
    with pytest.raises(AnswerNotAllowedError):
        correct_referral(desk, referral, {"message": "Un"})


def test_a_correction_written_by_the_recipient_is_not_one(desk, second):
    referral, copy = arrived(desk, second)
    before = open_referral(desk, referral)
    space = pair_space(desk.own_structure().id, second.own_structure().id)
    forged = {"status": "corrigee", "changes": {"telephone": {"was": "", "became": "0"}}}

    def write(tx):
        pen = second.pen(tx)
        item = Append(list_name="answers", value=forged)
        pen.change(space.id, copy, "referral_answer", {}, appends=(item,))
        return fold_subjects(tx, pen.touched)

    second.workspace.writer.write(write)
    carry(second, desk)
    assert open_referral(desk, referral) == before
    assert open_referral(second, copy).details == before.details


def test_a_paper_referral_is_corrected_here_and_remembers_it(desk):
    wanted = a_referral(to=ON_PAPER, message="Bonjour.")
    referral = referral_of(handed_over(desk, referral=wanted))
    preview = preview_correction(desk, referral, {"message": MESSAGE})
    assert (preview.is_on_paper, preview.waits) == (True, False)
    correct_referral(desk, referral, {"message": MESSAGE})
    line = open_referral(desk, referral)
    assert (line.details["message"], line.status) == (MESSAGE, "transmise")
    assert statuses(line) == ["transmise", "corrigee"]
