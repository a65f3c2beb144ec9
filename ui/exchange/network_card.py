"""The exchange by the network: its state in words, its button, how far it is."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.exchange.page import ExchangePage
from ui.exchange.progress import Progress
from ui.exchange.progress_bar import ProgressBar
from ui.widgets.announcements import announce
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import IconLabel, heading, words
from ui.widgets.section_card import SectionCard


class NetworkCard(SectionCard):
    """The state of the exchange, and exchanging now.

    Signals:
        exchange_wanted(): exchange now.
        stop_wanted(): stop the exchange under way.
    """

    exchange_wanted = Signal()
    stop_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._icon = IconLabel("refresh-cw", "accent", 28)
        self._state = heading("", 2)
        self._oldest = words("", "body")
        self._result = words(self.tr("Tout part de soi-même dès que le réseau répond."), "soft")
        self._bar = ProgressBar(self.tr("Échange en cours"), "exchange_progress")
        self._now = main_button(self.tr("Échanger maintenant"), "refresh-cw")
        self._stop = quiet_button(self.tr("Arrêter"), "x")
        self._buttons = QStackedWidget()
        self._name_parts()
        self._lay_out()
        self._now.clicked.connect(self.exchange_wanted)
        self._stop.clicked.connect(self.stop_wanted)

    def show_page(self, page: ExchangePage) -> None:
        """Show the state, and how old the oldest record to send is."""
        self._icon.set_icon(page.badge.icon, page.badge.colour)
        self._state.setText(page.badge.text)
        self._oldest.setText(page.oldest)
        self._oldest.setVisible(bool(page.oldest))

    def show_running(self, *, running: bool) -> None:
        """Show that one waits, with a way out, in the same place as the button."""
        self._bar.setVisible(running)
        self._bar.show_share(None)
        with focus_kept_in(self._buttons, self.take_focus):
            self._buttons.setCurrentWidget(self._stop if running else self._now)

    def show_progress(self, progress: Progress) -> None:
        """Show how far it is, without saying each step aloud."""
        self._result.setText(progress.words)
        self._bar.show_share(progress.thousandths)

    def say(self, sentence: str) -> None:
        """Say what came of it, or what is under way."""
        self._result.setText(sentence)
        announce(self._result, sentence)

    def take_focus(self) -> None:
        """Go to the button."""
        shown = self._now if self._buttons.currentWidget() is self._now else self._stop
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _name_parts(self) -> None:
        self._state.setObjectName("exchange_state")
        self._oldest.setObjectName("exchange_oldest")
        self._oldest.hide()
        self._result.setObjectName("exchange_result")
        self._now.setObjectName("exchange_now")
        self._now.setToolTip(self.tr("Échanger maintenant (F5)"))
        self._stop.setObjectName("exchange_stop")
        self._stop.setAccessibleName(self.tr("Arrêter l’échange"))
        policy = self._bar.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._bar.setSizePolicy(policy)
        self._bar.hide()

    def _lay_out(self) -> None:
        self._buttons.addWidget(self._now)
        self._buttons.addWidget(self._stop)
        said = QVBoxLayout()
        said.setSpacing(6)
        for part in (self._state, self._oldest, self._result, self._bar):
            said.addWidget(part)
        state = QHBoxLayout()
        state.setSpacing(16)
        state.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addLayout(said, 1)
        self.add(BesideOrUnder(state, self._buttons))
