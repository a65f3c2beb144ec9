"""The state of the exchange in words, its button, its counts."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from ui.exchange.page import ExchangePage
from ui.exchange.tiles import Tiles
from ui.widgets.announcements import announce
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.fact_grid import FactGrid
from ui.widgets.labels import IconLabel, heading, words
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard


class Overview(ScrollPage):
    """What is true of the exchange now.

    Signals:
        exchange_wanted(): exchange now.
        stop_wanted(): stop waiting for the exchange.
        state_opened(str): open the list behind a count.
    """

    exchange_wanted = Signal()
    stop_wanted = Signal()
    state_opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._icon = IconLabel("refresh-cw", "accent", 28)
        self._state = heading("", 2)
        self._result = words("", "soft")
        self._progress = QProgressBar()
        self._now = main_button(self.tr("Échanger maintenant"), "refresh-cw")
        self._stop = quiet_button(self.tr("Ne plus attendre"), "x")
        self._buttons = QStackedWidget()
        self._facts = FactGrid(self.tr("Derniers échanges"), label_px=250)
        self._tiles = Tiles()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_page(self, page: ExchangePage) -> None:
        """Show the state, its facts and its counts."""
        self._icon.set_icon(page.badge.icon, page.badge.colour)
        self._state.setText(page.badge.text)
        self._facts.set_facts(page.facts)
        self._tiles.show_tiles(page.tiles)

    def show_running(self, *, running: bool) -> None:
        """Show that one waits, with a way out, in the same place as the button."""
        had_focus = self._now.hasFocus() or self._stop.hasFocus()
        self._progress.setVisible(running)
        self._buttons.setCurrentWidget(self._stop if running else self._now)
        if running:
            self._say(self.tr("Échange en cours… Vous pouvez continuer à travailler."))
        if had_focus:
            self._focus_button()

    def show_result(self, sentence: str) -> None:
        """Say what came of it."""
        self._say(sentence)

    def take_focus(self, state: str = "") -> None:
        """Go to a count, or to the button."""
        if state:
            self._tiles.take_focus(state)
        else:
            self._focus_button()

    def _focus_button(self) -> None:
        shown = self._now if self._buttons.currentWidget() is self._now else self._stop
        shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self, text: str) -> None:
        self._result.setText(text)
        announce(self._result, text)

    def _name_parts(self) -> None:
        self._state.setObjectName("exchange_state")
        self._result.setObjectName("exchange_result")
        self._now.setObjectName("exchange_now")
        self._now.setToolTip(self.tr("Échanger maintenant (F5)"))
        self._stop.setObjectName("exchange_stop")
        self._progress.setObjectName("exchange_progress")
        self._progress.setAccessibleName(self.tr("Échange en cours"))
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setFixedHeight(6)
        policy = self._progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._progress.setSizePolicy(policy)
        self._progress.hide()

    def _lay_out(self) -> None:
        self._buttons.addWidget(self._now)
        self._buttons.addWidget(self._stop)
        said = QVBoxLayout()
        said.setSpacing(6)
        said.addWidget(self._state)
        said.addWidget(self._result)
        said.addWidget(self._progress)
        state = QHBoxLayout()
        state.setSpacing(16)
        state.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        state.addLayout(said, 1)
        card = SectionCard()
        card.add(BesideOrUnder(state, self._buttons))
        self.body.addWidget(heading(self.tr("Échange"), 1))
        self.body.addWidget(card)
        self.body.addWidget(heading(self.tr("Les enregistrements de ce poste"), 2))
        self.body.addWidget(self._tiles)
        last = SectionCard(self.tr("Derniers échanges"))
        last.add(self._facts)
        self.body.addWidget(last)

    def _connect(self) -> None:
        self._now.clicked.connect(self.exchange_wanted)
        self._stop.clicked.connect(self.stop_wanted)
        self._tiles.opened.connect(self.state_opened)
