"""The files of `deploy/` say what the relay really takes, name no host, and are not loose."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import click
import pytest

from sync.relay.__main__ import main
from sync.relay.server import KEEP_ALIVE_S

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = ("deux-portes-relay.service", "deux-portes-relay-care.service")
UNITS = (*SERVICES, "deux-portes-relay-care.timer")
HARDENING = {
    "CapabilityBoundingSet": "",
    "IPAddressDeny": "any",
    "LimitCORE": "0",
    "LockPersonality": "yes",
    "MemoryDenyWriteExecute": "yes",
    "NoNewPrivileges": "yes",
    "PrivateDevices": "yes",
    "PrivateTmp": "yes",
    "ProtectHome": "yes",
    "ProtectSystem": "strict",
    "RestrictNamespaces": "yes",
    "StateDirectoryMode": "0700",
    "UMask": "0077",
    "User": "deux-portes-relay",
}
PROGRAM = "/opt/deux-portes/bin/deux-portes-relay"


def text_of(name):
    return (DEPLOY / name).read_text("utf-8")


def settings(name):
    """The settings of a unit, by section: lists, because some come several times."""
    found, section = {}, ""
    for line in text_of(name).splitlines():
        if re.fullmatch(r"\[\w+\]", line):
            section = line[1:-1]
        elif line and not line.startswith("#"):
            key, is_there, value = line.partition("=")
            assert is_there, line
            found.setdefault((section, key), []).append(value)
    return found


@pytest.mark.parametrize("name", SERVICES)
def test_service_may_do_nothing_but_its_work(name):
    told = settings(name)
    for key, value in HARDENING.items():
        assert told["Service", key] == [value], key


def test_both_services_are_held_alike():
    first, second = (
        {key: value for key, value in settings(name).items() if key[1] in HARDENING}
        for name in SERVICES
    )
    assert first == second


@pytest.mark.parametrize("name", UNITS)
def test_unit_is_what_systemd_expects(name, tmp_path):
    program = shutil.which("systemd-analyze")
    if program is None:
        pytest.skip("systemd-analyze is not installed")
    for unit in UNITS:
        # What it names must be there, and is elsewhere while we test.
        text = text_of(unit).replace(PROGRAM, shutil.which("true") or "/bin/true")
        (tmp_path / unit).write_text(text, "utf-8")
    done = subprocess.run(
        [program, "verify", str(tmp_path / name)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"SYSTEMD_LOG_LEVEL": "warning"},
    )
    told = [line for line in done.stderr.splitlines() if "deux-portes" in line]
    assert (done.returncode, told) == (0, [])


def commands_in(text):
    """The commands of the relay that a text runs, without their program."""
    found = re.findall(rf"(?:^|=|\s){re.escape(PROGRAM)} ([a-z].*)", text)
    return [line.split() for line in found]


@pytest.mark.parametrize("name", SERVICES)
def test_service_runs_commands_that_exist(name):
    commands = commands_in(text_of(name))
    assert commands
    for word, *arguments in commands:
        parser = main.commands[word].make_parser(click.Context(main.commands[word]))
        parser.parse_args(list(arguments))


def test_every_setting_of_the_example_is_one_of_serve():
    known = {
        option.envvar for option in main.commands["serve"].params if getattr(option, "envvar", None)
    }
    named = set(re.findall(r"^#?([A-Z_]+)=", text_of("relay.conf.example"), re.MULTILINE))
    assert named <= known
    assert "DEUX_PORTES_RELAY_DATABASE" in named


def test_script_of_the_operator_is_right_and_runs_the_same_program(tmp_path):
    script = DEPLOY / "relais"
    assert os.access(script, os.X_OK)
    assert f'{PROGRAM} "$@"' in script.read_text("utf-8")
    checked = subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")


def seconds_in(pattern, text):
    return int(re.search(pattern, text)[1])


@pytest.mark.parametrize(
    ("name", "towards_relay", "towards_desks"),
    [
        ("nginx.conf", r"\n    keepalive_timeout (\d+)s", r"keepalive_timeout     (\d+)s"),
        ("Caddyfile", r"keepalive (\d+)s", r"idle (\d+)s"),
    ],
)
def test_proxy_lets_go_of_the_relay_first_and_keeps_desks_as_long(
    name, towards_relay, towards_desks
):
    text = text_of(name)
    assert seconds_in(towards_relay, text) < KEEP_ALIVE_S == seconds_in(towards_desks, text)


def test_proxies_gather_nothing_and_write_no_address():
    nginx = text_of("nginx.conf")
    for setting in (
        r"proxy_request_buffering off;",
        r"proxy_buffering\s+off;",
        r"gzip\s+off;",
        r"access_log off;",
        r"proxy_set_header\s+Host \$http_host;",
    ):
        assert re.search(setting, nginx), setting
    caddy = text_of("Caddyfile")
    assert "flush_interval -1" in caddy
    assert not re.search(r"request_buffers|buffer_requests|\blog\b", caddy)


def test_container_is_built_from_our_own_files_over_an_image_that_is_chosen():
    text = text_of("Containerfile")
    assert re.findall(r"^ARG (.*)$", text, re.MULTILINE) == ["BASE"]
    assert set(re.findall(r"^FROM (\S+)", text, re.MULTILINE)) == {"${BASE}"}
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        *sources, _ = line.split()
        for source in sources:
            assert (ROOT / source).exists(), source
    with (ROOT / "pyproject.toml").open("rb") as file:
        packages = tomllib.load(file)["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    copied = set(re.findall(r"^COPY (\w+) \w+$", text, re.MULTILINE))
    assert copied == set(packages)
    assert re.search(r"^USER deux-portes-relay$", text, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_file_names_no_host_but_examples(path):
    hosts = re.findall(
        r"\b(?:[a-z0-9-]+\.)+(?:org|com|io|net|fr|dev|eu)\b", path.read_text("utf-8")
    )
    assert set(hosts) <= {"relais.exemple.fr"}


def pinned(text):
    return dict(re.findall(r"^([a-z0-9-]+)(?:\[[a-z,]+\])?==(\S+)", text, re.MULTILINE))


def test_relay_is_installed_at_the_versions_that_are_tested():
    everything = pinned((ROOT / "requirements.lock").read_text("utf-8"))
    relay = pinned(text_of("relay-requirements.lock"))
    assert relay.items() <= everything.items()
    assert not any(name.startswith(("pyside", "sqlcipher")) for name in relay)


def test_lock_of_the_relay_holds_all_that_the_project_asks_for_it():
    with (ROOT / "pyproject.toml").open("rb") as file:
        extra = tomllib.load(file)["project"]["optional-dependencies"]["relay"]
    asked = {re.match(r"[\w.-]+", one)[0].lower() for one in extra}
    lines = {
        re.match(r"[\w.-]+", line)[0].lower()
        for line in text_of("relay-requirements.in").splitlines()
        if line and not line.startswith("#")
    }
    assert asked <= lines
    assert lines <= pinned(text_of("relay-requirements.lock")).keys()


def test_wheel_ships_all_that_the_relay_needs_to_make_its_database(tmp_path):
    building = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(building, cwd=ROOT, capture_output=True, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    unpacked = tmp_path / "unpacked"
    shutil.unpack_archive(wheel, unpacked, "zip")
    database = f"sqlite:///{tmp_path / 'relay.sqlite3'}"
    done = subprocess.run(
        [sys.executable, "-m", "sync.relay", "status", "--database", database],
        cwd=unpacked,  # What lies there comes before what this environment has.
        capture_output=True,
        text=True,
        check=True,
    )
    assert "paquets\u202f: 0" in done.stdout
    steps = {path.name for path in (ROOT / "sync/relay/migrations/versions").glob("v*.py")}
    shipped = {path.name for path in unpacked.glob("sync/relay/migrations/versions/v*.py")}
    assert shipped == steps


def test_relay_needs_no_library_that_its_lock_leaves_out():
    """What the relay loads of this machine's libraries is in its own list."""
    names = "import sys, sync.relay.__main__; print(*{name.split('.')[0] for name in sys.modules})"
    loaded = set(
        subprocess.run(
            [sys.executable, "-c", names], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split()
    )
    desk_only = {"PySide6", "requests", "sqlcipher3", "sqlite_utils", "jsonschema", "rapidfuzz"}
    assert not loaded & (desk_only | {"app", "ui", "backports", "zxingcpp", "segno"})
