"""What people may ask about their data, from asking to the answer, with the real command."""

import json

import pytest

from resources import resource_path
from tests.fakes.command_line import Machine
from tests.journeys.test_cli_journeys import RECEPTION
from tests.printing.pages import text_of

ABSENT = "ffffffffffffffff-3"


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def person(machine):
    machine.run("init", "--agent", "Alix Exemple", "--name", "Structure")
    saved = machine.run("reception", "add", "-", "--json", given=json.dumps(RECEPTION)).json
    return saved["person_id"]


def test_a_request_goes_from_asking_to_its_answer_and_its_paper(machine, person, tmp_path):
    ask = ("person", "request", person, "--kind", "effacement", "--asked-on", "2024-11-04")
    asked = machine.run("--json", *ask, "--words", "Tout effacer (exemple)").json
    assert (asked["kind"], asked["asked_on"], asked["due_on"]) == (
        "effacement",
        "2024-11-04",
        "2024-12-04",
    )
    assert (asked["answer"], asked["words"]) == (None, "Tout effacer (exemple)")
    (waiting,) = machine.run("--json", "person", "requests", "--open").json["requests"]
    assert waiting["id"] == asked["id"]
    assert "Effacer son dossier" in machine.run("person", "requests", person).out

    answer = ("person", "answer-request", asked["id"], "--answer")
    refused = machine.run("--json", *answer, "refuse")
    assert (refused.code, refused.error["code"]) == (3, "answer_needs_words")
    done = machine.run("--json", *answer, "fait_en_partie", "--words", "Loi (exemple)").json
    assert (done["answer"], done["answer_words"], done["days_left"]) == (
        "fait_en_partie",
        "Loi (exemple)",
        None,
    )
    assert machine.run("--json", "person", "requests", "--open").json == {"requests": []}
    again = machine.run("--json", *answer, "fait")
    assert again.error["code"] == "request_already_answered"

    paper = tmp_path / "accords.pdf"
    assert machine.run("person", "agreements", person, "--out", paper).code == 0
    assert "Loi (exemple)" in text_of(paper.read_bytes())


def test_an_agreement_is_taken_back_and_its_referral_stops(machine, person):
    file = machine.run("--json", "person", "show", person).json
    (transmit,) = [one for one in file["agreements"] if one["kind"] == "transmit"]
    assert transmit["id"] in machine.run("person", "show", person).out
    taken = machine.run("--json", "person", "withdraw", transmit["id"]).json
    assert taken["agreement"] == transmit["id"]
    assert taken["stopped"] == [file["referrals"][0]["id"]]
    file = machine.run("--json", "person", "show", person).json
    (transmit,) = [one for one in file["agreements"] if one["kind"] == "transmit"]
    assert transmit["withdrawn_on"] == taken["withdrawn_on"]
    assert file["referrals"][0]["status"] == "retiree_par_la_personne"
    again = machine.run("--json", "person", "withdraw", transmit["id"])
    assert again.error["code"] == "agreement_already_withdrawn"


def test_what_is_not_here_is_refused(machine, person):
    assert machine.run("person", "withdraw", ABSENT).code == 8
    assert machine.run("person", "answer-request", ABSENT, "--answer", "fait").code == 8
    assert machine.run("person", "request", ABSENT, "--kind", "acces").code == 8
    wrong = machine.run("--json", "person", "request", person, "--kind", "oubli")
    assert wrong.error["code"] == "unknown_vocabulary_code"


def test_a_structure_writes_its_notice_and_the_next_reception_says_it(machine, person, tmp_path):
    content = json.loads(resource_path("notice", "default.json").read_text("utf-8"))
    text = tmp_path / "note.json"
    text.write_text(json.dumps(content | {"title": "Notre note"}), encoding="utf-8")
    written = machine.run("--json", "notice", "write", text).json
    assert written["new"]
    assert not machine.run("--json", "notice", "write", text).json["new"]
    every = machine.run("--json", "notice", "list").json["notices"]
    assert [(one["version"], one["own"], one["given"]) for one in every] == [
        (written["version"], True, True),
        (content["version"], False, False),
    ]
    assert machine.run("--json", "notice", "show").json["title"] == "Notre note"
    assert content["title"] in machine.run("notice", "show", content["version"]).out
    absent = machine.run("--json", "notice", "show", "2020.01")
    assert absent.error["code"] == "unknown_notice"

    machine.run("reception", "add", "-", given=json.dumps(RECEPTION | {"person": {"id": person}}))
    meetings = machine.run("--json", "person", "show", person).json["encounters"]
    assert [one["details"]["notice_version"] for one in meetings] == [
        written["version"],
        content["version"],
    ]
    paper = tmp_path / "note.pdf"
    assert machine.run("notice", "--out", paper).code == 0
    assert written["version"] in text_of(paper.read_bytes())
    assert machine.run("notice").code == 2
