"""Making a workspace, and waiting until the code of its file was noted; no Qt."""

from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from app.domain.errors import AppError
from ui.running import Runner

T = TypeVar("T")

SHORTEST_PASSPHRASE = 10


class MakingScreen(Protocol):
    """What every page that makes a workspace can show."""

    def show_refusal(self, sentence: str) -> None:
        """Say why the workspace could not be made."""
        ...

    def show_working(self) -> None:
        """Say that the workspace is being made."""
        ...

    def show_recovery_code(self, code: str) -> None:
        """Show the code that opens the file if every passphrase is lost."""
        ...


class Making(Generic[T]):
    """Makes one workspace at a time. `sentence` says refusals, `opened` gets what was made."""

    def __init__(
        self,
        screen: MakingScreen,
        runner: Runner,
        sentence: Callable[[Exception], str],
        opened: Callable[[T], None],
    ) -> None:
        self._screen = screen
        self._runner = runner
        self._sentence = sentence
        self._opened = opened
        self._made: T | None = None
        self._is_working = False

    def make(self, create: Callable[[], tuple[T, str]]) -> None:
        """Make a workspace; asking again meanwhile does nothing."""
        if not self._is_working:
            self._is_working = True
            self._screen.show_working()
            self._runner.run(create, self._created, self.refused)

    def code_was_noted(self) -> None:
        """Open the desk."""
        if self._made is not None:
            made, self._made = self._made, None
            self._opened(made)

    def refused(self, error: Exception) -> None:
        """Say why not."""
        self._is_working = False
        self._screen.show_refusal(self._sentence(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def _created(self, outcome: tuple[T, str]) -> None:
        self._is_working = False
        self._made, code = outcome
        self._screen.show_recovery_code(code)


def what_is_wrong_with_agent(agent: str, passphrase: str, again: str) -> dict[str, str]:
    """Return what is missing or wrong of the first agent, by field, in words."""
    wrong: dict[str, str] = {}
    if not agent.strip():
        wrong["agent"] = "Écrivez votre prénom, vos initiales ou votre fonction."
    if len(passphrase) < SHORTEST_PASSPHRASE:
        wrong["passphrase"] = "Il faut au moins dix signes\u202f: quatre mots, par exemple."  # noqa: S105
    elif passphrase != again:
        wrong["again"] = "Les deux phrases de passe diffèrent."
    return wrong
