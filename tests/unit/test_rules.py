"""The rules held as data: who agrees for a young person, what a motive asks; all may be changed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.minors import PERSON, REPRESENTATIVE, TOGETHER, MinorRule, age_on
from app.reference.rules import Rules
from app.reference.vocabulary import Vocabularies
from resources import resource_path

RULES, VOCABULARIES = Rules(resource_path("rules")), Vocabularies(resource_path("vocabulary"))
RULE = RULES.minors
FIELDS = {"status", "executive", "level_reached", "diploma_obtained", "age_band", "commune"}
FIELDS |= {"can_travel", "mode_wished", "go_day", "languages"}
"""What may be asked of its own accord."""


def test_an_adult_agrees_alone():
    assert RULE.who_may_agree(18) == (PERSON,)
    assert RULE.who_may_agree(None) == (PERSON,)


def test_a_child_never_agrees_alone():
    assert PERSON not in RULE.who_may_agree(14)
    assert RULE.who_may_agree(14) == (TOGETHER, REPRESENTATIVE)


def test_from_the_age_of_the_rule_a_minor_may_agree_alone_and_is_asked_first():
    assert RULE.who_may_agree(15)[0] == PERSON
    assert MinorRule(agrees_alone_from=16).who_may_agree(15) == (TOGETHER, REPRESENTATIVE)


@pytest.mark.parametrize(
    ("age", "status", "network"),
    [
        (16, "decrocheur", "mission_locale"),
        (17, "non_inscrit", "mission_locale"),
        (17, "lyceen_pro", ""),
        (15, "decrocheur", ""),
        (18, "decrocheur", ""),
        (None, "decrocheur", ""),
    ],
)
def test_between_sixteen_and_eighteen_without_activity_the_mission_locale_comes_first(
    age, status, network
):
    assert RULE.goes_first_to(age, status) == network


def test_the_words_of_the_rules_are_those_of_the_vocabularies():
    for status in RULE.without_activity:
        VOCABULARIES.check("public_status", status)
    VOCABULARIES.check("structure_network", RULE.first_network)
    for code in (PERSON, REPRESENTATIVE, TOGETHER):
        VOCABULARIES.check("agreed_by", code)


def test_rules_are_read_from_their_data():
    assert (RULES.interlocutors.target, RULES.interlocutors.team_counts_once) == (2, False)


@given(st.dates(dt.date(1930, 1, 1), dt.date(2020, 1, 1)), st.integers(0, 90))
def test_one_grows_older_on_the_birthday_and_not_the_day_before(born, years):
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = dt.date(born.year + years, 3, 1)
    assert age_on(born, birthday) == years
    assert age_on(born, birthday - dt.timedelta(days=1)) == years - 1


def test_every_motive_that_asks_something_is_known_and_asks_fields_of_the_page():
    for motive, asked in RULES.asked_by.items():
        VOCABULARIES.check("request_motive", motive)
        assert set(asked) <= FIELDS


def test_every_situation_that_asks_something_is_known_and_asks_fields_of_the_page():
    situations = VOCABULARIES.get("public_status")
    known = {*situations.codes(), *(family.code for family in situations.families)}
    assert RULES.asked_by_status.keys() <= known
    assert all(set(asked) <= FIELDS for asked in RULES.asked_by_status.values())


def test_whether_they_are_an_executive_is_asked_of_who_works_or_seeks_work_alone():
    asking = {code for code, fields in RULES.asked_by_status.items() if "executive" in fields}
    assert {"salarie", "demandeur_emploi"} <= asking
    assert not asking & {"scolaire", "superieur", "retraite", "agent_public"}
