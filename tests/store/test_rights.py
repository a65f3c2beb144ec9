"""Agreements taken back and requests within their month, on real files of two structures."""

import datetime as dt

import pytest

from app.domain.errors import (
    AgreementAlreadyWithdrawnError,
    AgreementToRecordMissingError,
    AnswerNeedsWordsError,
    RequestAlreadyAnsweredError,
    UnknownRecordError,
    UnknownVocabularyCodeError,
    UnreadableInputError,
)
from app.domain.identifiers import SubjectId
from app.domain.reception import PersonDetails
from app.store.bodies import unpack_map
from app.usecases.papers import read_slip
from app.usecases.persons import erase_person, open_person
from app.usecases.rebuild import rebuild_rows
from app.usecases.receptions import record_reception
from app.usecases.referrals import (
    IN,
    Answer,
    answer_referral,
    list_referrals,
    open_referral,
)
from app.usecases.rights import (
    RequestAnswer,
    answer_request,
    ask,
    erase_as_asked,
    forget_request,
    open_request,
    reopen_request,
    requests,
)
from app.usecases.withdrawals import what_stops, withdraw_agreement
from tests.builders import (
    ON_PAPER,
    a_reception,
    a_referral,
    dump,
    handed_over,
    person_of,
    received,
    referral_of,
)
from tests.fakes.courier import carry

NOBODY = SubjectId(bytes(15) + b"\x01")


def agreement_of(desk, kind) -> SubjectId:
    with desk.workspace.read() as connection:
        ((agreement,),) = connection.execute(
            "SELECT agreement FROM agreements WHERE kind = ?", (kind,)
        ).fetchall()
    return SubjectId(agreement)


def test_a_request_has_a_month_and_is_late_after_it(desk):
    person = person_of(received(desk))
    ask(desk, person, "acces", words="Tout ce que vous avez (exemple)")
    (line,) = requests(desk)
    assert line.clock is not None
    assert (line.kind, line.clock.due_on, line.clock.days_left) == (
        "acces",
        dt.date(2026, 12, 24),
        30,
    )
    desk.clock.tick(days=31)
    (late,) = requests(desk, person=person, only_open=True)
    assert late.clock is not None
    assert late.clock.is_late


def test_a_request_on_paper_counts_from_its_own_day(desk):
    ask(desk, person_of(received(desk)), "rectification", asked_on="2026-11-02")
    (line,) = requests(desk)
    assert line.clock is not None
    assert line.clock.due_on == dt.date(2026, 12, 2)


def test_an_answer_ends_the_month_and_is_given_once(desk):
    request, _ = ask(desk, person_of(received(desk)), "acces")
    answer_request(desk, request, RequestAnswer(answer="fait", words="Copie remise (exemple)"))
    (line,) = requests(desk)
    assert (line.answer, line.answered_on, line.clock) == ("fait", "2026-11-24", None)
    assert requests(desk, only_open=True) == []
    with pytest.raises(RequestAlreadyAnsweredError):
        answer_request(desk, request, RequestAnswer(answer="refuse"))


def test_erasing_answers_and_leaves_a_trace_without_a_name(desk):
    person = person_of(received(desk))
    request, _ = ask(desk, person, "effacement")
    erase_person(desk, person)
    answer_request(desk, request, RequestAnswer(answer="fait"))
    (line,) = requests(desk)
    assert (line.display_name, line.answer) == ("", "fait")


def test_what_must_be_answered_first_comes_first(desk):
    person = person_of(received(desk))
    ask(desk, person, "acces")
    ask(desk, person, "opposition", asked_on="2026-11-10")
    answered, _ = ask(desk, person, "rectification", asked_on="2026-11-01")
    answer_request(desk, answered, RequestAnswer(answer="fait"))
    assert [line.kind for line in requests(desk)] == ["opposition", "acces", "rectification"]


def test_requests_and_their_answers_are_folded_again_the_same(desk):
    person = person_of(received(desk))
    request, _ = ask(desk, person, "acces")
    answer_request(desk, request, RequestAnswer(answer="refuse", words="Déjà fait (exemple)"))
    before = dump(desk, "requests")
    rebuild_rows(desk)
    assert dump(desk, "requests") == before


def test_what_cannot_be_asked_is_refused(desk):
    person = person_of(received(desk))
    with pytest.raises(UnknownRecordError):
        ask(desk, NOBODY, "acces")
    with pytest.raises(UnknownVocabularyCodeError):
        ask(desk, person, "oubli")
    for day in ("hier", "2026-11-25"):
        with pytest.raises(UnreadableInputError):
            ask(desk, person, "acces", asked_on=day)
    with pytest.raises(UnknownRecordError):
        answer_request(desk, NOBODY, RequestAnswer(answer="fait"))
    assert requests(desk) == []


def test_taking_an_agreement_back_stops_its_referral_and_tells_the_recipient(desk, second):
    referral = referral_of(handed_over(desk))
    carry(desk, second)
    withdraw_agreement(desk, agreement_of(desk, "transmit"))
    assert open_referral(desk, referral).status == "retiree_par_la_personne"
    carry(desk, second)
    (line,) = list_referrals(second, IN)
    assert line.status == "retiree_par_la_personne"
    with pytest.raises(AgreementAlreadyWithdrawnError):
        withdraw_agreement(desk, agreement_of(desk, "transmit"))


def test_taking_back_one_agreement_leaves_other_recipients_alone(desk):
    referral_of(handed_over(desk))
    paper = referral_of(handed_over(desk, referral=a_referral(to=ON_PAPER)))
    with desk.workspace.read() as connection:
        rows = connection.execute(
            "SELECT agreement, recipient FROM agreements WHERE kind = 'transmit'"
        ).fetchall()
    (other,) = (SubjectId(name) for name, recipient in rows if recipient != ON_PAPER)
    withdraw_agreement(desk, other)
    assert open_referral(desk, paper).status == "transmise"


def test_what_is_sensitive_is_no_more_written_once_its_agreement_is_taken_back(desk):
    record_reception(
        desk,
        a_reception(
            barriers=("sante", "mobilite"),
            status="arret_invalidite",
            sensitive_agreed=("sante", "arret_invalidite"),
        ),
    )
    with desk.workspace.read() as connection:
        rows = connection.execute("SELECT agreement, recipient FROM agreements").fetchall()
    for agreement, _about in rows:
        withdraw_agreement(desk, SubjectId(agreement))
    with desk.workspace.read() as connection:
        ((demand,),) = connection.execute("SELECT details FROM demands").fetchall()
        ((meeting,),) = connection.execute("SELECT details FROM encounters").fetchall()
    assert unpack_map(demand)["barriers"] == ("mobilite",)
    assert unpack_map(meeting)["status"] is None


def test_a_refusal_is_no_agreement_to_take_back(desk):
    record_reception(desk, a_reception(agreement_to_record=False))
    with pytest.raises(UnknownRecordError):
        withdraw_agreement(desk, agreement_of(desk, "record"))


@pytest.mark.parametrize("kind", ["acces", "rectification", "opposition", "effacement"])
def test_every_kind_of_request_has_the_same_month_by_the_clock(desk, kind):
    request, _ = ask(desk, person_of(received(desk)), kind)
    days = []
    for _day in range(33):
        clock = open_request(desk, request).clock
        assert clock is not None
        days.append((clock.days_left, clock.is_late))
        desk.clock.tick(days=1)
    assert days == [(left, left < 0) for left in range(30, -3, -1)]


@pytest.mark.parametrize("answer", ["refuse", "fait_en_partie"])
def test_who_is_refused_something_is_told_why(desk, answer):
    request, _ = ask(desk, person_of(received(desk)), "effacement")
    with pytest.raises(AnswerNeedsWordsError):
        answer_request(desk, request, RequestAnswer(answer=answer, words="  "))
    answer_request(desk, request, RequestAnswer(answer=answer, words="Loi (exemple)"))
    assert open_request(desk, request).answer_words == "Loi (exemple)"


def test_an_answer_noted_by_mistake_gives_its_month_back(desk):
    request, _ = ask(desk, person_of(received(desk)), "acces")
    answer_request(desk, request, RequestAnswer(answer="refuse", words="Erreur (exemple)"))
    reopen_request(desk, request)
    (line,) = requests(desk, only_open=True)
    assert (line.answer, line.answer_words) == ("", "")
    assert line.clock is not None
    assert line.clock.days_left == 30
    with pytest.raises(UnknownRecordError):
        reopen_request(desk, NOBODY)


def test_a_request_noted_by_mistake_is_forgotten_unless_it_was_answered(desk):
    person = person_of(received(desk))
    request, _ = ask(desk, person, "acces")
    forget_request(desk, request)
    assert requests(desk) == []
    with pytest.raises(UnknownRecordError):
        open_request(desk, request)
    answered, _ = ask(desk, person, "acces")
    answer_request(desk, answered, RequestAnswer(answer="fait"))
    with pytest.raises(RequestAlreadyAnsweredError):
        forget_request(desk, answered)


def test_erasing_as_asked_answers_what_asked_for_it_and_nothing_else(desk):
    person = person_of(received(desk))
    ask(desk, person, "effacement", asked_on="2026-11-02")
    ask(desk, person, "acces")
    erase_as_asked(desk, person)
    assert [(line.kind, line.answer) for line in requests(desk)] == [
        ("acces", ""),
        ("effacement", "fait"),
    ]


def test_what_a_withdrawal_stops_is_told_before(desk):
    made = handed_over(desk)
    agreement = agreement_of(desk, "transmit")
    stopping = what_stops(desk, agreement)
    assert [line.referral for line in stopping.referrals] == [made.referral]
    assert what_stops(desk, agreement_of(desk, "record")).referrals == ()
    withdraw_agreement(desk, agreement)
    with pytest.raises(AgreementAlreadyWithdrawnError):
        what_stops(desk, agreement)


def test_a_file_says_who_agreed_and_what_was_taken_back(desk):
    person = person_of(received(desk, agreed_by="representant"))
    (line,) = open_person(desk, person).agreements
    assert (line.agreed_by, line.withdrawn_on, line.stands) == ("representant", "", True)
    desk.clock.tick(days=3)
    withdraw_agreement(desk, line.agreement)
    (line,) = open_person(desk, person).agreements
    assert (line.given, line.withdrawn_on, line.stands) == (True, "2026-11-27", False)


def test_a_slip_of_an_agreement_taken_back_tells_nothing_more(desk):
    referral = referral_of(handed_over(desk, referral=a_referral(to=ON_PAPER)))
    assert read_slip(desk, referral).content
    answer_referral(desk, referral, Answer(status="acceptee", route="paper"))
    answer_referral(desk, referral, Answer(status="cloturee", route="paper"))
    withdraw_agreement(desk, agreement_of(desk, "transmit"))
    assert open_referral(desk, referral).status == "cloturee"
    assert read_slip(desk, referral).content == {}


def test_nothing_more_is_written_under_a_name_whose_agreement_was_taken_back(desk):
    person = person_of(received(desk))
    again = {"person": PersonDetails(known=person), "agreement_to_record": None}
    received(desk, **again)
    withdraw_agreement(desk, agreement_of(desk, "record"))
    with pytest.raises(AgreementToRecordMissingError):
        received(desk, **again)
    received(desk, **(again | {"agreement_to_record": True}))
    received(desk, **again)
