"""A small Region in real processes: authority, relay, and desks each with a home of its own.

Everything is done through the commands that people type; between desks and relay stands a proxy
that records every byte and can break the link.
"""

import json
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from app.reference.directory import read_directory
from resources import resource_path
from tests.fakes.command_line import PASSPHRASE, ROOT, Ended, Machine
from tests.fakes.forked_commands import run_forked
from tests.fakes.recording_proxy import Fault, RecordingProxy
from tests.relay_process import RelayProcess

COMMUNES = {"blanc": "36018", "chateauroux": "36044", "argenton": "36006"}
ACQUAINTED = ("blanc", "chateauroux")


def structure_at(commune: str) -> str:
    """The reference of the first structure of the practice directory in a commune."""
    entries = read_directory(resource_path("starter", "practice_directory.json")).all()
    return next(entry.reference for entry in entries if entry.commune_code == commune)


@dataclass(slots=True)
class DeskMachine:
    """A machine with one workspace; words are those of the command line."""

    machine: Machine
    workspace: Path

    def run(self, *words: object, given: str = "", **variables: str) -> Ended:
        arguments = (*words, "--workspace", self.workspace, "--json")
        return self.machine.run(*arguments, given=given, **variables)

    def ask(self, *words: object, given: str = "") -> Any:
        """Run a command that must succeed, and return its JSON."""
        return self.run(*words, given=given).json

    def receive(self, reception: dict[str, Any]) -> dict[str, Any]:
        return self.ask("reception", "add", "-", given=json.dumps(reception, ensure_ascii=False))

    def exchange(self) -> dict[str, Any]:
        return self.ask("exchange", "run")

    def status(self) -> dict[str, Any]:
        return self.ask("status")

    def events(self) -> dict[str, int]:
        return self.status()["events"]

    def referrals(self, direction: str) -> list[dict[str, Any]]:
        return self.ask("referral", "list", "--direction", direction)["referrals"]

    def named(self, direction: str) -> list[str]:
        return sorted(line["display_name"] for line in self.referrals(direction))

    @contextmanager
    def running(self, *words: object) -> Iterator["subprocess.Popen[str]"]:
        """Start a command and leave it running; whatever is left of it is killed at the end."""
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "ui", *map(str, words)),
                *("--workspace", str(self.workspace), "--json"),
            ],
            cwd=ROOT,
            env=self.machine.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        with process:
            try:
                yield process
            finally:
                process.kill()

    def exchange_killed_at(self, proxy: RecordingProxy, fault: Fault) -> None:
        """Start an exchange, and kill its process when the fault has struck."""
        proxy.will(fault)
        with self.running("exchange", "run") as process:
            assert fault.struck.wait(timeout=30)
            process.kill()
            process.wait(timeout=30)
        fault.let_go()


@dataclass(slots=True)
class RegionInProcesses:
    """The Region: its folder, its relay behind the proxy, its desks by name."""

    folder: Path
    relay: RelayProcess
    proxy: RecordingProxy
    desks: dict[str, DeskMachine] = field(default_factory=dict)

    @property
    def region_file(self) -> Path:
        return self.folder / "region.json"

    def authority(self, *words: object) -> None:
        done = run_forked(
            "sync.authority",
            list(map(str, words)),
            environment={**os.environ, "DEUX_PORTES_PASSPHRASE": PASSPHRASE},
            folder=ROOT,
        )
        assert done.returncode == 0, done.stderr

    def desk(self, name: str) -> DeskMachine:
        """Name a machine; nothing is made on it yet."""
        home = self.folder / name
        home.mkdir()
        self.desks[name] = DeskMachine(Machine(home), home / "workspace")
        return self.desks[name]

    def enrol(self, name: str, commune: str) -> DeskMachine:
        """Make the first desk of a structure and have the Region certify it."""
        desk = self.desk(name)
        reference = structure_at(commune)
        arguments = ("--agent", f"Agent {name}", "--region", self.region_file)
        desk.ask("init", *arguments, "--reference", reference)
        request, certificate = self.folder / f"{name}.json", self.folder / f"{name}-cert.json"
        desk.ask("structure", "init", "--reference", reference, "--out", request)
        certify = ("structure", "certify", request, "--out", certificate)
        self.authority(*certify, "--folder", self.folder / "authority")
        desk.ask("structure", "enrol", certificate)
        return desk

    def start_relay(self) -> None:
        self.relay.start()
        self.proxy.upstream = self.relay.host_and_port

    def held(self) -> dict[str, int]:
        """What the relay says that it holds."""
        return json.loads(self.relay.run("status", "--json"))

    def relay_files(self) -> bytes:
        """Every byte that the relay wrote on its disk."""
        files = [file for file in self.relay.folder.iterdir() if file.is_file()]
        return b"".join(file.read_bytes() for file in files)

    def close(self) -> None:
        self.proxy.close()
        self.relay.kill()


def new_region(folder: Path) -> RegionInProcesses:
    """Make an authority and a relay, certified at the proxy's address and not started."""
    (folder / "relay").mkdir(parents=True)
    world = RegionInProcesses(folder, RelayProcess(folder / "relay"), RecordingProxy())
    authority = folder / "authority"
    world.authority("init", authority, "--name", "Région (exemple)")
    request = folder / "relay-request.json"
    world.relay.run("init", "--authority", str(authority / "authority.json"), "--out", str(request))
    certify = ("relay", "certify", request, "--url", world.proxy.url, "--out", world.region_file)
    world.authority(*certify, "--folder", authority)
    return world


def acquainted_region(folder: Path) -> RegionInProcesses:
    """Make a Region whose two structures know each other, and a relay that serves."""
    world = new_region(folder)
    world.start_relay()
    for name in ACQUAINTED:
        world.enrol(name, COMMUNES[name])
    for name in (*ACQUAINTED, *ACQUAINTED):
        world.desks[name].exchange()
    return world


def copy_of(kept: RegionInProcesses, folder: Path) -> RegionInProcesses:
    """Return the same Region in another folder, its relay serving behind the same proxy.

    Machines and markers of lives come along, so that nothing looks restored; the one kept rests.
    """
    shutil.copytree(kept.folder, folder)
    kept.proxy.begin_again()
    world = RegionInProcesses(folder, RelayProcess(folder / "relay"), kept.proxy)
    for name in kept.desks:
        world.desks[name] = DeskMachine(Machine(folder / name), folder / name / "workspace")
    world.start_relay()
    return world


def told_everything(world: RegionInProcesses) -> None:
    """Exchange until nobody has anything left to say; nothing is refused."""
    for _ in range(6):
        reports = [desk.exchange() for desk in world.desks.values()]
        assert [one["refused"] for one in reports] == [[]] * len(reports)
        if not any(one["bundles_up"] or one["bundles_down"] for one in reports):
            return
    pytest.fail("these never come to rest")


def spellings(*texts: str) -> set[bytes]:
    """All the ways in which these words could be found in bytes."""
    forms: set[str] = set()
    for text in texts:
        plain = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()
        for form in (text, plain):
            forms |= {form, form.lower(), form.upper(), form.title()}
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "latin-1")
    found = {form.encode(encoding, "ignore") for form in forms for encoding in encodings}
    return {one for one in found if len(one) > 3} | {one.hex().encode() for one in found if one}


def telephone_spellings(digits: str) -> set[bytes]:
    """A French number as people and programs write it; `digits` begins with 0."""
    pairs = [digits[start : start + 2] for start in range(0, 10, 2)]
    joined = (mark.join(pairs) for mark in ("", " ", ".", "-", "\u00a0", "\u202f"))
    return spellings(*joined, f"+33{digits[1:]}", f"0033{digits[1:]}", f"+33 {digits[1:]}")
