"""The screen of persons: the list, and the file in its place."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ui.person.file_page import FilePage
from ui.person.list_page import ListPage
from ui.person.merging_words import DuplicateRow
from ui.person.page import PersonPage, PersonRow
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.list_and_page import ListAndPage

if TYPE_CHECKING:
    from app.domain.identifiers import SubjectId
    from ui.person.merging_presenter import MergingPresenter
    from ui.person.presenter import PersonPresenter
    from ui.person.rights_presenter import RightsPresenter


class PersonView(ListAndPage["PersonPresenter", "SubjectId"]):
    """List and file.

    Signals:
        receive_again(object): a new reception for the person of that `SubjectId`.
        reception_wanted(str): a reception for somebody not found; the text typed.
        referral_wanted(object): open the referral of that `SubjectId`.
        undoable(str, object): what was just done, and what takes it back.
        print_wanted(object): show the papers of the person of that `SubjectId`.
    """

    receive_again = Signal(object)
    reception_wanted = Signal(str)
    referral_wanted = Signal(object)
    undoable = Signal(str, object)
    print_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        listed, file = ListPage(), FilePage()
        super().__init__(listed, file, focus_list=listed.focus_search, parent=parent)
        self._list = listed
        self._file = file
        self.rights = file.rights
        self._rights: RightsPresenter | None = None
        self._connect()

    def attach(self, presenter: "PersonPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        super().attach(presenter)
        self._list.typed.connect(presenter.search)
        self._list.opened.connect(presenter.open)
        self._file.back_wanted.connect(presenter.close)
        self._file.erase_confirmed.connect(presenter.erase)

    def attach_merging(self, presenter: "MergingPresenter") -> None:
        """Send what is wished about duplicates to its presenter, and hold it."""
        self._merging = presenter
        self._list.duplicates.opened.connect(self.open_person)
        self._list.duplicates.merged.connect(presenter.merge)
        self._list.duplicates.set_apart.connect(presenter.set_apart)
        self._file.merged.separated.connect(presenter.separate)
        presenter.refresh()

    def attach_rights(self, presenter: "RightsPresenter") -> None:
        """Send what is wished about the rights of a person to its presenter, and hold it."""
        self._rights = presenter
        card = self.rights
        card.asked.connect(presenter.ask)
        card.answered.connect(presenter.answer)
        card.withdrawn.connect(presenter.withdraw)
        card.said.connect(self.said)
        card.undoable.connect(self.undoable)

    def show_duplicates(self, rows: Sequence[DuplicateRow]) -> None:
        """See `MergingScreen.show_duplicates`."""
        self._list.duplicates.show_rows(rows)

    def say_undoable(self, text: str, undo: Callable[[], None]) -> None:
        """See `MergingScreen.say_undoable`."""
        self.undoable.emit(text, undo)

    def open_person(self, person: "SubjectId") -> None:
        """Open a file, as another screen or the search above wishes."""
        if self._presenter is not None:
            self._presenter.open(person)

    def shown_person(self) -> "SubjectId | None":
        """Return the person whose file is shown, None when the list is."""
        return self._opened

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("↓ dans le champ"), does=self.tr("aller aux personnes trouvées")),
            KeyHint(keys=self.tr("Entrée"), does=self.tr("ouvrir le dossier")),
            KeyHint(keys=self.tr("Ctrl+P"), does=self.tr("imprimer ses papiers")),
            KeyHint(keys=self.tr("Alt+N"), does=self.tr("noter une demande sur ses données")),
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
        if self._rights is not None:
            self._rights.open(page.person)
        if self._is_open(page.person):
            return
        self._notice.hide_notice()
        self._open(page.person)
        self._file.enter()

    def _connect(self) -> None:
        self._list.reception_wanted.connect(self.reception_wanted)
        self._file.referral_wanted.connect(self.referral_wanted)
        self._file.receive_again.connect(self._wish_reception)
        self._file.print_wanted.connect(self._wish_papers)
        self._file.code_copied.connect(
            lambda code: self.said.emit(self.tr("Code {code} copié").format(code=code))
        )
        self._on_page(QKeySequence(Qt.Key.Key_Escape), self._file.back_wanted.emit)
        self._on_page(QKeySequence("Ctrl+P"), self._wish_papers)

    def _wish_papers(self) -> None:
        if self._opened is not None:
            self.print_wanted.emit(self._opened)

    def _wish_reception(self) -> None:
        if self._opened is not None:
            self.receive_again.emit(self._opened)
