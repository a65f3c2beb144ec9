"""The screen of the directory: the list, one structure in its place, or the imports."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget

from ui.directory.entry_page import EntryPage
from ui.directory.import_page import ImportPage
from ui.directory.list_page import ListPage
from ui.directory.new_page import NewPage
from ui.widgets.dialogs import Dialogs
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.keys_within import grant_within
from ui.widgets.list_and_page import ListAndPage
from ui.widgets.scroll_page import scrolling

if TYPE_CHECKING:
    from app.reference.communes import Commune
    from ui.directory.adding import AddingPresenter
    from ui.directory.import_presenter import ImportPresenter
    from ui.directory.page import DirectoryRow
    from ui.directory.presenter import DirectoryPresenter, Shown
    from ui.directory.sheet import StructurePage
    from ui.widgets.entry_correction import Typed
    from ui.widgets.entry_form import EntryForm

_EVERY_MS = 60_000
"""What is open now moves by itself."""


class DirectoryView(ListAndPage["DirectoryPresenter", str]):
    """The list of a group, the page of a structure, the part for imports, that for additions.

    Signals:
        undoable(str, object, str): what was just done, what takes it back, and its name.

    Attributes:
        imports: the screen of `ImportPresenter`.
        new: the screen of `AddingPresenter`.
    """

    undoable = Signal(str, object, str)

    def __init__(
        self, today: dt.date, dialogs: Dialogs | None = None, parent: QWidget | None = None
    ) -> None:
        listed, page = ListPage(), EntryPage(today)
        super().__init__(scrolling(listed), page, focus_list=listed.take_focus, parent=parent)
        self._list = listed
        self._page = page
        self._import_presenter: ImportPresenter | None = None
        self.imports = ImportPage(today, dialogs or Dialogs())
        self._adding_presenter: AddingPresenter | None = None
        self.new = NewPage()
        for part in (self.imports, self.new):
            self._stack.addWidget(part)
        self._clock = QTimer(self)
        self._clock.setInterval(_EVERY_MS)
        self._connect()

    def attach(self, presenter: "DirectoryPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        super().attach(presenter)
        self._list.typed.connect(presenter.filter)
        self._list.group_chosen.connect(presenter.choose_group)
        self._list.commune_typed.connect(presenter.look_for_communes)
        self._list.commune_chosen.connect(presenter.choose_commune)
        self._list.opened.connect(presenter.open)
        self._list.near.correction_wanted.connect(self.correct_structure)
        self._list.near.vouched.connect(presenter.vouch)
        self._page.back_wanted.connect(presenter.close)
        for form in self._forms():
            form.hours_typed.connect(presenter.read_hours)
            form.commune_typed.connect(presenter.look_for_places)
        self._page.services.vouched.connect(presenter.vouch)
        self._page.services.corrected.connect(presenter.correct)
        self._page.services.withdrawn.connect(presenter.withdraw_service)
        for part in (self.imports, self.new):
            part.back_wanted.connect(presenter.close)

    def attach_imports(self, presenter: "ImportPresenter") -> None:
        """Send the wishes about imports to their presenter, and hold it."""
        self._import_presenter = presenter
        self.imports.file_chosen.connect(presenter.read)
        self.imports.day_given.connect(presenter.give_day)
        self.imports.kept.connect(presenter.keep)
        self.imports.given_up.connect(presenter.give_up)
        self.imports.undone.connect(presenter.undo)

    def attach_adding(self, presenter: "AddingPresenter") -> None:
        """Send the wishes about structures to add to their presenter, and hold it."""
        self._adding_presenter = presenter
        self._list.addition_wanted.connect(presenter.begin)
        self.new.form.sent.connect(presenter.add)
        self.new.form.hours_typed.connect(presenter.read_hours)
        self.new.form.commune_typed.connect(presenter.look_for_places)

    def activated(self) -> None:
        """Bring what is shown up to date, and take the focus."""
        super().activated()
        self._clock.start()

    def show_near(self) -> None:
        """List what is open now, the nearest first."""
        if self._presenter is not None:
            self._list.start_again()
            self._presenter.show_near()

    def set_turned(self, turned: bool) -> None:  # noqa: FBT001 -- as setVisible
        """Turn the screen towards the person: no internal number is shown."""
        self._list.near.set_turned(turned)
        self._page.set_turned(turned)
        self.new.form.set_turned(turned)

    def open_structure(self, reference: str) -> None:
        """Open a structure, as another screen wishes."""
        if self._presenter is not None:
            self._presenter.open(reference)

    def correct_structure(self, reference: str) -> None:
        """Open a structure with its form, from where an error was seen."""
        if self._presenter is not None:
            self._presenter.open(reference, corrects=True)

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("Entrée"), does=self.tr("ouvrir la structure")),
            KeyHint(keys=self.tr("Alt+A"), does=self.tr("ajouter une structure, dans la liste")),
            KeyHint(keys=self.tr("F7"), does=self.tr("corriger la structure, ou son service")),
            KeyHint(keys=self.tr("Alt+V"), does=self.tr("noter la fiche vérifiée aujourd’hui")),
            KeyHint(keys=self.tr("Ctrl+Entrée"), does=self.tr("garder la correction, ou l’ajout")),
            KeyHint(keys=self.tr("1 à 4"), does=self.tr("choisir un filtre, quand il a le focus")),
            KeyHint(keys=self.tr("Échap"), does=self.tr("revenir à la liste")),
        )

    def show_rows(self, rows: "Sequence[DirectoryRow]", shown: "Shown") -> None:
        """See `DirectoryScreen.show_rows`."""
        self._list.show_rows(rows, shown)

    def show_page(self, page: "StructurePage", *, corrects: bool) -> None:
        """See `DirectoryScreen.show_page`."""
        is_same = self._is_open(page.row.reference)
        if not is_same:
            self.close_form()
        self._page.show_page(page)
        if not is_same:
            self._notice.hide_notice()
            self._open(page.row.reference)
            self._page.enter()
        if corrects:
            self._page.correct()

    def show_communes(self, found: "Sequence[Commune]", query: str) -> None:
        """See `DirectoryScreen.show_communes`."""
        self._list.show_communes(found, query)

    def show_hours(self, typed: str, said: str) -> None:
        """See `CorrectionScreen.show_hours`."""
        for form in self._forms():
            form.show_hours(typed, said)

    def show_refusal(self, field: str, sentence: str) -> None:
        """See `CorrectionScreen.show_refusal`."""
        opened = (form for form in self._forms() if form.is_open())
        next(opened, self._page.form).show_refusal(field, sentence)

    def show_places(self, found: "Sequence[Commune]", query: str) -> None:
        """See `DirectoryScreen.show_places`."""
        for form in self._forms():
            form.show_communes(found, query)

    def close_form(self) -> None:
        """See `DirectoryScreen.close_form`."""
        self._page.form.close_form()
        self._page.services.close_forms()

    def _forms(self) -> "tuple[EntryForm, ...]":
        return self._page.form, *self._page.services.forms

    def _show_imports(self) -> None:
        self._stack.setCurrentWidget(self.imports)
        self.imports.enter()
        if self._import_presenter is not None:
            self._import_presenter.refresh()

    def _show_new(self) -> None:
        self._opened = None
        self._notice.hide_notice()
        self._stack.setCurrentWidget(self.new)

    def _withdraw(self, name: str) -> None:
        if self._adding_presenter is not None and self._opened is not None:
            self._adding_presenter.withdraw(self._opened, name)

    def _correct(self, before: "Typed", typed: "Typed") -> None:
        if self._presenter is not None and self._opened is not None:
            self._presenter.correct(self._opened, before, typed)

    def _add_service(self, before: "Typed", typed: "Typed") -> None:
        if self._presenter is not None and self._opened is not None:
            self._presenter.add_service(self._opened, before, typed)

    def _vouch(self) -> None:
        if self._presenter is not None and self._opened is not None:
            self._presenter.vouch(self._opened)

    def _open_form(self) -> None:
        if self._stack.currentWidget() is self._first:
            self._list.near.wish_correction()
        elif self._opened is not None and not self._page.services.correct_focused():
            self._page.correct()

    def _tick(self) -> None:
        if self._presenter is not None and self.isVisible():
            self._presenter.refresh()

    def _say_copied(self, number: str) -> None:
        self.said.emit(self.tr("Copié\u202f: {number}").format(number=number))

    def _connect(self) -> None:
        self._clock.timeout.connect(self._tick)
        self._list.imports_wanted.connect(self._show_imports)
        self._list.near.copied.connect(self._say_copied)
        self._page.copied.connect(self._say_copied)
        self._page.vouched.connect(self._vouch)
        self._page.withdrawn.connect(self._withdraw)
        self._page.form.sent.connect(self._correct)
        self._page.form.wanted.connect(self._page.correct)
        self._page.form.opened.connect(lambda: self._page.show_whole(self._page.form))
        self._page.services.added.connect(self._add_service)
        self._page.services.grew.connect(self._page.show_whole)
        for part in (self.imports, self.new):
            part.said.connect(self.said)
            grant_within(part, QKeySequence(Qt.Key.Key_Escape), part.back_wanted.emit)
        self.new.undoable.connect(self.undoable)
        self.new.entered.connect(self._show_new)
        self._on_page(QKeySequence(Qt.Key.Key_Escape), self._page.back_wanted.emit)
        grant_within(self, QKeySequence("F7"), self._open_form)
