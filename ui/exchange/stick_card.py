"""Carrying records on a stick: write, read, how far it is, what came of it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.exchange.place_choice import ChooseFolder, PlaceChoice, choose_folder
from ui.exchange.progress import Progress
from ui.exchange.progress_bar import ProgressBar
from ui.exchange.stick_page import PlaceRow, StickResult, Tone, Wish
from ui.widgets.announcements import announce
from ui.widgets.beside_or_under import BesideOrUnder
from ui.widgets.buttons import quiet_button
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import IconLabel, heading, words
from ui.widgets.section_card import SectionCard

_NOTICES = {
    Tone.DONE: NoticeKind.DONE,
    Tone.INFO: NoticeKind.INFO,
    Tone.ATTENTION: NoticeKind.ATTENTION,
}


class StickCard(SectionCard):
    """Sticks.

    Signals:
        stick_wanted(object): a `Wish`: write or read.
        place_chosen(object): a folder, as a `Path`.
        given_up(): no stick is wanted any more.
        look_wanted(): look again for sticks.
        stop_wanted(): stop what is under way.
        grew(): there is more to see here than a moment ago.
    """

    stick_wanted = Signal(object)
    place_chosen = Signal(object)
    given_up = Signal()
    look_wanted = Signal()
    stop_wanted = Signal()
    grew = Signal()

    def __init__(self, choose: ChooseFolder = choose_folder, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._wish = Wish.WRITE
        self._title_icon = IconLabel("usb", "accent", 28)
        self._about = words("", "soft")
        self._write = quiet_button(self.tr("É&crire sur une clé…"), "upload")
        self._read = quiet_button(self.tr("&Lire une clé…"), "download")
        self._stop = quiet_button(self.tr("Arrêter"), "x")
        self._buttons = QStackedWidget()
        self._choice = PlaceChoice(choose)
        self._said = words("", "strong")
        self._bar = ProgressBar(self.tr("Clé en cours"), "stick_progress")
        self._far = words("", "small")
        self._result = InlineNotice()
        self._name_parts()
        self._lay_out()
        self._connect()
        self.show_idle()

    def show_places(self, wish: Wish, rows: Sequence[PlaceRow]) -> None:
        """See `StickScreen.show_places`."""
        self._wish = wish
        self._result.hide_notice()
        self._choice.setVisible(True)
        self._choice.show_places(wish, rows)
        self.grew.emit()

    def hide_places(self) -> None:
        """See `StickScreen.hide_places`."""
        with focus_kept_in(self._choice, self.take_focus):
            self._choice.hide()

    def show_running(self, said: str, progress: Progress) -> None:
        """See `StickScreen.show_running`."""
        with focus_kept_in(self._result, self.take_focus):
            self._result.hide_notice()
        with focus_kept_in(self._buttons, self.take_focus):
            self._buttons.setCurrentWidget(self._stop_row)
        if self._said.text() != said:
            self._said.setText(said)
            announce(self._said, said)
        self._far.setText(progress.words)
        self._bar.show_share(progress.thousandths)
        self._show_progress(shown=True)

    def show_idle(self) -> None:
        """See `StickScreen.show_idle`."""
        with focus_kept_in(self._buttons, self.take_focus):
            self._buttons.setCurrentWidget(self._wishes)
        self._said.setText("")
        self._show_progress(shown=False)

    def show_result(self, result: StickResult) -> None:
        """See `StickScreen.show_result`."""
        self._result.show_notice(_NOTICES[result.tone], "\n".join(result.sentences))
        self.grew.emit()

    def take_focus(self) -> None:
        """Go to the button of what was wished last, or to the one that stops it."""
        wished = self._write if self._wish is Wish.WRITE else self._read
        is_idle = self._buttons.currentWidget() is self._wishes
        (wished if is_idle else self._stop).setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_progress(self, *, shown: bool) -> None:
        self._about.setVisible(not shown)
        for part in (self._said, self._bar, self._far):
            part.setVisible(shown)

    def _name_parts(self) -> None:
        self._about.setText(
            self.tr(
                "Sans réseau, une clé porte les fiches d’un poste à l’autre, scellées\u202f:"
                " perdue, elle n’apprend rien."
            )
        )
        self._write.setObjectName("stick_write")
        self._read.setObjectName("stick_read")
        self._stop.setObjectName("stick_stop")
        self._stop.setAccessibleName(self.tr("Arrêter la clé"))
        self._said.setObjectName("stick_said")
        self._far.setObjectName("stick_progress_words")
        self._result.setObjectName("stick_result")
        self._choice.hide()

    def _lay_out(self) -> None:
        self._wishes, self._stop_row = _row(self._write, self._read), _row(self._stop)
        self._buttons.addWidget(self._wishes)
        self._buttons.addWidget(self._stop_row)
        said = QVBoxLayout()
        said.setSpacing(6)
        said.addWidget(heading(self.tr("Par une clé"), 2))
        for part in (self._about, self._said, self._bar, self._far):
            said.addWidget(part)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._title_icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(said, 1)
        self.add(BesideOrUnder(head, self._buttons))
        self.add(self._choice)
        self.add(self._result)

    def _connect(self) -> None:
        self._write.clicked.connect(lambda: self.stick_wanted.emit(Wish.WRITE))
        self._read.clicked.connect(lambda: self.stick_wanted.emit(Wish.READ))
        self._stop.clicked.connect(self.stop_wanted)
        self._choice.chosen.connect(self.place_chosen)
        self._choice.given_up.connect(self.given_up)
        self._choice.look_wanted.connect(self.look_wanted)


def _row(*buttons: QWidget) -> QWidget:
    widget = QWidget()
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(10)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return widget
