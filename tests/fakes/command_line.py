"""The command line as tests use it: in this process for refusals, in its own for whole journeys."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fakes.forked_commands import run_forked
from ui.cli.program import run

PASSPHRASE = "quatre mots sans rapport"
ROOT = Path(__file__).parents[2]


class Windows:
    """Windows that only remember being asked for; the practice desk raises `fault`."""

    def __init__(self, fault: Exception | None = None) -> None:
        self.asked: list[tuple[Any, ...]] = []
        self._fault = fault

    def desktop(self, workspace: Path | None, agent: str | None) -> int:
        self.asked.append(("desktop", workspace, agent))
        return 0

    def check(self, workspace: Path | None) -> int:
        self.asked.append(("check", workspace))
        return 0

    def practice(self, shots: Path | None) -> int:
        self.asked.append(("practice", shots))
        if self._fault is not None:
            raise self._fault
        return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer, which is one line of JSON."""
        assert self.code == 0, self.err
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error, which is one line of JSON."""
        return json.loads(self.err)["error"]


def command(*words: object, capsys: Any, windows: Windows | None = None) -> Ended:
    """Run a command in this process."""
    capsys.readouterr()
    code = run([str(word) for word in words], windows or Windows())
    captured = capsys.readouterr()
    return Ended(code=code, out=captured.out, err=captured.err)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine of its own: a home folder where the real command runs in its own process."""

    home: Path

    def run(self, *words: object, given: str = "", **variables: str) -> Ended:
        """Run the real command; `given` is its standard input."""
        done = run_forked(
            "ui",
            list(map(str, words)),
            environment=self.environment(**variables),
            folder=ROOT,
            given=given,
        )
        return Ended(code=done.returncode, out=done.stdout, err=done.stderr)

    def environment(self, **variables: str) -> Mapping[str, str]:
        """Return the environment of this machine, with the passphrase."""
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("XDG_", "DEUX_PORTES_"))
        }
        home = str(self.home)
        places = {"HOME": home, "LOCALAPPDATA": home, "APPDATA": home, "USERPROFILE": home}
        return inherited | places | {"DEUX_PORTES_PASSPHRASE": PASSPHRASE} | variables
