"""`deux-portes-relay`: its commands, as an administrator runs them."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sync.ceremony_files import Region, read_relay_request
from sync.keys import AuthorityKey
from sync.relay.__main__ import main
from sync.statement_files import StatementsFile

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    for name in ("authority", "other"):
        region = Region(name="Région (exemple)", authority_key=AuthorityKey.generate().public)
        (tmp_path / f"{name}.json").write_text(region.to_json(), encoding="utf-8")
    return tmp_path


def relay(folder, command, *arguments):
    database = f"sqlite:///{folder / 'relay.sqlite3'}"
    return CliRunner().invoke(main, [command, "--database", database, *map(str, arguments)])


def initialised(folder, authority="authority.json"):
    files = ("--authority", folder / authority, "--out", folder / "request.json")
    return relay(folder, "init", *files, "--json")


def test_request_is_the_same_each_time_and_carries_its_proof(folder):
    told = json.loads(initialised(folder).stdout)
    first = (folder / "request.json").read_text("utf-8")
    assert initialised(folder).exit_code == 0
    assert (folder / "request.json").read_text("utf-8") == first
    request = read_relay_request(first)
    assert request.relay_key.hex() == told["relay_key"]
    assert request.spoken == told["code"]


def test_relay_serves_one_authority_for_ever(folder):
    initialised(folder)
    refused = initialised(folder, "other.json")
    assert refused.exit_code == 1
    assert refused.stderr == "Erreur\u202f: ce relais sert déjà une autre autorité.\n"


def test_file_that_is_not_an_authority_s_is_refused(folder):
    (folder / "authority.json").write_text("{}", encoding="utf-8")
    refused = initialised(folder)
    assert refused.exit_code == 1
    assert "n’est pas le fichier public" in refused.stderr


@pytest.mark.parametrize("listen", ["8470", "127.0.0.1:", "127.0.0.1:port"])
def test_address_that_is_not_one_is_refused(folder, listen):
    refused = relay(folder, "serve", "--listen", listen)
    assert refused.exit_code == 1
    assert "HÔTE:PORT" in refused.stderr


def test_counts_of_an_empty_relay_are_zero(folder):
    told = json.loads(relay(folder, "status", "--json").stdout)
    assert told.pop("database") == "sqlite"
    assert told.pop("database_bytes") > 0
    assert told.pop("has_authority") is False
    assert told.pop("statements") == {}
    assert told.pop("packs") == {}
    for name in ("oldest_bundle_at", "newest_bundle_at", "last_contact_at"):
        assert told.pop(name) is None
    assert told == {
        "structures": 0,
        "machines": 0,
        "spaces": 0,
        "bundles": 0,
        "bytes": 0,
        "pieces": 0,
        "pieces_bytes": 0,
        "partial_uploads": 0,
        "partial_bytes": 0,
    }


def test_counts_are_told_in_french(folder):
    initialised(folder)
    said = relay(folder, "status").stdout
    assert "autorité connue\u202f: oui" in said
    assert "paquets\u202f: 0" in said
    assert "dernier contact d’un poste\u202f: aucun" in said


def test_request_is_told_in_french(folder):
    told = json.loads(initialised(folder).stdout)
    files = ("--authority", folder / "authority.json", "--out", folder / "request.json")
    said = relay(folder, "init", *files).stdout
    assert f"code à lire à voix haute\u202f: {told['code']}" in said


def test_folder_of_another_database_is_not_made(folder):
    missing = folder / "absent" / "x" / "relay.sqlite3"
    for command in (["serve"], ["status"], ["init", "--authority", str(folder / "other.json")]):
        refused = CliRunner().invoke(main, [*command, "--database", f"sqlite:///{missing}"])
        assert refused.exit_code == 1
        assert refused.stderr.startswith("Erreur\u202f: le dossier de la base n’existe pas")
    assert not (folder / "absent").exists()


def test_folder_of_the_usual_database_is_made(tmp_path):
    home = {"XDG_DATA_HOME": str(tmp_path / "data"), "HOME": str(tmp_path)}
    home |= {"LOCALAPPDATA": str(tmp_path), "DEUX_PORTES_RELAY_DATABASE": ""}
    done = subprocess.run(
        [sys.executable, "-m", "sync.relay", "status"],
        cwd=ROOT,
        env=os.environ | home,
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.rglob("relay.sqlite3"))


@pytest.mark.parametrize("url", ["n’importe quoi", "inconnu:///x", "sqlite:///{folder}"])
def test_database_that_does_not_open_is_told(folder, url):
    given = url.format(folder=folder)
    refused = CliRunner().invoke(main, ["status", "--database", given])
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Erreur\u202f: la base ne s’ouvre pas")


def test_file_that_is_no_database_is_told(folder):
    (folder / "relay.sqlite3").write_bytes(b"pas une base" * 1_000)
    refused = relay(folder, "status")
    assert refused.exit_code == 1
    assert "la base ne s’ouvre pas" in refused.stderr


@pytest.mark.parametrize("command", ["serve", "status", "prune", "verify", "backup", "take"])
def test_database_of_a_newer_relay_is_left_alone(folder, command):
    initialised(folder)
    with sqlite3.connect(folder / "relay.sqlite3") as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.close()
    (folder / "fichier.json").write_text(StatementsFile(about="x", statements=()).to_json())
    named = {"backup": "copie.sqlite3", "take": "fichier.json"}
    arguments = [folder / named[command]] if command in named else []
    refused = relay(folder, command, *arguments)
    assert refused.exit_code == 1
    assert "version plus récente du relais" in refused.stderr


def test_request_that_cannot_be_written_is_told(folder):
    out = folder / "absent" / "demande.json"
    refused = relay(folder, "init", "--authority", folder / "authority.json", "--out", out)
    assert refused.exit_code == 1
    assert "ne peut pas être écrit" in refused.stderr


@pytest.mark.network
def test_port_that_is_taken_is_told(folder, relay_process):
    relay_process.start()
    host, port = relay_process.host_and_port
    refused = relay(folder, "serve", "--listen", f"{host}:{port}")
    assert refused.exit_code == 1
    assert "impossible d’écouter" in refused.stderr
