"""A desk in a process of its own that writes or reads a stick, and is killed on the way.

`python -m tests.exchange.stick_process` takes one JSON object on its standard input. It kills
itself at the n-th time that the stick's files are touched, or between two settled bundles.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from app.store.life_marker import Markers
from app.store.slots import Opened
from app.store.stick_port import StoreStickPort
from app.store.sync_port import StoreSyncPort
from app.store.workspace import Workspace
from app.usecases.desk import Desk
from app.usecases.referrals import acknowledge_arrivals
from sync.stick.folder import StickFolder
from sync.stick.reading import StickReading
from sync.stick.watch import Watch
from sync.stick.writing import StickWriting
from tests.builders import REFERENCE, FreeLock
from tests.exchange.desks import Door
from tests.fakes.clock import TickingClock

ROOT = Path(__file__).parents[2]
_TOUCHES = {"open", "os.rename", "os.remove", "os.mkdir"}


def killed_at(door: Door, name: str, stick: Path, *, does: str, touch: int) -> bool:
    """Close a desk, have a process write or read a stick and die; tell whether it died."""
    world = door.world
    door.desk.workspace.close()
    keys = world.keys[name]
    asked = {
        "folder": str(world.folder / name),
        "markers": str(world.folder / "lives" / name),
        "file_key": keys.file_key.hex(),
        "agent": keys.agent,
        "name": keys.name,
        "role": keys.role,
        "compartments": {
            one: [key.hex() for key in several] for one, several in keys.compartments.items()
        },
        "authority": world.authority.public.hex(),
        "stick": str(stick),
        "does": does,
        "touch": touch,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.exchange.stick_process"],
        cwd=ROOT,
        input=json.dumps(asked),
        encoding="utf-8",
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert done.returncode in {0, -signal.SIGKILL}, done.stderr
    world.open(name)
    return done.returncode != 0


class _Killer:
    """Counts what happens to a stick, and ends this process at its turn."""

    def __init__(self, stick: str, touch: int) -> None:
        self._stick = stick
        self._left = touch

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        """Be told of everything that Python does with files."""
        if event in _TOUCHES and str(arguments[0]).startswith(self._stick):
            self.count()

    def count(self) -> bool:
        """Count one thing done."""
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return False


def main() -> None:
    """Do what the standard input asks."""
    asked = json.load(sys.stdin)
    opened = Opened(
        file_key=bytes.fromhex(asked["file_key"]),
        agent=asked["agent"],
        name=asked["name"],
        role=asked["role"],
        compartments={
            one: tuple(map(bytes.fromhex, several))
            for one, several in asked["compartments"].items()
        },
    )
    markers = Markers(Path(asked["markers"]))
    workspace = Workspace(Path(asked["folder"]), opened, FreeLock(), markers=markers)
    desk = Desk(workspace=workspace, clock=TickingClock(), reference=REFERENCE)
    killer = _Killer(asked["stick"], asked["touch"])
    sys.addaudithook(killer.hear)
    ports = StoreSyncPort(workspace), StoreStickPort(workspace), bytes.fromhex(asked["authority"])
    stick, watch = StickFolder(Path(asked["stick"])), Watch(cancelled=killer.count)
    if asked["does"] == "write":
        StickWriting(*ports, desk.clock).run(stick, watch)
    else:
        StickReading(*ports, desk.clock, lambda: acknowledge_arrivals(desk)).run(stick, watch)
    workspace.close()


if __name__ == "__main__":
    main()
