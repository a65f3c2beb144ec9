"""The open desk: the window, its screens, the exchange beside them, and what ties them together."""

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.changes import Changes, Topic
from app.domain.errors import AppError
from app.domain.identifiers import SubjectId
from app.store.compartments import AGENT, COUNSELLING, RECEPTION
from app.usecases.desk import Desk
from app.usecases.exchange_status import exchange_status
from ui import desk_search
from ui.changes_hub import ChangesHub
from ui.desk_actions import DeskActions
from ui.desk_copying import DeskCopying
from ui.desk_directory import DIRECTORY, DeskDirectory
from ui.desk_exchange import DeskExchange
from ui.desk_exporting import DeskExporting
from ui.desk_machines import DeskMachines
from ui.desk_printing import DeskPrinting
from ui.desk_register import REGISTER, DeskRegister
from ui.desk_settings import DeskSettings
from ui.main_window import MainWindow, ScreenSlot
from ui.tasks import ThreadRunner
from ui.texts import exchange_line
from ui.theme import Appearance

if TYPE_CHECKING:
    from PySide6.QtCore import QSettings

    from ui.directory.view import DirectoryView
    from ui.exchange.view import ExchangeView
    from ui.machines.view import MachinesView
    from ui.person.view import PersonView
    from ui.reception.screen import ReceptionScreen
    from ui.referrals.view import ReferralsView
    from ui.settings.view import SettingsView
    from ui.today.screen import TodayScreen
    from ui.widgets.dialogs import Dialogs

TODAY, RECEPTION_PAGE, PERSONS = "today", "reception", "persons"
REFERRALS, EXCHANGE, SETTINGS = "referrals", "exchange", "settings"
MACHINES = "machines"

_STATUS_EVERY_MS = 60_000
_LONGEST_FINISH_S = 30.0
_BUILDS_AHEAD_AFTER_MS = 400


class DeskWindow(QObject):
    """One open desk. It owns its window, its runners and the workspace until `close`.

    Attributes:
        desk: what the use cases work with.
        window: the window.
        loop: the exchange beside the screens.
        printing: makes papers; any screen may ask for one.

    Signals:
        locked(): the agent leaves; whoever holds the desk closes it.
    """

    locked = Signal()

    def __init__(
        self,
        desk: Desk,
        *,
        settings: "QSettings",
        appearance: Appearance,
        dialogs: "Dialogs | None" = None,
    ) -> None:
        super().__init__()
        self.desk = desk
        self._dialogs = dialogs
        self._hub = ChangesHub(self)
        self._runner = ThreadRunner("desk", self)
        self._actions = DeskActions(desk, self._hub.publish)
        self._turned = False
        self._held: list[object] = []  # presenters: PySide6 keeps no bound method alive
        self._exchange = DeskExchange(desk, self._hub, settings, self)
        self.loop = self._exchange.loop
        self._machines = DeskMachines(desk, self._hub, self.loop.spread)
        self._directory = DeskDirectory(desk, self._hub, self)
        self._register = DeskRegister(desk, self._hub, dialogs, self)
        self._settings = DeskSettings(self._actions, self._hub, appearance, dialogs)
        self.printing = DeskPrinting(desk, dialogs, self._hub.publish, self)
        self.window = MainWindow(
            self._slots(),
            structure=desk.own_structure().name,
            settings=settings,
            appearance=appearance,
        )
        self.printing.attach(self.window)
        self._directory.attach(self.window)
        self._search = desk_search.DeskSearch(desk, self.window, self._runner)
        self._copying = DeskCopying(desk, self.window, self._runner, settings)
        self._exporting = DeskExporting(self.window, self._runner, dialogs)
        self._connect()
        self.window.show_screen(TODAY)
        self._start_timers()
        self.loop.start()

    def build_all(self) -> None:
        """Make every screen, as a check that all can be made."""
        for slot in self.window.slots():
            self.window.show_screen(slot.key)

    def exchange_now(self) -> None:
        """Exchange now."""
        self.loop.exchange_now()

    def leave(self) -> None:
        """Keep the draft and begin nothing more; `finish` does the rest, on any thread."""
        self._exchange.stop()
        self._copying.clipboard.take_back()
        self._status_timer.stop()
        self._idle.stop()
        self._leave_reception()
        self.printing.stop()
        self._directory.stop()
        self._register.stop()
        self._runner.stop()

    def finish(self) -> None:
        """Finish what is under way and close the workspace: an exchange may take its time."""
        self._exchange.close(_LONGEST_FINISH_S)
        self.printing.close()
        self._directory.close(_LONGEST_FINISH_S)
        self._register.close(_LONGEST_FINISH_S)
        self._runner.close()
        self.desk.workspace.close()

    def close(self) -> None:
        """Keep the draft, finish what is under way, close the workspace. Only once."""
        self.leave()
        self.finish()

    def _slots(self) -> list[ScreenSlot]:
        def slot(key: str, title: str, icon: str, factory: Any, **options: Any) -> ScreenSlot:
            return ScreenSlot(key=key, title=title, icon=icon, factory=factory, **options)

        return [
            slot(TODAY, self.tr("Aujourd’hui"), "sun", self._make_today),
            slot(
                RECEPTION_PAGE, self.tr("Accueil"), "door-open", self._make_reception, scrolls=False
            ),
            slot(PERSONS, self.tr("Personnes"), "users", self._make_persons, scrolls=False),
            slot(
                REFERRALS,
                self.tr("Mises en relation"),
                "handshake",
                self._make_referrals,
                scrolls=False,
            ),
            slot(DIRECTORY, self.tr("Annuaire"), "map-pin", self._make_directory, scrolls=False),
            slot(EXCHANGE, self.tr("Échange"), "refresh-cw", self._make_exchange, scrolls=False),
            slot(
                SETTINGS,
                self.tr("Réglages"),
                "settings",
                self._make_settings,
                scrolls=False,
                at_bottom=True,
            ),
            slot(
                MACHINES,
                self.tr("Postes de la structure"),
                "monitor",
                self._make_machines,
                scrolls=False,
                under=SETTINGS,
            ),
            self._register.slot(lambda: self.window),
            self.printing.slot(),
        ]

    def _connect(self) -> None:
        window = self.window
        window.search_typed.connect(self._search.typed)
        window.search_chosen.connect(self._follow)
        window.search_submitted.connect(self._search.submitted)
        window.new_reception_wanted.connect(self._new_reception)
        window.lock_wanted.connect(self.locked)
        window.turned_screen_wanted.connect(self._turn_screen)
        window.copy_wanted.connect(partial(self._copying.copy, self._shown_person))
        window.exchange_wanted.connect(partial(window.show_screen, EXCHANGE))
        window.closing.connect(self._leave_reception)
        self.printing.said.connect(window.offer_undo)
        self._search.found.connect(self._follow)
        self._hub.changed.connect(self._changed)
        self.loop.began.connect(self._exchange_began)
        self._exchange.sticks.began.connect(self._stick_began)

    def _start_timers(self) -> None:
        self._refresh_status()
        self._status_timer = QTimer(self)
        self._status_timer.timeout.connect(self._refresh_status)
        self._status_timer.start(_STATUS_EVERY_MS)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._build_ahead)
        self._idle.start(_BUILDS_AHEAD_AFTER_MS)

    # Screens, each made when it is first shown; the page of a reception a little before.

    def _build_ahead(self) -> None:
        self.window.screen(RECEPTION_PAGE)

    def _make_today(self) -> "TodayScreen":
        from ui.today.screen import TodayScreen

        screen = TodayScreen(self._actions.day(), self._runner)
        screen.new_reception.connect(self._new_reception)
        screen.resume_reception.connect(partial(self.window.show_screen, RECEPTION_PAGE))
        screen.open_person.connect(self._open_person)
        screen.open_referral.connect(self._open_referral)
        screen.open_referrals.connect(self._open_referrals)
        screen.said.connect(self.window.offer_undo)
        self._hub.changed.connect(screen.presenter.changed)
        return screen

    def _make_reception(self) -> "ReceptionScreen":
        from ui.reception.screen import ReceptionScreen
        from ui.reception.view import PageSettings

        names = (RECEPTION, COUNSELLING, AGENT)
        settings = PageSettings(
            vocabularies=self.desk.reference.vocabularies,
            compartments=tuple(n for n in names if self.desk.workspace.compartments.holds(n)),
            today=self._actions.today(),
            offer_undo=self.window.offer_undo,
        )
        screen = ReceptionScreen(self._actions.reception(), self._runner, settings=settings)
        screen.open_person.connect(self._open_person)
        screen.recorded.connect(lambda recorded: self._copying.saved(recorded.encounter))
        screen.recorded.connect(self.printing.recorded)
        screen.print_wanted.connect(self.printing.print_last)
        return screen

    def _make_persons(self) -> "PersonView":
        from ui.person.merging_presenter import MergingPresenter
        from ui.person.presenter import PersonPresenter
        from ui.person.rights_presenter import RightsPresenter
        from ui.person.view import PersonView

        view = PersonView()
        presenter = PersonPresenter(view, self._actions.persons(), self._runner)
        view.attach(presenter)
        view.receive_again.connect(self._receive)
        view.reception_wanted.connect(partial(self._receive, None))
        view.referral_wanted.connect(self._open_referral)
        view.print_wanted.connect(self.printing.print_person)
        view.said.connect(self.window.offer_undo)
        view.undoable.connect(self.window.offer_undo)
        merging = MergingPresenter(view, self._actions.merging(), self._runner)
        view.attach_merging(merging)
        rights = RightsPresenter(view.rights, self._actions.rights(), self._runner)
        view.attach_rights(rights)
        for one in (presenter, merging, rights):
            self._hub.changed.connect(one.changed)
        self._held.append(presenter)
        return view

    def _make_referrals(self) -> "ReferralsView":
        from app.reference.sensitive_words import sensitive_words
        from ui.referrals.presenter import ReferralPresenter
        from ui.referrals.view import ReferralsView

        view = ReferralsView()
        view.remind_about(sensitive_words(self.desk.reference.vocabularies))
        presenter = ReferralPresenter(view, self._actions.referrals(), self._runner)
        view.attach(presenter)
        self.printing.serve(view)
        view.correction_wanted.connect(self._directory.correct)
        view.reorient_wanted.connect(self._reorient)
        view.undoable.connect(self.window.offer_undo)
        view.said.connect(self.window.offer_undo)
        self._hub.changed.connect(presenter.changed)
        self._held.append(presenter)
        return view

    def _make_directory(self) -> "DirectoryView":
        view = self._directory.make_view(self._runner, self._dialogs)
        view.said.connect(self.window.offer_undo)
        return view

    def _make_exchange(self) -> "ExchangeView":
        view = self._exchange.make_view(self._actions, self._runner)
        view.said.connect(self.window.offer_undo)
        view.due_followed.connect(self._open_machines)
        return view

    def _make_settings(self) -> "SettingsView":
        view = self._settings.make_view(self._runner, self._copying.actions())
        view.said.connect(self.window.offer_undo)
        view.done.connect(self.window.offer_undo)
        view.machines_wanted.connect(partial(self.window.show_screen, MACHINES))
        view.register_wanted.connect(partial(self.window.show_screen, REGISTER))
        view.notice_wanted.connect(self.printing.print_notice)
        return view

    def _make_machines(self) -> "MachinesView":
        from ui.widgets.dialogs import Dialogs

        view = self._machines.make_view(self._runner, self._dialogs or Dialogs())
        view.back_wanted.connect(partial(self.window.show_screen, SETTINGS))
        return view

    # Going from one screen to another: screens do not know each other.

    def _new_reception(self) -> None:
        self._receive(None, "")

    def _receive(self, person: SubjectId | None = None, typed: str = "") -> None:
        screen = self.window.show_screen(RECEPTION_PAGE)
        if person is not None or typed:
            screen.receive(person, typed)  # type: ignore[attr-defined]  # made by _make_reception

    def _open_person(self, person: SubjectId) -> None:
        self.window.show_screen(PERSONS).open_person(person)  # type: ignore[attr-defined]

    def _shown_person(self) -> SubjectId | None:
        if self.window.current_key() != PERSONS:
            return None
        shown: SubjectId | None = self.window.screen(PERSONS).shown_person()  # type: ignore[attr-defined]
        return shown

    def _open_referral(self, referral: SubjectId) -> None:
        self.window.show_screen(REFERRALS).open_referral(referral)  # type: ignore[attr-defined]

    def _reorient(self, referral: SubjectId) -> None:
        self.window.show_screen(RECEPTION_PAGE).reorient(referral)  # type: ignore[attr-defined]

    def _open_referrals(self, figure: str) -> None:
        from ui.referrals.groups import BEHIND_FIGURES

        group, direction = BEHIND_FIGURES[figure]
        self.window.show_screen(REFERRALS).show_filter(group, direction)  # type: ignore[attr-defined]

    def _open_machines(self, part: str) -> None:
        self.window.show_screen(MACHINES).go_to(part)  # type: ignore[attr-defined]

    def _follow(self, wish: object) -> None:
        self.window.search.set_text("")
        match wish:
            case desk_search.OpenPerson(person=person):
                self._open_person(person)
            case desk_search.OpenReferral(referral=referral):
                self._open_referral(referral)
            case desk_search.OpenStructure(reference=reference):
                self._directory.open(reference)
            case desk_search.StartReception(typed=typed):
                self._receive(None, typed)
            case desk_search.OpenScreen(key=key):
                self.window.show_screen(key)

    def _turn_screen(self) -> None:
        self._turned = not self._turned
        self._search.set_turned(self._turned)
        self.window.search.set_text("")
        for key in (TODAY, RECEPTION_PAGE, DIRECTORY):
            self.window.screen(key).set_turned(self._turned)  # type: ignore[attr-defined]
        if self._turned:
            self.window.show_screen(RECEPTION_PAGE)

    def _leave_reception(self) -> None:
        if self.window.is_built(RECEPTION_PAGE):
            self.window.screen(RECEPTION_PAGE).leave()  # type: ignore[attr-defined]

    # The exchange, beside the screens.

    def _changed(self, changes: Changes) -> None:
        if changes.topics & {Topic.PERSONS, Topic.RECEPTIONS, Topic.REFERRALS, Topic.DIRECTORY}:
            self.loop.something_waits()
        if changes.topics - {Topic.DRAFTS}:
            self._refresh_status()

    def _exchange_began(self) -> None:
        self.window.set_status(self.tr("Échange en cours…"))

    def _stick_began(self) -> None:
        self.window.set_status(self.tr("Clé en cours…"))

    def _refresh_status(self) -> None:
        self._runner.run(
            lambda: exchange_line(exchange_status(self.desk), self._actions.now()),
            self.window.set_status,
            self._status_failed,
        )

    def _status_failed(self, error: Exception) -> None:
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
