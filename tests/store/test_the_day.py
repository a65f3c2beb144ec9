"""The first screen: every count is the length of its own list."""

import datetime as dt

from app.domain.referral import BY_PAPER
from app.usecases.drafts import discard_draft, keep_draft, kept_draft
from app.usecases.receptions import record_reception
from app.usecases.referrals import IN, Answer, acknowledge_arrivals, answer_referral, list_referrals
from app.usecases.today import receptions_of, the_day
from tests.builders import (
    ON_PAPER,
    a_reception,
    a_referral,
    handed_over,
    received,
    referral_of,
)
from tests.fakes.courier import carry

LISTS = ("to_send", "awaiting_answer", "answered", "to_answer", "in_progress")


def counts(desk) -> dict[str, int]:
    day = the_day(desk)
    return {name: len(getattr(day, name)) for name in LISTS if getattr(day, name)}


def test_an_empty_day_is_empty(desk):
    day = the_day(desk)
    assert counts(desk) == {}
    assert (day.receptions, day.has_draft, day.exchange.pending) == ((), False, 0)


def test_each_referral_is_in_the_list_of_what_it_waits_for(desk, second):
    referral = referral_of(handed_over(desk))
    assert counts(desk) == {"to_send": 1}
    carry(desk, second)
    assert counts(desk) == {"awaiting_answer": 1}
    assert counts(second) == {"to_answer": 1}
    acknowledge_arrivals(second)
    carry(second, desk)
    assert counts(desk) == {"awaiting_answer": 1}
    (line,) = list_referrals(second, IN)
    answer_referral(second, line.referral, Answer(status="acceptee"))
    carry(second, desk)
    assert (counts(desk), counts(second)) == ({"answered": 1}, {"in_progress": 1})
    answer_referral(second, line.referral, Answer(status="cloturee"))
    carry(second, desk)
    assert counts(desk) == counts(second) == {}
    assert the_day(desk).exchange.pending == 0
    assert referral


def test_a_refused_hand_over_waits_for_nobody_and_paper_waits_for_its_answer(desk):
    handed_over(desk, referral=a_referral(agreement=False))
    assert counts(desk) == {}
    paper = referral_of(record_reception(desk, a_reception(referral=a_referral(to=ON_PAPER))))
    assert counts(desk) == {"awaiting_answer": 1}
    answer_referral(desk, paper, Answer(status="acceptee", route=BY_PAPER))
    assert counts(desk) == {"answered": 1}


def test_paper_without_an_answer_is_to_be_called_about_after_its_days(desk):
    record_reception(desk, a_reception(referral=a_referral(to=ON_PAPER)))
    desk.clock.tick(days=9)
    assert the_day(desk).overdue == ()
    desk.clock.tick(days=1)
    (line,) = the_day(desk).overdue
    assert line in the_day(desk).awaiting_answer
    answer_referral(desk, line.referral, Answer(status="acceptee", route=BY_PAPER))
    assert the_day(desk).overdue == ()
    desk.clock.tick(days=60)
    assert [one.referral for one in the_day(desk).to_close] == [line.referral]


def test_the_receptions_of_a_day_are_those_of_that_day_the_latest_first(desk):
    for at in (
        "2026-11-23T23:59:00+01:00",
        "2026-11-24T00:00:00+01:00",
        "2026-11-24T23:59:59+01:00",
        "2026-11-25T00:00:00+01:00",
    ):
        record_reception(desk, a_reception(received_at=at, expressed=at))
    day = [line.expressed for line in receptions_of(desk, dt.date(2026, 11, 24))]
    assert day == ["2026-11-24T23:59:59+01:00", "2026-11-24T00:00:00+01:00"]


def test_a_line_says_who_why_how_and_what_stays_here(desk):
    received(desk, mode="sans_rdv", outcome="a_recontacter")
    record_reception(desk, a_reception(agreement_to_record=False, expressed="Rien de noté."))
    lines = {line.expressed: line for line in the_day(desk).receptions}
    named = lines["Je cherche une formation."]
    assert (named.display_name, named.mode, named.outcome) == (
        "Maëlys Aubrun",
        "sans_rdv",
        "a_recontacter",
    )
    assert (named.author, named.stays_here) == ("Alix Exemple", False)
    assert lines["Rien de noté."].stays_here
    assert lines["Rien de noté."].person is None


def test_a_reception_gets_its_name_when_its_demand_does(desk):
    first = record_reception(desk, a_reception())
    received(desk, demand=first.demand)
    assert {line.display_name for line in the_day(desk).receptions} == {"Maëlys Aubrun"}


def test_the_draft_is_kept_replaced_and_forgotten(desk):
    assert kept_draft(desk) is None
    keep_draft(desk, {"expressed": "un", "known": {"id": None}})
    keep_draft(desk, {"expressed": "deux œufs\u202f!", "half": "\ud83d"})
    assert kept_draft(desk) == {"expressed": "deux œufs\u202f!", "half": "\ud83d"}
    assert the_day(desk).has_draft
    keep_draft(desk, {"a": 1}, draft="other")
    discard_draft(desk)
    discard_draft(desk)
    assert kept_draft(desk) is None
    assert kept_draft(desk, draft="other") == {"a": 1}
