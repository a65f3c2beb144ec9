"""Decides what the first window shows; no Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from app.domain.errors import (
    AppError,
    TooSoonError,
    WorkspaceMissingError,
    WrongPassphraseError,
)
from ui.running import Runner

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentCard:
    """An agent who may open the workspace: which slot, and the words that name them here."""

    slot_id: str
    label: str


class UnlockScreen(Protocol):
    """What the first window can show."""

    def show_agents(self, agents: Sequence[AgentCard]) -> None:
        """Ask for a passphrase; the first agent is the last who was here."""
        ...

    def show_no_workspace(self, sentence: str) -> None:
        """Say that nothing was made here yet, and offer to make it or to practise."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say why the workspace cannot be opened, and offer to try again."""
        ...

    def show_refusal(self, sentence: str, wait_s: int) -> None:
        """Say that the attempt failed; the next one may be made in `wait_s` seconds."""
        ...

    def show_working(self) -> None:
        """Say that the workspace is being opened."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockPorts(Generic[T]):
    """What the presenter may ask for. `agents`, `unlock` and its recovery are run by the runner.

    Attributes:
        agents: the agents of the workspace, last used first; raises `AppError`.
        unlock: opens with a slot and a passphrase; raises `WrongPassphraseError`, `TooSoonError`...
        unlock_with_recovery: opens with the printed code.
        sentence: the French sentence of a refusal.
        opened: gets what was opened.
    """

    agents: Callable[[], Sequence[AgentCard]]
    unlock: Callable[[str, str], T]
    unlock_with_recovery: Callable[[str], T]
    sentence: Callable[[Exception], str]
    opened: Callable[[T], None]


class UnlockPresenter(Generic[T]):
    """Asks who is here and opens. The passphrase lives as long as one attempt."""

    def __init__(self, screen: UnlockScreen, ports: UnlockPorts[T], runner: Runner) -> None:
        self._screen = screen
        self._ports = ports
        self._runner = runner
        self._is_trying = False

    def start(self) -> None:
        """Look for agents; also what « réessayer » does."""
        self._runner.run(self._ports.agents, self._screen.show_agents, self._cannot_list)

    def try_passphrase(self, slot_id: str, passphrase: str) -> None:
        """Try a passphrase; a second press while one is tried does nothing."""
        self._try(lambda: self._ports.unlock(slot_id, passphrase))

    def try_recovery(self, code: str) -> None:
        """Try the printed code."""
        self._try(lambda: self._ports.unlock_with_recovery(code))

    def _try(self, attempt: Callable[[], T]) -> None:
        if self._is_trying:
            return
        self._is_trying = True
        self._screen.show_working()
        self._runner.run(attempt, self._opened, self._refused)

    def _opened(self, workspace: T) -> None:
        self._is_trying = False
        self._ports.opened(workspace)

    def _refused(self, error: Exception) -> None:
        self._is_trying = False
        if isinstance(error, WrongPassphraseError | TooSoonError):
            wait_s = int(error.facts.get("wait_s", 0))
            self._screen.show_refusal(self._ports.sentence(error), wait_s)
        else:
            self._show_problem(error)

    def _cannot_list(self, error: Exception) -> None:
        if isinstance(error, WorkspaceMissingError):
            self._screen.show_no_workspace(self._ports.sentence(error))
        else:
            self._show_problem(error)

    def _show_problem(self, error: Exception) -> None:
        self._screen.show_problem(self._ports.sentence(error))
        if not isinstance(error, AppError):
            # Our fault: the program's own report of faults must hear of it.
            raise error
