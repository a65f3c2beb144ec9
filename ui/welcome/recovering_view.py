"""Taking over a structure with its printed code: find it, say what is lost, make the desk."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.welcome.code_page import CodePage
from ui.welcome.recovery_pages import SeekPage, TakeOverPage
from ui.welcome.recovery_presenter import RecoveringPresenter
from ui.widgets.centred_card import centred_card
from ui.widgets.dialogs import Dialogs


class RecoveringView(QWidget):
    """Two pages and the code. It holds its presenter once `serve` was called.

    Signals:
        back_wanted(): back to the first window.
    """

    back_wanted = Signal()

    def __init__(self, dialogs: Dialogs | None = None) -> None:
        super().__init__()
        self._presenter: RecoveringPresenter[Any, Any] | None = None
        self._seek = SeekPage(dialogs or Dialogs())
        self._take_over = TakeOverPage()
        self._code = CodePage()
        self._pages = QStackedWidget()
        self.setObjectName("recovering")
        self.setWindowTitle(self.tr("Deux Portes"))
        self._lay_out()
        self._seek.back_wanted.connect(self.back_wanted)
        self._take_over.back_wanted.connect(self._go_back)

    def serve(self, presenter: RecoveringPresenter[Any, Any]) -> None:
        """Keep the presenter and send it the wishes of the user."""
        self._presenter = presenter
        self._seek.seek_wanted.connect(presenter.seek)
        self._take_over.take_over_wanted.connect(presenter.take_over)
        self._code.noted.connect(presenter.code_was_noted)
        self._seek.take_focus()

    def show_error(self, field: str, text: str) -> None:
        """See `RecoveringScreen`."""
        (self._seek.fields | self._take_over.fields)[field].set_error(text)

    def show_seeking(self) -> None:
        """See `RecoveringScreen`."""
        self._seek.show_working()

    def show_found(self, name: str, machines: Sequence[tuple[str, str]]) -> None:
        """See `RecoveringScreen`."""
        self._seek.show_ready()
        self._seek.forget_code()
        self._take_over.show_found(name, machines)
        self._pages.setCurrentWidget(self._take_over)
        self._take_over.take_focus()

    def show_refusal(self, sentence: str) -> None:
        """See `MakingScreen`."""
        is_seeking = self._pages.currentWidget() is self._seek
        (self._seek if is_seeking else self._take_over).show_refusal(sentence)

    def show_working(self) -> None:
        """See `MakingScreen`."""
        self._take_over.show_working()

    def show_recovery_code(self, code: str) -> None:
        """See `MakingScreen`."""
        self._take_over.forget_secrets()
        self._code.show_code(code)
        self._pages.setCurrentWidget(self._code)

    def _go_back(self) -> None:
        self._pages.setCurrentWidget(self._seek)
        self._seek.take_focus()

    def _lay_out(self) -> None:
        for page in (self._seek, self._take_over, self._code):
            self._pages.addWidget(page)
        inside = QVBoxLayout()
        inside.addWidget(self._pages)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(centred_card(inside, most_px=640, above=0, below=1))
