"""What the part of the screen about sticks decides: where to write or read, and what is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.domain.errors import AppError
from ui.exchange.progress import Progress, StickProgress, stick_progress
from ui.exchange.stick_page import (
    PlaceRow,
    StickResult,
    Tone,
    Wish,
    place_rows,
    refused,
    taken_result,
    written_result,
)
from ui.stick_places import StickPlace
from ui.stick_words import Taken, Written
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner

_BEGUN = {
    Wish.WRITE: "Écriture de la clé… Ne la retirez pas encore.",
    Wish.READ: "Lecture de la clé… Ne la retirez pas encore.",
}
_WAITING = (
    "Un échange par le réseau est en cours\u202f: la clé passera juste après. Rien n’est encore"
    " commencé."
)
_STOPPING = "Arrêt demandé\u202f: encore un instant, ne retirez pas la clé."
_NOT_BEGUN = "Rien n’a été commencé\u202f: la clé n’a pas été touchée."


@dataclass(frozen=True, slots=True, kw_only=True)
class StickActions:
    """What is done elsewhere with sticks.

    Attributes:
        places: finds the volumes to propose, the last folder first; called by the runner.
        write: asks for a stick to be written and returns at once; what comes of it is told by
            `waits`, `began`, `progressed`, `written`, `failed` of the presenter.
        read: asks for a stick to be read, likewise; `taken` tells what came of it.
        stop: asks what is under way to stop.
        keep_last: remembers the folder that serves.
    """

    places: Callable[[], Sequence[StickPlace]]
    write: Callable[[Path], None]
    read: Callable[[Path], None]
    stop: Callable[[], None]
    keep_last: Callable[[Path], None]


class StickScreen(Protocol):
    """What this part of the screen can show."""

    def show_places(self, wish: Wish, rows: Sequence[PlaceRow]) -> None:
        """Propose folders, and a way to another."""
        ...

    def hide_places(self) -> None:
        """Put the choice away."""
        ...

    def show_running(self, words: str, progress: Progress) -> None:
        """Show that a stick waits its turn, is written or read, and how far that is."""
        ...

    def show_idle(self) -> None:
        """Show that nothing is under way any more."""
        ...

    def show_result(self, result: StickResult) -> None:
        """Say what came of it, in place of what was said before."""
        ...


class StickPresenter:
    """Decides for sticks. It must be held, by its view for instance."""

    def __init__(self, view: StickScreen, actions: StickActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._wish: Wish | None = None
        self._shown: tuple[PlaceRow, ...] | None = None
        self._begun = Wish.WRITE
        self._is_running = False
        self._said = ""

    def want(self, wish: Wish) -> None:
        """Ask where the stick is."""
        if not self._is_running:
            self._wish, self._shown = wish, None
            self.look_again()

    def look_again(self) -> None:
        """Look for sticks while one is being chosen: somebody may just have plugged one in."""
        if self._wish is not None:
            self._runner.run(self._actions.places, self._found, self._not_found)

    def forget(self) -> None:
        """Choose none."""
        self._wish = None
        self._view.hide_places()

    def choose(self, folder: Path) -> None:
        """Write to, or read from, a folder."""
        wish = self._wish
        if wish is None or self._is_running:
            return
        self.forget()
        self._actions.keep_last(folder)
        self._is_running, self._begun = True, wish
        self._say(_BEGUN[wish])
        (self._actions.write if wish is Wish.WRITE else self._actions.read)(folder)

    def stop(self) -> None:
        """Ask what is under way to stop."""
        if self._is_running:
            self._say(_STOPPING)
            self._actions.stop()

    def waits(self) -> None:
        """Hear that the stick waits for the exchange under way."""
        self._say(_WAITING)

    def began(self) -> None:
        """Hear that its turn has come."""
        self._say(_BEGUN[self._begun])

    def progressed(self, progress: StickProgress) -> None:
        """Hear how far it is."""
        if self._is_running:
            self._view.show_running(self._said, stick_progress(progress))

    def written(self, written: Written) -> None:
        """Hear what a writing did."""
        self._end(written_result(written))

    def taken(self, taken: Taken) -> None:
        """Hear what a reading did."""
        self._end(taken_result(taken))

    def stopped(self) -> None:
        """Hear that it was given up before its turn."""
        self._end(StickResult(tone=Tone.INFO, sentences=(_NOT_BEGUN,)))

    def failed(self, error: Exception) -> None:
        """Hear why a stick refuses."""
        self._end(refused(sentence_for(error)))

    def _say(self, words: str) -> None:
        self._said = words
        self._view.show_running(words, Progress(words=""))

    def _end(self, result: StickResult) -> None:
        self._is_running = False
        self._view.show_idle()
        self._view.show_result(result)

    def _found(self, places: Sequence[StickPlace]) -> None:
        if self._wish is None:
            return
        rows = place_rows(places, self._wish)
        if rows != self._shown:
            self._shown = rows
            self._view.show_places(self._wish, rows)

    def _not_found(self, error: Exception) -> None:
        self._found(())
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
