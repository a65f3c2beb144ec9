"""Small disks that are really full, protected or pulled out: file systems that only root mounts.

Where none can be made, a test that needs one is skipped and the end of the run says so. Where one
could be made and was not, while `CI` is set, the test fails: a forge must not leave these tests out
in silence.

Load it with `pytest_plugins = ["tests.small_disks"]` in `tests/conftest.py`.
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

PAGE_BYTES = 4_096
REASON = "no small disk can be mounted here"

_CAP_SYS_ADMIN = 21


def is_due(environment: Mapping[str, str], user: int, capabilities: int) -> bool:
    """Must a small disk be made here? Where a forge runs as a root that may mount.

    In the containers of some forges root may not: nobody could mend the test there.
    """
    may_mount = user == 0 and bool(capabilities >> _CAP_SYS_ADMIN & 1)
    return may_mount and environment.get("CI", "").lower() in {"1", "true"}


def leave_out(why: str) -> NoReturn:
    """Skip a test for want of a small disk, or fail it where there must be one."""
    if sys.platform.startswith("linux") and is_due(os.environ, os.geteuid(), _capabilities()):
        pytest.fail(f"{REASON}, though this forge runs as root: {why}")
    pytest.skip(f"{REASON}: {why}")


def _capabilities() -> int:
    for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


@contextlib.contextmanager
def mounted(folder: Path, *arguments: str) -> Iterator[Path]:
    """Mount something at a new folder; what is mounted there at the end is not any more."""
    folder.mkdir()
    mount(folder, *arguments)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False, capture_output=True)


@contextlib.contextmanager
def small_disk_at(folder: Path, size: str) -> Iterator[Path]:
    """Make a disk of so many bytes (`6m`) at a new folder."""
    with mounted(folder, "-t", "tmpfs", "-o", f"size={size},mode=700", "tmpfs") as disk:
        yield disk


def mount(folder: Path, *arguments: str) -> None:
    """Mount something there, or leave the test out."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0 or not shutil.which("mount"):
        leave_out("only root mounts, on Linux")
    done = subprocess.run(
        ["mount", *arguments, str(folder)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        leave_out(done.stderr.strip())


def fill(disk: Path, *, leaving: int = 0) -> Path:
    """Fill a disk up to some pages; return the file that takes the room."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(bytes(PAGE_BYTES))
    with ballast.open("r+b") as file:
        file.truncate(max(0, ballast.stat().st_size - leaving * PAGE_BYTES))
    return ballast


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real disk of six megabytes."""
    with small_disk_at(tmp_path / "disque", "6m") as disk:
        yield disk


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were left out for want of a disk: a green run is not all proven."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [report for report in skipped if REASON in str(report.longrepr)]
    if left_out:
        told = f"{len(left_out)} tests of full disks were left out: {REASON}"
        terminalreporter.section("disks")
        terminalreporter.line(told, yellow=True)
