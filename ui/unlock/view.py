"""The first window: agents, passphrase, recovery, and calm words when nothing can be opened."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.unlock.pages import BlockedPage, PassphrasePage, RecoveryPage
from ui.widgets.centred_card import centred_card
from ui.widgets.labels import IconLabel, heading, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ui.unlock.presenter import AgentCard, UnlockPresenter


class UnlockView(QWidget):
    """The first window. It holds its presenter once `serve` was called.

    Signals:
        passphrase_given(str, str): slot and passphrase; the field is empty already.
        recovery_given(str): the printed code; the field is empty already.
        retry_wanted(): look again for a workspace.
        create_wanted(): make the workspace of this structure.
        join_wanted(): join a structure that has one already.
        recover_wanted(): take over a structure with its printed code.
        practice_wanted(): open the practice desk.
    """

    passphrase_given = Signal(str, str)
    recovery_given = Signal(str)
    retry_wanted = Signal()
    create_wanted = Signal()
    join_wanted = Signal()
    recover_wanted = Signal()
    practice_wanted = Signal()

    def __init__(self, *, structure: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: UnlockPresenter[Any] | None = None
        self._passphrase = PassphrasePage()
        self._made_recovery: RecoveryPage | None = None
        self._made_blocked: BlockedPage | None = None
        self._pages = QStackedWidget()
        self._name_parts(structure)
        self._lay_out(structure)
        self._connect()

    def serve(self, presenter: "UnlockPresenter[Any]") -> None:
        """Keep the presenter, send it the wishes of the user, and start it."""
        self._presenter = presenter
        self.passphrase_given.connect(presenter.try_passphrase)
        self.recovery_given.connect(presenter.try_recovery)
        self.retry_wanted.connect(presenter.start)
        presenter.start()

    def show_agents(self, agents: "Sequence[AgentCard]") -> None:
        """See `UnlockScreen`."""
        self._passphrase.set_agents(agents)
        self._show(self._passphrase)

    def show_no_workspace(self, sentence: str) -> None:
        """See `UnlockScreen`."""
        self._blocked().show_nothing_here(sentence)
        self._show(self._blocked())

    def show_problem(self, sentence: str) -> None:
        """See `UnlockScreen`."""
        self._blocked().show_problem(sentence)
        self._show(self._blocked())

    def show_refusal(self, sentence: str, wait_s: int) -> None:
        """See `UnlockScreen`."""
        self._page_in_use().show_refusal(sentence, wait_s)

    def show_working(self) -> None:
        """See `UnlockScreen`."""
        self._page_in_use().show_working()

    def _page_in_use(self) -> PassphrasePage | RecoveryPage:
        shown = self._pages.currentWidget()
        return shown if isinstance(shown, RecoveryPage) else self._passphrase

    # Made when first needed: on an ordinary morning nobody sees them.
    def _recovery(self) -> RecoveryPage:
        if self._made_recovery is None:
            page = self._made_recovery = RecoveryPage()
            self._pages.addWidget(page)
            page.given.connect(self.recovery_given)
            page.back_wanted.connect(lambda: self._show(self._passphrase))
        return self._made_recovery

    def _blocked(self) -> BlockedPage:
        if self._made_blocked is None:
            page = self._made_blocked = BlockedPage()
            self._pages.addWidget(page)
            page.retry_wanted.connect(self.retry_wanted)
            page.create_wanted.connect(self.create_wanted)
            page.join_wanted.connect(self.join_wanted)
            page.recover_wanted.connect(self.recover_wanted)
            page.practice_wanted.connect(self.practice_wanted)
        return self._made_blocked

    def _show(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        page.setFocus()

    def _name_parts(self, structure: str) -> None:
        self.setObjectName("unlock")
        title = self.tr("Deux Portes")
        self.setWindowTitle(f"{title} — {structure}" if structure else title)

    def _lay_out(self, structure: str) -> None:
        self._pages.addWidget(self._passphrase)
        inside = QVBoxLayout()
        inside.setSpacing(24)
        inside.addLayout(self._head(structure))
        inside.addWidget(self._pages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(centred_card(inside, most_px=560, above=2, below=3))

    def _head(self, structure: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(IconLabel("deux-portes", size=56))
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(heading(self.tr("Deux Portes"), 1))
        names.addWidget(words(structure or self.tr("Accueil et orientation en réseau"), "soft"))
        row.addLayout(names, 1)
        return row

    def _connect(self) -> None:
        self._passphrase.given.connect(self.passphrase_given)
        self._passphrase.recovery_wanted.connect(lambda: self._show(self._recovery()))
