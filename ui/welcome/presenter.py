"""Decides what the first morning shows; no Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from app.domain.errors import AppError
from ui.running import Runner

T = TypeVar("T")

SHORTEST_PASSPHRASE = 10


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


class WelcomeScreen(Protocol):
    """What the page can show."""

    def show_structures(self, choices: Sequence[StructureChoice], query: str) -> None:
        """Offer these structures for what was typed."""
        ...

    def show_error(self, field: str, text: str) -> None:
        """Say beside a field what is wrong."""
        ...

    def show_refusal(self, sentence: str) -> None:
        """Say why the workspace could not be made."""
        ...

    def show_working(self) -> None:
        """Say that the workspace is being made."""
        ...

    def show_recovery_code(self, code: str) -> None:
        """Show the code that opens the file if every passphrase is lost."""
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
        self._made: T | None = None
        self._is_working = False

    def structure_typed(self, text: str) -> None:
        """Look for structures that match."""
        self._runner.run(
            lambda: self._ports.structures(text),
            lambda choices: self._screen.show_structures(choices, text),
            lambda _error: None,
        )

    def begin(self, beginning: Beginning) -> None:
        """Make the workspace when the page is whole; say what is missing otherwise."""
        wrong = _what_is_wrong(beginning)
        for field in ("agent", "structure", "passphrase", "again"):
            self._screen.show_error(field, wrong.get(field, ""))
        if wrong or self._is_working:
            return
        self._is_working = True
        self._screen.show_working()
        self._runner.run(lambda: self._ports.create(beginning), self._created, self._refused)

    def code_was_noted(self) -> None:
        """Open the desk."""
        if self._made is not None:
            made, self._made = self._made, None
            self._ports.opened(made)

    def _created(self, outcome: tuple[T, str]) -> None:
        self._is_working = False
        self._made, code = outcome
        self._screen.show_recovery_code(code)

    def _refused(self, error: Exception) -> None:
        self._is_working = False
        self._screen.show_refusal(self._ports.sentence(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def _what_is_wrong(beginning: Beginning) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if not beginning.agent.strip():
        wrong["agent"] = "Écrivez votre prénom, vos initiales ou votre fonction."
    if not beginning.structure.strip():
        wrong["structure"] = "Choisissez votre structure, ou écrivez son nom."
    if len(beginning.passphrase) < SHORTEST_PASSPHRASE:
        wrong["passphrase"] = "Il faut au moins dix signes\u202f: quatre mots, par exemple."  # noqa: S105
    elif beginning.passphrase != beginning.again:
        wrong["again"] = "Les deux phrases de passe diffèrent."
    return wrong
