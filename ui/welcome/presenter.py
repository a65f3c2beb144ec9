"""Decides what the first morning shows; no Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from ui.running import Runner
from ui.welcome.making import Making, MakingScreen, what_is_wrong_with_agent

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class StructureChoice:
    """A structure of the directory, as a suggestion."""

    reference: str
    name: str
    commune: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What was written on the page. `reference` is "" when the structure was typed by hand."""

    agent: str
    structure: str
    reference: str
    passphrase: str
    again: str
    region_file: Path | None


class WelcomeScreen(MakingScreen, Protocol):
    """What the page can show."""

    def show_structures(self, choices: Sequence[StructureChoice], query: str) -> None:
        """Offer these structures for what was typed."""
        ...

    def show_error(self, field: str, text: str) -> None:
        """Say beside a field what is wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class WelcomePorts(Generic[T]):
    """What the presenter may ask for.

    Attributes:
        structures: structures of the directory that match a few words.
        create: makes the workspace; returns it open, with its recovery code.
        sentence: the French sentence of a refusal.
        opened: gets the workspace, once the code was noted.
    """

    structures: Callable[[str], Sequence[StructureChoice]]
    create: Callable[[Beginning], tuple[T, str]]
    sentence: Callable[[Exception], str]
    opened: Callable[[T], None]


class WelcomePresenter(Generic[T]):
    """Checks the page, makes the workspace, waits until the code was noted."""

    def __init__(self, screen: WelcomeScreen, ports: WelcomePorts[T], runner: Runner) -> None:
        self._screen = screen
        self._ports = ports
        self._runner = runner
        self._making = Making(screen, runner, ports.sentence, ports.opened)

    def structure_typed(self, text: str) -> None:
        """Look for structures that match."""
        self._runner.run(
            lambda: self._ports.structures(text),
            lambda choices: self._screen.show_structures(choices, text),
            lambda _error: None,
        )

    def begin(self, beginning: Beginning) -> None:
        """Make the workspace when the page is whole; say what is missing otherwise."""
        wrong = what_is_wrong_with_agent(beginning.agent, beginning.passphrase, beginning.again)
        if not beginning.structure.strip():
            wrong["structure"] = "Choisissez votre structure, ou écrivez son nom."
        for field in ("agent", "structure", "passphrase", "again"):
            self._screen.show_error(field, wrong.get(field, ""))
        if not wrong:
            self._making.make(lambda: self._ports.create(beginning))

    def code_was_noted(self) -> None:
        """Open the desk."""
        self._making.code_was_noted()
