"""Saying, by commands, how the relay is reached from an office."""

import pytest

from tests.bench.private_ca import certificate_for
from tests.fakes.command_line import Machine


@pytest.fixture
def machine(tmp_path):
    made = Machine(home=tmp_path / "home")
    made.home.mkdir()
    assert made.run("init", "--agent", "Mael Exemplier").code == 0
    return made


def test_private_authority_and_proxy_are_set_shown_and_taken_away(machine, tmp_path):
    ca, _, _ = certificate_for("127.0.0.1", tmp_path)
    assert machine.run("exchange", "configure", "--json").json == {"ca": [], "proxy": None}
    proxy = "http://nom:secret@proxy.exemple:3128"
    said = machine.run("exchange", "configure", "--ca", ca, "--proxy", proxy, "--json").json
    assert said["ca"] == ["CN=Autorité (exemple)"]
    assert said["proxy"] == "http://proxy.exemple:3128"
    assert machine.run("exchange", "configure", "--json").json == said
    left = machine.run("exchange", "configure", "--public-ca", "--no-proxy", "--json").json
    assert left == {"ca": [], "proxy": None}


def test_refused_settings_change_nothing_and_say_why(machine, tmp_path):
    wrong = tmp_path / "notes.pem"
    wrong.write_text("rien de tel")
    for words, code in (
        (("--ca", wrong), "certificate_file"),
        (("--proxy", "proxy.exemple"), "proxy_address"),
    ):
        ended = machine.run("exchange", "configure", *words, "--json")
        assert (ended.code, ended.error["code"]) == (7, code)
    assert machine.run("exchange", "configure", "--json").json == {"ca": [], "proxy": None}
