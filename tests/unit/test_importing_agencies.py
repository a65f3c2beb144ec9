"""The agencies of France Travail, and the area of each mission locale."""

import datetime as dt

import pytest

from app.reference.importing import errors
from app.reference.importing.findings import Kind
from app.reference.importing.parsed import DatedBy, Format
from tests.published_files import as_csv, as_json, notes, read, reasons

DAY = dt.date(2026, 1, 15)


def agency(number=1, **changes):
    return {
        "code": f"CVL{number:04}",
        "codeSafir": "36001",
        "libelle": "LE BLANC",
        "libelleEtendu": "Agence France Travail LE BLANC (exemple)",
        "type": "APE",
        "contact": {"telephonePublic": "39-49", "email": "ape.36001@france-travail.example"},
        "siret": "13000548100001",
        "adressePrincipale": {
            "ligne3": "ZA de l’Exemple ",
            "ligne4": "3 RUE DE L'EXEMPLE",
            "ligne5": "",
            "ligne6": "36300 LE BLANC",
            "gpsLon": 1.06,
            "gpsLat": 46.63,
            "communeImplantation": "36018",
            "bureauDistributeur": "36300",
        },
    } | changes


def coverage(commune="18288", mission="18033", **changes):
    return {
        "Code INSEE": commune,
        "Nom Commune": "Vorly",
        "Code ML": mission,
        "Nom Officiel ML": "18-ML BOURGES MEHUN ST FLORENT",
        "Commune présente sur plusieurs ML": "Non",
        "Adresse ML": " 5 r de seraucourt",
        "Code Postal ML": "18000",
        "Ville ML": "Bourges",
    } | changes


def test_an_agency_becomes_a_structure():
    parsed = read(as_json([agency()]), published_on=DAY)
    assert parsed.format is Format.FRANCE_TRAVAIL
    assert parsed.holds == {Kind.STRUCTURE}
    assert parsed.provenance.dated_by is DatedBy.GIVEN
    assert parsed.structures == (
        {
            "source": "france-travail",
            "id": "france-travail--CVL0001",
            "nom": "Agence France Travail LE BLANC (exemple)",
            "date_maj": "2026-01-15",
            "siret": "13000548100001",
            "commune": "LE BLANC",
            "code_postal": "36300",
            "code_insee": "36018",
            "adresse": "3 RUE DE L'EXEMPLE",
            "complement_adresse": "ZA de l’Exemple",
            "longitude": 1.06,
            "latitude": 46.63,
            "telephone": "39-49",
            "courriel": "ape.36001@france-travail.example",
            "reseaux_porteurs": ["france-travail"],
        },
    )
    assert parsed.spro["france-travail--CVL0001"]["cep_operator"] is True
    assert parsed.noted == ()


def test_letters_escaped_twice_are_letters_again():
    name = "Agence P\\u00f4le emploi RETHEL (exemple)"
    parsed = read(as_json([agency(libelleEtendu=name)]), published_on=DAY)
    assert parsed.structures[0]["nom"] == "Agence Pôle emploi RETHEL (exemple)"


def test_hours_of_an_agency_say_which_are_on_appointment():
    days = [
        {
            "jour": day,
            "horaireFerme": "N",
            "horaireEnContinu": "N",
            "ouvertureMatin": "08:30",
            "fermetureMatin": "12:30",
            "horaireFermeRDV": "N",
            "ouvertureApresMidiRDV": "12:30",
            "fermetureApresMidiRDV": "16:30",
        }
        for day in range(1, 5)
    ]
    days.append(
        {
            "jour": 5,
            "horaireFerme": "N",
            "horaireEnContinu": "O",
            "ouvertureMatin": "08:30",
            "fermetureApresMidi": "15:30",
            "horaireFermeRDV": "O",
        }
    )
    parsed = read(as_json([agency(horaires=days)]), published_on=DAY)
    assert parsed.structures[0]["horaires_accueil"] == (
        'Mo-Th 08:30-12:30, Mo-Th 12:30-16:30 "sur rendez-vous"; Fr 08:30-15:30; PH off'
    )
    closed = [{"jour": 1, "horaireFerme": "O"}, {"jour": 8, "horaireFerme": "O"}]
    lost = read(as_json([agency(horaires=closed)]), published_on=DAY)
    assert [reason for reason, _ in notes(lost)] == ["hours_dropped"]


def test_an_agency_in_charge_of_communes_renders_its_service_there():
    zones = [{"communeInsee": "36018"}, {"communeInsee": "18131"}, {"communeInsee": ""}, None]
    parsed = read(as_json([agency(zoneCompetences=zones)]), published_on=DAY)
    assert parsed.services[0]["zone_eligibilite"] == ["36018", "18173"]
    assert parsed.services[0]["structure_id"] == "france-travail--CVL0001"
    assert parsed.noted == ()


def test_agencies_without_a_day_are_refused_unless_the_name_gives_it():
    content = as_json([agency()])
    with pytest.raises(errors.UndatedFileError):
        read(content, name="agences.json")
    with pytest.raises(errors.UndatedFileError):
        read(content, name="agences-2031-01-01.json")
    dated = read(content, name="agences-2026-10-02.json")
    assert dated.structures[0]["date_maj"] == "2026-10-02"


def test_agencies_that_are_no_agencies_are_refused_one_by_one():
    content = [agency(1), agency(1), agency(2, code=None, codeSafir=None), None, agency(3)]
    parsed = read(as_json(content), published_on=DAY)
    assert len(parsed.structures) == 2
    assert reasons(parsed) == [
        (2, "duplicate_identifier"),
        (3, "missing_field"),
        (4, "null_record"),
    ]


def test_a_line_a_commune_becomes_a_mission_locale_and_its_service():
    text = as_csv(coverage("18288"), coverage("18289"), coverage("18131"), separator=";")
    parsed = read(text, name="zones_de_couverture_janvier_2026.csv")
    assert parsed.format is Format.MISSIONS_LOCALES
    assert parsed.read == 3
    assert parsed.structures == (
        {
            "source": "unml",
            "id": "unml--18033",
            "nom": "Mission locale BOURGES MEHUN ST FLORENT",
            "date_maj": "2026-01-01",
            "commune": "Bourges",
            "code_postal": "18000",
            "code_insee": "18033",
            "adresse": "5 r de seraucourt",
            "reseaux_porteurs": ["mission-locale"],
        },
    )
    service = parsed.services[0]
    assert service["zone_eligibilite"] == ["18288", "18289", "18173"]
    assert service["publics"] == ["jeunes"]
    assert "16 à 25 ans" in service["publics_precisions"]
    assert parsed.spro["unml--18033"]["cep_operator"] is True


def test_a_commune_of_several_missions_locales_is_of_each():
    other = coverage("18288", "36044", **{"Nom Officiel ML": "36-ML CHATEAUROUX"})
    text = as_csv(coverage("18288"), other, separator=";")
    parsed = read(text, published_on=DAY)
    assert [row["zone_eligibilite"] for row in parsed.services] == [["18288"], ["18288"]]


def test_lines_of_coverage_that_are_wrong_are_refused_or_noted():
    rows = [
        coverage("18288"),
        coverage("18288"),
        coverage(""),
        coverage("18289", "1,8E+4"),
        coverage("1290", "1033", **{"Nom Officiel ML": "01-ML BOURG"}),
        coverage("18290", **{"Adresse ML": "6 rue de l’Exemple"}),
        coverage("18291", **{"Adresse ML": "6 rue de l’Exemple"}),
    ]
    parsed = read(as_csv(*rows, separator=";"), published_on=DAY)
    assert reasons(parsed) == [
        (3, "duplicate_identifier"),
        (4, "missing_field"),
        (5, "scientific_identifier"),
    ]
    assert parsed.structures[1]["id"] == "unml--01033"
    assert parsed.services[1]["zone_eligibilite"] == ["01290"]
    assert notes(parsed) == [("conflicting_fact", "6 rue de l’Exemple")]
    assert parsed.read == 7


def test_a_mission_locale_of_elsewhere_that_covers_the_department_is_taken():
    far = {"Nom Officiel ML": "75-ML PARIS", "Code Postal ML": "75018", "Ville ML": "Paris"}
    rows = [coverage("18288", "75119", **far), coverage("75101", "75120", **far)]
    parsed = read(as_csv(*rows, separator=";"), published_on=DAY, departments=frozenset({"18"}))
    assert [row["id"] for row in parsed.structures] == ["unml--75119"]
    assert [row["id"] for row in parsed.services] == ["unml--75119--accompagnement"]
    assert parsed.left_out == 1


def test_coverage_needs_its_columns():
    row = {name: value for name, value in coverage().items() if name != "Code ML"}
    with pytest.raises(errors.MissingColumnError) as caught:
        read(as_csv(row, separator=";"), published_on=DAY)
    assert caught.value.facts["columns"] == "Code ML"
