"""Opening hours in French: the state at a moment, the days to come, what somebody typed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reference.opening_hours import read_opening_hours
from ui.opening_words import OpenState, as_published, hours_words, opening_at, week_of

TUESDAY = dt.datetime(2026, 11, 24, 10, 15)  # noqa: DTZ001 -- hours are of the place


def plain(text):
    return text.replace("\u202f", " ").replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("hours", "state", "words"),
    [
        (None, OpenState.UNKNOWN, "horaires non indiqués"),
        ("Mo 9h", OpenState.UNKNOWN, "horaires à vérifier"),
        ('"sur rendez-vous"', OpenState.UNKNOWN, "sur rendez-vous"),
        ("Mo-Fr 09:00-12:00", OpenState.OPEN, "ouvert jusqu’à 12 h"),
        ('Tu 09:00-12:30 "sans rendez-vous"', OpenState.OPEN, "ouvert jusqu’à 12 h 30"),
        ("Tu 09:00-24:00", OpenState.OPEN, "ouvert jusqu’à minuit"),
        ("Tu", OpenState.OPEN, "ouvert aujourd’hui"),
        ("Tu 14:00-17:00", OpenState.CLOSED, "ouvre à 14 h"),
        ("We 13:30-17:00", OpenState.CLOSED, "ouvre demain à 13 h 30"),
        ("Mo 09:00-12:00", OpenState.CLOSED, "ouvre lundi à 9 h"),
        ("Tu[1] 09:00-12:00", OpenState.CLOSED, "ouvre le 1er décembre 2026 à 9 h"),
        ("Mo-Su off", OpenState.CLOSED, "aucune ouverture prévue"),
    ],
)
def test_a_place_is_said_open_or_when_it_opens(hours, state, words):
    opening = opening_at(hours, TUESDAY)
    assert opening.state is state
    assert plain(opening.words).startswith(words)


def test_what_depends_on_school_holidays_says_so():
    opening = opening_at("Mo-Fr 09:00-12:00; SH off", TUESDAY)
    assert opening.words.endswith("(vacances scolaires à vérifier)")


def test_the_days_to_come_keep_their_comments_and_say_what_is_closed():
    week = week_of('Tu 09:00-12:00,14:00-17:00 "sur rendez-vous"', TUESDAY.date())
    assert [plain(day.name) for day in week[:2]] == ["mardi 24", "mercredi 25"]
    assert plain(week[0].words) == "9 h–12 h et 14 h–17 h (sur rendez-vous)"
    assert {day.words for day in week[1:]} == {"fermé"}


def test_hours_that_say_no_day_make_no_week():
    assert week_of('"sur rendez-vous"', TUESDAY.date()) == ()


@pytest.mark.parametrize(
    ("typed", "published"),
    [
        ("lundi au vendredi 9h-12h30 et 14h à 17h", "Mo-Fr 09:00-12:30,14:00-17:00"),
        ("lun.-ven. 9h-12h", "Mo-Fr 09:00-12:00"),
        ("Mardi et jeudi de 9 h à 12 h", "Tu,Th 09:00-12:00"),
        ("du lundi au jeudi : 8h30 à 12h ; vendredi 9h-12h", "Mo-Th 08:30-12:00; Fr 09:00-12:00"),
        ("mercredi 14h-17h, samedi 9h-12h", "We 14:00-17:00; Sa 09:00-12:00"),
        ("Mo-Fr 09:00-12:00; PH off", "Mo-Fr 09:00-12:00; PH off"),
        ("quand il fait beau", "quand il fait beau"),
        ("", ""),
    ],
)
def test_hours_typed_in_french_become_those_of_directories(typed, published):
    assert as_published(typed) == published


@pytest.mark.parametrize(
    ("typed", "published", "words"),
    [
        ("1er mardi du mois 9h-12h", "Tu[1] 09:00-12:00", "1er mardi du mois : 9 h à 12 h"),
        (
            "le premier mardi du mois de 9h à 12h",
            "Tu[1] 09:00-12:00",
            "1er mardi du mois : 9 h à 12 h",
        ),
        (
            "2ᵉ et 4ᵉ samedis 9h-12h",
            "Sa[2,4] 09:00-12:00",
            "2e et 4e samedis du mois : 9 h à 12 h",
        ),
        (
            "les mardis des semaines paires 9h-12h",
            "week 02-52/2 Tu 09:00-12:00",
            "semaines paires, mardi : 9 h à 12 h",
        ),
        (
            "semaine impaire : mercredi et jeudi 14h-17h",
            "week 01-53/2 We,Th 14:00-17:00",
            "semaines impaires, mercredi et jeudi : 14 h à 17 h",
        ),
    ],
)
def test_days_of_a_month_and_weeks_by_turns_are_typed_and_read(typed, published, words):
    assert as_published(typed) == published
    assert hours_words(published).replace("\u00a0", " ").replace("\u202f", " ") == words


@given(text=st.text(alphabet="1234ere etdumoislnvrjsapi:h-,;ᵉ'\n", max_size=40))
def test_whatever_is_typed_comes_back_readable_or_as_it_was(text):
    made = as_published(text)
    if made != text:
        assert read_opening_hours(made).say_when
