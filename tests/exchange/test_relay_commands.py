"""`deux-portes-relay`: its commands, as an administrator runs them."""

import json

import pytest
from click.testing import CliRunner

from sync.ceremony_files import Region, read_relay_request
from sync.keys import AuthorityKey
from sync.relay.__main__ import main


@pytest.fixture
def folder(tmp_path):
    for name in ("authority", "other"):
        region = Region(name="Région (exemple)", authority_key=AuthorityKey.generate().public)
        (tmp_path / f"{name}.json").write_text(region.to_json(), encoding="utf-8")
    return tmp_path


def relay(folder, command, *arguments):
    database = f"sqlite:///{folder / 'data' / 'relay.sqlite3'}"
    return CliRunner().invoke(main, [command, "--database", database, *map(str, arguments)])


def initialised(folder, authority="authority.json"):
    return relay(
        folder, "init", "--authority", folder / authority, "--out", folder / "request.json"
    )


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
    assert "une autre autorité" in refused.stderr


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
    assert json.loads(relay(folder, "status", "--json").stdout) == {
        "machines": 0,
        "spaces": 0,
        "bundles": 0,
        "bytes": 0,
        "partial_uploads": 0,
    }
    assert "bundles: 0" in relay(folder, "status").stdout


@pytest.mark.network
def test_port_that_is_taken_is_told(folder, relay_process):
    relay_process.start()
    host, port = relay_process.host_and_port
    refused = relay(folder, "serve", "--listen", f"{host}:{port}")
    assert refused.exit_code == 1
    assert "impossible d’écouter" in refused.stderr
