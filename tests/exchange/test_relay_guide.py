"""The operator's guide says what works: its commands are run here, in its order."""

import json
import os
import re
import shlex
import shutil
import subprocess
import time
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from prometheus_client import generate_latest

from sync.authority.__main__ import main as authority
from sync.ceremony_files import Region as RegionFile
from sync.ceremony_files import read_relay_request
from sync.information_packs import DIRECTORY, make_pack
from sync.relay.__main__ import main as relay
from sync.relay.database import Database
from sync.relay.refusals import SENTENCES
from sync.relay.serve_options import ServeOptions
from sync.relay.serving import Serving
from sync.statement_files import StatementsFile
from sync.statements import RelayCertificate, Revocation, sign_statement
from tests.fakes.region import Region
from tests.relay_process import ROOT
from ui.cli.program import deux_portes

GUIDE = (ROOT / "docs" / "relay.md").read_text("utf-8")
STATE, SETTINGS = "/var/lib/deux-portes-relay", "/etc/deux-portes"
POSTGRES = "postgresql+psycopg:///deux_portes?host=/var/run/postgresql"
OF_THE_SYSTEM = {"install", "python3", "systemctl", "systemd-sysusers", "runuser"}
OF_FILES = {"mkdir", "mv", "rm"}


def command_lines():
    """Every line of the blocks of commands, in order."""
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```$", GUIDE, re.MULTILINE | re.DOTALL)
    return [line.strip() for _, block in blocks for line in block.splitlines() if line.strip()]


class Operator:
    """Who does what the guide says, in folders of this test instead of the system's."""

    def __init__(self, folder, postgres_url):
        self.state, self.settings = folder / "state", folder / "settings"
        for made in (self.state, self.state / "copies", self.settings):
            made.mkdir()
        self.postgres_url = postgres_url
        self.region = Region()
        self.machine = self.region.structure().machine()
        public = self._public()
        (self.settings / "authority.json").write_text(public.to_json(), "utf-8")
        example = (ROOT / "deploy" / "relay.conf.example").read_text("utf-8")
        told = re.findall(r"^([A-Z_]+)=(.*)$", example, re.MULTILINE)
        self.environment = {name: self.here(value) for name, value in told}

    def here(self, text):
        text = text.replace(POSTGRES, self.postgres_url)
        text = text.replace(STATE, str(self.state)).replace(SETTINGS, str(self.settings))
        dated = sorted((self.state / "copies").glob("relais-2*.sqlite3"))
        return text.replace(
            str(self.state / "copies" / "relais-DATE.sqlite3"), str(dated[-1]) if dated else ""
        )

    def relay(self, *arguments):
        done = CliRunner(env=self.environment).invoke(relay, arguments)
        assert done.exit_code == 0, (arguments, done.output)
        return done.stdout

    def files_given_by_the_region(self, line):
        """Put in place what the Region hands over before a command reads it."""
        if "region.json" in line:
            request = read_relay_request((self.state / "demande-relais.json").read_text("utf-8"))
            body = RelayCertificate(
                authority=self.region.authority.id,
                relay_key=request.relay_key,
                url=self.environment["DEUX_PORTES_RELAY_URL"],
            )
            statement = sign_statement(body, self.region.authority.private_key)
            (self.settings / "region.json").write_text(self._public(statement).to_json(), "utf-8")
        if "annuaire.pack" in line:
            key = self.region.authority
            pack = make_pack(b"{}", kind=DIRECTORY, made_s=int(time.time()), key=key)
            (self.settings / "annuaire.pack").write_bytes(pack)
        if "retrait.json" in line:
            self._write("postes.json", *self.machine.introduction())
            self.relay("take", str(self.settings / "postes.json"))
            body = Revocation(target=self.machine.id, at_s=int(time.time()), accepted=())
            self._write("retrait.json", sign_statement(body, self.region.authority.private_key))

    def _public(self, statement=b""):
        return RegionFile(
            name="Région (exemple)",
            authority_key=self.region.authority.public,
            relay_url="https://relais.exemple.fr" if statement else "",
            relay_statement=statement,
        )

    def _write(self, name, *statements):
        file = StatementsFile(about="exemple", statements=statements)
        (self.settings / name).write_text(file.to_json(), "utf-8")


def test_commands_of_the_guide_do_what_it_says(tmp_path, postgres):
    operator = Operator(tmp_path, postgres.new_database())
    lines = [line for line in command_lines() if line.split()[0] in {"relais", *OF_FILES}]
    assert len(lines) > 15
    for line in lines:
        operator.files_given_by_the_region(line)
        program, *arguments = shlex.split(operator.here(line))
        if program == "relais":
            operator.relay(*arguments)
        else:
            subprocess.run(operator.here(line), shell=True, check=True, cwd=tmp_path)  # noqa: S602
    told = json.loads(operator.relay("status", "--json"))
    assert told["has_authority"]
    assert told["packs"].keys() == {DIRECTORY}
    assert told["statements"]["relay"] == told["statements"]["revocation"] == 1


def test_every_other_command_of_the_guide_exists():
    for line in command_lines():
        program, *arguments = shlex.split(line)
        if program == "deux-portes-authority":
            assert parsed(authority, arguments), line
        elif program == "deux-portes":
            assert parsed(deux_portes, arguments), line
        elif not program.startswith("/opt/deux-portes/bin/"):
            assert program in {"relais", *OF_FILES, *OF_THE_SYSTEM}, line


def parsed(command, arguments):
    """Follow the words of a command to its end, and read its options."""
    words = list(arguments)
    context = click.Context(command)
    while isinstance(command, click.Group):
        command = command.get_command(context, words.pop(0))
        assert command is not None
        context = click.Context(command, parent=context)
    command.make_parser(context).parse_args(words)
    return True


def test_files_that_the_guide_installs_are_there():
    named = set(re.findall(r"\bdeploy/[\w.-]+|\bdocs/[\w.-]+", GUIDE))
    assert named
    for path in named:
        assert (ROOT / path).exists(), path


def test_settings_of_the_guide_are_those_of_the_service():
    known = {
        option.envvar
        for command in relay.commands.values()
        for option in command.params
        if getattr(option, "envvar", None)
    }
    named = set(re.findall(r"DEUX_PORTES_\w+", GUIDE))
    assert named
    assert named <= known


def test_figures_of_the_guide_are_those_that_are_shown(tmp_path):
    database = Database(f"sqlite:///{tmp_path / 'relay.sqlite3'}")
    options = ServeOptions(serving=Serving(), metrics=None)
    metrics = options.serving.metrics
    with options.showing_metrics(database):
        metrics.request(method="GET", route="/health", status=200, took_s=0.1)
        metrics.refused("request", "stale")
        shown = generate_latest(metrics.registry).decode()
    database.close()
    named = set(re.findall(r"`(deux_portes_relay_\w+)`", GUIDE))
    assert len(named) > 5
    for name in named:
        assert re.search(rf"^(# TYPE )?{name}(_bucket)?\b", shown, re.MULTILINE), name


def test_codes_of_the_guide_are_those_of_the_relay():
    table = GUIDE[GUIDE.index("## 13.") :]
    codes = set(re.findall(r"\b[45]\d\d `(\w+)`", table))
    assert codes
    assert codes <= SENTENCES.keys()


@pytest.mark.skipif(shutil.which("sh") is None, reason="there is no shell")
def test_script_relais_reads_the_settings_as_the_service_does(tmp_path):
    """Both read one file: what a shell makes of it is what systemd does."""
    example = ROOT / "deploy" / "relay.conf.example"
    shown = subprocess.run(
        ["sh", "-c", f"set -a; . {shlex.quote(str(example))}; env"],
        capture_output=True,
        text=True,
        check=True,
        env={"PATH": os.environ["PATH"]},
    ).stdout
    by_shell = dict(line.split("=", 1) for line in shown.splitlines() if "DEUX_PORTES" in line)
    told = re.findall(r"^([A-Z_]+)=(.*)$", Path(example).read_text("utf-8"), re.MULTILINE)
    assert by_shell == dict(told)
