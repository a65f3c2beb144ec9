"""Who has waited too long, fairly to those who had no network."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.follow_up import (
    OVERDUE_ANSWER,
    OVERDUE_CLOSING,
    FollowUpRule,
    Known,
    overdue,
)
from app.domain.referral import (
    ACCEPTED,
    BY_PAPER,
    BY_RELAY,
    CLOSED,
    RECEIVED,
    REFUSED,
    SENT,
    TO_SEND,
    UNANSWERED,
    Step,
)

DAY_S = 86_400
RULE = FollowUpRule(answer_expected_days=10, to_close_days=60)


def history(*steps):
    return [
        Step(status=status, at_s=day * DAY_S, by="Alix", structure="Ici", route=BY_RELAY)
        for status, day in steps
    ]


def late(*steps, day, contact=None, route=BY_RELAY):
    contact_s = None if contact is None else contact * DAY_S
    return overdue(history(*steps), route, RULE, Known(now_s=day * DAY_S, contact_s=contact_s))


def test_ten_days_without_an_answer_are_too_long_and_nine_are_not():
    assert late((TO_SEND, 0), (SENT, 1), day=11, contact=11) == OVERDUE_ANSWER
    assert late((TO_SEND, 0), (SENT, 1), day=10, contact=10) == ""


def test_days_without_exchange_do_not_count_against_the_partner():
    assert late((SENT, 0), day=40, contact=9) == ""
    assert late((SENT, 0), day=40, contact=10) == OVERDUE_ANSWER
    assert late((SENT, 0), day=40) == ""


def test_on_paper_every_day_counts():
    assert late((SENT, 0), day=10, route=BY_PAPER) == OVERDUE_ANSWER


def test_an_acknowledgement_is_no_answer():
    assert late((SENT, 0), (RECEIVED, 9), day=10, contact=10) == OVERDUE_ANSWER
    assert late((SENT, 0), (UNANSWERED, 9), day=10, contact=10) == OVERDUE_ANSWER


@pytest.mark.parametrize("status", [CLOSED, REFUSED])
def test_what_was_settled_is_never_late(status):
    assert late((SENT, 0), (status, 1), day=400, contact=400) == ""


def test_what_is_under_way_without_a_word_for_two_months_is_to_be_closed_or_gone_on_with():
    assert late((SENT, 0), (ACCEPTED, 5), day=64, contact=64) == ""
    assert late((SENT, 0), (ACCEPTED, 5), day=65, contact=65) == OVERDUE_CLOSING


def test_what_did_not_leave_is_not_late():
    assert late((TO_SEND, 0), day=400, contact=400) == ""


@given(st.integers(0, 200), st.integers(0, 200), st.integers(0, 200))
def test_time_that_passes_never_makes_anything_less_late(sent, day, more):
    before = late((SENT, sent), day=day, contact=day)
    after = late((SENT, sent), day=day + more, contact=day + more)
    assert after or not before
