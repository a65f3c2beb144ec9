"""The Region's ceremonies, run as a person or a script would."""

import json
import stat

import pytest
from click.testing import CliRunner

from sync.authority.__main__ import main
from sync.authority.locked_key import Cost, lock_key, unlock_key
from sync.authority.office import YEAR_S, Office, Terms
from sync.authority.refusals import (
    CeremonyError,
    UnreadableFileError,
    WrongPassphraseError,
)
from sync.authority.texts import REFUSALS
from sync.carried_json import base64_text
from sync.ceremony_files import (
    read_certificate_file,
    read_region,
    relay_request,
    structure_request,
)
from sync.keys import AuthorityKey, RelayKey, StructureRoot
from sync.statement_files import HeadsFile, read_statements_file
from sync.statements import IncarnationStatement, read_statement, sign_statement
from tests.exchange.parties import NOW_S, octets

PASSPHRASE = "phrase exemple assez longue"
CHEAP = Cost(memory_kib=32, passes=1)


class Desk:
    """A folder with an authority, and the commands run there."""

    def __init__(self, folder):
        self.folder = folder
        self.authority = folder / "autorité"
        self.environment = {
            "DEUX_PORTES_AUTHORITY_FOLDER": str(self.authority),
            "DEUX_PORTES_PASSPHRASE": PASSPHRASE,
        }

    def run(self, *arguments, **environment):
        texts = [str(argument) for argument in arguments]
        return CliRunner().invoke(main, texts, env=self.environment | environment)

    def init(self, **environment):
        return self.run("init", self.authority, "--name", "Région exemple", **environment)

    def put(self, name: str, text: str):
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def structure_request(self, label="nord", directory="exemple/1"):
        asked = structure_request(
            StructureRoot(octets(label)),
            name=f"Structure {label} (exemple)",
            directory=directory,
        )
        return self.put(f"{label}.json", asked.to_json())

    def relay_request(self):
        return self.put("relais.json", relay_request(RelayKey(octets("relay"))).to_json())

    def certify(self, request, *more, **environment):
        out = self.folder / "certificat.json"
        return self.run(
            "structure", "certify", request, "--out", out, "--json", *more, **environment
        )

    def certify_relay(self, url="https://relais.exemple.fr", *more):
        out = self.folder / "région.json"
        return self.run("relay", "certify", self.relay_request(), "--url", url, "--out", out, *more)


@pytest.fixture
def empty(tmp_path):
    return Desk(tmp_path)


@pytest.fixture
def desk(empty):
    Office.found(empty.authority, "Région exemple", PASSPHRASE, CHEAP)
    return empty


def refusal(result) -> str:
    assert result.exit_code == 1
    error = json.loads(result.stderr)["error"]
    assert error["message"].endswith(".")
    assert result.stdout == ""
    return error["code"]


def test_an_authority_is_made_and_its_key_is_locked(empty):
    result = empty.init()
    assert result.exit_code == 0
    assert "Région exemple" in result.stdout
    region = read_region((empty.authority / "authority.json").read_text("utf-8"))
    key_file = empty.authority / "key.json"
    key = Office(empty.authority).unlock(PASSPHRASE)
    assert key.public == region.authority_key
    assert key.to_bytes().hex() not in key_file.read_text("utf-8")
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_an_authority_is_never_written_over(desk):
    before = (desk.authority / "key.json").read_bytes()
    result = desk.run("init", desk.authority, "--name", "Autre", "--json")
    assert refusal(result) == "authority_exists"
    assert (desk.authority / "key.json").read_bytes() == before


@pytest.mark.parametrize(
    ("passphrase", "name", "code"),
    [("court", "Région", "weak_passphrase"), (PASSPHRASE, "  ", "wrong_name")],
)
def test_a_weak_beginning_is_refused(empty, passphrase, name, code):
    arguments = ("init", empty.authority, "--name", name, "--json")
    assert refusal(empty.run(*arguments, DEUX_PORTES_PASSPHRASE=passphrase)) == code
    assert not empty.authority.exists()


def test_a_relay_is_certified_in_the_region_file(desk):
    result = desk.certify_relay("https://relais.exemple.fr/")
    assert result.exit_code == 0
    assert "Code à comparer" in result.stdout
    region = read_region((desk.folder / "région.json").read_text("utf-8"))
    assert region.relay_url == "https://relais.exemple.fr"
    assert region.relay_key == RelayKey(octets("relay")).public
    assert Office(desk.authority).region == region


@pytest.mark.parametrize(
    "url",
    [
        "http://relais.exemple.fr",
        "relais.exemple.fr",
        "https://",
        "https://agent@relais.exemple.fr",
        "https://relais.exemple.fr?a=1",
        "https://relais.exemple.fr:port",
        "https://relais.exemple.fr/" + "x" * 500,
    ],
)
def test_an_address_that_no_relay_may_have_is_refused(desk, url):
    assert refusal(desk.certify_relay(url, "--json")) == "wrong_address"


def test_a_relay_on_this_machine_needs_no_tls(desk):
    assert desk.certify_relay("http://127.0.0.1:8000").exit_code == 0


def test_a_structure_is_certified(desk):
    desk.certify_relay()
    facts = json.loads(desk.certify(desk.structure_request(), "--valid-years", "2").stdout)
    file = read_certificate_file((desk.folder / "certificat.json").read_text("utf-8"))
    assert file.region == Office(desk.authority).region
    assert file.certificate.structure.hex() == facts["structure"]
    assert file.certificate.until_s - file.certificate.from_s == 2 * YEAR_S
    assert facts["is_new"]


def test_the_same_request_gets_the_same_certificate_without_the_passphrase(desk):
    desk.certify(desk.structure_request())
    first = (desk.folder / "certificat.json").read_bytes()
    again = desk.certify(desk.structure_request(), DEUX_PORTES_PASSPHRASE="")
    assert not json.loads(again.stdout)["is_new"]
    assert (desk.folder / "certificat.json").read_bytes() == first
    assert len(Office(desk.authority).issued) == 1


def test_a_certificate_is_renewed_on_demand_or_once_it_ended(desk):
    request = structure_request(StructureRoot(octets("nord")), name="Nord")
    office = Office(desk.authority)

    def certified(**terms):
        return office.certify_structure(request, Terms(**terms), lambda: office.unlock(PASSPHRASE))

    first = certified(now_s=NOW_S, years=1)
    assert certified(now_s=NOW_S + YEAR_S - 1, years=1).statement == first.statement
    assert certified(now_s=NOW_S + YEAR_S, years=1).certificate.from_s == NOW_S + YEAR_S
    assert certified(now_s=NOW_S + YEAR_S + 1, renew=True).is_new
    assert Office(desk.authority).issued[-1].certificate.from_s == NOW_S + YEAR_S + 1


def test_another_root_for_a_structure_of_the_directory_needs_a_decision(desk):
    desk.certify(desk.structure_request())
    other = desk.structure_request("autre")
    assert refusal(desk.certify(other)) == "directory_taken"
    assert desk.certify(other, "--replace-root").exit_code == 0
    assert desk.certify(desk.structure_request("sud", "exemple/2")).exit_code == 0
    assert desk.certify(desk.structure_request("est", "")).exit_code == 0


def test_what_was_certified_is_listed(desk):
    assert "Aucun certificat" in desk.run("list").stdout
    desk.certify_relay()
    desk.certify(desk.structure_request())
    listed = desk.run("list")
    assert "Structure nord (exemple)" in listed.stdout
    assert "https://relais.exemple.fr" in listed.stdout
    facts = json.loads(desk.run("list", "--json").stdout)
    assert [row["kind"] for row in facts["certificates"]] == ["relay", "structure"]


def test_a_wrong_passphrase_is_told(desk):
    result = desk.certify(desk.structure_request(), DEUX_PORTES_PASSPHRASE="une autre phrase")
    assert refusal(result) == "wrong_passphrase"


def test_a_missing_passphrase_is_told(desk):
    asked = desk.structure_request()
    assert refusal(desk.certify(asked, DEUX_PORTES_PASSPHRASE="")) == "missing_passphrase"


def test_the_passphrase_may_be_in_a_file(desk):
    path = desk.put("phrase.txt", PASSPHRASE + "\n")
    result = desk.certify(
        desk.structure_request(), "--passphrase-file", path, DEUX_PORTES_PASSPHRASE=""
    )
    assert result.exit_code == 0
    empty = desk.put("vide.txt", "\n")
    asked = desk.structure_request("autre", "")
    assert refusal(desk.certify(asked, "--passphrase-file", empty)) == "missing_passphrase"


def test_files_that_are_not_what_they_should_be_are_told(desk):
    request = desk.structure_request()
    changed = request.read_text("utf-8").replace("Structure nord", "Structure sud")
    assert refusal(desk.certify(desk.put("faux.json", changed))) == "wrong_proof"
    assert refusal(desk.certify(desk.relay_request())) == "unreadable_file"
    assert refusal(desk.certify(desk.folder / "absent.json")) == "file_missing"
    assert refusal(desk.certify(desk.folder)) == "disk_refused"
    (desk.folder / "binaire").write_bytes(b"\xff\xfe")
    assert refusal(desk.certify(desk.folder / "binaire")) == "unreadable_file"
    taken = desk.put("fichier", "")
    result = desk.run("structure", "certify", request, "--out", taken / "x.json", "--json")
    assert refusal(result) == "disk_refused"


@pytest.mark.parametrize(
    ("name", "text"),
    [("authority.json", "{}"), ("journal.jsonl", "{}\n"), ("key.json", "{}")],
)
def test_a_damaged_folder_is_told(desk, name, text):
    (desk.authority / name).write_text(text, "utf-8")
    assert refusal(desk.certify(desk.structure_request())) == "unreadable_file"


def test_a_folder_without_an_authority_is_told(empty):
    assert refusal(empty.run("list", "--json")) == "authority_missing"


def test_the_key_of_another_authority_is_told(desk):
    other = lock_key(AuthorityKey.generate(), PASSPHRASE, CHEAP)
    (desk.authority / "key.json").write_text(other, "utf-8")
    assert refusal(desk.certify(desk.structure_request())) == "unreadable_file"


def test_a_statement_of_another_kind_in_the_journal_is_told(desk):
    desk.certify(desk.structure_request())
    journal = desk.authority / "journal.jsonl"
    line = json.loads(journal.read_text("utf-8"))
    key = Office(desk.authority).unlock(PASSPHRASE)
    other = sign_statement(
        IncarnationStatement(machine=bytes(16), incarnation=bytes(8), at_s=NOW_S), key.private_key
    )
    for changes in ({"request": "00"}, {"statement": base64_text(other)}):
        journal.write_text(json.dumps(line | changes), "utf-8")
        assert refusal(desk.run("list", "--json")) == "unreadable_file"


def test_a_refusal_is_a_sentence_for_a_person(empty):
    result = empty.run("list")
    assert result.exit_code == 1
    assert "ne contient pas d’autorité" in result.stderr


def test_a_locked_key_opens_with_its_passphrase_only():
    key = AuthorityKey.generate()
    text = lock_key(key, PASSPHRASE, CHEAP)
    assert unlock_key(text, PASSPHRASE).to_bytes() == key.to_bytes()
    with pytest.raises(WrongPassphraseError):
        unlock_key(text, PASSPHRASE + " ")


@pytest.mark.parametrize("changes", [{"memory_kib": 2**30}, {"passes": 0}, {"salt": "00"}])
def test_a_key_file_that_would_freeze_the_machine_is_refused(changes):
    fields = json.loads(lock_key(AuthorityKey.generate(), PASSPHRASE, CHEAP))
    with pytest.raises(UnreadableFileError):
        unlock_key(json.dumps(fields | changes), PASSPHRASE)


def test_every_refusal_has_a_sentence():
    assert {error.code for error in CeremonyError.__subclasses__()} == set(REFUSALS)


# Removals.


def removal_in(file):
    (data,) = read_statements_file(file.read_text("utf-8")).statements
    return read_statement(data).body


@pytest.mark.parametrize("by", ["structure", "code", "directory"])
def test_structure_is_removed_by_any_of_its_names(desk, by):
    facts = json.loads(desk.certify(desk.structure_request()).stdout)
    out = desk.folder / "retrait.json"
    done = desk.run("revoke", "structure", facts[by], "--out", out)
    assert done.exit_code == 0, done.stderr
    assert removal_in(out).target.hex() == facts["structure"]
    assert "Structure nord (exemple)" in done.stdout


def test_removed_structure_gives_its_reference_up_and_never_comes_back(desk):
    request = desk.structure_request()
    facts = json.loads(desk.certify(request).stdout)
    desk.run("revoke", "structure", facts["code"], "--out", desk.folder / "retrait.json")
    assert refusal(desk.certify(request, "--renew")) == "structure_revoked"
    assert desk.certify(desk.structure_request("sud")).exit_code == 0


def test_removal_accepts_what_desks_say_they_hold_and_a_later_one_more(desk):
    machine = octets("machine", 16)
    out = desk.folder / "retrait.json"

    def removed(*sequences):
        places = ((octets("space", 16), octets("life", 8), number) for number in sequences)
        given = [
            desk.put(f"{place[2]}.json", heads_file(machine, *place).to_json()) for place in places
        ]
        words = [word for file in given for word in ("--heads", file)]
        done = desk.run("revoke", "machine", machine.hex(), *words, "--out", out)
        assert done.exit_code == 0, done.stderr
        return removal_in(out)

    first = removed(3)
    second = removed(3, 5)
    assert [head[2] for head in first.accepted] == [3]
    assert [head[2] for head in second.accepted] == [5]
    assert second.at_s > first.at_s
    assert removed(5, 3) == second
    kinds = [one["kind"] for one in json.loads(desk.run("list", "--json").stdout)["certificates"]]
    assert kinds == ["revocation", "revocation"]


def heads_file(machine, space, incarnation, sequence):
    return HeadsFile(target=machine, heads=((space, incarnation, sequence, octets("name")),))


def test_removed_relay_gives_way_to_the_one_certified_before_it(desk):
    desk.certify_relay("https://avant.exemple.fr")
    out = desk.folder / "nouveau.json"
    other = desk.put("autre.json", relay_request(RelayKey(octets("other"))).to_json())
    desk.run("relay", "certify", other, "--url", "https://apres.exemple.fr", "--out", out)
    assert read_region(out.read_text("utf-8")).relay_url == "https://apres.exemple.fr"
    removal = desk.folder / "retrait.json"
    desk.run("revoke", "relay", "https://apres.exemple.fr", "--out", removal)
    assert Office(desk.authority).region.relay_url == "https://avant.exemple.fr"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("structure", "personne"), "unknown_structure"),
        (("machine", "abc"), "wrong_identifier"),
        (("relay", "https://ailleurs.exemple.fr"), "unknown_structure"),
    ],
)
def test_removal_of_nobody_is_refused(desk, words, code):
    out = desk.folder / "retrait.json"
    assert refusal(desk.run("revoke", *words, "--out", out, "--json")) == code
    assert not out.exists()
