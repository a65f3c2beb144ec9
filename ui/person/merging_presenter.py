"""Two files of one person: what is proposed, merged, set apart, taken back. No Qt."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.domain.identifiers import SubjectId
from app.usecases.merging import Proposal
from ui.person.merging_words import DuplicateRow, duplicate_rows
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner


@dataclass(frozen=True, slots=True, kw_only=True)
class MergingActions:
    """What the screen has done elsewhere. All but `publish` are called by the runner.

    Attributes:
        look: compares the files that came since the last time (`merging.look_for_duplicates`).
        proposals: reads the pairs worth a look (`merging.proposals`).
        merge: has the first file stand for both (`merging.merge_persons`).
        separate: has a file stand for itself again (`merging.separate_person`).
        set_apart: notes that two files are of two persons (`merging.set_apart`).
        commune_name: the name of an INSEE code; quick.
        publish: tells the other screens what changed.
    """

    look: Callable[[], int]
    proposals: Callable[[], Sequence[Proposal]]
    merge: Callable[[SubjectId, SubjectId], Changes]
    separate: Callable[[SubjectId], Changes]
    set_apart: Callable[[SubjectId, SubjectId], Changes]
    commune_name: Callable[[str], str]
    publish: Callable[[Changes], None]


class MergingScreen(Protocol):
    """What the screen can show."""

    def show_duplicates(self, rows: Sequence[DuplicateRow]) -> None:
        """Show the pairs worth a look."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def say_undoable(self, text: str, undo: Callable[[], None]) -> None:
        """Say what was just done, with a way back."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...


class MergingPresenter:
    """Decides about files that may be of one person. It must be held, by its view for instance."""

    def __init__(self, view: MergingScreen, actions: MergingActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner

    def refresh(self) -> None:
        """Compare what came, and read the pairs again."""
        actions = self._actions

        def work() -> tuple[DuplicateRow, ...]:
            actions.look()
            return duplicate_rows(actions.proposals(), actions.commune_name)

        self._runner.run(work, self._view.show_duplicates, self._failed)

    def changed(self, changes: Changes) -> None:
        """Look again when files came or changed."""
        if Topic.PERSONS in changes.topics:
            self.refresh()

    def merge(self, kept: SubjectId, other: SubjectId) -> None:
        """Have one file stand for both; one word takes it back."""
        merge = self._actions.merge

        def done(changes: Changes) -> None:
            self._actions.publish(changes)
            self._view.say_undoable("Fiches réunies", lambda: self._take_back(other, kept))

        self._runner.run(lambda: merge(kept, other), done, self._failed)

    def separate(self, person: SubjectId) -> None:
        """Have a merged file stand for itself again."""
        separate = self._actions.separate

        def done(changes: Changes) -> None:
            self._actions.publish(changes)
            self._view.say("Fiches séparées\u202f: chacune a gardé ce qui était à elle.")

        self._runner.run(lambda: separate(person), done, self._failed)

    def set_apart(self, one: SubjectId, other: SubjectId) -> None:
        """Note that two files are of two persons."""
        apart = self._actions.set_apart

        def done(changes: Changes) -> None:
            self._actions.publish(changes)
            self._view.say("C’est noté\u202f: ces deux fiches ne seront plus proposées.")

        self._runner.run(lambda: apart(one, other), done, self._failed)

    def _take_back(self, other: SubjectId, kept: SubjectId) -> None:
        """Separate again: of the two, the one that was merged into the other."""
        separate = self._actions.separate

        def work() -> Changes:
            try:
                return separate(other)
            except AppError:
                return separate(kept)

        self._runner.run(work, self._actions.publish, self._failed)

    def _failed(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
