"""The screen of the directory over one open desk, and the thread where files are imported."""

import threading
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.usecases.desk import Desk
from app.usecases.directory.imports import MOVED
from app.usecases.directory.shelf import desk_directory
from ui.changes_hub import ChangesHub
from ui.tasks import ThreadRunner

if TYPE_CHECKING:
    from collections.abc import Callable

    from ui.compose_packs import ImportedPack
    from ui.directory.adding import AddingActions, AddingPresenter
    from ui.directory.import_presenter import ImportActions, ImportPresenter
    from ui.directory.presenter import DirectoryActions, DirectoryPresenter
    from ui.directory.view import DirectoryView
    from ui.main_window import MainWindow
    from ui.running import Runner
    from ui.widgets.dialogs import Dialogs
    from ui.widgets.entry_correction import Fields


DIRECTORY: Final = "directory"
"""The key of the screen."""

_FIRST_LOOK_MS: Final = 5_000
"""After the desk opens: a pack whose import was cut short waits as long."""


class DeskDirectory(QObject):
    """Makes the screen and leads to it; a national file is read on a thread of its own.

    The Region's directory is imported there too, by itself, as soon as it came.
    """

    def __init__(self, desk: Desk, hub: ChangesHub, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._hub = hub
        self._importing: ThreadRunner | None = None
        self._imports: ImportPresenter | None = None
        self._window: MainWindow | None = None
        self._is_leaving = threading.Event()
        self._first_look = QTimer(self)
        self._first_look.setSingleShot(True)
        self._first_look.timeout.connect(self._import_pack)

    def attach(self, window: "MainWindow") -> None:
        """Answer F6 from anywhere, and import what the Region publishes as it comes."""
        self._window = window
        window.near_wanted.connect(self.show_near)
        self._hub.changed.connect(self._changed)
        self._first_look.start(_FIRST_LOOK_MS)

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

        view = DirectoryView(self._desk.now().astimezone().date(), dialogs)
        presenter = DirectoryPresenter(view, directory_actions(self._desk, self._hub), runner)
        view.attach(presenter)
        actions = import_actions(self._desk, self._hub)
        self._imports = ImportPresenter(view.imports, actions, self._files())
        view.attach_imports(self._imports)
        view.attach_adding(adding_presenter(self._desk, self._hub, view, presenter, runner))
        view.undoable.connect(self._offer_undo)
        for one in (presenter, self._imports):
            self._hub.changed.connect(one.changed)
        return view

    def _offer_undo(self, text: str, undo: "Callable[[], None]", label: str) -> None:
        if self._window is not None:
            self._window.offer_undo(text, undo, label=label)

    def _shown(self) -> "DirectoryView":
        assert self._window is not None  # noqa: S101 -- attached when the desk opens
        return self._window.show_screen(DIRECTORY)  # type: ignore[return-value] # made above

    def _files(self) -> ThreadRunner:
        """Return the thread where files are read, made when it first serves."""
        if self._importing is None:
            self._importing = ThreadRunner("importing", self)
        return self._importing

    def _changed(self, changes: Changes) -> None:
        if Topic.PACKS in changes.topics:
            self._import_pack()

    def _import_pack(self) -> None:
        """Import the Region's directory if one waits; the screens are told what it changed."""
        from ui.compose_packs import import_arrived

        if not self._is_leaving.is_set():
            work = partial(import_arrived, self._desk, self._is_leaving.is_set)
            self._files().run(work, self._pack_imported, self._pack_failed)

    def _pack_imported(self, done: "ImportedPack | None") -> None:
        from ui.pack_words import imported_words

        if done is None:
            if self._imports is not None:
                self._imports.changed(MOVED)  # what came may have been refused
            return
        imported = done.imported
        if self._window is not None and imported.number is not None:
            said = imported_words(done.made_on, added=imported.added, updated=imported.updated)
            self._window.offer_undo(said)
        self._hub.publish(MOVED)

    @staticmethod
    def _pack_failed(error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def stop(self) -> None:
        """Begin nothing more; a pack half imported goes on when the desk opens again."""
        self._is_leaving.set()
        self._first_look.stop()
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


def adding_presenter(
    desk: Desk,
    hub: ChangesHub,
    view: "DirectoryView",
    presenter: "DirectoryPresenter",
    runner: "Runner",
) -> "AddingPresenter":
    """Make what decides for structures added on the screen of the directory."""
    from ui.directory.adding import AddingPresenter, Around

    around = Around(open=presenter.open, leave=presenter.leave, problem=view.show_problem)
    return AddingPresenter(view.new, adding_actions(desk, hub), runner, around)


def adding_actions(desk: Desk, hub: ChangesHub) -> "AddingActions":
    """Return what adding a structure may have done."""
    from app.domain.directory_errors import AlreadyListedError
    from app.usecases.directory.additions import add_structure, withdraw
    from ui.directory.adding import Addable, AddingActions, Addition
    from ui.directory.services import addable_service

    def add(fields: "Fields", service: "Fields | None") -> Addition:
        try:
            return add_structure(desk, fields, service=service)
        except AlreadyListedError as error:
            return error.reference, None

    def addable() -> Addable:
        words = desk.reference.vocabularies
        networks = words.get("structure_network").active()
        return Addable(
            service=addable_service(words.get("request_motive").active()),
            networks=tuple((one.code, one.label) for one in networks),
        )

    return AddingActions(
        add=add,
        withdraw=partial(withdraw, desk),
        put_back=partial(withdraw, desk, back=True),
        search_communes=partial(desk.reference.communes.search, limit=8),
        addable=addable,
        publish=hub.publish,
        today=lambda: desk.now().astimezone().date(),
    )


def import_actions(desk: Desk, hub: ChangesHub) -> "ImportActions":
    """Return what the part for imports may have done."""
    from app.usecases.directory import imports
    from app.usecases.directory.region_packs import packs_here
    from ui.compose_packs import propose_file
    from ui.directory.import_presenter import ImportActions
    from ui.directory.places import Places

    return ImportActions(
        propose=partial(propose_file, desk),
        keep=partial(imports.keep_import, desk),
        read=partial(imports.directory_imports, desk),
        undo=partial(imports.undo_directory_import, desk),
        packs=partial(packs_here, desk),
        publish=hub.publish,
        today=lambda: desk.now().astimezone().date(),
        departments=Places(desk.reference.communes).departments,
    )
