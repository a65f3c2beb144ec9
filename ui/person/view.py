"""The screen of persons: the list, and the file in its place."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from ui.person.file_page import FilePage
from ui.person.list_page import ListPage
from ui.person.page import PersonPage, PersonRow
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.scroll_page import MARGINS

if TYPE_CHECKING:
    from app.domain.identifiers import SubjectId
    from ui.person.presenter import PersonPresenter


class PersonView(QWidget):
    """List and file. It scrolls by itself: give it to the frame as a screen that does not.

    Signals:
        receive_again(object): a new reception for the person of that `SubjectId`.
        reception_wanted(str): a reception for somebody not found; the text typed.
        referral_wanted(object): open the referral of that `SubjectId`.
        said(str): what was just done, for the toast.
    """

    receive_again = Signal(object)
    reception_wanted = Signal(str)
    referral_wanted = Signal(object)
    said = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: PersonPresenter | None = None
        self._shown: SubjectId | None = None
        self._notice = InlineNotice()
        self._list = ListPage()
        self._file = FilePage()
        self._stack = QStackedWidget()
        self._lay_out()
        self._connect()

    def attach(self, presenter: "PersonPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        self._presenter = presenter
        self._list.typed.connect(presenter.search)
        self._list.opened.connect(presenter.open)
        self._file.back_wanted.connect(presenter.close)
        self._file.erase_confirmed.connect(presenter.erase)

    def open_person(self, person: "SubjectId") -> None:
        """Open a file, as another screen or the search above wishes."""
        if self._presenter is not None:
            self._presenter.open(person)

    def activated(self) -> None:
        """Bring what is shown up to date, and take the focus."""
        if self._presenter is not None:
            self._presenter.refresh()
        if self._stack.currentWidget() is self._list:
            self._list.focus_search()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("↓ dans le champ"), does=self.tr("aller aux personnes trouvées")),
            KeyHint(keys=self.tr("Entrée"), does=self.tr("ouvrir le dossier")),
            KeyHint(keys=self.tr("Échap"), does=self.tr("revenir à la liste")),
        )

    def show_rows(self, rows: Sequence[PersonRow], summary: str) -> None:
        """See `PersonScreen.show_rows`."""
        self._notice.hide_notice()
        self._list.show_rows(rows, summary)

    def show_nobody(self, query: str) -> None:
        """See `PersonScreen.show_nobody`."""
        self._notice.hide_notice()
        self._list.show_nobody(query)

    def show_page(self, page: PersonPage) -> None:
        """See `PersonScreen.show_page`."""
        self._file.show_page(page)
        if self._stack.currentWidget() is self._file and self._shown == page.person:
            return
        self._notice.hide_notice()
        self._shown = page.person
        self._stack.setCurrentWidget(self._file)
        self._file.enter()

    def show_list(self) -> None:
        """See `PersonScreen.show_list`."""
        self._shown = None
        self._stack.setCurrentWidget(self._list)
        self._list.focus_search()

    def show_problem(self, sentence: str) -> None:
        """See `PersonScreen.show_problem`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def say(self, text: str) -> None:
        """See `PersonScreen.say`."""
        self.said.emit(text)

    def _lay_out(self) -> None:
        self.setObjectName("screen")
        self._stack.addWidget(self._list)
        self._stack.addWidget(self._file)
        above = QVBoxLayout()
        above.setContentsMargins(MARGINS[0], 0, MARGINS[2], 0)
        above.addWidget(self._notice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self._list.reception_wanted.connect(self.reception_wanted)
        self._file.referral_wanted.connect(self.referral_wanted)
        self._file.receive_again.connect(self._wish_reception)
        self._file.code_copied.connect(
            lambda code: self.said.emit(self.tr("Code {code} copié").format(code=code))
        )
        back = QShortcut(QKeySequence(Qt.Key.Key_Escape), self._file)
        back.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        back.activated.connect(self._file.back_wanted)

    def _wish_reception(self) -> None:
        if self._shown is not None:
            self.receive_again.emit(self._shown)
