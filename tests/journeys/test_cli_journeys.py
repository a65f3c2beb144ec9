"""A script's day with the real command, each machine with its own home."""

import json
import signal
import subprocess
import sys

import pytest

from tests.fakes.command_line import PASSPHRASE, ROOT, Machine

RECEPTION = {
    "expressed": "Je voudrais changer de métier, sans partir d’ici.",
    "notice_given": True,
    "agreement_to_record": True,
    "commune": "36018",
    "person": {
        "family_name": "Exemple-Martin",
        "given_name": "Zoé",
        "birth_on": "1991-03-01",
        "telephone": "0261910000",
        "commune": "36018",
    },
    "referral": {
        "to": "Mission locale d’entraînement, antenne du Blanc (exemple)",
        "agreement": True,
    },
}


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def saved(machine):
    """The answer to the first reception recorded on a new desk."""
    machine.run("init", "--agent", "Alix Exemple", "--name", "Structure")
    return machine.run("reception", "add", "-", "--json", given=json.dumps(RECEPTION)).json


def test_a_new_workspace_gives_its_recovery_code_once(machine):
    made = machine.run("init", "--agent", "Alix Exemple", "--name", "Structure", "--json").json
    assert made["agent"] == "Alix Exemple"
    assert len(made["recovery_code"].replace("-", "")) == 26


def test_a_person_received_is_found_again_with_a_mistake(machine, saved):
    found = machine.run("--json", "person", "search", "martain", "zoe").json
    [one] = found["results"]
    assert one["id"] == saved["person_id"]
    assert one["display_name"] == "Zoé Exemple-Martin"
    assert one["birth_on"] == "1991-03-01"
    assert (one["commune"], one["commune_name"]) == ("36018", "Le Blanc")
    assert found["took_ms"] >= 0
    shown = machine.run("person", "show", one["short_id"]).out
    assert "1er\u00a0mars\u00a01991" in shown


def test_an_answer_told_by_telephone_enters_the_history(machine, saved):
    [referral] = machine.run("referral", "list", "--json").json["referrals"]
    assert referral["id"] == saved["referral_id"]
    assert referral["to"] == RECEPTION["referral"]["to"]
    assert [step["status"] for step in referral["history"]] == ["transmise"]
    assert referral["history"][0]["at"].endswith("Z")

    answer = ("referral", "answer", referral["id"], "--status", "acceptee", "--route", "telephone")
    answered = machine.run(*answer, "--message", "Rendez-vous jeudi.", "--json").json
    assert answered["status"] == "acceptee"
    assert answered["history"][-1]["route"] == "telephone"


def test_a_person_erased_is_found_no_more(machine, saved):
    assert machine.run("person", "erase", saved["person_id"], "--yes").code == 0
    assert machine.run("person", "search", "martin", "--json").json["results"] == []
    assert machine.run("person", "show", saved["person_id"]).code == 8


@pytest.mark.usefixtures("saved")
def test_what_was_saved_waits_to_leave(machine):
    state = machine.run("status", "--json").json
    assert state["events"]["pending"] > 0
    assert state["oldest_pending_at"].endswith("Z")
    assert state["last_contact_at"] is None


def test_the_recovery_code_opens_when_the_passphrase_is_lost(machine):
    made = machine.run("init", "--json").json
    code = made["recovery_code"].lower().replace("-", " ")
    opened = machine.run("status", "--recovery", "--json", DEUX_PORTES_PASSPHRASE=code)
    assert opened.code == 0
    assert machine.run("status", "--json", DEUX_PORTES_PASSPHRASE=code).code == 5


def test_lines_saved_before_a_kill_are_there_after_it(machine):
    machine.run("init", "--name", "Structure")
    command = [sys.executable, "-m", "ui", "reception", "add", "--lines", "-", "--json"]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=machine.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        assert process.stdin
        assert process.stdout
        for _ in range(3):
            process.stdin.write(json.dumps({"expressed": "Un stage."}).encode() + b"\n")
            process.stdin.flush()
        printed = process.stdout.readline()
        process.kill()
    assert json.loads(printed)["encounter_id"]
    pending = machine.run("status", "--json").json["events"]["pending"]
    assert pending >= 2  # a demand and an encounter at least


def test_french_is_written_in_utf8_whatever_the_machine_announces(machine):
    ended = machine.run("commune", "search", "châteauroux", "--json", PYTHONIOENCODING="ascii")
    assert ended.json["communes"][0]["name"] == "Châteauroux"
    refused = machine.run("status", PYTHONIOENCODING="ascii")
    assert refused.code == 4
    assert "Créez-en un" in refused.err


def test_the_passphrase_is_never_an_argument(machine):
    ended = machine.run("status", "--passphrase", PASSPHRASE, "--json")
    assert ended.code == 2
    assert PASSPHRASE not in ended.err


def test_the_command_line_starts_without_qt(machine):
    program = (
        "import sys; from ui.__main__ import main; code = main(['commune', 'search', 'issoudun']);"
        "sys.exit(code or any('PySide6' in name for name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=machine.environment(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0


def test_each_count_of_the_status_opens_its_records(machine, saved):
    counts = machine.run("status", "--json").json["events"]
    listed = machine.run("exchange", "records", "pending", "--json").json
    assert listed["state"] == "pending"
    assert len(listed["records"]) == counts["pending"] > 0
    kinds = {record["kind"] for record in listed["records"]}
    assert {"person", "demand", "encounter"} <= kinds
    assert "Fiche d’une personne" in machine.run("exchange", "records", "pending").out
    said = machine.run("exchange", "records", "on_stick")
    assert (said.code, said.out.strip()) == (0, "Aucun enregistrement dans cet état.")


def test_two_files_of_one_person_are_found_merged_and_separated(machine, saved):
    again = RECEPTION | {"person": RECEPTION["person"] | {"family_name": "Exemple-Matrin"}}
    machine.run("reception", "add", "-", "--json", given=json.dumps(again))
    ((pair),) = machine.run("person", "duplicates", "--json").json["duplicates"]
    assert {"close_name", "birth", "telephone"} <= set(pair["reasons"])
    assert "nom à une lettre près" in machine.run("person", "duplicates").out.casefold()
    assert machine.run("person", "merge", pair["one"], pair["other"]).code == 0
    assert machine.run("person", "duplicates", "--json").json["duplicates"] == []
    refused = machine.run("person", "merge", pair["one"], pair["other"], "--json")
    assert refused.error["code"] == "nothing_to_merge"
    assert machine.run("person", "separate", pair["other"]).code == 0
    assert machine.run("person", "set-apart", pair["one"], pair["other"]).code == 0
    assert machine.run("person", "duplicates").out.strip() == "Aucune fiche ne semble en double."


def test_a_meeting_is_copied_by_a_template_of_one_s_own(machine, saved):
    text = machine.run("copy", "show", saved["encounter_id"]).out
    assert "Demande : Je voudrais changer de métier" in text
    kept = machine.run("copy", "keep", "court2", "--label", "À nous", given="Vu : {demande}")
    assert kept.code == 0
    again = machine.run("copy", "show", saved["encounter_id"], "--template", "court2").out
    assert again.strip().startswith("Vu : Je voudrais")
    refused = machine.run("copy", "keep", "x", "--label", "X", "--json", given="{inconnu}")
    assert refused.error["code"] == "template_refused"
    assert machine.run("copy", "forget", "court2").code == 0
    assert machine.run("copy", "show", saved["encounter_id"], "--template", "court2").code == 8


def test_a_practice_workspace_is_filled_and_a_real_one_is_not(machine):
    made = machine.run("init", "--practice", "--name", "Structure", "--json").json
    assert made["practice"] is True
    ended = machine.run("invent", "--persons", "40", "--receptions", "60", "--seed", "5", "--json")
    filled = ended.json
    assert (filled["persons"], filled["receptions"], filled["seed"]) == (40, 60, 5)
    assert machine.run("status", "--json").json["events"]["pending"] > 160

    real = machine.home / "real"
    machine.run("init", "--workspace", real, "--name", "Structure")
    refused = machine.run("invent", "--workspace", real, "--json")
    assert refused.code == 4
    assert refused.error["code"] == "not_for_practice"
    assert "exercice" in refused.error["message"]


def test_a_practice_workspace_enters_no_region(machine):
    ended = machine.run("init", "--practice", "--region", ROOT / "pyproject.toml", "--json")
    assert ended.code == 2
    assert ended.error["code"] == "usage"


def test_an_interrupted_invention_leaves_what_it_announced(machine):
    machine.run("init", "--practice", "--name", "Structure")
    words = ("invent", "--persons", "2000000", "--receptions", "0")
    running = subprocess.Popen(
        [sys.executable, "-m", "ui", *words],
        cwd=ROOT,
        env=machine.environment(),
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        announced = running.stderr.readline()
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode == 130
    assert "Interrompu" in told
    persons = int("".join(sign for sign in announced.partition("personnes")[0] if sign.isdecimal()))
    assert persons > 0
    assert machine.run("rebuild", "--json").json["subjects"] >= 2 * persons
