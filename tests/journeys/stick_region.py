"""A Region without any network: an authority, desks in real processes, and what people carry."""

import contextlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.fakes.command_line import PASSPHRASE, ROOT, Ended, Machine
from tests.fakes.forked_commands import run_forked
from tests.journeys.world import COMMUNES, DeskMachine, structure_at

if TYPE_CHECKING:
    import subprocess

_PATIENCE_S = 30


def somebody(given: str, *, to: str = "") -> dict[str, Any]:
    """A reception of an invented person, handed over to the door that `to` names."""
    reception: dict[str, Any] = {
        "expressed": f"Demande de {given} (exemple)",
        "commune": COMMUNES["blanc"],
        "notice_given": True,
        "agreement_to_record": True,
        "person": {"given_name": given, "family_name": "Exemplier", "telephone": "06 39 98 00 21"},
    }
    if to:
        reception["referral"] = {"to": structure_at(COMMUNES[to]), "agreement": True}
    return reception


@dataclass(slots=True)
class StickRegion:
    """Desks by name, and the stick that goes round; no relay exists in this Region."""

    folder: Path
    desks: dict[str, DeskMachine] = field(default_factory=dict)

    def __getitem__(self, name: str) -> DeskMachine:
        return self.desks[name]

    @property
    def stick(self) -> Path:
        stick = self.folder / "cle"
        stick.mkdir(exist_ok=True)
        return stick

    def authority(self, *words: object) -> None:
        done = run_forked(
            "sync.authority",
            list(map(str, words)),
            environment={
                **Machine(self.folder).environment(),
                "DEUX_PORTES_PASSPHRASE": PASSPHRASE,
            },
            folder=ROOT,
        )
        assert done.returncode == 0, done.stderr

    def desk(self, name: str) -> DeskMachine:
        """Name a machine; nothing is made on it yet."""
        home = self.folder / name
        home.mkdir()
        self.desks[name] = DeskMachine(Machine(home), home / "workspace")
        return self.desks[name]

    def enrol(self, name: str) -> DeskMachine:
        """Found a structure and have it certified, by files carried to and fro."""
        desk, reference = self.desk(name), structure_at(COMMUNES[name])
        region = self.folder / "authority" / "authority.json"
        desk.ask("init", "--agent", f"Agent {name}", "--region", region, "--reference", reference)
        request, certificate = self.folder / f"{name}.json", self.folder / f"{name}-cert.json"
        desk.ask("structure", "init", "--reference", reference, "--out", request)
        certify = ("structure", "certify", request, "--out", certificate)
        self.authority(*certify, "--folder", self.folder / "authority")
        desk.ask("structure", "enrol", certificate)
        return desk

    def join(self, name: str, to: str) -> DeskMachine:
        """Make another machine of a structure, by sticks alone."""
        first, invitation = self.desks[to], self.folder / f"{name}-invitation.json"
        first.ask("structure", "invite", "--out", invitation)
        second = self.desk(name)
        asked = second.ask("join", invitation)
        self.carry(name, to)
        first.ask("structure", "admit", asked["spoken_code"])
        self.carry(to, name)
        return second

    def carry(self, sender: str, *receivers: str, stick: Path | None = None) -> list[Ended]:
        """Write a stick at one desk, read it at others; return how each reading ended."""
        stick = stick or self.stick
        self.desks[sender].ask("stick", "write", stick)
        return [self.desks[name].run("stick", "read", stick) for name in receivers]


def new_stick_region(folder: Path, *names: str) -> StickRegion:
    """Make a Region whose structures have met by a stick that goes round twice."""
    region = StickRegion(folder)
    region.authority("init", folder / "authority", "--name", "Région (exemple)")
    for name in names:
        region.enrol(name)
    for name in (*names, *names[:-1]):
        region.carry(name, *(other for other in names if other != name))
    return region


def known_stick_region(folder: Path, *names: str) -> StickRegion:
    """Return such a Region that lies in a folder already."""
    region = StickRegion(folder)
    for name in names:
        home = folder / name
        region.desks[name] = DeskMachine(Machine(home), home / "workspace")
    return region


def until_something_is_written(stick: Path, process: "subprocess.Popen[str]") -> None:
    """Wait, without any pause, until a process first touches the files of a stick."""
    before, ends_at = _marks(stick), time.monotonic() + _PATIENCE_S
    while _marks(stick) == before and process.poll() is None:
        assert time.monotonic() < ends_at


def _marks(stick: Path) -> list[int]:
    """When each folder of a stick last changed."""
    marks = []
    for folder in (stick, stick / "deux-portes", *(stick / "deux-portes").glob("*")):
        with contextlib.suppress(OSError):
            marks.append(folder.stat().st_mtime_ns)
    return marks
