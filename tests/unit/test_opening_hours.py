"""Opening hours: what is read, what is refused, what is said to be unknown."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.opening_hours import (
    MIDNIGHT,
    HoursProblem,
    Span,
    UnreadableHoursError,
    read_opening_hours,
)
from ui.texts import sentence_for

WEEKDAYS = "Mo-Fr 09:00-12:00,14:00-17:00; PH off"
TUESDAY = dt.date(2026, 11, 24)
CHRISTMAS = dt.date(2026, 12, 25)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute))


def test_a_day_is_told_in_spans():
    hours = read_opening_hours(WEEKDAYS)
    assert hours.spans_on(TUESDAY) == (Span(start=540, end=720), Span(start=840, end=1020))
    assert hours.spans_on(dt.date(2026, 11, 28)) == ()
    assert hours.say_when


@pytest.mark.parametrize(
    ("hour", "minute", "is_open"),
    [(8, 59, False), (9, 0, True), (11, 59, True), (12, 0, False), (14, 0, True), (17, 0, False)],
)
def test_a_place_is_open_from_its_first_minute_and_not_at_its_last(hour, minute, is_open):
    assert read_opening_hours(WEEKDAYS).is_open(at(TUESDAY, hour, minute)) is is_open


@pytest.mark.parametrize(
    "day", [CHRISTMAS, dt.date(2026, 11, 11), dt.date(2027, 3, 29), dt.date(2027, 7, 14)]
)
def test_public_holidays_are_those_of_france(day):
    assert day.weekday() < 5
    assert read_opening_hours(WEEKDAYS).spans_on(day) == ()


@pytest.mark.parametrize(
    ("asked", "opens"),
    [
        (at(TUESDAY, 10), at(TUESDAY, 10)),
        (at(TUESDAY, 12, 30), at(TUESDAY, 14)),
        (at(TUESDAY, 18), at(TUESDAY + dt.timedelta(days=1), 9)),
        (at(CHRISTMAS, 10), at(dt.date(2026, 12, 28), 9)),
    ],
)
def test_the_next_opening_passes_nights_and_holidays(asked, opens):
    assert read_opening_hours(WEEKDAYS).next_opening(asked) == opens


def test_nothing_is_looked_for_beyond_what_is_asked():
    hours = read_opening_hours("Tu[1] 14:00-16:00")
    assert hours.next_opening(at(TUESDAY, 10), within_days=2) is None
    assert hours.next_opening(at(TUESDAY, 10)) == at(dt.date(2026, 12, 1), 14)
    assert read_opening_hours("2020 Mo 09:00-12:00").next_opening(at(TUESDAY, 10)) is None


def test_a_comment_is_kept_and_given_back_with_its_hours():
    hours = read_opening_hours('Sa[2,4] 09:00-12:00 "2e et 4e samedis"')
    second = dt.date(2026, 12, 12)
    assert hours.spans_on(second) == (Span(start=540, end=720, comment="2e et 4e samedis"),)
    assert hours.spans_on(dt.date(2026, 12, 5)) == ()
    assert hours.comments == ("2e et 4e samedis",)


@pytest.mark.parametrize(
    "text",
    [
        'Mo-Fr 09:00-18:00 || "sur rendez-vous"',
        'Mo-Fr 09:00-18:00; "sur rendez-vous"',
        '"sur rendez-vous"; Mo-Fr 09:00-18:00',
    ],
)
def test_a_comment_alone_opens_nothing(text):
    hours = read_opening_hours(text)
    assert hours.notes == ("sur rendez-vous",)
    assert not hours.is_open(at(TUESDAY, 20))
    assert hours.is_open(at(TUESDAY, 10))
    assert hours.spans_on(dt.date(2026, 11, 28)) == ()


def test_notes_without_any_hour_say_nothing_of_when():
    hours = read_opening_hours('"sur rendez-vous"')
    assert not hours.say_when
    assert not hours.is_open(at(TUESDAY, 10))
    assert hours.spans_on(TUESDAY) == ()
    assert hours.next_opening(at(TUESDAY, 10)) is None
    assert read_opening_hours('unknown "téléphoner"').notes == ("téléphoner",)


def test_signs_inside_a_comment_separate_nothing():
    hours = read_opening_hours('Tu 10:00-11:00 "a; b || c, SH"')
    assert hours.comments == ("a; b || c, SH",)
    assert hours.notes == ()
    assert not hours.depends_on_school_holidays


@pytest.mark.parametrize(
    ("text", "depends"),
    [
        ("We 13:30-17:00; PH,SH off", True),
        ("SH off; Mo-Fr 09:00-12:00", True),
        ('We 13:30-17:00 "hors vacances scolaires"', True),
        ('We 13:30-17:00 "Vacances : fermé"', True),
        (WEEKDAYS, False),
        ('Mo 09:00-12:00 "accès SHERBROOKE"', False),
    ],
)
def test_school_holidays_are_said_to_be_unknown(text, depends):
    assert read_opening_hours(text).depends_on_school_holidays is depends


def test_what_is_unknown_is_not_open():
    hours = read_opening_hours('Tu 09:00-12:00 unknown "si beau temps"')
    assert not hours.is_open(at(TUESDAY, 10))
    assert hours.comments == ("si beau temps",)


def test_days_without_hours_are_whole_days():
    [span] = read_opening_hours("Mo-Fr").spans_on(TUESDAY)
    assert span.is_whole_day
    assert not read_opening_hours(WEEKDAYS).spans_on(TUESDAY)[0].is_whole_day


def test_a_night_is_read_and_cut_at_midnight():
    hours = read_opening_hours("Tu 18:00-08:00")
    assert hours.spans_on(TUESDAY) == (Span(start=1080, end=MIDNIGHT),)
    assert hours.spans_on(TUESDAY + dt.timedelta(days=1)) == (Span(start=0, end=480),)


@pytest.mark.parametrize("text", [f"{WEEKDAYS};", f"  {WEEKDAYS} ; ", WEEKDAYS.replace(" ", "\n")])
def test_spaces_and_a_last_semicolon_are_forgiven(text):
    assert read_opening_hours(text).spans_on(TUESDAY) == (
        Span(start=540, end=720),
        Span(start=840, end=1020),
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Mo-Fr 09:00-25:00", HoursProblem.PAST_MIDNIGHT),
        ("Mo-Fr 09:00-24:30", HoursProblem.PAST_MIDNIGHT),
        ("Tu 13:00-48:00", HoursProblem.PAST_MIDNIGHT),
        ("Mo-Fr 14:00-12:00", HoursProblem.BACKWARDS),
        ("Mo-Fr 09:00-09:00", HoursProblem.BACKWARDS),
        ("Lu-Ve 9h-12h", HoursProblem.SYNTAX),
        ("du lundi au vendredi", HoursProblem.SYNTAX),
        ("Mo-Fr 09:61-12:00", HoursProblem.SYNTAX),
        ("", HoursProblem.SYNTAX),
        (" ; ", HoursProblem.SYNTAX),
    ],
)
def test_what_nobody_should_rely_on_is_refused_with_its_problem(text, problem):
    with pytest.raises(UnreadableHoursError) as caught:
        read_opening_hours(text)
    assert caught.value.problem is problem
    assert "horaires" in sentence_for(caught.value)


def test_midnight_itself_is_no_nonsense():
    assert read_opening_hours("Mo-Fr 09:00-24:00").spans_on(TUESDAY)[0].end == MIDNIGHT
    assert read_opening_hours('Mo 09:00-12:00 "jusqu’à 25:00-26:00"').say_when


WORDS = st.sampled_from(
    (
        *("Mo", "Tu-Fr", "PH", "SH", "off", "unknown", "09:00-12:00", "22:00-02:00", "14:00-17:00"),
        *('"note"', ";", ",", "||", "[1]", "24/7", "week 1-53/2", "Jul", "x", '"', "é"),
    )
)


@given(st.lists(WORDS, max_size=8).map(" ".join), st.integers(0, 364), st.times())
def test_any_text_is_read_or_refused_and_what_is_read_agrees_with_itself(text, days, time):
    day = dt.date(2026, 1, 1) + dt.timedelta(days=days)
    moment = dt.datetime.combine(day, time.replace(microsecond=0))
    try:
        hours = read_opening_hours(text)
    except UnreadableHoursError:
        return
    minute = moment.hour * 60 + moment.minute
    spans = hours.spans_on(day)
    assert all(0 <= span.start < span.end <= MIDNIGHT for span in spans)
    assert hours.is_open(moment) is any(span.start <= minute < span.end for span in spans)
    opening = hours.next_opening(moment, within_days=7)
    assert opening is None or (opening >= moment and hours.is_open(opening))
