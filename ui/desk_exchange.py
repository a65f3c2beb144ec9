"""The exchanges of an open desk, by network and by stick, in turn on one thread; their screen."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings

from app.changes import Changes, Topic
from app.usecases.desk import Desk
from app.usecases.exchange_status import exchange_status
from ui import compose, compose_exchange
from ui.changes_hub import ChangesHub
from ui.desk_actions import DeskActions
from ui.exchange_loop import ExchangeLoop, LoopPorts
from ui.stick_places import StickPlace, places
from ui.stick_runs import StickPorts, StickRuns
from ui.tasks import ThreadRunner
from ui.turns import Turns

if TYPE_CHECKING:
    from ui.exchange.stick_presenter import StickActions
    from ui.exchange.view import ExchangeView
    from ui.running import Runner

_LAST_STICK = "stick/last_folder"
_LONGEST_STOP_S = 25.0
"""A relay that says nothing is waited for twenty seconds; then whoever wants to stop may."""


class DeskExchange(QObject):
    """What exchanges for one desk. Its owner stops it, then closes it.

    Attributes:
        loop: the exchange by the network, by itself when it is time.
        sticks: the exchange by sticks.
        runner: the thread of both.
    """

    def __init__(self, desk: Desk, hub: ChangesHub, settings: QSettings, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self._hub = hub
        self._settings = settings
        kept = str(settings.value(_LAST_STICK, "") or "")
        self._last_stick = Path(kept) if kept else None
        turns = Turns()
        self.runner = ThreadRunner("exchange", self)
        self.loop = ExchangeLoop(self._loop_ports(), self.runner, turns, self)
        self.sticks = StickRuns(self._stick_ports(), self.runner, turns, self)
        for over in (
            self.loop.finished,
            self.loop.stopped,
            self.loop.failed,
            self.sticks.written,
            self.sticks.taken,
            self.sticks.failed,
        ):
            over.connect(self._ended)

    def stop(self) -> None:
        """Begin nothing more; what is under way goes on until `close`."""
        self.loop.stop()
        self.sticks.stop()
        self.runner.stop()

    def close(self, timeout_s: float) -> None:
        """Let what is under way end by itself for a time, then have it stop where it is."""
        if not self.runner.close(timeout_s):
            self.loop.give_up()
            self.sticks.give_up()
            self.runner.close(_LONGEST_STOP_S)

    def make_view(self, actions: DeskActions, runner: "Runner") -> "ExchangeView":
        """Make the screen, which holds its presenters; `runner` reads for it."""
        from ui.exchange.view import ExchangeView

        view = ExchangeView()
        self._serve_network(view, actions, runner)
        self._serve_sticks(view, runner)
        return view

    def _serve_network(self, view: "ExchangeView", actions: DeskActions, runner: "Runner") -> None:
        from ui.exchange.presenter import ExchangePresenter

        loop = self.loop
        asked = actions.exchange(loop.exchange_now, loop.give_up)
        presenter = ExchangePresenter(view, asked, runner)
        view.attach(presenter)
        self._hub.changed.connect(presenter.changed)
        loop.waits.connect(presenter.waits)
        loop.began.connect(presenter.began)
        loop.progressed.connect(presenter.progressed)
        loop.finished.connect(lambda report: presenter.finished(_outcome(report)))
        loop.stopped.connect(presenter.stopped)
        loop.failed.connect(presenter.failed)
        if loop.is_exchanging:
            presenter.began()

    def _serve_sticks(self, view: "ExchangeView", runner: "Runner") -> None:
        from ui.exchange.stick_presenter import StickPresenter

        sticks = self.sticks
        presenter = StickPresenter(view.stick, self._stick_actions(), runner)
        view.attach_sticks(presenter)
        sticks.waits.connect(presenter.waits)
        sticks.began.connect(presenter.began)
        sticks.progressed.connect(presenter.progressed)
        sticks.written.connect(presenter.written)
        sticks.taken.connect(presenter.taken)
        sticks.stopped.connect(presenter.stopped)
        sticks.failed.connect(presenter.failed)

    def _loop_ports(self) -> LoopPorts:
        desk = self._desk
        return LoopPorts(
            exchange=lambda progress, cancelled: compose_exchange.run_exchange(
                desk, self._hub.publish, progress, cancelled
            ),
            waiting=lambda: exchange_status(desk).pending > 0,
            next_attempt_in_s=compose_exchange.next_attempt_in_s,
            back_off_s=lambda: compose_exchange.back_off_s(desk),
        )

    def _stick_ports(self) -> StickPorts:
        desk, publish = self._desk, self._hub.publish
        return StickPorts(
            write=lambda folder, progress, cancelled: compose.write_stick(
                desk, folder, progress, cancelled, publish
            ),
            read=lambda folder, progress, cancelled: compose.read_stick(
                desk, folder, progress, cancelled, publish
            ),
        )

    def _stick_actions(self) -> "StickActions":
        from ui.exchange.stick_presenter import StickActions

        return StickActions(
            places=self._places,
            write=self.sticks.write,
            read=self.sticks.read,
            stop=self.sticks.give_up,
            keep_last=self._keep_last,
        )

    def _places(self) -> tuple[StickPlace, ...]:
        from ui.volumes import removable_volumes

        return places(removable_volumes(), self._last_stick)

    def _keep_last(self, folder: Path) -> None:
        self._last_stick = folder
        self._settings.setValue(_LAST_STICK, str(folder))

    def _ended(self, _what: object = None) -> None:
        self._hub.publish(Changes(topics=frozenset({Topic.EXCHANGE})))


def _outcome(report: Any) -> Any:
    from ui.exchange.page import Outcome

    return Outcome(
        sent=report.pushed,
        received=report.pulled,
        bytes_sent=report.bytes_up,
        bytes_received=report.bytes_down,
        set_aside=report.set_aside,
        refused=len(report.refused),
    )
