"""The whole of the exchange on one page: network, stick, what is to be seen to, the counts."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from ui.exchange.due_card import DueCard
from ui.exchange.network_card import NetworkCard
from ui.exchange.page import Due, ExchangePage
from ui.exchange.place_choice import ChooseFolder, choose_folder
from ui.exchange.stick_card import StickCard
from ui.exchange.tiles import Tiles
from ui.widgets.fact_grid import FactGrid
from ui.widgets.labels import heading
from ui.widgets.scroll_page import ScrollPage
from ui.widgets.section_card import SectionCard


class Overview(ScrollPage):
    """What is true of the exchange now.

    Attributes:
        network: the exchange by the network.
        stick: the exchange by a stick.

    Signals:
        state_opened(str): open the list behind a count.
        due_followed(str): show the part of the machines' page that serves.
    """

    state_opened = Signal(str)
    due_followed = Signal(str)

    def __init__(self, choose: ChooseFolder = choose_folder, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.network = NetworkCard()
        self.stick = StickCard(choose)
        self._due = DueCard()
        self._facts = FactGrid(self.tr("Derniers échanges"), label_px=250)
        self._tiles = Tiles()
        self._page_notices: tuple[str, ...] = ()
        self._standing: tuple[Due, ...] = ()
        self._lay_out()
        self._tiles.opened.connect(self.state_opened)
        self._due.followed.connect(self.due_followed)
        # Queued: what grew has its place only once the page was laid out again.
        self.stick.grew.connect(self._show_stick, Qt.ConnectionType.QueuedConnection)

    def show_page(self, page: ExchangePage) -> None:
        """Show the state, its facts and its counts."""
        self.network.show_page(page)
        self._facts.set_facts(page.facts)
        self._tiles.show_tiles(page.tiles)
        self._page_notices = page.notices
        self._show_due()

    def show_standing(self, due: Sequence[Due]) -> None:
        """Show what somebody must see to."""
        self._standing = tuple(due)
        self._show_due()

    def take_focus(self, state: str = "") -> None:
        """Go to a count, or to the button."""
        if state:
            self._tiles.take_focus(state)
        else:
            self.network.take_focus()

    @Slot()
    def _show_stick(self) -> None:
        self.ensureWidgetVisible(self.stick, 0, 0)

    def _show_due(self) -> None:
        notices = (Due(text=text) for text in self._page_notices)
        self._due.show_due((*self._standing, *notices))

    def _lay_out(self) -> None:
        self.body.addWidget(heading(self.tr("Échange"), 1))
        for part in (self.network, self.stick, self._due):
            self.body.addWidget(part)
        self.body.addWidget(heading(self.tr("Les enregistrements de ce poste"), 2))
        self.body.addWidget(self._tiles)
        last = SectionCard(self.tr("Derniers échanges"))
        last.add(self._facts)
        self.body.addWidget(last)
