"""Choosing a partner from the command line: the answer, its stable JSON, and every refusal."""

import json

import pytest

from tests.fakes.command_line import Machine, command
from tests.matching.world import DIRECTORY_FILE, LE_BLANC

ASKED = {
    "commune": LE_BLANC,
    "motives": ["recherche_emploi"],
    "status": "inscrit",
    "age": 45,
    "level": "3",
    "executive": None,
    "languages": [],
    "can_travel_km": 20,
    "mode": "sur_rdv",
    "at": "2026-11-24T10:00",
}


@pytest.fixture
def say(capsys):
    return lambda *words, **more: command(*words, capsys=capsys, **more)


def written(folder, content):
    file = folder / "situation.json"
    text = content if isinstance(content, str) else json.dumps(content)
    file.write_text(text, encoding="utf-8")
    return file


def test_a_partner_is_chosen_with_its_reasons_and_those_set_aside(say, tmp_path):
    ended = say("match", written(tmp_path, ASKED), "--directory", DIRECTORY_FILE, "--json")
    answer = ended.json
    assert answer.keys() == {"first", "fallbacks", "set_aside", "took_ms"}
    first = answer["first"]
    assert first["structure_id"] == "ft-le-blanc"
    assert first["reference"] == "deux-portes-exemple/ft-le-blanc"
    assert first["service_id"] == "ft-le-blanc-1"
    assert first["name"] == "Agence France Travail de Le Blanc (exemple)"
    assert first["standing"] == "competent"
    assert (first["distance_km"], first["distance_is_approximate"]) == (0.0, False)
    assert first["reasons"][0] == "reçoit les personnes en recherche d’emploi"
    assert len(first["reasons"]) == len(first["codes"])
    assert {one["structure_id"]: one["code"] for one in answer["set_aside"]} == {
        "ml-le-blanc": "age_outside",
        "cap-36": "disability_unsaid",
    }
    assert answer["took_ms"] >= 0
    again = say("match", written(tmp_path, ASKED), "--directory", DIRECTORY_FILE, "--json").json
    assert again | {"took_ms": 0} == answer | {"took_ms": 0}


def test_the_directory_of_the_program_answers_too(say, tmp_path):
    answer = say("match", written(tmp_path, {"commune": LE_BLANC}), "--json").json
    assert answer["first"]["standing"] == "first_door"
    assert "exemple" in answer["first"]["name"]


def test_people_read_a_first_choice_the_others_and_those_set_aside(say, tmp_path):
    asked = ASKED | {"can_travel_km": None, "mode": None}
    shown = say("match", written(tmp_path, asked), "--directory", DIRECTORY_FILE).out
    plain = shown.replace("\u202f", " ").replace("\u00a0", " ")
    assert "Premier choix : Agence France Travail de Le Blanc (exemple)" in plain
    assert "Sinon : " in plain
    assert "Écartés :\n" in plain
    assert "ouvert mardi 8 h 30–12 h 30" in plain
    assert "Mission locale de Le Blanc (exemple) : reçoit de 16 à 25 ans." in plain


def test_nobody_is_said_when_there_is_nobody(say, tmp_path):
    empty = tmp_path / "vide.json"
    empty.write_text('{"structures": [], "services": []}', encoding="utf-8")
    asked = written(tmp_path, ASKED)
    assert say("match", asked, "--directory", empty).out.startswith("Personne")
    answer = say("match", asked, "--directory", empty, "--json").json
    assert (answer["first"], answer["fallbacks"], answer["set_aside"]) == (None, [], [])


def test_a_situation_can_come_from_the_standard_input(tmp_path):
    marked = "\ufeff" + json.dumps({"commune": LE_BLANC})  # as Notepad saves it
    assert Machine(tmp_path).run("match", "-", "--json", given=marked).json["first"]


def test_languages_may_be_named_in_french_and_levels_written_as_numbers(say, tmp_path):
    asked = {"commune": "28134", "motives": ["savoirs_de_base"], "languages": ["Arabe"], "level": 2}
    answer = say("match", written(tmp_path, asked), "--directory", DIRECTORY_FILE, "--json").json
    assert "reçoit en arabe" in answer["first"]["reasons"]


def test_a_moment_with_its_zone_is_brought_to_the_wall_clock(say, tmp_path):
    asked = ASKED | {"at": "2026-11-24T23:30:00+14:00"}
    answer = say("match", written(tmp_path, asked), "--directory", DIRECTORY_FILE, "--json").json
    assert "open" in answer["first"]["codes"]


def test_who_follows_and_who_asks_are_named_by_reference_or_identifier(say, tmp_path):
    asked = ASKED | {"followed_by": ["cap-36"], "own_reference": "deux-portes-exemple/ft-le-blanc"}
    answer = say("match", written(tmp_path, asked), "--directory", DIRECTORY_FILE, "--json").json
    assert answer["first"]["structure_id"] == "cap-36"
    assert answer["first"]["codes"][0] == "follows"


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"commune": "99999"}, "unknown_commune", "commune"),
        ({"commune": ""}, "unreadable_input", "il manque le code INSEE"),
        ({"commune": None}, "unreadable_input", "il manque le code INSEE"),
        ({"commune": 36018}, "unreadable_input", "il faut un texte"),
        ({"commune": "\ud800"}, "unreadable_input", "texte lisible"),
        ({"motives": ["recherche_emplois"]}, "unknown_vocabulary_code", "recherche_emploi"),
        ({"motives": "recherche_emploi"}, "unreadable_input", "il faut une liste"),
        ({"motives": [1]}, "unreadable_input", "il faut un texte"),
        ({"status": "chomeur"}, "unknown_vocabulary_code", "public_status"),
        ({"level": "bac"}, "unknown_vocabulary_code", "training_level"),
        ({"level": True}, "unreadable_input", "il faut un texte"),
        ({"purpose": "x"}, "unknown_vocabulary_code", "purpose"),
        ({"age_band": "jeune"}, "unknown_vocabulary_code", "age_band"),
        ({"mode": "telefone"}, "unknown_vocabulary_code", "telephone"),
        ({"languages": ["elfique"]}, "unknown_vocabulary_code", "language"),
        ({"age": -1}, "unreadable_input", "il faut un nombre de 0 à 130"),
        ({"age": 17.5}, "unreadable_input", "il faut un nombre entier"),
        ({"age": True}, "unreadable_input", "il faut un nombre"),
        ({"executive": "oui"}, "unreadable_input", "il faut vrai ou faux"),
        ({"can_travel_km": "10"}, "unreadable_input", "il faut un nombre"),
        ({"can_travel_km": 1e300}, "unreadable_input", "il faut un nombre"),
        ({"at": "demain"}, "unreadable_input", "il faut un moment"),
        ({"at": "0001-01-01"}, "unreadable_input", "il faut une année"),
        ({"until": "2026-11-24T10:00"}, "unreadable_input", "qui vienne après"),
        ({"followed_by": ["nulle-part"]}, "unknown_structure", "nulle-part"),
        ({"own_reference": "nulle-part"}, "unknown_structure", "nulle-part"),
        ({"nom": "Zoé"}, "unreadable_input", "champ inconnu"),
        ("[]", "unreadable_input", "il faut un objet"),
        ("{", "unreadable_input", "JSON"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(say, tmp_path, changes, code, words):
    content = changes if isinstance(changes, str) else ASKED | changes
    ended = say("match", written(tmp_path, content), "--directory", DIRECTORY_FILE, "--json")
    assert (ended.code, ended.out) == (3, "")
    assert ended.error["code"] == code
    assert words in ended.error["message"]
    plain = say("match", written(tmp_path, content), "--directory", DIRECTORY_FILE)
    assert plain.err.strip() == ended.error["message"]


def test_bytes_that_are_no_text_and_files_that_are_no_directory_are_refused(say, tmp_path):
    bad = tmp_path / "x.json"
    bad.write_bytes(b"\xff\xfe{")
    assert say("match", bad, "--json").error["code"] == "unreadable_input"
    asked = written(tmp_path, ASKED)
    assert say("match", asked, "--directory", bad, "--json").error["code"] == "unreadable_directory"
    assert say("match", tmp_path / "absent.json", "--json").code == 2


def test_the_directory_of_the_desk_is_asked_when_it_is_wanted(tmp_path):
    machine = Machine(tmp_path)
    machine.run("init", "--agent", "Alix Exemple", "--name", "Structure")
    asked = json.dumps({"commune": LE_BLANC})
    answer = machine.run("match", "-", "--here", "--json", given=asked).json
    assert "exemple" in answer["first"]["name"]
    refused = machine.run("match", "-", "--here", "--directory", DIRECTORY_FILE, given=asked)
    assert refused.code == 2
    assert "--here" in refused.err


def test_the_real_command_opens_no_workspace(tmp_path):
    machine = Machine(tmp_path)
    ended = machine.run("match", "-", "--json", given=json.dumps({"commune": LE_BLANC}))
    assert ended.json["first"]["name"]
    assert list(tmp_path.iterdir()) == []
