"""The preview in place: papers to choose, their pages, what is done with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QHideEvent, QImage, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.printing.locked_card import LockedCard
from ui.printing.page import Made, PaperChoice, Wanted
from ui.printing.pages_area import PagesArea
from ui.texts import count
from ui.widgets.announcements import announce
from ui.widgets.buttons import link_button, main_button, quiet_button
from ui.widgets.choices import Choice, ChoiceChips, ChoiceRow
from ui.widgets.dialogs import Dialogs
from ui.widgets.flow_layout import wrapped
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.keys_overlay import KeyHint
from ui.widgets.keys_within import grant_within
from ui.widgets.labels import words
from ui.widgets.scroll_page import MARGINS, ScrollPage

if TYPE_CHECKING:
    from ui.printing.presenter import PrintingPresenter

_PDF = "PDF (*.pdf)"
_SAID_AFTER_MS = 200
_LARGE = "large"


class PrintingView(QWidget):
    """Pages under a row of papers and buttons. Escape closes; nothing is kept once it is hidden.

    Signals:
        closed(): go back to where printing was asked for.
        said(str): what was just done, for the toast.
    """

    closed = Signal()
    said = Signal(str)

    def __init__(self, dialogs: Dialogs | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dialogs = dialogs or Dialogs()
        self._presenter: PrintingPresenter | None = None
        self._file_name = ""
        self._late = QTimer(self)
        self._make_parts()
        self._name_parts()
        self._lay_out()
        self._connect()
        self._add_shortcuts()

    def attach(self, presenter: "PrintingPresenter") -> None:
        """Send the user's wishes to the presenter, and hold it."""
        self._presenter = presenter
        self._papers.chosen.connect(presenter.choose)
        self._letters.changed.connect(lambda: presenter.set_large(bool(self._letters.values())))
        self._message.clicked.connect(presenter.copy_message)
        self._lock.clicked.connect(presenter.wish_locked)

    def open(self, wanted: Wanted) -> None:
        """Show what can be printed of something."""
        self._notice.hide_notice()
        self._letters.set_values(())
        if self._presenter is not None:
            self._presenter.open(wanted)
        self._print.setFocus(Qt.FocusReason.OtherFocusReason)

    def wish_locked(self) -> None:
        """Begin an encrypted file, as if its button were pressed."""
        if self._presenter is not None:
            self._presenter.wish_locked()

    def keys(self) -> Sequence[KeyHint]:
        """Return the keys of the screen."""
        return (
            KeyHint(keys=self.tr("Ctrl+P"), does=self.tr("imprimer")),
            KeyHint(keys=self.tr("Ctrl+S"), does=self.tr("enregistrer en PDF")),
            KeyHint(keys=self.tr("Ctrl+M"), does=self.tr("copier le SMS")),
            KeyHint(keys=self.tr("Ctrl+E"), does=self.tr("fichier chiffré, sans le programme")),
            KeyHint(keys=self.tr("Alt+G"), does=self.tr("gros caractères, ou ordinaires")),
            KeyHint(keys=self.tr("Page préc., Page suiv."), does=self.tr("aller de page en page")),
            KeyHint(keys=self.tr("+, - et 0"), does=self.tr("agrandir, réduire, ajuster la page")),
            KeyHint(keys=self.tr("Échap"), does=self.tr("fermer")),
        )

    def show_choices(
        self, papers: Sequence[PaperChoice], chosen: str, *, has_message: bool
    ) -> None:
        """See `PrintingScreen.show_choices`."""
        self._papers.set_choices([Choice(code=one.code, label=one.label) for one in papers])
        self._papers.set_value(chosen)
        self._papers.setVisible(len(papers) > 1)
        self._message.setVisible(has_message)

    def show_working(self) -> None:
        """See `PrintingScreen.show_working`."""
        self._late.start()

    def show_pages(self, made: Made) -> None:
        """See `PrintingScreen.show_pages`."""
        self._done_working()
        self._notice.hide_notice()
        self._file_name = made.file_name
        self._lock.setVisible(made.may_be_locked)
        pictures = [picture for picture in made.pictures if isinstance(picture, QImage)]
        self._pages.show_pages(made.title, made.words, pictures)
        announce(self._pages, f"{made.title}, {count(len(pictures), 'page')}")

    def show_problem(self, sentence: str) -> None:
        """See `PrintingScreen.show_problem`."""
        self._done_working()
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def copy(self, text: str) -> None:
        """See `PrintingScreen.copy`."""
        QGuiApplication.clipboard().setText(text)

    def ask_where_to_lock(self, file_name: str) -> None:
        """See `PrintingScreen.ask_where_to_lock`."""
        self._notice.hide_notice()
        title = self.tr("Enregistrer le fichier chiffré")
        file = self._dialogs.save_file(self, title, file_name, _PDF)
        if file and self._presenter is not None:
            self._presenter.lock(Path(file))

    def show_passphrase(self, file_name: str, groups: Sequence[str]) -> None:
        """See `PrintingScreen.show_passphrase`."""
        self._tell(is_telling=True)
        self._locked.show_passphrase(file_name, groups)

    def say(self, text: str) -> None:
        """See `PrintingScreen.say`."""
        self._done_working()
        self.said.emit(text)

    def clear(self) -> None:
        """See `PrintingScreen.clear`."""
        self._done_working()
        self._locked.forget()
        self._tell(is_telling=False)
        self._lock.hide()
        self._pages.clear()
        self._file_name = ""

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget what was shown when somebody goes elsewhere."""
        super().hideEvent(event)
        if self._presenter is not None and not event.spontaneous():  # a window put away comes back
            self._presenter.close()

    def _done_working(self) -> None:
        self._late.stop()
        self._working.hide()

    def _say_working(self) -> None:
        self._working.show()
        announce(self._working, self._working.text())

    def _tell(self, *, is_telling: bool) -> None:
        """Show the passphrase alone, in the place of the pages, or the pages again."""
        self._telling.setVisible(is_telling)
        self._sheet.setVisible(not is_telling)

    def _told(self) -> None:
        self._tell(is_telling=False)
        self._print.setFocus(Qt.FocusReason.OtherFocusReason)

    def _print_now(self) -> None:
        if self._presenter is None:
            return
        printer = self._dialogs.choose_printer(self)
        if printer is not None:
            self._presenter.print_on(printer)

    def _save_now(self) -> None:
        if self._presenter is None or not self._file_name:
            return  # the paper is still being made: it has no name yet
        title = self.tr("Enregistrer en PDF")
        file = self._dialogs.save_file(self, title, self._file_name, _PDF)
        if file:
            self._presenter.save(Path(file))

    def _turn_letters(self) -> None:
        is_large = not self._letters.values()
        self._letters.set_values((_LARGE,) if is_large else ())
        if self._presenter is not None:
            self._presenter.set_large(is_large)

    def _copy_message(self) -> None:
        if self._presenter is not None:
            self._presenter.copy_message()

    def _make_parts(self) -> None:
        self._back = link_button(self.tr("Fermer"), "arrow-left")
        self._print = main_button(self.tr("Imprimer…"), "printer")
        self._save = quiet_button(self.tr("Enregistrer en PDF…"), "download")
        self._message = quiet_button(self.tr("Copier le SMS"), "copy")
        self._lock = quiet_button(self.tr("Fichier chiffré…"), "lock")
        self._locked = LockedCard()
        self._telling = ScrollPage()
        self._sheet = QWidget()
        self._smaller = quiet_button(self.tr("Réduire"))
        self._larger = quiet_button(self.tr("Agrandir"))
        self._papers = ChoiceRow(self.tr("Papier"), ())
        self._letters = ChoiceChips(
            self.tr("Caractères"), (Choice(code=_LARGE, label=self.tr("Gros caractères")),)
        )
        self._notice = InlineNotice()
        self._working = words(self.tr("Mise en page…"), "soft")
        self._pages = PagesArea()

    def _name_parts(self) -> None:
        self.setObjectName("screen")
        for part, name in (
            (self._back, "printing_close"),
            (self._print, "printing_print"),
            (self._save, "printing_save"),
            (self._message, "printing_message"),
            (self._lock, "printing_lock"),
            (self._locked, "printing_locked"),
            (self._smaller, "printing_smaller"),
            (self._larger, "printing_larger"),
            (self._papers, "printing_papers"),
            (self._letters, "printing_letters"),
            (self._notice, "printing_notice"),
            (self._working, "printing_working"),
            (self._pages, "printing_pages"),
        ):
            part.setObjectName(name)
        self._back.setToolTip(self.tr("Fermer (Échap)"))
        self._print.setToolTip(self.tr("Imprimer (Ctrl+P)"))
        self._save.setToolTip(self.tr("Enregistrer en PDF (Ctrl+S)"))
        self._message.setToolTip(self.tr("Où aller, jamais qui ni pourquoi (Ctrl+M)"))
        self._lock.setToolTip(
            self.tr("À joindre à un courriel, pour une structure sans le programme (Ctrl+E)")
        )
        self._lock.hide()
        self._telling.hide()
        self._working.hide()

    def _lay_out(self) -> None:
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self._back)
        first.addStretch(1)
        first.addWidget(self._working)
        first.addWidget(self._smaller)
        first.addWidget(self._larger)
        bar = QVBoxLayout()
        bar.setContentsMargins(MARGINS[0], 0, MARGINS[2], 10)
        bar.setSpacing(10)
        bar.addLayout(first)
        bar.addWidget(self._notice)
        self._lay_out_sheet()
        self._telling.body.addWidget(self._locked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._sheet, 1)
        column.addWidget(self._telling, 1)

    def _lay_out_sheet(self) -> None:
        choices = QVBoxLayout()
        choices.setContentsMargins(MARGINS[0], 0, MARGINS[2], 10)
        choices.setSpacing(10)
        choices.addWidget(self._papers)
        choices.addLayout(self._wishes())
        column = QVBoxLayout(self._sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(choices)
        column.addWidget(self._pages, 1)

    def _wishes(self) -> QHBoxLayout:
        buttons = wrapped(self._print, self._save, self._message, self._lock, gap=10)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(buttons, 1)
        row.addWidget(self._letters)
        return row

    def _connect(self) -> None:
        self._late.setSingleShot(True)
        self._late.setInterval(_SAID_AFTER_MS)
        self._late.timeout.connect(self._say_working)
        self._back.clicked.connect(self.closed)
        self._print.clicked.connect(self._print_now)
        self._save.clicked.connect(self._save_now)
        self._locked.told.connect(self._told)
        self._smaller.clicked.connect(self._pages.smaller)
        self._larger.clicked.connect(self._pages.larger)

    def _add_shortcuts(self) -> None:
        for keys, wish in (
            (QKeySequence(Qt.Key.Key_Escape), self.closed.emit),
            (QKeySequence("Ctrl+P"), self._print_now),
            (QKeySequence("Ctrl+S"), self._save_now),
            (QKeySequence("Ctrl+M"), self._copy_message),
            (QKeySequence("Ctrl+E"), self.wish_locked),
            (QKeySequence("Alt+G"), self._turn_letters),
        ):
            grant_within(self, keys, wish)
