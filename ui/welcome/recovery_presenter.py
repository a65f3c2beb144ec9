"""Decides what taking over a structure shows, with its printed code; no Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from ui.running import Runner
from ui.welcome.making import Making, MakingScreen, what_is_wrong_with_agent

T = TypeVar("T")
L = TypeVar("L")

NONE_LOST = "none"
"""Stands for « Aucun » among the machines that are lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeking:
    """What was given to find the structure; `statements` is None to ask the relay."""

    region: Path | None
    code: str
    statements: Path | None
    proxy: str
    ca: Path | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundStructure(Generic[L]):
    """A structure that the code opened: its name, its machines (key and code), what recovers it."""

    name: str
    machines: tuple[tuple[str, str], ...]
    lost: L


@dataclass(frozen=True, slots=True, kw_only=True)
class TakingOver:
    """What was given to take the structure over; `lost` are keys of machines, or `NONE_LOST`."""

    lost: tuple[str, ...]
    agent: str
    passphrase: str
    again: str


class RecoveringScreen(MakingScreen, Protocol):
    """What the pages can show."""

    def show_error(self, field: str, text: str) -> None:
        """Say beside a field what is wrong."""
        ...

    def show_seeking(self) -> None:
        """Say that the structure is being looked for."""
        ...

    def show_found(self, name: str, machines: Sequence[tuple[str, str]]) -> None:
        """Show the structure found and ask which machines are lost."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveringPorts(Generic[T, L]):
    """What the presenter may ask for.

    Attributes:
        seek: opens the structure that the code recovers.
        take_over: makes the workspace; returns it open, with the recovery code of its file.
        sentence: the French sentence of a refusal.
        opened: gets the workspace, once the code was noted.
    """

    seek: Callable[[Seeking], FoundStructure[L]]
    take_over: Callable[[L, TakingOver], tuple[T, str]]
    sentence: Callable[[Exception], str]
    opened: Callable[[T], None]


class RecoveringPresenter(Generic[T, L]):
    """Finds the structure, asks which machines are lost, makes the workspace."""

    def __init__(
        self, screen: RecoveringScreen, ports: RecoveringPorts[T, L], runner: Runner
    ) -> None:
        self._screen = screen
        self._ports = ports
        self._runner = runner
        self._found: FoundStructure[L] | None = None
        self._making = Making(screen, runner, ports.sentence, ports.opened)

    def seek(self, seeking: Seeking) -> None:
        """Look for the structure when the page is whole; say what is missing otherwise."""
        wrong: dict[str, str] = {}
        if seeking.region is None:
            wrong["region"] = "Choisissez le fichier de votre Région\u202f: elle le redonne."
        if not seeking.code.strip():
            wrong["code"] = "Recopiez les sept groupes du papier."
        for field in ("region", "code"):
            self._screen.show_error(field, wrong.get(field, ""))
        if not wrong:
            self._screen.show_seeking()
            self._runner.run(lambda: self._ports.seek(seeking), self._seen, self._making.refused)

    def take_over(self, taking: TakingOver) -> None:
        """Make the workspace when the page is whole; say what is missing otherwise."""
        found = self._found
        wrong = what_is_wrong_with_agent(taking.agent, taking.passphrase, taking.again)
        if not taking.lost:
            wrong["lost"] = "Dites lesquels sont perdus, ou «\u00a0Aucun\u00a0»."
        elif NONE_LOST in taking.lost and len(taking.lost) > 1:
            wrong["lost"] = "«\u00a0Aucun\u00a0», ou des postes\u202f: pas les deux."
        for field in ("lost", "agent", "passphrase", "again"):
            self._screen.show_error(field, wrong.get(field, ""))
        if not wrong and found is not None:
            self._making.make(lambda: self._ports.take_over(found.lost, taking))

    def code_was_noted(self) -> None:
        """Open the desk."""
        self._making.code_was_noted()

    def _seen(self, found: FoundStructure[L]) -> None:
        self._found = found
        self._screen.show_found(found.name, found.machines)
