"""The desktop: the first window, then the desk, and the way back when it is locked."""

import gc
import sys
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from ui.collecting import Collecting
from ui.display import draw_offscreen_without_display, has_display
from ui.first_start import FirstStart
from ui.i18n import install_french
from ui.tasks import ThreadRunner
from ui.theme import Appearance, settings_at
from ui.unlock.presenter import AgentCard, UnlockPorts, UnlockPresenter
from ui.unlock.view import UnlockView

if TYPE_CHECKING:
    from app.usecases.desk import Desk
    from ui.desk_window import DeskWindow
    from ui.widgets.dialogs import Dialogs

_NOTHING_HERE = (
    "Il n’y a pas encore d’espace de travail sur ce poste. Créez celui de votre structure,"
    " rejoignez-la si elle en a déjà un, ou essayez d’abord le programme avec des personnes"
    " inventées."
)
_LAST_AGENT = "unlock/last_agent"
SIZE = (1280, 760)
NO_DISPLAY = 2
"""Exit code where there is no screen: the same as for words that do not fit."""

LONGEST_WAIT_S = 60.0
_SOON_NEEDED = (
    "ui.desk_window",
    "ui.today.screen",
    "ui.reception.screen",
    "ui.person.view",
    "ui.referrals.view",
)
_LOADS_AFTER_MS = 150
SWITCH_INTERVAL_S = 0.0005
"""How long a thread keeps the interpreter while the GUI waits for it; Python's own is 5 ms."""


def run(*, workspace: Path | None = None, agent: str | None = None, practice: str = "") -> int:
    """Open the desktop and return when its last window is closed, at once where there is no screen.

    Args:
        workspace: the folder of the workspace; the user's own by default.
        agent: whose passphrase is asked first, a label or a slot.
        practice: the passphrase of a practice desk, shown under the name of the program.
    """
    if not has_display():
        from ui.texts import sentence

        sys.stderr.write(sentence("no_display") + "\n")
        return NO_DISPLAY
    application = application_for_desk()
    desktop = Desktop(application, _folder(workspace), agent=agent, practice=practice)
    desktop.start()
    try:
        return application.exec()
    finally:
        desktop.close()


def check(*, workspace: Path | None = None) -> int:
    """Build everything the desktop needs, show nothing to anybody, and leave with 0."""
    del workspace  # nothing of the user is opened
    import tempfile

    draw_offscreen_without_display()
    application = application_for_desk()
    with tempfile.TemporaryDirectory(prefix="deux-portes-check-") as folder:
        desktop = Desktop(application, Path(folder) / "workspace")
        desktop.start()
        desktop.build_everything()
        application.processEvents()
        desktop.close()
    sys.stdout.write("Deux Portes : tout est en place.\n")
    return 0


def application_for_desk() -> QApplication:
    """Return the application of this process, speaking French and catching our faults."""
    known = QApplication.instance()
    application = known if isinstance(known, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("deux-portes")
    application.setApplicationDisplayName("Deux Portes")
    application.setDesktopFileName("deux-portes")
    install_french(application)
    if application.findChild(Collecting) is None:
        Collecting(application)
    sys.excepthook = _record_fault
    sys.setswitchinterval(SWITCH_INTERVAL_S)
    return application


class Desktop(QObject):
    """Shows one window at a time: unlock, welcome, or the desk."""

    def __init__(
        self,
        application: QApplication,
        folder: Path,
        *,
        agent: str | None = None,
        practice: str = "",
        dialogs: "Dialogs | None" = None,
    ) -> None:
        super().__init__()
        self.folder = folder
        self._dialogs = dialogs
        self._practice = practice
        self._agent = agent
        self._settings = settings_at(_settings_path(folder))
        self.appearance = Appearance(application, self._settings)
        self._runner = ThreadRunner("unlock")
        self._first_start = FirstStart(
            folder=folder, runner=self._runner, sentence=_sentence, dialogs=dialogs
        )
        self._is_loaded = False
        self.window: QWidget | None = None
        self.desk: DeskWindow | None = None

    def start(self) -> None:
        """Show the first window."""
        subtitle = ""
        if self._practice:
            subtitle = self.tr("Exercice. Phrase de passe\u202f: «\u00a0{0}\u00a0»")
        view = UnlockView(structure=subtitle.format(self._practice))
        view.create_wanted.connect(self.show_welcome)
        view.join_wanted.connect(self.show_joining)
        view.recover_wanted.connect(self.show_recovering)
        view.practice_wanted.connect(self._start_practice)
        ports = UnlockPorts(
            agents=self._agents,
            unlock=self._unlock,
            unlock_with_recovery=self._unlock_with_recovery,
            sentence=_sentence,
            opened=self.open,
        )
        self._show(view)
        view.serve(UnlockPresenter(view, ports, self._runner))
        QTimer.singleShot(_LOADS_AFTER_MS, self, self._load_the_rest)

    def show_welcome(self) -> None:
        """Show the page that makes a workspace."""
        from ui.welcome.view import WelcomeView

        view = WelcomeView()
        self._show(view)
        view.back_wanted.connect(self.start)
        self._first_start.welcome(view, self.open)

    def show_joining(self) -> None:
        """Show the page by which this machine joins a structure."""
        from ui.welcome.joining_view import JoiningView

        view = JoiningView(self._dialogs)
        self._show(view)
        view.back_wanted.connect(self.start)
        self._first_start.joining(view, self.open_at_machines)

    def show_recovering(self) -> None:
        """Show the pages by which this machine takes over a structure."""
        from ui.welcome.recovering_view import RecoveringView

        view = RecoveringView(self._dialogs)
        self._show(view)
        view.back_wanted.connect(self.start)
        self._first_start.recovering(view, self.open_at_machines)

    def open_at_machines(self, desk: "Desk") -> None:
        """Show a desk that was just joined or taken over, at what it waits for."""
        from ui.desk_window import MACHINES

        self.open(desk)
        if self.desk is not None:
            self.desk.window.show_screen(MACHINES)

    def open(self, desk: "Desk") -> None:
        """Show the desk that was unlocked."""
        from ui.desk_window import DeskWindow

        self._settings.setValue(_LAST_AGENT, desk.workspace.agent)
        self.desk = DeskWindow(
            desk, settings=self._settings, appearance=self.appearance, dialogs=self._dialogs
        )
        self.desk.locked.connect(self._locked)
        self._show(self.desk.window)

    def build_everything(self) -> None:
        """Make a workspace in the folder and build every screen of the desk."""
        import secrets

        from ui import compose

        desk, _code = compose.create_desk(
            self.folder,
            agent_name="Vérification",
            role="adviser",
            passphrase=secrets.token_hex(16),
        )
        self.show_welcome()
        self.show_joining()
        self.show_recovering()
        self.open(desk)
        if self.desk is not None:
            self.desk.build_all()

    def close(self) -> None:
        """Finish what is under way, close the workspace and the window."""
        desk, self.desk = self.desk, None
        if desk is not None:
            desk.close()
            desk.deleteLater()
        self._runner.close(LONGEST_WAIT_S)
        window, self.window = self.window, None
        if window is not None:
            window.close()
            window.deleteLater()
            self.appearance.deleteLater()

    def _locked(self) -> None:
        """Lock at once. An exchange under way ends first behind it: opening again waits for it."""
        desk, self.desk = self.desk, None
        if desk is None:
            return
        desk.leave()
        self.start()
        self._runner.run(desk.finish, lambda _done: desk.deleteLater(), _raise)

    def _load_the_rest(self) -> None:
        """Import what the desk needs while somebody types their passphrase."""
        if not self._is_loaded:
            self._is_loaded = True
            self._runner.run(_import_the_desk, lambda _done: gc.freeze(), _raise)

    def _show(self, window: QWidget) -> None:
        former, self.window = self.window, window
        if former is not None:
            window.resize(former.size())
        else:
            window.resize(*SIZE)
        window.show()
        self._runner.forget_answers()  # they were for the former window
        if former is not None:
            former.close()
            former.deleteLater()

    def _agents(self) -> list[AgentCard]:
        from app.domain.errors import WorkspaceMissingError
        from app.store.agent_cards import agent_cards

        known = [AgentCard(slot_id=a.slot_id, label=a.label) for a in agent_cards(self.folder)]
        if not known:
            raise WorkspaceMissingError(str(self.folder))
        last = self._agent or str(self._settings.value(_LAST_AGENT, ""))
        return sorted(known, key=lambda card: last not in {card.slot_id, card.label})

    def _unlock(self, slot_id: str, passphrase: str) -> "Desk":
        from ui import compose

        return compose.open_slot(self.folder, slot_id, passphrase)

    def _unlock_with_recovery(self, code: str) -> "Desk":
        from ui import compose

        return compose.open_desk(self.folder, agent=None, passphrase=code, recovery=True)

    def _start_practice(self) -> None:
        """Start the practice region as a program of its own; this window stays."""
        from PySide6.QtCore import QProcess

        frozen = getattr(sys, "frozen", False)
        words = ["practice"] if frozen else ["-m", "ui", "practice"]
        QProcess.startDetached(sys.executable, words)


def _import_the_desk() -> None:
    """Import the screens and the exchange; what is imported lives as long as the program."""
    from importlib import import_module

    from ui import compose_exchange

    for name in _SOON_NEEDED:
        import_module(name)
    compose_exchange.load_exchange()


def _raise(error: Exception) -> None:
    raise error  # our fault: the program's own report of faults must hear of it


def _sentence(error: Exception) -> str:
    from app.domain.errors import TooSoonError, WorkspaceMissingError, WrongPassphraseError
    from ui.texts import sentence, sentence_for

    if isinstance(error, WorkspaceMissingError):
        return _NOTHING_HERE  # the shared sentence speaks of commands
    if isinstance(error, WrongPassphraseError | TooSoonError):
        return sentence(error.code)  # the form counts the seconds down by itself
    return sentence_for(error)


def _folder(workspace: Path | None) -> Path:
    if workspace is not None:
        return workspace
    from ui import compose

    return compose.default_workspace()


def _settings_path(folder: Path) -> Path:
    """Return where window, theme and text size are remembered: beside the workspace."""
    return folder.parent / f"{folder.name}.desktop.ini"


def _record_fault(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log our fault without anybody's data; the window stays open."""
    del kind, trace
    if isinstance(error, KeyboardInterrupt):
        QApplication.quit()
        return
    from ui.fault_log import record_fault
    from ui.texts import unexpected

    sys.stderr.write(f"{unexpected(record_fault(error))}\n")
