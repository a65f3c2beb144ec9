"""Papers from the command line: where they are written, and every way they can be refused."""

import json
import sys

import pytest

from tests.fakes.command_line import PASSPHRASE, command
from tests.printing.pages import read, text_of
from ui.compose import create_desk

CIO = "deux-portes-exemple/deux-portes-exemple--cio-le-blanc"
RECEPTION = {
    "expressed": "Je voudrais changer de métier.",
    "agreement_to_record": True,
    "notice_given": True,
    "person": {
        "family_name": "Exemple-Martin",
        "given_name": "Zoé",
        "commune": "36018",
        "telephone": "06 39 98 00 01",
    },
    "referral": {"to": CIO, "agreement": True, "deadline_on": "2026-12-18"},
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A workspace with one reception, and the identifiers of what it made."""
    folder = tmp_path_factory.mktemp("poste") / "espace"
    desk, _code = create_desk(
        folder,
        agent_name="Alix Exemple",
        role="adviser",
        passphrase=PASSPHRASE,
        name="Structure d’exemple",
    )
    from app.domain.identifiers import id_text
    from app.usecases.reception_json import reception_from
    from app.usecases.receptions import record_reception

    recorded = record_reception(desk, reception_from(RECEPTION))
    desk.workspace.close()
    return folder, id_text(recorded.referral), id_text(recorded.person)


@pytest.fixture
def say(made, capsys, monkeypatch):
    monkeypatch.setenv("DEUX_PORTES_PASSPHRASE", PASSPHRASE)
    monkeypatch.setenv("DEUX_PORTES_WORKSPACE", str(made[0]))
    return lambda *words: command(*words, capsys=capsys)


@pytest.fixture
def commands(made):
    """Each command that writes a paper, without where."""
    _folder, referral, person = made
    return {
        "slip": ("referral", "sheet", referral),
        "sheet": ("person", "sheet", person),
        "agreements": ("person", "agreements", person),
        "everything": ("person", "everything", person),
        "notice": ("notice",),
    }


PAPERS = ("slip", "sheet", "agreements", "everything", "notice")


@pytest.mark.parametrize("paper", PAPERS)
def test_a_paper_is_written_where_it_was_asked_for(say, commands, tmp_path, paper):
    file = tmp_path / "papier.pdf"
    answer = say("--json", *commands[paper], "--out", file).json
    assert answer == {"file": str(file), "bytes": file.stat().st_size}
    assert file.stat().st_mode & 0o777 == 0o600
    assert read(file.read_bytes()).trailer["/Root"]["/Lang"].startswith("fr")
    assert [one.name for one in tmp_path.iterdir()] == ["papier.pdf"]


@pytest.mark.parametrize("paper", ["slip", "notice"])
def test_large_print_takes_more_pages(say, commands, tmp_path, paper):
    small, large = tmp_path / "a.pdf", tmp_path / "b.pdf"
    say(*commands[paper], "--out", small)
    say(*commands[paper], "--out", large, "--large")
    counts = [len(read(file.read_bytes()).pages) for file in (small, large)]
    assert counts[1] > counts[0]


@pytest.mark.parametrize("paper", ["slip", "sheet", "notice"])
def test_a_file_that_is_there_is_never_touched(say, commands, tmp_path, paper):
    file = tmp_path / "papier.pdf"
    file.write_text("à moi", encoding="utf-8")
    ended = say("--json", *commands[paper], "--out", file)
    assert (ended.code, ended.error["code"]) == (9, "paper_exists")
    assert "papier.pdf" in ended.error["message"]
    assert file.read_text("utf-8") == "à moi"


@pytest.mark.parametrize("paper", ["slip", "sheet", "notice"])
def test_a_file_that_cannot_be_written_is_said(say, commands, tmp_path, paper):
    (tmp_path / "papier.pdf.new").mkdir()
    ended = say("--json", *commands[paper], "--out", tmp_path / "papier.pdf")
    assert (ended.code, ended.error["code"]) == (4, "disk_refused")


@pytest.mark.parametrize("paper", ["slip", "notice"])
def test_without_the_library_it_is_said_calmly(say, commands, tmp_path, monkeypatch, paper):
    monkeypatch.setitem(sys.modules, "typst", None)
    ended = say("--json", *commands[paper], "--out", tmp_path / "papier.pdf")
    assert (ended.code, ended.error["code"]) == (9, "printing_missing")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [("person", "sheet"), ("person", "agreements"), ("person", "everything")]
)
@pytest.mark.parametrize("identifier", ["ffffffffffffffff-3", "pas un identifiant"])
def test_an_unknown_person_has_no_paper(say, tmp_path, words, identifier):
    ended = say(*words, identifier, "--out", tmp_path / "papier.pdf")
    assert ended.code == 8
    assert list(tmp_path.iterdir()) == []


def test_a_slip_is_written_locked_and_its_passphrase_said_once(say, made, tmp_path):
    file = tmp_path / "fiche.pdf"
    answer = say("--json", "referral", "file", made[1], "--out", file).json
    assert (answer["file"], answer["bytes"]) == (str(file), file.stat().st_size)
    assert file.stat().st_mode & 0o777 == 0o600
    reader = read(file.read_bytes())
    assert reader.is_encrypted
    assert reader.decrypt(answer["passphrase"])
    text = "".join(page.extract_text() for page in reader.pages)
    assert "Exemple-Martin" in text
    assert "À détacher" in text
    assert [one.name for one in tmp_path.iterdir()] == ["fiche.pdf"]
    shown = say("referral", "show", made[1]).out
    assert "par fichier chiffré" in shown
    assert answer["passphrase"] not in shown


def test_people_read_the_passphrase_in_groups(say, made, tmp_path):
    said = say("referral", "file", made[1], "--out", tmp_path / "fiche.pdf", "--large").out
    line = next(line for line in said.splitlines() if line.startswith("Mot de passe"))
    groups = line.partition(":")[2].split()
    assert read((tmp_path / "fiche.pdf").read_bytes()).decrypt("".join(groups).lower())
    assert "jamais dans le même message" in said


def test_a_file_that_may_not_leave_is_refused_before_anything_is_written(say, tmp_path):
    unnamed = {key: RECEPTION[key] for key in ("expressed", "referral")}
    (tmp_path / "accueil.json").write_text(json.dumps(unnamed), encoding="utf-8")
    added = say("--json", "reception", "add", tmp_path / "accueil.json").json
    ended = say("--json", "referral", "file", added["referral_id"], "--out", tmp_path / "f.pdf")
    assert (ended.code, ended.error["code"]) == (3, "referral_needs_notice")
    assert [one.name for one in tmp_path.iterdir()] == ["accueil.json"]


def test_a_structure_of_no_directory_is_named_in_the_command_too(say, tmp_path):
    outside = {"to": "Les Copeaux (exemple)", "outside": {"telephone": "02 54 00 00 01"}}
    (tmp_path / "accueil.json").write_text(
        json.dumps(RECEPTION | {"referral": RECEPTION["referral"] | outside}), encoding="utf-8"
    )
    added = say("--json", "reception", "add", tmp_path / "accueil.json").json
    assert added["route"] == "paper"
    shown = say("--json", "referral", "show", added["referral_id"]).json
    contact = {"telephone": "02 54 00 00 01", "email": "", "address": ""}
    assert (shown["to"], shown["to_outside"]) == ("Les Copeaux (exemple)", contact)
    assert "Les Copeaux (exemple), hors annuaire" in say("referral", "list").out
    assert say("referral", "file", added["referral_id"], "--out", tmp_path / "f.pdf").code == 0


def test_a_service_of_the_structure_is_named_in_the_command_too(say, tmp_path):
    wanted = RECEPTION["referral"] | {"service": f"{CIO}-1"}
    written = json.dumps(RECEPTION | {"referral": wanted})
    (tmp_path / "accueil.json").write_text(written, encoding="utf-8")
    added = say("--json", "reception", "add", tmp_path / "accueil.json").json
    shown = say("--json", "referral", "show", added["referral_id"]).json
    assert shown["to_service"] == f"{CIO}-1"
    assert shown["to_service_name"] == shown["details"]["to_service_name"]
    assert shown["to_service_name"] in say("referral", "show", added["referral_id"]).out
    written = json.dumps(RECEPTION | {"referral": wanted | {"service": "nulle/part"}})
    (tmp_path / "accueil.json").write_text(written, encoding="utf-8")
    ended = say("--json", "reception", "add", tmp_path / "accueil.json")
    assert (ended.code, ended.error["code"]) == (3, "unknown_service")


def test_a_locked_file_never_takes_the_place_of_another(say, made, tmp_path):
    (tmp_path / "f.pdf").write_text("à moi", encoding="utf-8")
    ended = say("--json", "referral", "file", made[1], "--out", tmp_path / "f.pdf")
    assert (ended.code, ended.error["code"]) == (9, "paper_exists")
    assert (tmp_path / "f.pdf").read_text("utf-8") == "à moi"


def test_an_unknown_referral_has_neither_slip_nor_message(say, tmp_path):
    out = ("--out", tmp_path / "papier.pdf")
    assert say("referral", "sheet", "ffffffffffffffff-3", *out).code == 8
    assert say("referral", "file", "ffffffffffffffff-3", *out).code == 8
    assert say("referral", "sms", "ffffffffffffffff-3").code == 8


def test_a_paper_asks_where_it_goes(say, commands, tmp_path):
    assert say(*commands["sheet"]).code == 2
    assert say(*commands["sheet"], "--out", tmp_path / "rien" / "papier.pdf").code == 2


def test_the_message_is_one_line_to_copy(say, made):
    ended = say("referral", "sms", made[1])
    assert ended.code == 0
    assert ended.out.startswith("CIO du Blanc")
    assert "Exemple-Martin" not in ended.out
    answer = say("--json", "referral", "sms", made[1]).json
    assert answer["text"] + "\n" == ended.out
    assert answer["parts"] == 1
    assert answer["alphabet"] == "GSM-7"
    assert answer["units"] == len(answer["text"])


def test_a_person_is_named_by_their_code_too(say, made, tmp_path):
    code = say("--json", "person", "search", "Exemple-Martin").json["results"][0]["short_id"]
    assert say("person", "sheet", code, "--out", tmp_path / "papier.pdf").code == 0


def test_a_structure_gives_its_own_notice(say, tmp_path):
    from resources import resource_path

    content = json.loads(resource_path("notice", "default.json").read_text("utf-8"))
    text = tmp_path / "note.json"
    text.write_text(json.dumps(content | {"title": "Notre note"}), encoding="utf-8")
    assert say("notice", "--text", text, "--out", tmp_path / "note.pdf").code == 0
    assert "Notre note" in text_of((tmp_path / "note.pdf").read_bytes())
    text.write_text("{}", encoding="utf-8")
    ended = say("--json", "notice", "--text", text, "--out", tmp_path / "autre.pdf")
    assert (ended.code, ended.error["code"]) == (9, "unreadable_notice")
