"""`deux-portes directory`: a published file imported, corrected, undone, by the real command."""

import datetime as dt
import json
import os

import pytest

from tests.fakes.command_line import ROOT, Machine
from tests.fakes.forked_commands import run_forked


@pytest.fixture
def machine(tmp_path):
    made = Machine(tmp_path)
    assert made.run("init", "--name", "Point d’accueil (exemple)", "--agent", "Alix").code == 0
    return made


@pytest.fixture
def file(tmp_path):
    rows = [
        {
            "source": "essai",
            "id": f"s-{number}",
            "nom": f"Point info {number} (exemple)",
            "date_maj": "2026-01-15",
            "commune": "Le Blanc",
            "code_postal": "36300",
            "code_insee": "36018",
        }
        for number in (1, 2)
    ]
    path = tmp_path / "publie.json"
    path.write_text(json.dumps([*rows, None, rows[0]]), encoding="utf-8")
    return path


def names(machine):
    listed = machine.run("directory", "list", "--here", "--json").json["structures"]
    return {one["name"] for one in listed}


def test_a_file_is_imported_with_what_was_refused_and_why(machine, file):
    done = machine.run("directory", "import", file, "--json").json
    assert (done["read"], done["added"], done["updated"]) == (4, 2, 0)
    assert [one["line"] for one in done["rejected"]] == [3, 4]
    assert all(one["reason"].endswith(".") for one in done["rejected"])
    assert {"Point info 1 (exemple)", "Point info 2 (exemple)"} <= names(machine)


def test_again_nothing_is_new(machine, file):
    machine.run("directory", "import", file)
    again = machine.run("directory", "import", file)
    assert "Rien de nouveau" in again.out
    assert len(machine.run("directory", "imports", "--json").json["imports"]) == 1


def test_an_import_is_undone_and_said_so(machine, file):
    number = machine.run("directory", "import", file, "--json").json["import"]
    undone = machine.run("directory", "undo", number, "--yes", "--json").json
    assert undone == {"undone": number, "entries": undone["entries"]}
    assert "Point info 1 (exemple)" not in names(machine)
    again = machine.run("directory", "undo", number, "--yes", "--json")
    assert (again.code, again.error["code"]) == (8, "unknown_import")


def test_another_format_than_the_one_said_is_refused(machine, file):
    refused = machine.run("directory", "import", file, "--format", "france_travail", "--json")
    assert refused.error["code"] == "unexpected_format"
    assert "Point info 1 (exemple)" not in names(machine)


def test_a_correction_is_kept_and_what_is_old_is_listed(machine, file):
    machine.run("directory", "import", file)
    stale = machine.run("directory", "unchecked", "--json").json["unchecked"]
    assert {"essai/s-1", "essai/s-2"} <= {one["structure_id"] for one in stale}
    words = ("telephone=02 61 91 00 99", "waiting_days=12", 'languages=["anglais"]')
    kept = machine.run("directory", "correct", "essai/s-1", *words, "--json").json
    assert kept["fields"] == ["telephone", "waiting_days", "languages"]
    stale = machine.run("directory", "unchecked", "--json").json["unchecked"]
    assert "essai/s-1" not in {one["structure_id"] for one in stale}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("essai/s-1", "horaires_accueil=Mo 09:00-25:00"), "correction_refused"),
        (("essai/s-1", "telephone"), "usage"),
        (("essai/inconnue", "telephone=1"), "unknown_structure"),
    ],
)
def test_a_correction_that_cannot_be_kept_says_why(machine, file, words, code):
    machine.run("directory", "import", file)
    refused = machine.run("directory", "correct", *words, "--json")
    assert refused.error["code"] == code
    assert refused.error["message"]


@pytest.fixture
def signed(machine, file, tmp_path):
    """The directory that a Region signed, and a desk of that Region."""
    folder = tmp_path / "authority"
    authority(tmp_path, "init", folder, "--name", "Région (exemple)")
    pack = tmp_path / "annuaire.pack"
    authority(tmp_path, "pack", file, "--out", pack, "--folder", folder)
    home = tmp_path / "desk"
    home.mkdir()
    desk = Machine(home)
    words = ("--name", "Point d’accueil (exemple)", "--region", folder / "authority.json")
    assert desk.run("init", *words, "--agent", "Alix").code == 0
    return desk, pack


def authority(folder, *words):
    done = run_forked(
        "sync.authority",
        list(map(str, words)),
        environment=dict(Machine(folder).environment()),
        folder=ROOT,
    )
    assert done.returncode == 0, done.stderr


def test_the_directory_that_the_region_signed_is_imported_as_it_is(signed):
    desk, pack = signed
    done = desk.run("directory", "import", pack, "--json").json
    assert (done["added"], len(done["rejected"])) == (2, 2)
    assert desk.run("directory", "imports", "--json").json["imports"][0]["file"] == "annuaire.pack"


def test_a_pack_changed_on_the_way_is_refused(signed):
    desk, pack = signed
    data = bytearray(pack.read_bytes())
    data[-1] ^= 1
    pack.write_bytes(bytes(data))
    refused = desk.run("directory", "import", pack, "--json")
    assert (refused.code, refused.error["code"]) == (7, "carried_file_refused")


def test_a_pack_needs_a_region_to_check_it_by(machine, signed):
    refused = machine.run("directory", "import", signed[1], "--json")
    assert refused.error["code"] == "no_region"


@pytest.mark.parametrize(
    ("folder", "name", "entries"),
    [
        ("france-travail-agences", "agences_sarthe_api.json", 9),
        ("annuaire-dila-samples", "dump_gouv_local_excerpt.json", 2),
        ("missions-locales-couverture", "couverture_extrait.csv", 8),
    ],
)
def test_real_published_files_are_imported(machine, real_data, folder, name, entries):
    words = ("--published-on", "2026-06-01", "--kind", "mairie")
    done = machine.run("directory", "import", real_data / folder / name, *words, "--json").json
    assert done["added"] == entries
    assert len(machine.run("directory", "imports", "--json").json["imports"]) == 1


def test_a_file_that_nothing_dates_bears_the_day_it_was_saved_and_says_so(machine, real_data):
    published = real_data / "france-travail-agences" / "agences_sarthe_api.json"
    file = machine.home / "agences.json"
    file.write_bytes(published.read_bytes())
    saved = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC).timestamp()
    os.utime(file, (saved, saved))
    done = machine.run("directory", "import", file, "--json").json
    assert (done["dated_on"], done["dated_as_saved"]) == ("2026-06-01", True)
    again = machine.run("directory", "import", file, "--published-on", "2026-05-01", "--json").json
    assert (again["dated_on"], again["dated_as_saved"]) == ("2026-05-01", False)


def test_a_permanence_is_added_corrected_listed_and_taken_back(machine, file):
    machine.run("directory", "import", file)
    words = (
        "nom=Permanence de Bélâbre (exemple)",
        "code_insee=36016",
        "place_kind=permanence",
        "horaires_accueil=Tu[1] 09:00-12:00",
        "date_maj=2025-01-05",
    )
    added = machine.run("directory", "add", "--to", "essai/s-1", *words, "--json").json["added"]
    stale = machine.run("directory", "unchecked", "--json").json["unchecked"]
    told = next(one for one in stale if one["service_id"] == added)
    assert (told["structure_id"], told["checked_on"]) == ("essai/s-1", "2025-01-05")
    assert told["service_name"] == "Permanence de Bélâbre (exemple)"
    machine.run("directory", "correct", added, 'motives=["recherche_emploi"]')
    stale = machine.run("directory", "unchecked", "--json").json["unchecked"]
    assert added not in {one["service_id"] for one in stale}
    taken = machine.run("directory", "withdraw", added, "--json").json
    assert taken == {"withdrawn": True, "reference": added}
    gone = machine.run("directory", "correct", added, "--json")
    assert gone.error["code"] == "unknown_structure"
    machine.run("directory", "withdraw", added, "--back")
    assert machine.run("directory", "correct", added).code == 0


def test_a_structure_of_nobody_is_added_and_one_without_a_commune_refused(machine, file):
    machine.run("directory", "import", file)
    refused = machine.run("directory", "add", "nom=Café des métiers (exemple)", "--json")
    assert refused.error["code"] == "correction_refused"
    assert "code_insee" in refused.error["message"]
    machine.run("directory", "add", "nom=Café des métiers (exemple)", "code_insee=36016")
    assert "Café des métiers (exemple)" in names(machine)


def test_places_of_communes_are_imported_used_and_given_back(machine, tmp_path):
    path = tmp_path / "postaux.csv"
    path.write_text("Code_commune_INSEE;latitude;longitude\n18001;47.28;2.45\n36018;46.63;1.06\n")
    asked = tmp_path / "situation.json"
    asked.write_text(json.dumps({"commune": "18001", "motives": ["recherche_emploi"]}))

    def approximate():
        return machine.run("match", asked, "--here", "--json").json["first"][
            "distance_is_approximate"
        ]

    before = approximate()
    done = machine.run("directory", "import", path, "--json").json
    assert (done["format"], done["added"]) == ("communes", 2)
    said = machine.run("directory", "imports").out
    assert "2 communes placées" in said.replace("\u00a0", " ")
    moved = machine.run("match", asked, "--here", "--json").json["first"]["distance_km"]
    machine.run("directory", "undo", done["import"], "--yes")
    assert approximate() == before
    assert machine.run("match", asked, "--here", "--json").json["first"]["distance_km"] != moved
