"""The whole of the machines on one page: requests first, then the list, inviting, the code."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from ui.machines.invite_card import InviteCard
from ui.machines.machines_card import MachinesCard
from ui.machines.page import Place, StructurePage
from ui.machines.quarrels_card import QuarrelsCard
from ui.machines.recovery_card import RecoveryCard
from ui.machines.region_card import RegionCard
from ui.machines.requests_card import RequestsCard
from ui.machines.waiting_card import WaitingCard
from ui.widgets.buttons import link_button, quiet_button
from ui.widgets.labels import heading, words
from ui.widgets.scroll_page import ScrollPage

RECOVERY, MACHINES, QUARRELS, REGION = "recovery", "machines", "quarrels", "region"
"""The parts of the page that other screens lead to."""


class Overview(ScrollPage):
    """What is true of the machines now.

    Attributes:
        waiting: this machine asks to join.
        quarrels: what waits for a decision.
        requests: who asks to join.
        machines: the list.
        invite: invitations.
        recovery: the printed code.
        region: what the Region certified, and asking it again.

    Signals:
        back_wanted(): go back to the settings.
        file_wanted(): open a file that somebody carried.
    """

    back_wanted = Signal()
    file_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.waiting = WaitingCard()
        self.quarrels = QuarrelsCard()
        self.requests = RequestsCard()
        self.machines = MachinesCard()
        self.invite = InviteCard()
        self.recovery = RecoveryCard()
        self.region = RegionCard()
        self._back = link_button(self.tr("Réglages"), "arrow-left")
        self._open = quiet_button(self.tr("&Ouvrir un fichier reçu…"), "folder-open")
        self._about = words("", "soft")
        self._place: Place | None = None
        self._sought = ""
        self._focus_wanted = False
        self._code_seen: tuple[str, ...] = ()
        self._back.setObjectName("machines_back")
        self._open.setObjectName("open_file")
        self._about.setObjectName("machines_about")
        self._lay_out()
        self._back.clicked.connect(self.back_wanted)
        self._open.clicked.connect(self.file_wanted)
        # Queued: what grew has its place only once the page was laid out again.
        queued = Qt.ConnectionType.QueuedConnection
        self.invite.grew.connect(self._show_invite, queued)
        self.recovery.grew.connect(self._show_recovery, queued)
        self.machines.grew.connect(self._show_panel, queued)

    def show_page(self, page: StructurePage) -> None:
        """Show the machines, the requests, what one may do."""
        takes_focus = self._focus_wanted or self._loses_focus(page)
        self._place, self._focus_wanted = page.place, False
        self._about.setText(page.about)
        for card in (self.waiting, self.requests, self.machines, self.recovery, self.region):
            card.show_page(page)
        self.quarrels.show_quarrels(page.quarrels)
        self.invite.setVisible(page.place is Place.INSIDE)
        if takes_focus:
            self.take_focus()
        if self._sought:
            self.go_to(self._sought)
        elif self.recovery.groups() != self._code_seen:
            self._code_seen = self.recovery.groups()
            self.recovery.grew.emit()  # the list above it has grown by one

    def take_focus(self) -> None:
        """Go to what waits for somebody, else to the list; once read if nothing is yet."""
        self._focus_wanted = self._place is None
        if self._place is Place.WAITING:
            self.waiting.take_focus()
        elif self._place is Place.INSIDE and self.requests.has_requests():
            self.requests.take_focus()
        elif self._place is Place.INSIDE:
            self.machines.take_focus()
        else:
            self._open.setFocus(Qt.FocusReason.OtherFocusReason)

    def _loses_focus(self, page: StructurePage) -> bool:
        """Say whether what has the focus leaves the page with the place this desk had."""
        focused = QApplication.focusWidget()
        is_here = focused is not None and self.isAncestorOf(focused)
        return is_here and page.place is not self._place

    def go_to(self, part: str) -> None:
        """Show a part and go to it, now or once the page is read."""
        if self._place is None:
            self._sought = part
            return
        self._sought = ""
        if part == QUARRELS:
            self.show_whole(self.quarrels)
            return
        card: RecoveryCard | RegionCard | MachinesCard = self.machines
        if part == RECOVERY:
            card = self.recovery
        elif part == REGION:
            card = self.region
        if not card.isHidden():
            card.take_focus()
            self.show_whole(card)

    @Slot()
    def _show_invite(self) -> None:
        self.show_whole(self.invite)

    @Slot()
    def _show_panel(self) -> None:
        self.show_whole(self.machines.panel)

    @Slot()
    def _show_recovery(self) -> None:
        self.show_whole(self.recovery)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(heading(self.tr("Postes de la structure"), 1), 1)
        head.addWidget(self._open)
        self.body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addLayout(head)
        self.body.addWidget(self._about)
        for card in (
            self.waiting,
            self.quarrels,
            self.requests,
            self.machines,
            self.invite,
            self.recovery,
            self.region,
        ):
            self.body.addWidget(card)
