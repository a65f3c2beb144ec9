"""The choice of a partner: each rule alone, on a directory of a few structures."""

import pytest

from app.domain.errors import UnknownCommuneError
from app.matching.situation import Standing
from tests.matching.world import (
    ANYBODY,
    COMMUNES,
    JOB,
    LE_BLANC,
    MERIGNY,
    SEARCH,
    SEEKER,
    TOURS,
    TRAINING,
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

WORKER = {"motives": ["reconversion"], "status": "cdi", "age": 40}
PUPIL = {"motives": ["reorientation"], "status": "lyceen_pro", "age": 17}


def test_an_empty_directory_proposes_nobody():
    match = matcher(directory_of()).match(situation(**SEEKER))
    assert (match.first, match.fallbacks, match.set_aside) == (None, (), ())


def test_an_unknown_commune_is_refused():
    with pytest.raises(UnknownCommuneError):
        ask(structure("x"), commune="99999")


def test_a_network_answers_by_itself_when_its_services_are_unknown():
    match = ask(structure("agence", "france_travail", services=[]), **SEEKER)
    assert proposed(match) == ["agence"]
    assert match.first.service is None
    assert facts(match, "motive") == {"motives": ("recherche_emploi",)}


def test_a_service_answers_by_its_themes_when_its_network_is_unknown():
    match = ask(structure("asso", services=[{"thematiques": [SEARCH]} | ANYBODY]), **SEEKER)
    assert match.first.standing is Standing.COMPETENT


def test_the_service_named_is_the_one_that_answers():
    services = [{"thematiques": [TRAINING]}, {"thematiques": [SEARCH]}]
    match = ask(structure("agence", "france_travail", services=services), **SEEKER)
    assert match.first.service.id == "agence-2"


def test_a_first_door_informs_on_everything_and_is_no_second_door():
    door = structure("accueil", "france_services", services=[{"thematiques": [SEARCH]} | ANYBODY])
    match = ask(door, **SEEKER)
    assert match.first.standing is Standing.FIRST_DOOR
    assert codes(match)[:2] == ["no_competent", "everybody"]
    far = structure("agence", "france_travail", code_insee="37072")
    assert proposed(ask(door, far, **SEEKER)) == ["agence"]


def test_a_first_door_refuses_nobody_whatever_its_audiences_say():
    door = structure("mairie", "collectivite", services=[{"publics": ["familles"]}])
    assert proposed(ask(door, **SEEKER)) == ["mairie"]
    assert "everybody" in codes(ask(door, **SEEKER))


def test_an_audience_alone_sets_nobody_aside():
    for_women = structure("femmes", services=[{"thematiques": [SEARCH], "publics": ["femmes"]}])
    match = ask(for_women, **SEEKER)
    assert proposed(match) == ["femmes"]
    assert facts(match, "public_unsaid") == {"publics": ("femmes",)}
    for_others = structure("cadets", services=[{"thematiques": [SEARCH], "publics": ["etudiants"]}])
    match = ask(for_others, **SEEKER)
    assert proposed(match) == ["cadets"]
    assert facts(match, "other_public") == {"publics": ("etudiants",)}
    assert set_aside(match) == {}


def test_a_partner_made_for_others_comes_after_the_first_doors():
    agency = structure("agence", "france_travail", services=[{"publics": ["demandeurs-emploi"]}])
    door = structure("accueil", "france_services", services=[ANYBODY], code_insee="37072")
    worker = JOB | {"status": "titulaire", "age": 40}
    assert proposed(ask(agency, door, **worker)) == ["accueil"]
    assert proposed(ask(agency, **worker)) == ["agence"]
    assert "no_competent" in codes(ask(agency, **worker))


@pytest.mark.parametrize(
    ("age", "expected"), [(15, None), (16, "ml"), (25, "ml"), (26, None), (None, "ml")]
)
def test_a_mission_locale_receives_from_16_to_25(age, expected):
    match = ask(structure("ml", "mission_locale"), **SEEKER | {"age": age})
    assert (proposed(match) or [None]) == [expected]
    if expected is None:
        assert set_aside(match) == {"ml": "age_outside"}
        assert dict(match.set_aside[0].reason.facts) == {"first": 16, "last": 25}
    elif age is None:
        assert facts(match, "age_unsaid") == {"first": 16, "last": 25}


def test_a_stated_disability_opens_the_mission_locale_until_29():
    said = SEEKER | {"age": 29, "disability_stated": True}
    assert facts(ask(structure("ml", "mission_locale"), **said), "ages")["last"] == 29
    assert set_aside(ask(structure("ml", "mission_locale"), **said | {"age": 30}))


def test_an_age_band_that_overlaps_is_received():
    assert proposed(ask(structure("ml", "mission_locale"), **JOB, age_band="18_25")) == ["ml"]
    refused = ask(structure("ml", "mission_locale"), **JOB, age_band="30_44")
    assert set_aside(refused) == {"ml": "age_outside"}


def test_ages_of_use_refuse_nobody():
    match = ask(structure("pij", "pij"), **SEEKER)
    assert proposed(match) == ["pij"]
    assert facts(match, "other_ages") == {"first": 11, "last": 30}


@pytest.mark.parametrize(
    ("executive", "code"),
    [(None, "executive_unsaid"), (False, "not_executive"), (True, None)],
)
def test_the_apec_needs_an_executive(executive, code):
    match = ask(structure("apec", "apec"), **WORKER, executive=executive)
    assert set_aside(match) == ({"apec": code} if code else {})
    assert (proposed(match) == ["apec"]) is (code is None)


@pytest.mark.parametrize("network", ["cap_emploi", "agefiph"])
def test_a_disability_counts_only_when_it_was_stated(network):
    said = WORKER | {"motives": ["financer_formation"]}
    assert set_aside(ask(structure("x", network), **said)) == {"x": "disability_unsaid"}
    match = ask(structure("x", network), **said, disability_stated=True)
    assert codes(match)[0] == "disability"


@pytest.mark.parametrize("status", ["agent_public", "titulaire", "contractuel"])
@pytest.mark.parametrize("network", ["cep_regional", "transitions_pro"])
def test_public_agents_are_not_for_operators_of_private_employment(status, network):
    said = WORKER | {"status": status, "motives": ["financer_formation"]}
    assert set_aside(ask(structure("x", network), **said)) == {"x": "public_agent"}


@pytest.mark.parametrize(
    ("status", "motives", "is_received"),
    [
        ("lyceen_pro", ["confirmer_projet"], False),
        ("etudiant", ["confirmer_projet"], False),
        ("retraite", ["confirmer_projet"], False),
        ("retraite", ["confirmer_projet", "recherche_emploi"], True),
        ("etudiant_salarie", ["confirmer_projet"], True),
        ("decrocheur", ["confirmer_projet"], True),
        ("cdi", ["confirmer_projet"], True),
        ("non_communique", ["confirmer_projet"], True),
    ],
)
def test_counselling_is_for_those_who_work_or_seek_work(status, motives, is_received):
    match = ask(structure("cep", "cep_regional"), status=status, motives=motives)
    assert (proposed(match) == ["cep"]) is is_received
    assert set_aside(match) == ({} if is_received else {"cep": "no_counselling"})


def test_only_the_counselling_of_an_operator_is_refused_to_pupils():
    services = [
        {"nom": "Conseil en évolution professionnelle des jeunes", "thematiques": [TRAINING]},
        {"nom": "Ateliers", "thematiques": [TRAINING]},
    ]
    office = structure("ml", "mission_locale", services=services, facts={"cep_operator": True})
    match = ask(office, **PUPIL)
    assert match.first.service.name == "Ateliers"
    assert set_aside(match) == {}
    worker = ask(office, motives=["reorientation"], status="inscrit", age=20)
    assert "counselling" in codes(worker)


def test_at_16_without_anything_the_mission_locale_comes_first_even_too_far():
    office = structure("ml", "mission_locale")
    school = structure("cio", "cio", code_insee=LE_BLANC)
    lost = {"commune": LE_BLANC, "motives": ["raccrochage"], "status": "decrocheur", "age": 16}
    match = ask(office, school, **lost, can_travel_km=5)
    assert proposed(match) == ["ml", "cio"]
    assert codes(match)[0] == "legal_duty"
    assert facts(match, "beyond_reach")["limit"] == 5
    at_school = ask(office, school, **lost | {"status": "lyceen_pro"}, can_travel_km=5)
    assert proposed(at_school) == ["cio"]


def test_the_duty_holds_when_every_age_of_a_band_owes_it():
    office = structure("ml", "mission_locale")
    match = ask(office, motives=["raccrochage"], status="decrocheur", age_band="16_17")
    assert codes(match)[0] == "legal_duty"
    match = ask(office, motives=["raccrochage"], status="decrocheur", age_band="18_25")
    assert "legal_duty" not in codes(match)


def test_who_follows_the_person_comes_first_whatever_the_rules():
    office = structure("ml", "mission_locale", code_insee=LE_BLANC)
    agency = structure("agence", "france_travail")
    followed = SEEKER | {"age": 27, "can_travel_km": 5, "followed_by": ["ml"]}
    match = ask(office, agency, **followed)
    assert proposed(match) == ["ml", "agence"]
    assert codes(match)[0] == "follows"
    assert set_aside(match) == {}


def test_who_took_over_from_a_structure_that_ended_follows_in_its_place():
    ended = {"ended_on": "2026-07-01", "replaced_by": "nouvelle"}
    former = structure("ancienne", facts=ended, services=[{"thematiques": [SEARCH]}])
    present = structure("nouvelle", services=[{"thematiques": [SEARCH]}])
    match = ask(former, present, **SEEKER, followed_by=["deux-portes-exemple/ancienne"])
    assert proposed(match) == ["nouvelle"]
    assert facts(match, "follows") == {"formerly": "ancienne (exemple)"}
    [gone] = match.set_aside
    assert dict(gone.reason.facts) == {"on": "2026-07-01", "successor": "nouvelle (exemple)"}
    match = ask(former, present, **SEEKER, followed_by=["ancienne"], at="2026-06-30T10:00")
    assert proposed(match)[0] == "ancienne"


def test_structures_that_replace_each_other_in_a_circle_end_the_search():
    circle = [
        structure(one, facts={"ended_on": "2026-01-01", "replaced_by": other})
        for one, other in (("a", "b"), ("b", "a"))
    ]
    assert proposed(ask(*circle, **SEEKER, followed_by=["a", "nulle-part"])) == []


def test_a_former_network_is_read_as_the_one_that_took_over():
    match = ask(structure("agence", "pole_emploi"), **SEEKER)
    assert facts(match, "motive")
    assert match.first.standing is Standing.COMPETENT


def test_an_area_that_holds_the_commune_by_any_of_its_codes_is_served():
    for code in (TOURS, "37", "243700754", "france"):
        service = {"thematiques": [SEARCH], "zone_eligibilite": ["18", code]}
        assert proposed(ask(structure("x", services=[service]), **SEEKER)) == ["x"]
    service = {"thematiques": [SEARCH], "zone_eligibilite": ["18", "36044"]}
    match = ask(structure("x", services=[service]), **SEEKER)
    assert set_aside(match) == {"x": "out_of_area"}


def test_an_area_may_be_named_by_a_former_code_of_a_merged_commune():
    merged = next(commune for commune in COMMUNES if commune.former_codes)
    service = {"thematiques": [SEARCH], "zone_eligibilite": [merged.former_codes[0]]}
    match = ask(structure("x", services=[service]), **SEEKER, commune=merged.insee_code)
    assert proposed(match) == ["x"]


@pytest.mark.parametrize(
    ("mode", "modes", "is_proposed"),
    [
        ("telephone", ["a-distance"], True),
        ("telephone", ["en-presentiel"], False),
        ("sur_rdv", ["en-presentiel"], True),
        ("sur_rdv", ["a-distance"], False),
        ("a-distance", ["en-presentiel", "a-distance"], True),
        ("par_tiers", ["en-presentiel"], True),
        ("telephone", [], True),
    ],
)
def test_a_mode_asked_for_must_be_one_of_those_declared(mode, modes, is_proposed):
    service = {"thematiques": [SEARCH], "modes_accueil": modes}
    match = ask(structure("x", services=[service]), **SEEKER, mode=mode)
    assert (proposed(match) == ["x"]) is is_proposed
    assert set_aside(match) == ({} if is_proposed else {"x": "other_mode"})
    if not modes:
        assert "mode_unsaid" in codes(match)


@pytest.mark.parametrize(
    ("mode", "modes", "said"),
    [
        ("a-distance", ["a-distance"], {"remote": True}),
        ("en-presentiel", ["a-distance", "en-presentiel"], {"on_site": True}),
        ("", ["a-distance"], {"remote": False}),
        ("", ["en-presentiel"], {}),
    ],
)
def test_the_mode_wished_is_a_reason(mode, modes, said):
    service = {"thematiques": [SEARCH], "modes_accueil": modes}
    match = ask(structure("x", services=[service]), **SEEKER, mode=mode)
    told = {code: facts(match, code)["wished"] for code in codes(match) if code in _OF_MODES}
    assert told == said


_OF_MODES = {"remote", "on_site"}


@pytest.mark.parametrize(
    ("limit", "modes", "told"),
    [(15, ["en-presentiel"], 15), (120, [], None), (None, [], None), (15, ["a-distance"], None)],
)
def test_how_far_they_can_go_is_told_with_the_distance_it_allows(limit, modes, told):
    service = {"thematiques": [SEARCH], "modes_accueil": modes}
    near = structure("x", services=[service], code_insee=MERIGNY)
    match = ask(near, **SEEKER, commune=LE_BLANC, can_travel_km=limit)
    assert facts(match, "distance").get("limit") == told


def test_who_is_too_far_is_set_aside_unless_it_can_be_reached_at_a_distance():
    far = {"code_insee": MERIGNY}
    on_site = {"thematiques": [SEARCH], "modes_accueil": ["en-presentiel"]}
    match = ask(
        structure("x", services=[on_site], **far), **SEEKER, commune=LE_BLANC, can_travel_km=5
    )
    assert set_aside(match) == {"x": "out_of_reach"}
    assert dict(match.set_aside[0].reason.facts) == {"limit": 5, "km": 10.4, "approximate": False}
    remote = on_site | {"modes_accueil": ["a-distance"]}
    asked = SEEKER | {"commune": LE_BLANC, "can_travel_km": 5}
    assert "remote" in codes(ask(structure("x", services=[remote], **far), **asked))
    face_to_face = asked | {"mode": "sur_rdv"}
    both = on_site | {"modes_accueil": ["a-distance", "en-presentiel"]}
    match = ask(structure("x", services=[both], **far), **face_to_face)
    assert set_aside(match) == {"x": "out_of_reach"}


def test_a_competent_partner_farther_than_usual_comes_after_a_first_door_and_is_told():
    door = structure("accueil", "france_services", services=[ANYBODY], code_insee=LE_BLANC)
    other = structure("mairie", "collectivite", services=[ANYBODY], code_insee="36123")
    far = structure("centre", "cria")
    asked = {"commune": LE_BLANC, "motives": ["savoirs_de_base"], "status": "inscrit"}
    match = ask(door, other, far, **asked)
    assert proposed(match) == ["accueil", "centre", "mairie"]
    assert match.fallbacks[0].standing is Standing.FAR
    assert proposed(ask(door, other, far, **asked, can_travel_km=120))[0] == "centre"


def test_a_permanence_is_where_the_service_is():
    service = {"thematiques": [SEARCH], "code_insee": LE_BLANC}
    match = ask(structure("x", services=[service]), **SEEKER, commune=LE_BLANC)
    assert "same_commune" in codes(match)


def test_a_place_out_of_the_table_is_known_by_its_coordinates():
    abroad = {"code_insee": "86194", "latitude": 46.58, "longitude": 0.34}
    match = ask(structure("x", "cio", **abroad), motives=["raccrochage"], commune=MERIGNY)
    assert match.first.distance.km == pytest.approx(46, abs=2)
    for wrong in ({"latitude": 0.34, "longitude": 46.58}, {"latitude": 46.5}, {}):
        lost = structure("x", "cio", code_insee="86194", **wrong)
        match = ask(lost, motives=["raccrochage"], commune=MERIGNY)
        assert match.first.distance is None
        assert "place_unknown" in codes(match)
