"""Situations written as a first door would tell them, each with who should come first, and why.

They are data (`tests/matching/situations.json`), over an invented directory of the six departments:
whoever works at a first door can add theirs.
"""

import pytest

from app.matching.reasons import ReasonCode
from tests.matching.world import (
    COMMUNES,
    DIRECTORY,
    MATCHER,
    SITUATIONS,
    VOCABULARIES,
    codes,
    proposed,
    set_aside,
    situation,
)

ALL = SITUATIONS["situations"]
EACH = pytest.mark.parametrize("one", ALL, ids=lambda one: one["id"])


def answer(one):
    return MATCHER.match(situation(**{"at": SITUATIONS["at"]} | one["given"]))


@EACH
def test_the_first_choice_is_who_a_practitioner_expects(one):
    match = answer(one)
    assert proposed(match)[0] == one["first"]
    if "first_standing" in one:
        assert match.first.standing.name.lower() == one["first_standing"]
    if "service" in one:
        assert match.first.service is None


@EACH
def test_it_comes_with_its_reasons(one):
    given = codes(answer(one))
    assert [code for code in one.get("reasons", ()) if code not in given] == []
    assert [code for code in one.get("without", ()) if code in given] == []


@EACH
def test_fallbacks_are_two_at_most_and_those_expected(one):
    _first, *fallbacks = proposed(answer(one))
    assert len(fallbacks) <= 2
    assert fallbacks == one.get("fallbacks", fallbacks)


@EACH
def test_who_is_not_proposed_is_set_aside_by_the_rule_expected(one):
    match = answer(one)
    told = set_aside(match)
    assert {name: told.get(name) for name in one.get("set_aside", {})} == one.get("set_aside", {})
    assert not set(one.get("not_proposed", ())) & set(proposed(match))
    assert not set(told) & set(proposed(match))


def test_there_are_situations_enough_from_each_department():
    departments = [one["id"].split("-")[0] for one in ALL]
    assert len(ALL) >= 80
    assert {name: departments.count(name) >= 10 for name in set(departments)} == dict.fromkeys(
        ("18", "28", "36", "37", "41", "45"), True
    )
    for one in ALL:
        assert COMMUNES.by_code(one["given"]["commune"]).department == one["id"].split("-")[0]


def test_situations_are_told_apart_and_name_what_exists():
    assert len({one["id"] for one in ALL}) == len(ALL)
    known = {structure.id for structure in DIRECTORY.all()}
    for one in ALL:
        named = [one["first"], *one.get("fallbacks", ()), *one.get("set_aside", ())]
        assert set(named) <= known
        for code in (*one["reasons"], *one.get("without", ()), *one.get("set_aside", {}).values()):
            ReasonCode(code)
        for motive in one["given"].get("motives", ()):
            VOCABULARIES.check("request_motive", motive)


def test_nearly_every_reason_is_met_in_some_situation():
    met = {code for one in ALL for code in codes(answer(one))}
    met |= {code for one in ALL for code in set_aside(answer(one)).values()}
    assert set(ReasonCode) - met <= {
        # These have tests of their own.
        *(
            "accessible",
            "closed",
            "hours_note",
            "mode_unsaid",
            "place_unknown",
            "held_at",
            "not_member",
        ),
        *("other_ages", "other_level", "paid", "age_unsaid", "not_executive", "other_public"),
        "refused",
    }


def test_every_structure_of_the_directory_is_an_example_in_a_real_commune():
    for structure in DIRECTORY.all():
        assert structure.name.endswith("(exemple)")
        if structure.commune_code:
            assert COMMUNES.by_code(structure.commune_code).insee_code == structure.commune_code
