"""The information notice that the structure gives: reading it, giving another text."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.settings.notice_presenter import NoticeShown
from ui.widgets.announcements import announce
from ui.widgets.buttons import main_button, quiet_button
from ui.widgets.dialogs import Dialogs
from ui.widgets.fact_grid import FactGrid
from ui.widgets.flow_layout import wrapped
from ui.widgets.inline_notice import InlineNotice, NoticeKind
from ui.widgets.kept_focus import focus_kept_in
from ui.widgets.labels import words
from ui.widgets.section_card import SectionCard

_TEXTS = "Texte de la note (*.json)"


class NoticeCard(SectionCard):
    """The screen of `NoticePresenter`.

    Signals:
        reading_wanted(): show the notice as it is printed.
        file_chosen(object): read another text out of that `Path`.
        text_given(): give the text that was read; it was confirmed.
        text_kept(): leave the present one.
        said(str): what was just done.
        grew(): there is more to see.
    """

    reading_wanted = Signal()
    file_chosen = Signal(object)
    text_given = Signal()
    text_kept = Signal()
    said = Signal(str)
    grew = Signal()

    def __init__(self, dialogs: Dialogs) -> None:
        super().__init__()
        self.set_title(self.tr("Note d’information"))
        self._dialogs = dialogs
        self._facts = FactGrid(self.tr("Note d’information"), label_px=110)
        self._former = words("", "soft")
        self._read = quiet_button(self.tr("&Lire et imprimer la note…"), "printer")
        self._load = quiet_button(self.tr("&Donner un autre texte…"), "folder-open")
        self._asking = QWidget()
        self._sentences = words()
        self._keep = main_button(self.tr("Garder le texte actuel"))
        self._give = quiet_button(self.tr("Donner ce texte"), "check")
        self._notice = InlineNotice()
        self._name_parts()
        self._lay_out()
        self._connect()

    def show_notice(self, shown: NoticeShown) -> None:
        """See `NoticeScreen.show_notice`."""
        self._facts.set_facts(shown.facts)
        former = "\n".join(shown.former)
        self._former.setText(self.tr("Textes d’avant\u202f:\n{texts}").format(texts=former))
        self._former.setVisible(bool(shown.former))

    def propose(self, sentences: Sequence[str]) -> None:
        """See `NoticeScreen.propose`."""
        self._notice.hide_notice()
        self._sentences.setText("\n\n".join(sentences))
        self._load.hide()
        self._asking.show()
        self._keep.setFocus(Qt.FocusReason.OtherFocusReason)
        announce(self._asking, " ".join(sentences))
        self.grew.emit()

    def put_away(self) -> None:
        """See `NoticeScreen.put_away`."""
        with focus_kept_in(self._asking, self._take_focus):
            self._asking.hide()
            self._load.show()

    def show_refusal(self, sentence: str) -> None:
        """See `NoticeScreen.show_refusal`."""
        self._notice.show_notice(NoticeKind.ATTENTION, sentence)

    def say(self, text: str) -> None:
        """See `NoticeScreen.say`."""
        self.said.emit(text)

    def _choose(self) -> None:
        title = self.tr("Texte de la note d’information")
        if chosen := self._dialogs.open_file(self.window(), title, _TEXTS):
            self.file_chosen.emit(Path(chosen))

    def _take_focus(self) -> None:
        self._load.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        self._read.clicked.connect(self.reading_wanted)
        self._load.clicked.connect(self._choose)
        self._keep.clicked.connect(self.text_kept)
        self._give.clicked.connect(self.text_given)

    def _name_parts(self) -> None:
        self.setObjectName("notice_card")
        self._former.setObjectName("notice_former")
        self._read.setObjectName("notice_read")
        self._load.setObjectName("notice_load")
        self._keep.setObjectName("notice_keep")
        self._give.setObjectName("notice_give")
        self._former.hide()
        self._asking.hide()

    def _lay_out(self) -> None:
        buttons = wrapped(self._keep, self._give)
        asking = QVBoxLayout(self._asking)
        asking.setContentsMargins(0, 0, 0, 0)
        asking.setSpacing(10)
        asking.addWidget(self._sentences)
        asking.addWidget(buttons)
        self.add(words(self.tr("Remise à toute personne reçue, nommée ou non."), "soft"))
        self.add(self._facts)
        self.add(self._former)
        for button in (self._read, self._load):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.add(self._asking)
        self.add(self._notice)
