"""The screen of the exchange: the state in words, the counts, and the list behind each."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.exchange.overview import Overview
from ui.exchange.page import Due, ExchangePage, RecordRow, Tile
from ui.exchange.place_choice import ChooseFolder, choose_folder
from ui.exchange.progress import Progress
from ui.exchange.table import STATE, record_columns
from ui.texts import number
from ui.widgets.buttons import link_button
from ui.widgets.empty_state import EmptyState
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.labels import heading, words
from ui.widgets.list_and_page import ListAndPage
from ui.widgets.row_list import RowList
from ui.widgets.scroll_page import MARGINS

if TYPE_CHECKING:
    from ui.exchange.presenter import ExchangePresenter
    from ui.exchange.stick_card import StickCard
    from ui.exchange.stick_presenter import StickPresenter


class ExchangeView(ListAndPage["ExchangePresenter", str]):
    """The counts, and the records behind the one that was opened.

    Signals:
        due_followed(str): show the part of the machines' page that serves.
    """

    due_followed = Signal(str)

    def __init__(self, choose: ChooseFolder = choose_folder, parent: QWidget | None = None) -> None:
        overview, records = Overview(choose), _RecordsPage()
        super().__init__(overview, records, focus_list=overview.take_focus, parent=parent)
        self._sticks: StickPresenter | None = None
        self._tiles: dict[str, Tile] = {}
        self._overview = overview
        self._records = records
        self._add_shortcuts()
        overview.due_followed.connect(self.due_followed)

    def attach(self, presenter: "ExchangePresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        super().attach(presenter)
        self._overview.network.exchange_wanted.connect(presenter.exchange_now)
        self._overview.network.stop_wanted.connect(presenter.stop)
        self._overview.state_opened.connect(presenter.open_state)
        self._records.back_wanted.connect(self._go_back)

    def attach_sticks(self, presenter: "StickPresenter") -> None:
        """Send the wishes about sticks to their presenter, and hold it."""
        self._sticks = presenter
        self.stick.stick_wanted.connect(presenter.want)
        self.stick.place_chosen.connect(presenter.choose)
        self.stick.given_up.connect(presenter.forget)
        self.stick.look_wanted.connect(presenter.look_again)
        self.stick.stop_wanted.connect(presenter.stop)

    @property
    def stick(self) -> "StickCard":
        """The part about sticks: it is the screen of their presenter."""
        return self._overview.stick

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("F5"), does=self.tr("échanger maintenant")),
            KeyHint(keys=self.tr("Alt+C"), does=self.tr("écrire sur une clé")),
            KeyHint(keys=self.tr("Alt+L"), does=self.tr("lire une clé")),
            KeyHint(keys=self.tr("1 à 9"), does=self.tr("choisir la clé, par son numéro")),
            KeyHint(
                keys=self.tr("Entrée"),
                does=self.tr("ouvrir la liste d’un compte, ou ce qui est à prévoir"),
            ),
            KeyHint(keys=self.tr("Échap"), does=self.tr("revenir aux comptes, ne rien choisir")),
        )

    def show_status(self, page: ExchangePage) -> None:
        """See `ExchangeScreen.show_status`."""
        self._notice.hide_notice()
        self._tiles = {tile.state: tile for tile in page.tiles}
        self._overview.show_page(page)

    def show_running(self, *, running: bool) -> None:
        """See `ExchangeScreen.show_running`."""
        self._overview.network.show_running(running=running)

    def show_progress(self, progress: Progress) -> None:
        """See `ExchangeScreen.show_progress`."""
        self._overview.network.show_progress(progress)

    def show_result(self, sentence: str) -> None:
        """See `ExchangeScreen.show_result`."""
        self._overview.network.say(sentence)

    def show_standing(self, due: Sequence[Due]) -> None:
        """See `ExchangeScreen.show_standing`."""
        self._overview.show_standing(due)

    def show_records(self, state: str, rows: Sequence[RecordRow]) -> None:
        """See `ExchangeScreen.show_records`."""
        self._records.show_records(self._tiles.get(state), rows)
        if not self._is_open(state):
            self._open(state)
            self._records.take_focus()

    def _go_back(self) -> None:
        self._stack.setCurrentWidget(self._overview)
        self._overview.take_focus(self._opened or "")
        if self._presenter is not None:
            self._presenter.close_state()

    def _add_shortcuts(self) -> None:
        again = QShortcut(QKeySequence(Qt.Key.Key_F5), self)
        again.activated.connect(self._overview.network.exchange_wanted)
        self._on_page(QKeySequence(Qt.Key.Key_Escape), self._records.back_wanted.emit)


class _RecordsPage(QWidget):
    """The list behind one count."""

    back_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._back = link_button(self.tr("Tous les comptes"), "arrow-left")
        self._title = heading("", 1)
        self._meaning = words("", "soft")
        self._rows: RowList[RecordRow] = RowList(self.tr("Enregistrements"), record_columns())
        self._empty = EmptyState("circle-check", self.tr("Aucun enregistrement dans cet état."))
        self._stack = QStackedWidget()
        self._back.setObjectName("back")
        self._rows.setObjectName("record_rows")
        self._lay_out()
        self._back.clicked.connect(self.back_wanted)

    def show_records(self, tile: Tile | None, rows: Sequence[RecordRow]) -> None:
        title = tile.title if tile else self.tr("Enregistrements")
        self._title.setText(f"{title} ({number(len(rows))})")
        self._meaning.setText(tile.meaning if tile else "")
        self._rows.set_rows(rows)
        self._rows.setColumnHidden(STATE, not any(row.state for row in rows))
        self._stack.setCurrentWidget(self._rows if rows else self._empty)

    def take_focus(self) -> None:
        if self._stack.currentWidget() is self._rows:
            self._rows.setCurrentIndex(self._rows.model().index(0, 0))
            self._rows.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._back.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        self._stack.addWidget(self._empty)
        self._stack.addWidget(self._rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(10)
        column.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._title)
        column.addWidget(self._meaning)
        column.addWidget(self._stack, 1)
