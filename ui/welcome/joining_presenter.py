"""Decides what joining a structure shows, on a new machine; no Qt."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from ui.running import Runner
from ui.welcome.making import Making, MakingScreen, what_is_wrong_with_agent

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What was given on the page."""

    invitation: Path | None
    agent: str
    passphrase: str
    again: str


class JoiningScreen(MakingScreen, Protocol):
    """What the page can show."""

    def show_error(self, field: str, text: str) -> None:
        """Say beside a field what is wrong."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JoiningPorts(Generic[T]):
    """What the presenter may ask for.

    Attributes:
        join: makes the workspace that asks to join; returns it open, with its recovery code.
        sentence: the French sentence of a refusal.
        opened: gets the workspace, once the code was noted.
    """

    join: Callable[[Joining], tuple[T, str]]
    sentence: Callable[[Exception], str]
    opened: Callable[[T], None]


class JoiningPresenter(Generic[T]):
    """Checks the page, makes the workspace, waits until the code was noted."""

    def __init__(self, screen: JoiningScreen, ports: JoiningPorts[T], runner: Runner) -> None:
        self._screen = screen
        self._ports = ports
        self._making = Making(screen, runner, ports.sentence, ports.opened)

    def join(self, joining: Joining) -> None:
        """Make the workspace when the page is whole; say what is missing otherwise."""
        wrong = what_is_wrong_with_agent(joining.agent, joining.passphrase, joining.again)
        if joining.invitation is None:
            wrong["invitation"] = "Ouvrez l’invitation faite sur un poste de la structure."
        for field in ("invitation", "agent", "passphrase", "again"):
            self._screen.show_error(field, wrong.get(field, ""))
        if not wrong:
            self._making.make(lambda: self._ports.join(joining))

    def code_was_noted(self) -> None:
        """Open the desk."""
        self._making.code_was_noted()
