"""What the screen decides of the printed code: made on purpose, shown once, kept nowhere."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError
from ui.machines.page import Said, Tone, grouped
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryActions:
    """What is done elsewhere.

    Attributes:
        make: makes a code and returns it; a former one ends; called by the runner.
        write: writes a file that a person asked for; called by the runner.
        spread: has the next exchange carry what was just signed: the code serves from then on.
    """

    make: Callable[[], str]
    write: Callable[[Path, bytes], None]
    spread: Callable[[], None]


class RecoveryScreen(Protocol):
    """What the screen can show."""

    def show_code(self, groups: tuple[str, ...]) -> None:
        """Show a code, in groups of four signs."""
        ...

    def hide_code(self) -> None:
        """Show no code any more, and forget it."""
        ...

    def show_said(self, said: Said) -> None:
        """Say what was just done, or why not."""
        ...


class RecoveryPresenter:
    """Decides of the printed code. It must be held, by its view for instance."""

    def __init__(self, view: RecoveryScreen, actions: RecoveryActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner

    def make(self) -> None:
        """Make a code and show it."""
        self._runner.run(self._actions.make, self._made, self._refused)

    def noted(self) -> None:
        """Forget the code: it is on paper."""
        self._view.hide_code()
        self._view.show_said(
            Said(
                tone=Tone.DONE,
                text="Le code sert à partir du prochain échange. Il n’est gardé nulle part ici"
                "\u202f: rangez le papier sous clé, ailleurs que le poste.",
            )
        )

    def save_page(self, file: Path, page: bytes) -> None:
        """Write the page to print where the person asked for it."""
        self._runner.run(
            lambda: self._actions.write(file, page), lambda _none: self._saved(file), self._refused
        )

    def _saved(self, file: Path) -> None:
        self._view.show_said(
            Said(
                tone=Tone.ATTENTION,
                text=f"Page enregistrée\u202f: {file.name}. Imprimez-la, puis supprimez ce fichier"
                "\u202f: qui l’ouvre est la structure.",
            )
        )

    def _made(self, code: str) -> None:
        self._view.show_code(grouped(code))
        self._actions.spread()

    def _refused(self, error: Exception) -> None:
        self._view.show_said(Said(tone=Tone.ATTENTION, text=sentence_for(error)))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
