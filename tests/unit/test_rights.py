"""A month to answer, reckoned as the law reckons months."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.rights import answer_due_on, easter_on, holidays, request_clock


@pytest.mark.parametrize(
    ("asked_on", "due_on"),
    [
        ("2026-11-24", "2026-12-24"),
        ("2026-01-31", "2026-03-02"),  # 28 February is a Saturday
        ("2027-01-29", "2027-03-01"),  # 28 February is a Sunday
        ("2024-01-31", "2024-02-29"),
        ("2026-11-25", "2026-12-28"),  # Christmas, a Friday
        ("2026-12-01", "2027-01-04"),  # New Year's Day, a Friday
        ("2026-10-11", "2026-11-12"),  # 11 November
        ("2026-03-06", "2026-04-07"),  # Easter Monday
        ("2026-12-31", "2027-02-01"),
    ],
)
def test_an_answer_is_due_a_month_later_or_on_the_next_working_day(asked_on, due_on):
    assert answer_due_on(dt.date.fromisoformat(asked_on)).isoformat() == due_on


@pytest.mark.parametrize(
    "easter", ["2000-04-23", "2008-03-23", "2011-04-24", "2025-04-20", "2026-04-05", "2038-04-25"]
)
def test_easter_is_when_it_was_and_will_be(easter):
    assert easter_on(int(easter[:4])).isoformat() == easter


def test_the_holidays_of_a_year_are_eleven():
    assert len(holidays(2026)) == 11
    assert dt.date(2026, 5, 14) in holidays(2026)  # Ascension
    assert dt.date(2026, 5, 25) in holidays(2026)  # Whit Monday


def test_the_clock_tells_the_days_left_and_what_is_late():
    asked_on = dt.date(2026, 11, 24)
    assert request_clock(asked_on, asked_on).days_left == 30
    assert not request_clock(asked_on, dt.date(2026, 12, 24)).is_late
    assert request_clock(asked_on, dt.date(2026, 12, 25)).is_late


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_no_answer_is_due_sooner_than_a_month_nor_on_a_day_off(asked_on):
    due_on = answer_due_on(asked_on)
    assert 28 <= (due_on - asked_on).days <= 37
    assert due_on.weekday() < 5
    assert due_on not in holidays(due_on.year)
