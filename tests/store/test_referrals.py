"""Handing over: listing, arriving, answering, and the history everybody reads alike."""

import pytest

from app.domain.errors import (
    AnswerNotAllowedError,
    RefusalReasonMissingError,
    UnknownRecordError,
    UnknownVocabularyCodeError,
)
from app.domain.identifiers import SubjectId, spoken_code
from app.domain.referral import BY_PAPER, BY_TELEPHONE
from app.domain.spaces import pair_space
from app.store.log import Pen
from app.store.rows import fold_subjects
from app.store.sync_port import StoreSyncPort
from app.usecases.persons import open_person
from app.usecases.receptions import record_reception
from app.usecases.referrals import (
    IN,
    OUT,
    Answer,
    acknowledge_arrivals,
    answer_referral,
    list_referrals,
    open_referral,
)
from tests.builders import (
    FIRST_DOOR,
    ON_PAPER,
    SECOND_DOOR,
    a_reception,
    a_referral,
    a_structure,
    dump,
    handed_over,
    person_of,
    referral_of,
)
from tests.fakes.courier import acknowledged, carry, deliver, sealed_by

NOBODY = SubjectId(bytes(15) + b"\x01")


def arrived(desk, second, **fields) -> tuple[SubjectId, SubjectId]:
    """Hand somebody over; return the referral as the first door and as the second name it."""
    recorded = handed_over(desk, **fields)
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    return referral_of(recorded), line.referral


def statuses(line) -> list[str]:
    return [step.status for step in line.history]


def test_a_referral_tells_its_states_as_it_goes(desk, second):
    referral = referral_of(handed_over(desk))
    assert open_referral(desk, referral).status == "a_transmettre"
    bundles = sealed_by(desk)
    assert open_referral(desk, referral).status == "a_transmettre"
    StoreSyncPort(desk.workspace).mark_sent([bundle.bundle.name for bundle in bundles])
    assert open_referral(desk, referral).status == "a_transmettre"
    acknowledged(desk, bundles, at_s=1_800_000_123)
    line = open_referral(desk, referral)
    assert line.status == "transmise"
    assert line.history[-1].at_s == 1_800_000_123
    deliver(bundles, second)
    (received,) = list_referrals(second)
    assert received.status == "transmise"
    acknowledge_arrivals(second)
    carry(second, desk)
    assert open_referral(desk, referral).status == "recue"
    assert list_referrals(second)[0].status == "recue"


def test_both_sides_see_the_same_referral(desk, second):
    referral, copy = arrived(desk, second, referral=a_referral(message="Bonjour."))
    ours, theirs = open_referral(desk, referral), open_referral(second, copy)
    assert (ours.direction, theirs.direction) == (OUT, IN)
    assert ours.details == theirs.details
    assert ours.details["message"] == "Bonjour."
    assert ours.shared == theirs.shared == theirs.referral
    assert ours.display_name == theirs.display_name == "Maëlys Aubrun"
    assert open_referral(desk, copy).referral == referral
    assert ours.person is not None
    assert theirs.person is None
    assert ours.from_name == theirs.from_name == desk.own_structure().name


def test_both_doors_say_the_same_code_on_the_telephone(desk, second):
    referral, copy = arrived(desk, second)
    (theirs,) = list_referrals(second, IN)
    ours = open_referral(desk, referral)
    of_person = open_person(desk, ours.person)
    assert ours.short_id == theirs.short_id == spoken_code(copy)
    assert [line.short_id for line in list_referrals(desk, OUT)] == [ours.short_id]
    assert [line.short_id for line in of_person.referrals] == [ours.short_id]
    assert ours.short_id != of_person.person.short_id


def test_a_referral_on_paper_has_a_code_of_its_own(desk):
    recorded = handed_over(desk, referral=a_referral(to=ON_PAPER))
    line = open_referral(desk, referral_of(recorded))
    assert line.short_id == spoken_code(line.referral)


def test_a_repeated_acknowledgement_adds_nothing(desk, second):
    arrived(desk, second)
    acknowledge_arrivals(second)
    before = dump(second, "events")
    for _ in range(2):
        acknowledge_arrivals(second)
        acknowledge_arrivals(desk)
    assert dump(second, "events") == before


def test_an_answer_travels_back_with_its_words_and_its_author(desk, second):
    referral, copy = arrived(desk, second)
    acknowledge_arrivals(second)
    answer_referral(second, copy, Answer(status="acceptee", message="Rendez-vous mardi."))
    answer_referral(second, copy, Answer(status="contact_effectif"))
    carry(second, desk)
    line = open_referral(desk, referral)
    assert line.status == "contact_effectif"
    assert statuses(line) == [
        "a_transmettre",
        "transmise",
        "recue",
        "acceptee",
        "contact_effectif",
    ]
    accepted = line.history[3]
    assert accepted.message == "Rendez-vous mardi."
    assert accepted.structure == open_referral(second, copy).to_name
    assert list_referrals(second, IN)[0].history[1:] == line.history[2:]


def test_a_refusal_needs_a_reason_of_the_vocabulary(desk, second):
    referral, copy = arrived(desk, second)
    with pytest.raises(RefusalReasonMissingError):
        answer_referral(second, copy, Answer(status="refusee"))
    with pytest.raises(UnknownVocabularyCodeError):
        answer_referral(second, copy, Answer(status="refusee", reason="pas envie"))
    answer_referral(second, copy, Answer(status="refusee", reason="complet"))
    carry(second, desk)
    last = open_referral(desk, referral).history[-1]
    assert (last.status, last.reason) == ("refusee", "complet")


@pytest.mark.parametrize("status", ["annulee", "sans_reponse", "transmise", "recue", "inconnu"])
def test_the_recipient_cannot_answer_for_the_sender(desk, second, status):
    _, copy = arrived(desk, second)
    with pytest.raises(AnswerNotAllowedError) as refusal:
        answer_referral(second, copy, Answer(status=status))
    assert refusal.value.facts == {"status": status, "present": "transmise"}


@pytest.mark.parametrize("status", ["acceptee", "refusee", "contact_effectif", "cloturee"])
def test_the_sender_cannot_answer_for_the_recipient_through_the_program(desk, second, status):
    referral, _ = arrived(desk, second)
    with pytest.raises(AnswerNotAllowedError):
        answer_referral(desk, referral, Answer(status=status, reason="complet"))


def test_an_answer_cannot_come_by_a_way_nobody_knows(desk, second):
    referral, _ = arrived(desk, second)
    with pytest.raises(AnswerNotAllowedError):
        answer_referral(desk, referral, Answer(status="acceptee", route="pigeon"))


def test_an_answer_told_by_telephone_is_marked_so_on_both_sides(desk, second):
    referral, copy = arrived(desk, second)
    answer_referral(desk, referral, Answer(status="acceptee", route=BY_TELEPHONE))
    carry(desk, second)
    for line in (open_referral(desk, referral), open_referral(second, copy)):
        last = line.history[-1]
        assert (line.status, last.route) == ("acceptee", BY_TELEPHONE)
        assert last.structure == desk.own_structure().name


def test_the_sender_cancels_and_nothing_follows(desk, second):
    referral, copy = arrived(desk, second)
    answer_referral(desk, referral, Answer(status="annulee"))
    carry(desk, second)
    assert open_referral(second, copy).status == "annulee"
    with pytest.raises(AnswerNotAllowedError):
        answer_referral(second, copy, Answer(status="acceptee"))


def test_a_referral_on_paper_is_followed_by_what_comes_back(desk):
    recorded = record_reception(desk, a_reception(referral=a_referral(to=ON_PAPER)))
    referral = referral_of(recorded)
    line = open_referral(desk, referral)
    assert (line.status, line.route, line.shared) == ("transmise", BY_PAPER, None)
    answer_referral(desk, referral, Answer(status="acceptee", route=BY_PAPER, message="Vu."))
    assert open_referral(desk, referral).status == "acceptee"
    assert open_referral(desk, referral).history[-1].message == "Vu."


def test_a_colleague_of_the_same_structure_sees_the_same_list(desk, colleague, second):
    arrived(desk, second)
    deliver(sealed_by(desk), colleague)
    handed_over(desk)
    carry(desk, colleague, second)
    acknowledge_arrivals(second)
    carry(second, desk, colleague)
    ours, theirs = list_referrals(desk), list_referrals(colleague)
    assert [line.referral for line in ours][:1] == [line.referral for line in theirs]
    assert theirs[0].status == "recue"


def test_what_is_not_here_cannot_be_opened_nor_answered(desk, second):
    _, copy = arrived(desk, second)
    for missing in (NOBODY, person_of(handed_over(desk))):
        with pytest.raises(UnknownRecordError):
            open_referral(desk, missing)
        with pytest.raises(UnknownRecordError):
            answer_referral(desk, missing, Answer(status="annulee"))
    assert open_referral(second, copy).direction == IN


def test_the_copy_alone_does_not_make_the_sender_a_recipient(desk, colleague):
    handed_over(desk)
    pair = [bundle for bundle in sealed_by(desk) if len(bundle.space.members) == 2]
    deliver(pair, colleague)
    (shared,) = [row[0] for row in dump(colleague)["shared_referrals"]]
    assert list_referrals(colleague) == []
    with pytest.raises(UnknownRecordError):
        open_referral(colleague, SubjectId(shared))


def test_a_structure_cannot_pass_for_another(desk, second):
    """The name shown is that of the structure that signed, not the one written inside."""
    pair = pair_space(a_structure(FIRST_DOOR), a_structure(SECOND_DOOR))
    claims = {"from_name": "Une autre structure", "to_structure": a_structure(SECOND_DOOR)}
    desk.workspace.writer.write(
        lambda tx: Pen(tx, author="X", at_s=0).create(pair, "shared_referral", claims)
    )
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    assert line.from_name == desk.own_structure().name


def test_the_referrals_of_a_person_are_in_their_file(desk):
    first = record_reception(desk, a_reception(referral=a_referral(to=ON_PAPER)))
    second = handed_over(desk, demand=first.demand)
    file = open_person(desk, person_of(second))
    assert {line.referral for line in file.referrals} == {first.referral, second.referral}
    assert {line.display_name for line in file.referrals} == {"Maëlys Aubrun"}


def test_what_was_handed_over_cannot_be_rewritten_by_its_recipient(desk, second):
    referral, shared = arrived(desk, second)
    before = open_referral(desk, referral).details
    space = pair_space(desk.own_structure().id, second.own_structure().id)

    def rewrite(tx):
        pen = second.pen(tx)
        pen.change(space.id, shared, "shared_referral", {"family_name": "AUTRE"})
        return fold_subjects(tx, pen.touched)

    second.workspace.writer.write(rewrite)
    carry(second, desk)

    assert open_referral(desk, referral).details == before
    assert open_referral(second, shared).details["family_name"] != "AUTRE"
