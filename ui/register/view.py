"""The screen of an old register: four steps, one under the other, and the imports that stand."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import isValid

from ui.register.busy_strip import BusyStrip
from ui.register.check_card import CheckCard
from ui.register.columns_card import ColumnsCard
from ui.register.file_card import FileCard
from ui.register.meanings import Meaning
from ui.register.page import Busy, PlanShown, PreviewShown
from ui.register.words_card import WordsCard
from ui.widgets.buttons import link_button
from ui.widgets.dialogs import Dialogs
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.keys_within import grant_within
from ui.widgets.labels import heading
from ui.widgets.page_values import PastImport
from ui.widgets.past_imports import PastImports
from ui.widgets.scroll_page import MARGINS, ScrollPage

if TYPE_CHECKING:
    from ui.register.presenter import RegisterPresenter

_AROUND_PX = 12


class RegisterView(QWidget):
    """One page under a calm notice and what is under way; it scrolls by itself.

    Signals:
        back_wanted(): go back to the settings.
        persons_wanted(): see the people, some of whom may be here twice.
        said(str): what was just done, for the toast.
    """

    back_wanted = Signal()
    persons_wanted = Signal()
    said = Signal(str)
    _began = Signal()

    def __init__(self, dialogs: Dialogs | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: RegisterPresenter | None = None
        self._notice = InlineNotice()
        self._busy = BusyStrip()
        self._page = ScrollPage()
        self._back = link_button(self.tr("Réglages"), "arrow-left")
        self._file = FileCard(dialogs or Dialogs())
        self._columns = ColumnsCard()
        self._words = WordsCard()
        self._check = CheckCard()
        self._past = PastImports(
            self.tr("Registres déjà importés"),
            none=self.tr("Aucun registre importé pour l’instant."),
            prefix="register_undo",
            take_focus=self._file.take_focus,
        )
        self._before_busy: QWidget | None = None
        self._name_parts()
        self._lay_out()
        self._connect()

    def attach(self, presenter: "RegisterPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        self._presenter = presenter
        self._busy.stopped.connect(presenter.give_up)
        self._file.file_chosen.connect(presenter.read)
        self._file.sheets_chosen.connect(presenter.choose_sheets)
        self._columns.fields_wanted.connect(presenter.find_fields)
        self._columns.field_chosen.connect(presenter.set_field)
        self._words.codes_wanted.connect(presenter.find_codes)
        self._words.codes_chosen.connect(presenter.set_codes)
        self._check.options_changed.connect(presenter.set_options)
        self._check.preview_wanted.connect(presenter.preview)
        self._check.kept.connect(presenter.keep)
        self._check.left.connect(presenter.forget)
        self._past.undone.connect(presenter.undo)

    def activated(self) -> None:
        """Bring the list of imports up to date, and take the focus."""
        if self._presenter is not None:
            self._presenter.refresh()
        if self._columns.isHidden():
            self._notice.hide_notice()
            self._file.take_focus()
        else:
            self._columns.take_focus()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("Alt+F"), does=self.tr("choisir un fichier")),
            KeyHint(keys=self.tr("Entrée"), does=self.tr("corriger la colonne ou le mot choisi")),
            KeyHint(keys=self.tr("Alt+T"), does=self.tr("voir tous les champs")),
            KeyHint(keys=self.tr("Alt+G"), does=self.tr("ne pas garder la colonne choisie")),
            KeyHint(keys=self.tr("Alt+L"), does=self.tr("laisser le mot choisi non compris")),
            KeyHint(keys=self.tr("Alt+O"), does=self.tr("voir ce qui serait importé")),
            KeyHint(keys=self.tr("Alt+M"), does=self.tr("importer ces accueils")),
            KeyHint(keys=self.tr("Ctrl+Entrée"), does=self.tr("voir, puis importer")),
            KeyHint(keys=self.tr("Échap"), does=self.tr("revenir aux réglages")),
        )

    def show_busy(self, busy: Busy | None) -> None:
        """See `RegisterScreen.show_busy`."""
        was_busy = not self._busy.isHidden()
        if busy is not None and not was_busy:
            self._notice.hide_notice()
            self._leave_focus()
        self._busy.show_busy(busy)
        for card in (self._file, self._columns, self._words, self._check, self._past):
            card.setDisabled(busy is not None)
        if busy is not None and busy.can_stop:
            self._busy.take_focus()
        elif busy is None and was_busy:
            self._give_focus_back()

    def show_plan(self, shown: PlanShown | None, *, is_new: bool) -> None:
        """See `RegisterScreen.show_plan`."""
        self._file.show_plan(shown)
        self._columns.setVisible(shown is not None)
        self._check.setVisible(shown is not None)
        if shown is None:
            self._columns.show_columns(())
            self._words.show_words((), "", is_new=True)
            self._file.take_focus()
            self._page.to_top()
            return
        self._columns.show_columns(shown.columns)
        self._words.show_words(shown.words, shown.words_about, is_new=is_new)
        self._check.show_options(shown)
        if is_new:
            self._notice.hide_notice()
            self._columns.take_focus()
            self._began.emit()

    def show_preview(self, shown: PreviewShown | None) -> None:
        """See `RegisterScreen.show_preview`."""
        self._check.show_preview(shown)

    def show_fields(self, query: str, found: Sequence[Meaning]) -> None:
        """See `RegisterScreen.show_fields`."""
        self._columns.show_fields(query, found)

    def show_meanings(self, query: str, found: Sequence[Meaning]) -> None:
        """See `RegisterScreen.show_meanings`."""
        self._words.show_meanings(query, found)

    def show_imports(self, shown: Sequence[PastImport]) -> None:
        """See `RegisterScreen.show_imports`."""
        self._past.show_imports(shown)

    def show_refusal(self, sentence: str) -> None:
        """See `RegisterScreen.show_refusal`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def show_done(self, sentences: Sequence[str], *, leads_to_persons: bool) -> None:
        """See `RegisterScreen.show_done`."""
        action = self.tr("Voir les personnes") if leads_to_persons else ""
        self._notice.show_notice(NoticeKind.DONE, " ".join(sentences), action=action)

    def say(self, text: str) -> None:
        """See `RegisterScreen.say`."""
        self.said.emit(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape, once nothing else wanted it: a list of suggestions closes first."""
        if event.key() == Qt.Key.Key_Escape:
            event.accept()
            self.back_wanted.emit()
            return
        super().keyPressEvent(event)

    def _show_top(self, part: QWidget) -> None:
        """Scroll so that a part begins at the top; it is laid out first."""
        self._page.show_whole(part)
        bar = self._page.verticalScrollBar()
        top = part.mapTo(self._page, QPoint(0, 0)).y()
        bar.setValue(bar.value() + top - _AROUND_PX)

    def _leave_focus(self) -> None:
        """Remember who had the focus; left to itself, Qt gives it to another screen's button."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            self._before_busy = focused
            focused.clearFocus()

    def _give_focus_back(self) -> None:
        before, self._before_busy = self._before_busy, None
        # The list of imports may have been made anew meanwhile.
        is_there = before is not None and isValid(before)
        if before is not None and is_there and before.isEnabled() and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._file.take_focus()

    def _connect(self) -> None:
        self._back.clicked.connect(self.back_wanted)
        self._notice.action_wanted.connect(self.persons_wanted)
        # Queued: what grew has its place only once the page was laid out again.
        queued = Qt.ConnectionType.QueuedConnection
        self._check.grew.connect(partial(self._show_top, self._check.part), queued)
        self._began.connect(partial(self._show_top, self._columns), queued)
        # At once: the list of suggestions opens where the line stands, with room under it.
        self._columns.grew.connect(partial(self._show_top, self._columns.panel))
        self._columns.field_chosen.connect(lambda *_said: self._show_top(self._columns))
        self._words.grew.connect(partial(self._show_top, self._words.panel))
        self._words.one_chosen.connect(partial(self._show_top, self._words))
        self._past.grew.connect(partial(self._page.show_whole, self._past), queued)

        for sent in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            keys = QKeySequence(Qt.KeyboardModifier.ControlModifier | sent)
            grant_within(self, keys, self._go_on)

    def _go_on(self) -> None:
        if not self._check.isHidden():
            self._check.go_on()

    def _name_parts(self) -> None:
        self.setObjectName("screen")
        self._notice.setObjectName("register_notice")
        self._back.setObjectName("register_back")
        self._past.setObjectName("register_past")
        for card in (self._columns, self._words, self._check):
            card.hide()

    def _lay_out(self) -> None:
        above = QVBoxLayout()
        above.setContentsMargins(MARGINS[0], 0, MARGINS[2], 0)
        above.addWidget(self._notice)
        above.addWidget(self._busy)
        body = self._page.body
        body.addWidget(self._back, 0, Qt.AlignmentFlag.AlignLeft)
        body.addWidget(heading(self.tr("Ancien registre"), 1))
        for card in (self._file, self._columns, self._words, self._check, self._past):
            body.addWidget(card)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(above)
        column.addWidget(self._page, 1)
