"""Permanences, rounds, and services of which people here said more: their own place and hours."""

from tests.matching.world import (
    JOB,
    LE_BLANC,
    SEARCH,
    TRAINING,
    ask,
    codes,
    facts,
    proposed,
    set_aside,
    structure,
)

BELABRE = "36016"
CHATEAUROUX = "36044"
FIRST_TUESDAY = "2026-12-01T10:00"
OTHER_TUESDAY = "2026-12-08T10:00"


def held_elsewhere(**said):
    """A structure of Châteauroux, open all week, with a service held in Bélâbre."""
    service = {"code_insee": BELABRE, "commune": "Bélâbre", "thematiques": [SEARCH]} | said
    week = {"code_insee": CHATEAUROUX, "horaires_accueil": "Mo-Fr 09:00-17:00"}
    return structure("a", services=[service], **week)


def test_the_distance_is_to_the_permanence_not_to_its_structure():
    match = ask(held_elsewhere(), commune=BELABRE, **JOB)
    assert match.first.distance.km == 0
    assert "same_commune" in codes(match)


def test_a_permanence_is_open_by_its_own_hours():
    permanence = held_elsewhere(
        horaires_accueil="Tu[1] 09:00-12:00", facts={"place_kind": "permanence"}
    )
    match = ask(permanence, commune=LE_BLANC, at=FIRST_TUESDAY, **JOB)
    assert facts(match, "open")["spans"] == ((540, 720),)
    assert facts(match, "held_at") == {"how": "permanence", "commune": "Bélâbre"}
    later = ask(permanence, commune=LE_BLANC, at=OTHER_TUESDAY, **JOB)
    assert facts(later, "opens")["at"] == "2027-01-05T09:00:00"


def test_hours_of_the_structure_never_stand_in_for_those_of_a_service_held_elsewhere():
    assert "hours_unknown" in codes(ask(held_elsewhere(), commune=LE_BLANC, **JOB))
    marked = held_elsewhere(code_insee=CHATEAUROUX, facts={"place_kind": "round"})
    assert "hours_unknown" in codes(ask(marked, commune=LE_BLANC, **JOB))
    at_home = held_elsewhere(code_insee=CHATEAUROUX, facts={"place_kind": "site"})
    assert "open" in codes(ask(at_home, commune=LE_BLANC, **JOB))


def test_of_two_services_the_permanence_that_is_near_is_the_one_proposed():
    far = {"code_insee": CHATEAUROUX, "thematiques": [SEARCH]}
    near = {"code_insee": BELABRE, "commune": "Bélâbre", "thematiques": [SEARCH]}
    near |= {"facts": {"place_kind": "permanence"}}
    match = ask(
        structure("a", code_insee=CHATEAUROUX, services=[far, near]), commune=BELABRE, **JOB
    )
    assert match.first.service.place_kind == "permanence"


def test_motives_said_here_count_in_place_of_the_themes_published():
    trains = {"thematiques": [TRAINING], "facts": {"motives": ["recherche_emploi"]}}
    searches = {"thematiques": [SEARCH], "facts": {"motives": ["trouver_formation"]}}
    match = ask(structure("a", services=[trains]), structure("b", services=[searches]), **JOB)
    assert proposed(match)[0] == "a"
    assert facts(match, "motive") == {"motives": ("recherche_emploi",)}


def test_a_service_that_is_over_is_set_aside_and_the_others_stay():
    over = {"thematiques": [SEARCH], "facts": {"ended_on": "2026-11-01"}}
    match = ask(structure("a", services=[over]), structure("b"), **JOB)
    assert "a" not in proposed(match)
    assert set_aside(match) == {"a": "ended"}
    [gone] = match.set_aside
    assert gone.reason.facts["service"] == "a-1"
    stays = {"thematiques": [SEARCH]}
    match = ask(structure("a", services=[over, stays]), **JOB)
    assert match.first.service.id == "a-2"
    assert set_aside(match) == {}
