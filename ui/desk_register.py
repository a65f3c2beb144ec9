"""The screen of an old register over one open desk, and the thread where it is read."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.changes import Changes
from app.usecases.desk import Desk
from ui.changes_hub import ChangesHub
from ui.progress_relay import ProgressRelay
from ui.tasks import ThreadRunner

if TYPE_CHECKING:
    from app.reference.register.book import RegisterBook
    from ui.main_window import MainWindow, ScreenSlot
    from ui.register.ports import Guessed, RegisterActions
    from ui.register.presenter import RegisterPresenter
    from ui.register.view import RegisterView
    from ui.widgets.dialogs import Dialogs

REGISTER = "register"

_REACHED_FROM, _PERSONS = "settings", "persons"


class DeskRegister(QObject):
    """Makes the screen; a register is read and imported on a thread of its own."""

    def __init__(
        self, desk: Desk, hub: ChangesHub, dialogs: "Dialogs | None", parent: QObject
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._hub = hub
        self._dialogs = dialogs
        self._runner: ThreadRunner | None = None
        self._presenter: RegisterPresenter | None = None

    def slot(self, window: "Callable[[], MainWindow]") -> "ScreenSlot":
        """Return its place in the window: it has none at the left.

        `window` gives that window once it is there, to go from this screen to others.
        """
        from ui.main_window import ScreenSlot

        def make() -> "RegisterView":
            view = self._make_view()
            shown = window()
            view.back_wanted.connect(partial(shown.show_screen, _REACHED_FROM))
            view.persons_wanted.connect(partial(shown.show_screen, _PERSONS))
            view.said.connect(shown.offer_undo)
            return view

        return ScreenSlot(
            key=REGISTER,
            title=self.tr("Ancien registre"),
            icon="book-open",
            factory=make,
            scrolls=False,
            under=_REACHED_FROM,
        )

    def stop(self) -> None:
        """Begin nothing more; an import under way leaves nothing."""
        if self._presenter is not None:
            self._presenter.give_up()
        if self._runner is not None:
            self._runner.stop()

    def close(self, timeout_s: float) -> None:
        """Finish what is under way; any thread may wait."""
        if self._runner is not None:
            self._runner.close(timeout_s)

    def _make_view(self) -> "RegisterView":
        from ui.register.meanings import Meanings
        from ui.register.presenter import RegisterPresenter
        from ui.register.view import RegisterView

        self._runner = ThreadRunner("register", self)
        relay = ProgressRelay(self)
        view = RegisterView(self._dialogs)
        actions = register_actions(self._desk, self._hub, relay.tell)
        presenter = RegisterPresenter(view, actions, Meanings(self._desk.reference), self._runner)
        view.attach(presenter)
        relay.told.connect(presenter.progressed)
        self._presenter = presenter

        def changed(changes: Changes) -> None:
            if view.isVisible():  # else all is read when the screen is shown
                presenter.changed(changes)

        self._hub.changed.connect(changed)
        return view


def register_actions(
    desk: Desk, hub: ChangesHub, tell: Callable[[tuple[int, int, int]], None]
) -> "RegisterActions":
    """Return what the screen of an old register may have done."""
    from app.reference.register.book import open_book
    from app.usecases.register.correcting import with_field
    from app.usecases.register.importing import import_register
    from app.usecases.register.previewing import cells_shown, guess_plan, preview_import
    from app.usecases.register.undoing import register_imports, undo_import
    from ui.register.ports import Guessed, RegisterActions

    def guess(book: "RegisterBook", sheets: Sequence[str] = ()) -> "Guessed":
        today = desk.now().astimezone().date()
        plan = guess_plan(desk.reference, today, book, sheets)
        return Guessed(book=book, plan=plan, cells=cells_shown(book, plan))

    def read(file: Path) -> "Guessed":
        return guess(open_book(file))

    return RegisterActions(
        open=read,
        guess=guess,
        correct=lambda book, plan, title, field: with_field(
            desk.reference, book, plan, title=title, field=field
        ),
        preview=partial(preview_import, desk),
        keep=partial(import_register, desk),
        imports=partial(register_imports, desk),
        undo=partial(undo_import, desk),
        tell=tell,
        publish=hub.publish,
    )
