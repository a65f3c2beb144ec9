"""The JSON of a reception: described field by field, read strictly, refused with the place."""

import json
import re

import pytest
from jsonschema import Draft202012Validator

from app.changes import Changes
from app.domain.errors import UnreadableIdentifierError, UnreadableInputError
from app.domain.identifiers import SubjectId
from app.domain.outside import OutsideStructure
from app.usecases.reception_json import (
    parse_json,
    reception_from,
    reception_reader,
    recorded_as_json,
)
from app.usecases.reception_schema import reception_schema
from app.usecases.receptions import RecordedReception
from tests.builders import REFERENCE, a_reception

SCHEMA = reception_schema(REFERENCE.vocabularies)
READ = reception_reader(REFERENCE.vocabularies)
ENGLISH = re.compile(
    r"expect|limit|exceed|recursion|delimiter|value\b|digits|max[A-Z]|uniqueItems|m[ai][xn]imum",
    re.IGNORECASE,
)
ONE_LINE = (
    *("commune", "received_at", "demand", "already_met.0"),
    *(f"person.{name}" for name in ("id", "family_name", "given_name", "birth_name", "usual_name")),
    *(f"person.{name}" for name in ("birth_on", "telephone", "email", "address", "commune")),
    *("referral.to", "referral.deadline_on", "referral.instead_of"),
    "referral.service",
    *("referral.outside.telephone", "referral.outside.email", "referral.outside.address"),
)
LONG = ("expressed", "analysed", "reception_note", "counselling_note", "private_note")
WELL_WRITTEN = {"commune": "36018", "birth_on": "2008-02-29", "deadline_on": "2026-12-24"}
WELL_WRITTEN |= {"received_at": "2026-11-24T09:15:00+01:00", "id": "0000000000000001-17"}
SUBJECT = SubjectId(bytes(7) + b"\x01" + (17).to_bytes(8, "big"))
WHOLE = {
    "expressed": "Je cherche une formation.",
    "received_at": "2026-11-24T09:15:00+01:00",
    "motives": ["decouvrir_metiers"],
    "already_met": ["La mairie (exemple)"],
    "duration_min": 30.0,
    "commune": "36018",
    "notice_given": True,
    "agreement_to_record": True,
    "demand": "0000000000000001-17",
    "person": {
        "id": "0000000000000001-17",
        "birth_on": "2008-02-29",
        "telephone": "06 39 98 00 01",
    },
    "referral": {"to": "une/structure", "agreement": True, "handover": "rdv_pris"},
}


def described(schema: dict) -> list[tuple[str, bool]]:
    """Each field of a schema, with its parts, and whether it is described."""
    found = []
    for name, rule in schema["properties"].items():
        found.append((name, len(rule.get("description", "").split()) > 0))
        if rule.get("type") == "object":
            found += [(f"{name}.{part}", told) for part, told in described(rule)]
    return found


def refused(content: object) -> dict[str, object]:
    with pytest.raises(UnreadableInputError) as refusal:
        READ(content if isinstance(content, str) else json.dumps(content))
    return refusal.value.facts


def test_the_schema_is_one_and_describes_every_field():
    Draft202012Validator.check_schema(SCHEMA)
    fields = dict(described(SCHEMA))
    assert {"expressed", "person.family_name", "referral.to", "private_note"} <= set(fields)
    assert all(fields.values())


def test_only_what_the_person_asks_is_required():
    assert SCHEMA["required"] == ["expressed"]
    assert READ('{"expressed": "Bonjour."}') == a_reception(expressed="Bonjour.")


def test_the_schema_covers_every_field_of_a_reception():
    assert set(SCHEMA["properties"]) == set(a_reception().__slots__)


def test_a_whole_reception_is_read():
    reception = READ(json.dumps(WHOLE))
    assert reception.motives == ("decouvrir_metiers",)
    assert reception.demand == SUBJECT
    assert reception.person is not None
    assert (reception.person.known, reception.person.birth_on) == (SUBJECT, "2008-02-29")
    assert reception.referral is not None
    assert (reception.referral.to, reception.referral.handover) == ("une/structure", "rdv_pris")
    assert type(reception.duration_min) is int


def test_why_another_structure_was_chosen_is_read():
    chosen = {"other_choice": "delai", "instead_of": "une/autre"}
    reception = READ(json.dumps(WHOLE | {"referral": WHOLE["referral"] | chosen}))
    assert reception.referral is not None
    assert (reception.referral.other_choice, reception.referral.instead_of) == (
        "delai",
        "une/autre",
    )


def test_a_structure_of_no_directory_is_read_with_how_to_reach_it():
    kept = {"to": "Les Copeaux (exemple)", "outside": {"telephone": "02 54 00 00 01"}}
    referral = READ(json.dumps(WHOLE | {"referral": WHOLE["referral"] | kept})).referral
    assert referral is not None
    assert referral.outside == OutsideStructure(telephone="02 54 00 00 01")
    bare = READ(json.dumps(WHOLE | {"referral": WHOLE["referral"] | {"outside": {}}})).referral
    assert bare is not None
    assert bare.outside == OutsideStructure()


def test_a_new_person_has_no_identifier():
    assert reception_from({"expressed": "x", "person": {"family_name": "A"}}).person.known is None


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("", 1),
        ("pas du json", 1),
        ('{"expressed": "x",\n "mode": }', 2),
        ('{"expressed": NaN}', 0),
        ('{"expressed": "x", "expressed": "y"}', 0),
        ("[" * 100_000, 0),
        ("9" * 5_000, 0),
    ],
)
def test_what_is_not_json_is_refused_in_french_with_its_line(content, line):
    with pytest.raises(UnreadableInputError) as refusal:
        parse_json(content)
    assert refusal.value.facts["line"] == line
    assert "JSON" in str(refusal.value.facts["problem"])
    assert not ENGLISH.search(str(refusal.value.facts["problem"]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"expressed": "x",\n "door": "premiere",\n "mode":   }', "(ligne 3, colonne 12)"),
        ('{"expressed": NaN}', "NaN"),
        ("[" * 100_000, "trop de niveaux"),
        ("9" * 5_000, "nombre trop long"),
    ],
)
def test_what_is_wrong_in_the_json_is_said(content, said):
    assert said in str(refused(content)["problem"])


def test_too_many_levels_in_a_field_are_refused():
    levels = 900
    assert refused('{"expressed": "x", "mode": ' + "[" * levels + "]" * levels + "}")


def test_a_hundred_unknown_fields_are_not_all_repeated():
    problem = str(refused({"expressed": "x"} | {f"champ{n}": n for n in range(100)})["problem"])
    assert "« champ0 », « champ1 »" in problem.replace("\u00a0", " ")
    assert len(problem) < 500


def written(place: str, sign: str) -> dict:
    """A reception with that sign at the end of one field."""
    name = place.rpartition(".")[2]
    text = WELL_WRITTEN.get(name, "exemple") + sign
    if place == "already_met.0":
        return {"expressed": "x", "already_met": [text]}
    if place.startswith("person."):
        return {"expressed": "x", "person": {name: text}}
    if place.startswith("referral.outside."):
        kept = {"to": "x", "agreement": True, "outside": {name: text}}
        return {"expressed": "x", "referral": kept}
    if place.startswith("referral."):
        return {"expressed": "x", "referral": {"to": "x", "agreement": True} | {name: text}}
    return {"expressed": "x"} | {place: text}


@pytest.mark.parametrize("place", ONE_LINE)
@pytest.mark.parametrize("sign", ["\n", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"])
def test_a_field_of_one_line_holds_no_control_sign(place, sign):
    assert refused(written(place, sign))["where"] == place


@pytest.mark.parametrize("place", [*LONG, "referral.message"])
def test_a_long_text_has_lines_and_tabs_but_no_other_control_sign(place):
    assert READ(json.dumps(written(place, "\n\tà suivre")))
    for sign in ("\0", "\x1b", "\x7f"):
        facts = refused(written(place, sign))
        assert facts["where"] == place
        assert "signe invisible" in str(facts["problem"])


@pytest.mark.parametrize("empty", [{}, {"family_name": "", "telephone": "  "}])
def test_a_person_of_whom_nothing_is_said_is_nobody(empty):
    assert READ(json.dumps({"expressed": "x", "person": empty})).person is None


def fields_with_rules(schema: dict) -> list[tuple[str, dict]]:
    found = []
    for name, rule in schema["properties"].items():
        found.append((name, rule))
        if rule.get("type") == "object":
            found += [(f"{name}.{part}", inner) for part, inner in fields_with_rules(rule)]
    return found


@pytest.mark.parametrize(("name", "rule"), fields_with_rules(SCHEMA))
def test_every_field_has_an_example_that_fits(name, rule):
    validator = Draft202012Validator(rule, format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert rule["examples"]
    for example in rule["examples"]:
        validator.validate(example)


def test_the_examples_together_are_a_reception():
    examples = {name: rule["examples"][0] for name, rule in SCHEMA["properties"].items()}
    reception = READ(json.dumps(examples))
    assert reception.person is not None
    assert reception.referral is not None


@pytest.mark.parametrize(
    ("changed", "where", "said"),
    [
        ({"expressed": 12}, "expressed", "il faut un texte"),
        ({"motives": "decouvrir_metiers"}, "motives", "il faut une liste"),
        ({"notice_given": "oui"}, "notice_given", "il faut vrai ou faux"),
        ({"duration_min": "trente"}, "duration_min", "il faut un nombre entier"),
        ({"duration_min": True}, "duration_min", "il faut un nombre entier"),
        ({"duration_min": 2_000}, "duration_min", "au plus 1 440"),
        ({"person": []}, "person", "il faut un objet"),
        ({"mode": "pigeon"}, "mode", "« pigeon » n’est pas une valeur admise"),
        ({"motives": ["decouvrir_metiers", "rien"]}, "motives.1", "« rien » n’est pas"),
        ({"motives": ["alternance", "alternance"]}, "motives", "sans doublon"),
        ({"couleur": "bleu"}, "", "champ inconnu « couleur »"),
        ({"person": {"nom": "A"}}, "person", "champ inconnu « nom »"),
        ({"referral": {"agreement": True}}, "referral", "il manque « to »"),
        ({"referral": {"to": "x"}}, "referral", "il manque « agreement »"),
        ({"commune": "Le Blanc"}, "commune", "n’a pas la forme attendue"),
        ({"received_at": "hier"}, "received_at", "n’a pas la forme attendue"),
        ({"received_at": 12}, "received_at", "il faut un texte"),
        ({"received_at": "2026-11-24T09:15:00"}, "received_at", "n’a pas la forme attendue"),
        ({"person": {"birth_on": "2007-02-29"}}, "person.birth_on", "n’a pas la forme attendue"),
        ({"person": {"birth_on": "29/02/2008"}}, "person.birth_on", "n’a pas la forme attendue"),
        ({"expressed": "x" * 20_001}, "expressed", "au plus 20 000 signes"),
        ({"demand": "x" * 201}, "demand", "au plus 200 signes"),
        ({"already_met": ["x"] * 21}, "already_met", "au plus 20 éléments"),
        ({"duration_min": -1}, "duration_min", "au moins 0"),
        ({"mode": {"a": 1}}, "mode", '« {"a": 1} » n’est pas une valeur admise'),
        ({"mode": True}, "mode", "« true » n’est pas une valeur admise"),
        ({"mode": None}, "mode", "« null » n’est pas une valeur admise"),
        ({"mode": ["très"] * 40}, "mode", '« ["très", "très"'),
        ({"mode": "sur\nplace"}, "mode", "« sur\\nplace »"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(changed, where, said):
    facts = refused({"expressed": "Bonjour."} | changed)
    assert facts["where"] == where
    assert said in str(facts["problem"]).replace("\u00a0", " ").replace("\u202f", " ")
    assert not ENGLISH.search(str(facts["problem"]))
    assert len(str(facts["problem"])) < 1_000


def test_what_is_missing_is_named():
    assert "expressed" in str(refused({})["problem"])
    assert refused([]) == {"where": "", "problem": "il faut un objet", "line": 0}
    assert refused("null")["problem"] == "il faut un objet"


def test_an_identifier_that_is_none_is_refused():
    with pytest.raises(UnreadableIdentifierError):
        READ('{"expressed": "x", "demand": "celle d’hier"}')


def test_what_was_made_is_answered_in_stable_names():
    recorded = RecordedReception(
        encounter=SUBJECT,
        demand=SUBJECT,
        person=None,
        referral=SUBJECT,
        route="relay",
        stays_here=False,
        changes=Changes(),
    )
    assert recorded_as_json(recorded) == {
        "encounter_id": "0000000000000001-17",
        "demand_id": "0000000000000001-17",
        "person_id": None,
        "referral_id": "0000000000000001-17",
        "route": "relay",
        "masked": [],
        "stays_here": False,
    }
