"""What was received keeps the names of its day, whatever structures and networks become since."""

import pytest

from app.usecases.directory.additions import add_service
from app.usecases.directory.corrections import correct
from app.usecases.directory.shelf import desk_directory
from app.usecases.referrals import OUT, list_referrals
from tests.builders import FIRST_DOOR, SECOND_DOOR, handed_over, person_of, referral_of
from tests.printing.test_papers import said
from ui.papers.making import EVERYTHING, SLIP


@pytest.fixture
def old_name(desk):
    return desk_directory(desk).by_reference(SECOND_DOOR).display_name


BECOMES = {
    "renamed": {"nom": "Mission des deux vallées (exemple)"},
    "closed": {"ended_on": "2026-11-24"},
    "merged": {"ended_on": "2026-11-24", "replaced_by": FIRST_DOOR},
    "of another network": {"network": "cria"},
}


@pytest.mark.parametrize("fields", BECOMES.values(), ids=list(BECOMES))
def test_an_old_reception_keeps_the_name_under_which_somebody_was_sent(desk, old_name, fields):
    recorded = handed_over(desk)
    subject = {"person": person_of(recorded), "referral": referral_of(recorded)}
    before = said(desk, SLIP, referral=subject["referral"])
    correct(desk, SECOND_DOOR, fields)
    (line,) = list_referrals(desk, OUT)
    assert line.to_name == old_name
    assert said(desk, SLIP, referral=subject["referral"]) == before
    assert old_name in said(desk, EVERYTHING, person=subject["person"])


def test_a_paper_says_where_else_and_when_the_structure_receives(desk):
    fields = {
        "nom": "Permanence (exemple)",
        "code_insee": "36016",
        "adresse": "Mairie",
        "horaires_accueil": "Tu[1] 09:00-12:00",
        "place_kind": "permanence",
    }
    reference, _ = add_service(desk, SECOND_DOOR, fields)
    recorded = handed_over(desk)
    words = "permanence Mairie, Bélâbre : 1er mardi du mois : 9 h à 12 h"
    assert words in said(desk, SLIP, referral=referral_of(recorded))
    correct(desk, reference, {"ended_on": "2026-11-01"})
    assert words not in said(desk, SLIP, referral=referral_of(recorded))


def test_who_is_sent_after_a_change_of_name_is_sent_under_the_new_one(desk, old_name):
    handed_over(desk)
    correct(desk, SECOND_DOOR, BECOMES["renamed"])
    handed_over(desk)
    names = {line.to_name for line in list_referrals(desk, OUT)}
    assert names == {old_name, "Mission des deux vallées (exemple)"}
