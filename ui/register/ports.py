"""What the presenter of an old register is given: what can be done, what can be shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes
from app.domain.identifiers import SubjectId
from ui.register.meanings import Meaning
from ui.register.page import Busy, PlanShown, PreviewShown
from ui.widgets.page_values import PastImport

if TYPE_CHECKING:
    from app.reference.register.book import RegisterBook
    from app.reference.register.plan import RegisterPlan
    from app.usecases.register.importing import Imported
    from app.usecases.register.previewing import Announce, Preview
    from app.usecases.register.undoing import RegisterImport, Undone


class GivenUpError(Exception):
    """Somebody gave up what was under way; nothing of it stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guessed:
    """A register that was opened, how it is read, and a few cells of each column."""

    book: "RegisterBook"
    plan: "RegisterPlan"
    cells: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterActions:
    """What is done elsewhere, all but the last two called by the runner.

    Attributes:
        open: reads a file and guesses its plan (`open_book`, `guess_plan`, `cells_shown`).
        guess: guesses the plan of some sheets of a register again.
        correct: has a column, by its title, hold a field (`with_field`).
        preview: says what an import would do (`preview_import`).
        keep: imports (`import_register`).
        imports: reads the imports that stand (`register_imports`).
        undo: undoes one (`undo_import`).
        tell: brings how far a work is to `RegisterPresenter.progressed`; called from any thread.
        publish: tells the other screens what changed (`ChangesHub.publish`).
    """

    open: Callable[[Path], Guessed]
    guess: Callable[["RegisterBook", Sequence[str]], Guessed]
    correct: Callable[["RegisterBook", "RegisterPlan", str, str], "RegisterPlan"]
    preview: Callable[["RegisterBook", "RegisterPlan", "Announce"], "Preview"]
    keep: Callable[["Preview", "Announce"], "Imported"]
    imports: Callable[[], Sequence["RegisterImport"]]
    undo: Callable[[SubjectId], "Undone"]
    tell: Callable[[tuple[int, int, int]], None]
    publish: Callable[[Changes], None]


class RegisterScreen(Protocol):
    """What the screen can show."""

    def show_busy(self, busy: Busy | None) -> None:
        """Say what is under way, or that nothing is any more."""
        ...

    def show_plan(self, shown: PlanShown | None, *, is_new: bool) -> None:
        """Show how the register is read; None when there is none. A new one takes the focus."""
        ...

    def show_preview(self, shown: PreviewShown | None) -> None:
        """Show what an import would do, or nothing."""
        ...

    def show_fields(self, query: str, found: Sequence[Meaning]) -> None:
        """Propose fields for the column chosen."""
        ...

    def show_meanings(self, query: str, found: Sequence[Meaning]) -> None:
        """Propose meanings for the word chosen."""
        ...

    def show_imports(self, shown: Sequence[PastImport]) -> None:
        """Show the imports that stand."""
        ...

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing was done."""
        ...

    def show_done(self, sentences: Sequence[str], *, leads_to_persons: bool) -> None:
        """Say what was imported or undone, and where to go next."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done, in passing."""
        ...
