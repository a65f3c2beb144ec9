"""When somebody can go, how far and how: read from the words of a page."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.reception import Reception
from app.usecases.wishes import limit_km, mode_asked, moment_asked
from tests.builders import REFERENCE

VOCABULARIES = REFERENCE.vocabularies
TUESDAY = dt.datetime.fromisoformat("2026-11-24T10:00")


def asked(now=TUESDAY, **fields):
    at, until = moment_asked(Reception(expressed="", **fields), now, VOCABULARIES)
    return at.isoformat(" ", "minutes"), until and until.isoformat(" ", "minutes")


@pytest.mark.parametrize(
    ("wish", "at", "until"),
    [
        ({}, "2026-11-24 10:00", None),
        ({"go_day": "maintenant"}, "2026-11-24 10:00", None),
        ({"go_day": "maintenant", "go_half": "matin"}, "2026-11-24 10:00", None),
        ({"go_day": "aujourd_hui"}, "2026-11-24 10:00", "2026-11-25 00:00"),
        ({"go_day": "mercredi"}, "2026-11-25 00:00", "2026-11-26 00:00"),
        ({"go_day": "mercredi", "go_half": "matin"}, "2026-11-25 08:00", "2026-11-25 12:00"),
        ({"go_day": "mardi"}, "2026-11-24 10:00", "2026-11-25 00:00"),
        ({"go_day": "lundi"}, "2026-11-30 00:00", "2026-12-01 00:00"),
        ({"go_half": "matin"}, "2026-11-24 10:00", "2026-11-24 12:00"),
        ({"go_half": "apres_midi"}, "2026-11-24 13:30", "2026-11-24 18:00"),
        ({"go_day": "demain_peut_etre"}, "2026-11-24 10:00", "2026-11-25 00:00"),
    ],
)
def test_a_wish_is_the_next_moment_that_is_not_over(wish, at, until):
    assert asked(**wish) == (at, until)


def test_a_half_day_that_is_over_is_the_next_one_but_for_who_said_today():
    evening = TUESDAY.replace(hour=19)
    assert asked(evening, go_half="matin")[0] == "2026-11-25 08:00"
    assert asked(evening, go_day="mardi", go_half="matin")[0] == "2026-12-01 08:00"
    assert asked(evening, go_day="aujourd_hui", go_half="matin") == ("2026-11-24 19:00", None)


@given(
    st.integers(0, 10_000_000).map(lambda minutes: TUESDAY + dt.timedelta(minutes=minutes)),
    st.sampled_from(["", *VOCABULARIES.get("go_day").codes()]),
    st.sampled_from(["", *VOCABULARIES.get("half_day").codes()]),
)
def test_nobody_is_sent_into_the_past(now, day, half):
    wish = Reception(expressed="", go_day=day, go_half=half)
    at, until = moment_asked(wish, now, VOCABULARIES)
    assert now <= at <= now + dt.timedelta(days=8)
    assert until is None or at < until <= at + dt.timedelta(days=1)


def test_distances_are_those_of_the_data_and_grow():
    codes = VOCABULARIES.get("travel_distance").codes()
    limits = [limit_km(Reception(expressed="", can_travel=code), VOCABULARIES) for code in codes]
    assert all(isinstance(limit, float) for limit in limits)
    assert limits == sorted(limits)
    assert limit_km(Reception(expressed=""), VOCABULARIES) is None
    assert limit_km(Reception(expressed="", can_travel="en_fusee"), VOCABULARIES) is None


def test_modes_wished_are_modes_that_the_directory_knows():
    modes = {
        mode_asked(Reception(expressed="", mode_wished=code), VOCABULARIES)
        for code in VOCABULARIES.get("mode_wished").codes()
    }
    assert modes <= REFERENCE.rules.matching.modes.keys()
    assert mode_asked(Reception(expressed=""), VOCABULARIES) == ""
