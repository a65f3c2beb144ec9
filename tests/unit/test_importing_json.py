"""Files of data·inclusion in JSON, and everything that may be wrong with one of their records."""

import json

import pytest

from app.reference.directory import read_directory
from app.reference.importing.findings import Counted, Kind, Place
from app.reference.importing.parsed import DatedBy, Format
from resources import resource_path
from tests.published_files import (
    as_json,
    both,
    notes,
    read,
    read_one,
    reasons,
    service,
    structure,
)

PRACTICE = resource_path("starter", "practice_directory.json")


def test_a_list_of_structures_is_read_as_it_is():
    parsed = read(as_json([structure(1), structure(2)]))
    assert parsed.format is Format.DATA_INCLUSION
    assert parsed.structures == (structure(1), structure(2))
    assert parsed.holds == {Kind.STRUCTURE}
    assert (parsed.read, parsed.left_out, parsed.rejected, parsed.noted) == (2, 0, (), ())


def test_structures_and_services_are_read_together_whichever_comes_first():
    content = {"services": [service(1)], "structures": [structure(1)]}
    for order in (content, dict(reversed(content.items()))):
        parsed = read(as_json(order))
        assert parsed.services == (service(1),)
        assert parsed.holds == {Kind.STRUCTURE, Kind.SERVICE}


def test_services_alone_need_structures_that_are_held():
    content = as_json([service(1, of=1), service(2, of=2)])
    parsed = read(content, known_structures=frozenset({"dora--1"}))
    assert [row["id"] for row in parsed.services] == ["dora--service-1"]
    assert reasons(parsed) == [(2, "unknown_structure")]
    assert parsed.rejected[0].facts["value"] == "dora--2"


def test_where_a_file_comes_from_is_said():
    parsed = read(as_json([structure(date_maj="2026-10-05"), structure(2, date_maj="2026-03-01")]))
    assert parsed.provenance.licence == "Licence Ouverte 2.0"
    assert parsed.provenance.sources == ("dora",)
    assert parsed.provenance.dated_on.isoformat() == "2026-10-05"
    assert parsed.provenance.dated_by is DatedBy.LATEST_ENTRY
    named = read(as_json([structure()]), name="structures-inclusion-2026-11-16.json")
    assert named.provenance.dated_on.isoformat() == "2026-11-16"
    assert named.provenance.dated_by is DatedBy.NAME


def test_a_directory_of_the_region_says_its_publisher_and_its_own_facts():
    facts = {
        "network": "plie",
        "cep_operator": False,
        "spro_member_from": "2019-01-01",
        "languages": ["ukrainien"],
        "waiting_days": 12,
        "accessibility": "sideways",
        "spro_member_to": "un jour",
        "newer": 1,
    }
    content = both(
        structure(1),
        publisher="Région Centre-Val de Loire (exemple)",
        licence="Licence Ouverte 2.0",
        dated_on="2026-11-20",
        spro={"dora--1": facts, "nobody": {"network": "plie"}, "dora--2": None},
    )
    parsed = read(content)
    assert parsed.provenance.publisher == "Région Centre-Val de Loire (exemple)"
    assert parsed.provenance.dated_by is DatedBy.CONTENT
    assert parsed.spro == {
        "dora--1": {
            "network": "plie",
            "cep_operator": False,
            "spro_member_from": "2019-01-01",
            "languages": ["ukrainien"],
            "waiting_days": 12,
        }
    }


def test_the_practice_directory_goes_through_unchanged():
    content = json.loads(PRACTICE.read_text("utf-8"))
    parsed = read(PRACTICE.read_bytes())
    assert parsed.rejected == parsed.noted == ()
    assert list(parsed.structures) == content["structures"]
    assert list(parsed.services) == content["services"]
    for identifier, facts in content["spro"].items():
        said = {name: fact for name, fact in facts.items() if fact is not None}
        assert parsed.spro[identifier].items() >= said.items()


def test_what_was_read_is_what_the_directory_reads(tmp_path):
    parsed = read(both(structure(1, code_insee=None), services=[service(1)]))
    path = tmp_path / "directory.json"
    rows = {"structures": parsed.structures, "services": parsed.services, "spro": parsed.spro}
    path.write_text(json.dumps(rows), "utf-8")
    entry = read_directory(path).by_id("dora--1")
    assert entry.commune_code == "36018"
    assert entry.services[0].area == ("36",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"nom": None}, "missing_field"),
        ({"source": ""}, "missing_field"),
        ({"id": "  "}, "missing_field"),
        ({"date_maj": None}, "missing_field"),
        ({"nom": "X"}, "name_length"),
        ({"nom": "x" * 151}, "name_length"),
        ({"id": "2,17003E+13"}, "scientific_identifier"),
        ({"id": 2.17003e19}, "scientific_identifier"),
        ({"date_maj": "hier"}, "unreadable_date"),
        ({"date_maj": "2026-02-30"}, "unreadable_date"),
        ({"date_maj": "1999-12-31"}, "date_out_of_reach"),
        ({"date_maj": "2026-11-25"}, "date_out_of_reach"),
    ],
)
def test_a_structure_that_lacks_what_is_required_is_refused(changes, reason):
    parsed = read(as_json([structure(1), structure(2, **changes) | _emptied(changes)]))
    assert [row["id"] for row in parsed.structures] == ["dora--1"]
    assert reasons(parsed) == [(2, reason)]
    assert parsed.rejected[0].kind is Kind.STRUCTURE


def _emptied(changes):
    return {name: value for name, value in changes.items() if value is None}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"structure_id": None}, "missing_field"),
        ({"structure_id": "1e+5"}, "scientific_identifier"),
        ({"description": None}, "missing_field"),
        ({"description": "CV"}, "description_length"),
        ({"description": "x" * 10_001}, "description_length"),
        ({"structure_id": "dora--9"}, "unknown_structure"),
    ],
)
def test_a_service_that_lacks_what_is_required_is_refused(changes, reason):
    parsed = read(both(structure(1), services=[service(1), service(2, **changes)]))
    assert len(parsed.services) == 1
    assert reasons(parsed) == [(2, reason)]
    assert parsed.rejected[0].place == Place(number=2, counted=Counted.RECORD, table="services")


def test_the_second_of_two_identifiers_is_refused():
    content = both(
        structure(1, nom="La première"),
        structure(1, nom="La seconde"),
        services=[service(1), service(1)],
    )
    parsed = read(content)
    assert [row["nom"] for row in parsed.structures] == ["La première"]
    assert len(parsed.services) == 1
    assert reasons(parsed) == [(2, "duplicate_identifier"), (2, "duplicate_identifier")]
    assert parsed.reject_counts() == {parsed.rejected[0].reason: 2}


def test_the_second_of_two_services_that_wait_for_their_structure_is_refused():
    content = {"services": [service(1), service(1, nom="La seconde")], "structures": [structure(1)]}
    parsed = read(as_json(content))
    assert parsed.services == (service(1),)
    assert reasons(parsed) == [(2, "duplicate_identifier")]


def test_null_records_and_values_alone_are_refused_with_their_number():
    parsed = read(as_json([None, structure(1), "texte", {}, [], structure(2)]))
    assert len(parsed.structures) == 2
    assert reasons(parsed) == [
        (1, "null_record"),
        (3, "not_a_record"),
        (4, "missing_field"),
        (5, "not_a_record"),
    ]


def test_empty_values_leave_no_key():
    row = structure(1, description="", telephone="  ", reseaux_porteurs=[], adresse="NaN")
    parsed = read(as_json([row | {"courriel": None, "siret": ""}]))
    gone = {"description", "telephone", "reseaux_porteurs", "adresse", "courriel", "siret"}
    assert not parsed.structures[0].keys() & gone
    assert parsed.noted == ()


def test_hours_that_cannot_be_are_left_out_and_said():
    parsed = read_one(horaires_accueil="Mo-Fr 09:00-25:00")
    assert "horaires_accueil" not in parsed.structures[0]
    assert notes(parsed) == [("hours_dropped", "Mo-Fr 09:00-25:00")]
    kept = 'Mo-Fr 09:00-12:00 "sur rendez-vous"; PH off'
    assert read_one(horaires_accueil=kept).structures[0]["horaires_accueil"] == kept


@pytest.mark.parametrize(
    ("latitude", "longitude", "kept", "said"),
    [
        ("46.63", "1.06", (46.63, 1.06), []),
        ("46,63", 1, (46.63, 1.0), []),
        (0.0, 0.0, None, []),
        ("", "", None, []),
        ("0", "0.0", None, []),
        (46.63, None, None, ["46.63 /"]),
        (146.0, 1.06, None, ["146 / 1.06"]),
        ("nord", 1.06, None, ["nord / 1.06"]),
        (1.06, 46.63, None, ["1.06 / 46.63"]),
        (-21.1, 55.5, (-21.1, 55.5), []),
    ],
)
def test_coordinates_are_a_pair_that_can_be_or_not_there(latitude, longitude, kept, said):
    parsed = read_one(latitude=latitude, longitude=longitude)
    row = parsed.structures[0]
    assert (row.get("latitude"), row.get("longitude")) == (kept or (None, None))
    assert notes(parsed) == [("coordinates_dropped", value) for value in said]


def test_codes_ahead_of_the_schema_are_kept_and_said():
    content = both(
        structure(1, reseaux_porteurs=["mission-locale", "nouveau-reseau"]),
        services=[service(1, frais="adhesion", publics=["jeunes", "martiens", "jeunes"])],
    )
    parsed = read(content)
    assert parsed.structures[0]["reseaux_porteurs"] == ["mission-locale", "nouveau-reseau"]
    assert parsed.services[0]["publics"] == ["jeunes", "martiens"]
    assert parsed.services[0]["frais"] == "adhesion"
    codes = {("unknown_code", each) for each in ("nouveau-reseau", "adhesion", "martiens")}
    assert set(notes(parsed)) == codes


def test_optional_values_that_cannot_be_are_left_out_and_said():
    parsed = read_one(
        siret="2,17003E+13",
        courriel="à l’accueil",
        site_web="javascript:alert(1)",
        code_postal="36 300 CEDEX",
        code_insee="Le Blanc",
        telephone="2,37E+08",
        description="Bof",
    )
    row = parsed.structures[0]
    assert not row.keys() & {"siret", "courriel", "site_web", "code_postal", "telephone"}
    assert {reason for reason, _ in notes(parsed)} == {"value_dropped", "description_dropped"}
    assert len(parsed.noted) == 7


def test_a_siret_loses_its_tabulation_and_a_site_gains_its_scheme():
    row = read_one(siret="\t11004301500012", site_web="www.maison.example/a").structures[0]
    assert row["siret"] == "11004301500012"
    assert row["site_web"] == "https://www.maison.example/a"


def test_numbers_of_a_service_are_numbers_or_left_out():
    parsed = read(
        both(
            structure(1),
            services=[
                service(1, nombre_semaines="12", volume_horaire_hebdomadaire="3,5"),
                service(2, nombre_semaines=0, volume_horaire_hebdomadaire="beaucoup"),
            ],
        )
    )
    assert parsed.services[0]["nombre_semaines"] == 12
    assert parsed.services[0]["volume_horaire_hebdomadaire"] == 3.5
    assert not parsed.services[1].keys() & {"nombre_semaines", "volume_horaire_hebdomadaire"}
    assert [reason for reason, _ in notes(parsed)] == ["value_dropped"] * 2


def test_the_name_of_a_contact_is_not_kept():
    parsed = read(both(structure(1), services=[service(1, contact_nom_prenom="Exemple Zoé")]))
    assert "Zoé" not in str(parsed)


def test_areas_are_cleaned_and_former_communes_become_those_of_today():
    areas = ["36", "1", "6018", "18131", "18173", "france", "243600236", "99100", "Brenne"]
    parsed = read(both(structure(1), services=[service(1, zone_eligibilite=areas)]))
    assert parsed.services[0]["zone_eligibilite"] == [
        *("36", "01", "06018", "18173", "france", "243600236", "99100", "brenne"),
    ]
    assert notes(parsed) == [("unknown_code", "Brenne")]


def test_only_what_lies_in_the_departments_is_taken():
    content = both(
        structure(1),
        structure(2, code_insee="45234", code_postal="45000", commune="Orléans"),
        structure(3, code_insee=None, code_postal=None, commune=None),
        structure(4, code_insee="75056", code_postal="75001", commune="Paris"),
        services=[
            service(1, of=1),
            service(2, of=2, zone_eligibilite=["45"]),
            service(3, of=4, code_insee="36018"),
            service(4, of=9, code_insee="36018"),
            service(5, of=9, zone_eligibilite=["75"]),
        ],
    )
    parsed = read(content, departments=frozenset({"36"}))
    assert [row["id"] for row in parsed.structures] == ["dora--1", "dora--4"]
    assert [row["id"] for row in parsed.services] == ["dora--service-1", "dora--service-3"]
    assert reasons(parsed) == [(4, "unknown_structure")]
    assert parsed.read == 9
    assert parsed.left_out == 4


def test_a_feature_of_geojson_is_unwrapped():
    row = structure(1)
    position = [row.pop("longitude"), row.pop("latitude")]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": position},
        "properties": row,
    }
    bare = {"type": "Feature", "geometry": None, "properties": structure(2)}
    parsed = read(as_json({"type": "FeatureCollection", "features": [feature, bare]}))
    assert parsed.structures == (structure(1), structure(2))


@pytest.mark.parametrize(
    "facts",
    [
        {"spro": ["dora--1"]},
        {"spro": {"dora--1": 3}},
        {"spro": {"dora--1": {"network": "unheard-of", "waiting_days": -1, "cep_operator": 1}}},
        {"dated_on": "un jour", "publisher": " ", "total": 3},
        {"dated_on": "2031-01-01"},
    ],
)
def test_facts_beside_the_lists_that_cannot_be_are_left_out(facts):
    parsed = read(both(structure(1), **facts))
    plain = read(both(structure(1)))
    assert parsed == plain


def test_the_accessibility_that_a_region_gives_is_kept():
    facts = {"dora--1": {"accessibility": "on_request"}}
    assert read(both(structure(1), spro=facts)).spro["dora--1"] == {"accessibility": "on_request"}
