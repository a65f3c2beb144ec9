"""An old register from the command line: guessed, corrected, tried, imported, listed, undone."""

import datetime as dt
import json

import pytest

from tests import registers
from tests.fakes.command_line import PASSPHRASE, command
from ui.cli.refusals import INPUT, UNKNOWN, USAGE
from ui.compose import create_desk

NIR = "1 85 05 78 006 084 91"


@pytest.fixture
def desk_folder(tmp_path, monkeypatch):
    """A workspace whose passphrase is in the environment, as scripts have it."""
    folder = tmp_path / "poste"
    desk, _code = create_desk(
        folder, agent_name="Alix Exemple", role="reception", passphrase=PASSPHRASE, name="Exemple"
    )
    desk.workspace.close()
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("DEUX_PORTES_WORKSPACE", str(folder))
    return folder


@pytest.fixture
def say(capsys, desk_folder):
    return lambda *words, **more: command(*words, capsys=capsys, **more)


@pytest.fixture
def workbook(tmp_path):
    return registers.write_xlsx(tmp_path / "accueil 2024.xlsx", {"2024": registers.MAIRIE})


def refused_too(tmp_path):
    rows = [["Date", "Motif", "Statut"], ["4/3/24", "CV", "zorglub"], ["31/2/24", "CV", ""],
            [f"le {NIR}", "CV", ""], ["", "VAE", ""]]  # fmt: skip
    return registers.write_csv(tmp_path / "registre.csv", rows)


def test_a_plan_is_guessed_corrected_and_followed(say, workbook, tmp_path):
    plan = json.loads(say("register", "guess", workbook).out)
    assert [column["field"] for column in plan["columns"]] == [
        *("date", "full_name", "telephone", "motives", "outcome"),
    ]
    assert plan["columns"][0]["reason"] == "Le titre le dit."
    assert plan["values"]["motives"]["Carte grise"] == ["droits_et_demarches"]
    plan["values"]["motives"]["Carte grise"] = "autre"
    plan["columns"][4]["field"] = None
    file = tmp_path / "plan.json"
    file.write_text(json.dumps(plan), encoding="utf-8")
    tried = say("register", "import", workbook, "--plan", file, "--dry-run", "--json").json
    assert (tried["import"], tried["recorded"], tried["would_record"]) == (None, 0, 3)
    assert tried["samples"][0]["reception"]["motives"] == ["autre"]
    assert "outcome" not in tried["samples"][0]["reception"]
    done = say("register", "import", workbook, "--plan", file, "--json").json
    assert (done["read"], done["recorded"], done["rejected"], done["persons"]) == (3, 3, [], 0)
    assert done["import"]


def test_importing_again_says_so_and_adds_nothing(say, workbook):
    first = say("register", "import", workbook, "--json").json
    again = say("register", "import", workbook, "--json").json
    assert (again["recorded"], again["was_here"], again["import"]) == (0, True, first["import"])
    assert "déjà importé" in say("register", "import", workbook).out
    assert len(say("register", "imports", "--json").json["imports"]) == 1


def test_refused_lines_are_said_with_their_reason(say, tmp_path):
    file = refused_too(tmp_path)
    content = say("register", "import", file, "--json").json
    assert [(row["line"], row["code"]) for row in content["rejected"]] == [
        (3, "unreadable_date"),
        (4, "unreadable_date"),
        (5, "no_date"),
    ]
    assert "31/2/24" in content["rejected"][0]["reason"]
    assert "084 91" not in json.dumps(content)
    assert content["unknown"] == [{"field": "status", "text": "zorglub", "lines": 1}]
    assert content["set_aside"] == {"before_titles": 1}


def test_people_read_the_same_in_french(say, tmp_path):
    file = refused_too(tmp_path)
    told = say("register", "import", file, "--dry-run").out
    assert "Ligne 3\u202f: «\u00a031/2/24\u00a0» n’est pas une date" in told
    assert "Aucun nom n’est gardé" in told
    assert "Situation  zorglub" in told
    done = say("register", "import", file).out
    assert "deux-portes register undo" in done


def test_names_enter_only_when_somebody_says_that_people_agreed(say, workbook):
    say("register", "import", workbook)
    assert say("person", "search", "exemplier", "--json").json["results"] == []
    (one,) = say("register", "imports", "--json").json["imports"]
    say("register", "undo", one["import"], "--yes")
    done = say("register", "import", workbook, "--with-names", "--json").json
    assert (done["named"], done["persons"]) == (True, 3)
    (found,) = say("person", "search", "exemplier", "--json").json["results"]
    assert found["display_name"] == "Nadia EXEMPLIER"


def test_imports_are_listed_and_undone(say, workbook):
    done = say("register", "import", workbook, "--json").json
    (one,) = say("register", "imports", "--json").json["imports"]
    assert one["import"] == done["import"]
    assert (one["file"], one["author"], one["receptions"]) == (
        "accueil 2024.xlsx",
        "Alix Exemple",
        3,
    )
    assert (one["first_on"], one["last_on"]) == ("2024-01-08", "2024-01-09")
    assert "accueil 2024.xlsx" in say("register", "imports").out
    assert say("register", "undo", one["import"]).code == USAGE
    undone = say("register", "undo", one["import"], "--yes", "--json").json
    counts = {"receptions": 3, "persons": 0, "kept": 0, "had_left": 0}
    assert undone == {"undone": one["import"]} | counts
    assert say("register", "imports").out == "Aucun import de registre.\n"
    assert say("register", "undo", one["import"], "--yes").code == UNKNOWN
    assert say("register", "undo", "x", "--yes").code == UNKNOWN


def test_a_sheet_is_named(say, tmp_path):
    rows = [["Date", "Motif"], [dt.date(2024, 1, 4), "CV"]]
    book = registers.write_xlsx(tmp_path / "mois.xlsx", {"janv.": rows, "févr.": [*rows, rows[1]]})
    done = say("register", "import", book, "--sheet", "févr.", "--json").json
    assert done["recorded"] == 2
    refused = say("register", "import", book, "--sheet", "mars", "--json")
    assert (refused.code, refused.error["code"]) == (INPUT, "register_no_such_sheet")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("{", "register_unreadable_plan"),
        ("[]", "register_unreadable_plan"),
        ('{"columns": []}', "register_no_date_column"),
        ('{"columns": [{"title": "Date", "field": "nir"}]}', "register_unreadable_plan"),
        (
            '{"columns": [{"title": "Date", "field": "date"}], "values": {"status": {"a": "z"}}}',
            "unknown_vocabulary_code",
        ),
    ],
)
def test_a_plan_that_cannot_be_followed_is_refused(say, workbook, tmp_path, content, code):
    file = tmp_path / "plan.json"
    file.write_text(content, encoding="utf-8")
    refused = say("register", "import", workbook, "--plan", file, "--json")
    assert (refused.code, refused.error["code"]) == (INPUT, code)


def test_a_file_that_is_no_register_is_refused(say, tmp_path):
    file = tmp_path / "photo.csv"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(400))
    assert say("register", "guess", file, "--json").code == INPUT
    registers.write_csv(tmp_path / "rien.csv", [[1, 2], [3, 4]])
    refused = say("register", "guess", tmp_path / "rien.csv", "--json")
    assert refused.error["code"] == "register_no_titles"


def test_numbers_in_the_name_of_a_file_are_masked(say, tmp_path):
    rows = [["Date", "Motif"], ["4/3/24", "CV"]]
    file = registers.write_csv(tmp_path / f"accueil {NIR}.csv", rows)
    say("register", "import", file)
    (one,) = say("register", "imports", "--json").json["imports"]
    assert one["file"] == "accueil [numéro masqué].csv"
