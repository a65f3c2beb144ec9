"""What the screen of the exchange decides: what is said of it, and whether one still waits."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from app.changes import Changes
from app.domain.errors import AppError
from app.usecases.exchange_status import ExchangeStatus
from ui.exchange.page import (
    Due,
    ExchangePage,
    Outcome,
    Record,
    RecordRow,
    exchange_page,
    outcome_words,
    record_rows,
)
from ui.exchange.progress import NetworkProgress, Progress, network_progress
from ui.texts import sentence_for

if TYPE_CHECKING:
    from ui.running import Runner


_CALM = "L’échange n’a pas abouti cette fois. Rien n’est perdu\u202f: tout est gardé ici."
_BEGUN = "Échange en cours… Vous pouvez continuer à travailler."
_WAITING = "Une clé est en cours\u202f: l’échange par le réseau se fera juste après."
_STOPPING = "Arrêt demandé\u202f: l’échange s’arrête dès que le réseau rend la main."
_STOPPED = (
    "Échange arrêté. Ce qui était passé est gardé des deux côtés\u202f; le reste partira au"
    " prochain échange."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeActions:
    """What the screen has done elsewhere.

    Attributes:
        status: reads the state of the exchange (`exchange_status`); called by the runner.
        records: reads the records behind the count of a state (a field of `ExchangeStatus`, or
            `quarantine`), the latest first; called by the runner.
        standing: reads what somebody must see to, in words; called by the runner.
        run: asks for an exchange now and returns at once (`ExchangeLoop.exchange_now`). What comes
            of it is told by `waits`, `began`, `progressed`, `finished`, `stopped` and `failed` of
            the presenter.
        stop: asks the exchange to stop (`ExchangeLoop.give_up`).
        now: the present moment.
    """

    status: Callable[[], ExchangeStatus]
    records: Callable[[str], Sequence[Record]]
    standing: Callable[[], Sequence[Due]]
    run: Callable[[], None]
    stop: Callable[[], None]
    now: Callable[[], dt.datetime]


class ExchangeScreen(Protocol):
    """What the screen can show."""

    def show_status(self, page: ExchangePage) -> None:
        """Show the state of the exchange."""
        ...

    def show_running(self, *, running: bool) -> None:
        """Show that an exchange runs or waits its turn, or that none does any more."""
        ...

    def show_progress(self, progress: Progress) -> None:
        """Show how far the exchange is."""
        ...

    def show_result(self, sentence: str) -> None:
        """Say what came of the last exchange, why it stopped, or that one is under way, calmly."""
        ...

    def show_standing(self, due: Sequence[Due]) -> None:
        """Say what somebody must see to, or nothing."""
        ...

    def show_records(self, state: str, rows: Sequence[RecordRow]) -> None:
        """Show the list behind a count."""
        ...

    def show_problem(self, sentence: str) -> None:
        """Say calmly what could not be read."""
        ...


class ExchangePresenter:
    """Decides for the screen of the exchange. It must be held, by its view for instance."""

    def __init__(self, view: ExchangeScreen, actions: ExchangeActions, runner: "Runner") -> None:
        self._view = view
        self._actions = actions
        self._runner = runner
        self._is_asked = False
        self._is_running = False
        self._state = ""

    def exchange_now(self) -> None:
        """Ask for an exchange; asking twice is asking once."""
        if not self._is_asked and not self._is_running:
            self._is_asked = True
            self._view.show_running(running=True)
            self._actions.run()

    def stop(self) -> None:
        """Ask the exchange to stop; nothing that it did is lost."""
        if self._is_asked or self._is_running:
            self._view.show_result(_STOPPING)
            self._actions.stop()

    def waits(self) -> None:
        """Hear that the exchange waits for the stick under way; said to whoever asked for it."""
        if self._is_asked:
            self._view.show_result(_WAITING)

    def began(self) -> None:
        """Hear that an exchange starts, asked for here or not."""
        self._is_running = True
        self._view.show_running(running=True)
        self._view.show_result(_BEGUN)

    def progressed(self, progress: NetworkProgress) -> None:
        """Hear how far the exchange is."""
        if self._is_running or self._is_asked:
            self._view.show_progress(network_progress(progress))

    def stopped(self) -> None:
        """Hear that the exchange stopped because somebody wanted it."""
        self._end()
        self._view.show_result(_STOPPED)

    def finished(self, outcome: Outcome) -> None:
        """Hear what an exchange did."""
        self._end()
        self._view.show_result(outcome_words(outcome))

    def failed(self, error: Exception) -> None:
        """Hear why an exchange stopped; an expected cause is said in full further down."""
        self._end()
        is_expected = isinstance(error, AppError)
        self._view.show_result(_CALM if is_expected else sentence_for(error))

    def open_state(self, state: str) -> None:
        """Open the list behind a count."""
        self._state = state
        self._read_records(state)

    def close_state(self) -> None:
        """Go back from a list to the counts."""
        self._state = ""
        self.refresh()

    def refresh(self) -> None:
        """Read again all that is shown."""
        self._read_status()
        self._runner.run(self._actions.standing, self._view.show_standing, self._not_read)

    def changed(self, changes: Changes) -> None:
        """Read the counts again after any write: every one of them makes something to send."""
        if changes.topics:
            self._read_status()

    def _read_status(self) -> None:
        now = self._actions.now
        self._runner.run(
            lambda: exchange_page(self._actions.status(), now()),
            self._view.show_status,
            self._not_read,
        )
        if self._state:
            self._read_records(self._state)

    def _read_records(self, state: str) -> None:
        now = self._actions.now
        self._runner.run(
            lambda: record_rows(state, self._actions.records(state), now()),
            lambda rows: self._show_records(state, rows),
            self._not_read,
        )

    def _show_records(self, state: str, rows: Sequence[RecordRow]) -> None:
        if state == self._state:
            self._view.show_records(state, rows)

    def _end(self) -> None:
        self._is_running = self._is_asked = False
        self._view.show_running(running=False)
        self.refresh()

    def _not_read(self, error: Exception) -> None:
        self._view.show_problem(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it
