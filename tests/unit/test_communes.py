"""The table of communes: complete, found as people type, honest about distances."""

import csv
import statistics
from collections import Counter, defaultdict
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import UnknownCommuneError
from app.reference.communes import Communes, CoordinateSource
from app.reference.distance import NEIGHBOURS_KM, Distance, distance_km
from resources import resource_path

COMMUNES = Communes(resource_path("communes", "communes.csv"))


def names(text: str, limit: int = 10) -> list[str]:
    return [commune.name for commune in COMMUNES.search(text, limit)]


def test_every_commune_of_the_region_is_there_once():
    counts = Counter(commune.department for commune in COMMUNES)
    assert counts == {"18": 286, "28": 363, "36": 241, "37": 272, "41": 267, "45": 325}
    assert len({commune.insee_code for commune in COMMUNES}) == len(COMMUNES) == 1754


def test_every_commune_says_its_postal_codes_and_its_inter_communal_body():
    for commune in COMMUNES:
        assert commune.postal_codes
        assert all(len(code) == 5 for code in (*commune.postal_codes, commune.insee_code))
        assert len(commune.epci_code) == 9
        assert commune.epci_name


def test_every_commune_lies_in_the_region():
    for commune in COMMUNES:
        assert 46.3 < commune.latitude < 48.95
        assert 0.0 < commune.longitude < 3.2


def test_a_commune_is_known_by_its_code():
    le_blanc = COMMUNES.by_code(" 36018 ")
    assert le_blanc.name == "Le Blanc"
    assert le_blanc.postal_codes == ("36300",)
    assert le_blanc.epci_name == "CC Brenne - Val de Creuse"
    assert le_blanc.coordinates is CoordinateSource.EXACT
    assert not le_blanc.is_approximate


@pytest.mark.parametrize(
    ("former", "present"), [("18131", "18173"), ("28025", "28319"), ("28276", "28319")]
)
def test_a_former_code_gives_the_commune_of_today(former, present):
    assert COMMUNES.by_code(former).insee_code == present


def test_no_former_code_is_the_code_of_another_commune_of_today():
    present = {commune.insee_code for commune in COMMUNES}
    former = [code for commune in COMMUNES for code in commune.former_codes]
    assert present.isdisjoint(former)
    assert len(former) == len(set(former))


def test_unknown_commune_is_refused_with_its_name():
    with pytest.raises(UnknownCommuneError) as caught:
        COMMUNES.by_code("Chateaurou")
    assert caught.value.code == "unknown_commune"
    assert caught.value.facts == {"text": "Chateaurou", "suggestions": "Châteauroux (36044)"}


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("chateauroux", "Châteauroux"),
        ("CHATEAUROUX", "Châteauroux"),
        ("le blanc", "Le Blanc"),
        ("blanc", "Le Blanc"),
        ("st aignan", "Saint-Aignan"),
        ("ste severe", "Sainte-Sévère-sur-Indre"),
        ("saint benoit du s", "Saint-Benoît-du-Sault"),
        ("tournon st m", "Tournon-Saint-Martin"),
        ("chaumont s/ loire", "Chaumont-sur-Loire"),
        ("vendoeuvres", "Vendœuvres"),
        ("VENDŒUVRES", "Vendœuvres"),
        ("la chatre", "La Châtre"),
        ("les aix d’angillon", "Les Aix-d'Angillon"),
        ("36018", "Le Blanc"),
        ("36300 blanc", "Le Blanc"),
        ("Le Blanc (36300)", "Le Blanc"),
        ("18131", "Osmery"),
        ("barmainville", "Neuville Saint Denis"),
        ("Moutiers-en-Beauce", "Moutiers-en-Beauce"),
        ("malesherbes", "Le Malesherbois"),
        ("orl", "Orléans"),
    ],
)
def test_a_commune_is_found_as_people_type_it(typed, first):
    assert names(typed)[0] == first


@pytest.mark.parametrize("typed", ["chateuroux", "chateaurouxx", "chateauorux", "chatxauroux"])
def test_one_wrong_letter_is_forgiven(typed):
    assert "Châteauroux" in names(typed)


def test_swapped_letters_are_forgiven():
    assert names("isosudun") == ["Issoudun"]


def test_two_wrong_letters_are_too_many():
    assert names("isosudnu") == []


def test_a_wrong_letter_does_not_lose_the_postal_code():
    assert names("36100 isoudun") == ["Issoudun"]
    assert names("36300 isoudun") == []


def test_a_postal_code_gives_all_its_communes_the_largest_first():
    found = COMMUNES.search("36300", 50)
    assert found[0].name == "Le Blanc"
    assert all("36300" in commune.postal_codes for commune in found)
    sharing = [commune for commune in COMMUNES if "36300" in commune.postal_codes]
    assert len(found) == len(sharing)


def test_the_beginning_of_a_postal_code_is_enough():
    assert all(
        any(code.startswith("363") for code in (*commune.postal_codes, commune.insee_code))
        for commune in COMMUNES.search("363", 30)
    )


def test_homonyms_are_told_apart_by_their_department():
    assert {commune.department for commune in COMMUNES.search("vineuil")[:2]} == {"36", "41"}
    assert [commune.department for commune in COMMUNES.search("36 vineuil")] == ["36"]


def test_nothing_typed_finds_nothing():
    assert COMMUNES.search("") == COMMUNES.search(" - ") == COMMUNES.search("zzzzzz") == []


def test_no_more_are_given_than_asked():
    assert len(COMMUNES.search("saint", 7)) == 7


@given(st.sampled_from(list(COMMUNES)))
def test_each_commune_is_found_by_its_own_name_in_capitals(commune):
    found = COMMUNES.search(f"{commune.name.upper()} {commune.insee_code}", 1)
    assert found == [commune]


@given(st.text(max_size=40))
def test_any_text_is_searched_without_failing(text):
    assert len(COMMUNES.search(text, 5)) <= 5


def test_distance_between_two_towns_is_the_one_of_the_map():
    from_le_blanc = distance_km(COMMUNES.by_code("36018"), COMMUNES.by_code("36044"))
    assert from_le_blanc.km == pytest.approx(52, abs=3)
    assert not from_le_blanc.is_approximate


def test_distance_is_the_same_both_ways():
    one, other = COMMUNES.by_code("18173"), COMMUNES.by_code("36018")
    assert distance_km(one, other) == distance_km(other, one)


def test_distance_from_a_place_not_known_exactly_says_so():
    osmery = COMMUNES.by_code("18173")
    assert osmery.is_approximate
    assert distance_km(osmery, COMMUNES.by_code("36018")).is_approximate


def test_a_commune_is_at_no_distance_from_itself():
    osmery = COMMUNES.by_code("18173")
    assert distance_km(osmery, osmery) == Distance(km=0.0, is_approximate=False)


def test_two_neighbours_of_unknown_place_are_not_said_to_be_in_one_spot():
    together = defaultdict(list)
    for commune in COMMUNES:
        if commune.is_approximate:
            together[commune.latitude, commune.longitude].append(commune)
    first, second = max(together.values(), key=len)[:2]
    assert distance_km(first, second) == Distance(km=NEIGHBOURS_KM, is_approximate=True)


def test_a_search_takes_less_than_ten_milliseconds():
    COMMUNES.search("le blanc")
    for typed in ("s", "saint", "36300", "chateuroux", "st b du s", "zzzzzzzz"):
        fastest = min(_seconds(typed) for _ in range(5))
        assert fastest < 0.010


def _seconds(typed: str) -> float:
    start = perf_counter()
    COMMUNES.search(typed)
    return perf_counter() - start


def test_places_agree_with_those_of_the_postal_service(real_data):
    errors = _errors_km(real_data)
    exact = errors[CoordinateSource.EXACT]
    assert len(exact) > 800
    assert max(exact) < 10
    assert statistics.median(exact) < 1.5
    approximate = errors[CoordinateSource.POSTAL_CODE] + errors[CoordinateSource.EPCI]
    assert max(approximate) < 25
    assert statistics.median(approximate) < 8


def _errors_km(real_data):
    """Measure each commune against the nearest of the places La Poste gives it."""
    places = defaultdict(list)
    path = real_data / "communes-laposte-hexasmal" / "laposte_hexasmal.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            point = float(row["latitude"]), float(row["longitude"])
            places[row["Code_commune_INSEE"]].append(point)
    errors = defaultdict(list)
    for commune in COMMUNES:
        point = commune.latitude, commune.longitude
        errors[commune.coordinates].append(
            min(_kilometres(point, other) for other in places[commune.insee_code])
        )
    return errors


def _kilometres(start, end):
    """Measure on a plane, with other arithmetic than the program's: enough for such distances."""
    north = (end[0] - start[0]) * 111.2
    east = (end[1] - start[1]) * 111.2 * 0.676  # Cosine of 47.5 degrees.
    return (north**2 + east**2) ** 0.5
