"""The choice between those who may be proposed: what moves forward or back, what is said."""

import dataclasses
import datetime as dt

import pytest

from app.matching.reasons import ReasonCode
from tests.matching.world import (
    ANYBODY,
    JOB,
    RULES,
    SEARCH,
    SEEKER,
    TUESDAY,
    ask,
    codes,
    directory_of,
    facts,
    matcher,
    proposed,
    set_aside,
    situation,
    structure,
)

READ = {"motives": ["savoirs_de_base"]}


def test_a_language_asked_for_moves_forward_who_speaks_it():
    mute = structure("a", "cria")
    speaks = structure("b", "cria", facts={"languages": ["ar"]}, services=[{}, {}])
    match = ask(mute, speaks, motives=["savoirs_de_base"], languages=["ar", "uk"])
    assert proposed(match)[0] == "b"
    assert facts(match, "speaks") == {"languages": ("ar",)}
    assert facts(match, "language_unsaid") == {"languages": ("uk",)}


@pytest.mark.parametrize("written", ["ar", "Arabe", "arabe"])
def test_a_language_is_known_by_its_code_or_its_name(written):
    speaks = structure("a", "cria", facts={"languages": [written]})
    match = ask(speaks, motives=["savoirs_de_base"], languages=["ar"])
    assert facts(match, "speaks") == {"languages": ("ar",)}


def test_a_service_has_its_own_languages_wait_and_capacity():
    own = {"facts": {"languages": ["uk"], "waiting_days": 3, "capacity": "quelques places"}}
    of_structure = {"languages": ["ar"], "waiting_days": 40, "capacity": "complet"}
    match = ask(
        structure("x", "cria", facts=of_structure, services=[own]),
        motives=["savoirs_de_base"],
        languages=["uk", "ar"],
    )
    assert facts(match, "speaks") == {"languages": ("uk",)}
    assert facts(match, "waiting") == {"days": 3}
    assert facts(match, "capacity") == {"words": "quelques places"}


@pytest.mark.parametrize(
    ("worse", "code"),
    [
        ({"facts": {"waiting_days": 28}}, "waiting"),
        ({"services": [{"frais": "payant"}]}, "paid"),
        ({"facts": {"spro_member_to": "2026-01-31"}}, "not_member"),
        ({"facts": {"spro_member_from": "2027-01-01"}}, "not_member"),
        ({"date_maj": "2025-01-01"}, "stale"),
    ],
)
def test_what_counts_against_a_structure_moves_it_back_and_is_said(worse, code):
    match = ask(structure("a", "cria", **worse), structure("b", "cria"), **READ)
    assert proposed(match) == ["b", "a"]
    assert code in {reason.code for reason in match.fallbacks[0].reasons}
    assert code in codes(ask(structure("a", "cria", **worse), **READ))


def test_no_longer_being_a_member_is_dated():
    gone = structure("a", "cria", facts={"spro_member_to": "2026-01-31"})
    assert facts(ask(gone, **READ), "not_member") == {"since": "2026-01-31"}
    coming = structure("a", "cria", facts={"spro_member_from": "2027-01-01"})
    assert facts(ask(coming, **READ), "not_member") == {"since": ""}
    unknown = structure("a", "cria", facts={"spro_member_from": None})
    assert "not_member" not in codes(ask(unknown, **READ))


def test_accessibility_is_said_to_who_stated_a_disability():
    place = structure("a", "cria", facts={"accessibility": "on_request"})
    assert "accessible" not in codes(ask(place, **READ))
    assert facts(ask(place, **READ, disability_stated=True), "accessible") == {"how": "on_request"}


@pytest.mark.parametrize(
    ("level", "code"), [("sans_diplome", "level"), ("3", "level"), ("5", "other_level"), ("", None)]
)
def test_a_network_made_for_some_levels_says_so(level, code):
    school = structure("e2c", "e2c")
    match = ask(school, motives=["raccrochage"], status="inscrit", age=20, level=level)
    told = {"level", "other_level"} & set(codes(match))
    assert told == ({code} if code else set())
    assert proposed(match) == ["e2c"]


def test_the_moment_decides_between_equals():
    closed = structure("a", "cria", horaires_accueil="Mo 09:00-12:00")
    soon = structure("b", "cria", horaires_accueil="We 09:00-12:00")
    now = structure("c", "cria", horaires_accueil="Tu 09:00-12:00")
    assert proposed(ask(closed, soon, now, **READ)) == ["c", "b", "a"]
    assert facts(ask(now, **READ), "open") == {
        "on": "2026-11-24",
        "now": True,
        "spans": ((540, 720),),
        "comments": (),
    }
    assert facts(ask(soon, **READ), "opens")["at"] == "2026-11-25T09:00:00"
    monday = TUESDAY - dt.timedelta(days=1)
    assert proposed(ask(closed, soon, now, **READ, at=monday))[0] == "a"


def test_whoever_opens_within_the_moment_asked_for_is_as_good_as_open_when_it_begins():
    afternoon = structure("a", "cria", horaires_accueil="We 14:00-17:00")
    morning = structure("b", "cria", horaires_accueil="We 09:00-12:00")
    day, noon, evening = (TUESDAY.replace(day=25, hour=hour) for hour in (0, 13, 18))
    assert proposed(ask(afternoon, morning, **READ, at=day, until=noon))[0] == "b"
    assert proposed(ask(afternoon, morning, **READ, at=noon, until=evening))[0] == "a"
    whole = ask(afternoon, morning, **READ, at=day, until=evening)
    assert proposed(whole) == ["a", "b"]
    assert facts(whole, "open")["spans"] == ((840, 1020),)


def test_hours_that_depend_on_school_holidays_do_not_win_over_sure_ones():
    unsure = structure("a", "cria", horaires_accueil="Tu 09:00-12:00; SH off")
    sure = structure("b", "cria", horaires_accueil="Tu 09:00-12:00")
    assert proposed(ask(unsure, sure, **READ)) == ["b", "a"]
    assert "school_holidays" in codes(ask(unsure, **READ))


@pytest.mark.parametrize(
    ("hours", "code"),
    [
        ("", "hours_unknown"),
        ("   ", "hours_unknown"),
        ("Mo-Fr 09:00-25:00", "hours_unreadable"),
        ('"sur rendez-vous"', "hours_note"),
        ("2020 Mo 09:00-12:00", "closed"),
    ],
)
def test_hours_that_say_nothing_are_said_to(hours, code):
    match = ask(structure("a", "cria", horaires_accueil=hours), **READ)
    assert code in codes(match)
    assert not {"open", "opens"} & set(codes(match))


def test_a_service_has_its_own_hours():
    place = structure(
        "a",
        "cria",
        horaires_accueil="Mo 09:00-12:00",
        services=[{"horaires_accueil": "Tu 09:00-12:00"}],
    )
    assert "open" in codes(ask(place, **READ))


def test_fallbacks_are_of_other_networks_first_then_of_the_same():
    offices = [structure(name, "france_travail") for name in ("a", "b")]
    other = structure("c", "plie")
    assert proposed(ask(*offices, other, **SEEKER)) == ["a", "c", "b"]
    assert proposed(ask(*offices, **SEEKER)) == ["a", "b"]


def test_a_poor_fallback_is_worth_less_than_none():
    agency = structure("agence", "france_travail")
    women = structure(
        "femmes",
        code_insee="37132",
        services=[{"thematiques": [SEARCH], "publics": ["etudiants"], "frais": "payant"}],
    )
    assert proposed(ask(agency, women, **SEEKER)) == ["agence"]
    assert proposed(ask(women, **SEEKER)) == ["femmes"]


def test_one_who_asks_is_not_proposed_to_itself():
    places = [structure("a", "cria"), structure("b", "cria")]
    assert proposed(ask(*places, **READ, own_reference="a")) == ["b"]
    assert proposed(ask(*places, **READ, own_reference="deux-portes-exemple/b")) == ["a"]


def test_without_a_motive_who_is_made_for_such_people_answers():
    university = structure("suio", "suio")
    door = structure("accueil", "france_services", services=[ANYBODY])
    student = {"status": "etudiant", "age": 20}
    assert proposed(ask(university, door, **student)) == ["suio"]
    match = ask(university, door, status="non_communique")
    assert proposed(match)[0] == "accueil"
    assert codes(match)[0] == "no_motive"
    handicap = structure("cap", "cap_emploi")
    assert set_aside(ask(door, handicap)) == {}


def test_nothing_is_deduced_from_what_is_sensitive_or_unsaid():
    agency = structure("agence", "france_travail", services=[{"publics": ["demandeurs-emploi"]}])
    for status in ("arret_invalidite", "parent_ou_tiers", "autre", "", "dune_version_future"):
        match = ask(agency, **JOB, status=status)
        assert "public_unsaid" in codes(match)
        assert "other_public" not in codes(match)


def test_what_is_told_of_those_set_aside_is_bounded_and_of_those_near():
    many = [
        structure(f"asso-{n}", services=[{"thematiques": [SEARCH], "zone_eligibilite": ["18"]}])
        for n in range(9)
    ]
    same = [structure(f"cap-{n}", "cap_emploi") for n in range(4)]
    far = structure("loin", "cap_emploi", code_insee="18033")
    told = set_aside(ask(*many, *same, far, **SEEKER))
    assert len(told) == RULES.most["set_aside"]
    assert [name for name in told if name.startswith("cap")] == ["cap-0"]
    assert set_aside(ask(far, **SEEKER)) == {}


def test_who_ended_long_ago_is_told_only_of_those_it_followed():
    gone = structure("a", services=[{"thematiques": [SEARCH]}], facts={"ended_on": "2024-01-01"})
    assert set_aside(ask(gone, **SEEKER)) == {}
    assert set_aside(ask(gone, **SEEKER, followed_by=["a"])) == {"a": "ended"}


def test_a_structure_stands_when_one_of_its_services_does():
    services = [
        {"thematiques": [SEARCH], "zone_eligibilite": ["18"]},
        {"thematiques": [SEARCH]},
    ]
    match = ask(structure("a", services=services), **SEEKER)
    assert match.first.service.id == "a-2"
    assert set_aside(match) == {}


def test_rules_are_data_and_may_be_changed():
    directory = directory_of(structure("a", "cria"), structure("b", "cria", code_insee="37132"))
    asked = situation(commune="37132", **READ)
    assert proposed(matcher(directory).match(asked)) == ["b", "a"]
    alone = dataclasses.replace(RULES, most={**RULES.most, "fallbacks": 0})
    assert proposed(matcher(directory, alone).match(asked)) == ["b"]


def test_every_reason_has_a_code_that_scripts_can_keep():
    assert all(code.value == code.name.lower() for code in ReasonCode)
