"""Papers that prove what somebody agreed to, took back, asked, and was answered."""

import dataclasses

from app.printing.notice import notice_map
from app.usecases.notices import programs_notice, write_notice
from app.usecases.persons import open_person
from app.usecases.referrals import Answer, answer_referral
from app.usecases.rights import RequestAnswer, answer_request, ask
from app.usecases.withdrawals import withdraw_agreement
from tests.builders import handed_over, person_of, received, referral_of
from tests.printing.test_papers import plain, said
from ui.papers.making import AGREEMENTS, EVERYTHING, NOTICE, Subject, document_of


def withdrawn(desk, person, kind):
    (line,) = [one for one in open_person(desk, person).agreements if one.kind == kind]
    desk.clock.tick(days=2)
    withdraw_agreement(desk, line.agreement)


def test_an_agreement_taken_back_is_said_once_with_its_day(desk):
    person = person_of(handed_over(desk))
    withdrawn(desk, person, "transmit")
    text = said(desk, AGREEMENTS, person=person)
    assert text.count("etiré") == 2  # the agreement, and that one may be taken back
    assert "Donné, puis retiré le 26 novembre 2026" in text


def test_a_referral_withdrawn_without_its_agreement_is_said_too(desk):
    made = handed_over(desk)
    answer_referral(desk, referral_of(made), Answer(status="retiree_par_la_personne"))
    assert "Retiré" in said(desk, AGREEMENTS, person=person_of(made))


def test_who_agreed_for_a_minor_is_printed(desk):
    made = received(desk, agreed_by="representant")
    assert "Son représentant légal" in said(desk, AGREEMENTS, person=person_of(made))


def test_requests_and_answers_are_printed_with_their_days(desk):
    person = person_of(received(desk))
    ask(desk, person, "acces")
    request, _ = ask(desk, person, "rectification", asked_on="2026-11-02", words="Mon nom")
    answer_request(desk, request, RequestAnswer(answer="refuse", words="Déjà juste (exemple)"))
    for paper in (AGREEMENTS, EVERYTHING):
        text = said(desk, paper, person=person)
        assert text.index("Corriger ce qui est faux") < text.index("Voir tout ce qui est gardé")
        for words in (
            "« Mon nom »",
            "Refusé, le 24 novembre 2026",
            "Déjà juste (exemple)",
            "Attendue avant le 24 décembre 2026",
        ):
            assert words in text


def test_who_asked_nothing_has_no_list_of_requests(desk):
    person = person_of(received(desk))
    assert "Demandes sur vos informations" not in said(desk, EVERYTHING, person=person)


def test_the_notice_printed_is_the_structures_own_with_its_version(desk):
    write_notice(desk, dataclasses.replace(programs_notice().text, title="Notre note"))
    text = said(desk, NOTICE)
    assert "Notre note" in text
    footer = document_of(desk, NOTICE, Subject()).footer
    assert "version 2026.11.24-1, mardi 24 novembre 2026" in plain(footer)
    assert notice_map(programs_notice().text)["title"] not in text


def test_everything_held_says_which_notice_was_given(desk):
    person = person_of(received(desk))
    assert "Version de la note, 2026.11" in said(desk, EVERYTHING, person=person)
