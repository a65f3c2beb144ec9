"""What the preview decides: which paper is shown, which answer still counts, what was done."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.domain.errors import AppError
from ui.printing.page import Made, Message, PaperChoice, Wanted
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner

T = TypeVar("T")

_ENDING = ".pdf"


class PrintingScreen(Protocol):
    """What the preview can show."""

    def show_choices(
        self, papers: Sequence[PaperChoice], chosen: str, *, has_message: bool
    ) -> None:
        """Offer the papers, and the text for an SMS where there is one."""
        ...

    def show_working(self) -> None:
        """Say that pages are being made, unless they come at once."""
        ...

    def show_pages(self, made: Made) -> None:
        """Show a paper."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be done."""
        ...

    def copy(self, text: str) -> None:
        """Put a text in the clipboard."""
        ...

    def ask_where_to_lock(self, file_name: str) -> None:
        """Ask where the encrypted file goes."""
        ...

    def show_passphrase(self, file_name: str, groups: Sequence[str]) -> None:
        """Show, once, what opens the file that was written."""
        ...

    def say(self, text: str) -> None:
        """Say what was just done."""
        ...

    def clear(self) -> None:
        """Forget what was shown."""
        ...


class PrintingPresenter:
    """Decides for the preview. It must be held, by its view for instance."""

    def __init__(self, view: PrintingScreen, runner: "Runner") -> None:
        self._view = view
        self._runner = runner
        self._wanted: Wanted | None = None
        self._paper = ""
        self._is_large = False
        self._asked = 0

    def open(self, wanted: Wanted) -> None:
        """Show what can be printed of something; letters are ordinary ones again."""
        self._wanted = wanted
        self._paper, self._is_large = wanted.first, False
        self._view.clear()
        has_message = wanted.actions.message is not None
        self._view.show_choices(wanted.papers, wanted.first, has_message=has_message)
        self._make()

    def choose(self, paper: str) -> None:
        """Show another paper."""
        self._paper = paper
        self._make()

    def set_large(self, is_large: bool) -> None:  # noqa: FBT001  (what a toggle says)
        """Show the paper in large letters, or in ordinary ones."""
        self._is_large = is_large
        self._make()

    def save(self, file: Path) -> None:
        """Save the paper where somebody chose; a name without ending gets one."""
        if (wanted := self._wanted) is None:
            return
        actions, paper, is_large = wanted.actions, self._paper, self._is_large
        whole = _whole(file)
        # What was asked about is the name chosen: another one may belong to something else.
        write = actions.write if whole == file else actions.write_new

        def work() -> None:
            write(whole, actions.pdf(paper, is_large))

        said = f"Enregistré\u202f: {whole.name}. Ce fichier n’est pas chiffré."
        self._run(work, lambda _none: self._view.say(said))

    def wish_locked(self) -> None:
        """Ask where an encrypted file of the slip goes, or say what it lacks."""
        if (wanted := self._wanted) is not None and wanted.actions.locking is not None:

            def ask(file_name: str) -> None:
                if wanted is self._wanted:
                    self._view.ask_where_to_lock(file_name)

            self._run(wanted.actions.locking.check, ask)

    def lock(self, file: Path) -> None:
        """Write the encrypted file, and show its passphrase."""
        if (wanted := self._wanted) is None or wanted.actions.locking is None:
            return
        write, is_large, whole = wanted.actions.locking.write, self._is_large, _whole(file)
        self._view.show_working()

        def show(groups: tuple[str, ...]) -> None:
            if wanted is not self._wanted:
                self._view.say(f"Mot de passe non montré\u202f: refaites {whole.name}")
                return
            self._view.show_passphrase(whole.name, groups)
            self._view.say(f"Fichier chiffré écrit\u202f: {whole.name}")

        self._run(lambda: write(whole, is_large, whole == file), show)

    def print_on(self, printer: object) -> None:
        """Print the paper on a printer that somebody chose."""
        if (wanted := self._wanted) is None:
            return
        draw, paper, is_large = wanted.actions.draw, self._paper, self._is_large
        self._view.show_working()
        self._run(
            lambda: draw(paper, is_large, printer),
            lambda _none: self._view.say("Envoyé à l’imprimante"),
        )

    def copy_message(self) -> None:
        """Put the text for an SMS in the clipboard, and say what it weighs."""
        if self._wanted is not None and self._wanted.actions.message is not None:
            self._run(self._wanted.actions.message, self._copied)

    def close(self) -> None:
        """Forget what was shown: nothing of a person stays behind."""
        self._wanted = None
        self._asked += 1
        self._view.clear()

    def _make(self) -> None:
        if (wanted := self._wanted) is None:
            return
        self._asked += 1
        asked, paper, is_large = self._asked, self._paper, self._is_large
        self._view.show_working()
        self._run(
            lambda: wanted.actions.make(paper, is_large),
            lambda made: self._show(asked, made),
        )

    def _show(self, asked: int, made: Made) -> None:
        if asked == self._asked:
            self._view.show_pages(made)

    def _copied(self, message: Message) -> None:
        self._view.copy(message.text)
        self._view.say(f"SMS copié\u202f: {message.weight}")

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        wanted = self._wanted
        self._runner.run(work, done, lambda error: self._failed(wanted, error))

    def _failed(self, wanted: Wanted | None, error: Exception) -> None:
        if wanted is self._wanted:
            self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it


def _whole(file: Path) -> Path:
    """Return a name with its ending."""
    return file if file.suffix.lower() == _ENDING else file.with_name(file.name + _ENDING)
