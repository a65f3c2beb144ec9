"""Every way a command can be refused: its exit code, a French sentence, JSON when asked for."""

import importlib
import io
import json
import os
import pkgutil
import sys

import pytest

from app.domain.errors import AppError
from tests.fakes.command_line import PASSPHRASE, ROOT, Windows, command
from ui.cli.program import deux_portes, run
from ui.cli.refusals import EXCHANGE, INPUT, MEANINGS, WORKSPACE, exit_code
from ui.compose import create_desk, open_desk

STRUCTURE = "Structure d’exemple"
RECEPTION = {
    "expressed": "Je voudrais changer de métier.",
    "agreement_to_record": True,
    "notice_given": True,
    "person": {"family_name": "Exemple-Martin", "given_name": "Zoé", "commune": "36018"},
}


@pytest.fixture
def desk_folder(tmp_path, monkeypatch):
    """A workspace whose passphrase is in the environment, as scripts have it."""
    folder = tmp_path / "poste"
    desk, _code = create_desk(
        folder, agent_name="Alix Exemple", role="adviser", passphrase=PASSPHRASE, name=STRUCTURE
    )
    desk.workspace.close()
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("DEUX_PORTES_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def say(capsys):
    return lambda *words, **more: command(*words, capsys=capsys, **more)


def written(folder, *receptions):
    file = folder / "accueils.jsonl"
    lines = (r if isinstance(r, str) else json.dumps(r) for r in receptions)
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "words",
    [
        ("inconnue",),
        ("person",),
        ("person", "serch", "x"),
        ("person", "search"),
        ("person", "search", "x", "--limit", "0"),
        ("person", "search", "x", "--limit", "beaucoup"),
        ("person", "search", "x", "--limite", "3"),
        ("person", "show", "a", "b"),
        ("referral", "list", "--direction", "up"),
        ("referral", "answer", "x"),
        ("reception", "add", "nulle-part.json"),
        ("status", "--workspace"),
        ("status", "--check=1"),
        ("structure", "init", "--out", "nulle-part/demande.json"),
        ("structure", "init", "--out", "demande.json"),
    ],
)
def test_a_command_written_wrong_is_refused_in_french(say, words):
    ended = say(*words)
    assert ended.code == 2
    assert ended.out == ""
    assert "Utilisation" in ended.err or "option" in ended.err
    for english in ("Usage", "Error", "Try ", "Missing", "Invalid", "No such", "Show"):
        assert english not in ended.err
    assert say("--json", *words).error["code"] == "usage"


@pytest.mark.parametrize(
    "words", [(), ("reception",), ("reception", "add"), ("referral", "answer")]
)
def test_help_is_french(say, words):
    ended = say(*words, "--help")
    assert ended.code == 0
    assert "Afficher cette aide et quitter" in ended.out
    assert "Utilisation\u202f:" in ended.out
    assert "Usage:" not in ended.out


def test_help_lists_every_exit_code(say):
    shown = say("--help").out
    assert [code for code, _meaning in MEANINGS if f"\n  {code:>3}  " not in shown] == []


def test_the_documentation_lists_every_exit_code():
    page = (ROOT / "docs" / "command-line.md").read_text("utf-8")
    assert [code for code, _meaning in MEANINGS if f"\n| {code} |" not in page] == []


def test_every_command_has_help_in_french(say):
    import click

    context = click.Context(deux_portes)
    for name in deux_portes.list_commands(context):
        found = deux_portes.get_command(context, name)
        assert found.help, name
        for below in getattr(found, "commands", {}).values():
            assert below.help, (name, below.name)


def test_every_refusal_has_an_exit_code_of_a_family():
    for package in ("app", "sync"):
        place = importlib.import_module(package).__path__
        for module in pkgutil.walk_packages(place, f"{package}."):
            if not module.name.endswith(("__main__", ".migrations.env")):
                importlib.import_module(module.name)
    known = {code for code, _meaning in MEANINGS}
    families = [AppError]
    while families:
        family = families.pop()
        families += family.__subclasses__()
        if family.code and family.__module__.startswith(("app.", "sync.")):
            code = exit_code(family.__new__(family))
            assert code in known - {0, 1, 2, 130}
            if family.__module__ == "sync.errors":
                assert code == EXCHANGE or family.code == "unknown_request"


def test_no_workspace_is_said_before_any_passphrase(say, tmp_path):
    ended = say("status", "--workspace", tmp_path / "rien", "--json")
    assert ended.code == WORKSPACE
    assert ended.error["code"] == "workspace_missing"


def test_a_workspace_is_never_made_twice(say, desk_folder):
    assert say("init").code == WORKSPACE
    assert say("init", "--json").error["code"] == "workspace_exists"


def test_a_damaged_workspace_says_so(say, desk_folder):
    (desk_folder / "desk.db").write_bytes(b"abime" * 1000)
    assert say("status", "--json").error["code"] == "workspace_damaged"


def test_a_held_workspace_is_busy(say, desk_folder):
    desk = open_desk(desk_folder, agent=None, passphrase=PASSPHRASE)
    try:
        ended = say("status", "--json")
    finally:
        desk.workspace.close()
    assert (ended.code, ended.error["code"]) == (6, "workspace_busy")
    assert say("status").code == 0


def test_no_passphrase_and_nobody_to_ask(say, desk_folder, monkeypatch):
    monkeypatch.delenv("DEUX_PORTES_PASSPHRASE")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    ended = say("status", "--json")
    assert (ended.code, ended.error["code"]) == (5, "missing_passphrase")


def test_wrong_passphrases_make_one_wait(say, desk_folder, monkeypatch):
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", "une tout autre phrase")
    codes = [say("status", "--json").error["code"] for _ in range(5)]
    assert codes[0] == "wrong_passphrase"
    assert codes[-1] == "too_soon"


def test_a_short_passphrase_makes_no_workspace(say, tmp_path, monkeypatch):
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", "court")
    ended = say("init", "--json", "--workspace", tmp_path / "neuf")
    assert (ended.code, ended.error["code"]) == (5, "weak_passphrase")


def test_an_unknown_agent_is_refused(say, desk_folder):
    assert say("status", "--agent", "Personne", "--json").error["code"] == "unknown_agent"
    assert say("status", "--agent", "Alix Exemple").code == 0


def test_the_passphrase_can_come_from_a_file(say, desk_folder, tmp_path, monkeypatch):
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", "celle d’un autre poste")
    file = tmp_path / "phrase.txt"
    file.write_text(f"{PASSPHRASE}\r\nune note\n", encoding="utf-8")
    assert say("--passphrase-file", file, "status").code == 0
    assert say("status", "--passphrase-file", file).code == 0


def test_a_second_agent_opens_with_their_own_passphrase(say, desk_folder, monkeypatch):
    monkeypatch.setenv("DEUX_PORTES_NEW_PASSPHRASE", "cinq autres mots pour lui")
    added = say("agent", "add", "--name", "Sacha Exemple", "--role", "reception", "--json")
    assert added.json == {"name": "Sacha Exemple", "role": "reception"}
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", "cinq autres mots pour lui")
    seen = say("agent", "list", "--json").json["agents"]
    assert {one["name"]: one["is_here"] for one in seen} == {
        "Alix Exemple": False,
        "Sacha Exemple": True,
    }


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"expressed": " "}, "missing_expressed_demand"),
        ({"agreement_to_record": None}, "unreadable_input"),
        ({"agreement_to_record": False}, "agreement_to_record_missing"),
        ({"motives": ["voler"]}, "unreadable_input"),
        ({"inconnu": 1}, "unreadable_input"),
        ({"commune": "99999"}, "unknown_commune"),
        ({"person": {"telephone": "0261910000"}}, "person_name_missing"),
        ({"referral": {"to": "Nulle part", "agreement": True}}, "unknown_structure"),
        ({"expressed": "\ud800"}, "unreadable_input"),
    ],
)
def test_a_reception_refused_is_not_written(say, desk_folder, tmp_path, changes, code):
    ended = say("reception", "add", written(tmp_path, RECEPTION | changes), "--json")
    assert (ended.code, ended.error["code"], ended.out) == (INPUT, code, "")
    assert say("status", "--json").json["events"]["pending"] == 0


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"expressed": "a"} {}', "\x00"])
def test_what_is_no_json_object_is_refused(say, desk_folder, tmp_path, text):
    ended = say("reception", "add", written(tmp_path, text), "--json")
    assert (ended.code, ended.error["code"]) == (INPUT, "unreadable_input")


def test_lines_refused_leave_the_others_their_chance(say, desk_folder, tmp_path):
    file = written(tmp_path, RECEPTION, "", "{", {"expressed": ""}, {"expressed": "Un stage."})
    ended = say("reception", "add", "--lines", file, "--json")
    assert ended.code == INPUT
    assert len(ended.out.splitlines()) == 2
    *refused, total = map(json.loads, ended.err.splitlines())
    assert [(one["line"], one["error"]["code"]) for one in refused] == [
        (3, "unreadable_input"),
        (4, "missing_expressed_demand"),
    ]
    assert total == {"saved": 2, "refused": 2, "last_line": 5}


def test_a_reception_can_come_from_the_standard_input(say, desk_folder, monkeypatch):
    content = json.dumps(RECEPTION, ensure_ascii=False).encode("utf-8-sig")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert say("reception", "add", "-", "--json").json["referral_id"] is None


def test_an_unknown_record_has_its_own_code(say, desk_folder):
    for words in (("person", "show"), ("person", "erase", "--yes"), ("referral", "show")):
        assert say(*words, "0000000000000000-7", "--json").error["code"] == "unknown_record"
        ended = say(*words, "n’importe quoi", "--json")
        assert (ended.code, ended.error["code"]) == (8, "unreadable_identifier")


def test_a_file_is_not_erased_without_confirmation(say, desk_folder, tmp_path, monkeypatch):
    saved = say("reception", "add", written(tmp_path, RECEPTION), "--json").json
    monkeypatch.setattr(sys, "stdin", io.StringIO("oui\n"))
    assert say("person", "erase", saved["person_id"]).code == 2
    assert say("person", "show", saved["person_id"]).code == 0


def test_an_exchange_without_a_region_is_refused_and_remembered(say, desk_folder):
    ended = say("exchange", "run", "--json")
    assert (ended.code, ended.error["code"]) == (EXCHANGE, "no_region")
    failure = say("status", "--json").json["last_failure"]
    assert failure["code"] == "no_region"
    assert "Région" in failure["message"]


def test_a_certificate_that_is_none_is_refused(say, desk_folder, tmp_path):
    ended = say("structure", "enrol", written(tmp_path, "{}"), "--json")
    assert (ended.code, ended.error["code"]) == (EXCHANGE, "carried_file_refused")


@pytest.mark.skipif(sys.platform == "win32", reason="the log folder of Windows cannot be moved")
def test_a_fault_is_logged_without_a_word_of_anybody(say, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    windows = Windows(fault=ValueError("Zoé Exemple-Martin, 0261910000"))
    ended = say("practice", "--json", windows=windows)
    assert (ended.code, ended.error["code"], ended.out) == (1, "unexpected", "")
    [log] = tmp_path.rglob("deux-portes.log")
    assert ended.error["log"] == str(log)
    noted = log.read_text("utf-8")
    assert "builtins.ValueError" in noted
    assert "tests/fakes/command_line.py" in noted
    assert "Zoé" not in noted + ended.err
    assert "0261910000" not in noted + ended.err
    assert str(tmp_path) not in noted


def test_what_the_disk_refuses_is_said_as_such(say, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    windows = Windows(fault=PermissionError(13, "Permission denied", "Zoé"))
    ended = say("practice", "--json", windows=windows)
    assert (ended.code, ended.error["code"]) == (WORKSPACE, "disk_refused")


def test_an_interruption_ends_with_130(say):
    class Interrupted(Windows):
        def practice(self, shots):
            raise KeyboardInterrupt

    ended = say("practice", "--json", windows=Interrupted())
    assert (ended.code, ended.error["code"]) == (130, "interrupted")


def test_without_a_command_the_desktop_opens(say, tmp_path):
    windows = Windows()
    assert say("--workspace", tmp_path, windows=windows).code == 0
    assert say("--check", windows=windows).code == 0
    assert say("practice", "--shots", tmp_path, windows=windows).code == 0
    assert windows.asked == [
        ("desktop", tmp_path, None),
        ("check", None),
        ("practice", tmp_path),
    ]


def test_a_reader_who_left_ends_the_command_quietly(monkeypatch, capfd):
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert run(["reception", "schema"], Windows()) == 1
    assert capfd.readouterr().err == ""
