"""Where structures are: distances in few words, the map of a département, unknown places."""

from dataclasses import replace

import pytest

from app.reference.distance import Distance
from tests.builders import FIRST_DOOR, LE_BLANC, REFERENCE
from ui.directory.places import MapGround, Places, Spot, department_label, distance_words

PLACES = Places(REFERENCE.communes)
ENTRY = REFERENCE.directory.by_reference(FIRST_DOOR)


@pytest.mark.parametrize(
    ("km", "approximate", "words"),
    [
        (0.0, False, "même commune"),
        (0.4, False, "moins d’1 km"),
        (12.4, False, "12 km"),
        (12.4, True, "environ 12 km"),
    ],
)
def test_a_distance_is_said_in_few_words(km, approximate, words):
    said = distance_words(Distance(km=km, is_approximate=approximate))
    assert said.replace("\u00a0", " ") == words


def test_no_distance_is_no_words():
    assert distance_words(PLACES.distance(None, ENTRY)) == ""


def test_the_map_has_every_commune_of_the_departement_and_where_one_is():
    here = PLACES.commune(LE_BLANC)
    ground = PLACES.ground(here)
    communes = [one for one in REFERENCE.communes if one.department == here.department]
    assert ground.name == "l’Indre"
    assert len(ground.communes) == len(communes)
    assert ground.here == Spot(latitude=here.latitude, longitude=here.longitude)
    assert PLACES.ground(None) == MapGround()


def test_the_departements_of_the_region_are_named():
    labels = [department_label(code) for code in PLACES.departments()]
    assert labels[0] == "Cher (18)"
    assert "Indre (36)" in labels
    assert department_label("86") == "86"


def test_coordinates_serve_where_the_commune_is_not_of_the_region():
    far = replace(ENTRY, commune_code="86066", latitude=46.81, longitude=0.54)
    distance = PLACES.distance(PLACES.commune(LE_BLANC), far)
    assert 40 < distance.km < 50
    assert PLACES.spot(far) == Spot(latitude=46.81, longitude=0.54)


def test_what_has_no_place_is_nowhere():
    nowhere = replace(ENTRY, commune_code="86066", latitude=None, longitude=None)
    assert PLACES.spot(nowhere) is None
    assert PLACES.distance(PLACES.commune(LE_BLANC), nowhere) is None
