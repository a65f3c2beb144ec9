"""The JSON of a reception: described field by field, read strictly, refused with the place."""

import json

import pytest
from jsonschema import Draft202012Validator

from app.changes import Changes
from app.domain.errors import UnreadableIdentifierError, UnreadableInputError
from app.domain.identifiers import SubjectId
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
def test_what_is_not_json_is_refused_with_its_line(content, line):
    with pytest.raises(UnreadableInputError) as refusal:
        parse_json(content)
    assert refusal.value.facts["line"] == line
    assert "JSON" in str(refusal.value.facts["problem"])


@pytest.mark.parametrize(
    ("changed", "where", "said"),
    [
        ({"expressed": 12}, "expressed", "il faut un texte"),
        ({"motives": "decouvrir_metiers"}, "motives", "il faut une liste"),
        ({"notice_given": "oui"}, "notice_given", "il faut vrai ou faux"),
        ({"duration_min": "trente"}, "duration_min", "il faut un nombre entier"),
        ({"duration_min": True}, "duration_min", "il faut un nombre entier"),
        ({"duration_min": 2_000}, "duration_min", "règle maximum"),
        ({"person": []}, "person", "il faut un objet"),
        ({"mode": "pigeon"}, "mode", "« pigeon » n’est pas une valeur admise"),
        ({"motives": ["decouvrir_metiers", "rien"]}, "motives.1", "« rien » n’est pas"),
        ({"motives": ["alternance", "alternance"]}, "motives", "règle uniqueItems"),
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
        ({"expressed": "x" * 20_001}, "expressed", "règle maxLength"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(changed, where, said):
    facts = refused({"expressed": "Bonjour."} | changed)
    assert facts["where"] == where
    assert said in str(facts["problem"]).replace("\u00a0", " ")
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
        "stays_here": False,
    }
