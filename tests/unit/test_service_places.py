"""Where somebody sent to a service is expected: its own place first, then its structure's."""

from app.reference.service_places import place_of
from tests.matching.world import directory_of, structure
from ui.widgets.expected_words import expected_words

WEEK = {
    "code_insee": "36018",
    "commune": "Le Blanc",
    "code_postal": "36300",
    "adresse": "2 rue de l’Exemple",
    "complement_adresse": "2e étage",
    "telephone": "0261910002",
    "horaires_accueil": "Mo-Fr 09:00-17:00",
}
BELABRE = {"code_insee": "36016", "commune": "Bélâbre", "code_postal": "36370"}
PERMANENCE = BELABRE | {
    "horaires_accueil": "Tu[1] 09:00-12:00",
    "facts": {"place_kind": "permanence"},
}


def entry_of(one):
    return directory_of(one).all()[0]


def placed(**service):
    """The place of a service of a structure that is open all week in Le Blanc."""
    entry = entry_of(structure("a", services=[service], **WEEK))
    return place_of(entry, entry.services[0])


def test_a_structure_alone_is_where_it_is():
    entry = entry_of(structure("a", services=[], **WEEK))
    place = place_of(entry, None)
    assert (place.address, place.address_complement) == ("2 rue de l’Exemple", "2e étage")
    assert (place.kind, place.hours) == ("", "Mo-Fr 09:00-17:00")


def test_a_permanence_has_its_own_place_and_hours_and_the_telephone_of_its_structure():
    place = placed(**PERMANENCE)
    assert (place.kind, place.commune_name, place.postal_code) == ("permanence", "Bélâbre", "36370")
    assert (place.address, place.address_complement) == ("", "")
    assert (place.hours, place.telephone) == ("Tu[1] 09:00-12:00", "0261910002")


def test_its_own_telephone_comes_first():
    assert placed(**PERMANENCE, telephone="0261914444").telephone == "0261914444"


def test_hours_of_the_structure_say_nothing_of_another_place():
    assert placed(**BELABRE).hours == ""


def test_a_service_held_at_the_structure_is_where_the_structure_is():
    place = placed(code_insee="36018", facts={"place_kind": "site"})
    assert (place.address, place.address_complement) == ("2 rue de l’Exemple", "2e étage")
    assert (place.kind, place.hours) == ("", "Mo-Fr 09:00-17:00")


def test_a_service_at_another_address_of_the_commune_is_there():
    place = placed(code_insee="36018", commune="Le Blanc", adresse="5 rue du Port")
    assert (place.address, place.commune_name) == ("5 rue du Port", "Le Blanc")


def test_where_and_when_are_said_in_a_few_words():
    words = expected_words("Permanence (exemple)", placed(**PERMANENCE))
    assert words == ("Permanence à Bélâbre, 1er mardi du mois\u202f: 9\u00a0h à 12\u00a0h")
    at_home = placed(code_insee="36018")
    assert expected_words("Conseil (exemple)", at_home) == "Service\u202f: Conseil (exemple)"
    assert expected_words("Conseil (exemple)", None) == "Service\u202f: Conseil (exemple)"
    assert expected_words("", at_home) == ""
