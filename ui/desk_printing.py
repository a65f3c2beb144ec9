"""Printing over one open desk: what is wanted, what makes it, where one comes back to."""

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from app.domain.errors import AppError
from app.domain.identifiers import SubjectId
from app.usecases.desk import Desk
from ui.tasks import ThreadRunner
from ui.texts import sentence_for

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtGui import QPagedPaintDevice

    from app.changes import Changes
    from app.usecases.receptions import RecordedReception
    from ui.main_window import MainWindow, ScreenSlot
    from ui.papers.making import Subject
    from ui.printing.page import Made, Message, PrintingActions, Wanted
    from ui.printing.view import PrintingView
    from ui.referrals.view import ReferralsView
    from ui.widgets.dialogs import Dialogs

PRINTING = "printing"

_REACHED_FROM = "referrals"
"""The place marked at the left when nobody said from which screen one came."""


class DeskPrinting(QObject):
    """The preview and its own thread, both made when the first paper is asked for.

    `publish` tells the other screens what was written, from any thread.

    A screen that wants a paper calls `print_reception`, `print_referral` or `print_person`; Escape
    comes back to it, with the focus where it was.

    Signals:
        said(str): what was just done, for the toast.
    """

    said = Signal(str)

    def __init__(
        self,
        desk: Desk,
        dialogs: "Dialogs | None",
        publish: "Callable[[Changes], None]",
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._desk = desk
        self._dialogs = dialogs
        self._publish = publish
        self._runner: ThreadRunner | None = None
        self._window: MainWindow | None = None
        self._last: RecordedReception | None = None
        self._from_key = ""
        self._focused: QWidget | None = None

    def attach(self, window: "MainWindow") -> None:
        """Show the preview in that window."""
        self._window = window

    def slot(self) -> "ScreenSlot":
        """Return its place in the window: it has none at the left."""
        from ui.main_window import ScreenSlot

        return ScreenSlot(
            key=PRINTING,
            title=self.tr("Impression"),
            icon="printer",
            factory=self._make_view,
            scrolls=False,
            under=_REACHED_FROM,
        )

    def serve(self, view: "ReferralsView") -> None:
        """Do what the screen of referrals wishes of papers."""
        view.print_wanted.connect(self.print_referral)
        view.message_wanted.connect(self.copy_message)
        view.file_wanted.connect(self.lock_referral)

    def print_referral(self, referral: SubjectId, person: SubjectId | None = None) -> None:
        """Show the slip of a referral; with the person's file, their own papers too."""
        from ui.papers.making import SLIP, Subject

        self._open(SLIP, Subject(referral=referral, person=person))

    def lock_referral(self, referral: SubjectId, person: SubjectId | None = None) -> None:
        """Show the slip of a referral, and ask where its encrypted file goes."""
        self.print_referral(referral, person)
        if self._window is not None:
            self._view().wish_locked()

    def print_reception(
        self,
        encounter: SubjectId,
        referral: SubjectId | None = None,
        person: SubjectId | None = None,
    ) -> None:
        """Show what somebody just received takes home, named or not: the slip if there is one."""
        from ui.papers.making import OWN_SHEET, SLIP, Subject

        first = OWN_SHEET if referral is None else SLIP
        self._open(first, Subject(referral=referral, encounter=encounter, person=person))

    def recorded(self, recorded: "RecordedReception") -> None:
        """Remember the reception just saved: its papers are ready before anybody stands up."""
        self._last = recorded

    def print_last(self) -> None:
        """Show what the person just received takes home."""
        if self._last is None:
            self.said.emit(self.tr("Enregistrez d’abord l’accueil\u202f: sa feuille sera prête."))
            return
        self.print_reception(self._last.encounter, self._last.referral, self._last.person)

    def print_person(self, person: SubjectId) -> None:
        """Show the sheet that a person takes home."""
        from ui.papers.making import OWN_SHEET, Subject

        self._open(OWN_SHEET, Subject(person=person))

    def print_notice(self) -> None:
        """Show the information notice that the structure gives."""
        from ui.papers.making import NOTICE, Subject

        self._open(NOTICE, Subject())

    def copy_message(self, referral: SubjectId) -> None:
        """Put in the clipboard the text of an SMS that says where a referral leads."""

        def copied(message: "Message") -> None:
            QGuiApplication.clipboard().setText(message.text)
            self.said.emit(f"SMS copié\u202f: {message.weight}")

        self._thread().run(partial(self._message, referral), copied, self._not_copied)

    def is_idle(self) -> bool:
        """Say whether every paper asked for was shown."""
        return self._runner is None or self._runner.is_idle()

    def stop(self) -> None:
        """Begin nothing more; see `ThreadRunner.stop`."""
        if self._runner is not None:
            self._runner.stop()

    def close(self) -> None:
        """Wait for the paper under way."""
        if self._runner is not None:
            self._runner.close()

    def _make_view(self) -> "PrintingView":
        """Make the preview, which holds its presenter."""
        from ui.printing.presenter import PrintingPresenter
        from ui.printing.view import PrintingView

        view = PrintingView(self._dialogs)
        view.attach(PrintingPresenter(view, self._thread()))
        view.closed.connect(self._come_back)
        view.said.connect(self.said)
        return view

    def _thread(self) -> ThreadRunner:
        if self._runner is None:
            self._runner = ThreadRunner("printing", self)
        return self._runner

    def _not_copied(self, error: Exception) -> None:
        self.said.emit(sentence_for(error))
        if not isinstance(error, AppError):
            raise error  # our fault: the program's own report of faults must hear of it

    def _view(self) -> "PrintingView":
        assert self._window is not None  # noqa: S101 -- attached when the desk is built
        return cast("PrintingView", self._window.screen(PRINTING))  # made by `_make_view`

    def _open(self, first: str, subject: "Subject") -> None:
        if self._window is None:
            return
        view = self._view()
        if self._window.current_key() != PRINTING:
            self._from_key = self._window.current_key()
            self._focused = QApplication.focusWidget()
        self._window.show_screen(PRINTING, under=self._from_key)
        view.open(self._wanted(first, subject))

    def _come_back(self) -> None:
        if self._window is None or not self._from_key:
            return
        focused, self._focused = self._focused, None
        self._window.show_screen(self._from_key)
        # The screen may have made its buttons again meanwhile.
        if focused is not None and isValid(focused) and focused.isVisible():
            focused.setFocus(Qt.FocusReason.OtherFocusReason)

    def _wanted(self, first: str, subject: "Subject") -> "Wanted":
        from ui.papers.making import PAPER_NAMES
        from ui.printing.page import PaperChoice, Wanted

        return Wanted(
            papers=tuple(
                PaperChoice(code=paper, label=PAPER_NAMES[paper]) for paper in subject.papers
            ),
            first=first,
            actions=self._actions(subject),
        )

    def _actions(self, subject: "Subject") -> "PrintingActions":
        from app.store.durable_file import write_durably
        from ui.papers.making import write_new
        from ui.printing.page import Locking, PrintingActions

        referral = subject.referral
        locking = referral and Locking(
            check=partial(self._check_locked, referral),
            write=partial(self._write_locked, referral),
        )
        return PrintingActions(
            make=partial(self._make, subject),
            pdf=partial(self._pdf, subject),
            draw=partial(self._draw, subject),
            write=write_durably,
            write_new=write_new,
            message=None if referral is None else partial(self._message, referral),
            locking=locking or None,
        )

    # Called by the runner.

    def _make(self, subject: "Subject", paper: str, is_large: bool) -> "Made":  # noqa: FBT001
        from app.printing.document import words_in
        from app.printing.pdf import SCREEN_DPI, pages_of
        from ui.papers.making import document_of
        from ui.papers.slip_file import may_be_locked
        from ui.printing.drawing import screen_picture
        from ui.printing.page import Made

        document = document_of(self._desk, paper, subject, is_large=is_large)
        return Made(
            title=document.title,
            file_name=f"{document.file_name}.pdf",
            words=words_in(document),
            pictures=tuple(screen_picture(page) for page in pages_of(document, SCREEN_DPI)),
            may_be_locked=may_be_locked(self._desk, paper, subject),
        )

    def _pdf(self, subject: "Subject", paper: str, is_large: bool) -> bytes:  # noqa: FBT001
        from app.printing.pdf import pdf_of
        from ui.papers.making import document_of

        return pdf_of(document_of(self._desk, paper, subject, is_large=is_large))

    def _draw(self, subject: "Subject", paper: str, is_large: bool, printer: object) -> None:  # noqa: FBT001
        from app.printing.pdf import PRINTER_DPI, pages_of
        from ui.papers.making import document_of
        from ui.printing.drawing import draw_pages

        document = document_of(self._desk, paper, subject, is_large=is_large)
        draw_pages(pages_of(document, PRINTER_DPI), cast("QPagedPaintDevice", printer))

    def _check_locked(self, referral: SubjectId) -> str:
        from ui.papers.slip_file import check_slip_file

        return check_slip_file(self._desk, referral)

    def _write_locked(
        self,
        referral: SubjectId,
        file: "Path",
        is_large: bool,  # noqa: FBT001
        is_over: bool,  # noqa: FBT001
    ) -> tuple[str, ...]:
        from app.store.durable_file import write_durably
        from ui.papers.making import write_new
        from ui.papers.slip_file import write_slip_file

        write = write_durably if is_over else write_new
        made = write_slip_file(self._desk, referral, file, write, is_large=is_large)
        self._publish(made.changes)
        return made.passphrase

    def _message(self, referral: SubjectId) -> "Message":
        from ui.papers.making import sms_for
        from ui.printing.page import Message
        from ui.texts import count

        sms = sms_for(self._desk, referral)
        weight = f"{count(sms.units, 'signe')}, {count(sms.parts, 'SMS', 'SMS')}"
        return Message(text=sms.text, weight=weight)
