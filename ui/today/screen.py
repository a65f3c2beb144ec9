"""The first screen as the desk holds it: the view, its presenter, and the wires between."""

from ui.running import Runner
from ui.today.presenter import TodayActions, TodayPresenter
from ui.today.view import TodayView


class TodayScreen(TodayView):
    """The first screen with its presenter, which it holds. Signals are those of the view.

    Connect `ChangesHub.changed` to `presenter.changed`.
    """

    def __init__(self, actions: TodayActions, runner: Runner) -> None:
        super().__init__()
        self.presenter = TodayPresenter(self, actions, runner)
        self.row_opened.connect(self.presenter.open_row)
        self.task_opened.connect(self.presenter.open_task)
        self.task_done.connect(self.presenter.settle)
        self.went.connect(self.presenter.hidden)

    def activated(self) -> None:
        """Be shown: read the day."""
        self.presenter.shown()
