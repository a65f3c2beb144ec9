"""The people to practise with: invented, unmistakably, and received as the rules want."""

import json
import re
from datetime import date, datetime

from jsonschema import Draft202012Validator, FormatChecker

from app.reference.communes import Communes
from app.reference.directory import read_directory
from app.reference.vocabulary import Vocabularies
from app.usecases.reception_schema import reception_schema
from resources import resource_path

CONTENT = json.loads(resource_path("starter", "practice_people.json").read_text(encoding="utf-8"))
PEOPLE = {person["id"]: person for person in CONTENT["people"]}
RECEPTIONS = CONTENT["first_receptions"]
COMMUNES = Communes(resource_path("communes", "communes.csv"))
DIRECTORY = read_directory(resource_path("starter", "practice_directory.json"))
VOCABULARIES = Vocabularies(resource_path("vocabulary"))

FICTION = re.compile(r"\+33(26191|63998)\d{4}")
"""Numbers that Arcep keeps for works of fiction: nobody ever answers there."""


def test_there_is_enough_to_practise_with():
    assert len(PEOPLE) == len(CONTENT["people"]) == 40
    assert len(RECEPTIONS) == 15


def test_the_file_says_that_nobody_in_it_exists():
    assert CONTENT["is_invented"]
    assert "inventés" in CONTENT["about"]
    assert all(identifier.startswith("exemple-") for identifier in PEOPLE)


def test_nobody_can_be_reached_by_mistake():
    for person in PEOPLE.values():
        assert FICTION.fullmatch(person["telephone"])
        assert person.get("email", ".example").endswith(".example")


def test_people_live_in_communes_of_the_indre():
    for person in PEOPLE.values():
        assert COMMUNES.by_code(person["commune"]).insee_code == person["commune"]
        assert COMMUNES.by_code(person["commune"]).department == "36"
        assert date.fromisoformat(person["birth_on"]) < date(2026, 1, 1)
        VOCABULARIES.check("sex", person["sex"])


def test_receptions_are_what_the_program_accepts():
    validator = Draft202012Validator(reception_schema(VOCABULARIES), format_checker=FormatChecker())
    for row in RECEPTIONS:
        assert not [error.message for error in validator.iter_errors(row["reception"])]


def test_receptions_took_place_in_structures_of_the_directory():
    for row in RECEPTIONS:
        assert DIRECTORY.by_id(row["structure"])
        assert datetime.fromisoformat(row["reception"]["received_at"]).utcoffset() is not None


def test_a_referral_has_a_name_a_notice_and_an_agreement():
    referred = [row for row in RECEPTIONS if "referral" in row["reception"]]
    assert len(referred) >= 10
    for row in referred:
        reception = row["reception"]
        assert row["person"] is not None
        assert reception["notice_given"]
        assert reception["agreement_to_record"]
        assert reception["referral"]["agreement"]
        assert reception["outcome"] == "mise_en_relation"
        assert DIRECTORY.by_reference(reception["referral"]["to"]).id != row["structure"]


def test_some_people_stay_without_a_name():
    unnamed = [row["reception"] for row in RECEPTIONS if row["person"] is None]
    assert len(unnamed) >= 3
    assert not any("agreement_to_record" in reception for reception in unnamed)


def test_nothing_sensitive_is_recorded():
    for row in RECEPTIONS:
        reception = row["reception"]
        for name, codes in (
            ("public_status", [reception["status"]]),
            ("barrier", reception["barriers"]),
            ("need", reception["needs"]),
        ):
            assert not any(VOCABULARIES.check(name, code).is_sensitive for code in codes)


def test_receptions_agree_with_their_people():
    for row in RECEPTIONS:
        if row["person"] is None:
            continue
        person, reception = PEOPLE[row["person"]], row["reception"]
        assert reception["commune"] == person["commune"]
        assert reception["sex"] == person["sex"]
        band = VOCABULARIES.check("age_band", reception["age_band"]).attributes
        received, born = reception["received_at"], person["birth_on"]
        age = int(received[:4]) - int(born[:4]) - (received[5:10] < born[5:])
        assert band.get("age_from", 0) <= age <= band.get("age_to", 130)
