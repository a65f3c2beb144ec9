"""The script that writes the table of communes: doubt is refused, the result is repeatable."""

import csv
import json

import pytest

from docs.data.make_communes import Place, Point, main, match_places, read_towns, table
from resources import resource_path


def official(code, name, *, postal_codes, population=1000, kind="commune-actuelle", **more):
    return {
        "code": code,
        "nom": name,
        "departement": code[:2],
        "type": kind,
        "codesPostaux": postal_codes,
        "population": population,
    } | more


def folder_of(tmp_path, rows, epci=None):
    members = [{"code": row["code"]} for row in rows]
    bodies = epci or [{"code": "200000000", "nom": "CC Exemple", "membres": members}]
    (tmp_path / "communes.json").write_text(json.dumps(rows), encoding="utf-8")
    (tmp_path / "epci.json").write_text(json.dumps(bodies), encoding="utf-8")
    return tmp_path


def place(number, name, latitude=46.6, longitude=1.06, population=1000):
    return Place(number, name, population, Point(latitude, longitude))


NEIGHBOURS = [
    official("36001", "Alpha", postal_codes=["36300"]),
    official("36002", "Béta", postal_codes=["36300"]),
    official("36003", "Gamma-sur-Creuse", postal_codes=["36300"]),
]
NEAR = [place(1, "Alpha"), place(2, "Beta", 46.65), place(3, "Gamma sur Creuse", 46.62)]


def exact_codes(tmp_path, rows, places):
    return set(match_places(read_towns(folder_of(tmp_path, rows)), places))


def test_a_name_found_once_among_its_neighbours_is_sure(tmp_path):
    assert exact_codes(tmp_path, NEIGHBOURS, NEAR) == {"36001", "36002", "36003"}


def test_a_place_far_from_the_neighbours_is_not_believed(tmp_path):
    far = [*NEAR[:2], place(3, "Gamma-sur-Creuse", 48.2)]
    assert "36003" not in exact_codes(tmp_path, NEIGHBOURS, far)


def test_a_hamlet_of_the_same_name_is_not_the_commune(tmp_path):
    hamlet = [*NEAR[:2], place(3, "Gamma-sur-Creuse", population=30)]
    assert "36003" not in exact_codes(tmp_path, NEIGHBOURS, hamlet)


def test_homonyms_are_settled_by_their_neighbours(tmp_path):
    rows = [
        *NEIGHBOURS,
        official("36010", "Vineuil", postal_codes=["36300"]),
        official("41010", "Vineuil", postal_codes=["41350"]),
        official("41011", "Delta", postal_codes=["41350"]),
        official("41012", "Epsilon", postal_codes=["41350"]),
    ]
    places = [
        *NEAR,
        place(4, "Delta", 47.5, 1.3),
        place(5, "Epsilon", 47.52, 1.32),
        place(6, "Vineuil", 46.61, 1.05),
        place(7, "Vineuil", 47.51, 1.35),
    ]
    matched = match_places(read_towns(folder_of(tmp_path, rows)), places)
    assert matched["36010"].latitude == pytest.approx(46.61)
    assert matched["41010"].latitude == pytest.approx(47.51)


def test_two_candidates_in_one_neighbourhood_are_refused(tmp_path):
    twice = [*NEAR, place(4, "Gamma-sur-Creuse", 46.63)]
    assert "36003" not in exact_codes(tmp_path, NEIGHBOURS, twice)


def test_a_merged_commune_answers_to_the_name_of_its_seat(tmp_path):
    seat = official("36003", "Gamma", postal_codes=["36300"])
    rows = [
        *NEIGHBOURS[:2],
        seat | {"nom": "Les Trois Gammas", "anciensCodes": ["36099"]},
        seat | {"type": "commune-deleguee", "chefLieu": "36003"},
        official("36099", "Zêta", postal_codes=[], kind="commune-deleguee", chefLieu="36003"),
    ]
    towns = read_towns(folder_of(tmp_path, rows))
    assert "36003" in match_places(towns, [*NEAR[:2], place(3, "Gamma")])
    assert towns["36003"].former_codes == ("36099",)
    assert towns["36003"].former_names == ("Gamma", "Zêta")


def test_a_commune_without_place_gets_the_middle_of_its_postal_code(tmp_path):
    towns = read_towns(folder_of(tmp_path, NEIGHBOURS))
    rows = table(towns, match_places(towns, NEAR[:2]))
    assert rows[0]["coordinates"] == "exact"
    assert rows[2] | {"latitude": "46.6250", "coordinates": "postal_code"} == rows[2]


def test_a_commune_alone_in_its_postal_code_gets_the_middle_of_its_epci(tmp_path):
    rows = [*NEIGHBOURS[:2], official("36003", "Gamma", postal_codes=["36310"])]
    towns = read_towns(folder_of(tmp_path, rows))
    assert table(towns, match_places(towns, NEAR[:2]))[2]["coordinates"] == "epci"


def test_a_commune_that_nothing_places_stops_the_script(tmp_path):
    towns = read_towns(folder_of(tmp_path, NEIGHBOURS))
    with pytest.raises(LookupError, match="36001 Alpha"):
        table(towns, {})


def test_the_same_sources_give_the_same_bytes_in_any_order(tmp_path, capsys):
    folder = folder_of(tmp_path, NEIGHBOURS)
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    main(["--decoupage", str(folder), "--out", str(first)], lambda: NEAR)
    folder_of(tmp_path, NEIGHBOURS[::-1])
    main(["--decoupage", str(folder), "--out", str(second)], lambda: NEAR[::-1])
    assert first.read_bytes() == second.read_bytes()
    assert "3 communes: 3 exact" in capsys.readouterr().out


def test_other_regions_are_left_out(tmp_path):
    rows = [*NEIGHBOURS, official("75056", "Paris", postal_codes=["75001"])]
    assert read_towns(folder_of(tmp_path, rows)).keys() == {"36001", "36002", "36003"}


def test_the_table_kept_here_agrees_with_the_official_geography(real_data):
    towns = read_towns(real_data / "communes-cog-2026")
    path = resource_path("communes", "communes.csv")
    with path.open(encoding="utf-8", newline="") as file:
        kept = {row["insee_code"]: row for row in csv.DictReader(file)}
    assert kept.keys() == towns.keys()
    for code, town in towns.items():
        assert kept[code]["name"] == town.name
        assert kept[code]["postal_codes"].split() == list(town.postal_codes)
        assert kept[code]["epci_code"] == town.epci[0]
        assert kept[code]["former_codes"].split() == list(town.former_codes)
