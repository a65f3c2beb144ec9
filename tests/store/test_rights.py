"""Agreements taken back and requests within their month, on real files of two structures."""

import datetime as dt

import pytest

from app.domain.errors import (
    AgreementAlreadyWithdrawnError,
    RequestAlreadyAnsweredError,
    UnknownRecordError,
    UnknownVocabularyCodeError,
    UnreadableInputError,
)
from app.domain.identifiers import SubjectId
from app.store.bodies import unpack_map
from app.usecases.persons import erase_person
from app.usecases.rebuild import rebuild_rows
from app.usecases.receptions import record_reception
from app.usecases.referrals import IN, list_referrals, open_referral
from app.usecases.rights import (
    RequestAnswer,
    answer_request,
    ask,
    requests,
    withdraw_agreement,
)
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
