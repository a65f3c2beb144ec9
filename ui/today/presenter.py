"""What the first screen decides: when it reads the day again, and what a row opens. No Qt."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from app.changes import Changes, Topic
from app.domain.identifiers import SubjectId
from app.usecases.today import Day
from ui.running import Runner
from ui.texts import sentence_for
from ui.today.day_words import DayShown, ReceptionRow, TaskRow, day_shown

_TOPICS: Final = frozenset(Topic) - {Topic.AGENTS}


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayActions:
    """What the first screen has done elsewhere.

    Attributes:
        the_day: reads the day (`today.the_day`); called by the runner.
        settle: notes that what followed a meeting is done; called by the runner.
        reopen: takes that back; called by the runner.
        publish: tells the other screens what changed.
        label: words of a code of a vocabulary (`Vocabularies.label`).
        now: the present moment, aware.
    """

    the_day: Callable[[], Day]
    settle: Callable[[SubjectId], Changes]
    reopen: Callable[[SubjectId], Changes]
    publish: Callable[[Changes], None]
    label: Callable[[str, str], str]
    now: Callable[[], dt.datetime]


class TodayPage(Protocol):
    """What the first screen can show."""

    def show_day(self, shown: DayShown) -> None:
        """Show the day."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be read."""
        ...

    def show_unnamed(self, words: str) -> None:
        """Say why a row opens nothing."""
        ...

    def go_to_person(self, person: SubjectId) -> None:
        """Have the desk open a file."""
        ...

    def say(self, words: str, undo: Callable[[], None]) -> None:
        """Say what was done, with a way back."""
        ...


class TodayPresenter:
    """Decides for the first screen. It must be held, by its view for instance.

    The day is read again when something of it changed: at once when the screen is shown, when it
    comes back otherwise.
    """

    def __init__(self, view: TodayPage, actions: TodayActions, runner: Runner) -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._asked = 0
        self._answered = 0
        self._is_shown = False

    def shown(self) -> None:
        """The screen came back: read the day."""
        self._is_shown = True
        self.refresh()

    def hidden(self) -> None:
        """The screen went: what changes meanwhile is read when it comes back."""
        self._is_shown = False

    def changed(self, changes: Changes) -> None:
        """Read the day again when something of it moved, if it is looked at."""
        if self._is_shown and changes.topics & _TOPICS:
            self.refresh()

    def refresh(self) -> None:
        """Read the day; while a reading is out, one more is enough for all that changed since."""
        self._asked += 1
        if self._asked == self._answered + 1:
            self._read()

    def open_row(self, row: ReceptionRow) -> None:
        """Open the file of a named reception."""
        if row.person is not None:
            self._view.go_to_person(row.person)
        else:
            self._view.show_unnamed("Cet accueil est sans nom\u202f: il n’a pas de fiche à ouvrir.")

    def open_task(self, row: TaskRow) -> None:
        """Open the file of whom a task is about."""
        if row.person is not None:
            self._view.go_to_person(row.person)
        else:
            self._view.show_unnamed("Il n’y a pas de fiche à ouvrir.")

    def settle(self, row: TaskRow) -> None:
        """Note that what followed a meeting is done, with a way back."""
        done, undone = self._actions.settle, self._actions.reopen

        def told(changes: Changes) -> None:
            self._actions.publish(changes)
            self._view.say(f"Fait\u202f: {row.task}", lambda: self._do(undone, row))

        self._runner.run(lambda: done(row.about), told, self._failed)

    def _do(self, action: Callable[[SubjectId], Changes], row: TaskRow) -> None:
        self._runner.run(lambda: action(row.about), self._actions.publish, self._failed)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))

    def _read(self) -> None:
        asked, actions = self._asked, self._actions

        def work() -> DayShown:
            return day_shown(actions.the_day(), label=actions.label, now=actions.now())

        def done(shown: DayShown) -> None:
            self._view.show_day(shown)
            self._settle(asked)

        def failed(error: Exception) -> None:
            self._view.show_problem(sentence_for(error))
            self._settle(asked)

        self._runner.run(work, done, failed)

    def _settle(self, asked: int) -> None:
        if asked < self._asked:
            self._answered = self._asked - 1
            self._read()
        else:
            self._answered = asked
