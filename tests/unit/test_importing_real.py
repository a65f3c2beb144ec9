"""Real files of publishers, whole and spoiled. Skipped where there are none."""

import datetime as dt
import json

import pytest

from app.reference.importing import errors
from app.reference.importing.parsed import DatedBy, Format
from app.reference.importing.sheets import read_sheet, read_workbook
from tests.published_files import notes, read, reasons

DAY = dt.date(2026, 1, 15)
TOWN_HALLS = frozenset({"mairie"})


@pytest.fixture
def local_services(real_data):
    return (real_data / "annuaire-dila-samples" / "dump_gouv_local_excerpt.json").read_bytes()


@pytest.fixture
def agencies(real_data):
    return (real_data / "france-travail-agences" / "agences_sarthe_api.json").read_bytes()


@pytest.fixture
def coverage(real_data):
    return (real_data / "missions-locales-couverture" / "couverture_extrait.csv").read_bytes()


def test_town_halls_of_the_directory_are_left_out_unless_asked_for(local_services):
    parsed = read(local_services)
    assert (parsed.format, parsed.read, parsed.left_out) == (Format.ADMINISTRATION, 2, 2)
    asked = read(local_services, more_pivots=TOWN_HALLS)
    assert (len(asked.structures), asked.rejected, asked.noted) == (2, (), ())
    assert asked.provenance.dated_on == dt.date(2023, 8, 9)


def test_comments_of_opening_hours_are_kept(local_services):
    sandillon, fontaine = read(local_services, more_pivots=TOWN_HALLS).structures
    assert sandillon["horaires_accueil"] == (
        "Mo-Fr 09:00-12:00,14:00-17:00;"
        ' Sa 09:00-12:00 "Accueil ouvert uniquement le 2e et 4e samedis de chaque mois."; PH off'
    )
    assert "hors vacances scolaires" in fontaine["horaires_accueil"]
    assert (sandillon["latitude"], sandillon["longitude"]) == (47.8457984924, 2.02933001518)
    assert sandillon["code_insee"] == "45300"


def test_the_directory_restricted_to_the_region_leaves_the_others(local_services):
    parsed = read(local_services, more_pivots=TOWN_HALLS, departments=frozenset({"45"}))
    assert [row["commune"] for row in parsed.structures] == ["Sandillon"]
    assert parsed.left_out == 1


def test_the_directory_as_the_api_gives_it_is_the_same(local_services):
    records = json.loads(local_services)["service"]
    strings = [
        {
            name: json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
            for name, value in record.items()
        }
        for record in records
    ]
    api = json.dumps({"total_count": 2, "results": strings}, ensure_ascii=False).encode()
    plain = read(local_services, more_pivots=TOWN_HALLS)
    assert read(api, more_pivots=TOWN_HALLS).structures == plain.structures


def test_the_agencies_are_read(agencies):
    parsed = read(agencies, published_on=DAY)
    assert (parsed.format, parsed.read, len(parsed.structures)) == (Format.FRANCE_TRAVAIL, 9, 9)
    assert parsed.rejected == parsed.noted == ()
    assert {row["telephone"] for row in parsed.structures} == {"39-49"}
    assert parsed.structures[-1]["nom"] == "Agence Pôle emploi RETHEL"
    assert {facts["network"] for facts in parsed.spro.values()} == {"france_travail"}
    assert all(facts["cep_operator"] for facts in parsed.spro.values())


def test_the_agencies_of_one_department_are_chosen(agencies):
    parsed = read(agencies, published_on=DAY, departments=frozenset({"08"}))
    assert [row["code_insee"] for row in parsed.structures] == ["08362"]
    assert parsed.left_out == 8


def test_the_coverage_of_missions_locales_is_read(coverage):
    parsed = read(coverage, published_on=DAY)
    assert (parsed.format, parsed.read) == (Format.MISSIONS_LOCALES, 25)
    assert [row["id"] for row in parsed.structures] == [
        *("unml--75119", "unml--77333", "unml--77131", "unml--18033"),
    ]
    assert sum(len(row["zone_eligibilite"]) for row in parsed.services) == 25
    assert parsed.services[-1]["zone_eligibilite"] == ["18288", "18289"]
    assert parsed.structures[-1]["code_insee"] == "18033"
    assert parsed.rejected == parsed.noted == ()
    assert parsed.provenance.dated_by is DatedBy.GIVEN


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "iso8859-15", "mac_roman", "utf-16"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_the_coverage_is_the_same_however_it_was_saved(coverage, encoding, ending):
    text = coverage.decode().replace("\r\n", "\n").replace("\n", ending)
    assert read(text.encode(encoding), published_on=DAY) == read(coverage, published_on=DAY)


def test_spoiled_coverage_says_which_lines(coverage):
    lines = coverage.decode().splitlines()
    lines[3] = ""
    lines[5] = lines[4]
    lines[7] = lines[7].replace("75119;75-ML", ";75-ML")
    lines[9] += ";de trop"
    parsed = read("\n".join(lines), published_on=DAY)
    assert reasons(parsed) == [
        (6, "duplicate_identifier"),
        (8, "missing_field"),
        (10, "shifted_line"),
    ]


def test_coverage_with_a_column_missing_or_twice_is_refused(coverage):
    text = coverage.decode()
    with pytest.raises(errors.MissingColumnError):
        read(text.replace("Code ML", "Code", 1), published_on=DAY)
    with pytest.raises(errors.DuplicateColumnError):
        read(text.replace("Ville ML", "Adresse ML", 1), published_on=DAY)


def test_agencies_with_spoiled_places_and_null_records(agencies):
    records = json.loads(agencies)
    records[0]["adressePrincipale"] |= {"gpsLon": 0.0, "gpsLat": 0.0}
    records[1]["adressePrincipale"] |= {"gpsLon": "", "gpsLat": ""}
    records[2]["adressePrincipale"] |= {"gpsLon": 48.0, "gpsLat": 0.2}
    records[3] = records[4]
    records[5] = None
    records[6]["adressePrincipale"] = None
    records[7]["contact"] = {"telephonePublic": "02 43 00 00 00 / 39-49", "email": "aucun"}
    parsed = read(json.dumps(records).encode(), published_on=DAY)
    assert reasons(parsed) == [(5, "duplicate_identifier"), (6, "null_record")]
    assert [reason for reason, _ in notes(parsed)] == [
        *("coordinates_dropped", "telephone_as_published", "value_dropped"),
    ]
    placed = [row["id"] for row in parsed.structures if "latitude" in row]
    assert len(placed) == 3


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused_whole(agencies, local_services, share):
    for content in (agencies, local_services):
        with pytest.raises(errors.BrokenFileError):
            read(content[: int(len(content) * share)], published_on=DAY)


def test_real_files_of_something_else_are_refused(real_data):
    for folder, file in (
        ("missions-locales-couverture", "geopoints_HEAD.csv"),
        ("communes-cog-2026", "departements.json"),
        ("kit-apprentissage-rncp", "Kit_apprentissage_20250131.xlsx"),
        ("lheo-samples", "exemple-bts-onisep.xml"),
        ("fap-pcs-rome", "intitule_fap2009.txt"),
        ("rncp-csv-sample", "sample_export-fiches-csv-2024-02-22.zip"),
    ):
        with pytest.raises((errors.UnknownFormatError, errors.BrokenFileError)):
            read((real_data / folder / file).read_bytes())


def test_a_real_workbook_gives_its_sheets_and_lines(real_data):
    path = real_data / "kit-apprentissage-rncp" / "Kit_apprentissage_20250131.xlsx"
    sheets = {sheet.name: sheet for sheet in read_workbook(path)}
    kit = list(read_sheet(path, "Kit Apprentissage"))
    assert "Présentation Kit" in sheets
    assert kit[0].number == 2  # The first line is blank, the header comes second.
    assert len(kit) > 1_000
    assert any(cell == "01022001" for line in kit for cell in line.cells)
