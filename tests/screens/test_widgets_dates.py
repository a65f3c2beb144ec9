"""Dates as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.widgets.date_text import (
    DateProblem,
    DateSpan,
    DateTextError,
    long_date,
    read_date,
    short_date,
)

TODAY = date(2026, 11, 24)
BIRTHS = DateSpan.of_births(TODAY)
WORK = DateSpan.around(TODAY)
births = st.dates(BIRTHS.earliest, BIRTHS.latest)
recent_births = st.dates(TODAY - timedelta(days=36_000), TODAY)

WAYS = [
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%d %m %Y}",
    lambda day: f"{day:%d%m%Y}",
    lambda day: day.isoformat(),
    long_date,
    lambda day: long_date(day).upper(),
]


@given(births, st.sampled_from(WAYS))
def test_a_date_is_read_back_however_it_is_written(day, way):
    assert read_date(way(day), BIRTHS).day == day


@given(recent_births)
def test_two_figures_are_enough_for_a_year_of_the_last_century(day):
    assert read_date(f"{day:%d/%m/%y}", BIRTHS).day == day
    assert read_date(f"{day:%d%m%y}", BIRTHS).day == day


@given(st.text())
def test_any_text_gives_a_date_of_the_span_or_a_reason(text):
    try:
        day = read_date(text, BIRTHS).day
    except DateTextError:
        return
    assert BIRTHS.earliest <= day <= BIRTHS.latest


@given(births)
def test_the_swapped_date_is_the_other_reading(day):
    swapped = read_date(f"{day:%d/%m/%Y}", BIRTHS).swapped
    if day.day > 12 or day.day == day.month:
        assert swapped is None
    elif swapped is not None:
        assert (swapped.day, swapped.month) == (day.month, day.day)


@pytest.mark.parametrize(
    "text",
    ["12031978", "12/3/78", "12 mars 1978", "12 MARS 78", "1978-03-12", "19780312", "12.3.1978"],
)
def test_the_ways_that_were_promised(text):
    assert read_date(text, BIRTHS).day == date(1978, 3, 12)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", DateProblem.UNREADABLE),
        ("mars", DateProblem.UNREADABLE),
        ("12 jui 1978", DateProblem.UNREADABLE),
        ("12/3", DateProblem.INCOMPLETE),
        ("12/3/197", DateProblem.INCOMPLETE),
        ("31/02/1978", DateProblem.NO_SUCH_DAY),
        ("29 février 1979", DateProblem.NO_SUCH_DAY),
        ("12/3/2030", DateProblem.TOO_LATE),
        ("12/3/1850", DateProblem.TOO_EARLY),
    ],
)
def test_a_text_that_is_no_date_says_why(text, problem):
    with pytest.raises(DateTextError) as refusal:
        read_date(text, BIRTHS)
    assert refusal.value.problem is problem


def test_a_written_month_leaves_no_doubt():
    assert read_date("3 décembre 1978", BIRTHS).swapped is None
    assert read_date("3/12/1978", BIRTHS).swapped == date(1978, 3, 12)


def test_the_american_order_is_taken_when_it_alone_is_a_day():
    assert read_date("3/25/1978", BIRTHS).day == date(1978, 3, 25)


def test_a_short_year_may_be_in_the_future_for_an_appointment():
    assert read_date("5/1/27", WORK).day == date(2027, 1, 5)
    assert read_date("5/1/27", BIRTHS).day == date(1927, 1, 5)


def test_dates_are_written_as_they_are_said():
    assert long_date(date(2026, 5, 1)) == "1er mai 2026"
    assert short_date(TODAY) == "mar. 24 nov."
