"""A bad link between two network namespaces of this machine, for measures. Root on Linux only."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from tests.bench.packet_pump import FAR_ADDRESS

_READY_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a link does. Rates are in kbit/s (0: none); `delay_ms` is one way.

    With `cut_s`, the link lives `alive_s` then is cut for `cut_s`, again and again; `kills` makes
    each cut kill the connections that were open.
    """

    name: str
    delay_ms: int = 0
    up_kbit: int = 0
    down_kbit: int = 0
    loss: float = 0.0
    queue_bytes: int = 32_768
    alive_s: float = 0.0
    cut_s: float = 0.0
    kills: bool = False
    seed: int = 7

    def up_share(self) -> float:
        """Return the share of the time in which the link lives."""
        return self.alive_s / (self.alive_s + self.cut_s) if self.cut_s else 1.0


_RURAL = {"delay_ms": 300, "up_kbit": 128, "down_kbit": 256, "loss": 0.02}
PLAIN = Profile(name="plain")
SHAPED = Profile(name="shaped", **_RURAL)
CUT_HOLE = Profile(name="cut-hole", alive_s=15, cut_s=5, **_RURAL)
CUT_DEAD = Profile(name="cut-dead", alive_s=15, cut_s=5, kills=True, **_RURAL)
CUT_TIGHT = Profile(name="5 s/5 s", alive_s=5, cut_s=5, kills=True, **_RURAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """What passed since the clock was started: each pair is (up, down)."""

    packets: tuple[int, int]
    bytes: tuple[int, int]
    payload: tuple[int, int]
    lost: tuple[int, int]
    connections: int
    cuts: int


def is_possible() -> bool:
    """May this process make namespaces and TUN devices?"""
    return sys.platform == "linux" and os.geteuid() == 0 and Path("/dev/net/tun").exists()


class Link:
    """The link while it stands: programs run at either end of it."""

    def __init__(self, near: str, far: str, pump: "subprocess.Popen[bytes]", stats: Path) -> None:
        self._near = near
        self._far = far
        self._pump = pump
        self._stats = stats
        self.far_address = FAR_ADDRESS

    def near(self, command: Sequence[str], **options: Any) -> "subprocess.Popen[str]":
        """Start a program on the desk's side."""
        return _inside(self._near, command, **options)

    def far(self, command: Sequence[str], **options: Any) -> "subprocess.Popen[str]":
        """Start a program on the relay's side."""
        return _inside(self._far, command, **options)

    def start_clock(self) -> None:
        """Zero the counters; the link lives from now for its first period."""
        self._pump.send_signal(signal.SIGUSR1)

    def traffic(self) -> Traffic:
        """Return what passed since the clock was started."""
        self._stats.unlink(missing_ok=True)
        self._pump.send_signal(signal.SIGUSR2)
        _wait_for(self._stats)
        counts = json.loads(self._stats.read_text("utf-8"))
        pairs = {name: tuple(value) for name, value in counts.items() if isinstance(value, list)}
        return Traffic(**pairs, connections=counts["connections"], cuts=counts["cuts"])


@contextmanager
def emulated_link(profile: Profile, folder: Path) -> Iterator[Link]:
    """Make the namespaces and the link; everything is taken down at the end."""
    near, far = (f"dp-{side}-{os.getpid()}" for side in ("near", "far"))
    stats, settings = folder / "traffic.json", folder / "profile.json"
    stats.unlink(missing_ok=True)
    settings.write_text(json.dumps(asdict(profile)), encoding="utf-8")
    script = str(Path(__file__).with_name("packet_pump.py"))
    made = []
    try:
        for name in (near, far):
            subprocess.run(["ip", "netns", "add", name], check=True)
            made.append(name)
        pump = subprocess.Popen([sys.executable, script, near, far, str(stats), str(settings)])
        try:
            _wait_for(stats)
            yield Link(near, far, pump, stats)
        finally:
            pump.terminate()
            pump.wait(timeout=10)
    finally:
        for name in made:
            subprocess.run(["ip", "netns", "delete", name], check=True)


def first_line(process: "subprocess.Popen[str]") -> str:
    """Return the first line that a program prints, once it does."""
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], 30)
    return process.stdout.readline() if ready else ""


def _inside(namespace: str, command: Sequence[str], **options: Any) -> "subprocess.Popen[str]":
    return subprocess.Popen(["ip", "netns", "exec", namespace, *command], text=True, **options)


def _wait_for(file: Path) -> None:
    until = time.monotonic() + _READY_S
    while not file.exists():
        if time.monotonic() > until:
            message = f"{file.name} never came"
            raise TimeoutError(message)
        time.sleep(0.01)
