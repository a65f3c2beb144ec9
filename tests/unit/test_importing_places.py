"""The official file of postal codes: where communes are."""

import pytest

from app.reference.importing import errors
from app.reference.importing.commune_places import CommunePlace, read_commune_places
from tests.builders import REFERENCE
from tests.published_files import as_xlsx

HEADER = "Code_commune_INSEE;Nom_commune;Code_postal;Ligne_5;Libellé_d_acheminement"
FILE = f"""{HEADER};latitude;longitude
36018;LE BLANC;36300;;LE BLANC;46.63;1.06
45234;ORLEANS;45000;;ORLEANS;47,9;1,9
45234;ORLEANS;45100;;ORLEANS;47.8;1.8
45234;ORLEANS;45100;LA SOURCE;ORLEANS;47.8;1.8
1034;BELLEY;1300;;BELLEY;45.7;5.6
"""


def places(content):
    given = content.encode() if isinstance(content, str) else content
    return read_commune_places(given, REFERENCE.communes)


def test_a_commune_has_the_place_of_its_line():
    found = places(FILE)
    assert found.places["36018"] == CommunePlace(46.63, 1.06)
    assert found.places["01034"] == CommunePlace(45.7, 5.6)
    assert (found.read, found.rejected, found.noted) == (5, (), ())


def test_a_commune_at_several_places_is_where_most_of_its_lines_are():
    found = places(FILE)
    assert found.places["45234"] == CommunePlace(47.8, 1.8)
    (several,) = found.several
    assert several.code == "45234"
    assert several.others == (CommunePlace(47.9, 1.9),)
    tied = places(f"{HEADER};latitude;longitude\n18001;A;18250;;A;47;2\n18001;A;18250;;A;48;3\n")
    assert tied.places["18001"] == CommunePlace(47.0, 2.0)


def test_a_former_commune_lends_its_place_to_that_of_today_when_it_has_none():
    former = f"{HEADER};latitude;longitude\n18131;JUSSY;18130;;JUSSY;47.0;2.6\n"
    found = places(former)
    assert found.former == {"18131": "18173"}
    assert found.places == {"18173": CommunePlace(47.0, 2.6)}
    both = places(former + "18173;OSMERY;18130;;OSMERY;46.9;2.7\n")
    assert both.places == {"18173": CommunePlace(46.9, 2.7)}


def test_what_is_covered_and_what_is_missing_is_counted():
    coverage = places(FILE).coverage(REFERENCE.communes)
    assert (coverage.communes, coverage.placed) == (len(REFERENCE.communes), 2)
    assert "18001" in coverage.missing
    assert "36018" not in coverage.missing


@pytest.mark.parametrize(
    "header",
    ["_geopoint", "coordonnees_gps", "Coordonnées géographiques", "coordonnees_geographiques"],
)
def test_a_place_in_one_column_is_read(header):
    found = places(f"#Code_commune_INSEE;{header}\n36018;46.63, 1.06\n36044;46.8,1.7\n")
    assert found.places["36018"] == CommunePlace(46.63, 1.06)
    assert len(found.places) == 2


def test_a_workbook_is_read_too():
    rows = [{"Code_commune_INSEE": 1034, "latitude": 45.7, "longitude": 5.6}]
    assert places(as_xlsx(a=rows)).places == {"01034": CommunePlace(45.7, 5.6)}


def test_lines_without_commune_or_place_are_refused():
    found = places(
        f"{HEADER};latitude;longitude\n"
        ";A;36300;;A;46;1\n"
        "36018;LE BLANC;36300;;LE BLANC;;\n"
        "36044;B;36000;;B;0.0;0.0\n"
        "36044;B;36000;;B;146.8;1.7\n"
        "3,6E+04;B;36000;;B;46;1\n"
        "36044;B;36000;;B;46.8;1.7\n"
    )
    assert [(each.place.number, each.reason.value) for each in found.rejected] == [
        (2, "rejected_missing_field"),
        (3, "rejected_missing_field"),
        (4, "rejected_missing_field"),
        (5, "rejected_missing_field"),
        (6, "rejected_scientific_identifier"),
    ]
    assert [each.reason.value for each in found.noted] == ["noted_coordinates_dropped"]
    assert found.places == {"36044": CommunePlace(46.8, 1.7)}


def test_degrees_in_radians_are_refused_by_their_columns():
    with pytest.raises(errors.MissingColumnError) as caught:
        places("Insee;Nom;Altitude;code_postal;longitude_radian;latitude_radian\n1001;A;1;1;0;0\n")
    assert caught.value.facts["columns"] == "code"
    with pytest.raises(errors.MissingColumnError) as caught:
        places("Code_commune_INSEE;latitude\n36018;46.6\n")
    assert caught.value.facts["columns"] == "latitude, longitude"


def test_every_commune_of_the_region_is_in_the_official_file(real_data):
    path = real_data / "communes-laposte-hexasmal" / "laposte_hexasmal.csv"
    found = read_commune_places(path, REFERENCE.communes)
    coverage = found.coverage(REFERENCE.communes)
    assert found.read == 39_204
    assert (coverage.communes, coverage.placed, coverage.missing) == (1_754, 1_754, ())
    assert len(found.places) == 35_088
    assert len(found.several) == 14
    assert found.former == {"18131": "18173", "28025": "28319", "28276": "28319"}
    assert found.rejected == found.noted == ()


def test_places_of_the_official_file_agree_with_those_that_are_held(real_data):
    """They come from elsewhere: a shift, or degrees put the wrong way round, would show."""
    path = real_data / "communes-laposte-hexasmal" / "laposte_hexasmal.csv"
    found = read_commune_places(path, REFERENCE.communes)
    held = [commune for commune in REFERENCE.communes if not commune.is_approximate]
    far = [
        commune.name
        for commune in held
        if abs(commune.latitude - found.places[commune.insee_code].latitude) > 0.1
        or abs(commune.longitude - found.places[commune.insee_code].longitude) > 0.15
    ]
    assert len(held) > 500
    assert far == []
