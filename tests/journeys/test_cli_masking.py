"""The command line masks numbers that may not be kept, and says where."""

import json

import pytest

from app.domain.personal_numbers import MASK
from app.domain.social_numbers import key_of
from tests.fakes.command_line import Machine
from tests.journeys.test_cli_journeys import RECEPTION

_NUMBER = "1850336018045"
NIR = f"{_NUMBER}{key_of(_NUMBER)}"
SAID = {"expressed": f"Mon numéro est le {NIR}.", "private_note": f"NIR {NIR}"}


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    made.run("init", "--agent", "Alix Exemple", "--name", "Structure")
    return made


def test_the_answer_names_the_fields_where_a_number_was_masked(machine):
    added = machine.run("reception", "add", "-", "--json", given=json.dumps(SAID))
    assert added.json["masked"] == ["expressed", "private_note"]
    assert added.err == ""
    plain = machine.run("reception", "add", "-", "--json", given='{"expressed": "Un stage."}')
    assert plain.json["masked"] == []


def test_people_are_told_on_the_error_stream(machine):
    added = machine.run("reception", "add", "-", given=json.dumps(SAID))
    assert added.out.startswith("Accueil enregistré")
    assert "a été masqué\u202f: ce programme n’en garde pas (expressed, private_note)." in added.err
    lines = "\n".join(['{"expressed": "Un stage."}', json.dumps(SAID)])
    many = machine.run("reception", "add", "--lines", "-", given=lines)
    assert many.err.startswith("Ligne 2\u202f: Un numéro de sécurité sociale ou d’élève")
    assert NIR not in many.out + many.err + added.out + added.err


def test_a_refusal_does_not_repeat_a_number(machine):
    for content in ({"expressed": "x", "mode": NIR}, {"expressed": "x", NIR: "y"}):
        refused = machine.run("reception", "add", "-", given=json.dumps(content))
        assert refused.code == 3
        assert MASK in refused.err
        assert NIR not in refused.err


def test_an_answer_to_a_referral_says_that_its_message_was_masked(machine):
    added = machine.run("reception", "add", "-", "--json", given=json.dumps(RECEPTION)).json
    answer = ("referral", "answer", added["referral_id"], "--status", "acceptee")
    told = (*answer, "--route", "telephone", "--message", f"Son NIR : {NIR}")
    answered = machine.run(*told, "--json")
    assert answered.json["masked"] == ["message"]
    assert NIR not in answered.out
    assert MASK in machine.run("referral", "show", added["referral_id"]).out


def test_an_agent_is_not_named_by_a_number(machine):
    add = ("agent", "add", "--name", f"Camille {NIR}", "--role", "reception")
    machine.run(*add, DEUX_PORTES_NEW_PASSPHRASE="quatre mots sans lien")
    listed = machine.run("agent", "list", "--json").json["agents"]
    assert f"Camille {MASK}" in {agent["name"] for agent in listed}
