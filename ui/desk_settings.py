"""The screen of settings over one open desk: its parts, and who hears of what they change."""

from typing import TYPE_CHECKING

from ui.changes_hub import ChangesHub
from ui.desk_actions import DeskActions
from ui.theme import SCALES, Appearance, ThemeName

if TYPE_CHECKING:
    from ui.running import Runner
    from ui.settings.copying_presenter import CopyingActions
    from ui.settings.view import SettingsView
    from ui.widgets.dialogs import Dialogs


class DeskSettings:
    """Makes the screen of settings."""

    def __init__(
        self,
        actions: DeskActions,
        hub: ChangesHub,
        appearance: Appearance,
        dialogs: "Dialogs | None",
    ) -> None:
        self._actions = actions
        self._hub = hub
        self._appearance = appearance
        self._dialogs = dialogs

    def make_view(self, runner: "Runner", copying: "CopyingActions") -> "SettingsView":
        """Make the screen, which holds its presenters."""
        from ui.settings.connection_presenter import ConnectionPresenter
        from ui.settings.copying_presenter import CopyingPresenter
        from ui.settings.notice_presenter import NoticePresenter
        from ui.settings.page import Look
        from ui.settings.presenter import SettingsPresenter
        from ui.settings.view import SettingsView

        appearance = self._appearance
        actions = self._actions.settings(
            look=lambda: Look(theme=appearance.theme().value, scale=appearance.scale()),
            set_theme=lambda theme: appearance.set_theme(ThemeName(theme)),
            set_scale=appearance.set_scale,
            scales=SCALES,
        )
        view = SettingsView(self._dialogs)
        presenter = SettingsPresenter(view, actions, runner)
        network = ConnectionPresenter(view.connection, self._actions.connection(), runner)
        notice = NoticePresenter(view.notice, self._actions.notice(), runner)
        view.attach(presenter)
        view.attach_connection(network)
        view.attach_notice(notice)
        view.attach_copying(CopyingPresenter(view.copying, copying, runner))
        self._hub.changed.connect(presenter.changed)
        self._hub.changed.connect(notice.changed)
        return view
