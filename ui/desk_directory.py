"""The screen of the directory over one open desk, and the thread where files are imported."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from app.usecases.desk import Desk
from app.usecases.directory.shelf import desk_directory
from ui.changes_hub import ChangesHub
from ui.tasks import ThreadRunner

if TYPE_CHECKING:
    from ui.directory.import_presenter import ImportActions
    from ui.directory.presenter import DirectoryActions
    from ui.directory.view import DirectoryView
    from ui.main_window import MainWindow
    from ui.running import Runner
    from ui.widgets.dialogs import Dialogs


DIRECTORY: Final = "directory"
"""The key of the screen."""


class DeskDirectory(QObject):
    """Makes the screen and leads to it; a national file is read on a thread of its own."""

    def __init__(self, desk: Desk, hub: ChangesHub, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._hub = hub
        self._importing: ThreadRunner | None = None
        self._window: MainWindow | None = None

    def attach(self, window: "MainWindow") -> None:
        """Answer F6 from anywhere."""
        self._window = window
        window.near_wanted.connect(self.show_near)

    def show_near(self) -> None:
        """Show what is open now, the nearest first."""
        self._shown().show_near()

    def open(self, reference: str) -> None:
        """Show a structure."""
        self._shown().open_structure(reference)

    def correct(self, reference: str) -> None:
        """Show a structure with the form of its correction, from where an error was seen."""
        self._shown().correct_structure(reference)

    def make_view(self, runner: "Runner", dialogs: "Dialogs | None") -> "DirectoryView":
        """Make the screen, which holds its presenters."""
        from ui.directory.import_presenter import ImportPresenter
        from ui.directory.presenter import DirectoryPresenter
        from ui.directory.view import DirectoryView

        self._importing = ThreadRunner("importing", self)
        view = DirectoryView(self._desk.now().astimezone().date(), dialogs)
        presenter = DirectoryPresenter(view, directory_actions(self._desk, self._hub), runner)
        view.attach(presenter)
        view.attach_imports(
            ImportPresenter(view.imports, import_actions(self._desk, self._hub), self._importing)
        )
        self._hub.changed.connect(presenter.changed)
        return view

    def _shown(self) -> "DirectoryView":
        assert self._window is not None  # noqa: S101 -- attached when the desk opens
        return self._window.show_screen(DIRECTORY)  # type: ignore[return-value] # made above

    def stop(self) -> None:
        """Begin nothing more."""
        if self._importing is not None:
            self._importing.stop()

    def close(self, timeout_s: float) -> None:
        """Finish what is under way; any thread may wait."""
        if self._importing is not None:
            self._importing.close(timeout_s)


def directory_actions(desk: Desk, hub: ChangesHub) -> "DirectoryActions":
    """Return what the screen of the directory may have done."""
    from app.usecases.directory.additions import add_service, withdraw
    from app.usecases.directory.commune_places import desk_communes
    from app.usecases.directory.corrections import correct, vouch
    from app.usecases.directory.histories import corrected_here, corrections_made, service_histories
    from app.usecases.directory.passed_over import passed_over
    from ui.directory.places import Places
    from ui.directory.presenter import DirectoryActions, Held

    def read() -> Held:
        return Held(
            structures=desk_directory(desk).all(),
            corrected=corrected_here(desk),
            own=desk.own_structure().reference,
            passed_over=passed_over(desk),
        )

    return DirectoryActions(
        read=read,
        history=partial(corrections_made, desk),
        services=partial(service_histories, desk),
        correct=partial(correct, desk),
        vouch=partial(vouch, desk),
        add=lambda structure, fields: add_service(desk, structure, fields)[1],
        withdraw=partial(withdraw, desk),
        motives=lambda: desk.reference.vocabularies.get("request_motive").active(),
        search_communes=partial(desk.reference.communes.search, limit=8),
        places=lambda: Places(desk_communes(desk)),
        label=desk.reference.vocabularies.label,
        publish=hub.publish,
        now=lambda: desk.now().astimezone(),
    )


def import_actions(desk: Desk, hub: ChangesHub) -> "ImportActions":
    """Return what the part for imports may have done."""
    from app.usecases.directory import imports
    from ui.compose_packs import propose_file
    from ui.directory.import_presenter import ImportActions
    from ui.directory.places import Places

    return ImportActions(
        propose=partial(propose_file, desk),
        keep=partial(imports.keep_import, desk),
        read=partial(imports.directory_imports, desk),
        undo=partial(imports.undo_directory_import, desk),
        publish=hub.publish,
        today=lambda: desk.now().astimezone().date(),
        departments=Places(desk.reference.communes).departments,
    )
